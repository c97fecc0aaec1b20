"""People sign in and walk through their zone, in Dutch, French and English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.utils.translation import gettext, override
from furnished_zone import Town
from playwright.sync_api import Page, expect

from vicus.pictures import words

Check = Callable[[Page], None]
Visit = Callable[..., Page]
LANGUAGES = ("nl", "fr", "en")
OWN = 11


def said(language: str, text: str) -> str:
    """A text of the site as its catalogue says it; a missing translation stops the test."""
    with override(language):
        translated = gettext(text)
    assert language == "en" or translated != text, f"no {language} for {text!r}"
    return translated


def month_of(page: Page) -> date:
    """The month that the picker shows."""
    return date.fromisoformat(page.locator("#month").input_value() + "-01")


def month_words(page: Page, language: str) -> str:
    return words.month_name(month_of(page), language, year=True)


@pytest.mark.parametrize(
    ("username", "language", "first_page"),
    [
        ("hotspot-manager-2", "nl", "/west/"),
        ("analyst-2", "fr", "/west/"),
        ("auditor-2", "en", "/audit/"),
    ],
)
def test_signing_in_takes_a_password_and_the_second_factor(
    town: Town, visit: Visit, assert_accessible: Check, username: str, language: str, first_page: str
) -> None:
    page = visit(language=language)
    page.goto(town.address(first_page))
    assert "/accounts/login/" in page.url
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(town.people[username].password)
    page.locator("main form button.primary").click()
    page.locator("input[name=code]").fill("000000")
    page.locator("main form button.primary").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    page.locator("input[name=code]").fill(town.code_now(username))
    page.locator("main form button.primary").click()
    expect(page.locator(".menu summary")).to_be_visible()
    assert page.url == town.address(first_page)
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hotspot_manager_goes_from_the_zone_to_a_hotspot_and_through_its_months(
    town: Town, visit: Visit, language: str
) -> None:
    page = visit("hotspot-manager", language=language)
    page.goto(town.address())
    assert month_words(page, language) in page.locator("h1").inner_text()
    expect(page.get_by_role("heading", name=said(language, "Ranking"), exact=True)).to_be_visible()
    ranked = page.locator("table.ranked tbody tr")
    assert ranked.count() == 6
    # More than expected comes first; each of the three states is said in words.
    assert ranked.first.locator(".place-number").inner_text() == "4"
    assert len(set(page.locator("table.ranked .deviation .words").all_inner_texts())) == 3
    expect(page.locator(".due.late").first).to_contain_text(said(language, "overdue"))
    ranked.first.get_by_role("link").click()
    expect(page.locator(".breadcrumb")).to_be_visible()
    assert page.url.startswith(town.address("hotspots/4/"))

    now = month_of(page)
    page.locator("form.picker a[rel=prev]").click()
    page.wait_for_url("**month=*")
    before = month_of(page)
    assert before < now
    assert words.month_name(before, language).lower() in page.locator(".sentence").inner_text().lower()
    page.locator("form.picker a[rel=next]").click()
    page.wait_for_url(f"**month={now:%Y-%m}")
    assert month_of(page) == now


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_analyst_counts_other_sources_and_looks_at_what_was_known_earlier(
    town: Town, visit: Visit, language: str
) -> None:
    page = visit("analyst", language=language)
    page.goto(town.address(f"hotspots/{OWN}/"))
    reported = page.locator(".measures").first.inner_text()
    tabs = page.locator("nav.tabs a")
    tabs.nth(1).click()
    page.wait_for_url("**sources=all*")
    expect(tabs.nth(1)).to_have_attribute("aria-current", "page")
    assert page.locator(".measures").first.inner_text() != reported

    month = month_of(page)
    known = page.locator("#known")
    earlier = known.locator("option").nth(1).get_attribute("value")
    assert earlier
    known.select_option(index=1)
    page.locator("form.picker:has(#known) button[type=submit]").click()
    page.wait_for_url(f"**known={earlier}*")
    expect(page.get_by_text(said(language, "An earlier state of the data"))).to_be_visible()
    # The choice of sources stays; at that time the month was not over.
    assert "sources=all" in page.url
    assert month_of(page) <= month

    page.goto(town.address("hotspots/"))
    expect(page.locator("#hotspots tbody tr")).to_have_count(6)
    page.get_by_role("link", name=re.compile("^9 ")).click()
    page.wait_for_url("**/hotspots/9/*")
    expect(page.locator("h1")).to_contain_text("Hotspot 9 ")


def test_the_language_is_changed_on_any_page_and_the_page_stays(town: Town, visit: Visit) -> None:
    page = visit("analyst", language="en")
    page.goto(town.address(f"hotspots/{OWN}/?sources=all"))
    for language in ("nl", "fr", "en"):
        page.locator(f".languages button[value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.url == town.address(f"hotspots/{OWN}/?sources=all")


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_open_one_by_one_with_a_reason_that_the_auditor_reads(
    town: Town, visit: Visit, assert_accessible: Check, language: str
) -> None:
    reason = f"Voorbereiding overleg {language}"
    page = visit("hotspot-manager", language=language)
    page.goto(town.address(f"hotspots/{OWN}/"))
    # A reason holds for one object, here the facts of one month: each language opens another one.
    page.locator("#month").select_option(index=2 + LANGUAGES.index(language))
    page.locator("form.picker:has(#month) button[type=submit]").click()
    page.wait_for_url("**month=*")
    page.get_by_role("link", name=said(language, "Open them, giving a reason")).click()
    expect(page.locator("textarea[name=door_reason]")).to_be_visible()
    assert_accessible(page)
    page.locator("main form button.primary").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("textarea[name=door_reason]").fill(reason)
    page.locator("main form button.primary").click()
    expect(page.locator("#facts tbody tr").first).to_be_visible()
    page.locator("[data-map]").first.evaluate("e => e.scrollIntoView()")
    expect(page.locator("[data-map][data-ready]").first).to_be_attached()
    assert_accessible(page)
    page.watch.expect("403 (Forbidden)")  # type: ignore[attr-defined]

    auditor = visit("auditor", language=language)
    auditor.goto(town.address("/audit/?actor=hotspot-manager"))
    expect(auditor.locator("#trail tbody tr", has_text=reason).first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_auditor_verifies_the_chain_and_exports_the_trail(
    town: Town, visit: Visit, assert_accessible: Check, language: str
) -> None:
    page = visit("auditor", language=language)
    page.goto(town.address("/audit/"))
    page.locator("a[href='/audit/chain/']").click()
    page.wait_for_url("**/audit/chain/")
    expect(page.locator(".state", has_text=said(language, "whole"))).to_be_visible()
    page.goto(town.address(f"/audit/?actor=new-{language}"))
    page.locator("a[href^='/audit/export/']").click()
    page.locator("textarea[name=door_reason]").fill("Yearly audit of disclosures")
    page.locator("input[name=door_recipient]").fill("Supervisory body")
    assert_accessible(page)
    with page.expect_download() as download:
        page.locator("main form button.primary").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "Yearly audit of disclosures" in text
    assert "Supervisory body" in text
    page.watch.expect("403 (Forbidden)")  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_administrator_makes_an_account_whose_first_password_is_shown_once(
    town: Town, visit: Visit, assert_accessible: Check, language: str
) -> None:
    page = visit("administrator", language=language)
    page.goto(town.address("/users/"))
    page.locator("main a.primary").click()
    page.locator("input[name=username]").fill(f"new-{language}")
    page.locator("input[name=name]").fill(f"New in {language}")
    page.locator("select[name=role]").select_option("mayor")
    page.locator("main form button.primary").click()
    # A mayor's office is bound to a commune; what was filled in is still there.
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    assert page.locator("input[name=name]").input_value() == f"New in {language}"
    page.locator("input[name=areas]").first.check()
    page.locator("main form button.primary").click()
    password = page.locator("main dd code").nth(1)
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", password.inner_text())
    assert_accessible(page)
    page.locator("main a.primary").click()
    expect(page.locator("#members tbody tr", has_text=f"new-{language}")).to_be_visible()
    page.get_by_role("link", name=f"New in {language}").click()
    expect(page.locator("h1")).to_have_text(f"New in {language}")
    # A commune and its division share their name: each says what it is.
    assert (
        len(set(page.locator(".options label").all_inner_texts())) == page.locator(".options label").count()
    )
    page.watch.expect("422 (Unprocessable")  # type: ignore[attr-defined]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on it; what cannot be reached so is not reached at all."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not come to {selector} on {page.url}")


def test_the_keyboard_alone_goes_from_sign_in_to_the_report_of_a_hotspot(town: Town, visit: Visit) -> None:
    page = visit(language="fr")
    page.goto(town.address("/accounts/login/"))
    if not page.evaluate("document.activeElement.matches('input[name=login]')"):
        tab_to(page, "input[name=login]")
    page.keyboard.type("keyboard")
    tab_to(page, "input[name=password]")
    page.keyboard.type(town.people["keyboard"].password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")
    if not page.evaluate("document.activeElement.matches('input[name=code]')"):
        tab_to(page, "input[name=code]")
    page.keyboard.type(town.code_now("keyboard"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/west/")
    tab_to(page, "table.ranked a")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/hotspots/4/**")
    tab_to(page, "a[href*='report.pdf']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report.pdf**")
    tab_to(page, "textarea[name=door_reason]")
    page.keyboard.type("Réunion mensuelle de la commune")
    tab_to(page, "input[name=door_recipient]")
    page.keyboard.type("Bourgmestre")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith("-hotspot-04-fr.pdf")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.watch.expect("403 (Forbidden)")  # type: ignore[attr-defined]

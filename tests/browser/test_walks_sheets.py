"""A hotspot manager writes the month, the division head returns it and then validates it; two tabs meet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from furnished_zone import Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def write(page: Page, key: str, text: str) -> None:
    """Type a text and wait until it has saved itself."""
    page.locator(f"#text-{key}").fill(text)
    expect(page.locator(f"#passage-{key} input[name=revision]")).not_to_have_value("0")


@pytest.mark.parametrize(("language", "width", "number"), [("nl", 1280, 11), ("fr", 390, 12)])
def test_a_month_is_written_returned_and_validated(
    town: Town, visit: Visit, assert_accessible: Check, language: str, width: int, number: int
) -> None:
    manager = visit("hotspot-manager", language=language, width=width)
    manager.goto(town.address("sheets/"))
    assert_accessible(manager)
    manager.locator(f".waiting a[href*='/sheets/{number}/']").first.click()
    expect(manager.locator("#submit button")).to_be_disabled()
    write(manager, "situation", "Rustig na middernacht.")
    write(manager, "change", "Twee lampen branden weer.")
    seen = manager.locator("#seen")
    seen.locator("details.add > summary").click()
    seen.locator("textarea[name=text]").last.fill("Glas op de stoep.")
    for field, value in (("source", "officer"), ("nature", "fact"), ("reliability", "confirmed")):
        seen.locator(f"input[name={field}][value={value}]").check()
    assert_accessible(manager)
    seen.locator("form.entry-form button.primary").click()
    expect(manager.locator("#seen .entries")).to_contain_text("Glas op de stoep.")
    assert manager.evaluate("document.documentElement.scrollWidth") <= width
    manager.locator("#submit button").click()
    expect(manager.locator(".page-title .state")).to_have_text(said(language, "submitted"))
    address = manager.url

    head = visit("division-head", language=language, width=width)
    head.goto(address)
    assert_accessible(head)
    head.locator("#submit textarea").fill("Welke uren?")
    head.locator("#submit button[formaction*='return']").click()
    expect(head.locator(".page-title .state")).to_have_text(said(language, "draft"))

    manager.goto(address)
    expect(manager.locator(".notice.returned")).to_contain_text("Welke uren?")
    write(manager, "remarks", "Tussen 18 en 20 uur.")
    manager.locator("#submit button").click()
    expect(manager.locator(".page-title .state")).to_have_text(said(language, "submitted"))
    head.goto(address)
    head.locator("#submit button[formaction*='validate']").click()
    expect(head.locator(".page-title .state")).to_have_text(said(language, "validated"))

    mayor = visit("mayor", language=language, width=width)
    mayor.goto(address)
    expect(mayor.locator("#seen")).to_contain_text("Rustig na middernacht.")


def test_two_tabs_that_meet_show_both_texts_and_a_plate_is_asked_about(
    town: Town, visit: Visit, assert_accessible: Check
) -> None:
    one = visit("hotspot-manager")
    one.goto(town.address("sheets/11/"))
    one.locator(".turn a[rel=prev]").click()
    expect(one.locator("#text-situation")).to_be_visible()
    two = visit("hotspot-manager")
    two.goto(one.url)
    write(one, "situation", "Calm at night.")
    two.locator("#text-situation").fill("Noise at noon.")
    met = two.locator("#passage-situation .met")
    expect(met).to_contain_text("Noise at noon.")
    expect(two.locator("#text-situation")).to_have_value("Calm at night.")
    assert_accessible(two)
    met.locator("button[value=join]").click()
    expect(two.locator("#text-situation")).to_have_value("Calm at night.\n\nNoise at noon.")

    two.locator("#text-change").fill("A car 1-ABC-123 stood there.")
    warning = two.locator("#passage-change .notice.warn")
    expect(warning).to_contain_text("1-ABC-123")
    assert_accessible(two)
    expect(two.locator("#passage-change input[name=revision]")).to_have_value("0")
    warning.locator("input[name=vouched]").check()
    expect(two.locator("#passage-change input[name=revision]")).to_have_value("1")

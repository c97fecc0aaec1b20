"""Every component in every state is accessible, in every language, light and dark, and fits on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from vicus.web.accounts.models import User

Check = Callable[[Page], None]
Speak = Callable[[str], None]
LANGUAGES = ("nl", "fr", "en")


def open_guide(page: Page, site: str) -> None:
    """The style guide with every chart and map awake."""
    page.goto(f"{site}/styleguide/")
    page.locator("#series-chart").evaluate("e => e.scrollIntoView()")
    expect(page.locator("#series-chart[data-ready]")).to_be_attached()
    page.locator("#map-sample").evaluate("e => e.scrollIntoView()")
    expect(page.locator("#map-sample[data-ready]")).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_style_guide_is_accessible(
    page: Page, site: str, speak: Speak, assert_accessible: Check, language: str, scheme: str
) -> None:
    speak(language)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_guide(page, site)
    assert page.locator("html").get_attribute("lang") == language
    assert_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_runs_out_of_a_phone(page: Page, site: str, speak: Speak, language: str) -> None:
    speak(language)
    page.set_viewport_size({"width": 390, "height": 844})
    open_guide(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_whole_page_is_accessible_when_signed_in(
    page: Page, site: str, sign_in: Callable[[str], User], assert_accessible: Check
) -> None:
    sign_in("analyst")
    page.goto(f"{site}/styleguide/page/")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    page.locator(".menu summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).not_to_be_visible()


def test_the_page_reads_without_scripts(page: Page, site: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{site}/styleguide/")
    assert plain.locator("#series-chart svg").first.is_visible()
    assert plain.locator("#map-sample svg").first.is_visible()
    assert not plain.locator("[data-close-toast]").first.is_visible()
    plain.get_by_role("link", name="Open the incidents").click()
    assert plain.url.endswith("/styleguide/reason/")
    assert plain.get_by_role("textbox", name="Reason").is_visible()
    context.close()


def test_the_reason_is_asked_in_a_dialog_that_the_keyboard_closes(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/")
    opener = page.get_by_role("link", name="Open the incidents")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert dialog.get_by_role("textbox", name="Reason").is_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()


def test_the_table_is_one_key_from_its_picture(page: Page, site: str) -> None:
    open_guide(page, site)
    page.locator("#series summary").first.focus()
    page.keyboard.press("t")
    expect(page.locator("#series [data-table-fold]")).to_have_attribute("open", "")
    expect(page.locator("#series-table")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#series-table")).not_to_be_visible()


def test_the_chart_follows_the_scheme_of_the_page(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="light")
    open_guide(page, site)
    assert page.locator('#series-chart [data-live] [stroke="#14505c"]').count() > 0
    page.emulate_media(color_scheme="dark")
    expect(page.locator('#series-chart [data-live] [stroke="#7cc4cf"]').first).to_be_attached()
    assert page.locator('#series-chart [data-live] [stroke="#14505c"]').count() == 0


def test_places_on_the_map_are_reached_and_told_with_the_keyboard(page: Page, site: str) -> None:
    open_guide(page, site)
    marker = page.locator("#map-sample .marker a").first
    marker.focus()
    expect(page.locator("#map-sample .map-note")).to_contain_text("more than the expected")
    zoom = "document.getElementById('map-sample').map.getZoom()"
    before = page.evaluate(zoom)
    page.get_by_role("button", name="Closer").first.click()
    for _patience in range(50):
        if page.evaluate(zoom) > before:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(zoom) > before


def test_the_chosen_appearance_outlives_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/styleguide/")
    page.locator(".foot").get_by_role("button", name="dark").click()
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    page.goto(f"{site}/styleguide/page/")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(236, 233, 226)"


def test_a_page_that_does_not_exist_looks_like_the_others(
    page: Page, site: str, sign_in: Callable[[str], User], assert_accessible: Check
) -> None:
    sign_in("analyst")
    page.goto(f"{site}/nowhere/at/all/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".wordmark")).to_be_visible()
    assert_accessible(page)
    page.watch.expect("404 (Not Found)")  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_is_accessible(
    page: Page, site: str, speak: Speak, assert_accessible: Check, language: str
) -> None:
    speak(language)
    page.goto(f"{site}/accounts/login/")
    assert_accessible(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_accessible(page)

"""Those who decide: what waits, which hotspots differ, what happens around them, two compared; in two languages."""

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


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 1280, "light"), ("fr", 390, "dark"), ("fr", 1280, "dark")]
)
def test_the_zone_is_read_from_what_waits_to_a_comparison(
    town: Town, visit: Visit, assert_accessible: Check, language: str, width: int, scheme: str
) -> None:
    page = visit("direction", language=language, width=width, scheme=scheme)
    page.goto(town.address("/"))
    expect(page.locator("h1")).to_have_text(said(language, "What waits for me"))
    assert_accessible(page)
    for title in ("Which hotspots differ", "Around the hotspots", "Compare"):
        page.locator(".tabs a", has_text=said(language, title)).first.click()
        expect(page.locator("h1")).to_have_text(said(language, title))
        for chart in page.locator("[data-chart]").all():
            chart.evaluate("e => e.scrollIntoView()")
            expect(chart).to_have_attribute("data-ready", "")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert_accessible(page)
    page.select_option("#c-one", "11")
    page.select_option("#c-other", "12")
    page.locator(".compare-form button").click()
    expect(page.locator(".sentence")).to_contain_text("11 ")
    address = page.url
    assert "one=11" in address
    assert "other=12" in address

    other = visit("analyst", language=language, width=width)
    other.goto(address)
    expect(other.locator(".sentence")).to_have_text(page.locator(".sentence").inner_text())


def test_a_hotspot_that_quadrupled_is_named(town: Town, visit: Visit) -> None:
    page = visit("direction", language="en")
    page.goto(town.address("decisions/differences/"))
    expect(page.locator(".named")).to_contain_text("4 ")
    expect(page.locator(".sentence")).to_contain_text("differ by chance")

"""An analyst draws a perimeter anew and proposes it; the zone direction decides. Without scripts it is pasted."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from furnished_zone import Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]
WAITS = {"nl": "wacht op een beslissing", "fr": "attend une décision"}
ACCEPTED = {"nl": "aanvaard", "fr": "acceptée"}


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def click_on_map(page: Page, *points: tuple[int, int]) -> None:
    """Click at points given in pixels from the middle of the map."""
    box = page.locator(".map-canvas canvas").first.bounding_box()
    assert box is not None
    for x, y in points:
        page.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)
        page.mouse.click(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)


def drawn(page: Page) -> str:
    return str(page.locator("[data-outline]").input_value())


@pytest.mark.parametrize(("language", "width", "number"), [("nl", 1280, 9), ("fr", 390, 16)])
def test_an_analyst_draws_and_direction_decides(
    town: Town, visit: Visit, assert_accessible: Check, language: str, width: int, number: int
) -> None:
    analyst = visit("analyst", language=language, width=width)
    analyst.goto(town.address(f"perimeters/{number}/"))
    expect(analyst.locator("[data-map]").first).to_have_attribute("data-ready", "")
    assert_accessible(analyst)
    analyst.goto(town.address(f"perimeters/{number}/draw/"))
    form = analyst.locator("[data-drawing]")
    expect(form).to_have_attribute("data-awake", "")
    assert_accessible(analyst)
    before = drawn(analyst)

    analyst.locator("[data-act=clear]").click()
    assert drawn(analyst) == ""
    analyst.locator(".map-canvas").scroll_into_view_if_needed()
    analyst.keyboard.down("Alt")  # no corner snaps
    click_on_map(analyst, (-70, -60), (70, -60), (70, 60), (-70, 60), (-70, -60))
    analyst.keyboard.up("Alt")
    expect(analyst.locator("[data-tool=select]")).to_have_attribute("aria-pressed", "true")
    ring = json.loads(drawn(analyst))["coordinates"][0]
    assert len(ring) == 5
    live = analyst.locator("[data-live]")
    expect(live).to_contain_text(said(language, "Facts in twelve months"))
    assert analyst.evaluate("document.documentElement.scrollWidth") <= width

    analyst.locator("[data-act=undo]").click()
    assert drawn(analyst) == ""
    analyst.locator("[data-act=undo]").click()
    assert drawn(analyst) == before
    analyst.locator("[data-outline]").evaluate(
        "(field, ring) => { field.value = JSON.stringify({type: 'Polygon', coordinates: [ring]});"
        " field.dispatchEvent(new Event('change')); }",
        ring,
    )
    analyst.locator("textarea[name=reason]").fill("De halte is verplaatst.")
    analyst.locator("button[name=propose]").click()
    expect(analyst.locator(".page-title .state")).to_have_text(WAITS[language])
    expect(analyst.locator("[data-map]").first).to_have_attribute("data-ready", "")
    assert_accessible(analyst)
    address = analyst.url

    direction = visit("direction", language=language, width=width)
    direction.goto(address)
    assert_accessible(direction)
    direction.locator("#decide button.primary").click()
    expect(direction.locator(".error-summary")).to_be_visible()
    direction.watch.expect("422")  # type: ignore[attr-defined]
    direction.locator("#decide textarea").fill("Akkoord.")
    direction.locator("#decide button.primary").click()
    expect(direction.locator(".page-title .state")).to_have_text(ACCEPTED[language])
    direction.goto(town.address(f"perimeters/{number}/"))
    expect(direction.locator("#versions tbody tr").first.locator("td, th").first).to_have_text("2")
    direction.goto(town.address("perimeters/"))
    assert_accessible(direction)


def test_without_scripts_coordinates_are_pasted(town: Town, visit: Visit) -> None:
    page = visit("analyst", scripts=False)
    page.goto(town.address("perimeters/2/draw/"))
    expect(page.locator(".map-picture svg")).to_be_visible()
    page.locator("[data-outline-fold] summary").click()
    page.locator("[data-outline]").fill("4.3 50.8\n4.3 50.8")
    page.locator("button[name=check]").click()
    expect(page.locator(".error-summary")).to_contain_text(
        gettext("An outline needs three corners at least.")
    )
    page.watch.expect("422")  # type: ignore[attr-defined]

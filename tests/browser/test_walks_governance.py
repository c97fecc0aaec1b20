"""A quarter's coordination moves the phase of a hotspot, and what was decided stands in the minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from furnished_zone import TODAY, Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]


def add_body(page: Page, town: Town, name: str, level: int) -> None:
    """A body that meets on a level, for the zone."""
    page.goto(town.address("meetings/bodies/add/"))
    for field in page.locator("input[name^=name_]").all():
        field.fill(name)
    page.locator(f"input[name=levels][value='{level}']").check()
    page.locator("main form.form button.primary").click()
    expect(page.locator("main")).to_contain_text(name)


def plan(page: Page, town: Town, name: str, day: date) -> None:
    """A meeting of a body, on a day."""
    page.goto(town.address("meetings/plan/"))
    page.locator("select[name=body]").select_option(label=name)
    page.locator("input[name=day]").fill(day.isoformat())
    page.locator("input[name=hour]").fill("10:00")
    page.locator("main form.form button.primary").click()
    expect(page.locator("h1")).to_contain_text(name)


def test_a_quarters_coordination_moves_the_phase_of_a_hotspot_and_stands_in_the_minutes(
    town: Town, visit: Visit, assert_accessible: Check
) -> None:
    analyst, direction = visit("analyst", language="en"), visit("direction", language="en")
    add_body(direction, town, "Zonal platform", 4)
    plan(direction, town, "Zonal platform", TODAY + timedelta(days=1))
    minutes = direction.url

    analyst.goto(town.address("phases/16/"))
    analyst.locator("button[name=target][value=clear]").click()
    for item in analyst.locator("[id$=-done]").all():
        code = str(item.get_attribute("id")).removeprefix("id_").removesuffix("-done")
        item.check()
        analyst.locator(f"#id_{code}-evidence").fill("Seen on the square.")
        analyst.locator(f"#id_{code}-nature_0").check()
        analyst.locator(f"#id_{code}-reliability").select_option(index=1)
    analyst.locator("button[name=ask]").click()
    expect(analyst.locator("#gate .state").first).to_have_text("asked")

    direction.goto(town.address("decisions/board/"))
    assert_accessible(direction)
    direction.locator("#board-requests + ul a", has_text="16").first.click()
    direction.locator("#decide button.primary").click()
    expect(direction.locator(".page-title .state")).to_have_text("Clear")
    direction.goto(town.address("decisions/board/"))
    direction.locator("form.note button", has_text="Zonal platform").first.click()
    expect(direction.locator("#toasts")).to_contain_text("Noted as a decision of Zonal platform")
    expect(direction.locator("section:has(#board-decided)")).to_contain_text("noted in the minutes")
    assert_accessible(direction)
    direction.goto(minutes)
    expect(direction.locator("main")).to_contain_text("Clear")
    # On paper the board holds what is decided upon, and no buttons.
    direction.goto(town.address("decisions/board/"))
    direction.emulate_media(media="print")
    expect(direction.locator("form.note:visible")).to_have_count(0)
    expect(direction.locator("#board-ranking")).to_be_visible()

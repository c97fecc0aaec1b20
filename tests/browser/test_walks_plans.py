"""A plan is written and put in force; a year is evaluated, asked and decided: Dutch wide, French on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from furnished_zone import TODAY, Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]
STATE = ".page-title .state"


def kept(page: Page, **told: str) -> None:
    """Fill the form of a part and keep it."""
    for name, text in told.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator(".form button.primary").click()


@pytest.mark.parametrize(
    ("language", "width", "number"), [("nl", 1280, 11), ("fr", 390, 12)], ids=["nl wide", "fr phone"]
)
def test_a_plan_is_written_and_a_year_decided(
    town: Town, visit: Visit, assert_accessible: Check, language: str, width: int, number: int
) -> None:
    writer = visit("analyst", language=language, width=width)
    writer.goto(town.address("plan/new/"))
    title = f"Plan {language} {width}"
    kept(writer, titles_fr=title, titles_nl=title, from_year=str(TODAY.year - 1), to_year=str(TODAY.year + 4))
    plan = writer.url
    writer.locator("a[href*='/priority/new/']").click()
    kept(writer, titles_fr="Vols", titles_nl="Diefstal")
    writer.locator("a[href*='/objective/new/']").click()
    kept(writer, titles_fr="Moins", titles_nl="Minder", role="coordination")
    writer.locator(".objective summary").click()
    writer.locator("a[href*='/indicator/new/']").click()
    writer.locator("#id_code").select_option("facts")
    assert_accessible(writer)
    kept(writer, titles_fr="Faits", titles_nl="Feiten", target="10")
    writer.locator(".objective summary").click()
    writer.locator("select[name=thing]").select_option(index=1)
    writer.locator(".objective form button").last.click()
    expect(writer.locator(".indicator-value")).to_contain_text("(")
    expect(writer.locator(".indicator-value.unknown")).to_have_count(0)
    assert_accessible(writer)
    assert writer.evaluate("document.documentElement.scrollWidth") <= width

    direction = visit("direction", language=language, width=width)
    direction.goto(plan)
    direction.locator(".draw-up button").click()
    expect(direction.locator(f"{STATE}.good")).to_be_visible()

    writer.goto(town.address("plan/evaluations/"))
    form = writer.locator("aside form").last
    form.locator("select").select_option(str(number))
    form.locator("button").click()
    writer.locator("#id_worked-text").fill("Rustig op het plein.")
    writer.locator("#id_worked-nature_1").check()
    writer.locator("#id_worked-reliability").select_option("probable")
    assert_accessible(writer)
    assert writer.evaluate("document.documentElement.scrollWidth") <= width
    writer.locator("button[name=ask]").click()
    expect(writer.locator(f"{STATE}.warn")).to_be_visible()

    direction.goto(writer.url.split("#")[0])
    direction.locator("#decide-reason").fill("Het houdt stand.")
    direction.locator("#decide input[name=decision]").first.check()
    assert_accessible(direction)
    direction.locator("#decide button.primary").click()
    expect(direction.locator(f"{STATE}.good")).to_be_visible()
    expect(direction.locator("main")).to_contain_text("Het houdt stand.")
    assert_accessible(direction)
    assert direction.evaluate("document.documentElement.scrollWidth") <= width

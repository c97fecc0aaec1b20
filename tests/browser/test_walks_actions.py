"""An action is designed, begun, visited, judged and closed with its lesson: wide in English, on a phone in Dutch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.translation import gettext, override
from furnished_zone import TODAY, Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def sent(page: Page, button: str = "form.form button.primary") -> None:
    """Send a form and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).click()


def planned(page: Page, town: Town, title: str) -> None:
    """Fill in the plan and keep it."""
    page.goto(town.address("actions/new/?hotspot=11"))
    words = {
        "title": title,
        "lead": "Police zone",
        "objective": "A quarter fewer by June",
        "mechanism": "Being seen",
    }
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=120)}
    dose = {"visits_a_week": 4, "minutes": 30, "from_hour": 18, "to_hour": 2, "capacity_hours": 20}
    for name, value in (words | days | dose).items():
        page.locator(f"#id_{name}").fill(str(value))
    page.locator("#id_kind").select_option("prevention")
    for day in (4, 5):
        page.locator(f"input[name=days][value='{day}']").check()
    sent(page)
    expect(page.locator("h1")).to_contain_text(title)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("nl", 390)])
def test_an_action_is_designed_run_with_visits_and_judged(
    town: Town, visit: Visit, assert_accessible: Check, language: str, width: int
) -> None:
    page = visit("hotspot-manager", language=language, width=width)
    title = f"Evening presence {width}"
    planned(page, town, title)
    address = page.url
    assert_accessible(page)
    fits(page, width)

    page.goto(f"{address}design/")
    expect(page.locator("svg.compared")).to_be_visible()
    assert_accessible(page)
    fits(page, width)
    page.locator("input[name=chosen]").first.check()
    page.locator("#id_reason").fill("Same kind of street")
    sent(page)
    page.goto(address)
    expect(page.locator("#design")).to_contain_text("Same kind of street")

    page.goto(f"{address}step/start/")
    sent(page)
    expect(page.locator(".page-title .state")).to_have_text(said(language, "running"))
    page.locator("#note select[name=unit]").select_option("bicycle")
    page.locator("#note input[name=minutes]").fill("20")
    sent(page, "#note button.primary")
    expect(page.locator("#visits tbody tr")).to_have_count(1)
    expect(page.locator("#hours-covered svg.covered")).to_be_visible()
    assert_accessible(page)
    fits(page, width)

    page.goto(town.address("actions/week/?hotspot=11"))
    expect(page.locator(".week-rows")).to_contain_text(title)
    page.locator(".week details > summary").click()
    assert_accessible(page)
    fits(page, width)

    page.goto(f"{address}assess/")
    for rival in ("season", "recording", "actions", "works"):
        page.locator(f"input[name={rival}_answer][value=no]").check()
    page.locator("#id_confidence").select_option("low")
    page.locator("#id_decision").select_option("continue")
    page.locator("#id_why").fill("Too early to say")
    assert_accessible(page)
    fits(page, width)
    sent(page)
    expect(page.locator("#assessments")).to_contain_text("Too early to say")

    sent(page, "form[action$='step/finish/'] button")
    page.locator("#id_lesson").fill("Start earlier in the evening")
    assert_accessible(page)
    sent(page)
    expect(page.locator("#lesson")).to_contain_text("Start earlier in the evening")
    expect(page.locator(".page-title .state")).to_have_text(said(language, "done"))

    page.goto(town.address("actions/?sort=-start#list"))
    expect(page.locator("#list tbody")).to_contain_text(title)
    assert_accessible(page)
    fits(page, width)

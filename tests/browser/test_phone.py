"""The head of every page on a phone: nothing shrinks, overlaps or lies beyond the edge."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from vicus.web.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH = 390


def boxes(page: Page, selector: str) -> list[Any]:
    return [found.bounding_box() for found in page.locator(selector).all()]


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_mark_languages_and_menu_stand_beside_each_other_and_every_page_is_in_sight(
    page: Page,
    site: str,
    sign_in: Callable[[str], User],
    speak: Callable[[str], None],
    language: str,
) -> None:
    user = sign_in("analyst")
    User.objects.filter(pk=user.pk).update(name="Analyst of the northern division and its neighbours")
    speak(language)
    page.set_viewport_size({"width": WIDTH, "height": 800})
    page.goto(f"{site}/west/territory/")
    (mark,) = boxes(page, ".wordmark svg")
    assert (mark["width"], mark["height"]) == (24, 24)
    row = boxes(page, ".wordmark, .languages button, .menu summary")
    assert len(row) == 5
    for one, other in itertools.pairwise(row):
        assert one["x"] + one["width"] <= other["x"]
    links = boxes(page, ".nav a")
    assert len(links) >= 3
    for box in [*row, *links]:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDTH
    # The name that the sign stands for is still there for those who listen, and in the menu.
    assert page.locator(".menu summary").inner_text().startswith("Analyst of")


def test_tabs_of_a_page_stand_on_as_many_lines_as_they_need(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 340, "height": 800})
    page.goto(f"{site}/styleguide/")
    for box in boxes(page, ".tabs a"):
        assert box["x"] + box["width"] <= 340

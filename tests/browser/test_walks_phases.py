"""A hotspot moves from Clear to Hold and falls back: once by touch on a phone, once with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.translation import gettext, override
from furnished_zone import TODAY, Town
from playwright.sync_api import Locator, Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]
MOST_STOPS = 120


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


class Touch:
    """Fields and buttons by pointer."""

    def press(self, page: Page, target: Locator) -> None:
        target.click()

    def write(self, page: Page, target: Locator, text: str) -> None:
        target.fill(text)

    def tick(self, page: Page, target: Locator) -> None:
        target.check()

    def second(self, page: Page, target: Locator) -> None:
        target.select_option(index=1)

    def earlier(self, page: Page, target: Locator) -> None:
        target.fill((TODAY - timedelta(days=20)).isoformat())


class Keys(Touch):
    """The same with the keyboard alone: Tab until the field has the focus."""

    def reach(self, page: Page, target: Locator) -> None:
        for _stop in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def press(self, page: Page, target: Locator) -> None:
        self.reach(page, target)
        page.keyboard.press("Enter")

    def write(self, page: Page, target: Locator, text: str) -> None:
        self.reach(page, target)
        page.keyboard.type(text)

    def tick(self, page: Page, target: Locator) -> None:
        self.reach(page, target)
        page.keyboard.press("Space")

    def second(self, page: Page, target: Locator) -> None:
        self.reach(page, target)
        page.keyboard.press("ArrowDown")

    def earlier(self, page: Page, target: Locator) -> None:
        self.reach(page, target)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")  # the year


def answer(hand: Touch, page: Page, code: str, text: str) -> None:
    """One item of the checklist: done, with its evidence, a fact, confirmed."""
    hand.tick(page, page.locator(f"#id_{code}-done"))
    hand.write(page, page.locator(f"#id_{code}-evidence"), text)
    hand.tick(page, page.locator(f"#id_{code}-nature_0"))
    hand.second(page, page.locator(f"#id_{code}-reliability"))


@pytest.mark.parametrize(
    ("language", "width", "number", "asks", "hand"),
    [("nl", 1280, 9, "analyst", Keys()), ("fr", 390, 12, "hotspot-manager", Touch())],
    ids=["nl wide, keyboard", "fr phone"],
)
def test_a_hotspot_moves_from_clear_to_hold_and_falls_back(
    town: Town, visit: Visit, assert_accessible: Check,
    language: str, width: int, number: int, asks: str, hand: Touch,
) -> None:  # fmt: skip
    asker = visit(asks, language=language, width=width)
    direction = visit("direction", language=language, width=width)
    address = town.address(f"phases/{number}/")
    state = ".page-title .state"

    asker.goto(town.address("phases/"))
    assert_accessible(asker)
    hand.press(asker, asker.locator(f"#phases a[href$='/phases/{number}/']"))
    expect(asker.locator(state)).to_have_text("Clear")
    hand.press(asker, asker.locator("button[name=target][value=hold]"))
    for code in ("disrupted", "presence", "warnings"):
        answer(hand, asker, code, "Rustig op het plein.")
    assert_accessible(asker)
    assert asker.evaluate("document.documentElement.scrollWidth") <= width
    hand.press(asker, asker.locator("button[name=ask]"))
    expect(asker.locator("#gate .state").first).to_have_text(said(language, "asked"))

    direction.goto(address)
    assert_accessible(direction)
    hand.earlier(direction, direction.locator("#grant-starts_on"))
    hand.press(direction, direction.locator("#decide button.primary"))
    expect(direction.locator(state)).to_have_text("Hold")
    expect(direction.locator("#phases tbody tr")).to_have_count(2)

    asker.goto(address)
    hand.press(asker, asker.locator("button[name=target][value=clear]"))
    answer(hand, asker, "reason", "Een auto 1-ABC-123 staat er weer.")
    hand.press(asker, asker.locator("button[name=ask]"))
    warning = asker.locator(".notice.warn")
    expect(warning).to_contain_text("1-ABC-123")
    assert_accessible(asker)
    hand.tick(asker, warning.locator("input[name=vouched]"))
    hand.press(asker, asker.locator("button[name=ask]"))
    expect(asker.locator("#gate .state").first).to_have_text(said(language, "asked"))

    # What the early warning showed is missing: the gate opens with a reason only.
    direction.goto(address)
    hand.press(direction, direction.locator("#decide button.primary"))
    expect(direction.locator(".error-summary")).to_be_visible()
    assert_accessible(direction)
    hand.write(direction, direction.locator("#grant-exception"), "Het plein kan niet wachten.")
    hand.press(direction, direction.locator("#decide button.primary"))
    expect(direction.locator(state)).to_have_text("Clear")
    expect(direction.locator("#phases tbody tr")).to_have_count(3)
    direction.locator("#past summary").first.click()
    expect(direction.locator("#past details").first).to_contain_text("Het plein kan niet wachten.")
    assert_accessible(direction)
    assert direction.evaluate("document.documentElement.scrollWidth") <= width
    for page in (asker, direction):
        page.watch.expect("422 (Unprocessable")  # type: ignore[attr-defined]

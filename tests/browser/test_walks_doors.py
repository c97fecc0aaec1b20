"""Pages that are not for a role do not exist for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from furnished_zone import Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]

OPERATIONAL = ("", "hotspots/", "hotspots/11/", "hotspots/11/facts/", "hotspots/11/report.pdf")
CLOSED = {
    "auditor": (*OPERATIONAL, "imports/", "territory/", "/users/"),
    "partner": (*OPERATIONAL, "imports/", "territory/", "/users/", "/audit/"),
    "administrator": (*OPERATIONAL, "imports/", "/audit/"),
    "hotspot-manager": ("hotspots/4/facts/", "hotspots/11/facts.csv", "imports/", "/users/", "/audit/"),
    "division-head": ("hotspots/4/", "hotspots/4/report.pdf", "imports/", "/users/", "/audit/"),
    "mayor": ("hotspots/4/", "hotspots/11/facts/", "hotspots/11/report.pdf", "imports/", "/audit/"),
    "analyst": ("/east/", "/east/imports/", "hotspots/99/", "/users/", "/audit/"),
    "stranger": (*OPERATIONAL, "imports/", "territory/", "/users/?zone=west"),
}


@pytest.mark.parametrize("username", CLOSED)
def test_what_is_not_for_a_role_is_not_found(town: Town, visit: Visit, username: str) -> None:
    page = visit(username)
    answers = {path: page.context.request.get(town.address(path)).status for path in CLOSED[username]}
    assert answers == dict.fromkeys(CLOSED[username], 404)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_page_that_is_not_found_says_so_and_leads_on(
    town: Town, visit: Visit, assert_accessible: Check, language: str
) -> None:
    page = visit("auditor", language=language)
    answer = page.goto(town.address())
    assert answer is not None
    assert answer.status == 404
    assert page.locator("html").get_attribute("lang") == language
    # Nothing of the zone shows, but the reader's own pages do.
    expect(page.locator("nav.nav a")).to_have_count(2)  # the trail and the register
    expect(page.locator("main a, nav.nav a").first).to_be_visible()
    assert_accessible(page)
    page.watch.expect("404 (Not Found)")  # type: ignore[attr-defined]


def test_nobody_sees_anything_before_signing_in(town: Town, visit: Visit) -> None:
    page = visit()
    for path in (*OPERATIONAL, "imports/", "territory/", "/users/", "/audit/"):
        answer = page.context.request.get(town.address(path), max_redirects=0)
        assert answer.status == 302, path
        assert "/accounts/login/" in answer.headers["location"]

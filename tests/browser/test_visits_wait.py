"""Visits on a phone: one tap; without a connection they wait in the browser, hold nothing personal, and are sent once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from vicus.web.accounts.models import User
from vicus.web.actions.models import Action, Visit
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.zone.models import Zone

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "JSON.stringify(Object.entries(localStorage))"


@pytest.fixture
def action(browser_zone: Zone, sign_in: Callable[[str], User]) -> Action:
    """A running action in the hotspot of the manager who is signed in."""
    day, manager = today(browser_zone), sign_in("hotspot_manager")
    hotspot = Hotspot.objects.create(zone=browser_zone, number=1, manager=manager)
    return Action.objects.create(
        hotspot=hotspot, title="Presence", kind="enforcement", lead="Police zone", objective="Fewer", mechanism="Seen",
        starts_on=day - timedelta(days=9), ends_on=day + timedelta(days=60), begun_on=day - timedelta(days=9),
        state="running", visits_a_week=3, minutes=30,
    )  # fmt: skip


def test_a_visit_waits_without_a_connection_and_is_sent_once(page: Page, site: str, action: Action) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/west/actions/visits/")
    page.context.set_offline(True)
    page.get_by_role("button", name="30 min").click()
    expect(page.locator("[data-queue-state]")).to_contain_text("Visits that wait for a connection: 1")
    ((_name, waiting),) = json.loads(page.evaluate(KEPT))
    (visit,) = json.loads(waiting)
    assert set(visit) == {"url", "fields"}
    assert set(visit["fields"]) == {"key", "unit", "minutes", "started_at", "source"}
    assert "hotspot-manager" not in waiting
    assert not Visit.objects.exists()
    # The browser complains of the connection itself, and of nothing else.
    assert all("ERR_INTERNET_DISCONNECTED" in text for text in page.watch.complaints)  # type: ignore[attr-defined]
    page.watch.complaints.clear()  # type: ignore[attr-defined]
    page.context.set_offline(False)
    expect(page.locator("[data-queue-state]")).to_contain_text("noted")
    assert page.evaluate(KEPT) == "[]"
    page.reload()
    kept = Visit.objects.get()
    assert (str(kept.key), kept.source, kept.minutes) == (visit["fields"]["key"], "queue", 30)


def test_the_page_of_taps_is_for_everybody(
    page: Page, site: str, action: Action, assert_accessible: Callable[[Page], None]
) -> None:
    for address in ("visits/", "", f"{action.pk}/", "new/", "evaluations/"):
        page.goto(f"{site}/west/actions/{address}")
        assert_accessible(page)

"""What waits among actions: blocked ones, evaluations due, actions past their end; for whoever can move them."""

from datetime import date
from typing import Any

import action_stories
import hotspot_places
import pytest
import time_machine

from vicus.web.accounts.models import User
from vicus.web.actions import queries, services
from vicus.web.actions.models import Assessment, Design
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def places(zone: Zone, users: dict[str, User]) -> Zone:
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    return zone


def kinds(zone: Zone, user: User) -> list[tuple[str, int, date]]:
    return [(one.kind, one.hotspot.number, one.since) for one in queries.waiting(zone, user)]


def test_what_is_blocked_says_by_what_since_when_and_who_lifts_it(
    places: Zone, users: dict[str, User]
) -> None:
    action = action_stories.plan(places, ends_on=date(2026, 6, 30))
    services.take(
        action=action, code="block", on=date(2025, 10, 1), hotspots=(), actor="a test", blocker="budget",
        note="No money before January",
    )  # fmt: skip
    (one,) = queries.waiting(places, users["direction"])
    assert (one.kind, one.since, one.title) == ("blocked", date(2025, 10, 1), "Evening presence")
    assert one.url == f"/west/actions/{action.pk}/"
    missing = [
        said for said in ("budget", "zone direction", "No money before January") if said not in one.why
    ]
    assert missing == []
    assert kinds(places, users["hotspot_manager"]) == [("blocked", 1, date(2025, 10, 1))]
    assert kinds(places, users["analyst"]) == [], "an analyst lifts nothing"
    assert kinds(places, users["mayor"]) == [], "who sees no actions is asked nothing"


def test_a_manager_is_asked_about_own_hotspots_only(places: Zone, users: dict[str, User]) -> None:
    for number in (1, 2):
        action = action_stories.plan(places, number, ends_on=date(2025, 10, 31))
        services.take(action=action, code="start", on=date(2025, 7, 1), hotspots=(), actor="a test")
    assert kinds(places, users["hotspot_manager"]) == [("past its end", 1, date(2025, 10, 31))]
    assert [number for _kind, number, _since in kinds(places, users["direction"])] == [1, 2]


def test_an_evaluation_is_due_once_its_window_is_full_and_until_it_is_judged(
    places: Zone, users: dict[str, User]
) -> None:
    action = action_stories.plan(places)
    Design(
        action=action, frozen_on=date(2025, 7, 1), figures={"controls": [1], "after_to": "2025-11-07"}
    ).save()
    assert kinds(places, users["analyst"]) == [], "its window is full tomorrow"
    with time_machine.travel("2025-11-07T09:00:00Z", tick=False):
        (one,) = queries.waiting(places, users["analyst"])
        assert (one.kind, one.since) == ("evaluation due", date(2025, 11, 7))
        assert one.url.endswith(f"/{action.pk}/assess/")
        told = {
            "confidence": "low",
            "decision": "continue",
            "why": "Nothing to see",
            "decided_by": "direction",
        }
        Assessment(action=action, made_on=date(2025, 9, 1), **told).save()
        assert len(queries.waiting(places, users["analyst"])) == 1, "it was judged too early to count"
        Assessment(action=action, made_on=date(2025, 11, 7), **told).save()
        assert queries.waiting(places, users["analyst"]) == ()

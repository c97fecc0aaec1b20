"""The week of planned visits, hours against capacity, and the share of facts in planned and visited hours."""

from datetime import UTC, date, datetime
from typing import Any

import action_stories
import hotspot_places
import numpy as np
import pytest
import time_machine
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.actions import covered, weeks
from vicus.web.actions.covered import Covered
from vicus.web.actions.models import Action
from vicus.web.actions.showing import coverage
from vicus.web.actions.showing import week as shown
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.queries import hotspots
from vicus.web.zone.models import Zone

MONDAY = date(2025, 11, 3)
FRIDAYS = {"days": [4, 6], "from_hour": 22, "to_hour": 2}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def places(zone: Zone, users: dict[str, User]) -> Zone:
    hotspot_places.furnish(zone)
    Hotspot.objects.filter(number__in=(1, 2)).update(manager=users["hotspot_manager"])
    return zone


def test_a_window_past_midnight_belongs_to_its_evening_and_comes_round_on_monday() -> None:
    action = Action(days=[4, 6], from_hour=22, to_hour=2)
    covers = weeks.planned_hours([action])
    assert covers.sum() == 8
    assert covers[4, 22:].all()
    assert covers[5, :2].all()
    assert covers[6, 22:].all()
    assert covers[0, :2].all()
    assert weeks.windows(Action(days=[])) == (), "neither days nor hours: no window, not the whole week"
    assert weeks.planned_hours([Action(days=[0], from_hour=None, to_hour=None)])[0].all()


def test_hours_planned_stand_against_capacity_only_where_it_is_known(places: Zone) -> None:
    on = {"starts_on": MONDAY, "ends_on": date(2025, 11, 30), "visits_a_week": 4, "minutes": 60}
    action_stories.plan(places, 1, capacity_hours=12, **on)
    action_stories.plan(places, 2, **on)
    found = weeks.week(list(Action.objects.prefetch_related("visits")), MONDAY)
    assert (found.planned, found.capacity) == (8.0, 3.0)
    said = shown.capacity(found, "en")
    assert said == (
        "Over-planned: 4.0 h against a capacity of 3.0 h, 1.0 h too many. Of 1 action no capacity was given."
    )
    Action.objects.update(capacity_hours=None)
    unknown = weeks.week(list(Action.objects.prefetch_related("visits")), MONDAY)
    assert "nothing can be said" in shown.capacity(unknown, "en"), "missing is not zero"


def test_capacity_is_shared_out_over_the_days_an_action_runs(places: Zone) -> None:
    on = {"starts_on": MONDAY, "ends_on": date(2025, 11, 30), "capacity_hours": 12}
    action = action_stories.plan(places, 1, **on)

    def hours() -> list[float | None]:
        mondays = [MONDAY + n * weeks.WEEK for n in range(4)]
        return [row.capacity for monday in mondays for row in weeks.week([action], monday).rows]

    assert hours() == [3, 3, 3, 3]
    action.begun_on = date(2025, 11, 17)
    assert hours() == [6, 6], "begun late"
    action.closed_on = date(2025, 11, 23)
    assert hours() == [12], "closed early"


def test_a_week_holds_the_days_an_action_runs_and_the_visits_that_were_noted(places: Zone) -> None:
    action = action_stories.begin(places, 1, on=date(2025, 11, 5), days=[0, 4], from_hour=18, to_hour=20)
    with time_machine.travel("2025-11-08T09:00:00Z", tick=False):
        action_stories.visit(action, started_at=datetime(2025, 11, 7, 17, 30, tzinfo=UTC), minutes=45)
    found = weeks.week(list(Action.objects.prefetch_related("visits")), MONDAY)
    (row,) = found.rows
    assert [window.day for window in row.windows] == [4], "on Monday it had not begun"
    assert row.visits == ((24 * 4 + 18.5, 0.75),), "on the clock of the zone"
    assert row.planned == pytest.approx(1.5 * 5 / 7)
    assert weeks.week([action], date(2024, 1, 1)).rows == ()


def test_more_visits_than_fit_in_the_windows_are_said(places: Zone) -> None:
    action_stories.plan(
        places, starts_on=MONDAY, ends_on=date(2026, 1, 4), days=[0], from_hour=15, to_hour=16,
        visits_a_week=3, minutes=30,
    )  # fmt: skip
    (row,) = weeks.week(list(Action.objects.prefetch_related("visits")), MONDAY).rows
    assert "more visits are planned than fit in the windows" in shown.told(row, "en")


def made(n: int, planned: Action | None = None) -> Covered:
    """Facts spread evenly but for Friday from 18 to 24, which has half of them."""
    facts = np.full((7, 24), n / 2 / 162)
    facts[4, 18:] = n / 2 / 6
    hours = weeks.planned_hours([planned or Action(days=[4], from_hour=18, to_hour=24)])
    return Covered(facts, n, date(2025, 10, 1), hours, np.zeros((7, 24), dtype=bool), 0)


def test_the_share_of_facts_stands_beside_the_share_of_the_week() -> None:
    assert made(200).share(made(200).planned) == pytest.approx((0.5, 6 / 168))
    said = coverage.sentence(made(200), "en")
    assert (
        said
        == "The planned hours hold 50% of the facts in 4% of the week. No visit was noted in these weeks."
    )


def test_few_facts_are_said_to_be_few_and_no_share_is_given() -> None:
    assert "rough" in coverage.sentence(made(40), "en")
    assert "%" not in coverage.sentence(made(9), "en"), "R22"
    assert made(9).share(made(9).planned) is None


def test_hours_that_hold_no_more_than_any_others_are_said_to() -> None:
    elsewhere = made(200, Action(days=[1], from_hour=8, to_hour=20))
    assert "Any hours would hold as many." in coverage.sentence(elsewhere, "en")


def test_the_last_weeks_begin_on_a_day_of_the_zone(places: Zone) -> None:
    action = action_stories.begin(places, 1, on=date(2025, 7, 1))
    for hour in (20, 22):
        action_stories.visit(action, started_at=datetime(2025, 8, 14, hour, 30, tzinfo=UTC))
    kept = [visit.started_at.hour for visit in covered.recent(action, date(2025, 11, 6))]
    assert kept == [22], "half past midnight on 15 August in Brussels"


def test_hours_covered_rest_on_reported_facts_and_on_visits_of_the_last_weeks(places: Zone) -> None:
    action = action_stories.begin(places, 1, on=date(2025, 7, 1), **FRIDAYS)
    for at in (datetime(2025, 11, 3, 21, 30, tzinfo=UTC), datetime(2025, 7, 4, 8, 0, tzinfo=UTC)):
        action_stories.visit(action, started_at=at, minutes=60)
    hotspot = Hotspot.objects.get(zone=places, number=1)
    action = Action.objects.select_related("hotspot__zone").get(pk=action.pk)
    found = covered.of_hotspot(places, hotspots(places), hotspot, [action], date(2025, 11, 6))
    assert found is not None
    assert (found.visits, found.visited.sum()) == (1, 2), "22:30 to 23:30; the visit of July is long ago"
    assert found.planned.sum() == 8
    rows = [
        row
        for row in hotspot_places.table().to_pylist()
        if row["id"].startswith("1-")
        and row["occurred_on"] >= date(2024, 11, 1)
        and row["source"] == "reported"
    ]
    assert 0 < found.n <= len(rows)
    assert covered.of_hotspot(places, hotspots(places), hotspot, [], date(2025, 11, 6)) is None


def test_the_page_of_a_week_is_chosen_by_its_address(hotspot_manager: Client, places: Zone) -> None:
    action_stories.plan(places, 1, starts_on=MONDAY, ends_on=date(2025, 12, 31), **FRIDAYS)
    action_stories.plan(places, 2, starts_on=MONDAY, ends_on=date(2025, 11, 9), lead="Commune", **FRIDAYS)

    def shown_on(query: str) -> list[str]:
        page = hotspot_manager.get(f"/west/actions/week/?{query}")
        assert page.status_code == 200
        return [strip["hotspot"].split()[0] for strip in page.context["strips"]]

    assert shown_on("") == ["1", "2"]
    assert shown_on("from=2025-11-12") == ["1"], "any day names its week"
    assert shown_on("lead=Commune") == ["2"]
    assert shown_on("hotspot=1&from=nonsense") == ["1"]
    assert hotspot_manager.get("/west/actions/week/?hotspot=1").context["covered"] is not None

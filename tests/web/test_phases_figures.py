"""What is worked out beside the checklist of a gate, against figures that were made up here."""

from dataclasses import replace
from datetime import date
from typing import Any

import hotspot_places
import pytest
import sheets
import time_machine

from vicus.incidents.figures import MonthFigure, PlaceFigures
from vicus.web.actions import services as actions
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import pass_to_phase
from vicus.web.phases import computed, queries, rules
from vicus.web.phases.computed import Basis
from vicus.web.zone.models import Zone

MONTH = date(2025, 10, 1)


def with_counts(*counts: int, high: float | None = 10.0) -> PlaceFigures:
    """Figures whose last months held these counts, each expected at 3 to `high`."""
    months = [date(2025, 10 - back, 1) for back in reversed(range(len(counts)))]
    series = tuple(
        MonthFigure(month, n, n, 0, 0, 3.0 if high else None, 6.0 if high else None, high)
        for month, n in zip(months, counts, strict=True)
    )
    return replace(sheets.figures(MONTH), series=series)


@pytest.fixture
def hotspot(zone: Zone) -> Hotspot:
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    return Hotspot.objects.get(zone=zone, number=1)


def in_hold_since(hotspot: Hotspot, day: date) -> Hotspot:
    pass_to_phase(hotspot=hotspot, kind="hold", started_on=day, decided_by="a test", actor="a test")
    return hotspot


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((4, 5, 6), 3),
        ((12, 5, 6), 2),
        ((5, 6, 12), 0),
        ((5, 1, 0), 3),  # below its range is not unstable
        ((5, 10, 10), 3),  # the edge of the range belongs to it
    ],
)
def test_stable_months_are_those_in_a_row_that_were_not_above_their_range(
    hotspot: Hotspot, counts: tuple[int, ...], expected: int
) -> None:
    found = computed.stable(Basis(in_hold_since(hotspot, date(2024, 1, 1)), with_counts(*counts), 3))
    assert found["months"] == expected


@pytest.mark.parametrize(("since", "expected"), [(date(2025, 8, 1), 3), (date(2025, 8, 2), 2)])
def test_only_whole_months_of_the_present_phase_count(hotspot: Hotspot, since: date, expected: int) -> None:
    basis = Basis(in_hold_since(hotspot, since), with_counts(4, 4, 4, 4, 4), 6)
    assert computed.stable(basis)["months"] == expected


def test_a_month_that_cannot_be_compared_is_not_called_stable(hotspot: Hotspot) -> None:
    assert computed.stable(Basis(hotspot, with_counts(4, 4, high=None), 6))["months"] == 0
    assert computed.stable(Basis(hotspot, None, 6)) == {}


@time_machine.travel("2025-10-06T09:00:00Z", tick=False)
def test_planned_presence_is_added_by_the_app_of_actions(hotspot: Hotspot) -> None:
    gate = rules.gate_of("clear", "hold")
    basis = Basis(hotspot, None, 6)
    assert computed.work_out(gate, basis) == {"presence": {"actions": 0, "minutes_a_week": 0}}
    plan: dict[str, Any] = {
        "hotspot": hotspot, "title": "Presence", "kind": "enforcement", "lead": "Police zone", "objective": "Fewer",
        "mechanism": "Seen", "starts_on": MONTH, "ends_on": date(2025, 10, 6), "actor": "a test",
    }  # fmt: skip
    actions.plan(**plan, visits_a_week=3, minutes=30)
    actions.plan(**plan)
    assert computed.work_out(gate, basis) == {"presence": {"actions": 1, "minutes_a_week": 90}}
    with time_machine.travel("2025-10-06T22:30:00Z", tick=False):
        assert computed.work_out(gate, basis)["presence"]["actions"] == 0, "past its end, in the zone"


def test_the_phase_a_hotspot_is_in_is_the_open_one(hotspot: Hotspot) -> None:
    assert queries.present(hotspot) is None
    in_hold_since(hotspot, date(2025, 1, 1))
    phase = queries.present(Hotspot.objects.get(pk=hotspot.pk))
    assert phase is not None
    assert phase.kind == "hold"

"""What the system works out beside the items of a checklist, as plain values that a move keeps.

Apps that lie above this one add their own: `register("presence", work)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vicus.incidents.figures import PlaceFigures
from vicus.incidents.months import first_whole_month
from vicus.web.hotspots import asking, figures
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.phases import queries
from vicus.web.phases.rules import Gate
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Basis:
    """What a working-out may look at: the hotspot, its figures, and how many stable months the zone asks for."""

    hotspot: Hotspot
    figures: PlaceFigures | None
    wanted: int


Work = Callable[[Basis], dict[str, Any]]


def stable(basis: Basis) -> dict[str, Any]:
    """Whole months in a row, up to the last one, that were not above their expected range since the phase began.

    A month below its range counts: a place that was cleared lies below what its past makes likely. A month
    that cannot be compared ends the row.
    """
    found, phase = basis.figures, queries.present(basis.hotspot)
    if found is None or not found.series:
        return {}
    first = first_whole_month(phase.started_on) if phase else None
    months = 0
    for month in reversed(found.series):
        if month.high is None or month.n > month.high or (first is not None and month.month < first):
            break
        months += 1
    return {
        "months": months,
        "wanted": basis.wanted,
        "until": found.month.isoformat(),
    }


def above(basis: Basis) -> dict[str, Any]:
    """The last month against its expected range, and how many of the last twelve were above theirs."""
    found = basis.figures
    if found is None or not found.series or found.state == "not enough data":
        return {}
    last = found.series[-12:]
    return {
        "month": found.month.isoformat(),
        "n": found.this_month.n,
        "state": found.state,
        "above": sum(m.high is not None and m.n > m.high for m in last),
        "of": sum(m.high is not None for m in last),
    }


WORKS: dict[str, Work] = {"stable": stable, "above": above}


def register(code: str, work: Work) -> None:
    """Add what an app above works out for the items that name `code`."""
    WORKS[code] = work


def work_out(gate: Gate, basis: Basis) -> dict[str, dict[str, Any]]:
    """What could be worked out for a gate, by the code of the working-out; what could not is left out."""
    codes = [item.computed for item in gate.items if item.computed in WORKS]
    found = {code: WORKS[code](basis) for code in codes}
    return {code: values for code, values in found.items() if values}


def answer(zone: Zone, hotspots: list[Hotspot]) -> tuple[Asked, Answer] | None:
    """The figures of all hotspots in the last whole month, reported facts; None without facts."""
    latest = asking.latest(zone)
    if latest is None:
        return None
    store, asked = latest
    return asked, figures.of_zone(store, zone, hotspots, asked.question)

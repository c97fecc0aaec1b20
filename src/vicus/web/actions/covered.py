"""Hours covered: which share of the facts falls in the hours that were planned, and in those that were visited.

It describes where the dose went. It is worked out from figures and visits for one page, and nothing that ranks
hotspots reads it (rights R16).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from vicus.web.actions.models import Action, Visit
from vicus.web.actions.weeks import Hours, planned_hours, visited_minutes, windows
from vicus.web.hotspots import asking, figures
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone

LITTLE = 10
"""No percentage on fewer facts than this (rights R22)."""

FEW = 50
"""Shares of fewer facts than this are said to be rough."""

WEEKS = 12
"""Visits of so many weeks are looked at."""


@dataclass(frozen=True, slots=True)
class Covered:
    """Facts by hour of the week beside the hours planned and visited.

    `facts`, shape (7, 24), holds `n` reported facts of the twelve months up to `month` that have a time of day,
    each shared out over the hours in which it may have happened.
    """

    facts: npt.NDArray[np.float64]
    n: int
    month: date
    planned: Hours
    visited: Hours
    visits: int

    def share(self, hours: Hours) -> tuple[float, float] | None:
        """Share of the facts and share of the week in these hours; None on too few facts."""
        every = float(self.facts.sum())
        if self.n < LITTLE or not every:
            return None
        return float(self.facts[hours].sum()) / every, float(hours.mean())

    @property
    def rough(self) -> bool:
        """Are there so few facts that the shares are rough?"""
        return self.n < FEW


def of_hotspot(
    zone: Zone, hotspots: Sequence[Hotspot], hotspot: Hotspot, actions: Sequence[Action], day: date
) -> Covered | None:
    """The facts of a hotspot against the windows of some of its actions and the visits of their last weeks.

    None where there are no facts or no outline, or where neither windows nor visits are there.
    """
    visits = [visit for action in actions for visit in recent(action, day)]
    if not visits and not any(windows(action) for action in actions):
        return None
    latest = asking.latest(zone)
    if latest is None:
        return None
    store, asked = latest
    found = figures.of_zone(store, zone, hotspots, asked.question).figures.get(hotspot.number)
    if found is None:
        return None
    return Covered(
        facts=np.asarray(found.hour_of_week, dtype=float),
        n=found.hour_of_week_n,
        month=found.month,
        planned=planned_hours(actions),
        visited=visited_minutes(visits, zone.timezone) > 0,
        visits=len(visits),
    )


def recent(action: Action, day: date) -> list[Visit]:
    """The visits of the last weeks of an action, up to a day or to its end."""
    since = min(day, action.closed_on or day) - timedelta(weeks=WEEKS)
    clock = ZoneInfo(action.hotspot.zone.timezone)
    return [visit for visit in action.visits.all() if visit.started_at.astimezone(clock).date() > since]

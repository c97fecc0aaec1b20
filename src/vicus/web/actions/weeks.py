"""The week of planned visits: windows on the ground, what was delivered in them, and hours against capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis import aoristic
from vicus.web.actions.doses import WEEK
from vicus.web.actions.models import Action, Visit

HOURS = 168
DROPPED = frozenset({Action.State.DROPPED})

Hours = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Window:
    """Some hours of a week, counted from Monday 0:00; `day` is the day on which they open (Monday 0)."""

    day: int
    opens: int
    hours: int

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """First hour and number of hours; what runs past Sunday comes round on Monday."""
        first = 24 * self.day + self.opens
        over = max(0, first + self.hours - HOURS)
        return ((first, self.hours - over), (0, over)) if over else ((first, self.hours),)


def windows(action: Action) -> tuple[Window, ...]:
    """The planned windows of an action; none where neither days nor hours were planned."""
    if not action.days and action.from_hour is None and action.to_hour is None:
        return ()
    opens, closes = action.from_hour or 0, 24 if action.to_hour is None else action.to_hour
    hours = closes - opens if closes > opens else closes + 24 - opens
    return tuple(Window(day, opens, hours) for day in sorted(action.days or range(7)))


def planned_hours(actions: Sequence[Action]) -> Hours:
    """The hours of the week that lie in a window of any of these actions, shape (7, 24), Monday first."""
    week = np.zeros(HOURS, dtype=bool)
    for action in actions:
        for window in windows(action):
            for first, n in window.pieces:
                week[first : first + n] = True
    return week.reshape(7, 24)


@dataclass(frozen=True, slots=True)
class Row:
    """An action in a week: its windows on the days it runs, hours planned, delivered and within capacity.

    `planned` and `capacity` are None where no dose or no capacity was given; `visits` are first hour of the week
    and length in hours.
    """

    action: Action
    windows: tuple[Window, ...]
    visits: tuple[tuple[float, float], ...]
    planned: float | None
    capacity: float | None
    delivered: float

    @property
    def over(self) -> float:
        """Hours planned beyond capacity; 0 where it fits or where nothing is known."""
        return max(0.0, self.planned - self.capacity) if self.planned and self.capacity is not None else 0.0

    @property
    def crowded(self) -> bool:
        """Are more hours of visits planned than the windows are open?"""
        action = self.action
        opened = sum(window.hours for window in windows(action))
        return bool(opened) and (action.visits_a_week or 0) * (action.minutes or 0) > 60 * opened


@dataclass(frozen=True, slots=True)
class Week:
    """All actions of a week, from Monday."""

    monday: date
    rows: tuple[Row, ...]

    @property
    def planned(self) -> float:
        """Hours on the ground that were planned."""
        return sum(row.planned or 0.0 for row in self.rows)

    @property
    def delivered(self) -> float:
        """Hours on the ground that were delivered."""
        return sum(row.delivered for row in self.rows)

    @property
    def with_capacity(self) -> tuple[Row, ...]:
        """The rows of which capacity is known and a dose is planned: only those can be compared."""
        return tuple(row for row in self.rows if row.capacity is not None and row.planned)

    @property
    def capacity(self) -> float | None:
        """Hours of work there is capacity for, in the rows where it is known; None where it is of none."""
        known = self.with_capacity
        return sum(row.capacity or 0.0 for row in known) if known else None


def week(actions: Sequence[Action], monday: date) -> Week:
    """The week of these actions (with their visits), those given up left out."""
    rows = [_row(action, monday) for action in actions if action.state not in DROPPED]
    return Week(monday, tuple(row for row in rows if row is not None))


def _row(action: Action, monday: date) -> Row | None:
    first, last = action.begun_on or action.starts_on, action.closed_on or action.ends_on
    days = [day for day in range(7) if first <= monday + timedelta(days=day) <= last]
    delivered = _delivered(action, monday)
    if not days and not delivered:
        return None
    share = len(days) / 7
    return Row(
        action=action,
        windows=tuple(window for window in windows(action) if window.day in days),
        visits=tuple((at, minutes / 60) for at, minutes in delivered),
        planned=share * (action.visits_a_week or 0) * (action.minutes or 0) / 60 if action.has_dose else None,
        capacity=_capacity(action, len(days), (last - first).days + 1),
        delivered=sum(minutes for _at, minutes in delivered) / 60,
    )


def _capacity(action: Action, days: int, whole: int) -> float | None:
    """Hours of work for so many of the days an action runs: its capacity is shared out evenly over the whole."""
    if action.capacity_hours is None:
        return None
    return action.capacity_hours * days / whole if days else 0.0


def _delivered(action: Action, monday: date) -> list[tuple[float, int]]:
    """Visits of the week: hours after Monday 0:00 on the clock of the zone, and minutes."""
    clock = ZoneInfo(action.hotspot.zone.timezone)
    found = []
    for visit in action.visits.all():
        at = visit.started_at.astimezone(clock)
        if monday <= at.date() < monday + WEEK:
            found.append((24 * (at.date() - monday).days + at.hour + at.minute / 60, visit.minutes))
    return sorted(found)


def visited_minutes(visits: Sequence[Visit], timezone: str) -> npt.NDArray[np.float64]:
    """Minutes of presence by hour of the week, shape (7, 24), Monday first, local time."""
    if not visits:
        return np.zeros((7, 24))
    starts = pd.Series([visit.started_at for visit in visits])
    lasted = pd.Series(pd.to_timedelta([visit.minutes for visit in visits], unit="min"))
    return aoristic(starts, starts + lasted, tz=timezone, weights=[visit.minutes for visit in visits])

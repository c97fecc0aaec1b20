"""Planned and delivered dose of an action, week by week, and the gaps between visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from vicus.web.actions.models import Action, Visit

WEEK = timedelta(days=7)
LONG_GAP_WEEKS = 2
"""A gap counts as long when so many weeks pass without a visit."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of an action, from Monday: minutes planned of the part that has passed, and minutes delivered."""

    monday: date
    planned: float
    delivered: int
    visits: int
    in_window: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a visit between two of them, or since the last one."""

    since: date
    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Dose:
    """Minutes and visits, planned up to a day and delivered; None where no dose was planned."""

    planned_minutes: float | None
    delivered_minutes: int
    planned_visits: float | None
    visits: int
    in_window: int
    outside_window: int
    weeks: tuple[Week, ...]
    gaps: tuple[Gap, ...]

    @property
    def behind(self) -> bool:
        """Was less than three quarters of the plan delivered?"""
        return bool(self.planned_minutes) and self.delivered_minutes < 0.75 * (self.planned_minutes or 0)


def dose(action: Action, visits: Sequence[Visit], today: date) -> Dose:
    """The dose up to `today`; an action that has not begun has none."""
    if action.begun_on is None:
        return Dose(None, 0, None, 0, 0, 0, (), ())
    clock = ZoneInfo(action.hotspot.zone.timezone)
    ordered = sorted(visits, key=lambda visit: visit.started_at)
    local = [(visit, visit.started_at.astimezone(clock)) for visit in ordered]
    until = min(day for day in (today, action.ends_on, action.closed_on or today))
    weeks = tuple(_weeks(action, local, until))
    inside = sum(week.in_window for week in weeks)
    planned = sum(week.planned for week in weeks) if action.has_dose else None
    return Dose(
        planned_minutes=planned,
        delivered_minutes=sum(visit.minutes for visit in ordered),
        planned_visits=planned / action.minutes if planned is not None and action.minutes else None,
        visits=len(ordered),
        in_window=inside,
        outside_window=len(ordered) - inside,
        weeks=weeks,
        gaps=tuple(_gaps(action, [at.date() for _visit, at in local], until)),
    )


def _weeks(action: Action, local: Sequence[tuple[Visit, datetime]], until: date) -> list[Week]:
    assert action.begun_on is not None
    monday = action.begun_on - timedelta(days=action.begun_on.weekday())
    last = max([until, *(at.date() for _visit, at in local[-1:])])
    found = []
    while monday <= last:
        first, end = max(monday, action.begun_on), min(monday + WEEK, until + timedelta(days=1))
        share = max((end - first).days, 0) / 7
        here = [(visit, at) for visit, at in local if monday <= at.date() < monday + WEEK]
        found.append(
            Week(
                monday,
                share * (action.visits_a_week or 0) * (action.minutes or 0),
                sum(visit.minutes for visit, _at in here),
                len(here),
                sum(in_window(action, at) for _visit, at in here),
            )
        )
        monday += WEEK
    return found


def in_window(action: Action, at: datetime) -> bool:
    """Did a visit begin in the planned windows of the week? Without windows every moment is in one.

    A window that runs past midnight belongs to the day on which it opens.
    """
    start, end = action.from_hour or 0, 24 if action.to_hour is None else action.to_hour
    days = action.days or list(range(7))
    hour, day = at.hour, at.weekday()
    if start < end:
        return day in days and start <= hour < end
    if hour >= start:
        return day in days
    return hour < end and (day - 1) % 7 in days


def _gaps(action: Action, days: Sequence[date], until: date) -> list[Gap]:
    """Stretches without a visit that are long for what was planned, the longest first."""
    assert action.begun_on is not None
    if not action.has_dose:
        return []
    marks = sorted({action.begun_on, *days, until})
    gaps = [Gap(one, two, (two - one).days) for one, two in pairwise(marks)]
    return sorted((g for g in gaps if g.days >= LONG_GAP_WEEKS * 7), key=lambda g: -g.days)

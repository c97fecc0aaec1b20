"""The governance clock: for each level and place, whether a meeting was held, is planned, is due or is overdue.

Pure functions of rules, places and meetings. All days are days of the zone, so that no hour of a summer and no change of
year moves one. A level meets in calendar periods: every 3 months is once in each quarter of the calendar, on any day of
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

State = Literal["done", "planned", "due", "overdue"]
Scope = Literal["zone", "commune", "hotspot"]
STATES: tuple[State, ...] = ("overdue", "due", "planned", "done")
"""From what asks most to what asks nothing."""


@dataclass(frozen=True)
class Rule:
    """How often a level meets at least, once for what, and which role drives it.

    `every_months` counts calendar months, from January of the year 0; `grace_months` are those after the end of a
    period in which a missing meeting is not overdue yet. Without a role, `driver_words` says who drives it.
    """

    level: int
    scope: Scope
    every_months: int
    driver: str = ""
    grace_months: int = 0
    driver_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    kept: bool = True


@dataclass(frozen=True)
class Met:
    """A meeting as the clock sees it: its day in the zone, held or only planned, and what it counts for.

    Without communes it is a meeting of the whole zone and counts for every commune; for a hotspot it counts only where
    it names the hotspot.
    """

    pk: int
    day: date
    held: bool
    levels: frozenset[int]
    communes: frozenset[int] = frozenset()
    hotspots: frozenset[int] = frozenset()
    name: str = ""


@dataclass(frozen=True)
class Place:
    """A hotspot on the clock: in which commune, and since when."""

    pk: int
    commune: int | None
    since: date


@dataclass(frozen=True)
class Standing:
    """Where a level stands at a place. `day` is that of the meeting (done, planned), or the last day for one.

    `last` was held, `next` is planned, `unnoted` was planned and is past, but nobody noted that it was held.
    """

    state: State
    day: date
    due_on: date
    last: Met | None = None
    next: Met | None = None
    unnoted: Met | None = None


@dataclass(frozen=True)
class Cell:
    """A level at a place of its rule: the zone (both None), a commune, or a hotspot with its commune."""

    rule: Rule
    commune: int | None
    hotspot: int | None
    standing: Standing


def period(day: date, months: int) -> tuple[date, date]:
    """First and last day of the calendar period of so many months that a day lies in.

    >>> period(date(2026, 11, 24), 3)
    (datetime.date(2026, 10, 1), datetime.date(2026, 12, 31))
    """
    first = (day.year * 12 + day.month - 1) // months * months
    return _month(first), _month(first + months) - timedelta(days=1)


def due_on(rule: Rule, last: date | None, since: date) -> date:
    """The last day on which the next meeting is in time: the end of the period after that of the last one, and grace.

    Where none was held yet, the period in which the clock began to run is the first.
    """
    _first, end = period(since if last is None else last, rule.every_months)
    if last is not None:
        _first, end = period(end + timedelta(days=1), rule.every_months)
    return _month(end.year * 12 + end.month + rule.grace_months) - timedelta(days=1)


def standing(rule: Rule, meetings: Iterable[Met], since: date, today: date) -> Standing:
    """Where a level stands on a day, from the meetings that count for it at one place.

    Done when one was held in the current period; else overdue after the last day (`due_on`), planned when one comes
    before or on it, and due otherwise. A meeting planned too late, or past and never noted as held, changes no state.
    """
    held: list[Met] = []
    coming: list[Met] = []
    past: list[Met] = []
    for met in meetings:
        if met.held and met.day <= today:
            held.append(met)
        elif not met.held:
            (coming if met.day >= today else past).append(met)
    last = max(held, key=_order, default=None)
    planned = min(coming, key=_order, default=None)
    unnoted = max((met for met in past if last is None or met.day > last.day), key=_order, default=None)
    due = due_on(rule, last.day if last else None, since)
    state: State
    if last is not None and last.day >= period(today, rule.every_months)[0]:
        state, day = "done", last.day
    elif today > due:
        state, day = "overdue", due
    elif planned is not None and planned.day <= due:
        state, day = "planned", planned.day
    else:
        state, day = "due", due
    return Standing(state, day, due, last, planned, unnoted)


def counts(rule: Rule, met: Met, commune: int | None, hotspot: int | None) -> bool:
    """Does a meeting count for a level at a place?"""
    if rule.level not in met.levels:
        return False
    if rule.scope == "hotspot":
        return hotspot in met.hotspots
    return rule.scope == "zone" or not met.communes or commune in met.communes


def cells(
    rules: Iterable[Rule],
    meetings: Sequence[Met],
    communes: Sequence[int],
    hotspots: Sequence[Place],
    *,
    since: date,
    today: date,
) -> list[Cell]:
    """Every level that the zone keeps at every place it is held for, from the fifth level down."""
    found = []
    for rule in sorted(rules, key=lambda rule: -rule.level):
        if not rule.kept:
            continue
        for commune, hotspot, begun in _places(rule, communes, hotspots, since):
            mets = [met for met in meetings if counts(rule, met, commune, hotspot)]
            found.append(Cell(rule, commune, hotspot, standing(rule, mets, begun, today)))
    return found


def worst(found: Iterable[Cell]) -> State | None:
    """The state that asks most; None of no cells."""
    states = {cell.standing.state for cell in found}
    return next((state for state in STATES if state in states), None)


def _places(
    rule: Rule, communes: Sequence[int], hotspots: Sequence[Place], since: date
) -> list[tuple[int | None, int | None, date]]:
    if rule.scope == "zone":
        return [(None, None, since)]
    if rule.scope == "commune":
        return [(commune, None, since) for commune in communes]
    return [(place.commune, place.pk, max(since, place.since)) for place in hotspots]


def _month(number: int) -> date:
    """The first day of a month, counted from January of the year 0."""
    return date(number // 12, number % 12 + 1, 1)


def _order(met: Met) -> tuple[date, int]:
    return met.day, met.pk

"""Does the problem move? Every hotspot and the ring around it, this period against the same of earlier years."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from vicus.analysis.change.overdispersion import Dispersion
from vicus.incidents.months import first_full_month, month_after, months_before
from vicus.incidents.store import Store
from vicus.web.actions import evaluation
from vicus.web.actions.counting import Counts, Monthly, monthly
from vicus.web.actions.evaluation import Compared, Effect, Verdict, Where
from vicus.web.hotspots import rules
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.zone.models import Zone

MONTHS = 3
"""Length of the period; it ends with the month asked for."""
YEARS = 3
"""Earlier years it is held against, as far as the data reach."""
SMALLEST = 10
"""Facts below which nothing is said of a place (rights R22)."""
FEWEST_OTHERS = 3
"""Other hotspots needed to compare with: of two, a drop in one would read as a rise in the other."""

Why = Literal[
    "", "no earlier year", "too few facts", "nothing before", "no other hotspots", "month not complete"
]
Reading = Literal[
    "moved",
    "spread of benefits",
    "fewer inside",
    "more around",
    "fewer around",
    "more",
    "more inside",
    "unclear",
]

READINGS: Mapping[tuple[Verdict, Verdict], Reading] = {
    ("fewer", "more"): "moved",
    ("fewer", "fewer"): "spread of benefits",
    ("fewer", "no clear change"): "fewer inside",
    ("no clear change", "more"): "more around",
    ("no clear change", "fewer"): "fewer around",
    ("more", "more"): "more",
    ("more", "no clear change"): "more inside",
    ("more", "fewer"): "more inside",
}
"""What is read from the change inside and the change around; any other pair is unclear."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A hotspot: facts in the period and, on average, in the same months of earlier years; the change against the others.

    `effects` are in facts a month against what the other hotspots did together; empty where `why` says so.
    """

    number: int
    now: tuple[int, int]
    before: tuple[float, float]
    effects: Mapping[Where, Effect]
    adjusted: Mapping[Where, float]
    why: Why

    def verdict(self, where: Where) -> Verdict:
        """What may be said of the change there, corrected together with all others."""
        return evaluation.verdict(self.effects[where], self.adjusted[where])

    @property
    def reading(self) -> Reading:
        """What both changes say together."""
        if self.why:
            return "unclear"
        return READINGS.get((self.verdict("inside"), self.verdict("around")), "unclear")


@dataclass(frozen=True, slots=True)
class Watch:
    """Every hotspot, and the period: its first month, the month after its last, the earlier years."""

    start: date
    end: date
    years: int
    tests: int
    places: tuple[Watched, ...]


def watch(store: Store, zone: Zone, hotspots: Sequence[Hotspot], asked: Asked) -> Watch:
    """Count, compare and correct all hotspots of the zone together; what a reader sees of it is cut out afterwards."""
    outlines = perimeters(hotspots, asked)
    end = month_after(asked.question.month)
    start = months_before(end, MONTHS)
    first = first_full_month(asked.span.first_day) if asked.span.first_day else start
    years = sum(months_before(start, 12 * back) >= first for back in range(1, YEARS + 1))
    why: Why = "" if years else "no earlier year"
    if asked.span.last_day is None or (end - asked.span.last_day).days > 1:
        why = "month not complete"
    if why or not outlines:
        bare = tuple(Watched(number, (0, 0), (0.0, 0.0), {}, {}, why) for number in sorted(outlines))
        return Watch(start, end, years, 0, bare)
    counted = monthly(
        store, zone, outlines, months_before(start, 12 * years), end, version=asked.question.version
    )
    found = [_compared(number, counted, start, years) for number in sorted(outlines)]
    p = {
        f"{one.number} {where}": e.p
        for one in found
        for where, e in one.effects.items()
        if where != "together"
    }
    adjusted = evaluation.together(p) if p else {}
    return Watch(start, end, years, len(p), tuple(_corrected(one, adjusted) for one in found))


def seen_of(found: Watch, numbers: Collection[int]) -> Watch:
    """The same, of these hotspots alone: what is said of each does not depend on who reads."""
    return replace(found, places=tuple(place for place in found.places if place.number in numbers))


def perimeters(hotspots: Sequence[Hotspot], asked: Asked) -> dict[int, Perimeter]:
    """The outline of each open hotspot that figures of the month rest on; the same for all years, so that they compare."""
    found = {
        h.number: rules.perimeter_for(list(h.perimeters.all()), asked.question.last_day)
        for h in hotspots
        if h.status != Hotspot.Status.CLOSED
    }
    return {number: used.perimeter for number, used in found.items() if used is not None}


def _compared(number: int, counted: Monthly, start: date, years: int) -> Watched:
    windows = [
        counted.within(months_before(start, 12 * y), months_before(start, 12 * y - MONTHS))
        for y in range(years, 0, -1)
    ]
    after, history = counted.within(start, date.max), counted.within(date.min, start)

    def sums(name: str) -> tuple[int, int]:
        return sum(sum(getattr(w, name)[number]) for w in windows), sum(getattr(after, name)[number])

    inside, around = sums("inside"), sums("around")
    now, before = (inside[1], around[1]), (inside[0] / years, around[0] / years)
    if min(sum(inside), sum(around)) < SMALLEST:
        return Watched(number, now, before, {}, {}, "too few facts")
    others = [other for other in counted.inside if other != number]
    pairs, spreads = [], []
    for name in ("inside", "around"):
        table: Counts = getattr(history, name)
        here, rest = table[number], [sum(table[o][i] for o in others) for i in range(len(history.months))]
        if not sum(here):
            return Watched(number, now, before, {}, {}, "nothing before")
        if len(others) < FEWEST_OTHERS or not sum(rest):
            return Watched(number, now, before, {}, {}, "no other hotspots")
        level = sum(rest) / sum(here)
        compared = (
            sum(sum(getattr(w, name)[o]) for w in windows for o in others),
            sum(sum(getattr(after, name)[o]) for o in others),
        )
        own = inside if name == "inside" else around
        pairs.append(Compared((own[0], compared[0]), (own[1], compared[1]), level))
        spreads.append(evaluation.spread(here, rest, level))
    phi: list[Dispersion | float] = [s if s.enough_data else 1.0 for s in spreads]
    effects = evaluation.effects(
        pairs[0], pairs[1], (MONTHS * years, MONTHS), inside_spread=phi[0], around_spread=phi[1]
    )
    return Watched(number, now, before, effects, {}, "")


def _corrected(one: Watched, adjusted: Mapping[str, float]) -> Watched:
    own = {where: adjusted.get(f"{one.number} {where}", effect.p) for where, effect in one.effects.items()}
    return Watched(one.number, one.now, one.before, one.effects, own, one.why)

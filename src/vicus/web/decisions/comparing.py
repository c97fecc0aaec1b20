"""Two hotspots, or two periods of one: do they differ at all?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scipy.special import betaincinv

from vicus.incidents.figures import MonthFigure, PlaceFigures
from vicus.incidents.months import months_before

SMALLEST = 10
"""Facts of both together below which nothing is said (rights R22)."""
LENGTHS = (1, 3, 6, 12)
CONFIDENCE = 0.95

Verdict = Literal["more", "fewer", "no clear difference", "not enough data", "the same", "overlap"]


@dataclass(frozen=True, slots=True)
class Side:
    """A hotspot and a period of so many months that ends with `month`; `n` is None where its months are not all known."""

    number: int
    month: date
    months: int
    n: int | None
    series: tuple[MonthFigure, ...]
    dispersion: float

    @property
    def first(self) -> date:
        """First month of the period."""
        return months_before(self.month, self.months - 1)

    def holds(self, month: date) -> bool:
        """Is this month one of the period?"""
        return self.first <= month <= self.month


@dataclass(frozen=True, slots=True)
class Difference:
    """Facts a month of one over the other, with its range; None where too little is known."""

    ratio: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def side(figures: Mapping[int, PlaceFigures], number: int, month: date, months: int) -> Side:
    """Count the period of a hotspot in its series."""
    found = figures[number]
    wanted = {months_before(month, back) for back in range(months)}
    inside = [m.n for m in found.series if m.month in wanted]
    phi = found.expected.dispersion if found.expected.enough_data else 1.0
    whole = len(inside) == months
    return Side(number, month, months, sum(inside) if whole else None, tuple(found.series), max(phi, 1.0))


def difference(one: Side, other: Side) -> Difference:
    """Ratio of two counts, given their sum, at 95 % (Clopper and Pearson), widened by how much the months vary."""
    if (one.number, one.month) == (other.number, other.month):
        return Difference(None, None, None, "the same")
    if one.number == other.number and one.first <= other.month and other.first <= one.month:
        return Difference(None, None, None, "overlap")
    if one.n is None or other.n is None or one.n + other.n < SMALLEST:
        return Difference(None, None, None, "not enough data")
    phi, tail = max(one.dispersion, other.dispersion), (1.0 - CONFIDENCE) / 2.0
    # Over-dispersed counts carry the information of n / phi independent facts.
    a, b = one.n / phi, other.n / phi
    low = float(betaincinv(a, b + 1, tail)) if a else 0.0
    high = float(betaincinv(a + 1, b, 1 - tail)) if b else 1.0
    ratio = one.n / other.n if other.n else None
    bounds = low / (1 - low), high / (1 - high) if high < 1 else None
    verdict: Verdict = "no clear difference"
    if bounds[0] > 1:
        verdict = "more"
    elif bounds[1] is not None and bounds[1] < 1:
        verdict = "fewer"
    return Difference(ratio, bounds[0], bounds[1], verdict)

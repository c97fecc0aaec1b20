"""Which hotspots differ from what was expected, corrected for having asked of all of them; and a funnel of all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom, poisson

from vicus.analysis import funnel
from vicus.analysis.change.comparison import Funnel
from vicus.analysis.probability import adjust_p
from vicus.incidents.figures import PlaceFigures

LIMIT = 0.05
"""Share of the hotspots named that differ by chance, on average and at most (Benjamini and Hochberg 1995)."""

NORMAL_95 = 2 * 1.959964


@dataclass(frozen=True, slots=True)
class Differing:
    """Hotspots by number: those named, those outside their range that may be chance, those not judged.

    `adjusted` holds the corrected p-value of every hotspot that could be judged; `tests` says how many were corrected
    together.
    """

    named: tuple[int, ...]
    seeming: tuple[int, ...]
    unknown: tuple[int, ...]
    adjusted: Mapping[int, float]
    tests: int


def differing(figures: Mapping[int, PlaceFigures]) -> Differing:
    """Judge the month of every hotspot, all of them together."""
    known = [number for number, found in figures.items() if judged(found)]
    p = np.array([probability(figures[number]) for number in known], dtype=float)
    adjusted = dict(zip(known, map(float, adjust_p(p, "fdr")), strict=True))
    named = [number for number in known if adjusted[number] < LIMIT and out_of_range(figures[number])]
    named.sort(key=lambda number: adjusted[number])
    seeming = [number for number in known if number not in named and out_of_range(figures[number])]
    unknown = sorted(set(figures) - set(known))
    return Differing(tuple(named), tuple(sorted(seeming)), tuple(unknown), adjusted, len(known))


def seen_of(found: Differing, numbers: Collection[int]) -> Differing:
    """The same, of these hotspots alone: what is said of each does not depend on who reads."""

    def cut(of: Sequence[int]) -> tuple[int, ...]:
        return tuple(number for number in of if number in numbers)

    adjusted = {number: p for number, p in found.adjusted.items() if number in numbers}
    return Differing(cut(found.named), cut(found.seeming), cut(found.unknown), adjusted, found.tests)


def judged(figures: PlaceFigures) -> bool:
    """Can the month of this place be judged? Not while it is unfinished, nor without a history."""
    return figures.complete and figures.state != "not enough data" and figures.expected.mean > 0


def out_of_range(figures: PlaceFigures) -> bool:
    """Does the count lie outside its own expected range?"""
    return figures.state in ("above", "below")


def probability(figures: PlaceFigures) -> float:
    """Two-sided p-value of the month's count under what the history foretells.

    Negative binomial with the mean of the expected range and a variance that holds the ups and downs of the months,
    how few of them the level rests on, and, where it is wider, the width of the range itself.
    """
    expected, n = figures.expected, figures.this_month.n
    spread = max(expected.dispersion, 1.0) * (1.0 + 1.0 / max(expected.memory, 1.0))
    variance = max(expected.mean * spread, ((expected.high - expected.low) / NORMAL_95) ** 2)
    if variance <= expected.mean * 1.0001:
        law = poisson(expected.mean)
    else:
        law = nbinom(expected.mean**2 / (variance - expected.mean), expected.mean / variance)
    return float(min(1.0, 2.0 * min(law.cdf(n), law.sf(n - 1))))


def funnel_of(figures: Sequence[PlaceFigures]) -> Funnel:
    """The month of every place judged, over what was expected there, in limits that all share."""
    return funnel([f.this_month.n for f in figures], [f.expected.mean for f in figures])

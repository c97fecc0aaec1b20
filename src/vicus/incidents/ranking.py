"""Places in the order of their deviation from what was expected, with the ranks that cannot be told apart."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy.special import gammaincinv

from vicus.incidents.figures import PlaceFigures


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place in the ranking by deviation from what was expected.

    `ratio` is observed / expected with its interval; `rank_low` to `rank_high` are the ranks the interval
    allows, so places that cannot be told apart overlap (rule R15). All None when there is not enough data.
    """

    place: Hashable
    figures: PlaceFigures
    ratio: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None


def rank(figures: Sequence[PlaceFigures], *, coverage: float = 0.95) -> list[RankedPlace]:
    """Rank places by observed / expected, with the ranks their intervals allow; undecidable ones last.

    The intervals hold together: with probability `coverage` all places lie within theirs, so places that do not
    differ are told apart in at most one month in twenty (Klein, Wright & Wieczorek 2020, J. R. Stat. Soc. C 69).
    """
    known = [f for f in figures if f.expected.enough_data and f.complete and f.expected.mean > 0]
    each = 1 - (1 - coverage) / max(1, len(known))
    intervals = {id(f): _ratio(f, each) for f in known}
    ranked = []
    for f in known:
        ratio, low, high = intervals[id(f)]
        above = sum(1 for other in known if intervals[id(other)][1] > high)
        below = sum(1 for other in known if intervals[id(other)][2] < low)
        ranked.append(RankedPlace(f.place, f, ratio, low, high, above + 1, len(known) - below))
    ranked.sort(key=lambda r: (-(r.ratio or 0.0), str(r.place)))
    decided = {id(f) for f in known}
    rest = [RankedPlace(f.place, f, None, None, None, None, None) for f in figures if id(f) not in decided]
    return ranked + rest


def ties(ranked: Sequence[RankedPlace]) -> list[bool]:
    """For each place but the last: can it not be told apart from the next one (their intervals overlap)?"""
    return [a.low is not None and b.high is not None and a.low <= b.high for a, b in pairwise(ranked)]


def _ratio(figures: PlaceFigures, coverage: float) -> tuple[float, float, float]:
    """Observed / expected with its interval.

    Garwood's interval of a Poisson count, widened by the dispersion of the history and by how few months the
    expectation itself rests on.
    """
    n, mean = figures.this_month.n, figures.expected.mean
    spread = max(figures.expected.dispersion, 1.0) * (1 + 1 / max(figures.expected.memory, 1.0))
    tail = (1 - coverage) / 2
    # Over-dispersed counts carry the information of n / spread independent events.
    low = gammaincinv(n / spread, tail) * spread if n > 0 else 0.0
    high = gammaincinv(n / spread + 1, 1 - tail) * spread
    return n / mean, float(low) / mean, float(high) / mean

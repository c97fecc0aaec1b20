"""Did it work, and did the problem move: the statistics of an evaluation, on plain counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vicus.analysis import wdd
from vicus.analysis.change.overdispersion import ENOUGH, Dispersion
from vicus.analysis.probability import adjust_p

CONFIDENCE = 0.95
LIMIT = 0.05
"""Share of false discoveries accepted among what is said to have changed."""

SMALLEST_BASE = 10
"""No percentage on fewer facts than this (rights R22)."""

Where = Literal["inside", "around", "together"]
Verdict = Literal["fewer", "more", "no clear change"]


@dataclass(frozen=True, slots=True)
class Compared:
    """Counts by month, before and after, of the place of an action and of its comparison areas together.

    `level` is what the comparison areas counted over what the place counted, in the history of the design.
    """

    before: tuple[int, int]
    after: tuple[int, int]
    level: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A change against the comparison areas, in facts a month; negative is a decrease."""

    change: float
    low: float
    high: float
    p: float
    expected: float
    """Facts a month to be expected without the action."""
    base: int

    @property
    def percent(self) -> float | None:
        """The change as a share of what was to be expected; None on a small base."""
        if self.base < SMALLEST_BASE or self.expected <= 0:
            return None
        return 100.0 * self.change / self.expected


def spread(here: Sequence[int], others: Sequence[int], level: float) -> Dispersion:
    """How much the place and its comparison areas drifted apart from month to month before, beyond chance.

    Variance of the monthly difference, over what counts that only vary by chance would give. It holds what
    differs between them in season and trend too, so that a poor comparison shows in a wider range.
    """
    one, other = np.array(here, dtype=float), np.array(others, dtype=float)
    apart, chance = one - other / level, one.mean() + other.mean() / level**2
    freedom = len(one) - 1
    if freedom < ENOUGH or chance == 0:
        return Dispersion(np.nan, freedom, np.nan, np.nan, CONFIDENCE, False, "short history")
    value = float(apart.var(ddof=1) / chance)
    return Dispersion(value, freedom, np.nan, np.nan, CONFIDENCE, True, "")


def remembered(value: float | None, freedom: float | None) -> Dispersion | float:
    """The spread as a design keeps it; 1 where the history was too short."""
    if value is None or freedom is None:
        return 1.0
    return Dispersion(value, freedom, np.nan, np.nan, CONFIDENCE, True, "")


def effects(
    inside: Compared,
    around: Compared | None,
    months: tuple[int, int],
    *,
    inside_spread: Dispersion | float = 1.0,
    around_spread: Dispersion | float = 1.0,
) -> dict[Where, Effect]:
    """The change inside the perimeter, in the ring around it, and both together.

    `months` are the lengths of the windows before and after; weighted displacement differences at 95 %.
    """
    found: dict[Where, Effect] = {"inside": _effect(inside, None, months, inside_spread)}
    if around is not None:
        found["around"] = _effect(around, None, months, around_spread)
        wider = max((inside_spread, around_spread), key=_phi)
        found["together"] = _effect(inside, around, months, wider)
    return found


def _phi(value: Dispersion | float) -> float:
    return value.phi if isinstance(value, Dispersion) else value


def _effect(
    one: Compared, other: Compared | None, months: tuple[int, int], vary: Dispersion | float
) -> Effect:
    both = [one] if other is None else [one, other]
    result = wdd(
        (one.before[0], one.after[0]),
        (one.before[1], one.after[1]),
        None if other is None else (other.before[0], other.after[0]),
        None if other is None else (other.before[1], other.after[1]),
        confidence=CONFIDENCE,
        time_weights=months,
        area_weights=(one.level, 1.0, 1.0 if other is None else other.level, 1.0),
        dispersion=vary,
    )
    expected = sum(
        c.before[0] / months[0] + (c.after[1] / months[1] - c.before[1] / months[0]) / c.level for c in both
    )
    # Nothing counted anywhere: nothing to tell apart.
    p = 1.0 if np.isnan(result.z) else min(1.0, 2.0 * min(result.p, 1.0 - result.p))
    base = sum(c.before[0] + c.after[0] for c in both)
    return Effect(result.total, result.low, result.high, p, expected, base)


def together(p: Mapping[str, float]) -> dict[str, float]:
    """All p-values of a zone corrected for one another: Benjamini and Hochberg's false discovery rate."""
    adjusted = adjust_p(np.array(list(p.values()), dtype=float), "fdr")
    return dict(zip(p, map(float, adjusted), strict=True))


def verdict(effect: Effect, adjusted: float) -> Verdict:
    """What may be said of a change, once it is corrected together with all others."""
    if adjusted >= LIMIT:
        return "no clear change"
    return "fewer" if effect.change < 0 else "more"

"""Is there a rhythm in the week: parts of the day, days, or a stretch of hours with more events than an even week?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, gammainc

from vicus.analysis.errors import BadParameter, LengthMismatch
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]

PART = 6
"""Hours of a part of the day: night, morning, afternoon, evening."""
STRETCH = 4
"""Hours of the stretches of the week that are looked through."""
LEAST = 5.0
"""Events that an even week would have to give every class, for a chi-square test to be trusted."""
QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Busy:
    """A run of hours or days with more events than an even week would give it.

    Attributes
    ----------
    start, length : int
        First hour (of the day, or of the week from Monday 0:00) or day (0 is Monday), and how many; a run may go
        round the end.
    n, even : float
        Events in it, and events that an even week would have there.
    p : float
        Of the test that found it, corrected for the three tests made.
    """

    start: int
    length: int
    n: float
    even: float
    p: float


@dataclass(frozen=True, slots=True)
class WeekRhythm(Result):
    """What stands out in a week, from `week_rhythm`; None where chance alone would do.

    Attributes
    ----------
    n : float
        Events.
    hours : Busy, optional
        The half or quarter of the day that stands out most, when parts of the day differ.
    days : Busy, optional
        The one, two or three days in a row that stand out most, when days differ.
    stretch : Busy, optional
        The four hours of the week with the most events, when they have more than chance would give any.
    enough_data : bool
        Would an even week give every day five events?
    """

    n: float
    hours: Busy | None
    days: Busy | None
    stretch: Busy | None
    enough_data: bool

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"{self.n:g} events: too few to see a rhythm."
        found = [
            f"{name} {busy.start} to {busy.start + busy.length} ({busy.n:.0f}, even {busy.even:.0f})"
            for name, busy in (
                ("hours", self.hours),
                ("days", self.days),
                ("hours of the week", self.stretch),
            )
            if busy is not None
        ]
        return f"{self.n:g} events; " + (f"more in {', '.join(found)}." if found else "nothing stands out.")


def week_rhythm(matrix: ArrayLike, *, days: ArrayLike | None = None, level: float = 0.05) -> WeekRhythm:
    r"""Test whether events keep to certain parts of the day, days of the week, or hours of the week.

    Parameters
    ----------
    matrix : array_like of float, shape (7, 24)
        Events by day (Monday first) and hour, as `aoristic` gives it.
    days : array_like of float, shape (7,), optional
        How many Mondays, Tuesdays ... the period holds; a year has one weekday more often than the others. Equal
        when left out.
    level : float, default 0.05
        Chance that anything is found where there is no rhythm; shared equally over the three tests.

    Returns
    -------
    WeekRhythm

    Raises
    ------
    LengthMismatch
        The matrix is not 7 by 24, or `days` not 7.
    BadParameter
        A count is negative or missing, `days` holds a zero, or `level` is not between 0 and 1.

    Notes
    -----
    Three questions, each against a week in which every hour of every day is equally likely. The four parts of the
    day (from 0, 6, 12 and 18 hours) and the seven days are compared by Pearson's chi-square,

    .. math:: X^2 = \sum_c \frac{(n_c - e_c)^2}{e_c},

    with 3 and 6 degrees of freedom and :math:`e_c` proportional to the time that class c had. The busiest of the 168
    stretches of four hours is compared by its Poisson tail, multiplied by 168 (Bonferroni). Where days or parts
    differ, the run named is the one with the largest standardised difference
    :math:`(n - e) / \sqrt{e (1 - e / N)}`: one or two parts, one to three days.

    Events shared out over several hours (aoristic) vary less than whole ones, so the tests err towards silence;
    events that come in series (ten cars in one night) vary more, so a single night can look like a habit.

    References
    ----------
    Pearson, K. (1900). On the criterion that a given system of deviations ... Philosophical Magazine 50, 157-175.
    :doi:`10.1080/14786440009463897`

    Examples
    --------
    >>> import numpy as np
    >>> from vicus.analysis import week_rhythm
    >>> week = np.ones((7, 24)); week[:, 12:] = 2
    >>> found = week_rhythm(week)
    >>> found.hours.start, found.hours.length, found.hours.n, found.hours.even
    (12, 12, 168.0, 126.0)
    >>> found.days is None
    True
    """
    week = np.asarray(matrix, dtype=float)
    exposure = np.ones(7) if days is None else np.asarray(days, dtype=float)
    if week.shape != (7, 24) or exposure.shape != (7,):
        raise LengthMismatch(
            f"A week has 7 days by 24 hours and 7 counts of days, not {week.shape} and {exposure.shape}."
        )
    if not (np.isfinite(week).all() and (week >= 0).all()):
        raise BadParameter("The matrix holds negative or missing counts.")
    if not (np.isfinite(exposure).all() and (exposure > 0).all()):
        raise BadParameter("Every day of the week must occur in the period: days holds a zero, or no number.")
    if not 0 < level < 1:
        raise BadParameter(f"level is a probability between 0 and 1, not {level}.")
    n = float(week.sum())
    share = exposure / exposure.sum()
    if n * share.min() < LEAST:
        return WeekRhythm(n, None, None, None, enough_data=False)
    by_part = week.sum(axis=0).reshape(-1, PART).sum(axis=1)
    part = _busiest(by_part, np.full(len(by_part), 1 / len(by_part)), 2, level)
    return WeekRhythm(
        n,
        hours=replace(part, start=PART * part.start, length=PART * part.length) if part else None,
        days=_busiest(week.sum(axis=1), share, 3, level),
        stretch=_stretch(week, share, level),
        enough_data=True,
    )


def _busiest(counts: Floats, share: Floats, longest: int, level: float) -> Busy | None:
    """The run of classes that stands out most, when the classes differ."""
    n = counts.sum()
    even = n * share
    p = QUESTIONS * float(chdtrc(len(counts) - 1, ((counts - even) ** 2 / even).sum()))
    if p >= level:
        return None
    runs = [
        Busy(start, length, _around(counts, start, length), _around(even, start, length), p)
        for length in range(1, longest + 1)
        for start in range(len(counts))
    ]
    return max(runs, key=lambda run: (run.n - run.even) / np.sqrt(run.even * (1 - run.even / n)))


def _stretch(week: Floats, share: Floats, level: float) -> Busy | None:
    """The busiest hours in a row, when they have more than the busiest of an even week would."""
    hours = week.reshape(-1)
    sums = np.array([_around(hours, start, STRETCH) for start in range(len(hours))])
    even = np.repeat(hours.sum() * share / 24, 24)
    start = int(sums.argmax())
    expected = _around(even, start, STRETCH)
    p = QUESTIONS * len(hours) * float(gammainc(np.floor(sums[start]), expected))
    return Busy(start, STRETCH, float(sums[start]), expected, p) if p < level else None


def _around(values: Floats, start: int, length: int) -> float:
    """Sum of so many values from a place on, round the end."""
    return float(np.take(values, range(start, start + length), mode="wrap").sum())

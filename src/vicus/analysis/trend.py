"""Does a series go up or down?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from vicus.analysis.checks import finite
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MannKendall(Result):
    """Trend of a series, from `mann_kendall`.

    Attributes
    ----------
    s : int
        Pairs in which the later value is higher, less those in which it is lower.
    tau : float
        Kendall's tau-b, from -1 (always down) to 1 (always up); NaN when all values are equal.
    p : float
        Two-sided p-value; NaN with fewer than three values.
    z : float
        Standard score behind it.
    n : int
        Length of the series.
    """

    s: int
    tau: float
    p: float
    z: float
    n: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if np.isnan(self.p):
            return f"Not enough data: a trend takes three values; there {'is one' if self.n == 1 else f'are {self.n}'}."
        word = "no clear trend"
        if self.p < 0.05:
            word = "goes up" if self.s > 0 else "goes down"
        return f"Over {self.n} values: {word} (tau {np.nan_to_num(self.tau):.2f}, p {self.p:.3g})."


def mann_kendall(series: ArrayLike) -> MannKendall:
    r"""Does a series go up or down, whatever the shape of the trend?

    Parameters
    ----------
    series : array_like, shape (n,)
        Values in order of time, at equal steps.

    Returns
    -------
    MannKendall

    Raises
    ------
    MissingValues
        A value is missing: leave that step out where steps are many, or fill in what it was.
    NotCounts, LengthMismatch
        Not numbers, or not one-dimensional.

    Notes
    -----
    .. math::

        S = \sum_{i<j} \mathrm{sign}(x_j - x_i), \quad
        z = \frac{S - \mathrm{sign}(S)}{\sqrt{\frac{1}{18}\left[n(n-1)(2n+5) - \sum_t t(t-1)(2t+5)\right]}}

    over groups of t equal values. The normal approximation is rough below ten values. Season and values that
    depend on the one before make trends look surer than they are: test twelve-month sums, or one month over years.

    References
    ----------
    Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3), 245-259. :doi:`10.2307/1907187`

    Kendall, M. G. (1975). Rank correlation methods, 4th edition. London: Griffin.

    Examples
    --------
    >>> from vicus.analysis import mann_kendall
    >>> print(mann_kendall([3, 5, 4, 6, 8, 7, 9, 12, 10, 11]).summary())
    Over 10 values: goes up (tau 0.82, p 0.00128).
    """
    values = finite(series, "series")
    n = len(values)
    s, z, paired = (float(part[0]) for part in kendall_of_rows(values[None, :]))
    pairs = n * (n - 1) / 2.0
    tau = s / np.sqrt(pairs * paired) if paired else np.nan
    p = float(2.0 * ndtr(-abs(z))) if n > 2 else np.nan
    return MannKendall(int(s), float(tau), p, z, n)


def kendall_of_rows(rows: Floats) -> tuple[Any, Any, Any]:
    """S, its standard score, and the number of pairs without ties, of each row of shape (m, n)."""
    m, n = rows.shape
    s, ties, equal_pairs = np.zeros(m), np.zeros(m), np.zeros(m)
    for i in range(n):
        now = rows[:, i : i + 1]
        s += np.sign(rows[:, i + 1 :] - now).sum(axis=1)
        equal = (rows == now).sum(axis=1)
        ties += (equal - 1.0) * (2.0 * equal + 5.0)
        equal_pairs += (equal - 1.0) / 2.0
    variance = (n * (n - 1.0) * (2.0 * n + 5.0) - ties) / 18.0
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (s - np.sign(s)) / np.sqrt(variance), 0.0)
    return s, z, n * (n - 1.0) / 2.0 - equal_pairs

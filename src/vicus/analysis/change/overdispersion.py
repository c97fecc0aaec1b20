"""How much counts vary beyond chance, from a history of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from vicus.analysis.checks import counts_array, one_of_range
from vicus.analysis.errors import BadParameter
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]

ENOUGH = 10
"""Degrees of freedom below which no dispersion is given."""


@dataclass(frozen=True, slots=True)
class Dispersion(Result):
    """Variance of counts over their mean, from `dispersion`.

    Attributes
    ----------
    phi : float
        Variance over mean: 1 for Poisson counts. NaN when `enough_data` is False.
    freedom : float
        Degrees of freedom that the estimate rests on.
    low, high : float
        Interval of `phi` at `confidence`.
    confidence : float
        As asked.
    enough_data : bool
        False with fewer than 10 degrees of freedom.
    why : str
        Why there is no answer; empty when there is one.
    """

    phi: float
    freedom: float
    low: float
    high: float
    confidence: float
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        return (
            f"Counts vary {self.phi:.2f} times as much as chance alone, between {self.low:.2f} and"
            f" {self.high:.2f} at {self.confidence:.0%} confidence."
        )


def dispersion(
    series: ArrayLike | Sequence[ArrayLike], *, season: int | None = None, confidence: float = 0.95
) -> Dispersion:
    r"""How much counts of equal periods vary beyond chance: their variance over their mean.

    `wdd` and `detectable_change` take the result as their `dispersion`.

    Parameters
    ----------
    series : array_like of int, shape (n,), or sequence of them
        Counts of equal periods before the action, oldest first: one series, or one for each area (they may
        differ in length and level; one dispersion is estimated for all).
    season : int or None, default None
        Periods in a cycle (12 for months). Then each series is compared with the product of its cycles and of
        the parts of a cycle, in full cycles counted back from the end, so that neither a season nor a change of
        level from year to year counts as dispersion.
    confidence : float, default 0.95
        Confidence of the interval.

    Returns
    -------
    Dispersion
        `enough_data` is False with fewer than 10 degrees of freedom, or without events.

    Raises
    ------
    NotCounts, MissingValues, BadParameter
        Values or parameters do not fit.

    Notes
    -----
    Pearson's estimate: :math:`\phi = X^2 / f`, with :math:`X^2 = \sum (y - \hat\mu)^2 / \hat\mu` and f the degrees
    of freedom left. The interval takes :math:`f \hat\phi / \phi` as :math:`\chi^2_f`, which is rough below a mean of
    3 per period. Counts that depend on the period before make it too small: the sums of a year then vary more than
    single months tell.

    References
    ----------
    McCullagh, P., & Nelder, J. A. (1989). Generalized linear models (2nd ed.), section 6.2.3. London: Chapman and
    Hall. :doi:`10.1201/9780203753736`

    Examples
    --------
    >>> from vicus.analysis import dispersion
    >>> found = dispersion([4, 9, 2, 14, 6, 3, 11, 8, 1, 12, 7, 7])
    >>> print(found.summary())
    Counts vary 2.36 times as much as chance alone, between 1.19 and 6.81 at 95% confidence.
    """
    level = one_of_range(confidence, "confidence", 0.0, 1.0)
    if season is not None and (int(season) != season or season < 2):
        raise BadParameter(
            f"season must be a whole number of periods of 2 or more, or None; it is {season!r}."
        )
    chi2, freedom = 0.0, 0.0
    for number, one in enumerate(_several(series)):
        part, free = _pearson(counts_array(one, f"series {number}"), season)
        chi2, freedom = chi2 + part, freedom + free
    if freedom < ENOUGH:
        why = f"{freedom:g} degrees of freedom, at least {ENOUGH} are needed: give longer or more series"
        return Dispersion(math.nan, freedom, math.nan, math.nan, level, False, why)
    phi, tail = chi2 / freedom, (1.0 - level) / 2.0
    low, high = chi2 / chdtri(freedom, tail), chi2 / chdtri(freedom, 1.0 - tail)
    return Dispersion(phi, freedom, float(low), float(high), level, True, "")


def _several(series: Any) -> list[Any]:
    """One series or many, as a list."""
    values = list(series)
    return values if values and np.ndim(values[0]) else [values]


def _pearson(y: Floats, season: int | None) -> tuple[float, float]:
    """Pearson's chi-square of one series, and its degrees of freedom; none where nothing happened."""
    if season is None:
        table = y.reshape(1, -1)
        free = len(y) - 1.0
    else:
        cycles = len(y) // season
        table = y[len(y) - cycles * season :].reshape(cycles, season)
        table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        free = (table.shape[0] - 1.0) * (table.shape[1] - 1.0)
    if table.sum() == 0 or free <= 0:
        return 0.0, 0.0
    if season is None:
        fitted = np.full(table.shape, table.mean())
    else:
        fitted = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    return float(np.sum((table - fitted) ** 2 / fitted)), free


def phi_of(value: float | Dispersion, name: str = "dispersion") -> tuple[float, float]:
    """A dispersion and its degrees of freedom (infinite for a number); an estimate below 1 is taken as 1."""
    if isinstance(value, Dispersion):
        if not value.enough_data:
            raise BadParameter(f"{name} could not be estimated: {value.why}. Give a number instead.")
        return (value.phi, value.freedom) if value.phi > 1.0 else (1.0, math.inf)
    if not (np.isfinite(value) and value > 0):
        raise BadParameter(
            f"{name} must be a positive number or the result of dispersion(); it is {value!r}."
        )
    return float(value), math.inf

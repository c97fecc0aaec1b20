"""Rates of small places, steadied by what all places have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import not_negative, same_length
from vicus.analysis.errors import NothingToCount

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]


def empirical_bayes(events: ArrayLike, population: ArrayLike) -> Any:
    r"""Rates per inhabitant (or household, or vehicle) that a handful of events in a small place do not throw about.

    Parameters
    ----------
    events : array_like, shape (n,)
        Events per place, 0 and more.
    population : array_like, shape (n,)
        What they are counted over, 0 and more.

    Returns
    -------
    Series or ndarray of float64, shape (n,)
        Smoothed rate of each place; a Series with the index of `events` when that is one. A place without
        population gets the overall rate.

    Raises
    ------
    NothingToCount
        There are no places, or no population at all.
    NotCounts, MissingValues, LengthMismatch
        Values do not fit.

    Notes
    -----
    Marshall's global estimator: with raw rates :math:`r_i = O_i / P_i`, overall rate b and mean population
    :math:`\bar P`,

    .. math::

        \hat r_i = b + w_i (r_i - b), \quad w_i = \frac{a}{a + b / P_i}, \quad
        a = \max\left(0, \frac{\sum P_i (r_i - b)^2}{\sum P_i} - \frac{b}{\bar P}\right)

    Places with few inhabitants are drawn to the overall rate, all of them when places differ no more than
    chance. For a map and a ranking; not for a test, since what is drawn in varies less than it should. A
    resident population says little about places that people visit.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators. Journal of the
    Royal Statistical Society C 40(2), 283-294. :doi:`10.2307/2347593`

    Examples
    --------
    >>> from vicus.analysis import empirical_bayes
    >>> empirical_bayes([2, 30, 9, 60], [10, 1000, 100, 1000]).round(3)
    array([0.058, 0.032, 0.065, 0.058])
    """
    seen, people = not_negative(events, "events"), not_negative(population, "population")
    same_length(events=seen, population=people)
    if not len(people) or people.sum() <= 0:
        raise NothingToCount(
            f"population holds {len(people)} places and nobody; rates of nobody do not exist."
        )
    overall = seen.sum() / people.sum()
    some = people > 0
    raw = np.divide(seen, people, out=np.full(len(seen), overall), where=some)
    spread = float(people @ (raw - overall) ** 2) / people.sum()
    between = max(0.0, spread - overall / people.mean())
    noise = np.divide(overall, people, out=np.full(len(seen), np.inf), where=some)
    whole = between + noise
    weight = np.divide(between, whole, out=np.zeros(len(seen)), where=whole > 0)
    rates = overall + weight * (raw - overall)
    return pd.Series(rates, index=events.index) if isinstance(events, pd.Series) else rates

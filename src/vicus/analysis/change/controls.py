"""Which places to compare a hotspot with: those that were most like it before anything was done."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import metric, same_crs
from vicus.analysis.errors import BadParameter, ColumnMissing, MissingValues, NotCounts
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]

log = logging.getLogger(__name__)

MINIMUM_HISTORY = 6
"""Periods below which likeness is not judged."""


@dataclass(frozen=True, slots=True)
class Controls(Result):
    """Places to compare hotspots with, from `choose_controls`.

    Attributes
    ----------
    pairs : DataFrame
        One row per hotspot and control: `hotspot`, `control`, `rank` (1 is the most alike), `distance` (about 1
        when only chance tells their histories apart, more when they differ), `level` (events of the control over
        those of the hotspot) and `correlation` of their histories.
    left_out : list
        Candidates not considered: hotspots themselves, or too near to one.
    enough_data : bool
        False with fewer than 6 periods of history, or fewer candidates than asked for.
    why : str
        Why not; empty when there is nothing to say.
    """

    pairs: pd.DataFrame
    left_out: list[Any]
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        worst = self.pairs["distance"].max()
        return (
            f"{len(self.pairs)} controls for {self.pairs['hotspot'].nunique()} hotspots; the least alike differs"
            f" {worst:.1f} times as much as chance alone would make it."
        )


def choose_controls(
    hotspots: Sequence[Any] | Any,
    candidates: Sequence[Any] | Any,
    history: pd.DataFrame,
    *,
    n: int,
    apart: float = 0.0,
) -> Controls:
    r"""Choose for every hotspot the n places whose history was most like its own.

    Parameters
    ----------
    hotspots, candidates : sequence of labels, or GeoDataFrame
        Rows of `history`: the places of the action, and those that may serve as a control. Candidates that are
        hotspots are left out.
    history : DataFrame of int, shape (places, periods)
        Counts before the action, one row per place and one column per period of equal length.
    n : int
        Controls per hotspot; no place serves twice.
    apart : float, default 0.0
        Metres that a control must lie from every hotspot, so that what moves next door does not spoil the
        comparison. Needs both layers as GeoDataFrame in a projected CRS.

    Returns
    -------
    Controls

    Raises
    ------
    ColumnMissing
        A place has no row in `history`.
    NotCounts, MissingValues
        Histories that are negative or incomplete.
    BadParameter, NotProjected, DifferentCRS
        `n` or `apart` cannot be used.

    Notes
    -----
    Likeness is the mean squared difference of the roots of the counts,

    .. math:: D_{ij} = \frac{1}{T} \sum_t 2 \left(\sqrt{h_{it}} - \sqrt{c_{jt}}\right)^2,

    which is near 1 for two places with the same Poisson rates. All hotspots get their first control together,
    so that the sum of the distances is least, then their second, and so on. Places chosen as hotspots because of
    a recent peak fall back by themselves (regression to the mean), and their controls do not: leave the months
    that led to the choice out of `history`.

    References
    ----------
    Braga, A. A., & Bond, B. J. (2008). Policing crime and disorder hot spots: a randomized controlled trial.
    Criminology 46(3), 577-607. :doi:`10.1111/j.1745-9125.2008.00124.x` (matched pairs of hotspots)

    Examples
    --------
    >>> import pandas as pd
    >>> from vicus.analysis import choose_controls
    >>> months = range(8)
    >>> history = pd.DataFrame(
    ...     {"square": [9, 12, 8, 14, 11, 10, 9, 13], "park": [1, 0, 2, 1, 0, 1, 3, 1],
    ...      "station": [8, 13, 9, 12, 12, 9, 8, 14]}, index=months).T
    >>> choose_controls(["square"], ["park", "station"], history, n=1).pairs.round(2)
      hotspot  control  rank  distance  level  correlation
    0  square  station     1      0.06   0.99         0.85
    """
    if int(n) != n or n < 1:
        raise BadParameter(f"n must be a whole number of 1 or more; it is {n!r}.")
    treated, pool = _labels(hotspots), _labels(candidates)
    lost = [label for label in (*treated, *pool) if label not in history.index]
    if lost:
        raise ColumnMissing(
            f"history has no row for {', '.join(map(repr, lost[:5]))}; its rows are the places."
        )
    if history.index.has_duplicates:
        raise BadParameter("history holds a place more than once; give one row per place.")
    near = _near(hotspots, candidates, apart) if apart > 0 else set()
    left_out = [label for label in pool if label in set(treated) or label in near]
    pool = [label for label in pool if label not in set(left_out)]
    before, others = _counts(history.loc[treated]), _counts(history.loc[pool])
    periods = history.shape[1]
    why = ""
    if periods < MINIMUM_HISTORY:
        why = f"{periods} periods of history, at least {MINIMUM_HISTORY} are needed"
    elif not treated or len(pool) < n * len(treated):
        why = f"{len(pool)} candidates for {n} controls of each of {len(treated)} hotspots"
    if left_out:
        log.info("choose_controls: %d candidates left out, hotspots themselves or too near", len(left_out))
    pairs = _match(before, others, treated, pool, int(n)) if periods else _table([])
    return Controls(pairs, left_out, not why, why)


def _labels(places: Any) -> list[Any]:
    labels = list(places.index) if hasattr(places, "index") and hasattr(places, "geometry") else list(places)
    return list(dict.fromkeys(labels))


def _near(hotspots: Any, candidates: Any, apart: float) -> set[Any]:
    if not (hasattr(hotspots, "geometry") and hasattr(candidates, "geometry")):
        raise BadParameter("apart needs hotspots and candidates as GeoDataFrame; labels have no distance.")
    one, other = metric(hotspots, "hotspots"), metric(candidates, "candidates")
    same_crs(one, other, ("hotspots", "candidates"))
    reach = other.distance(one.union_all())
    return set(other.index[reach.to_numpy() < apart])


def _counts(table: pd.DataFrame) -> Floats:
    values = table.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise MissingValues("history has missing values; fill in 0 where nothing happened.")
    if values.size and values.min() < 0:
        raise NotCounts(f"history holds negative values (the lowest is {values.min():g}); counts start at 0.")
    return values


def _match(before: Floats, others: Floats, treated: list[Any], pool: list[Any], n: int) -> pd.DataFrame:
    """Round by round, the assignment with the least sum of distances."""
    from scipy.optimize import linear_sum_assignment

    roots, free = np.sqrt(before), np.arange(len(pool))
    distance = np.array([2.0 * np.mean((np.sqrt(others) - row) ** 2, axis=1) for row in roots])
    rows = []
    for rank in range(1, n + 1):
        if not len(free):
            break
        for i, k in zip(*linear_sum_assignment(distance[:, free]), strict=True):
            j = free[k]
            total = before[i].sum()
            level = others[j].sum() / total if total else np.nan
            rows.append(
                (treated[i], pool[j], rank, distance[i, j], level, _correlation(before[i], others[j]))
            )
        free = np.setdiff1d(free, [pool.index(row[1]) for row in rows if row[2] == rank])
    order = {label: i for i, label in enumerate(treated)}
    return _table(sorted(rows, key=lambda row: (order[row[0]], row[2])))


def _correlation(one: Floats, other: Floats) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["hotspot", "control", "rank", "distance", "level", "correlation"])

"""Are events that are near in space near in time, without bands: Mantel's and Jacquez' tests, beside `knox`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vicus.analysis.errors import BadParameter
from vicus.analysis.repeats.events import DAY, events_in
from vicus.analysis.results import Result
from vicus.analysis.simulation import RandomState

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]

MOST_EVENTS = 5_000
"""Mantel's test holds all pairs at once."""


@dataclass(frozen=True, slots=True)
class Interaction(Result):
    """Link between nearness in space and in time, from `mantel` or `jacquez`.

    Attributes
    ----------
    statistic : float
        Correlation (Mantel), or pairs that are nearest neighbours in both (Jacquez).
    expected : float
        Its mean among the shuffles.
    p : float
        Share of shuffles that reach it, the one observed among them.
    permutations : int
    """

    statistic: float
    expected: float
    p: float
    permutations: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if np.isnan(self.statistic):
            return "Not enough data: all events are at one place or at one time."
        word = "events near in space are near in time" if self.p < 0.05 else "no link between space and time"
        return f"{self.statistic:.4g} where {self.expected:.4g} is expected (p {self.p:.3g}): {word}."


def mantel(
    xy: Any,
    times: str | ArrayLike,
    *,
    space: tuple[float, float] = (1.0, -1.0),
    time: tuple[float, float] = (1.0, -1.0),
    permutations: int = 999,
    random_state: RandomState = None,
) -> Interaction:
    r"""Mantel's test: do distance in space and distance in time go together, over all pairs of events?

    Parameters
    ----------
    xy : array_like of shape (n, 2), a layer of points, or a selection of a store
        Places in metres.
    times : array_like of shape (n,), or str
        Datetimes, or numbers in days; or the column of `xy` that holds them.
    space, time : (float, float), default (1, -1)
        Constant added to each distance (metres, days), and the power it is raised to: reciprocals by default, so that near
        pairs count most.
    permutations : int, default 999
        Shuffles of the times over the places.
    random_state : int or numpy Generator, optional

    Returns
    -------
    Interaction

    Raises
    ------
    MissingValues, MissingTimes, LengthMismatch
        Events without a place or time; other lengths.
    BadParameter
        More than 5,000 events (all pairs are held at once): take `knox`; fewer than three; fewer than 19 shuffles.

    Notes
    -----
    Pearson's correlation of :math:`(s_{ij} + c_s)^{p_s}` and :math:`(t_{ij} + c_t)^{p_t}` over the pairs. The constants
    decide what is found and there is no rule for them; where the question is "how near, how soon", `knox` answers it.

    References
    ----------
    Mantel, N. (1967). The detection of disease clustering and a generalized regression approach. Cancer Research 27,
    209-220.

    Examples
    --------
    >>> from vicus.analysis import mantel
    >>> xy = [(0, 0), (10, 0), (500, 500), (510, 500), (1000, 0), (1010, 0)]
    >>> result = mantel(xy, [0, 1, 30, 31, 60, 61], permutations=99, random_state=1)
    >>> round(result.statistic, 3)
    1.0
    """
    x, y, t = events_in(xy, times)
    days = t / DAY
    n = len(x)
    _enough(n, permutations)
    if n > MOST_EVENTS:
        raise BadParameter(
            f"{n:,} events have {n * (n - 1) // 2:,} pairs, too many to hold at once (at most {MOST_EVENTS:,} events). Take knox."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        near = (np.hypot(x[:, None] - x, y[:, None] - y) + space[0]) ** space[1]
        soon = (np.abs(days[:, None] - days) + time[0]) ** time[1]
    if not (np.isfinite(near).all() and np.isfinite(soon).all()):
        raise BadParameter("A distance of 0 with a negative power is infinite: add a constant above 0.")
    off = ~np.eye(n, dtype=bool)
    near, soon = near - near[off].mean(), soon - soon[off].mean()
    np.fill_diagonal(near, 0.0)
    np.fill_diagonal(soon, 0.0)
    scale = float(np.sqrt((near**2).sum() * (soon**2).sum()))
    if scale < 1e-12:
        return Interaction(np.nan, np.nan, np.nan, permutations)
    random = np.random.default_rng(random_state)
    simulated = np.empty(permutations)
    for k in range(permutations):
        order = random.permutation(n)
        simulated[k] = np.vdot(near, soon[order][:, order]) / scale
    return _judged(float(np.vdot(near, soon)) / scale, simulated)


def jacquez(
    xy: Any,
    times: str | ArrayLike,
    *,
    k: int,
    permutations: int = 999,
    random_state: RandomState = None,
) -> Interaction:
    """Jacquez' test: are the nearest neighbours in space the nearest in time, however far that is?

    Parameters
    ----------
    xy : array_like of shape (n, 2), a layer of points, or a selection of a store
        Places in metres.
    times : array_like of shape (n,), or str
        Datetimes, or numbers in days; or the column of `xy` that holds them.
    k : int
        How many neighbours of each event. Events as far as the k-th are neighbours too, so that the order of rows does
        not decide between equals.
    permutations : int, default 999
        Shuffles of the times over the places.
    random_state : int or numpy Generator, optional

    Returns
    -------
    Interaction

    Raises
    ------
    MissingValues, MissingTimes, LengthMismatch
        Events without a place or time; other lengths.
    BadParameter
        `k` is not between 1 and n - 1; fewer than three events; fewer than 19 shuffles.

    Notes
    -----
    Distances adapt to how dense the events are, so a busy centre and a quiet edge count alike; the answer names no
    distance and no number of days. `knox` does.

    References
    ----------
    Jacquez, G. M. (1996). A k nearest neighbour test for space-time interaction. Statistics in Medicine 15(18),
    1935-1949. :doi:`10.1002/(SICI)1097-0258(19960930)15:18<1935::AID-SIM406>3.0.CO;2-I`

    Examples
    --------
    >>> from vicus.analysis import jacquez
    >>> xy = [(0, 0), (10, 0), (500, 500), (510, 500), (1000, 0), (1010, 0)]
    >>> jacquez(xy, [0, 1, 30, 31, 60, 61], k=1, permutations=99, random_state=1).statistic
    6.0
    """
    x, y, t = events_in(xy, times)
    days = t / DAY
    n = len(x)
    _enough(n, permutations)
    if not 1 <= k < n:
        raise BadParameter(f"k must lie between 1 and {n - 1}, one less than the events; it is {k}.")
    near, soon = _nearest(np.column_stack((x, y)), k), _nearest(days[:, None], k)
    random = np.random.default_rng(random_state)
    simulated = np.empty(permutations)
    for i in range(permutations):
        order = random.permutation(n)
        simulated[i] = near.multiply(soon[order][:, order]).sum()
    return _judged(float(near.multiply(soon).sum()), simulated)


def _nearest(places: Floats, k: int) -> Any:
    """Which others are no further than the k-th nearest, as a sparse matrix of ones."""
    from scipy import sparse
    from scipy.spatial import cKDTree

    tree = cKDTree(places)
    reach = tree.query(places, k=k + 1)[0][:, -1]
    found = tree.query_ball_point(places, reach * (1 + 1e-12) + 1e-9)
    rows = np.repeat(np.arange(len(places)), [len(row) for row in found])
    cols = np.concatenate([np.asarray(row, dtype=np.int64) for row in found])
    other = rows != cols
    ones = np.ones(int(other.sum()))
    return sparse.csr_array((ones, (rows[other], cols[other])), shape=(len(places), len(places)))


def _enough(n: int, permutations: int) -> None:
    if n < 3:
        raise BadParameter(f"At least 3 events are needed; there are {n}.")
    if permutations < 19:
        raise BadParameter(f"permutations must be at least 19, for p-values of 0.05; it is {permutations}.")


def _judged(found: float, simulated: Floats) -> Interaction:
    reached = int(np.count_nonzero(simulated >= found - 1e-12 * max(1.0, abs(found))))
    return Interaction(found, float(simulated.mean()), (1 + reached) / (1 + len(simulated)), len(simulated))

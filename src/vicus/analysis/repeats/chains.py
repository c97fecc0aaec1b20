"""Chains of near repeats: events linked by being close in space and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vicus.analysis.repeats.events import bands_of, events_in, events_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def near_repeat_chains(
    xy: Any,
    times: str | ArrayLike,
    *,
    distance: float,
    days: float,
    metric: str = "euclidean",
    closed: str = "right",
) -> npt.NDArray[np.int64]:
    """Which events belong to one chain of near repeats?

    Parameters
    ----------
    xy : array_like of shape (n, 2), a layer of points, or a selection of a store
        Places of the events in metres.
    times : array_like of shape (n,), or str
        Dates and times, or numbers in days; or the column of `xy` that holds them.
    distance : float
        How far apart two events may be to be linked, in metres.
    days : float
        How long apart.
    metric, closed
        As in `knox`; `closed="right"` counts an event at exactly the distance or time.

    Returns
    -------
    ndarray of int, shape (n,)
        Number of the chain of each event, from 0, the chain that begins first; -1 for an event in no chain.

    Raises
    ------
    MissingValues, MissingTimes, LengthMismatch, NotProjected, NotPoints, MixedTimes, BadParameter
        As in `knox`.

    Notes
    -----
    Events are linked when they are close in both; a chain is everything that can be reached from link to link. Its
    first and last event can be far apart. A chain says that events follow each other, not that one hand did them;
    with bands as wide as the data are dense, everything is one chain. Test first, with `knox`, how far and how
    long repeats go.

    References
    ----------
    Haberman, C. P., & Ratcliffe, J. H. (2012). The predictive policing challenges of near repeat armed street
    robberies. Policing 6(2), 151-166. :doi:`10.1093/police/pas012`

    Examples
    --------
    >>> from vicus.analysis import near_repeat_chains
    >>> places = [(0, 0), (90, 0), (180, 0), (5000, 0), (0, 0)]
    >>> near_repeat_chains(places, [1, 5, 9, 9, 200], distance=100, days=7)
    array([ 0,  0,  0, -1, -1])
    """
    x, y, t = events_in(xy, times)
    bands = bands_of(float(distance), float(days), metric, closed, (x, y))
    events = events_of(x, y, t, bands)
    leader = np.empty(len(x), dtype=np.int64)
    leader[events.rows] = events.chains(bands)
    chained = np.bincount(leader, minlength=len(x))[leader] > 1
    labels = np.full(len(x), -1, dtype=np.int64)
    order = np.lexsort((y, x, t))
    order = order[chained[order]]
    _, first, member = np.unique(leader[order], return_index=True, return_inverse=True)
    labels[order] = np.argsort(np.argsort(first))[member]
    return labels

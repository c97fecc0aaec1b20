"""The Knox test: are there more pairs of events close in both space and time than chance brings?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import pdtrc

from vicus.analysis.checks import one_of_range
from vicus.analysis.repeats.events import Bands, Events, bands_of, events_in, events_of
from vicus.analysis.results import Result
from vicus.analysis.simulation import RandomState, in_threads, monte_carlo_p, seeds_of, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Knox(Result):
    """Pairs of events by distance and time, from `knox`. Rows are bands of distance, columns bands of time.

    Attributes
    ----------
    observed : ndarray of int, shape (distances, days)
        Pairs of events in each band.
    expected : ndarray of float, same shape
        Pairs to expect when times have nothing to do with places.
    ratio : ndarray of float, same shape
        Observed over expected (the Knox ratio); NaN where none is expected.
    p : ndarray of float, same shape
        Chance of as many pairs or more: from shuffled times, or `p_poisson` without shuffles.
    significant : ndarray of bool, same shape
        Whether `p` is at most the significance asked for.
    p_poisson : ndarray of float, same shape
        The same chance when pairs were Poisson; a quick approximation.
    distances, days : ndarray
        Upper edges of the bands, metres and days.
    closed : str
        Which edge belongs to a band.
    n, permutations : int
        Events, and shuffles.
    enough_data : bool
        Whether any pair of events could be close in both at all.
    why : str
        Why there is not enough data.
    """

    observed: Integers
    expected: Floats
    ratio: Floats
    p: Floats
    significant: npt.NDArray[np.bool_]
    p_poisson: Floats
    distances: Floats
    days: Floats
    closed: str
    n: int
    permutations: int
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        if not self.significant.any():
            return f"No near repeats beyond chance among {self.n} events."
        strongest = np.where(self.significant, np.nan_to_num(self.ratio), -1.0)
        a, b = np.unravel_index(int(np.argmax(strongest)), strongest.shape)
        return (
            f"Near repeats: {_band(self.distances, int(a))} m and {_band(self.days, int(b))} days apart there are"
            f" {self.observed[a, b]} pairs where {self.expected[a, b]:.1f} are expected ({self.ratio[a, b]:.2f} times"
            f" as many, p {self.p[a, b]:.3g})."
        )


def _band(edges: Floats, k: int) -> str:
    return f"{0.0 if k == 0 else edges[k - 1]:g} to {edges[k]:g}"


def knox(
    xy: Any,
    times: str | ArrayLike,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    metric: str = "euclidean",
    closed: str = "right",
    permutations: int = 999,
    random_state: RandomState = None,
    significance: float = 0.05,
    threads: int | None = None,
) -> Knox:
    r"""Near repeats: after an event, are there more events nearby soon than chance would bring?

    Parameters
    ----------
    xy : array_like of shape (n, 2), a layer of points, or a selection of a store
        Places of the events in metres; layers must be in a projected CRS.
    times : array_like of shape (n,), or str
        Dates and times, or numbers in days; or the column of `xy` that holds them. Times with a zone are
        compared as moments, times without as they stand. Give dates where the hour is not known, and whole days are compared.
    distances : float or array_like, shape (a,)
        Upper edges of the bands of distance, in metres, rising. A first edge of 0 (or 0.1) is the same place.
    days : float or array_like, shape (b,)
        Upper edges of the bands of time, in days, rising.
    metric : {"euclidean", "manhattan"}, default "euclidean"
        As the crow flies, or along the axes of a street grid.
    closed : {"right", "left"}, default "right"
        Edges 0.1, 200, 400 are the bands [0, 0.1], (0.1, 200], (200, 400]; with "left" [0, 0.1), [0.1, 200),
        [200, 400). The first band always begins at 0, which belongs to it.
    permutations : int, default 999
        How often times are shuffled over places; 0 for the Poisson approximation alone.
    random_state : int or numpy Generator, optional
        Seed of the shuffles. One seed gives one answer, whatever the order of the rows or the number of threads.
    significance : float, default 0.05
        Highest `p` to be called significant. It holds for each band by itself: of twenty bands, one is
        significant by chance.
    threads : int, optional
        Threads to work with; as many as there are processors when left out.

    Returns
    -------
    Knox

    Raises
    ------
    MissingValues, MissingTimes
        An event without coordinates or time.
    LengthMismatch, NotProjected, NotPoints, MixedTimes, BadParameter
        Places and times do not fit each other; bands do not rise; degrees; parameters out of their bounds.

    Notes
    -----
    Of n events with :math:`S_a` pairs in a band of distance and :math:`T_b` in a band of time,

    .. math:: E_{ab} = \frac{S_a T_b}{n (n - 1) / 2}

    is exactly the mean over all ways to deal the times out over the places. Of the shuffles, p is
    :math:`(1 + \#\{simulated \ge observed\}) / (1 + permutations)`, and of the Poisson approximation
    :math:`P(X \ge observed)`.

    Events in one place and at one time make pairs like any others: remove what was recorded twice before. The
    test supposes that places keep their share of events over the whole period: where one neighbourhood grows
    busier and another quieter, pairs close in both exceed chance without any near repeat. Keep to a year or two,
    or test periods apart. Measured with 300 events: a nominal 5 % is reached by 3.7 to 4.3 % of bands when places keep
    their share, and by 85 % when the whole pattern moves 2 m a day (`python -m benchmarks.calibration knox`).

    References
    ----------
    Knox, E. G., & Bartlett, M. S. (1964). The detection of space-time interactions. Applied Statistics 13(1),
    25-30. :doi:`10.2307/2985220`

    Ratcliffe, J. H., & Rengert, G. F. (2008). Near-repeat patterns in Philadelphia shootings. Security Journal
    21, 58-76. :doi:`10.1057/palgrave.sj.8350068`

    Examples
    --------
    >>> import numpy as np
    >>> from vicus.analysis import knox
    >>> rng = np.random.default_rng(1)
    >>> places, days = rng.uniform(0, 5000, (300, 2)), rng.integers(0, 365, 300)
    >>> places = np.vstack((places, places[:60] + 30))     # sixty are followed by one 42 m away
    >>> days = np.append(days, days[:60] + 3)              # three days later
    >>> result = knox(places, days, distances=[100, 400], days=[7, 14], random_state=1)
    >>> result.observed
    array([[64,  2],
           [65, 38]])
    >>> print(result.summary())
    Near repeats: 0 to 100 m and 0 to 7 days apart there are 64 pairs where 5.2 are expected (12.35 times as many, p 0.001).
    """
    simulations = whole(permutations, "permutations")
    level = one_of_range(significance, "significance", 0.0, 1.0)
    x, y, t = events_in(xy, times)
    bands = bands_of(distances, days, metric, closed, (x, y))
    events = events_of(x, y, t, bands)
    n = len(x)
    in_space, in_time = events.sweep(bands, same_time=True)[0][:, 0], events.pairs_in_time(bands)
    observed = events.sweep(bands)[0]
    pairs = n * (n - 1) / 2
    expected = np.outer(in_space, in_time) / max(pairs, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
    p_poisson = np.where(observed > 0, pdtrc(observed - 1.0, expected), 1.0)
    p = p_poisson
    if simulations:
        p = monte_carlo_p(_as_many(events, bands, observed, simulations, random_state, threads), simulations)
    why = _too_little(n, int(in_space.sum()), int(in_time.sum()), bands)
    if why:
        log.info("knox: not enough data, %s", why)
        p = p_poisson = np.full(bands.shape, np.nan)
    return Knox(
        observed, expected, ratio, p, p <= level, p_poisson, bands.distances, bands.days, closed, n, simulations,
        not why, why,
    )  # fmt: skip


def _as_many(
    events: Events,
    bands: Bands,
    observed: Integers,
    simulations: int,
    random_state: RandomState,
    threads: int | None,
) -> Integers:
    """How many shuffles have as many pairs as observed, or more."""
    from vicus.analysis.repeats import kernels

    seeds = seeds_of(random_state, simulations)
    counts = np.zeros((simulations, *bands.shape), dtype=np.int64)

    def run(first: int, last: int) -> None:
        kernels.shuffled_sweeps(
            seeds[first:last], events.t, events.x, events.y, events.cell, events.first, events.start, events.near,
            bands.d_limits, bands.t_limits, bands.manhattan, counts[first:last],
        )  # fmt: skip

    in_threads(run, simulations, threads)
    return np.asarray((counts >= observed).sum(axis=0))


def _too_little(n: int, in_space: int, in_time: int, bands: Bands) -> str:
    if n < 2:
        return f"a pair takes two events; there {'is one' if n == 1 else 'are none'}"
    if not in_space:
        return f"no two of {n} events are within {bands.distances[-1]:g} m"
    if not in_time:
        return f"no two of {n} events are within {bands.days[-1]:g} days"
    return ""

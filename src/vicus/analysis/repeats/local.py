"""The Knox test event by event: which events have near repeats around them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from vicus.analysis.checks import one_of, one_of_range
from vicus.analysis.probability import adjust_p
from vicus.analysis.repeats.events import bands_of, events_in, events_of
from vicus.analysis.results import Result
from vicus.analysis.simulation import RandomState, monte_carlo_p, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LocalKnox(Result):
    """Events near each event, from `local_knox`. Arrays have shape (n,), or (n, distances, days) for bands.

    Attributes
    ----------
    observed : ndarray of int
        Other events close to this one in both space and time.
    expected : ndarray of float
        How many to expect when times have nothing to do with places.
    p : ndarray of float
        Chance of as many or more. An event with none around it has p = 1.
    p_adjusted : ndarray of float
        `p` corrected for testing every event.
    significant : ndarray of bool
        Whether `p_adjusted` is at most the significance asked for.
    permutations : int
        Draws behind `p`; 0 when it is exact.
    """

    observed: Integers
    expected: Floats
    p: Floats
    p_adjusted: Floats
    significant: npt.NDArray[np.bool_]
    permutations: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        n = len(self.observed)
        if n < 2:
            return f"Not enough data: a pair takes two events; there {'is one' if n else 'are none'}."
        found = int(self.significant.reshape(n, -1).any(axis=1).sum())
        return f"{found} of {n} events have more others close in space and time than chance brings."


def local_knox(
    xy: Any,
    times: str | ArrayLike,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    metric: str = "euclidean",
    closed: str = "right",
    permutations: int = 0,
    random_state: RandomState = None,
    adjust: str | None = None,
    significance: float = 0.05,
) -> LocalKnox:
    r"""Which events have more others close in both space and time than chance brings?

    Parameters
    ----------
    xy : array_like of shape (n, 2), a layer of points, or a selection of a store
        Places of the events in metres.
    times : array_like of shape (n,), or str
        Dates and times, or numbers in days; or the column of `xy` that holds them.
    distances, days : float or array_like
        How far is close, in metres and days; or upper edges of bands as in `knox`. Plain numbers for both give
        results of shape (n,), else they have shape (n, distances, days).
    metric, closed
        As in `knox`.
    permutations : int, default 0
        0 for the exact p, to which shuffling comes only near; else how many draws for each event.
    random_state : int or numpy Generator, optional
        Seed of the draws.
    adjust : {None, "fdr", "bonferroni"}, default None
        Correction for testing every event at once (in each band), as in `getis_ord`.
    significance : float, default 0.05
        Highest adjusted p to be called significant.

    Returns
    -------
    LocalKnox

    Raises
    ------
    MissingValues, MissingTimes, LengthMismatch, NotProjected, NotPoints, MixedTimes, BadParameter
        As in `knox`.

    Notes
    -----
    Event i keeps its place and time; the times of the other n - 1 are dealt out anew. With :math:`s_i` others
    near in space and :math:`t_i` near in time, the number near in both is then hypergeometric:

    .. math:: P(X = k) = \binom{t_i}{k} \binom{n - 1 - t_i}{s_i - k} \Big/ \binom{n - 1}{s_i}

    so its p-value needs no simulation. The events tested overlap: with `adjust="fdr"` the share of false
    discoveries is kept, without it one event in twenty is significant by chance.

    References
    ----------
    Rogerson, P. A. (2001). Monitoring point patterns for the development of space-time clusters. Journal of the
    Royal Statistical Society A 164(1), 87-96. :doi:`10.1111/1467-985X.00188`

    Examples
    --------
    >>> from vicus.analysis import local_knox
    >>> places = [(0, 0), (50, 0), (0, 50), (900, 900), (905, 900), (400, 0), (0, 400)]
    >>> result = local_knox(places, [1, 2, 3, 40, 80, 120, 160], distances=100, days=7)
    >>> result.observed
    array([2, 2, 2, 0, 0, 0, 0])
    >>> result.p.round(3)
    array([0.067, 0.067, 0.067, 1.   , 1.   , 1.   , 1.   ])
    """
    draws = whole(permutations, "permutations")
    one_of(adjust, "adjust", (None, "fdr", "bonferroni"))
    level = one_of_range(significance, "significance", 0.0, 1.0)
    x, y, t = events_in(xy, times)
    bands = bands_of(distances, days, metric, closed, (x, y))
    events = events_of(x, y, t, bands)
    n = len(x)
    near = events.sweep(bands, same_time=True, each=True)[1]
    soon = events.others_in_time(bands)[:, None, :]
    both = events.sweep(bands, each=True)[1]
    near, soon = np.broadcast_arrays(near, soon)
    expected = near * soon / max(n - 1, 1)
    if draws:
        as_many = _drawn(near, soon, both, n, draws, random_state)
        p = monte_carlo_p(as_many, draws)
    else:
        p = hypergeometric_tail(both, n - 1, soon, near)
    adjusted = np.empty_like(p)
    for a, b in np.ndindex(bands.shape):
        adjusted[:, a, b] = adjust_p(p[:, a, b], adjust)
    back = np.empty(n, dtype=np.int64)
    back[events.rows] = np.arange(n)
    plain = np.ndim(distances) == 0 and np.ndim(days) == 0
    shape = (n,) if plain else (n, *bands.shape)

    def arranged(part: Any) -> Any:
        return part[back].reshape(shape)

    adjusted = arranged(adjusted)
    return LocalKnox(arranged(both), arranged(expected), arranged(p), adjusted, adjusted <= level, draws)


def _drawn(
    near: Integers, soon: Integers, both: Integers, n: int, draws: int, random_state: RandomState
) -> Integers:
    """How many draws of the number close in both reach the observed one; where none is close, all do."""
    rng = np.random.default_rng(random_state)
    as_many = np.full(both.shape, draws, dtype=np.int64)
    asked = both > 0
    good, sample, seen = soon[asked], near[asked], both[asked]
    reached = np.zeros(len(seen), dtype=np.int64)
    for _ in range(draws):
        reached += rng.hypergeometric(good, n - 1 - good, sample) >= seen
    as_many[asked] = reached
    return as_many


def hypergeometric_tail(k: Any, population: int, good: Any, sample: Any) -> Floats:
    """P(X >= k) of a hypergeometric number, element by element."""
    k, good, sample = (np.asarray(v, dtype=np.int64) for v in np.broadcast_arrays(k, good, sample))
    tail = np.ones(k.shape)
    asked = k > 0
    if not asked.any():
        return tail
    low, g, s = k[asked], good[asked], sample[asked]
    bad, most = population - g, np.minimum(g, s)
    term = np.exp(
        _log_choose(g, low) + _log_choose(bad, s - low) - _log_choose(np.full_like(g, population), s)
    )
    total, at = np.zeros(len(low)), low.copy()
    while True:  # each term from the one before
        here = (at <= most) & (s - at <= bad)
        total += np.where(here, term, 0.0)
        if not (here & (term > 1e-18 * total)).any():
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            term = np.where(here, term * (g - at) * (s - at) / ((at + 1.0) * (bad - s + at + 1.0)), 0.0)
        at += 1
    tail[asked] = np.minimum(total, 1.0)
    return tail


def _log_choose(n: Integers, k: Integers) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = (k >= 0) & (k <= n)
        return np.where(
            inside,
            gammaln(n + 1.0) - gammaln(np.maximum(k, 0) + 1.0) - gammaln(np.maximum(n - k, 0) + 1.0),
            -np.inf,
        )

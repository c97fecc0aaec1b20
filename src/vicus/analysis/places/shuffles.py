"""Conditional permutation of local statistics: the value of an area stays, its neighbours are drawn anew."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vicus.analysis.places.neighbours import Neighbours
from vicus.analysis.simulation import RandomState, in_threads, seeds_of

Floats = npt.NDArray[np.float64]


def conditional_p(
    values: Floats,
    near: Neighbours,
    permutations: int,
    random_state: RandomState,
    threads: int | None = None,
) -> Floats:
    """Two-sided p of the weighted sum over the neighbours of each area."""
    rng = np.random.default_rng(random_state)
    observed = near.sums(values)
    if near.binary:
        higher, lower = _shared_draws(values, near, observed, permutations, rng)
    else:
        higher, lower = _own_draws(values, near, observed, permutations, rng, threads)
    p = 2.0 * (1.0 + np.minimum(higher, lower)) / (1.0 + permutations)
    return np.asarray(np.minimum(p, 1.0))


def _tolerance(values: Floats) -> float:
    """Sums in another order differ in their last bits; ties are ties all the same."""
    return 1e-9 * max(1.0, float(np.abs(values).max()))


def _shared_draws(
    values: Floats, near: Neighbours, observed: Floats, permutations: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Count simulated sums at or above, and at or below, the observed one; draws shared by areas of one degree.

    One value more than needed is drawn: where a draw holds the area itself, the spare takes its place, which
    makes it a draw from the others, each equally likely.
    """
    n = len(values)
    higher, lower = np.zeros(n), np.zeros(n)
    degree = np.rint(near.sums(np.ones(n))).astype(np.int64)
    slack = _tolerance(values)
    in_order = np.lexsort((observed, values))  # the same draws whatever the order of the rows
    for k in np.unique(degree):
        group = np.flatnonzero(degree == k)
        if k >= n - 1 or k == 0:  # the only draw there is
            higher[group] = lower[group] = permutations
            continue
        drawn = in_order[_without_replacement(n, int(k) + 1, permutations, rng)]
        sums = values[drawn[:, :k]].sum(axis=1)
        ordered = np.sort(sums)
        higher[group] = permutations - np.searchsorted(ordered, observed[group] - slack, side="left")
        lower[group] = np.searchsorted(ordered, observed[group] + slack, side="right")
        member = np.zeros(n, dtype=bool)
        member[group] = True
        spare = values[drawn[:, k]]
        for position in range(int(k)):
            itself = drawn[:, position]
            here = member[itself]
            area = itself[here]
            before, after = sums[here], sums[here] - values[area] + spare[here]
            target = observed[area]
            up = (after >= target - slack).astype(float) - (before >= target - slack)
            down = (after <= target + slack).astype(float) - (before <= target + slack)
            np.add.at(higher, area, up)
            np.add.at(lower, area, down)
    return higher, lower


def _without_replacement(n: int, k: int, draws: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """`draws` rows of k different numbers below n, in random order."""
    if k * 20 > n:
        return np.argsort(rng.random((draws, n)), axis=1)[:, :k].astype(np.int64)
    drawn = rng.integers(0, n, (draws, k))
    while True:  # rows with a repeat are drawn anew as a whole, which leaves every set equally likely
        ordered = np.sort(drawn, axis=1)
        repeat = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        if not repeat.any():
            return np.asarray(drawn)
        drawn[repeat] = rng.integers(0, n, (int(repeat.sum()), k))


def _own_draws(
    values: Floats,
    near: Neighbours,
    observed: Floats,
    permutations: int,
    rng: np.random.Generator,
    threads: int | None,
) -> tuple[Floats, Floats]:
    """The same for unequal weights, area by area."""
    from vicus.analysis.places import shuffle_kernels

    n = len(values)
    matrix = near.to_matrix()
    in_order = np.lexsort((observed, values))  # the same draws whatever the order of the rows
    rank = np.empty(n, dtype=np.int64)
    rank[in_order] = np.arange(n)
    seeds = seeds_of(rng, n)[rank]
    by_size = np.lexsort((matrix.data, np.repeat(np.arange(n), np.diff(matrix.indptr))))
    slack = _tolerance(values) * max(1.0, float(matrix.data.max()) if matrix.nnz else 1.0)
    higher, lower = np.zeros(n), np.zeros(n)

    def run(first: int, last: int) -> None:
        shuffle_kernels.count_own_draws(
            first, last, seeds, rank, values[in_order], matrix.indptr, matrix.data[by_size], observed, slack, permutations,
            higher, lower,
        )  # fmt: skip

    in_threads(run, n, threads)
    return higher, lower

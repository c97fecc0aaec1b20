"""Compiled loop of `shuffles`; numba is imported here only, on first use."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from vicus.analysis.random_kernels import below


@nb.njit(cache=True, nogil=True)
def count_own_draws(
    first: int, last: int, seeds: Any, rank: Any, ordered: Any, start: Any, weights: Any, observed: Any, slack: float,
    permutations: int, higher: Any, lower: Any,
) -> None:  # fmt: skip
    """For areas first to last, count draws whose weighted sum is at or above, and at or below, the observed one.

    Neighbours are drawn without replacement from `ordered`, all values but the one at the area's `rank`.
    """
    n = len(ordered)
    others = np.arange(n - 1)
    state = np.empty(1, dtype=np.uint64)
    for i in range(first, last):
        begin, end = start[i], start[i + 1]
        k = end - begin
        if k == 0:  # the only draw there is
            higher[i] = lower[i] = permutations
            continue
        state[0] = seeds[i]
        swapped = np.empty(k, dtype=np.int64)
        up, down = 0, 0
        for _ in range(permutations):
            total = 0.0
            for j in range(k):  # the first k places of a shuffle
                other = j + below(state, n - 1 - j)
                swapped[j] = other
                drawn = others[other]
                others[other] = others[j]
                others[j] = drawn
                total += weights[begin + j] * ordered[drawn if drawn < rank[i] else drawn + 1]
            for j in range(k - 1, -1, -1):  # put back, so that an area's draws depend on its seed alone
                kept = others[j]
                others[j] = others[swapped[j]]
                others[swapped[j]] = kept
            up += total >= observed[i] - slack
            down += total <= observed[i] + slack
        higher[i], lower[i] = up, down

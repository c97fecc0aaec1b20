"""Compiled loop of `groups`; numba is imported here only, on first use."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def density_groups(
    x: Any, y: Any, weight: Any, first: Any, start: Any, near: Any, reach: float, minimum: float
) -> Any:
    """Leader of the group of each place, -1 for none; places sorted by cell as in `repeats.events`.

    Three times over all pairs within reach: add up what is near; join those that have enough near; give the others
    to the nearest that has.
    """
    n = len(x)
    around = weight.copy()
    leader = np.arange(n)
    nearest = np.full(n, np.inf)
    border = np.full(n, -1, dtype=np.int64)
    for turn in range(3):
        for c in range(len(first) - 1):
            for s in range(
                start[c] - 1, start[c + 1]
            ):  # the cell itself, then those beside it that come after
                itself = s < start[c]
                other = c if itself else near[s]
                for p in range(first[c], first[c + 1]):
                    for q in range(p + 1 if itself else first[other], first[other + 1]):
                        dx, dy = x[q] - x[p], y[q] - y[p]
                        d = dx * dx + dy * dy
                        if d > reach:
                            continue
                        if turn == 0:
                            around[p] += weight[q]
                            around[q] += weight[p]
                        elif turn == 1:
                            if around[p] >= minimum and around[q] >= minimum:
                                _join(leader, p, q)
                        else:
                            if around[p] >= minimum > around[q] and d < nearest[q]:
                                nearest[q], border[q] = d, p
                            if around[q] >= minimum > around[p] and d < nearest[p]:
                                nearest[p], border[p] = d, q
    for p in range(n):
        if around[p] < minimum:
            leader[p] = border[p]
    for p in range(n):
        i = leader[p]
        while i >= 0 and leader[i] != i:
            i = leader[i]
        leader[p] = i
    return leader


@nb.njit(cache=True, nogil=True)
def _join(leader: Any, i: int, j: int) -> None:
    while leader[i] != i:
        leader[i] = leader[leader[i]]
        i = leader[i]
    while leader[j] != j:
        leader[j] = leader[leader[j]]
        j = leader[j]
    if i < j:
        leader[j] = i
    else:
        leader[i] = j

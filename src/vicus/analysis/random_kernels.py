"""Random numbers inside compiled loops: a state per simulation, so that threads do not share one."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

STEP = np.uint64(0x9E3779B97F4A7C15)
MIX1 = np.uint64(0xBF58476D1CE4E5B9)
MIX2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@nb.njit(cache=True, nogil=True, inline="always")
def below(state: Any, bound: int) -> int:
    """A whole number from 0 to bound - 1, each equally likely (splitmix64); `state` has one element."""
    state[0] += STEP
    z = state[0]
    z = (z ^ (z >> S30)) * MIX1
    z = (z ^ (z >> S27)) * MIX2
    z = z ^ (z >> S31)
    return int((z >> S11) * (1.0 / 9007199254740992.0) * bound)


@nb.njit(cache=True, nogil=True)
def shuffle(order: Any, state: Any) -> None:
    """Put the elements in random order, in place."""
    for k in range(len(order) - 1, 0, -1):
        other = below(state, k + 1)
        kept = order[k]
        order[k] = order[other]
        order[other] = kept

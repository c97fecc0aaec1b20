"""Chance that can be repeated: seeds for every simulation, shared out over threads, and the p-value they give."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from vicus.analysis.errors import BadParameter

LARGE = 200_000
"""Points or outlines from which work is shared out over threads."""

Seeds = npt.NDArray[np.uint64]
RandomState = int | np.random.Generator | None


def whole(value: float, name: str, least: int = 0) -> int:
    """A whole number not below a least value."""
    if isinstance(value, bool) or not np.isfinite(value) or int(value) != value or value < least:
        raise BadParameter(f"{name} must be a whole number of {least} or more; it is {value!r}.")
    return int(value)


def seeds_of(random_state: RandomState, number: int) -> Seeds:
    """One seed per simulation, so that the outcome does not depend on how they are shared out."""
    rng = np.random.default_rng(random_state)
    return rng.integers(0, 2**64, number, dtype=np.uint64)


def in_threads(run: Callable[[int, int], Any], number: int, threads: int | None) -> list[Any]:
    """Results of `run(first, last)` over consecutive shares of `number`; `run` must release the interpreter."""
    workers = processors() if threads is None else whole(threads, "threads", 1)
    edges = np.linspace(0, number, min(workers, max(number, 1)) + 1).astype(int).tolist()
    shares = list(pairwise(edges))
    if len(shares) == 1:
        return [run(*shares[0])]
    with ThreadPoolExecutor(len(shares)) as pool:
        return list(pool.map(lambda share: run(*share), shares))


def each(measure: Callable[[Any], Any], shapes: Any) -> Any:
    """`measure` of every geometry, one after the other when they are few; `measure` must release the interpreter."""
    threads = 1 if len(shapes) < LARGE else None
    return np.concatenate(in_threads(lambda first, last: measure(shapes[first:last]), len(shapes), threads))


def processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def monte_carlo_p(as_extreme: Any, simulations: int) -> Any:
    """(1 + number at least as extreme) / (1 + simulations): never 0, and right for a test of any level."""
    return (1.0 + np.asarray(as_extreme, dtype=float)) / (1.0 + simulations)

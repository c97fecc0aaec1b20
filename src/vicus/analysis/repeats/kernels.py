"""Compiled loops of `repeats`; numba is imported here only, on first use."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from vicus.analysis.random_kernels import shuffle


@nb.njit(cache=True, nogil=True)
def sweep(
    order: Any, t: Any, x: Any, y: Any, cell: Any, first: Any, start: Any, near: Any, d_edges: Any, t_edges: Any,
    manhattan: bool, filled: Any, ts: Any, xs: Any, ys: Any, place: Any, total: Any, each: Any, chain: Any,
) -> None:  # fmt: skip
    """Count the pairs of events that are near in space and time.

    `order[k]` is the place of the k-th event in time, at `t[k]`. Events are laid out by cell, in order of time
    within; of a cell and one beside it, those near in time lie side by side. Each pair adds to `total` (distance
    band, time band); to `each` of both places unless that is empty; and joins their chains unless there are none.
    """
    filled[:] = first[:-1]
    for k in range(len(order)):
        i = order[k]
        at = filled[cell[i]]
        filled[cell[i]] = at + 1
        ts[at], xs[at], ys[at], place[at] = t[k], x[i], y[i], i
    longest, furthest = t_edges[len(t_edges) - 1], d_edges[len(d_edges) - 1]
    for c in range(len(first) - 1):
        begin, end = first[c], first[c + 1]
        for s in range(start[c] - 1, start[c + 1]):  # the cell itself, then those beside it that come after
            itself = s < start[c]
            other = c if itself else near[s]
            low, high = first[other], first[other + 1]
            for p in range(begin, end):
                now, px, py = ts[p], xs[p], ys[p]
                if itself:
                    low = p + 1
                else:
                    while low < high and now - ts[low] > longest:
                        low += 1
                for q in range(low, high):
                    apart = ts[q] - now
                    if apart > longest:
                        break
                    dx, dy = xs[q] - px, ys[q] - py
                    d = abs(dx) + abs(dy) if manhattan else dx * dx + dy * dy
                    if d > furthest:
                        continue
                    apart = abs(apart)
                    a, b = 0, 0
                    while d > d_edges[a]:
                        a += 1
                    while apart > t_edges[b]:
                        b += 1
                    total[a, b] += 1
                    if len(each):
                        each[place[p], a, b] += 1
                        each[place[q], a, b] += 1
                    if len(chain):
                        join(chain, place[p], place[q])


@nb.njit(cache=True, nogil=True)
def join(chain: Any, i: int, j: int) -> None:
    """Make two events members of one chain: the smaller root leads."""
    while chain[i] != i:
        chain[i] = chain[chain[i]]
        i = chain[i]
    while chain[j] != j:
        chain[j] = chain[chain[j]]
        j = chain[j]
    if i < j:
        chain[j] = i
    else:
        chain[i] = j


@nb.njit(cache=True, nogil=True)
def shuffled_sweeps(
    seeds: Any, t: Any, x: Any, y: Any, cell: Any, first: Any, start: Any, near: Any, d_edges: Any, t_edges: Any,
    manhattan: bool, counts: Any,
) -> None:  # fmt: skip
    """Fill `counts` (simulation, distance band, time band), each with the times dealt out anew."""
    n = len(x)
    order, place = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    filled = np.empty(len(first) - 1, dtype=np.int64)
    ts, xs, ys = np.empty(n), np.empty(n), np.empty(n)
    no_each = np.empty((0, 1, 1), dtype=np.int64)
    no_chain = np.empty(0, dtype=np.int64)
    state = np.empty(1, dtype=np.uint64)
    for s in range(len(seeds)):
        state[0] = seeds[s]
        for k in range(n):
            order[k] = k
        shuffle(order, state)
        sweep(
            order, t, x, y, cell, first, start, near, d_edges, t_edges, manhattan, filled, ts, xs, ys, place,
            counts[s], no_each, no_chain,
        )  # fmt: skip

"""Compiled loop of `rhythm`; numba is imported here only, on first use."""

from __future__ import annotations

from typing import Any

import numba as nb

HOUR = 3600
WEEK = 7 * 24 * HOUR
MONDAY = 4 * 24 * HOUR  # 1970-01-05 was a Monday


@nb.njit(cache=True)
def share_out(begins: Any, ends: Any, weights: Any, offsets: Any, changes: Any, week: Any) -> None:
    """Add to `week` (168 hours from Monday 0:00, wall time) the share of every event."""
    last = len(offsets) - 1
    for i in range(len(begins)):
        start, stop, weight = begins[i], ends[i], weights[i]
        k, top = 0, last
        while k < top:  # the offset in force at the start
            middle = (k + top + 1) // 2
            if changes[middle] <= start:
                k = middle
            else:
                top = middle - 1
        if stop == start:
            week[((start + offsets[k] - MONDAY) % WEEK) // HOUR] += weight
            continue
        rate = weight / (stop - start)
        while start < stop:
            until = stop
            if k < last and changes[k + 1] < stop:
                until = changes[k + 1]
            length = until - start
            rounds = length // WEEK
            if rounds > 0:
                for h in range(168):
                    week[h] += rate * rounds * HOUR
            at = (start + offsets[k] - MONDAY) % WEEK
            left = length - rounds * WEEK
            hour, room = at // HOUR, HOUR - at % HOUR
            if left <= room:  # all in one hour
                week[hour] += rate * left
            else:  # the rest of the first hour, whole hours round the week, the begin of the last hour
                week[hour] += rate * room
                left -= room
                whole, full = left // HOUR, rate * HOUR
                for h in range(hour + 1, min(hour + 1 + whole, 168)):
                    week[h] += full
                for h in range(hour + 1 + whole - 168):
                    week[h] += full
                week[(hour + 1 + whole) % 168] += rate * (left - whole * HOUR)
            start = until
            k += 1

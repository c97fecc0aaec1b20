"""Wall-clock times of a time zone to instants and back, whole columns at a time.

The rule, where a wall-clock time has no single meaning:

- it does not exist (the clocks went forward over it): it is moved forward by the same step, as calendars
  do, so 02:30 becomes 03:30;
- it exists twice (the clocks went back): the first of the two, or the second for the end of an interval,
  so that the interval certainly holds the moment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from vicus.incidents.values import BoolArray, IntArray

SECOND = 1_000_000
DAY = 86_400 * SECOND
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Instants(NamedTuple):
    """Microseconds since 1970 in UTC, and which rows were read by one of the two rules."""

    utc: IntArray
    skipped: BoolArray
    repeated: BoolArray


class Clock:
    """The clock of one time zone: its changes of offset between 1900 and 2100.

    Parameters
    ----------
    timezone : str
        Name in the IANA database, such as ``"Europe/Brussels"``.
    """

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone
        moments, offsets = _changes(timezone)
        before, after = offsets[:-1], offsets[1:]
        self._offsets = offsets
        self._utc = moments
        self._low = moments + np.minimum(before, after)
        self._high = moments + np.maximum(before, after)
        self._forward = after > before

    def instants(self, wall: IntArray, *, latest: bool = False) -> Instants:
        """Turn wall-clock times into instants.

        Parameters
        ----------
        wall : int64 array, shape (n,)
            Wall-clock time in microseconds since 1970-01-01 00:00 of the same clock.
        latest : bool
            Read a time that exists twice as the second of the two (for the end of an interval).
        """
        at = np.searchsorted(self._high, wall, side="right")
        doubtful = at < len(self._low)
        inside = np.zeros(len(wall), dtype=np.bool_)
        inside[doubtful] = wall[doubtful] >= self._low[at[doubtful]]
        forward = np.zeros(len(wall), dtype=np.bool_)
        forward[inside] = self._forward[at[inside]]
        repeated = inside & ~forward
        return Instants(wall - self._offsets[at + (repeated if latest else 0)], inside & forward, repeated)

    def wall(self, utc: IntArray) -> IntArray:
        """Turn instants into wall-clock times, both in microseconds."""
        return utc + self._offsets[np.searchsorted(self._utc, utc, side="right")]


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    return round(zone.utcoffset(moment.astimezone(zone)).total_seconds())  # type: ignore[union-attr]


@lru_cache(maxsize=32)
def _changes(timezone: str) -> tuple[IntArray, IntArray]:
    """Find every change of offset: a look at each week, then halving down to the second."""
    zone = ZoneInfo(timezone)
    moments: list[int] = []
    moment, offset = _FIRST, _offset(zone, _FIRST)
    offsets = [offset]
    while moment < _LAST:
        following = moment + timedelta(days=7)
        if (changed := _offset(zone, following)) != offset:
            low, high = int(moment.timestamp()), int(following.timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(zone, datetime.fromtimestamp(middle, UTC)) == offset:
                    low = middle
                else:
                    high = middle
            moments.append(high)
            offsets.append(changed)
            offset = changed
        moment = following
    return (
        np.asarray(moments, dtype=np.int64) * SECOND,
        np.asarray(offsets, dtype=np.int64) * SECOND,
    )

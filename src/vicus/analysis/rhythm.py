"""When things happen: hour and weekday of events whose moment is known only as an interval."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import one_of, same_length
from vicus.analysis.errors import BadParameter, MissingTimes, SwappedTimes, UnknownTimeZone
from vicus.analysis.inputs import Intervals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MISSING = np.iinfo(np.int64).min


def aoristic(
    start: ArrayLike | pd.Series[Any] | Intervals,
    end: ArrayLike | pd.Series[Any] | None = None,
    *,
    tz: str,
    bins: str = "hour_of_week",
    weights: ArrayLike | None = None,
    swapped: str = "error",
) -> Floats:
    r"""Events by hour of the week, each shared out over the interval in which it may have happened.

    Parameters
    ----------
    start, end : array_like of datetime, shape (n,)
        First and last moment at which each event can have happened. Naive times are wall time in `tz`, aware
        times keep their instant. A missing end (NaT) means a known moment: end = start. A selection of a store
        stands for both, with those of its incidents that are known to the minute.
    tz : str
        IANA name of the time zone whose hours are counted, such as "Europe/Brussels". The time zone of the
        computer has no part in it.
    bins : {"hour_of_week", "hour_of_day", "day_of_week"}, default "hour_of_week"
        What to count by.
    weights : array_like of float, shape (n,), optional
        Weight of each event, 1 when left out.
    swapped : {"error", "repair"}, default "error"
        What to do with an interval that ends before it starts: refuse, or swap its ends.

    Returns
    -------
    ndarray of float64
        Shape (7, 24), Monday first and hours 0 to 23 of local wall time; (24,) for "hour_of_day"; (7,) for
        "day_of_week". It sums to the number of events, or to the sum of the weights.

    Raises
    ------
    MissingTimes
        A start is missing, or times cannot be read.
    SwappedTimes
        An interval ends before it starts and `swapped` is "error".
    UnknownTimeZone
        `tz` is not a known zone.
    BadParameter
        No end, or an end beside a selection.

    Notes
    -----
    The share of event i in bin b is the elapsed time that its interval spends in the bin,

    .. math:: w_{ib} = \frac{|[s_i, e_i) \cap b|}{e_i - s_i},

    measured exactly, to the second. Elapsed time is what a clock on the wall shows having passed: in the night
    when clocks go forward the skipped hour gets nothing, when they go back the repeated hour gets two. An
    interval of more than a week goes round as often as it lasts. Naive times that name a skipped hour mean the
    moment of the change; naive times in the repeated hour mean its first pass, unless only the second lies
    after the start.

    References
    ----------
    Ratcliffe, J. H. (2002). Aoristic signatures and the spatio-temporal analysis of high volume crime patterns.
    Journal of Quantitative Criminology 18(1), 23-43. :doi:`10.1023/A:1013240828824`

    Examples
    --------
    A theft between 10:55 and 11:55 on a Monday:

    >>> from vicus.analysis import aoristic
    >>> week = aoristic(["2024-03-04 10:55"], ["2024-03-04 11:55"], tz="Europe/Brussels")
    >>> week.shape
    (7, 24)
    >>> week[0, 10:12].round(4)
    array([0.0833, 0.9167])
    """
    one_of(bins, "bins", ("hour_of_week", "hour_of_day", "day_of_week"))
    one_of(swapped, "swapped", ("error", "repair"))
    zone = _zone(tz)
    if isinstance(start, Intervals):
        if end is not None:
            raise BadParameter("A selection knows its ends; leave end out.")
        start, end = start.to_intervals()
    elif end is None:
        raise BadParameter("Give the end of each interval; where it is not known, NaT.")
    begins, _ = _instants(start, zone, "start")
    ends, later = _instants(end, zone, "end")
    same_length(start=begins, end=ends)
    lost = np.count_nonzero(begins == MISSING)
    if lost:
        raise MissingTimes(
            f"{lost} of {len(begins)} events have no start. Leave them out (and say how many), or use the end as"
            " the start where only that is known."
        )
    ends = np.where(ends == MISSING, begins, ends)
    # In the repeated hour of autumn the second pass may be the one that is meant.
    ends = np.where((ends < begins) & (later != MISSING) & (later >= begins), later, ends)
    wrong = ends < begins
    if wrong.any():
        if swapped == "error":
            first = int(np.flatnonzero(wrong)[0])
            raise SwappedTimes(
                f"{int(wrong.sum())} of {len(begins)} intervals end before they start (first at position {first})."
                ' Correct them, or pass swapped="repair" to swap their ends.'
            )
        begins, ends = np.minimum(begins, ends), np.maximum(begins, ends)
    load = np.ones(len(begins)) if weights is None else np.asarray(weights, dtype=float)
    same_length(start=begins, weights=load)
    if not np.isfinite(load).all():
        raise BadParameter("weights hold missing or infinite values; every event needs one.")
    week = _share_out(begins, ends, load, zone).reshape(7, 24)
    if bins == "hour_of_week":
        return week
    return np.asarray(week.sum(axis=0 if bins == "hour_of_day" else 1))


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise UnknownTimeZone(
            f"{tz!r} is no time zone of the IANA database; write for example 'Europe/Brussels'."
        ) from error


def _instants(values: Any, zone: ZoneInfo, name: str) -> tuple[Integers, Integers]:
    """Seconds since 1970 in UTC, and for naive times in a repeated hour the second pass (else missing)."""
    try:
        series = pd.Series(pd.to_datetime(pd.Series(values).reset_index(drop=True)))
        if not isinstance(series.dtype, pd.DatetimeTZDtype) and series.dtype.kind != "M":
            series = pd.Series(pd.to_datetime(series, utc=True))
    except (ValueError, TypeError) as error:
        raise MissingTimes(f"{name} holds values that are no dates and times: {error}.") from None
    if series.dt.tz is not None:
        seconds = _seconds(series)
        return seconds, np.full(len(seconds), MISSING)
    wall = _seconds(series)
    known = wall != MISSING
    offsets, changes = _offsets(zone, wall[known])
    first, second = wall.copy(), np.full(len(wall), MISSING)
    instant, again = _from_wall(wall[known], offsets, changes)
    first[known], second[known] = instant, again
    return first, second


def _seconds(series: pd.Series[Any]) -> Integers:
    """Whole seconds since 1970 (of UTC, or of the wall for naive times), with a mark for missing ones."""
    missing = series.isna().to_numpy()
    naive = series if series.dt.tz is None else series.dt.tz_convert("UTC").dt.tz_localize(None)
    values = naive.to_numpy().astype("datetime64[s]").astype(np.int64)
    values[missing] = MISSING
    return values


def _offsets(zone: ZoneInfo, seconds: Integers) -> tuple[Integers, Integers]:
    """Offsets from UTC in force around these moments, and the instants at which each begins."""
    if not len(seconds):
        return np.zeros(1, dtype=np.int64), np.array([MISSING])
    day = 86400
    low, high = int(seconds.min()) // day - 2, int(seconds.max()) // day + 3
    return _changes(zone, low * day, high * day)


@functools.lru_cache(maxsize=64)
def _changes(zone: ZoneInfo, low: int, high: int) -> tuple[Integers, Integers]:
    """Clock changes of a zone between two instants: looked up day by day, then narrowed to the second."""
    days = np.arange(low, high + 1, 86400, dtype=np.int64)
    offsets = _offset_at(zone, days)
    found = np.flatnonzero(np.diff(offsets))
    before, after = days[found], days[found + 1]
    while len(found) and int((after - before).max()) > 1:
        middle = (before + after) // 2
        same = _offset_at(zone, middle) == offsets[found]
        before, after = np.where(same, middle, before), np.where(same, after, middle)
    begins = np.concatenate(([MISSING], after))
    return np.concatenate(([offsets[0]], offsets[found + 1])), begins


def _offset_at(zone: ZoneInfo, seconds: Integers) -> Integers:
    index = pd.DatetimeIndex(seconds.astype("datetime64[s]")).tz_localize("UTC").tz_convert(zone)
    wall = index.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    return np.asarray(wall - seconds)


def _from_wall(wall: Integers, offsets: Integers, begins: Integers) -> tuple[Integers, Integers]:
    """Instants of wall times; for those that occur twice also the second, else missing."""
    instant = np.full(len(wall), MISSING)
    second = np.full(len(wall), MISSING)
    for k, offset in enumerate(offsets):
        until = begins[k + 1] if k + 1 < len(begins) else np.iinfo(np.int64).max
        candidate = wall - offset
        inside = (candidate >= begins[k]) & (candidate < until)
        fresh = inside & (instant == MISSING)
        second[inside & ~fresh] = candidate[inside & ~fresh]
        instant[fresh] = candidate[fresh]
        if k + 1 < len(begins):  # wall times skipped by this change mean the moment of the change
            skipped = (candidate >= until) & (wall - offsets[k + 1] < until)
            instant[skipped] = until
    return instant, second


def _share_out(begins: Integers, ends: Integers, weights: Floats, zone: ZoneInfo) -> Floats:
    """Shares by second-of-week bins of an hour, summed over events."""
    from vicus.analysis.rhythm_kernels import share_out

    week = np.zeros(168)
    if len(begins):
        low_high = np.array([begins.min(), ends.max()])
        offsets, changes = _offsets(zone, low_high)
        share_out(begins, ends, weights, offsets, changes, week)
    return week

"""Counts of every area in every period, whole periods only."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import (
    column_of,
    finite,
    metric,
    point_coordinates,
    same_crs,
    same_length,
    surfaces,
)
from vicus.analysis.errors import BadParameter, ColumnMissing, MissingTimes
from vicus.analysis.inputs import layer_of
from vicus.analysis.places.counting import Counter

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]

MOST_PERIODS = 10_000
HOURS = {"hour": 1.0, "day": 24.0, "week": 168.0}
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Cube:
    """Counts by area and period.

    Attributes
    ----------
    counts : ndarray, shape (areas, periods)
    edges : DatetimeIndex, shape (periods + 1,)
        Begin of each period, and end of the last.
    left_out : int
        Events in the unfinished last period, or before the start.
    unassigned, missing : int
        Events in no area; without coordinates.
    """

    counts: Floats
    edges: pd.DatetimeIndex
    left_out: int
    unassigned: int
    missing: int

    def told(self) -> dict[str, Any]:
        """What was done, for the attributes of a result."""
        return {
            "periods": self.counts.shape[1],
            "first": self.edges[0] if len(self.edges) else pd.NaT,
            "until": self.edges[-1] if len(self.edges) else pd.NaT,
            "left_out": self.left_out,
            "empty_periods": int((self.counts.sum(axis=0) == 0).sum()),
            "unassigned": self.unassigned,
            "missing": self.missing,
        }


def cube_of(points: Any, areas: Any, *, period: Any, time: Any, start: Any, until: Any, weights: Any) -> Cube:
    """Count points by area and whole period."""
    points = layer_of(points)
    where, outlines = metric(points, "points"), metric(areas, "areas")
    same_crs(where, outlines, ("points", "areas"))
    surfaces(outlines, "areas")
    x, y = point_coordinates(where, "points")
    moments = _moments(points, time, len(x))
    if isinstance(weights, str):
        weights = column_of(points, weights, "points")
    load = None if weights is None else finite(weights, "weights")
    if load is not None:
        same_length(points=x, weights=load)
    edges = _edges(moments, period, start, until)
    periods = max(len(edges) - 1, 0)
    code = np.searchsorted(edges.to_numpy(), moments.to_numpy(), side="right").astype(np.int64) - 1
    outside = (code < 0) | (code >= periods)
    code[outside] = -1
    tally = Counter(outlines).count(x, y, load, code, periods)
    known = np.isfinite(x)
    left_out = int(outside.sum())
    if left_out:
        log.info(
            "%d of %d events lie outside the %d whole periods and are left out", left_out, len(x), periods
        )
    return Cube(
        tally.per_level, edges, left_out, int(((tally.hits == 0) & known).sum()), int(len(x) - known.sum())
    )


def _moments(points: Any, time: Any, n: int) -> pd.DatetimeIndex:
    """Wall times of the events."""
    if time is None:
        dated = [c for c in getattr(points, "columns", ()) if pd.api.types.is_datetime64_any_dtype(points[c])]
        if len(dated) != 1:
            raise ColumnMissing(
                f"points has {len(dated)} columns of dates and times ({', '.join(map(str, dated)) or 'none'}); say"
                " which to use with time, a column or values."
            )
        time = dated[0]
    values = column_of(points, time, "points") if isinstance(time, str) else time
    try:
        index = pd.DatetimeIndex(pd.to_datetime(pd.Series(np.asarray(values)).reset_index(drop=True)))
        if isinstance(getattr(values, "dtype", None), pd.DatetimeTZDtype):
            index = pd.DatetimeIndex(pd.Series(values).dt.tz_localize(None))
    except (TypeError, ValueError) as error:
        raise BadParameter(f"time must hold dates and times: {error}.") from None
    same_length(points=range(n), time=index)
    lost = int(np.count_nonzero(index.isna()))
    if lost:
        raise MissingTimes(
            f"{lost} of {n} events have no time. Leave them out: points[points[time].notna()]."
        )
    return index.tz_localize(None) if index.tz is not None else index


def _edges(moments: pd.DatetimeIndex, period: Any, start: Any, until: Any) -> pd.DatetimeIndex:
    """Begin of each whole period, and end of the last."""
    if not len(moments):
        return pd.DatetimeIndex([])
    number, unit = _step(period)
    first = moments.min().normalize() if start is None else _moment(start, "start")
    end = moments.max().normalize() + pd.Timedelta(days=1) if until is None else _moment(until, "until")
    edges = [first]
    while True:
        steps = number * len(edges)
        if unit in HOURS:
            edge = first + pd.Timedelta(hours=steps * HOURS[unit])
        else:
            edge = first + pd.DateOffset(months=int(steps) * MONTHS[unit])
        if edge > end:
            return pd.DatetimeIndex(edges if len(edges) > 1 else [])
        edges.append(edge)
        if len(edges) > MOST_PERIODS:
            raise BadParameter(
                f"period={period!r} makes more than {MOST_PERIODS:,} periods; take longer ones."
            )


def _step(period: Any) -> tuple[float, str]:
    """How many of which unit a period takes."""
    if isinstance(period, (int, float)) and not isinstance(period, bool):
        number, unit = float(period), "day"
    else:
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)?\s*([a-z]+?)s?\s*", str(period).lower())
        if not found or found[2] not in (*HOURS, *MONTHS):
            raise BadParameter(
                f'period must be a number of days, or a number and a unit such as "28 days", "week", "3 months"'
                f" (units: {', '.join((*HOURS, *MONTHS))}); it is {period!r}."
            )
        number, unit = float(found[1] or 1), found[2]
    if not np.isfinite(number) or number <= 0:
        raise BadParameter(f"period must be above 0; it is {period!r}.")
    if unit in MONTHS and number != int(number):
        raise BadParameter(f"A period of months or years must be whole; it is {period!r}.")
    return number, unit


def _moment(value: Any, name: str) -> pd.Timestamp:
    try:
        moment = pd.Timestamp(value)
    except (TypeError, ValueError) as error:
        raise BadParameter(f"{name} must be a date or a date and time: {error}.") from None
    if pd.isna(moment):
        raise BadParameter(f"{name} must be a date or a date and time; it is missing.")
    return moment.tz_localize(None) if moment.tz is not None else moment


def as_frame(areas: gpd.GeoDataFrame | gpd.GeoSeries) -> gpd.GeoDataFrame:
    """A copy of the areas to add columns to."""
    result = areas.copy() if isinstance(areas, gpd.GeoDataFrame) else gpd.GeoDataFrame(geometry=areas.copy())
    result.attrs = dict(getattr(areas, "attrs", {}))
    return result

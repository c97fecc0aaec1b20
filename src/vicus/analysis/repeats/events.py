"""Events made ready for finding pairs: places in cells of the largest distance, times in microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import column_of, one_of, point_coordinates, same_length
from vicus.analysis.checks import metric as in_metres
from vicus.analysis.errors import (
    BadParameter,
    ColumnMissing,
    LengthMismatch,
    MissingTimes,
    MissingValues,
    MixedTimes,
)
from vicus.analysis.inputs import layer_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAY = 86_400e6
"""Microseconds of a day: times are whole numbers of them, so that their differences are exact."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of distance and time as upper edges, and as limits that a value may not exceed."""

    distances: Floats
    days: Floats
    manhattan: bool
    d_limits: Floats
    t_limits: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Number of bands of distance and of time."""
        return len(self.distances), len(self.days)


@dataclass(frozen=True, slots=True)
class Events:
    """Places sorted by cell, and times in order; `order[k]` is the place of the k-th event in time.

    Cell c holds the places from `first[c]` to `first[c + 1]`; the cells beside it that come after it and hold
    events are `near[start[c]:start[c + 1]]`. `rows[i]` is the row that place i had.
    """

    t: Floats
    x: Floats
    y: Floats
    cell: npt.NDArray[np.int32]
    first: Integers
    start: Integers
    near: npt.NDArray[np.int32]
    order: npt.NDArray[np.int32]
    rows: Integers

    def sweep(
        self, bands: Bands, *, same_time: bool = False, each: bool = False
    ) -> tuple[Integers, Integers]:
        """Pairs by band in all, and of each place when asked for."""
        from vicus.analysis.repeats import kernels

        n = len(self.x)
        spans = np.zeros(1) if same_time else bands.t_limits
        total = np.zeros((len(bands.d_limits), len(spans)), dtype=np.int64)
        per_place = np.zeros((n if each else 0, *total.shape), dtype=np.int64)
        self._run(kernels, bands, same_time, spans, total, per_place, np.empty(0, dtype=np.int64))
        return total, per_place

    def chains(self, bands: Bands) -> Integers:
        """The leader of the chain that each place is in: the member with the smallest number."""
        from vicus.analysis.repeats import kernels

        leader = np.arange(len(self.x))
        none = np.empty((0, 1, 1), dtype=np.int64)
        total = np.zeros(bands.shape, dtype=np.int64)
        self._run(kernels, bands, False, bands.t_limits, total, none, leader)
        while (leader != leader[leader]).any():
            leader = leader[leader]
        return leader

    def _run(
        self, kernels: Any, bands: Bands, same_time: bool, spans: Floats, total: Any, each: Any, chain: Any
    ) -> None:
        n = len(self.x)
        t = np.zeros(n) if same_time else self.t
        order = np.arange(n, dtype=np.int32) if same_time else self.order
        kernels.sweep(
            order, t, self.x, self.y, self.cell, self.first, self.start, self.near, bands.d_limits, spans,
            bands.manhattan, np.empty(len(self.first) - 1, dtype=np.int64), np.empty(n), np.empty(n), np.empty(n),
            np.empty(n, dtype=np.int32), total, each, chain,
        )  # fmt: skip

    def pairs_in_time(self, bands: Bands) -> Integers:
        """Pairs by band of time, wherever they are."""
        within = [
            int((np.searchsorted(self.t, self.t + limit, side="right") - np.arange(len(self.t)) - 1).sum())
            for limit in bands.t_limits
        ]
        return np.diff(within, prepend=0)

    def others_in_time(self, bands: Bands) -> Integers:
        """For each place, how many other events are in each band of time of its event: shape (n, bands)."""
        within = np.empty((len(self.t), len(bands.t_limits)), dtype=np.int64)
        for b, limit in enumerate(bands.t_limits):
            last = np.searchsorted(self.t, self.t + limit, side="right")
            within[self.order, b] = last - np.searchsorted(self.t, self.t - limit, side="left") - 1
        return np.diff(within, axis=1, prepend=0)


def bands_of(distances: Any, days: Any, metric: str, closed: str, xy: tuple[Floats, Floats]) -> Bands:
    """Bands from upper edges; coordinates tell how finely distances can be told apart."""
    one_of(metric, "metric", ("euclidean", "manhattan"))
    one_of(closed, "closed", ("right", "left"))
    far, long = _edges(distances, "distances", "metres", closed), _edges(days, "days", "days", closed)
    # A difference of coordinates is off by up to their last digits, which must not decide about an edge.
    largest = max([float(np.abs(axis).max()) for axis in xy if len(axis)] + [float(far[-1])])
    slack = 4 * np.spacing(largest)
    d_limits = far + slack if closed == "right" else np.nextafter(far - slack, 0)
    exact = long * DAY
    t_limits = np.floor(exact + 1e-3) if closed == "right" else np.ceil(exact - 1e-3) - 1
    if metric == "euclidean":
        d_limits = d_limits**2
    return Bands(far, long, metric == "manhattan", d_limits, t_limits)


def _edges(values: Any, name: str, unit: str, closed: str) -> Floats:
    edges = np.atleast_1d(np.asarray(values, dtype=float))
    if edges.ndim != 1 or not len(edges) or not np.isfinite(edges).all():
        raise BadParameter(f"{name} must be one or more upper edges of bands in {unit}; it is {values!r}.")
    if edges[0] < 0 or (edges[0] == 0 and closed == "left"):
        raise BadParameter(f"The first of {name} must be above 0; it is {edges[0]:g}.")
    wrong = np.flatnonzero(np.diff(edges) <= 0)
    if wrong.size:
        raise BadParameter(
            f"{name} must rise, each the upper edge of a band that begins where the last one ends;"
            f" {edges[wrong[0] + 1]:g} comes after {edges[wrong[0]]:g}."
        )
    return edges


def events_of(x: Floats, y: Floats, t: Floats, bands: Bands) -> Events:
    """Sort places into cells as wide as the largest distance, and find which cells lie around each."""
    n = len(x)
    side = float(bands.distances[-1]) or 1.0
    row = np.floor((y - (y.min() if n else 0.0)) / side).astype(np.int64)
    col = np.floor((x - (x.min() if n else 0.0)) / side).astype(np.int64)
    wide = (int(col.max()) if n else 0) + 3
    key = (row + 1) * wide + col + 1
    rows = np.lexsort((y, x, key))  # the same whatever the order of the rows
    keys, first, cell = np.unique(key[rows], return_index=True, return_inverse=True)
    beside = (keys[:, None] + [1, wide - 1, wide, wide + 1]).ravel()
    at = np.searchsorted(keys, beside)
    there = keys[np.minimum(at, len(keys) - 1)] == beside if len(keys) else np.zeros(0, dtype=bool)
    start = np.concatenate(([0], np.cumsum(there.reshape(-1, 4).sum(axis=1))))
    when = t[rows]
    order = np.argsort(when, kind="stable")
    return Events(
        when[order], x[rows], y[rows], cell.astype(np.int32), np.append(first, n), start,
        at[there].astype(np.int32), order.astype(np.int32), rows,
    )  # fmt: skip


def events_in(xy: Any, times: Any) -> tuple[Floats, Floats, Floats]:
    """x, y and microseconds since the first event; `times` may name a column of the layer `xy`."""
    table = layer_of(xy)
    x, y = places_of(table)
    if isinstance(times, str):
        if not hasattr(table, "columns"):
            raise ColumnMissing(
                f"times={times!r} names a column, but xy has none; pass the times themselves."
            )
        times = column_of(table, times, "xy")
    return x, y, times_of(times, x)


def places_of(xy: Any) -> tuple[Floats, Floats]:
    """x and y from an array of shape (n, 2) or a layer of points."""
    if hasattr(xy, "geometry"):
        x, y = point_coordinates(in_metres(xy, "xy"), "xy")
    else:
        try:
            array = np.asarray(xy, dtype=float)
        except (TypeError, ValueError) as error:
            raise BadParameter(f"xy must be numbers of shape (n, 2), or points: {error}.") from None
        if array.size == 0:
            array = array.reshape(0, 2)
        if array.ndim != 2 or array.shape[1] != 2:
            raise LengthMismatch(f"xy must have shape (n, 2), metres east and north; it has {array.shape}.")
        x, y = array[:, 0].copy(), array[:, 1].copy()
    lost = int(np.count_nonzero(~(np.isfinite(x) & np.isfinite(y))))
    if lost:
        raise MissingValues(
            f"{lost} of {len(x)} events have no coordinates. Leave them out, of times too: they are in no pair."
        )
    return x, y


def times_of(times: Any, x: Floats) -> Floats:
    """Microseconds since the first event, whole numbers as float."""
    series = pd.Series(np.asarray(times).ravel() if np.ndim(times) > 1 else times).reset_index(drop=True)
    same_length(xy=x, times=series)
    lost = int(series.isna().sum())
    if lost:
        raise MissingTimes(f"{lost} of {len(series)} events have no time. Leave them out, of xy too.")
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        days = series.to_numpy(dtype=float)
        if not np.isfinite(days).all():
            raise MissingTimes("times hold an infinite value.")
        return np.rint((days - (days.min() if len(days) else 0.0)) * DAY)
    moments = _moments(series)
    return (moments - (moments.min() if len(moments) else 0)).astype(float)


def _moments(series: pd.Series[Any]) -> Integers:
    if series.dtype.kind != "M":
        aware = {getattr(value, "tzinfo", None) is not None for value in series}
        if len(aware) > 1:
            raise MixedTimes(
                "Some times have a time zone and others have none; give all of them one, or none of them."
            )
        try:
            series = pd.Series(pd.to_datetime(series, utc=aware == {True}, format="ISO8601"))
        except (TypeError, ValueError) as error:
            raise BadParameter(
                f"times must be dates and times (as text: 2024-12-31 23:59), or numbers of days: {error}."
            ) from None
    if series.dt.tz is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    return series.to_numpy().astype("datetime64[us]").astype(np.int64)

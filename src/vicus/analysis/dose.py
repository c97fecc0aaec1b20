"""How much presence places got: planned and delivered, and how long it keeps working."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv

from vicus.analysis.checks import (
    column_of,
    metric,
    not_negative,
    one_of_range,
    point_coordinates,
    positive,
    same_crs,
    surfaces,
)
from vicus.analysis.errors import BadParameter, ColumnMissing, MissingTimes, SwappedTimes
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Floats = npt.NDArray[np.float64]

ENOUGH_VISITS = 20
"""Visits in a class of length below which the curve has no point there."""
ENOUGH_EVENTS = 10
"""Visits followed by an event below which there is no curve."""


@dataclass(frozen=True, slots=True)
class PatrolDose(Result):
    """Presence per perimeter, and what it returned, from `patrol_dose`.

    Attributes
    ----------
    table : DataFrame
        One row per perimeter: `visits`, `minutes`, `planned` and `delivered` (minutes over those planned; NaN without
        a plan), `median_minutes` of a visit, `median_gap` and `longest_gap` between visits, in hours.
    curve : DataFrame
        One row per class of length of a visit: `from_minutes`, `to_minutes`, `visits`, `followed` (visits after
        which an event came within the window), `share`, and its interval `low` to `high`. Empty without events.
    outside : int
        Visits in no perimeter, left out.
    confidence : float
        As asked.
    enough_data : bool
        False when there are too few visits or events for the curve; the table stands all the same.
    why : str
        Why there is no curve; empty when there is one.
    """

    table: pd.DataFrame
    curve: pd.DataFrame
    outside: int
    confidence: float
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        minutes, planned = self.table["minutes"].sum(), self.table["planned"].sum()
        told = f"{int(self.table['visits'].sum())} visits of {minutes:.0f} minutes in all"
        if planned > 0:
            told += f", {minutes / planned:.0%} of what was planned"
        if not self.enough_data:
            return f"{told}. Not enough data for a curve: {self.why}."
        best = self.curve.iloc[int(self.curve["share"].argmin())]
        return (
            f"{told}; fewest were followed by an event after {best['from_minutes']:.0f} to {best['to_minutes']:.0f}"
            f" minutes ({best['share']:.0%}, between {best['low']:.0%} and {best['high']:.0%})."
        )


def patrol_dose(
    visits: pd.DataFrame,
    perimeters: Sequence[Any] | Any,
    *,
    planned: Mapping[Any, float] | pd.Series[float] | None = None,
    events: pd.DataFrame | None = None,
    perimeter: str = "perimeter",
    start: str = "start",
    end: str = "end",
    time: str = "time",
    within: float = 30.0,
    classes: Sequence[float] = (0, 5, 10, 15, 20, 30),
    confidence: float = 0.95,
) -> PatrolDose:
    r"""How much presence each perimeter got against its plan, and after how long a visit events stay away longest.

    Parameters
    ----------
    visits : DataFrame or GeoDataFrame
        One row per visit with its `start` and `end`; with the column `perimeter`, or points from which it is found
        (a visit in two perimeters counts for the first).
    perimeters : sequence of labels, or GeoDataFrame
        Every perimeter of the plan, also those without a visit; the index of a GeoDataFrame are its labels.
    planned : mapping or Series, optional
        Minutes planned per perimeter.
    events : DataFrame, optional
        Events with their `time` and `perimeter` (or points); without them there is no curve.
    perimeter, start, end, time : str
        Names of the columns.
    within : float, default 30.0
        Minutes after a visit in which an event counts as having followed it.
    classes : sequence of float
        Edges of the classes of length of a visit, in minutes, [low, high); the last is open.
    confidence : float, default 0.95
        Confidence of the intervals.

    Returns
    -------
    PatrolDose
        `enough_data` is False when fewer than 10 visits were followed by an event, or fewer than two classes hold
        20 visits.

    Raises
    ------
    ColumnMissing, MissingTimes, SwappedTimes
        A column that is not there, visits without start or end, visits that end before they start.
    BadParameter, NotCounts, MissingValues, NotProjected, DifferentCRS, NotPoints
        Parameters or layers that do not fit.

    Notes
    -----
    A curve of returns in the manner of Koper: of visits of each length, the share after which an event came
    within `within` minutes, with the interval of Clopper and Pearson. In the original, orderliness lasted
    longest after 11 to 15 minutes. Visits were not drawn by lot: officers stay longer where and when there is
    more to do, so a longer stay may be followed by more events because of that. A visit that the next one
    follows within the window is left out of the curve.

    References
    ----------
    Koper, C. S. (1995). Just enough police presence: reducing crime and disorderly behavior by optimizing patrol
    time in crime hot spots. Justice Quarterly 12(4), 649-672. :doi:`10.1080/07418829500096231`

    Examples
    --------
    >>> import pandas as pd
    >>> from vicus.analysis import patrol_dose
    >>> visits = pd.DataFrame({
    ...     "perimeter": ["square", "square", "station"],
    ...     "start": pd.to_datetime(["2024-03-04 14:00", "2024-03-04 20:00", "2024-03-04 15:00"]),
    ...     "end": pd.to_datetime(["2024-03-04 14:15", "2024-03-04 20:12", "2024-03-04 15:10"])})
    >>> dose = patrol_dose(visits, ["square", "station", "park"], planned={"square": 30, "station": 30, "park": 15})
    >>> dose.table[["visits", "minutes", "delivered", "longest_gap"]].round(2)
             visits  minutes  delivered  longest_gap
    square        2     27.0       0.90         5.75
    station       1     10.0       0.33          NaN
    park          0      0.0       0.00          NaN
    """
    level = one_of_range(confidence, "confidence", 0.0, 1.0)
    reach = positive(within, "within", "minutes")
    edges = not_negative(list(classes), "classes")
    if len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise BadParameter(
            f"classes must be two or more minutes in ascending order; they are {list(classes)!r}."
        )
    layer: Any = perimeters
    labels = list(layer.index if hasattr(layer, "geometry") else layer)
    where = _perimeters(visits, perimeters, perimeter, "visits")
    begins, ends = _moments(visits, start, "visits"), _moments(visits, end, "visits")
    swapped = int((ends < begins).sum())
    if swapped:
        raise SwappedTimes(f"{swapped} of {len(visits)} visits end before they start; correct them.")
    known = where.isin(labels).to_numpy()
    log = pd.DataFrame({"perimeter": where[known], "start": begins[known], "end": ends[known]})
    log = log.sort_values(
        ["perimeter", "start"], key=lambda s: s.map(labels.index) if s.name == "perimeter" else s
    )
    log["minutes"] = (log["end"] - log["start"]).dt.total_seconds() / 60.0
    # From the latest end so far, since visits may overlap.
    latest = log.groupby("perimeter")["end"].cummax().groupby(log["perimeter"]).shift()
    log["gap"] = ((log["start"] - latest).dt.total_seconds() / 3600.0).clip(lower=0)
    table = _table(log, labels, planned)
    outside = int((~known).sum())
    if events is None:
        return PatrolDose(table, _no_curve(), outside, level, False, "no events were given")
    of = _perimeters(events, perimeters, perimeter, "events")
    curve, why = _curve(log, of, _moments(events, time, "events"), reach, edges, level)
    return PatrolDose(table, curve, outside, level, not why, why)


def _moments(table: pd.DataFrame, column: str, name: str) -> pd.Series[Any]:
    values = column_of(table, column, name)
    try:
        found = pd.Series(pd.to_datetime(values)).reset_index(drop=True)
    except (ValueError, TypeError) as error:
        raise MissingTimes(f"{column} of {name} holds values that are no dates and times: {error}.") from None
    lost = int(found.isna().sum())
    if lost:
        raise MissingTimes(
            f"{lost} of {len(found)} {name} have no {column}; leave them out, and say how many."
        )
    return found


def _perimeters(table: Any, perimeters: Any, column: str, name: str) -> pd.Series[Any]:
    """Label of the perimeter of each row, missing outside all."""
    if column in table.columns:
        return pd.Series(table[column].to_numpy(), dtype=object)
    if not (hasattr(table, "geometry") and hasattr(perimeters, "geometry")):
        raise ColumnMissing(f"{name} has no column {column!r}, and no points to find the perimeter from.")
    import shapely

    where, outlines = metric(table, name), metric(perimeters, "perimeters")
    same_crs(where, outlines, (name, "perimeters"))
    surfaces(outlines, "perimeters")
    x, y = point_coordinates(where, name)
    found = pd.Series([None] * len(where), dtype=object)
    labels = list(perimeters.index)
    for label, shape in zip(reversed(labels), reversed(list(outlines)), strict=True):
        found[np.flatnonzero(shapely.intersects_xy(shape, x, y))] = label
    return found


def _table(log: pd.DataFrame, labels: list[Any], planned: Any) -> pd.DataFrame:
    by = log.groupby("perimeter", sort=False)
    table = pd.DataFrame(
        {
            "visits": by.size(),
            "minutes": by["minutes"].sum(),
            "median_minutes": by["minutes"].median(),
            "median_gap": by["gap"].median(),
            "longest_gap": by["gap"].max(),
        }
    ).reindex(labels)
    table["visits"] = table["visits"].fillna(0).astype(np.int64)
    table["minutes"] = table["minutes"].fillna(0.0).astype(float)
    plan = pd.Series(dict(planned) if planned is not None else {}, dtype=float).reindex(labels)
    not_negative(plan.dropna().to_numpy(), "planned")
    table.insert(2, "planned", plan)
    table.insert(3, "delivered", table["minutes"] / plan.where(plan > 0))
    table.index.name = None
    return table


def _no_curve() -> pd.DataFrame:
    return pd.DataFrame(columns=["from_minutes", "to_minutes", "visits", "followed", "share", "low", "high"])


def _curve(
    log: pd.DataFrame, of: pd.Series[Any], times: pd.Series[Any], within: float, edges: Floats, level: float
) -> tuple[pd.DataFrame, str]:
    window = pd.Timedelta(minutes=within)
    followed, used = np.zeros(len(log), dtype=bool), np.ones(len(log), dtype=bool)
    position = 0
    for label, part in log.groupby("perimeter", sort=False):
        end = part["end"].to_numpy()
        mine = np.sort(times[(of == label).to_numpy()].to_numpy())
        rows = slice(position, position + len(part))
        first = np.searchsorted(mine, end, side="right")
        after = np.searchsorted(mine, end + window.to_timedelta64(), side="right")
        followed[rows] = after > first
        # Another visit within the window muddies what followed this one.
        used[rows] = ~np.append(part["start"].to_numpy()[1:] <= end[:-1] + window.to_timedelta64(), False)
        position += len(part)
    minutes = log["minutes"].to_numpy()[used]
    followed = followed[used]
    group = np.searchsorted(edges, minutes, side="right") - 1
    points = []
    tail = (1.0 - level) / 2.0
    for k in range(len(edges)):
        n = int((group == k).sum())
        if n < ENOUGH_VISITS:
            continue
        hits = int(followed[group == k].sum())
        low = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
        high = float(betaincinv(hits + 1, n - hits, 1.0 - tail)) if hits < n else 1.0
        top = float(edges[k + 1]) if k + 1 < len(edges) else math.inf
        points.append((float(edges[k]), top, n, hits, hits / n, low, high))
    curve = pd.DataFrame(points, columns=list(_no_curve().columns))
    if len(curve) < 2:
        return curve, f"{len(curve)} classes of length hold {ENOUGH_VISITS} visits, at least 2 are needed"
    if followed.sum() < ENOUGH_EVENTS:
        return (
            curve,
            f"{int(followed.sum())} visits were followed by an event, at least {ENOUGH_EVENTS} are needed",
        )
    return curve, ""

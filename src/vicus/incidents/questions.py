"""The questions asked of the incidents of a zone, each written once as an Ibis expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import ibis
import pandas as pd
import pyarrow as pa
from ibis.expr import types as ir

from vicus.incidents import reading
from vicus.incidents.engine import engine
from vicus.incidents.errors import QuestionError
from vicus.incidents.schema import SOURCES
from vicus.incidents.selection import Selection
from vicus.incidents.store import Store

BY = ("area", "year", "month", "day", "category", "source", "quality", "status", "sector")
"""What counts can be split by."""

SOURCE_OF = {"month": "occurred_on", "day": "occurred_on"}
"""Stored column behind a part, where the names differ."""

QUALITY_COLUMNS = (
    "occurred_from",
    "occurred_to",
    "occurred_on",
    "reported_at",
    "source",
    "precision",
    "year",
)
POINT_COLUMNS = (
    "id",
    "category",
    "source",
    "occurred_from",
    "occurred_to",
    "occurred_on",
    "reported_at",
    "quality",
)


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the data of a selection are.

    Attributes
    ----------
    rows : int
        Incidents of the selection. With a period: those that occurred in it.
    located : int
        Those with coordinates.
    geocoding_rate : float, optional
        located / rows; None without rows.
    missing_dates : int
        Incidents without a day of occurrence; with a period, those reported in it. Without a period they are
        among `rows`.
    undated_share : float, optional
        Their share in all incidents of the selection.
    sources : dict
        Incidents by source.
    lag_median_days, lag_p90_days : float, optional
        Days from the (end of the) occurrence to the report, where both are known to the day.
    first_day, last_day : date, optional
        Local days of the first and last occurrence.
    last_reported : datetime, optional
        Moment (UTC) of the last report.
    """

    rows: int
    located: int
    geocoding_rate: float | None
    missing_dates: int
    undated_share: float | None
    sources: dict[str, int]
    lag_median_days: float | None
    lag_p90_days: float | None
    first_day: date | None
    last_day: date | None
    last_reported: datetime | None


def count(
    store: Store,
    selection: Selection,
    *,
    areas: gpd.GeoDataFrame | None = None,
    by: Sequence[str] = ("area", "month", "category", "source"),
) -> pd.DataFrame:
    """Count incidents.

    Parameters
    ----------
    store : Store
        The zone's incidents.
    selection : Selection
        Which of them.
    areas : GeoDataFrame, optional
        Polygons in the store's coordinate reference system; they may overlap. Needed when `by` names "area";
        without it, given areas still limit the count to what lies in any of them, once for each.
    by : sequence of str
        Out of ``BY``. "area" gives the index labels of `areas`; "month" and "day" are dates.

    Returns
    -------
    DataFrame
        The columns of `by` and n; combinations that do not occur are left out.
    """
    by = tuple(dict.fromkeys(by))
    if unknown := [name for name in by if name not in BY]:
        raise QuestionError(
            f"Incidents cannot be counted by {', '.join(unknown)}.", todo=f"Choose among {', '.join(BY)}."
        )
    if "area" in by and areas is None:
        if by != ("area", "month", "category", "source"):
            raise QuestionError("Counting by area needs areas.", todo="Give areas, or leave area out.")
        by = by[1:]
    rows = _rows(store, selection, areas, [SOURCE_OF.get(name, name) for name in by if name != "area"])
    named = {name: _part(rows, name) for name in by}
    if by:
        counted = rows.select(**named).group_by(list(by)).aggregate(n=ibis._.count())
        answer = engine().answer(counted.order_by([ibis.asc(name, nulls_first=False) for name in by]))
    else:
        answer = engine().answer(rows.aggregate(n=rows.count()))
    table = _frame(answer)
    for name in ("month", "day"):
        if name in table:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    return _labelled(table, areas).astype({"n": "int64"})


def points(store: Store, selection: Selection, *, limit: int | None = None) -> gpd.GeoDataFrame:
    """The incidents of a selection that have a location, oldest first.

    Parameters
    ----------
    limit : int, optional
        At most so many.
    """
    rows = reading.selected(engine(), store, selection, POINT_COLUMNS)
    rows = rows.filter(rows.x.notnull(), rows.y.notnull())
    rows = rows.select(*POINT_COLUMNS, "x", "y").order_by("occurred_on", "occurred_from", "id")
    table = _frame(engine().answer(rows if limit is None else rows.limit(limit)))
    geometry = gpd.points_from_xy(table["x"], table["y"])
    return gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=geometry, crs=store.crs)


def blocks(store: Store, selection: Selection, *, side: float) -> pd.DataFrame:
    """Incidents of a selection in squares of the plane that hold any.

    Parameters
    ----------
    side : float
        Side of a square, in the unit of the store's coordinates. The square of `east` and `north` begins at that many
        sides from the origin.

    Returns
    -------
    DataFrame
        east, north (whole numbers) and n.
    """
    rows = reading.selected(engine(), store, selection, ())
    rows = rows.filter(rows.x.notnull(), rows.y.notnull())
    squares = rows.select(east=(rows.x / side).floor(), north=(rows.y / side).floor())
    counted = squares.group_by(["east", "north"]).aggregate(n=ibis._.count())
    return _frame(engine().answer(counted.order_by(["east", "north"]))).astype("int64")


def intervals(store: Store, selection: Selection, *, areas: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """When the incidents of a selection may have happened, for those registered to the minute.

    Returns
    -------
    DataFrame
        source, occurred_from, occurred_to (UTC; the latter missing when there is one moment only) and, with
        `areas`, area: the label of the area, once for each area the incident lies in.
    """
    rows = _rows(store, selection, areas, ("precision", "source", "occurred_from", "occurred_to"))
    rows = rows.filter(rows.precision == "minute", rows.occurred_from.notnull())
    names = ["source", "occurred_from", "occurred_to"]
    names = names if areas is None else ["area", *names]
    table = _frame(engine().answer(rows.select(*names).order_by(names)))
    return _labelled(table, areas)


def quality(store: Store, selection: Selection) -> Quality:
    """How good the data of a selection are: located, dated, timely."""
    at = engine()
    there = reading.located(at, store, reading.chosen(at, store, selection), selection, QUALITY_COLUMNS)
    rows = reading.dated(there, selection)
    undated = reading.reported(there, selection, store.timezone)
    ended = rows.occurred_to.coalesce(rows.occurred_from)
    days = (rows.reported_at.epoch_seconds() - ended.epoch_seconds()) / 86_400
    lag = (rows.precision != "month").ifelse(days, ibis.null(float))
    facts = rows.aggregate(
        rows=rows.count(),
        located=rows.x.count(),
        undated_rows=rows.occurred_on.isnull().sum(),
        lag_median=lag.quantile(0.5),
        lag_p90=lag.quantile(0.9),
        first_day=rows.occurred_on.min(),
        # What is known to the month only covers its month to the last day.
        last_day=(rows.precision == "month")
        .ifelse(
            rows.occurred_on + ibis.interval(months=1) - ibis.interval(days=1),
            rows.occurred_on.cast("timestamp"),
        )
        .max()
        .cast("date"),
        last_reported=rows.reported_at.max(),
        **{source: (rows.source == source).sum() for source in SOURCES},
    ).cross_join(undated.aggregate(undated=undated.count()))
    told = at.answer(facts).to_pylist()[0]
    # Without a period the rows without a day are among the rows; with one they stand beside them.
    everything = told["rows"] + told["undated"] - int(told["undated_rows"] or 0)
    return Quality(
        rows=told["rows"],
        located=told["located"],
        geocoding_rate=_share(told["located"], told["rows"]),
        missing_dates=told["undated"],
        undated_share=_share(told["undated"], everything),
        sources={source: int(told[source] or 0) for source in SOURCES},
        lag_median_days=told["lag_median"],
        lag_p90_days=told["lag_p90"],
        first_day=told["first_day"],
        last_day=told["last_day"],
        last_reported=told["last_reported"],
    )


def _rows(
    store: Store, selection: Selection, areas: gpd.GeoDataFrame | None, columns: Sequence[str]
) -> ir.Table:
    rows = reading.selected(engine(), store, selection, columns)
    return rows if areas is None else reading.in_areas(engine(), store, rows, areas)


def _part(rows: ir.Table, name: str) -> ir.Value:
    if name == "month":
        return rows.occurred_on.truncate("M").cast("date")
    return rows.occurred_on if name == "day" else rows[name]


def _labelled(table: pd.DataFrame, areas: gpd.GeoDataFrame | None) -> pd.DataFrame:
    if areas is None or "area" not in table:
        return table
    return table.assign(area=areas.index.take(table["area"].to_numpy()).to_numpy())


def _frame(answer: pa.Table) -> pd.DataFrame:
    table: pd.DataFrame = answer.to_pandas(date_as_object=False)
    return table


def _share(part: Any, whole: Any) -> float | None:
    return part / whole if whole else None

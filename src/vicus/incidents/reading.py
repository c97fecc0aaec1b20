"""A selection as an expression: which rows of which version, and which areas they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import ibis
from ibis.expr import types as ir
from pyproj import CRS

from vicus.incidents.areas import AreaIndex, assign
from vicus.incidents.engine import Engine
from vicus.incidents.errors import AreaError
from vicus.incidents.selection import Selection
from vicus.incidents.store import Store


def selected(engine: Engine, store: Store, selection: Selection, columns: Sequence[str]) -> ir.Table:
    """The rows of a selection: identifier, location and the columns asked for, no others."""
    rows = dated(chosen(engine, store, selection), selection)
    return located(engine, store, rows, selection, columns)


def chosen(engine: Engine, store: Store, selection: Selection) -> ir.Table:
    """The rows of a selection's version, categories and sources, of any time and place."""
    rows = engine.incidents(store, store.numbered(selection.version).number)
    if selection.categories:
        rows = rows.filter(rows.category.isin(selection.categories))
    if selection.sources:
        rows = rows.filter(rows.source.isin(selection.sources))
    return rows


def located(
    engine: Engine, store: Store, rows: ir.Table, selection: Selection, columns: Sequence[str]
) -> ir.Table:
    """Those of the rows that lie in the selection's area, if it has one."""
    if selection.area is None:
        return _narrow(rows, columns)
    left, bottom, right, top = selection.area.bounds
    box = rows.filter(rows.x.between(left, right), rows.y.between(bottom, top))
    area = gpd.GeoDataFrame(geometry=[selection.area], crs=store.crs)
    return in_areas(engine, store, _narrow(box, columns), area).drop("area")


def dated(rows: ir.Table, selection: Selection) -> ir.Table:
    """Those of the rows that occurred in the selection's period."""
    # The year is the partition: naming it lets an engine skip whole files.
    if selection.start is not None:
        rows = rows.filter(rows.occurred_on >= selection.start, rows.year >= selection.start.year)
    if selection.end is not None:
        last = selection.end - timedelta(days=1)
        rows = rows.filter(rows.occurred_on < selection.end, rows.year <= last.year, rows.year > 0)
    return rows


def reported(rows: ir.Table, selection: Selection, timezone: str) -> ir.Table:
    """Those of the rows without a day of occurrence that were reported in the selection's period."""
    undated = rows.filter(rows.occurred_on.isnull(), rows.year == 0)
    if selection.start is not None:
        undated = undated.filter(undated.reported_at >= _midnight(selection.start, timezone))
    if selection.end is not None:
        undated = undated.filter(undated.reported_at < _midnight(selection.end, timezone))
    return undated


def in_areas(engine: Engine, store: Store, rows: ir.Table, areas: gpd.GeoDataFrame) -> ir.Table:
    """The rows with the position of the area they lie in, once for each area."""
    if areas.crs is None or not CRS.from_user_input(areas.crs).equals(
        CRS.from_epsg(store.crs), ignore_axis_order=True
    ):
        told = "no coordinate system" if areas.crs is None else f"the coordinate system {areas.crs.name}"
        raise AreaError(
            f"The areas have {told}; the incidents are in EPSG:{store.crs}.",
            todo="Convert the areas first (GeoDataFrame.to_crs).",
        )
    index = AreaIndex.build(areas)
    cells = engine.local(f"cells {index.key}", lambda: index.cells)
    edges = engine.local(f"edges {index.key}", lambda: index.edges)
    return assign(rows, cells, edges, index.cell_size)


def _narrow(rows: ir.Table, columns: Sequence[str]) -> ir.Table:
    # The join carries every column through a grouping; fewer columns are fewer values and a shorter query.
    return rows.select(*dict.fromkeys(("id", "x", "y", *columns)))


def _midnight(day: date, timezone: str) -> ir.TimestampScalar:
    moment = datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    return ibis.literal(moment, type="timestamp('UTC', 6)")

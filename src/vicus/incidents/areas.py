"""Which points lie in which area, exactly, by joining two small tables: no spatial extension, any SQL engine.

``cells(cx, cy, area, interior)`` holds every grid cell an area meets, flagged when it lies wholly inside.
``edges(area, cy, x1, y1, x2, y2)`` holds every boundary segment (lower end first) under each grid row it meets.
A point joins its cell. Cells wholly inside decide at once; in the others the edges of the row that a ray to the
right crosses are counted, and odd is in.

The rule is half-open: an edge takes its lower end and not its upper one, and a point on an edge lies to the
right of it. Two areas that share an edge share its ends and so its arithmetic: a point on it is in exactly one.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Self

import geopandas as gpd
import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from ibis.expr import types as ir

from vicus.incidents.errors import AreaError

CELLS_PER_AREA = 256
CELLS_LEAST, CELLS_MOST = 16_384, 2_000_000

CELLS_SCHEMA = pa.schema(
    [("cx", pa.int32()), ("cy", pa.int32()), ("area", pa.int32()), ("interior", pa.bool_())]
)
EDGES_SCHEMA = pa.schema(
    [("area", pa.int32()), ("cy", pa.int32()), *((name, pa.float64()) for name in ("x1", "y1", "x2", "y2"))]
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AreaIndex:
    """The two tables of an area set.

    Attributes
    ----------
    cells, edges : pyarrow.Table
        As described at the top of this module; `area` is the position of the area in the set.
    cell_size : float
        Side of a grid cell, in the units of the coordinates.
    key : str
        Hash of the geometries and the cell size: equal keys mean equal tables.
    """

    cells: pa.Table
    edges: pa.Table
    cell_size: float
    key: str

    @classmethod
    def build(cls, areas: gpd.GeoDataFrame, *, cell_size: float | None = None) -> Self:
        """Index an area set; the last sets used are remembered.

        Parameters
        ----------
        areas : GeoDataFrame
            Polygons and multipolygons, valid, in the coordinates of the points. They may overlap. Rows without
            a geometry hold no point.
        cell_size : float, optional
            Side of a grid cell; chosen from the areas when left out. It changes the speed, never the answer.

        Raises
        ------
        AreaError
            When a geometry is not an area, or is not valid.
        """
        geometries = np.asarray(areas.geometry.to_numpy(), dtype=object)
        _check(geometries, areas.index)
        key = _key(geometries, cell_size)
        with _guard:
            if key in _remembered:
                _remembered.move_to_end(key)
                return _remembered[key]  # type: ignore[return-value]
        index = cls._build(geometries, cell_size, key)
        with _guard:
            _remembered[key] = index
            while len(_remembered) > REMEMBERED:
                _remembered.popitem(last=False)
        return index

    @classmethod
    def _build(cls, geometries: npt.NDArray[Any], cell_size: float | None, key: str) -> Self:
        area, ends = _segments(geometries)
        size = float(cell_size) if cell_size is not None else _good_cell_size(geometries)
        if not np.isfinite(size) or size <= 0:
            raise AreaError(f"A cell size of {size} cannot be used.", todo="Give a positive number.")
        if ends.size and np.abs(ends).max() / size >= 2**30:
            raise AreaError(
                f"Cells of {size} are too small for these areas.", todo="Give a larger cell size, or none."
            )
        rows = _rows_of_edges(ends, size)
        sloping = np.flatnonzero((ends[:, 3] > ends[:, 1])[rows.edge])
        edge = rows.edge[sloping]
        edges = _table([area[edge], rows.cy[sloping], *ends[edge].T], EDGES_SCHEMA)
        return cls(_cells(area, ends, rows, size), edges, size, key)


def assign(
    points: ir.Table, cells: ir.Table, edges: ir.Table, cell_size: float, *, key: str = "id"
) -> ir.Table:
    """The points with the position of the area they lie in, as an expression for any engine.

    Parameters
    ----------
    points : ibis table
        With `x`, `y` and a column that is different for every point.
    cells, edges : ibis table
        The tables of an ``AreaIndex``.
    cell_size : float
        Its cell size.
    key : str
        The column that tells points apart.

    Returns
    -------
    ibis table
        The columns of `points` and `area`; a point in several areas stands in several rows, one in none is left
        out.
    """
    names = list(points.columns)
    located = points.filter(points.x.notnull(), points.y.notnull()).mutate(
        cx=(ibis._.x / cell_size).floor().cast("int32"), cy=(ibis._.y / cell_size).floor().cast("int32")
    )
    near = located.join(cells, ["cx", "cy"])
    inside = near.filter(near.interior).select(*names, "area")
    border = near.filter(~near.interior).select(*names, "area", "cy")
    crossed = border.join(edges, ["area", "cy"]).filter(
        ibis._.y1 <= ibis._.y,
        ibis._.y < ibis._.y2,
        # Left of the edge going up: differences first, so that nearby coordinates lose nothing.
        (ibis._.x2 - ibis._.x1) * (ibis._.y - ibis._.y1) > (ibis._.x - ibis._.x1) * (ibis._.y2 - ibis._.y1),
    )
    carried = {name: crossed[name].arbitrary() for name in names if name != key}
    odd = (
        crossed.group_by([key, "area"])
        .aggregate(**carried, crossings=crossed.count())
        .filter(ibis._.crossings % 2 == 1)
        .select(*names, "area")
    )
    return ibis.union(inside, odd)


REMEMBERED = 32
_remembered: OrderedDict[str, AreaIndex] = OrderedDict()
_guard = threading.Lock()


def _check(geometries: npt.NDArray[Any], labels: Any) -> None:
    there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    areal = np.isin(shapely.get_type_id(geometries), (3, 6))
    wrong = np.flatnonzero(there & ~areal)
    if len(wrong):
        raise AreaError(
            f"Area {labels[wrong[0]]!r} is a {geometries[wrong[0]].geom_type}, not an area.",
            todo="Give polygons and multipolygons only.",
        )
    invalid = np.flatnonzero(there & ~shapely.is_valid(geometries))
    if len(invalid):
        why = shapely.is_valid_reason(geometries[invalid[0]])
        raise AreaError(f"Area {labels[invalid[0]]!r} is not valid: {why}.", todo="Repair its outline.")


def _key(geometries: npt.NDArray[Any], cell_size: float | None) -> str:
    digest = hashlib.sha256(repr(cell_size).encode())
    for wkb in shapely.to_wkb(geometries):
        digest.update(b"-" if wkb is None else len(wkb).to_bytes(8, "little") + wkb)
    return digest.hexdigest()


def _good_cell_size(geometries: npt.NDArray[Any]) -> float:
    """Side at which the areas' boxes hold a few hundred cells each: more cells, fewer edges to look at."""
    boxes = shapely.bounds(geometries)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    covered = float(np.nansum(width * height)) if len(boxes) else 0.0
    if covered <= 0:
        return 1.0
    wanted = np.clip(CELLS_PER_AREA * len(boxes), CELLS_LEAST, CELLS_MOST)
    reach = float(np.nanmax(np.abs(boxes)))
    return max(float(np.sqrt(covered / wanted)), reach / 2**29)


def _segments(geometries: npt.NDArray[Any]) -> tuple[Integers, Floats]:
    """Every boundary segment, lower end first, with the area it belongs to; level ones are never crossed."""
    parts, area = shapely.get_parts(shapely.force_2d(geometries), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    ends = np.hstack([points[:-1][follows], points[1:][follows]])
    owner = area[part][ring[:-1][follows]] if len(ring) else np.empty(0, dtype=np.int64)
    down = ends[:, 1] > ends[:, 3]
    ends[down] = ends[down][:, [2, 3, 0, 1]]
    return owner.astype(np.int64), ends


@dataclass(frozen=True, slots=True)
class _Rows:
    """Edges under each grid row they meet: position of the edge, row."""

    edge: Integers
    cy: Integers


def _rows_of_edges(ends: Floats, size: float) -> _Rows:
    # Level edges are never crossed, but a cell one runs through is not wholly inside.
    first = np.floor(ends[:, 1] / size).astype(np.int64)
    last = np.floor(ends[:, 3] / size).astype(np.int64)
    edge, step = _spread(last - first + 1)
    return _Rows(edge, first[edge] + step)


def _cells(area: Integers, ends: Floats, rows: _Rows, size: float) -> pa.Table:
    """Cells met by an edge, and the cells wholly inside between them."""
    if not len(rows.edge):
        return CELLS_SCHEMA.empty_table()
    owner, cy = area[rows.edge], rows.cy
    left, right = _reach_in_row(ends[rows.edge], cy, size)
    start, step = _spread(right - left + 1)
    a, row, cx = _distinct(owner[start], cy[start], left[start] + step)
    gap = np.flatnonzero((a[1:] == a[:-1]) & (row[1:] == row[:-1]) & (cx[1:] > cx[:-1] + 1))
    within = gap[_odd(area, ends, rows, a[gap], row[gap], (cx[gap] + 1) * size, size)]
    which, step = _spread(cx[within + 1] - cx[within] - 1)
    full = within[which]
    columns = [
        np.concatenate([cx, cx[full] + 1 + step]),
        np.concatenate([row, row[full]]),
        np.concatenate([a, a[full]]),
        np.concatenate([np.zeros(len(a), dtype=bool), np.ones(len(full), dtype=bool)]),
    ]
    return _table(columns, CELLS_SCHEMA)


def _reach_in_row(ends: Floats, cy: Integers, size: float) -> tuple[Integers, Integers]:
    """First and last cell of a row that an edge may touch, with a margin for rounding."""
    x1, y1, x2, y2 = ends.T
    height = np.where(y2 > y1, y2 - y1, 1.0)
    level = y2 <= y1
    slope = (x2 - x1) / height
    low = np.where(level, x1, x1 + slope * (np.clip(cy * size, y1, y2) - y1))
    high = np.where(level, x2, x1 + slope * (np.clip((cy + 1) * size, y1, y2) - y1))
    # A row may begin a rounding step early or late, which a nearly level edge turns into a long way in x.
    rounding = 1e-15 * (np.abs(y1) + np.abs(y2) + size)
    margin = 1e-9 * (np.abs(x1) + np.abs(x2) + size) + np.abs(slope) * rounding
    margin = np.minimum(margin, np.abs(x2 - x1) + 1e-9 * (np.abs(x1) + np.abs(x2) + size))
    left = np.floor((np.minimum(low, high) - margin) / size).astype(np.int64)
    return left, np.floor((np.maximum(low, high) + margin) / size).astype(np.int64)


def _odd(
    area: Integers,
    ends: Floats,
    rows: _Rows,
    a: Integers,
    row: Integers,
    x: npt.NDArray[np.floating[Any]],
    size: float,
) -> npt.NDArray[np.bool_]:
    """For places on the middle line of a row of an area, whether an odd number of its edges lie to the right."""
    x1, y1, x2, y2 = ends[rows.edge].T
    middle = (rows.cy + 0.5) * size
    crossing = np.flatnonzero((y1 <= middle) & (middle < y2))
    at = x1[crossing] + (x2 - x1)[crossing] * (middle - y1)[crossing] / (y2 - y1)[crossing]
    asked = np.concatenate([np.zeros(len(crossing), dtype=np.int64), np.ones(len(x), dtype=np.int64)])
    owner = np.concatenate([area[rows.edge[crossing]], a])
    line = np.concatenate([rows.cy[crossing], row])
    order = np.lexsort((np.concatenate([at, x]), line, owner))
    # Every row of an area is crossed an even number of times in all, so parity from the far left will do.
    passed = np.cumsum(1 - asked[order])
    odd = np.zeros(len(asked), dtype=bool)
    odd[order] = passed % 2 == 1
    return odd[len(crossing) :]


def _distinct(a: Integers, row: Integers, cx: Integers) -> tuple[Integers, Integers, Integers]:
    """Each (area, row, cell) once, in that order."""
    order = np.lexsort((cx, row, a))
    a, row, cx = a[order], row[order], cx[order]
    new = np.ones(len(a), dtype=bool)
    new[1:] = (a[1:] != a[:-1]) | (row[1:] != row[:-1]) | (cx[1:] != cx[:-1])
    return a[new], row[new], cx[new]


def _table(columns: list[Any], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array(column).cast(field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _spread(counts: Integers) -> tuple[Integers, Integers]:
    """Positions repeated `counts` times, and for each repetition its number from 0."""
    position = np.repeat(np.arange(len(counts)), counts)
    return position, np.arange(len(position)) - np.repeat(np.cumsum(counts) - counts, counts)

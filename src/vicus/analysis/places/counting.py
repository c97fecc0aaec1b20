"""How many points lie in each area."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

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
from vicus.analysis.errors import ColumnMissing, ColumnTaken
from vicus.analysis.inputs import Points, layer_of
from vicus.analysis.places.grid import Lattice, lattice_of
from vicus.analysis.places.outline_index import OutlineIndex
from vicus.analysis.simulation import LARGE, in_threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def count_points(
    points: Points,
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    by: str | ArrayLike | None = None,
    weights: str | ArrayLike | None = None,
) -> gpd.GeoDataFrame:
    """Count the points in each area, exactly.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres. Missing and empty geometry is counted in `attrs`, nowhere else.
    areas : GeoDataFrame or GeoSeries of (Multi)Polygon, m rows
        Areas in the same CRS, such as a grid of `make_grid`. They may overlap: a point then counts in each.
    by : str or array_like of shape (n,), optional
        Column of `points`, or values, to count apart: one more column per level, named after it. Missing
        levels are counted in `n` only.
    weights : str or array_like of shape (n,), optional
        Column of `points`, or values, to sum instead of counting 1 each.

    Returns
    -------
    GeoDataFrame
        A copy of `areas`, same index and order, with `n` (int64; float64 with weights) and one column per level
        of `by`. A column `n` that was there is replaced. `attrs` gain `unassigned` (points, or their weights,
        in no area), `missing` (points without coordinates) and `points` (all rows).

    Raises
    ------
    DifferentCRS, NotProjected, NotPoints, NoAreas, InvalidGeometry
        The layers cannot be laid over each other.
    ColumnTaken
        A level of `by` is named like another column of `areas`.
    MissingValues, LengthMismatch, ColumnMissing
        Weights are missing, of another length, or in no column.

    Notes
    -----
    An area owns its left and lower edge: of two areas that share an edge, a point on it counts in exactly one.
    Squares of one lattice are found by division; other outlines through an index that knows which cells of a
    fine grid lie wholly inside, so that a ray is cast only for points near an outline.

    References
    ----------
    Haines, E. (1994). Point in polygon strategies. In P. Heckbert (ed.), Graphics Gems IV, 24-46. Academic Press.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import count_points, make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 200, 100)], crs=3812), 100)
    >>> points = gpd.GeoDataFrame(
    ...     {"kind": ["theft", "noise", "theft"]},
    ...     geometry=gpd.points_from_xy([10, 100, 999], [10, 50, 999]), crs=3812)
    >>> counted = count_points(points, grid, by="kind")
    >>> counted[["n", "noise", "theft"]].to_numpy()
    array([[1, 0, 1],
           [1, 1, 0]])
    >>> counted.attrs["unassigned"]
    1
    """
    points = layer_of(points)
    where = metric(points, "points")
    outlines = metric(areas, "areas")
    same_crs(where, outlines, ("points", "areas"))
    surfaces(outlines, "areas")
    x, y = point_coordinates(where, "points")
    load = None if weights is None else finite(_values(points, weights, "weights"), "weights")
    if load is not None:
        same_length(points=x, weights=load)
    levels, codes = _levels(points, by, len(x))

    counter = Counter(outlines)
    table = counter.count(x, y, load, codes, len(levels))
    result = areas.copy() if isinstance(areas, gpd.GeoDataFrame) else gpd.GeoDataFrame(geometry=areas.copy())
    result.attrs = dict(getattr(areas, "attrs", {}))
    _refuse_taken(result, levels)
    kind = np.int64 if load is None else np.float64
    result["n"] = table.total.astype(kind)
    for position, level in enumerate(levels):
        result[level] = table.per_level[:, position].astype(kind)
    known = np.isfinite(x)
    outside = (table.hits == 0) & known
    result.attrs["points"] = len(x)
    result.attrs["missing"] = int(len(x) - known.sum())
    result.attrs["unassigned"] = int(outside.sum()) if load is None else float(load[outside].sum())
    return result


class Tally:
    """Sums per area, per area and level, and in how many areas each point lies."""

    def __init__(self, areas: int, levels: int, points: int) -> None:
        self.total: Floats = np.zeros(areas)
        self.per_level: Floats = np.zeros((areas, levels))
        self.hits: npt.NDArray[np.int32] = np.zeros(points, dtype=np.int32)


class Counter:
    """Areas made ready for counting, by division when they are squares of one lattice."""

    def __init__(self, outlines: Any) -> None:
        self.areas = len(outlines)
        self.lattice: Lattice | None = lattice_of(outlines)
        self.index = None if self.lattice is not None else OutlineIndex.build(np.asarray(outlines.array))

    def count(self, x: Floats, y: Floats, load: Floats | None, codes: Integers | None, levels: int) -> Tally:
        """Count points, weighted when `load` is given, by level when `codes` are (-1 for none)."""
        tally = Tally(self.areas, levels, len(x))
        place = np.zeros((0, 0), dtype=np.int64)
        if self.lattice is not None:
            place = np.full(self.lattice.shape, -1, dtype=np.int64)
            place[self.lattice.row, self.lattice.col] = np.arange(self.areas)

        def run(first: int, last: int) -> tuple[Floats, Floats]:
            total, per_level = np.zeros(self.areas), np.zeros((self.areas, levels))
            part = slice(first, last)
            self._count(
                x[part], y[part], np.ones(1) if load is None else load[part],
                np.full(1, -1, dtype=np.int64) if codes is None else codes[part], place, total, per_level,
                tally.hits[part],
            )  # fmt: skip
            return total, per_level

        # Sums of weights depend on their order in the last digits: they are made in one go.
        alone = load is not None or len(x) < LARGE
        for total, per_level in in_threads(run, len(x), 1 if alone else None):
            tally.total += total
            tally.per_level += per_level
        return tally

    def _count(
        self, x: Floats, y: Floats, weight: Floats, code: Integers, place: Integers, total: Floats, per_level: Floats,
        hits: npt.NDArray[np.int32],
    ) -> None:  # fmt: skip
        from vicus.analysis.places import kernels

        if self.lattice is not None:
            kernels.count_on_lattice(
                x, y, weight, code, self.lattice.xs, self.lattice.ys, place, total, per_level, hits
            )
        elif self.index is not None:
            i = self.index
            kernels.count_in_outlines(
                x, y, weight, code, i.frame, i.cell_start, i.cell_area, i.cell_inside, i.edge_start, i.edges,
                i.first_row, total, per_level, hits,
            )  # fmt: skip


def _values(points: Any, values: Any, name: str) -> Any:
    if not isinstance(values, str):
        return values
    if not isinstance(points, gpd.GeoDataFrame):
        raise ColumnMissing(
            f"{name}={values!r} names a column, but points is a GeoSeries; pass the values instead."
        )
    return column_of(points, values, "points")


def _levels(points: Any, by: Any, n: int) -> tuple[list[Any], Integers | None]:
    """Levels of `by` in order, and the code of each point (-1 when missing)."""
    if by is None:
        return [], None
    series = pd.Series(np.asarray(_values(points, by, "by"), dtype=object))
    same_length(points=range(n), by=series)
    codes, found = pd.factorize(series, sort=False)
    order = sorted(range(len(found)), key=lambda k: (str(type(found[k])), found[k]))
    rank = np.empty(len(found) + 1, dtype=np.int64)
    rank[order] = np.arange(len(found))
    rank[-1] = -1
    return [found[k] for k in order], rank[codes]


def _refuse_taken(areas: gpd.GeoDataFrame, levels: list[Any]) -> None:
    taken = [level for level in levels if level in areas.columns or level == "n"]
    if taken:
        raise ColumnTaken(
            f"The level {taken[0]!r} of by is also a column of the result; rename the column of the areas, or the"
            " level."
        )

"""Grids: equal cells over an area, and finding out that areas are such a grid."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from vicus.analysis.checks import metric, one_of, positive, surfaces
from vicus.analysis.errors import GridTooLarge
from vicus.analysis.simulation import each

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MOST_CELLS = 4_000_000
"""Cells of the bounding box above which a grid is refused: more than a computer of 8 GB works with in comfort."""


def make_grid(
    area: gpd.GeoDataFrame | gpd.GeoSeries,
    cell_size: float,
    *,
    shape: str = "square",
    most_cells: int = MOST_CELLS,
) -> gpd.GeoDataFrame:
    r"""Equal cells that meet an area.

    Parameters
    ----------
    area : GeoDataFrame or GeoSeries of (Multi)Polygon
        The area, in a projected CRS in metres; several rows count as one area.
    cell_size : float
        Side of a square, or distance between two opposite sides of a hexagon, in metres.
    shape : {"square", "hexagon"}, default "square"
        Hexagons have two vertical sides.
    most_cells : int, default 4,000,000
        Refuse when the bounding box of the area would hold more cells.

    Returns
    -------
    GeoDataFrame, shape (cells, 3)
        Columns `row` (from the south) and `col` (from the west), both int64 and counted from the origin of the
        CRS, and `geometry`. Sorted by row, then col. `attrs` hold `cell_size` and `shape`.

    Raises
    ------
    GridTooLarge
        The message names the number of cells and a cell size that would fit.
    NotProjected, NoAreas, InvalidGeometry, BadParameter
        The area is in degrees, has no surface, is not valid, or a parameter is out of its bounds.

    Notes
    -----
    Cells lie on multiples of `cell_size` from the origin of the CRS, so that two grids of one size share their
    cells whatever the area. A cell meets the area when they share surface, not only an edge or a corner.
    A hexagon of width w has the surface :math:`\frac{\sqrt 3}{2} w^2`.

    References
    ----------
    Birch, C. P. D., Oom, S. P., & Beecham, J. A. (2007). Rectangular and hexagonal grids used for observation, experiment and
    simulation in ecology. Ecological Modelling 206(3-4), 347-359. :doi:`10.1016/j.ecolmodel.2007.03.041`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 1000, 500)], crs=3812), 250)
    >>> len(grid), float(grid.area.sum())
    (8, 500000.0)
    >>> len(make_grid(gpd.GeoSeries([box(0, 0, 1000, 500)], crs=3812), 250, shape="hexagon"))
    18
    """
    one_of(shape, "shape", ("square", "hexagon"))
    size = positive(cell_size, "cell_size", "metres")
    geometry = metric(area, "area")
    surfaces(geometry, "area")
    bounds = geometry.total_bounds
    _refuse_too_many(bounds, size, shape, most_cells)
    rows, cols = _candidates(bounds, size, shape)
    cells = _squares(rows, cols, size) if shape == "square" else _hexagons(rows, cols, size)
    whole = geometry.union_all() if len(geometry) > 1 else geometry.iloc[0]
    meets = _meets(cells, whole)
    rows, cols, cells = rows[meets], cols[meets], cells[meets]
    grid = gpd.GeoDataFrame({"row": rows, "col": cols}, geometry=cells, crs=geometry.crs)
    grid.attrs = {"cell_size": size, "shape": shape}
    return grid


def _refuse_too_many(bounds: Floats, size: float, shape: str, most: int) -> None:
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    surface = size**2 if shape == "square" else size**2 * math.sqrt(3) / 2
    number = (width + size) * (height + size) / surface
    if number <= most:
        return
    fits = size
    while (width + fits) * (height + fits) / (surface / size**2 * fits**2) > most:
        fits *= 1.02
    digits = 10 ** max(0, math.floor(math.log10(fits)) - 1)
    fits = math.ceil(fits / digits) * digits if fits >= 1 else fits
    raise GridTooLarge(
        f"A grid of {size:g} m over {width / 1000:,.1f} by {height / 1000:,.1f} km has about {number:,.0f} cells;"
        f" {most:,} are allowed. A cell size of {fits:g} m fits; so does a smaller area, or a higher most_cells."
    )


def _candidates(bounds: Floats, size: float, shape: str) -> tuple[Integers, Integers]:
    """Rows and columns that can meet the bounding box, one entry per cell."""
    step = size if shape == "square" else size * math.sqrt(3) / 2
    margin = 0 if shape == "square" else 1
    first_col, last_col = math.floor(bounds[0] / size) - margin, math.floor(bounds[2] / size) + margin
    first_row, last_row = math.floor(bounds[1] / step) - margin, math.floor(bounds[3] / step) + margin
    rows, cols = np.meshgrid(
        np.arange(first_row, last_row + 1), np.arange(first_col, last_col + 1), indexing="ij"
    )
    return rows.ravel().astype(np.int64), cols.ravel().astype(np.int64)


def _squares(rows: Integers, cols: Integers, size: float) -> Any:
    # Corners are computed from the integers, so that neighbours share them to the last bit.
    return shapely.box(cols * size, rows * size, (cols + 1) * size, (rows + 1) * size)


def _hexagons(rows: Integers, cols: Integers, size: float) -> Any:
    """Hexagons with two vertical sides; corners are points of one lattice, shared to the last bit."""
    half, third = size / 2.0, size / math.sqrt(3) / 2.0
    across = 2 * cols + (rows % 2)  # in half widths, left side
    up = 3 * rows  # in halves of a side, lowest corner
    dx = np.array([1, 2, 2, 1, 0, 0])
    dy = np.array([0, 1, 3, 4, 3, 1])
    corners = np.stack([(across[:, None] + dx) * half, (up[:, None] + dy) * third], axis=2)
    return shapely.polygons(corners)


def _meets(cells: Any, whole: Any) -> npt.NDArray[np.bool_]:
    """Which cells share surface with the area."""
    shapely.prepare(whole)
    meets = np.asarray(shapely.intersects(whole, cells))
    # Most cells that meet the area lie inside it; only those on its edge may merely touch.
    at_edge = np.flatnonzero(meets)
    at_edge = at_edge[~shapely.contains_properly(whole, cells[at_edge])]
    meets[at_edge] = ~shapely.touches(whole, cells[at_edge])
    shapely.destroy_prepared(whole)
    return meets


@dataclass(frozen=True, slots=True)
class Lattice:
    """Areas that are squares of one lattice: side, corners of columns and rows, place of each area on it."""

    size: float
    xs: Floats
    ys: Floats
    col: Integers
    row: Integers

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the whole lattice."""
        return len(self.ys) - 1, len(self.xs) - 1

    def scatter(self, values: Any, empty: float = 0.0) -> Floats:
        """Values of the areas on the whole lattice."""
        out = np.full(self.shape, empty, dtype=float)
        out[self.row, self.col] = values
        return out


def lattice_of(geometry: Any, *, sparse: float = 50.0) -> Lattice | None:
    """The lattice that these areas are squares of, or None; looks at the outlines, not at names of columns.

    A lattice of more than `sparse` places per area (and more than a million) is not worth it: None.
    """
    shapes = np.asarray(geometry.array)
    if not len(shapes) or not (each(shapely.get_type_id, shapes) == 3).all():
        return None
    if not (each(shapely.get_num_coordinates, shapes) == 5).all():
        return None
    x0, y0, x1, y1 = each(shapely.bounds, shapes).T
    size, left, bottom = float(x1[0] - x0[0]), float(x0.min()), float(y0.min())
    if not size > 0:
        return None
    from vicus.analysis.places import kernels

    cols, rows = np.empty(len(shapes), dtype=np.int64), np.empty(len(shapes), dtype=np.int64)
    if not kernels.on_lattice(x0, y0, x1, y1, size, left, bottom, cols, rows):
        return None
    if np.abs(each(shapely.area, shapes) - size**2).max() > 1e-5 * size**2:
        return None
    places = (int(cols.max()) + 1) * (int(rows.max()) + 1)
    if places > max(1_000_000, sparse * len(shapes)):
        return None
    if np.bincount(rows * (cols.max() + 1) + cols, minlength=places).max() > 1:
        return None
    xs = _corners(cols, x0, x1, left, size)
    ys = _corners(rows, y0, y1, bottom, size)
    if xs is None or ys is None:
        return None
    return Lattice(size, xs, ys, cols, rows)


def _corners(index: Integers, low: Floats, high: Floats, first: float, size: float) -> Floats | None:
    """Coordinates of the lattice lines as the squares themselves have them; None when neighbours disagree."""
    from vicus.analysis.places import kernels

    lines: Floats = first + np.arange(int(index.max()) + 2, dtype=np.float64) * size
    return lines if kernels.lines_of(index, low, high, lines) else None

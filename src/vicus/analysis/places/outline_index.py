"""A grid over outlines that tells in which areas a point lies, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OutlineIndex:
    """Cells with the areas that meet them, and edges of each area by row of the grid.

    Attributes
    ----------
    frame : ndarray, shape (6,)
        Left, bottom, cell width, cell height, columns, rows.
    cell_start, cell_area, cell_inside : ndarray
        Areas of cell c are `cell_area[cell_start[c]:cell_start[c + 1]]`; inside tells that the cell lies wholly in.
    first_row, edge_start, edges : ndarray
        Edges (x1, y1, x2, y2 with y1 <= y2) of area a in row r are those from
        `edge_start[first_row[a] + r - row of the lowest edge of a]`; `first_row` holds both numbers.
    """

    frame: Floats
    cell_start: Integers
    cell_area: Integers
    cell_inside: npt.NDArray[np.bool_]
    first_row: Integers
    edge_start: Integers
    edges: Floats

    @classmethod
    def build(cls, shapes: Any) -> OutlineIndex:
        """Index these polygons."""
        from vicus.analysis.places import kernels

        x1, y1, x2, y2, owner = _edges(shapes)
        frame = _frame(shapes, len(shapes))
        order = np.argsort(owner, kind="stable")
        x1, y1, x2, y2, owner = x1[order], y1[order], x2[order], y2[order], owner[order]
        area_start = np.searchsorted(owner, np.arange(len(shapes) + 1))
        first_row, edge_start, edges = kernels.edges_by_row(x1, y1, x2, y2, area_start, frame)
        cell_start, cell_area, inside = kernels.areas_by_cell(first_row, edge_start, edges, frame)
        return cls(frame, cell_start, cell_area, inside, first_row, edge_start, edges)


def _edges(shapes: Any) -> tuple[Floats, Floats, Floats, Floats, Integers]:
    """All edges, lower end first. A level ray never crosses a level edge, but that edge still parts a cell."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    a, b = coordinates[:-1][joined], coordinates[1:][joined]
    of = owner[part[ring[1:][joined]]]
    # One direction for all: an edge shared by two areas then gives the very same crossing to both.
    turned = a[:, 1] > b[:, 1]
    low, high = np.where(turned[:, None], b, a), np.where(turned[:, None], a, b)
    return low[:, 0].copy(), low[:, 1].copy(), high[:, 0].copy(), high[:, 1].copy(), of.astype(np.int64)


def _frame(shapes: Any, areas: int) -> Floats:
    """A grid of about 144 cells per area, so that most lie wholly inside one; from 128 x 128 to 2048 x 2048."""
    left, bottom, right, top = shapely.total_bounds(shapes)
    side = float(np.clip(12 * np.sqrt(areas), 128, 2048))
    width, height = max(right - left, 1e-9), max(top - bottom, 1e-9)
    ratio = np.sqrt(width / height)
    cols = max(1.0, np.round(np.clip(side * ratio, 1, 8192)))
    rows = max(1.0, np.round(np.clip(side / ratio, 1, 8192)))
    # A hair wider than the areas, so that their right and upper edges fall inside.
    grow = 1 + 1e-9
    return np.array([left, bottom, width * grow / cols, height * grow / rows, cols, rows])

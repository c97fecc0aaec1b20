"""Who is next to whom, as a sparse matrix of weights, or as shifts of a lattice when the areas are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from vicus.analysis.checks import positive
from vicus.analysis.errors import BadNeighbours
from vicus.analysis.places.grid import Lattice, lattice_of

Floats = npt.NDArray[np.float64]

MOST_SHIFTS = 121
"""Neighbours per square up to which adding shifted copies beats a sparse matrix."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Neighbours of every area without itself.

    Either `lattice` and `shifts` (rows, cols) with weight 1 each, or `matrix`, shape (n, n).
    """

    n: int
    binary: bool
    lattice: Lattice | None
    shifts: npt.NDArray[np.int64]
    matrix: Any
    own: Floats
    """Weight of an area on itself where the weights given have one, else 0."""

    def sums(self, values: Floats) -> Floats:
        """Sum of weight times value over the neighbours of each area."""
        if self.lattice is None:
            return np.asarray(self.matrix @ values, dtype=float)
        from vicus.analysis.places import kernels

        rows, cols = self.lattice.shape
        reach = int(np.abs(self.shifts).max()) if len(self.shifts) else 0
        padded, total = np.zeros((rows + 2 * reach, cols + 2 * reach)), np.empty(self.n)
        kernels.sum_around(values, self.lattice.row, self.lattice.col, self.shifts, reach, padded, total)
        return total

    def totals(self, own: Floats) -> tuple[Floats, Floats]:
        """Sum of the weights of each area, its own weight included, and of their squares."""
        total = squares = self.sums(np.ones(self.n))
        if not self.binary:
            squares = np.asarray(self.matrix.multiply(self.matrix).sum(axis=1), dtype=float).ravel()
        return total + own, squares + own**2

    def to_matrix(self) -> Any:
        """As a sparse matrix in CSR form."""
        if self.lattice is None:
            return self.matrix
        row, col = self.lattice.row, self.lattice.col
        place = np.full(self.lattice.shape, -1, dtype=np.int64)
        place[row, col] = np.arange(self.n)
        ones, others = [], []
        for up, right in self.shifts:
            r, c = row + up, col + right
            inside = (r >= 0) & (c >= 0) & (r < place.shape[0]) & (c < place.shape[1])
            other = np.where(inside, place[np.where(inside, r, 0), np.where(inside, c, 0)], -1)
            there = other >= 0
            ones.append(np.flatnonzero(there))
            others.append(other[there])
        i, j = np.concatenate(ones), np.concatenate(others)
        return sparse.csr_array((np.ones(len(i)), (i, j)), shape=(self.n, self.n))


def neighbours_of(geometry: Any, neighbours: Any) -> Neighbours:
    """Neighbours by "queen", "rook", a distance in metres, or libpysal weights or graph."""
    if isinstance(neighbours, str):
        if neighbours not in ("queen", "rook"):
            raise BadNeighbours(_choices(neighbours))
        return _contiguous(geometry, neighbours)
    if isinstance(neighbours, (int, float, np.integer, np.floating)) and neighbours is not True:
        return _within(geometry, positive(float(neighbours), "neighbours", "metres"))
    return _given(neighbours, geometry.index)


def _choices(neighbours: object) -> str:
    return f'neighbours must be "queen", "rook", a distance in metres, or libpysal weights or graph; it is {neighbours!r}.'


def _contiguous(geometry: Any, kind: str) -> Neighbours:
    lattice = lattice_of(geometry)
    if lattice is not None:
        near = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
        if kind == "rook":
            near = [(r, c) for r, c in near if r == 0 or c == 0]
        return _of_lattice(lattice, near, len(geometry))
    shapes = np.asarray(geometry.array)
    if (shapely.get_dimensions(shapes) < 2).any():
        raise BadNeighbours(
            f'"{kind}" neighbours share an edge or corner, which only areas can; for points give a distance in'
            " metres, or libpysal weights."
        )
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    other = i != j
    i, j = i[other], j[other]
    if kind == "rook":  # a line or a surface in common, not only a corner
        shared = shapely.relate_pattern(shapes[i], shapes[j], "****1****")
        shared |= shapely.relate_pattern(shapes[i], shapes[j], "2********")
        i, j = i[shared], j[shared]
    return _of_pairs(i, j, len(shapes))


def _within(geometry: Any, distance: float) -> Neighbours:
    """Centres no further apart than a distance."""
    lattice = lattice_of(geometry)
    if lattice is not None:
        reach = int(distance / lattice.size + 1e-9)
        steps = range(-reach, reach + 1)
        limit = (distance / lattice.size) ** 2 * (1 + 1e-12)
        near = [(r, c) for r in steps for c in steps if (r, c) != (0, 0) and r * r + c * c <= limit]
        if not near and len(geometry) > 1:
            raise BadNeighbours(_too_near(distance, lattice.size))
        if len(near) <= MOST_SHIFTS:
            return _of_lattice(lattice, near, len(geometry))
    from scipy.spatial import cKDTree

    centres = shapely.centroid(np.asarray(geometry.array))
    xy = np.column_stack((shapely.get_x(centres), shapely.get_y(centres)))
    if not np.isfinite(xy).all():
        raise BadNeighbours("A row without geometry has no neighbours; leave it out.")
    tree = cKDTree(xy)
    pairs = tree.query_pairs(distance, output_type="ndarray")
    if not len(pairs) and len(xy) > 1:
        raise BadNeighbours(_too_near(distance, float(tree.query(xy, k=2)[0][:, 1].min())))
    return _of_pairs(
        np.concatenate((pairs[:, 0], pairs[:, 1])), np.concatenate((pairs[:, 1], pairs[:, 0])), len(xy)
    )


def _too_near(distance: float, nearest: float) -> str:
    return (
        f"No area has another within {distance:g} m of its centre: the nearest two are {nearest:g} m apart. Give a"
        f' distance of {nearest:g} m or more (for all eight squares around a square, 1.5 times its side), or "queen".'
    )


def _given(weights: Any, index: Any) -> Neighbours:
    n = len(index)
    matrix = getattr(weights, "sparse", None)
    if matrix is None and (sparse.issparse(weights) or isinstance(weights, np.ndarray)):
        matrix = weights
    if matrix is None:
        raise BadNeighbours(_choices(weights))
    matrix = sparse.csr_array(matrix, dtype=float)
    if matrix.shape != (n, n):
        raise BadNeighbours(
            f"The weights are for {matrix.shape[0]} areas and the table has {n}; build them from this very table,"
            " in this order."
        )
    names = getattr(weights, "unique_ids", None)  # of a libpysal graph; its older weights have an order
    names = getattr(weights, "id_order", None) if names is None else names
    if names is not None and list(names) != list(index) and set(names) == set(index):
        raise BadNeighbours(
            "The weights name the areas in another order than the table; build them from this very table, in this"
            " order, or number its rows anew: areas.reset_index(drop=True)."
        )
    if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
        raise BadNeighbours("Weights must be finite and not negative.")
    own = np.asarray(matrix.diagonal(), dtype=float)
    matrix = sparse.csr_array(matrix - sparse.diags_array(own))
    matrix.eliminate_zeros()
    binary = bool(np.isin(matrix.data, (0.0, 1.0)).all())
    return Neighbours(n, binary, None, np.zeros((0, 2), dtype=np.int64), matrix, own)


def _of_lattice(lattice: Lattice, near: list[tuple[int, int]], n: int) -> Neighbours:
    shifts = np.array(near, dtype=np.int64).reshape(-1, 2)
    return Neighbours(n, True, lattice, shifts, None, np.zeros(n))


def _of_pairs(i: Any, j: Any, n: int) -> Neighbours:
    matrix = sparse.csr_array((np.ones(len(i)), (i, j)), shape=(n, n))
    return Neighbours(n, True, None, np.zeros((0, 2), dtype=np.int64), matrix, np.zeros(n))

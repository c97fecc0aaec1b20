"""Can a reader of several tables work out a small count? The check of everything that was released together.

What is published are sums over atoms: the facts of one kind, in one month, in one piece of ground that no outline
cuts. A reader knows which atoms each sum covers, the sums that are shown, and that no count is below 0. Atoms that
the same sums cover cannot be told apart, so they are taken together as one class.

A class that holds 1 to k - 1 facts is safe when the reader must admit that it could hold k or more: its largest value
under all that is shown is at least k. This covers every difference a reader can form, since the count of any group of
atoms that is below k and not 0 contains such a class, and is at least as large as it. The largest value is that of an
integer programme, solved exactly; rounding by a relaxed one could call a count safe that is not.

Reference: Hundepool, A. et al. (2012). Statistical disclosure control. Chichester: Wiley, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

Atoms = npt.NDArray[np.int64]
"""Counts by piece of ground, month and category."""
Sums = npt.NDArray[np.bool_]
"""Which sum (first axis) covers which class or atom (second axis)."""


@dataclass(frozen=True)
class Sum:
    """A published sum: which pieces of ground, months and categories it covers, and what is shown of it."""

    pieces: tuple[int, ...]
    months: tuple[int, ...]
    categories: tuple[int, ...]
    shown: bool
    new: bool


@dataclass(frozen=True)
class Classes:
    """Atoms that no published sum tells apart, taken together.

    Attributes
    ----------
    covers : ndarray of bool, shape (sums, classes)
        Which sum covers which class.
    counts : ndarray of int, shape (classes,)
        How many facts each class holds.
    """

    covers: Sums
    counts: Atoms

    @property
    def values(self) -> Atoms:
        """What each sum amounts to."""
        return (self.covers @ self.counts).astype(np.int64)


def classes(atoms: Atoms, sums: Sequence[Sum]) -> Classes:
    """The classes of atoms under these sums; atoms that no sum covers are left out."""
    covered = np.zeros((len(sums), *atoms.shape), dtype=bool)
    for position, it in enumerate(sums):
        covered[np.ix_([position], it.pieces, it.months, it.categories)] = True
    flat = covered.reshape(len(sums), -1)
    touched = np.flatnonzero(flat.any(axis=0))
    patterns, which = np.unique(np.packbits(flat[:, touched], axis=0), axis=1, return_inverse=True)
    covers = np.unpackbits(patterns, axis=0, count=len(sums)).astype(bool)
    counts = np.bincount(
        np.ravel(which), weights=atoms.reshape(-1)[touched], minlength=patterns.shape[1]
    ).astype(np.int64)
    return Classes(covers, counts)


def largest(found: Classes, shown: npt.NDArray[np.bool_], target: int) -> float:
    """The most facts that a class could hold for all that is shown; infinite when nothing bounds it.

    Parameters
    ----------
    found : Classes
        The classes and what they hold.
    shown : ndarray of bool, shape (sums,)
        Which sums are shown.
    target : int
        Position of the class.
    """
    related = _related(found.covers[shown], target)
    if related is None:
        return np.inf
    columns, rows = related
    matrix = sparse.csr_array(found.covers[shown][np.ix_(rows, columns)].astype(float))
    values = found.values[shown][rows]
    goal = np.zeros(len(columns))
    goal[np.searchsorted(columns, target)] = -1.0
    solved = optimize.milp(
        goal,
        integrality=np.ones(len(columns)),
        bounds=optimize.Bounds(0, np.inf),
        constraints=optimize.LinearConstraint(matrix, values, values),
    )
    if solved.status != 0:  # the truth is a solution, so this is a limit of the solver: nothing is promised
        return -np.inf
    return float(np.round(-solved.fun))


def _related(covers: Sums, target: int) -> tuple[Atoms, Atoms] | None:
    """Classes and sums that hang together with a class; None when no shown sum covers it."""
    classes_in = np.zeros(covers.shape[1], dtype=bool)
    classes_in[target] = True
    while True:
        rows = covers[:, classes_in].any(axis=1)
        more = classes_in | covers[rows].any(axis=0)
        if (more == classes_in).all():
            break
        classes_in = more
    return (np.flatnonzero(classes_in), np.flatnonzero(rows)) if rows.any() else None


def exposed(found: Classes, shown: npt.NDArray[np.bool_], k: int) -> list[int]:
    """Classes of 1 to k - 1 facts that a reader can tell are below k."""
    small = np.flatnonzero((found.counts > 0) & (found.counts < k))
    return [int(it) for it in small if largest(found, shown, int(it)) < k]


def protect(found: Classes, sums: Sequence[Sum], k: int) -> tuple[npt.NDArray[np.bool_], bool]:
    """Hide new sums until no class is exposed that was not exposed before them.

    Returns
    -------
    shown : ndarray of bool, shape (sums,)
        Which sums can be shown; those released before stay as they were.
    safe : bool
        False when earlier releases alone expose something, which no hiding now can mend.
    """
    new = np.array([it.new for it in sums], dtype=bool)
    shown = np.array([it.shown for it in sums], dtype=bool)
    # A sum below k is itself a group of facts below k.
    shown &= ~(new & (found.values > 0) & (found.values < k))
    lost = set(exposed(found, shown & ~new, k))
    for _round in range(len(sums)):
        told = [it for it in exposed(found, shown, k) if it not in lost]
        if not told:
            break
        shown[_to_hide(found, shown, new, told[0], k)] = False
    return shown, not lost


def _to_hide(
    found: Classes, shown: npt.NDArray[np.bool_], new: npt.NDArray[np.bool_], target: int, k: int
) -> int:
    """The new sum to hide next: the smallest one that is enough, else the one that helps most."""
    related = _related(found.covers[shown], target)
    assert related is not None
    rows = np.flatnonzero(shown)[related[1]]
    candidates = sorted((int(row) for row in rows if new[row]), key=lambda row: (found.values[row], row))
    best, reach = candidates[0], -np.inf
    for row in candidates:
        without = shown.copy()
        without[row] = False
        bound = largest(found, without, target)
        if bound >= k:
            return row
        if bound > reach:
            best, reach = row, bound
    return best

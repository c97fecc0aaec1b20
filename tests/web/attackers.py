"""A reader with every bulletin at hand, pencil and paper: what can be worked out about small counts?

Written apart from what it attacks: it knows the outlines, the months and the kinds of facts of each table, and the
numbers that are shown in it, and solves for the facts of each piece of ground, month and kind one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from scipy import optimize

from vicus.web.bulletins.models import Release


class Attacker:
    """Everything that was published in a zone, as equations over the facts that are looked for."""

    def __init__(self, releases: Sequence[Release]) -> None:
        outlines = [shapely.from_wkb(bytes(release.geometry)) for release in releases]
        self.pieces = _overlay(outlines)
        self.months = sorted(
            {month for release in releases for cell in release.cells for month in cell["months"]}
        )
        self.codes = sorted(
            {code for release in releases for cell in release.cells for code in cell["categories"]}
        )
        self.shape = (len(self.pieces), len(self.months), len(self.codes))
        self.sums: list[Any] = []
        self.values: list[int | None] = []
        for release, outline in zip(releases, outlines, strict=True):
            inside = [outline.contains(piece.representative_point()) for piece in self.pieces]
            for cell in release.cells:
                months = [month in cell["months"] for month in self.months]
                codes = [code in cell["categories"] for code in self.codes]
                self.sums.append(np.einsum("i,j,k->ijk", inside, months, codes).astype(float).ravel())
                self.values.append(cell["value"])

    def found(self, truth: Any, k: int) -> list[str]:
        """The groups of 1 to k - 1 facts that are proved to be below k: tables' own cells, single facts' places, and
        each difference of two sums of which one lies within the other.
        """
        counts = np.asarray(truth, dtype=float).ravel()
        groups = {f"sum {i}": it for i, it in enumerate(self.sums)}
        groups |= {f"atom {i}": row for i, row in enumerate(np.eye(len(counts)))}
        for (i, one), (j, other) in combinations(enumerate(self.sums), 2):
            for name, difference in ((f"sum {i} - {j}", one - other), (f"sum {j} - {i}", other - one)):
                if (difference >= 0).all():
                    groups[name] = difference
        small = {name: it for name, it in groups.items() if 0 < it @ counts < k}
        distinct = {it.tobytes(): (name, it) for name, it in small.items()}
        return [name for name, it in distinct.values() if self.most(it) < k]

    def most(self, group: Any) -> float:
        """The most facts a group could hold, for all that is shown."""
        shown = [i for i, value in enumerate(self.values) if value is not None]
        if not shown:
            return np.inf
        known = np.array([self.values[i] for i in shown], dtype=float)
        sums = np.array([self.sums[i] for i in shown])
        if (group[~sums.any(axis=0)] > 0).any():  # nothing that is shown says anything of it
            return np.inf
        solved = optimize.milp(
            -group, integrality=np.ones(len(group)), constraints=optimize.LinearConstraint(sums, known, known)
        )
        assert solved.status == 0, solved.message
        return float(np.round(-solved.fun))


def _overlay(outlines: Sequence[Any]) -> list[Any]:
    """Pieces by cutting each outline by the others, one after another."""
    pieces: list[Any] = []
    for outline in outlines:
        cut, rest = [], outline
        for piece in pieces:
            cut += [piece.intersection(outline), piece.difference(outline)]
            rest = rest.difference(piece)
        pieces = [it for it in (*cut, rest) if it.area > 1]
    return pieces

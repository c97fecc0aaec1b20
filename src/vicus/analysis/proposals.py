"""Perimeters proposed from counts: where events cluster beyond chance, outlined and ranked."""

from __future__ import annotations

import logging
import math
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse.csgraph import connected_components

from vicus.analysis.checks import column_of, metric, not_negative, one_of_range, positive, surfaces
from vicus.analysis.errors import BadParameter, NothingToCount
from vicus.analysis.places.clusters import getis_ord
from vicus.analysis.places.grid import lattice_of
from vicus.analysis.places.neighbours import neighbours_of

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MINIMUM = 10.0
PERMUTATIONS = 99_999
LARGE_KM2 = 1.0


def propose_perimeters(
    grid: gpd.GeoDataFrame,
    *,
    count: int,
    column: str = "n",
    harm: str | None = None,
    q: float = 0.05,
    minimum: float = MINIMUM,
    largest: float | None = None,
    neighbours: Any = "queen",
) -> gpd.GeoDataFrame:
    """Propose outlines of places where events cluster.

    Parameters
    ----------
    grid : GeoDataFrame, n rows
        Cells with counts: `make_grid`, then `count_points`. Several years of events make a better proposal than
        one month.
    count : int
        How many perimeters at most.
    column : str, default "n"
        Column of counts.
    harm : str, optional
        Column of harm per cell, such as counts weighted by severity. Weights are never invented: without this
        column the result has no harm.
    q : float, default 0.05
        Expected share of false discoveries among the hot cells.
    minimum : float, default 10
        Fewest events for a place to be proposed.
    largest : float, optional
        Largest surface of a perimeter, in km2. A larger cluster is narrowed to its hottest cells, step by step,
        and may fall apart into several. Without it a busy centre comes back as one large outline.
    neighbours : "queen", "rook", float, or libpysal weights or graph, default "queen"
        Neighbours for Gi*, as in `getis_ord`. Hot cells are joined when they share an edge or a corner.

    Returns
    -------
    GeoDataFrame, at most `count` rows
        `rank` (1 first), `n`, `area_km2`, `density` (events per km2), `harm` (missing without weights), `gi_max`,
        `p_adjusted_min`, `cells`, and `geometry`, the outline of the joined cells. `attrs`: `share_events`,
        `share_area` and `pai` of all proposals together, against all cells of the grid; `total_n`,
        `total_area_km2`, `cell_size`, `neighbours`, `q`, `minimum`, `largest`, `hot_cells`, `clusters`,
        `enough_data`, `why` and `automatic` (what was not asked for but chosen).

    Raises
    ------
    NothingToCount
        The grid holds no events.
    ColumnMissing, MissingValues, NotCounts, NotProjected, NoAreas, BadNeighbours, BadParameter
        Grid or parameters do not fit.

    Notes
    -----
    Cells are hot when their Gi* is positive and its p-value, from exchanging the counts between cells 99,999 times
    and adjusted for the false discovery rate, is at most `q`: the normal approximation of Gi* calls far too many
    cells hot where counts are small or uneven. Proposals are ranked by events per km2; with harm, by the mean of
    that rank and the rank by harm per km2, the denser first where equal. A proposal says where events cluster, not
    why, nor what to do: it is there to be looked at and changed.

    References
    ----------
    Caldas de Castro, M., & Singer, B. H. (2006). Controlling the false discovery rate. Geographical Analysis 38(2),
    180-208. :doi:`10.1111/j.0016-7363.2006.00682.x`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import make_grid, propose_perimeters
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 2000, 2000)], crs=3812), 100)
    >>> grid["n"] = 1
    >>> grid.loc[grid["row"].between(4, 6) & grid["col"].between(4, 6), "n"] = 40
    >>> proposed = propose_perimeters(grid, count=5)
    >>> proposed[["rank", "n", "area_km2", "cells"]]
       rank    n  area_km2  cells
    0     1  364      0.13     13
    """
    if int(count) != count or count < 1:
        raise BadParameter(f"count must be a whole number of 1 or more; it is {count!r}.")
    level = one_of_range(q, "q", 0.0, 1.0)
    if not minimum >= 0:
        raise BadParameter(f"minimum must be 0 or more; it is {minimum!r}.")
    limit = math.inf if largest is None else positive(largest, "largest", "km2")
    outlines = metric(grid, "grid")
    surfaces(outlines, "grid")
    events = not_negative(column_of(grid, column, "grid"), column)
    severity = None if harm is None else not_negative(column_of(grid, harm, "grid"), harm)
    if events.sum() <= 0:
        raise NothingToCount(f"The grid holds no events in column {column!r}; nothing can be proposed.")

    scores = getis_ord(
        grid,
        column,
        neighbours=neighbours,
        adjust="fdr",
        significance=level,
        permutations=PERMUTATIONS,
        random_state=0,
    )
    surface = shapely.area(np.asarray(outlines.array)) / 1e6
    hot = np.flatnonzero((scores["kind"] == "hot").to_numpy())
    gi = scores["gi"].to_numpy(dtype=float)
    groups = _clusters(outlines, hot, gi, surface, limit)
    kept = [g for g in groups if events[g].sum() >= minimum]
    table = _table(kept, outlines, events, severity, surface, gi, scores["p_adjusted"].to_numpy(dtype=float))
    table = _ranked(table, severity is not None).head(int(count)).reset_index(drop=True)
    table["rank"] = np.arange(1, len(table) + 1)
    why = _why(len(table), int(count), len(hot), len(groups), scores.attrs["why"])
    chosen = [kept[k] for k in table.pop("group")]
    inside = np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)
    share_events = float(events[inside].sum() / events.sum())
    share_area = float(surface[inside].sum() / surface.sum())
    lattice = lattice_of(outlines)
    automatic = [
        f"p-values from {PERMUTATIONS:,} exchanges of the counts between cells (seed 0)",
        f"Benjamini-Hochberg at a false discovery rate of {level:g}",
    ]
    if largest is None:
        automatic.append("no limit on the surface of a perimeter")
    table.attrs = {
        "share_events": share_events,
        "share_area": share_area,
        "pai": share_events / share_area if share_area > 0 else math.nan,
        "total_n": float(events.sum()),
        "total_area_km2": float(surface.sum()),
        "cell_size": lattice.size if lattice is not None else grid.attrs.get("cell_size"),
        "neighbours": scores.attrs["neighbours"],
        "q": level,
        "minimum": float(minimum),
        "largest": largest,
        "hot_cells": len(hot),
        "clusters": len(groups),
        "enough_data": len(table) > 0,
        "why": why,
        "automatic": automatic,
    }
    if len(table) and largest is None and table["area_km2"].max() > LARGE_KM2:
        log.info(
            "propose_perimeters: the largest outline has %.1f km2; pass largest to narrow it",
            table["area_km2"].max(),
        )
    return table


def _clusters(outlines: Any, hot: Integers, gi: Floats, surface: Floats, limit: float) -> list[Integers]:
    """Hot cells joined where they touch; clusters above the limit narrowed to their hottest cells."""
    if not len(hot):
        return []
    touching = neighbours_of(outlines, "queen").to_matrix()
    waiting, done = _parts(touching, hot), []
    while waiting:
        group = waiting.pop()
        if surface[group].sum() <= limit * (1 + 1e-9) or len(group) == 1:
            done.append(group)
            continue
        # Equal scores go together, so that the order of rows has no say.
        kept = group[gi[group] > gi[group].min()]
        if len(kept):
            waiting.extend(_parts(touching, kept))
    return done


def _parts(touching: Any, cells: Integers) -> list[Integers]:
    number, label = connected_components(touching[cells][:, cells], directed=False)
    order = np.argsort(label, kind="stable")
    return [
        np.asarray(cells[part])
        for part in np.split(order, np.searchsorted(label[order], np.arange(1, number)))
    ]


def _table(
    groups: list[Integers],
    outlines: Any,
    events: Floats,
    severity: Floats | None,
    surface: Floats,
    gi: Floats,
    p: Floats,
) -> gpd.GeoDataFrame:
    shapes = np.asarray(outlines.array)
    n = np.array([events[g].sum() for g in groups], dtype=float)
    area = np.array([surface[g].sum() for g in groups], dtype=float)
    whole = bool((events == np.floor(events)).all())
    columns = {
        "rank": np.zeros(len(groups), dtype=np.int64),
        "n": n.astype(np.int64) if whole else n,
        "area_km2": area,
        "density": n / area if len(groups) else n,
        "harm": pd.array(
            [pd.NA if severity is None else float(severity[g].sum()) for g in groups], dtype="Float64"
        ),
        "gi_max": np.array([gi[g].max() for g in groups], dtype=float),
        "p_adjusted_min": np.array([p[g].min() for g in groups], dtype=float),
        "cells": np.array([len(g) for g in groups], dtype=np.int64),
        "group": np.arange(len(groups)),
    }
    outline = [shapely.union_all(shapes[g]) for g in groups]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(outline, crs=outlines.crs), crs=outlines.crs)


def _ranked(table: gpd.GeoDataFrame, with_harm: bool) -> gpd.GeoDataFrame:
    """Best first; equal ones in order of place, so that the order of rows has no say."""
    bounds = table.geometry.bounds
    by = pd.DataFrame(
        {"key": -table["density"], "density": -table["density"], "y": bounds["miny"], "x": bounds["minx"]}
    )
    if with_harm:
        harm = table["harm"].astype(float) / table["area_km2"]
        by["key"] = table["density"].rank(ascending=False) + harm.rank(ascending=False)
    return table.loc[by.sort_values(["key", "density", "y", "x"], kind="stable").index]


def _why(found: int, asked: int, hot: int, clusters: int, reason: str) -> str:
    if found == asked:
        return ""
    if reason:
        return f"no cell can be judged: {reason}"
    if not hot:
        return "no cell holds more events than chance allows"
    return f"{hot} hot cells form {clusters} clusters, of which {found} hold enough events; {asked} were asked for"

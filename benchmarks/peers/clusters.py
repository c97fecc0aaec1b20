"""Clusters of areas, beside esda."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from benchmarks.peers.counting import tiles
from benchmarks.peers.work import Work

CELL = 100.0
PERIODS = 36


def squares(n: int) -> Any:
    """A square of cells with counts that cluster a little."""
    import geopandas as gpd
    from scipy.ndimage import uniform_filter
    from shapely import box

    from vicus.analysis import make_grid

    side = math.isqrt(n)
    grid = make_grid(gpd.GeoSeries([box(0, 0, side * CELL, side * CELL)], crs=3812), CELL)
    rng = np.random.default_rng(8)
    level = uniform_filter(rng.gamma(0.5, 2.0, (side, side)), 5, mode="wrap")
    return grid.assign(n=rng.poisson(level).ravel()[: len(grid)])


def irregular(n: int) -> Any:
    """Areas without gaps, with counts."""
    areas = tiles(n)
    return areas.assign(n=np.random.default_rng(8).poisson(4, len(areas)))


def gi(cells: Any) -> Any:
    from vicus.analysis import getis_ord

    return getis_ord(cells, "n", star=True)["gi"]


def gi_peer(cells: Any) -> Any:
    from esda import G_Local
    from libpysal.weights import Queen

    weights = Queen.from_dataframe(cells, use_index=False)
    return G_Local(cells["n"].to_numpy(dtype=float), weights, transform="B", permutations=0, star=True).Zs


def moran(cells: Any) -> Any:
    from vicus.analysis import local_moran

    local_moran(cells, "n", permutations=999, random_state=1)


def moran_peer(cells: Any) -> Any:
    from esda import Moran_Local
    from libpysal.weights import Queen

    Moran_Local(
        cells["n"].to_numpy(dtype=float),
        Queen.from_dataframe(cells, use_index=False),
        permutations=999,
        n_jobs=2,
        seed=1,
    )


def monthly(n: int) -> Any:
    """Cells, and points in each month of three years, three to ten cells."""
    import geopandas as gpd
    import pandas as pd

    side = math.isqrt(n)
    rng = np.random.default_rng(9)
    points = int(n * PERIODS * 0.3)
    x, y = rng.uniform(0, side * CELL, (2, points))
    day = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1095, points), unit="D")
    located = gpd.GeoDataFrame({"date": day}, geometry=gpd.points_from_xy(x, y), crs=3812)
    return located, squares(n).drop(columns="n")


def classify(data: Any) -> Any:
    from vicus.analysis import classify_hotspots

    points, grid = data
    classify_hotspots(points, grid, period="month", time="date")


def classify_peer(data: Any) -> Any:
    """One test per period, as one does with esda: counts joined, weights built once."""
    from esda import G_Local
    from libpysal.weights import Queen

    points, grid = data
    month = points["date"].dt.to_period("M").astype(str)
    joined = points.assign(month=month).sjoin(grid, predicate="within")
    counts = (
        joined.groupby(["month", "index_right"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=grid.index, fill_value=0)
    )
    weights = Queen.from_dataframe(grid, use_index=False)
    for _, row in counts.iterrows():
        G_Local(row.to_numpy(dtype=float), weights, transform="B", permutations=0, star=True)


WORKS = [
    Work("getis_ord", "getis_ord, one million cells, queen, star", squares, 1_000_000, 400, gi,
         {"esda.G_Local": gi_peer}, {"esda.G_Local": 200.0}),
    Work("getis_ord_irregular", "getis_ord, 10,000 irregular areas", irregular, 10_000, 100, gi,
         {"esda.G_Local": gi_peer}, {"esda.G_Local": 2.0}),
    Work("local_moran", "local_moran, 100,000 areas, 999 permutations", squares, 100_000, 400, moran,
         {"esda.Moran_Local": moran_peer}, {"esda.Moran_Local": 1.5}),
    Work("classify_hotspots", "classify_hotspots, 100,000 cells x 36 periods", monthly, 100_000, 400, classify,
         {"esda, period by period": classify_peer}, {"esda, period by period": 50.0}),
]  # fmt: skip

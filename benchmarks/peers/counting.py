"""Points in areas, beside a spatial join of geopandas."""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.peers.work import Work

CITY = 40_000.0  # metres


def clustered(n: int, seed: int = 20) -> tuple[Any, Any]:
    """Points around a few hundred centres, as incidents are, and a tenth of them anywhere."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, CITY, (300, 2))
    around = centres[rng.integers(0, len(centres), n)] + rng.normal(0, 600, (n, 2))
    x, y = np.where(rng.random((n, 1)) < 0.1, rng.uniform(0, CITY, (n, 2)), around).T
    return x, y


def tiles(number: int, seed: int = 5) -> Any:
    """Irregular areas without gaps, as statistical sectors are: cells around random places, at random vertices."""
    import geopandas as gpd
    import shapely

    places = np.random.default_rng(seed).uniform(0, CITY, (number, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(places), extend_to=shapely.box(0, 0, CITY, CITY))
    )
    cells = shapely.intersection(cells, shapely.box(0, 0, CITY, CITY))
    return gpd.GeoDataFrame(geometry=shapely.segmentize(cells, CITY / np.sqrt(number) / 15), crs=3812)


def _data(areas: int) -> Any:
    def prepare(n: int) -> Any:
        import geopandas as gpd

        x, y = clustered(n)
        return gpd.GeoSeries(gpd.points_from_xy(x, y), crs=3812).to_frame("geometry"), tiles(areas)

    return prepare


def ours(data: Any) -> Any:
    from vicus.analysis import count_points

    points, areas = data
    return count_points(points, areas)["n"]


def sjoin(data: Any) -> Any:
    points, areas = data
    joined = points.sjoin(areas, predicate="within")
    return joined.groupby("index_right").size().reindex(areas.index, fill_value=0)


WORKS = [
    Work(
        f"count_points_{areas}",
        f"count_points, 10 million points, {areas:,} areas",
        _data(areas),
        10_000_000,
        10_000,
        ours,
        {"geopandas.sjoin": sjoin},
        {"geopandas.sjoin": least},
        {"geopandas.sjoin": 1 / 3},
    )
    for areas, least in ((10_000, 6.0), (21, 20.0))
]

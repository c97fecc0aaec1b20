"""Kernel density on a regular grid, beside KDEpy and scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from benchmarks.peers.counting import clustered
from benchmarks.peers.work import Work

H = 300.0
SIDE = 40_000.0


def places(n: int) -> Any:
    """As many points as cells, on a square of 40 km."""
    import geopandas as gpd
    from shapely import box

    from vicus.analysis import make_grid

    x, y = clustered(n)
    inside = (x > 0) & (x < SIDE) & (y > 0) & (y < SIDE)
    points = gpd.GeoSeries(gpd.points_from_xy(x[inside], y[inside]), crs=3812)
    return points, make_grid(gpd.GeoSeries([box(0, 0, SIDE, SIDE)], crs=3812), SIDE / math.isqrt(n))


def ours(data: Any) -> None:
    from vicus.analysis import kernel_density

    kernel_density(*data, bandwidth=H)


def fft(data: Any) -> None:
    """KDEpy: points are put on the grid first, then convolved."""
    from KDEpy import FFTKDE

    points, grid = data
    xy = np.column_stack((points.x, points.y))
    low, high = xy.min(axis=0) - 2 * H, xy.max(axis=0) + 2 * H
    side = math.isqrt(len(grid))
    axes = [np.linspace(low[i], high[i], side) for i in (0, 1)]
    evaluated = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 2)
    FFTKDE(kernel="biweight", bw=H / math.sqrt(7), norm=2).fit(xy).evaluate(evaluated)


def tree(data: Any) -> None:
    """scikit-learn: a tree of points, asked cell by cell."""
    from sklearn.neighbors import KernelDensity

    points, grid = data
    centres = grid.geometry.centroid
    model = KernelDensity(bandwidth=H, kernel="epanechnikov").fit(np.column_stack((points.x, points.y)))
    model.score_samples(np.column_stack((centres.x, centres.y)))


WORKS = [
    Work("kernel_density", "kernel_density, one million points on one million cells, quartic", places, 1_000_000, 700_000,
         ours, {"KDEpy.FFTKDE": fft}, {"KDEpy.FFTKDE": 1.0}),
    Work("kernel_density_100000", "kernel_density, 100,000 points on 100,000 cells",
         places, 100_000, 900, ours, {"sklearn.KernelDensity": tree}, {"sklearn.KernelDensity": 20.0}),
]  # fmt: skip

"""Hotspots as groups of points: outlines that follow the events, without a grid."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from vicus.analysis.checks import column_of, metric, not_negative, point_coordinates, positive, same_length
from vicus.analysis.errors import ColumnMissing
from vicus.analysis.inputs import Points, layer_of
from vicus.analysis.repeats.events import bands_of, events_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def dbscan_hotspots(
    points: Points,
    *,
    distance: float,
    minimum: float,
    weights: str | ArrayLike | None = None,
) -> gpd.GeoDataFrame:
    """Where do events lie so close together that they form a group (DBSCAN)?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres. Rows without coordinates are counted in `attrs`, nowhere else.
    distance : float
        How near counts as near, in metres.
    minimum : float
        How many events (or how much weight) within that distance of an event, itself included, make it part of the
        core of a group.
    weights : str or array_like of shape (n,), optional
        Column of `points`, or values of 0 and more, to count instead of 1 each.

    Returns
    -------
    GeoDataFrame
        One row per group, the largest first: `n` (events, or their weights), `places` (different coordinates),
        `area_km2`, `density` (n per km2) and `geometry`, everything within half the distance of an event of the
        group. `attrs`: `distance`, `minimum`, `unassigned` (events, or weights, in no group), `missing`,
        `enough_data`, `why`.

    Raises
    ------
    NotProjected, NotPoints, BadParameter, ColumnMissing, MissingValues, NotCounts, LengthMismatch
        Points, parameters or weights do not fit.

    Notes
    -----
    Core events within the distance of each other belong to one group; an event near a core event belongs to the
    group of the nearest one. Groups have no largest size: in a busy centre everything may become one, which a
    smaller distance or a higher minimum takes apart. A group says that events are dense there, not that they are
    denser than chance or than the people there explain: see `getis_ord` and `relative_density` for that.

    References
    ----------
    Ester, M., Kriegel, H.-P., Sander, J., & Xu, X. (1996). A density-based algorithm for discovering clusters in
    large spatial databases with noise. Proceedings of KDD-96, 226-231.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from vicus.analysis import dbscan_hotspots
    >>> rng = np.random.default_rng(1)
    >>> xy = np.vstack((rng.normal(500, 30, (80, 2)), rng.uniform(0, 3000, (100, 2))))
    >>> points = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=3812)
    >>> found = dbscan_hotspots(points, distance=50, minimum=10)
    >>> found[["n", "area_km2"]].round(3)
        n  area_km2
    0  81     0.025
    """
    reach, least = positive(distance, "distance", "metres"), positive(minimum, "minimum")
    points = layer_of(points)
    geometry = metric(points, "points")
    x, y = point_coordinates(geometry, "points")
    load = np.ones(len(x)) if weights is None else _weights(points, weights)
    same_length(points=x, weights=load)
    known = np.isfinite(x)
    places, which = np.unique(np.column_stack((x[known], y[known])), axis=0, return_inverse=True)
    weight: Floats = np.bincount(which.ravel(), load[known], minlength=len(places)).astype(float)
    label = _labels(places, weight, reach, least)
    groups = int(label.max(initial=-1)) + 1
    members = [places[label == k] for k in range(groups)]
    outlines = [shapely.multipoints(member).buffer(reach / 2) for member in members]
    n = np.bincount(label[label >= 0], weight[label >= 0], minlength=groups)
    found = gpd.GeoDataFrame(
        {
            "n": n if weights is not None else n.astype(np.int64),
            "places": np.array([len(member) for member in members], dtype=np.int64),
        },
        geometry=gpd.GeoSeries(outlines, crs=geometry.crs),
        crs=geometry.crs,
    )
    found.insert(2, "area_km2", found.geometry.area / 1e6)
    found.insert(3, "density", found["n"] / found["area_km2"])
    first = [tuple(member[0]) for member in members]
    found = found.iloc[sorted(range(groups), key=lambda k: (-n[k], first[k]))].reset_index(drop=True)
    left = weight[label < 0].sum()
    why = "" if groups else f"no event has {least:g} within {reach:g} m"
    found.attrs = {
        "distance": reach, "minimum": least, "missing": int(len(x) - known.sum()),
        "unassigned": int(left) if weights is None else float(left), "enough_data": not why, "why": why,
    }  # fmt: skip
    return found


def _weights(points: Points, weights: str | ArrayLike) -> Floats:
    if isinstance(weights, str):
        if not isinstance(points, gpd.GeoDataFrame):
            raise ColumnMissing(
                f"weights={weights!r} names a column, but points is a GeoSeries; pass the values."
            )
        weights = column_of(points, weights, "points")
    return not_negative(weights, "weights")


def _labels(places: Floats, weight: Floats, reach: float, least: float) -> Integers:
    """Number of the group of each place, -1 for none."""
    from vicus.analysis.places import group_kernels

    if not len(places):
        return np.zeros(0, dtype=np.int64)
    x, y = places.T.copy()
    bands = bands_of(reach, 1.0, "euclidean", "right", (x, y))
    laid = events_of(x, y, np.zeros(len(x)), bands)
    leader = group_kernels.density_groups(
        laid.x, laid.y, weight[laid.rows], laid.first, laid.start, laid.near, float(bands.d_limits[0]), least
    )
    label = np.full(len(x), -1, dtype=np.int64)
    grouped = leader >= 0
    label[laid.rows[grouped]] = np.unique(leader[grouped], return_inverse=True)[1]
    return label

"""Places for publication: events moved to a point that stands for several addresses."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from vicus.analysis.checks import metric, point_coordinates, same_crs
from vicus.analysis.errors import NothingToCount
from vicus.analysis.inputs import Points, layer_of
from vicus.analysis.simulation import whole

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def snap_points(
    points: Points,
    addresses: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    minimum: int = 8,
) -> gpd.GeoDataFrame:
    """Move events to points that each stand for several addresses, so that none can be told from a map.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres.
    addresses : GeoDataFrame or GeoSeries of Point, m rows
        Every address of the area, in the same CRS; flats of one building may share coordinates.
    minimum : int, default 8
        Fewest addresses behind a point.

    Returns
    -------
    GeoDataFrame
        A copy of `points`, same index and order, with geometry moved and a column `addresses`: how many stand
        behind the point (missing without coordinates). Other columns are kept: drop what tells about persons.
        `attrs`: `minimum`, `snap_points` (different points), `mean_shift` and `largest_shift` (metres), `missing`.

    Raises
    ------
    NothingToCount
        Fewer than `minimum` addresses.
    DifferentCRS, NotProjected, NotPoints, BadParameter
        Layers or parameters do not fit.

    Notes
    -----
    The addresses are halved along their longer side again and again as long as both halves keep `minimum`; an event
    takes the mean of the group of the address nearest to it. It is the way of data.police.uk, with groups from the
    addresses themselves instead of a list of streets. Which address an event belongs to is lost for good; that it
    was one of that group is not. Points that move little between two publications with other addresses can be
    compared: keep the list of addresses for a year.

    References
    ----------
    Tompson, L., Johnson, S., Ashby, M., Perkins, C., & Edwards, P. (2015). UK open source crime data: accuracy and
    possibilities for research. Cartography and Geographic Information Science 42(2), 97-111.
    :doi:`10.1080/15230406.2014.972456`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from vicus.analysis import snap_points
    >>> addresses = gpd.GeoSeries(gpd.points_from_xy(range(0, 200, 10), [0] * 20), crs=3812)
    >>> events = gpd.GeoSeries(gpd.points_from_xy([3, 48, 130], [1, 2, 3]), crs=3812)
    >>> snapped = snap_points(events, addresses)
    >>> snapped.geometry.x.tolist(), snapped["addresses"].tolist()
    ([45.0, 45.0, 145.0], [10, 10, 10])
    """
    from scipy.spatial import cKDTree

    least = whole(minimum, "minimum", 2)
    points = layer_of(points)
    where, homes = metric(points, "points"), metric(addresses, "addresses")
    same_crs(where, homes, ("points", "addresses"))
    x, y = point_coordinates(where, "points")
    hx, hy = point_coordinates(homes, "addresses")
    at = np.column_stack((hx, hy))[np.isfinite(hx)]
    if len(at) < least:
        raise NothingToCount(f"There are {len(at)} addresses; {least} are needed to stand behind one point.")
    at = at[np.lexsort((at[:, 1], at[:, 0]))]  # the same groups whatever the order of the rows
    group = _groups(at, least)
    size = np.bincount(group)
    centres = np.column_stack([np.bincount(group, at[:, axis]) / size for axis in (0, 1)])
    known = np.isfinite(x)
    events = np.column_stack((x, y))[known]
    nearest = group[cKDTree(at).query(events)[1]] if len(events) else np.zeros(0, dtype=np.int64)
    moved: Any = np.full(len(x), None, dtype=object)
    moved[known] = shapely.points(centres[nearest])
    behind = np.full(len(x), np.nan)
    behind[known] = size[nearest]
    result = (
        points.copy() if isinstance(points, gpd.GeoDataFrame) else gpd.GeoDataFrame(geometry=points.copy())
    )
    result = result.set_geometry(gpd.GeoSeries(moved, index=result.index, crs=where.crs))
    result["addresses"] = behind
    result["addresses"] = result["addresses"].astype("Int64")
    shift = np.hypot(*(centres[nearest] - events).T) if len(events) else np.zeros(0)
    result.attrs.update(
        minimum=least,
        snap_points=len(np.unique(nearest)),
        mean_shift=float(shift.mean()) if len(shift) else np.nan,
        largest_shift=float(shift.max()) if len(shift) else np.nan,
        missing=int(len(x) - known.sum()),
    )
    return result


def _groups(at: Floats, least: int) -> Integers:
    """Number of the group of each address: halved along the longer side while both halves are large enough.

    Addresses at one place stay together, so that a point never lies on a building that is split between two.
    """
    group = np.zeros(len(at), dtype=np.int64)
    waiting, number = [np.arange(len(at))], 0
    while waiting:
        members = waiting.pop()
        halves = _halves(at, members, least)
        if halves is None:
            group[members] = number
            number += 1
        else:
            waiting.extend(halves)
    return group


def _halves(at: Floats, members: Integers, least: int) -> tuple[Integers, Integers] | None:
    extent = np.ptp(at[members], axis=0)
    for axis in np.argsort(-extent, kind="stable"):
        ordered = members[np.argsort(at[members, axis], kind="stable")]
        values = at[ordered, axis]
        cuts = np.flatnonzero(values[1:] > values[:-1]) + 1  # between different coordinates only
        cuts = cuts[(cuts >= least) & (cuts <= len(ordered) - least)]
        if len(cuts):
            cut = cuts[np.argmin(np.abs(cuts - len(ordered) / 2))]
            return ordered[:cut], ordered[cut:]
    return None

"""A place and what surrounds it: the ring around its perimeter, and cells that hold the same facts as its figures."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vicus.analysis import make_grid
from vicus.incidents import questions

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from vicus.incidents.selection import Selection
    from vicus.incidents.store import Store


def rings(perimeters: gpd.GeoSeries, widths: npt.NDArray[np.float64]) -> gpd.GeoSeries:
    """The ring around every perimeter, without what lies in another one: that is not what surrounds it."""
    return perimeters.buffer(widths).difference(perimeters.union_all())


def cells(
    store: Store,
    places: gpd.GeoDataFrame,
    label: Hashable,
    selection: Selection,
    *,
    buffer: float,
    side: float = 50.0,
) -> gpd.GeoDataFrame:
    """Incidents of one place in square cells, cut at its perimeter and at the ring around it.

    The counts inside add up to those of the perimeter, and the others to those of the ring, as `zone_figures` gives
    them for the same places: no incident is in a cell that is not in the one or the other.

    Parameters
    ----------
    store : Store
        The zone's incidents.
    places : GeoDataFrame
        Every perimeter of the zone, as given to `zone_figures`; the index labels the places.
    label : hashable
        The place asked about.
    selection : Selection
        Which incidents: period, sources, categories, version; its area is not looked at.
    buffer : float
        Width of the ring, metres; 0 for none.
    side : float
        Side of a cell, metres.

    Returns
    -------
    GeoDataFrame
        n, and inside: True for what lies in the perimeter.
    """
    perimeter = places.geometry.loc[label]
    parts = [(True, perimeter)]
    if buffer > 0:
        around = rings(places.geometry, np.full(len(places), buffer)).loc[label]
        if not around.is_empty:
            parts.append((False, around))
    squares = make_grid(gpd.GeoSeries([perimeter.buffer(buffer)], crs=places.crs), side)[["geometry"]]
    found = [_counted(store, squares, part, selection).assign(inside=inside) for inside, part in parts]
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=places.crs)[["n", "inside", "geometry"]]


def _counted(
    store: Store, squares: gpd.GeoDataFrame, part: BaseGeometry, selection: Selection
) -> gpd.GeoDataFrame:
    """The squares cut to a part, with the incidents that lie in both.

    Counted in whole squares and in the whole part, so that a point on a line cut by rounding is lost nowhere.
    """
    near = squares[squares.intersects(part)]
    counted = questions.count(store, replace(selection, area=part), areas=near, by=("area",))
    n = counted.set_index("area")["n"].reindex(near.index).fillna(0).astype("int64")
    cut = shapely.buffer(shapely.intersection(near.geometry.to_numpy(), part), 0)
    shown = ~shapely.is_empty(cut)
    return gpd.GeoDataFrame({"n": n[shown]}, geometry=cut[shown], crs=squares.crs)

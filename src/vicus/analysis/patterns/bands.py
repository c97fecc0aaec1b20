"""Outlines of a surface: the smallest ground that holds a half, three quarters, … of it."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from vicus.analysis.checks import column_of, metric, not_negative, surfaces
from vicus.analysis.errors import BadParameter, NothingToCount


def density_bands(
    grid: gpd.GeoDataFrame, column: str = "kde", *, shares: Sequence[float] = (0.25, 0.5, 0.75)
) -> gpd.GeoDataFrame:
    """Outline the densest ground that holds a share of the whole, for each of several shares.

    Parameters
    ----------
    grid : GeoDataFrame, n rows
        Cells with a density, as `kernel_density` makes them; a projected CRS in metres.
    column : str, default "kde"
        Column of the density, 0 and more.
    shares : sequence of float, default (0.25, 0.5, 0.75)
        Shares of the whole, each between 0 and 1.

    Returns
    -------
    GeoDataFrame
        One row a share, smallest first: `share`, `held` (share really held, at least the one asked for), `threshold` (lowest
        density inside), `area_km2`, `geometry`. Each outline lies in the next.

    Raises
    ------
    ColumnMissing, MissingValues, NotCounts
        The column is not there, or has missing or negative values.
    NothingToCount
        The density is 0 everywhere.
    BadParameter, NotProjected, NoAreas
        Shares outside 0 to 1; geometry does not fit.

    Notes
    -----
    These are highest density regions: no other ground of that size holds more. Levels by value ("above 0.3") depend on the
    bandwidth and mean nothing from one map to the next; shares do.

    References
    ----------
    Hyndman, R. J. (1996). Computing and graphing highest density regions. The American Statistician 50(2), 120-126.
    :doi:`10.1080/00031305.1996.10474359`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import density_bands, make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 400, 100)], crs=3812), 100)
    >>> density_bands(grid.assign(kde=[4.0, 3.0, 2.0, 1.0]))[["share", "held", "area_km2"]]
       share  held  area_km2
    0   0.25   0.4      0.01
    1   0.50   0.7      0.02
    2   0.75   0.9      0.03
    """
    geometry = metric(grid, "grid")
    surfaces(geometry, "grid")
    density = not_negative(column_of(grid, column, "grid"), column)
    asked = sorted(float(share) for share in shares)
    if not asked or asked[0] <= 0 or asked[-1] > 1:
        raise BadParameter(
            f"shares must lie between 0 and 1, like (0.25, 0.5, 0.75); they are {tuple(shares)!r}."
        )
    mass = density * geometry.area.to_numpy()
    if mass.sum() <= 0:
        raise NothingToCount(f"{column} is 0 everywhere: there is nothing to outline.")
    order = np.argsort(-density, kind="stable")
    held = np.cumsum(mass[order]) / mass.sum()
    rows = []
    for share in asked:
        last = min(int(np.searchsorted(held, share - 1e-12)), len(order) - 1)
        # Cells as dense as the last one belong with it: the order of rows must not decide.
        inside = density >= density[order[last]]
        shape = geometry[inside].union_all()
        rows.append(
            (
                share,
                float(mass[inside].sum() / mass.sum()),
                float(density[order[last]]),
                shape.area / 1e6,
                shape,
            )
        )
    names = ["share", "held", "threshold", "area_km2", "geometry"]
    return gpd.GeoDataFrame(dict(zip(names, zip(*rows, strict=True), strict=True)), crs=geometry.crs)

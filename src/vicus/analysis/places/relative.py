"""Density of events against that of the people, or other events, who are there."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from vicus.analysis.checks import metric, not_negative, positive
from vicus.analysis.errors import BadParameter, NothingToCount
from vicus.analysis.inputs import Points, layer_of
from vicus.analysis.places.density import kernel_density

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

log = logging.getLogger(__name__)


def relative_density(
    points: Points,
    population: Points,
    grid: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    bandwidth: float | None = None,
    population_bandwidth: float | None = None,
    weights: str | ArrayLike | None = None,
    population_weights: str | ArrayLike | None = None,
    minimum: float = 10.0,
) -> gpd.GeoDataFrame:
    r"""Where are there more events than the people (or other events) there would let one expect?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store
        Events, in a projected CRS in metres.
    population : GeoDataFrame or GeoSeries of Point, or a selection of a store
        What the events are set against, in the same CRS: addresses, centres of areas with inhabitants as weights, or
        events of another kind.
    grid : GeoDataFrame or GeoSeries of Polygon, m rows
        Cells in the same CRS.
    bandwidth : float, optional
        Radius of the kernel in metres; chosen by `select_bandwidth` when left out.
    population_bandwidth : float, optional
        Radius for the population; that of the events when left out, so that both are smoothed alike.
    weights, population_weights : str or array_like, optional
        Columns, or values of 0 and more.
    minimum : float, default 10
        Fewest people (or weight) within reach of a cell for it to have a rate.

    Returns
    -------
    GeoDataFrame
        A copy of `grid` with `kde` and `population_kde` (per square metre), `rate` (events per unit of population) and
        `ratio` (the rate over that of the whole: 1 is as everywhere). Rate and ratio are NaN where fewer than
        `minimum` are within reach. `attrs` gain `bandwidth`, `bandwidth_method`, `population_bandwidth`, `minimum`,
        `rate` (of the whole), `too_few` (cells without a rate).

    Raises
    ------
    NothingToCount
        There is no population.
    DifferentCRS, NotProjected, NotPoints, NoAreas, InvalidGeometry, BadParameter, MissingValues, NotCounts
        As in `kernel_density`.

    Notes
    -----
    .. math:: ratio(s) = \frac{\hat\lambda(s) / \sum_i w_i}{\hat\pi(s) / \sum_j v_j}

    Within reach means under the kernel: :math:`\hat\pi(s) \cdot \pi h^2 / 3`, the population of a disc that counts as
    the kernel does. People who live somewhere are not those who are there: by day and in a centre, a ratio against
    inhabitants is high because the crowd is elsewhere counted.

    References
    ----------
    Kelsall, J. E., & Diggle, P. J. (1995). Kernel estimation of relative risk. Bernoulli 1(1/2), 3-16.
    :doi:`10.2307/3318678`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import make_grid, relative_density
    >>> rng = np.random.default_rng(1)
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 2000, 1000)], crs=3812), 100)
    >>> homes = gpd.GeoSeries(gpd.points_from_xy(rng.uniform(0, 2000, 5000), rng.uniform(0, 1000, 5000)), crs=3812)
    >>> events = gpd.GeoSeries(gpd.points_from_xy(rng.uniform(0, 1000, 500), rng.uniform(0, 1000, 500)), crs=3812)
    >>> found = relative_density(events, homes, grid, bandwidth=300)
    >>> west = found["col"] < 7
    >>> round(float(found.loc[west, "ratio"].mean()), 1), round(float(found.loc[found["col"] > 12, "ratio"].mean()), 1)
    (2.0, 0.0)
    """
    least = not_negative([minimum], "minimum")[0]
    points, population = layer_of(points), layer_of(population)
    result = kernel_density(points, grid, bandwidth=bandwidth, weights=weights)
    events = _total(points, weights)
    radius = result.attrs["bandwidth"]
    wide = (
        radius
        if population_bandwidth is None
        else positive(population_bandwidth, "population_bandwidth", "metres")
    )
    around = kernel_density(population, grid, bandwidth=wide, weights=population_weights)["kde"].to_numpy()
    people = _total(population, population_weights)
    if people <= 0:
        raise NothingToCount("There is no population; the density of events alone is kernel_density.")
    enough = (around * math.pi * wide**2 / 3.0 >= least) & (around > 0)
    rate = np.full(len(around), np.nan)
    rate[enough] = result["kde"].to_numpy()[enough] / around[enough]
    whole = events / people
    result["population_kde"], result["rate"] = around, rate
    result["ratio"] = rate / whole if whole else np.full(len(rate), np.nan)
    result.attrs.update(
        population_bandwidth=wide, minimum=float(least), rate=whole, too_few=int((~enough).sum())
    )
    if not enough.all():
        log.info(
            "relative_density: %d of %d cells have fewer than %g within reach",
            (~enough).sum(),
            len(rate),
            least,
        )
    return result


def _total(layer: gpd.GeoDataFrame | gpd.GeoSeries, weights: str | ArrayLike | None) -> float:
    """Number, or weight, of points with coordinates."""
    geometry = metric(layer, "points")
    known = np.asarray(~(geometry.isna() | geometry.is_empty))
    if weights is None:
        return float(known.sum())
    if isinstance(weights, str):
        if not isinstance(layer, gpd.GeoDataFrame):
            raise BadParameter(f"weights={weights!r} names a column, but points is a GeoSeries.")
        weights = layer[weights].to_numpy()
    return float(np.asarray(weights, dtype=float)[known].sum())

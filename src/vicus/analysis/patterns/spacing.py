"""How events are spaced: nearest neighbours, Ripley's K, quadrats, against events thrown at random over the area."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree
from scipy.special import gammaincc, ndtr

from vicus.analysis.checks import metric, point_coordinates, positive, same_crs, surfaces
from vicus.analysis.errors import BadParameter, NothingToCount
from vicus.analysis.inputs import Points
from vicus.analysis.results import Result
from vicus.analysis.simulation import RandomState

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NearestNeighbours(Result):
    """Distance to the nearest other event, from `nearest_neighbours`.

    Attributes
    ----------
    mean, expected : float
        Mean distance found, and when events fall anywhere in the area alike, metres.
    ratio : float
        Their ratio: below 1 events crowd together, above 1 they keep apart.
    z, p : float
        Standard score, and its two-sided p-value.
    events : int
    """

    mean: float
    expected: float
    ratio: float
    z: float
    p: float
    events: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        word = "neither crowd nor keep apart"
        if self.p < 0.05:
            word = "crowd together" if self.z < 0 else "keep apart"
        return (
            f"The nearest event is {self.mean:.0f} m away on average, {self.expected:.0f} m expected (ratio"
            f" {self.ratio:.2f}, p {self.p:.3g}): events {word}."
        )


@dataclass(frozen=True, slots=True)
class Ripley(Result):
    """Pairs within each distance, from `ripley`.

    Attributes
    ----------
    distances : ndarray, shape (d,)
        Metres.
    k : ndarray, shape (d,)
        Ripley's K, square metres, without edge correction.
    l : ndarray, shape (d,)
        Square root of K over pi, metres.
    low, high : ndarray, shape (d,)
        Smallest and largest `l` among the simulations, which have the same edges.
    p : float
        Of the largest distance of `l` from the mean of the simulations, over all distances together.
    simulations : int
    """

    distances: Floats
    k: Floats
    l: Floats  # noqa: E741 - the letter of the literature
    low: Floats
    high: Floats
    p: float
    simulations: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        beyond = self.distances[self.l > self.high]
        where = f", most clearly within {beyond[0]:g} m" if len(beyond) and self.p < 0.05 else ""
        word = "differ from" if self.p < 0.05 else "do not differ from"
        return f"Events {word} events thrown at random over the area (p {self.p:.3g}){where}."


@dataclass(frozen=True, slots=True)
class QuadratTest(Result):
    """Counts in equal cells, from `quadrat_test`.

    Attributes
    ----------
    chi2 : float
    degrees : int
        Degrees of freedom, cells less one.
    p : float
        Of counts this uneven or more. NaN when `enough_data` is False.
    variance_to_mean : float
        Of the counts in whole cells: 1 at random, more when events crowd. NaN with fewer than two whole cells.
    enough_data : bool
        False when a fifth of the cells expect fewer than five events.
    why : str
    """

    chi2: float
    degrees: int
    p: float
    variance_to_mean: float
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        word = "differ from" if self.p < 0.05 else "do not differ from"
        return (
            f"Counts in cells {word} those of events thrown at random (chi2 {self.chi2:.1f}, p {self.p:.3g})."
        )


def nearest_neighbours(points: Points, area: gpd.GeoDataFrame | gpd.GeoSeries) -> NearestNeighbours:
    r"""Clark and Evans: is the nearest other event nearer than chance would put it?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events in a projected CRS in metres.
    area : GeoDataFrame or GeoSeries of (Multi)Polygon
        Where events can happen. A smaller or larger area changes the answer: give the built-up area, not a rectangle.

    Returns
    -------
    NearestNeighbours

    Raises
    ------
    NotProjected, NotPoints, DifferentCRS, NoAreas, InvalidGeometry
        Geometry does not fit.
    NothingToCount
        Fewer than three events in the area.

    Notes
    -----
    With Donnelly's correction for the edge, area A and its outline P:

    .. math:: E = \tfrac12 \sqrt{A/n} + (0.0514 + 0.041/\sqrt n) P / n, \quad
        SE = \sqrt{0.0703 A / n^2 + 0.037 P \sqrt{A / n^5}}

    Streets alone make events crowd; a low ratio is the rule in a town. Several events at one address have distance 0.

    References
    ----------
    Clark, P. J., & Evans, F. C. (1954). Distance to nearest neighbor as a measure of spatial relationships in populations.
    Ecology 35(4), 445-453. :doi:`10.2307/1931034`

    Donnelly, K. (1978). Simulations to determine the variance and edge-effect of total nearest neighbour distance. In
    I. Hodder (ed.), Simulation studies in archaeology. Cambridge University Press.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import nearest_neighbours
    >>> grid = [(x, y) for x in range(50, 1000, 100) for y in range(50, 1000, 100)]
    >>> points = gpd.GeoSeries(gpd.points_from_xy(*zip(*grid)), crs=3812)
    >>> round(nearest_neighbours(points, gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812)).ratio, 2)
    1.91
    """
    xy, ground = _inside(points, area, 3)
    n, size, edge = len(xy), ground.area, ground.length
    mean = float(cKDTree(xy).query(xy, k=2)[0][:, 1].mean())
    expected = 0.5 * math.sqrt(size / n) + (0.0514 + 0.041 / math.sqrt(n)) * edge / n
    error = math.sqrt(0.0703 * size / n**2 + 0.037 * edge * math.sqrt(size / n**5))
    z = (mean - expected) / error
    return NearestNeighbours(mean, expected, mean / expected, z, float(2.0 * ndtr(-abs(z))), n)


def ripley(
    points: Points,
    area: gpd.GeoDataFrame | gpd.GeoSeries,
    distances: ArrayLike,
    *,
    simulations: int = 199,
    random_state: RandomState = None,
) -> Ripley:
    r"""Ripley's K and L: at which distances are there more pairs of events than chance gives?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events in a projected CRS in metres.
    area : GeoDataFrame or GeoSeries of (Multi)Polygon
        Where events can happen.
    distances : array_like, shape (d,)
        Metres, rising; a quarter of the area's width at most is of use.
    simulations : int, default 199
        Patterns of as many events thrown at random over the area.
    random_state : int or numpy Generator, optional

    Returns
    -------
    Ripley

    Raises
    ------
    NotProjected, NotPoints, DifferentCRS, NoAreas, InvalidGeometry
        Geometry does not fit.
    NothingToCount
        Fewer than three events in the area.
    BadParameter
        Distances that do not rise or are not above 0; fewer than 19 simulations.

    Notes
    -----
    .. math:: K(d) = \frac{A}{n (n - 1)} \#\{i \ne j : d_{ij} \le d\}, \quad L(d) = \sqrt{K(d) / \pi}

    There is no edge correction: the simulations have the same edges, so the comparison is fair. The p-value is that of the
    largest deviation over all distances; reading each distance by itself would find something in most patterns. Events
    of a town crowd along its streets, so "not at random over the area" is seldom news: compare two kinds of event.

    References
    ----------
    Ripley, B. D. (1976). The second-order analysis of stationary point processes. Journal of Applied Probability 13(2),
    255-266. :doi:`10.2307/3212829`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import ripley
    >>> random = np.random.default_rng(1)
    >>> points = gpd.GeoSeries(gpd.points_from_xy(*random.uniform(0, 1000, (2, 80))), crs=3812)
    >>> area = gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812)
    >>> ripley(points, area, [50, 100, 200], simulations=99, random_state=1).p > 0.05
    True
    """
    steps = np.asarray(distances, dtype=float)
    if steps.ndim != 1 or not len(steps) or not (np.diff(steps, prepend=0.0) > 0).all():
        raise BadParameter("distances must rise and be above 0, in metres.")
    if simulations < 19:
        raise BadParameter(f"simulations must be at least 19, for p-values of 0.05; it is {simulations}.")
    xy, ground = _inside(points, area, 3)
    n = len(xy)
    factor = ground.area / (n * (n - 1))

    def l_of(places: Floats) -> Floats:
        tree = cKDTree(places)
        return np.asarray(np.sqrt(factor * (tree.count_neighbors(tree, steps) - n) / np.pi))

    random = np.random.default_rng(random_state)
    found = l_of(xy)
    simulated = np.array([l_of(_thrown(ground, n, random)) for _ in range(simulations)])
    mean = simulated.mean(axis=0)
    far = np.abs(simulated - mean).max(axis=1)
    reached = int(np.count_nonzero(far >= np.abs(found - mean).max() - 1e-12))
    return Ripley(
        steps, np.pi * found**2, found, simulated.min(axis=0), simulated.max(axis=0),
        (1 + reached) / (1 + simulations), simulations,
    )  # fmt: skip


def quadrat_test(
    points: Points,
    area: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    cell_size: float,
) -> QuadratTest:
    """Are counts in equal cells more uneven than chance makes them?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events in a projected CRS in metres.
    area : GeoDataFrame or GeoSeries of (Multi)Polygon
        Where events can happen; cells at its edge expect as much as their part inside.
    cell_size : float
        Side of a cell, metres.

    Returns
    -------
    QuadratTest

    Raises
    ------
    NotProjected, NotPoints, DifferentCRS, NoAreas, InvalidGeometry, GridTooLarge
        Geometry does not fit.
    NothingToCount
        Fewer than three events in the area.

    Notes
    -----
    Another size of cell can give another answer; `getis_ord` says where, this only whether.

    References
    ----------
    Cressie, N. (1993). Statistics for spatial data. New York: Wiley, section 8.2. :doi:`10.1002/9781119115151`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import quadrat_test
    >>> points = gpd.GeoSeries(gpd.points_from_xy([10] * 60 + [150], [10] * 60 + [150]), crs=3812)
    >>> print(quadrat_test(points, gpd.GeoSeries([box(0, 0, 200, 200)], crs=3812), cell_size=100).summary())
    Counts in cells differ from those of events thrown at random (chi2 175.1, p 9.93e-38).
    """
    from vicus.analysis.places import count_points, make_grid

    positive(cell_size, "cell_size", "metres")
    xy, ground = _inside(points, area, 3)
    cells = make_grid(area, cell_size)
    import geopandas as gpd

    inside = gpd.GeoSeries(gpd.points_from_xy(xy[:, 0], xy[:, 1], crs=cells.crs))
    counts = count_points(inside, cells)["n"].to_numpy(dtype=float)
    part = shapely.area(shapely.intersection(np.asarray(cells.geometry.array), ground)) / ground.area
    kept = part > 0
    counts, expected = counts[kept], len(xy) * part[kept]
    whole = counts[np.isclose(part[kept] * ground.area, cell_size**2)]
    ratio = float(whole.var(ddof=1) / whole.mean()) if len(whole) > 1 and whole.mean() > 0 else math.nan
    degrees = len(counts) - 1
    chi2 = float(((counts - expected) ** 2 / expected).sum())
    few = float(np.mean(expected < 5))
    if degrees < 1 or few > 0.2:
        why = f"{few:.0%} of {len(counts)} cells expect fewer than five events; take larger cells"
        return QuadratTest(chi2, degrees, math.nan, ratio, False, why)
    return QuadratTest(chi2, degrees, float(gammaincc(degrees / 2, chi2 / 2)), ratio, True, "")


def _inside(points: Any, area: Any, least: int) -> tuple[Floats, Any]:
    """Coordinates of the events in the area, and the area as one shape."""
    geometry, ground = metric(points, "points"), metric(area, "area")
    same_crs(geometry, ground, ("points", "area"))
    surfaces(ground, "area")
    whole = ground.union_all()
    x, y = point_coordinates(geometry, "points")
    known = np.isfinite(x)
    x, y = x[known], y[known]
    shapely.prepare(whole)
    within = shapely.intersects_xy(whole, x, y)
    if within.sum() < least:
        raise NothingToCount(f"{int(within.sum())} events lie in the area; at least {least} are needed.")
    return np.column_stack((x, y))[within], whole


def _thrown(ground: Any, n: int, random: np.random.Generator) -> Floats:
    """So many events at random over a shape."""
    west, south, east, north = ground.bounds
    share = ground.area / ((east - west) * (north - south))
    found: list[Floats] = []
    missing = n
    while missing > 0:
        tries = int(missing / share * 1.1) + 10
        xy = random.uniform((west, south), (east, north), (tries, 2))
        found.append(xy[shapely.contains_xy(ground, xy[:, 0], xy[:, 1])][:missing])
        missing -= len(found[-1])
    return np.concatenate(found)

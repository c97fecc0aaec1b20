"""How far events are smoothed: radii for `kernel_density`, from the points."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vicus.analysis.checks import metric, one_of, point_coordinates
from vicus.analysis.errors import NothingToCount
from vicus.analysis.inputs import Points

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]

GAUSSIAN = math.sqrt(8.0)
"""Radius of the quartic kernel with the spread of a Gaussian one of standard deviation 1."""

MOST_POINTS = 5_000
"""Points that `likelihood` compares pair by pair; of more, so many are taken and the radius is scaled."""


def select_bandwidth(points: Points, *, method: str = "scott") -> float:
    r"""Radius for `kernel_density`, from the points themselves.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres.
    method : {"scott", "diggle", "likelihood"}, default "scott"
        Scott's rule over both axes; the smallest mean square error for events that draw events (Berman and Diggle);
        or the radius at which every event is best foretold by the others (likelihood cross-validation).

    Returns
    -------
    float
        Radius of the quartic kernel, in metres.

    Raises
    ------
    NothingToCount
        Fewer than two different places; for "diggle" and "likelihood" fewer than ten events.
    NotProjected, NotPoints, BadParameter
        Layers or parameters do not fit.

    Notes
    -----
    Scott: :math:`h = \sqrt 8 \; \sqrt{(s_x^2 + s_y^2) / 2} \; n^{-1/6}`. The rule is for a Gaussian kernel; the
    quartic kernel of radius h has a standard deviation of :math:`h / \sqrt 8` along each axis. The spread of both
    axes counts, so that turning a map does not change the answer. It smooths what lies in several clusters
    generously: look at half of it too.

    Diggle: with K the K-function and :math:`\lambda` events per m2 of their convex hull, t minimises

    .. math:: M(t) = \frac{1 - 2 \lambda K(t)}{\pi \lambda t^2} + \frac{1}{\pi^2 t^4} \int_0^{2t} A_t(u)\, dK(u)

    where :math:`A_t(u)` is the surface that two discs of radius t share at distance u. A disc has the spread of a
    quartic kernel of :math:`h = \sqrt 2 \, t`. K is not corrected for the edge. It suits many small clusters, and
    gives a rough surface.

    Likelihood: :math:`\sigma` maximises :math:`\sum_i \log \sum_{j \ne i} \varphi_\sigma(d_{ij})` over twenty-five
    values, then between them; :math:`h = \sqrt 8 \, \sigma`. Of more than 5,000 events, 5,000 are compared and h is
    scaled by :math:`(n / 5000)^{-1/6}`. Events recorded at the very same place (the middle of a street) pull it towards
    0: they foretell each other perfectly. Searched between a hundredth and twice Scott's radius.

    References
    ----------
    Scott, D. W. (2015). Multivariate density estimation, 2nd edition. Hoboken: Wiley.
    :doi:`10.1002/9781118575574`

    Berman, M., & Diggle, P. (1989). Estimating weighted integrals of the second-order intensity of a spatial point
    process. Journal of the Royal Statistical Society B 51(1), 81-92. :doi:`10.1111/j.2517-6161.1989.tb01750.x`

    Loader, C. (1999). Local regression and likelihood. New York: Springer. :doi:`10.1007/b98858`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from vicus.analysis import select_bandwidth
    >>> points = gpd.GeoSeries(gpd.points_from_xy([0, 100, 200, 300], [0, 0, 100, 100]), crs=3812)
    >>> round(select_bandwidth(points), 1)
    224.5
    """
    one_of(method, "method", ("scott", "diggle", "likelihood"))
    x, y = point_coordinates(metric(points, "points"), "points")
    known = np.isfinite(x)
    x, y = x[known], y[known]
    radius = scott(x, y)
    if method == "scott":
        return radius
    if len(x) < 10:
        raise NothingToCount(f'method="{method}" needs 10 events or more; there are {len(x)}.')
    order = np.lexsort((y, x))  # the same whatever the order of the rows
    xy = np.column_stack((x[order], y[order]))
    return _diggle(xy, radius) if method == "diggle" else _likelihood(xy, radius)


def scott(x: Floats, y: Floats) -> float:
    """Scott's rule over both axes."""
    n = len(x)
    spread = math.sqrt((np.var(x, ddof=1) + np.var(y, ddof=1)) / 2) if n > 1 else 0.0
    if spread == 0.0:
        raise NothingToCount(
            f"A bandwidth cannot be chosen from {n} point{'s' if n != 1 else ''} at one place; pass bandwidth in metres."
        )
    return float(GAUSSIAN * spread * n ** (-1 / 6))


def _diggle(xy: Floats, most: float) -> float:
    """Disc radius with the smallest M, as a radius of the quartic kernel; up to twice Scott's."""
    import shapely
    from scipy.spatial import cKDTree

    n = len(xy)
    surface = shapely.convex_hull(shapely.multipoints(xy)).area or float(np.ptp(xy, axis=0).max()) ** 2
    t = np.linspace(0.0, most * math.sqrt(2.0), 257)[1:]  # h of up to twice Scott's
    u = np.linspace(0.0, 2 * t[-1], 1025)
    tree = cKDTree(xy)
    pairs = tree.count_neighbors(tree, u).astype(float) - n
    k = surface * pairs / (n * (n - 1.0))
    rate = n / surface
    middle, step = (u[1:] + u[:-1]) / 2.0, np.diff(k)
    ratio = np.minimum(middle[None, :] / (2.0 * t[:, None]), 1.0)
    shared = 2.0 * t[:, None] ** 2 * (np.arccos(ratio) - ratio * np.sqrt(1.0 - ratio**2))
    coincide = math.pi * t**2 * k[0]  # pairs at the very same place
    m = (1.0 - 2.0 * rate * np.interp(t, u, k)) / (math.pi * rate * t**2)
    m += (shared @ step + coincide) / (math.pi * t**2) ** 2
    return float(math.sqrt(2.0) * t[int(np.argmin(m))])


def _likelihood(xy: Floats, most: float) -> float:
    """Standard deviation with the highest likelihood, as a radius of the quartic kernel."""
    n = len(xy)
    if n > MOST_POINTS:
        xy = xy[np.sort(np.random.default_rng(0).choice(n, MOST_POINTS, replace=False))]
        log.info("select_bandwidth: %d of %d events compared, the radius scaled", MOST_POINTS, n)
    squares = np.sum((xy[:, None, :] - xy[None, :, :]) ** 2, axis=2) if len(xy) <= 1_000 else None

    def likelihood(log_sigma: float) -> float:
        sigma = math.exp(log_sigma)
        total = 0.0
        for first in range(0, len(xy), 500):
            rows = slice(first, first + 500)
            d2 = (
                np.sum((xy[rows, None, :] - xy[None, :, :]) ** 2, axis=2)
                if squares is None
                else squares[rows]
            )
            near = np.exp(-d2 / (2 * sigma**2)).sum(axis=1) - 1.0
            total += float(np.log(np.maximum(near, 1e-300)).sum())
        return total - len(xy) * 2 * log_sigma

    sigmas = np.log(np.geomspace(0.01, 2.0, 25) * most / GAUSSIAN)
    best = int(np.argmax([likelihood(s) for s in sigmas]))
    low, high = sigmas[max(best - 1, 0)], sigmas[min(best + 1, len(sigmas) - 1)]
    golden = (math.sqrt(5.0) - 1) / 2
    while high - low > 0.01:
        a, b = high - golden * (high - low), low + golden * (high - low)
        if likelihood(a) >= likelihood(b):
            high = b
        else:
            low = a
    scale = (n / len(xy)) ** (-1 / 6)
    return float(GAUSSIAN * math.exp((low + high) / 2) * scale)

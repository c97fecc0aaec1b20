"""Where the middle of a pattern is and how far it spreads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely.geometry import Polygon

from vicus.analysis.checks import metric, not_negative, point_coordinates, same_length
from vicus.analysis.errors import NothingToCount
from vicus.analysis.inputs import Points
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Centre(Result):
    """The middle and the spread of points, from `centre`.

    Attributes
    ----------
    x, y : float
        Mean centre, metres.
    median_x, median_y : float
        The place with the smallest sum of distances to all points, metres. A few far points hardly move it.
    standard_distance : float
        Root mean square distance to the mean centre, metres.
    major, minor : float
        Half axes of the standard deviational ellipse, metres.
    angle : float
        Direction of the longer axis, degrees clockwise from north, 0 to 180.
    events : float
        Points, or sum of their weights.
    missing : int
        Points without coordinates, left out.
    """

    x: float
    y: float
    median_x: float
    median_y: float
    standard_distance: float
    major: float
    minor: float
    angle: float
    events: float
    missing: int

    @property
    def ellipse(self) -> Polygon:
        """The ellipse as an outline, in the coordinates of the points."""
        turn = np.linspace(0.0, 2.0 * np.pi, 73)
        along, across = self.major * np.cos(turn), self.minor * np.sin(turn)
        east, north = math.sin(math.radians(self.angle)), math.cos(math.radians(self.angle))
        return Polygon(
            np.column_stack((self.x + along * east - across * north, self.y + along * north + across * east))
        )

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        return (
            f"The middle of {self.events:g} events is at ({self.x:.0f}, {self.y:.0f}), with a standard distance of"
            f" {self.standard_distance:.0f} m; the pattern is {self.major / max(self.minor, 1e-9):.1f} times as long as wide."
        )


def centre(points: Points, *, weights: ArrayLike | None = None) -> Centre:
    r"""Where is the middle of a pattern of events, and how far does it spread?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres.
    weights : array_like of shape (n,), optional
        Weight of each event, 0 and more.

    Returns
    -------
    Centre

    Raises
    ------
    NotProjected, NotPoints
        Coordinates in degrees; other geometry than points.
    NothingToCount
        No point has coordinates, or all weights are 0.
    LengthMismatch, NotCounts
        Weights of another length, or negative.

    Notes
    -----
    The half axes are :math:`\sqrt{2 \lambda}` with the eigenvalues of the weighted covariance (divided by the sum of weights,
    less 1 when unweighted events give n), as in Yuill's ellipse with the usual correction by :math:`\sqrt 2`. The median is
    found by Weiszfeld's iteration. Do not read a single middle where a pattern has two: look at the map first.

    References
    ----------
    Yuill, R. S. (1971). The standard deviational ellipse. Geografiska Annaler B 53(1), 28-39. :doi:`10.2307/490885`

    Vardi, Y., & Zhang, C.-H. (2000). The multivariate L1-median and associated data depth. PNAS 97(4), 1423-1426.
    :doi:`10.1073/pnas.97.4.1423`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from vicus.analysis import centre
    >>> points = gpd.GeoSeries(gpd.points_from_xy([0, 100, 200, 100], [0, 10, 0, -10]), crs=3812)
    >>> result = centre(points)
    >>> result.x, result.y, round(result.angle)
    (100.0, 0.0, 90)
    """
    geometry = metric(points, "points")
    x, y = point_coordinates(geometry, "points")
    load = np.ones(len(x)) if weights is None else not_negative(weights, "weights")
    same_length(points=x, weights=load)
    known = np.isfinite(x)
    x, y, load = x[known], y[known], load[known]
    total = float(load.sum())
    if total <= 0:
        raise NothingToCount("No point has coordinates and a weight: there is no middle of nothing.")
    middle = np.array([load @ x, load @ y]) / total
    away = np.column_stack((x, y)) - middle
    spread = (away * load[:, None]).T @ away
    sizes, axes = np.linalg.eigh(spread / max(total - (2.0 if weights is None else 0.0), 1.0))
    east, north = axes[:, 1]
    angle = math.degrees(math.atan2(east, north)) % 180.0
    median = _median(np.column_stack((x, y)), load, middle)
    minor, major = (math.sqrt(2.0 * max(float(size), 0.0)) for size in sizes)
    return Centre(
        float(middle[0]), float(middle[1]), float(median[0]), float(median[1]),
        math.sqrt(float(np.trace(spread)) / total), major, minor, angle, total, int(np.count_nonzero(~known)),
    )  # fmt: skip


def _median(xy: Any, load: Any, start: Any) -> Any:
    """Weiszfeld's iteration, as Vardi and Zhang mend it where it lands on a point."""
    here = start
    for _step in range(500):
        gap = xy - here
        far = np.hypot(gap[:, 0], gap[:, 1])
        at = far < 1e-9
        pull = np.where(at, 0.0, load / np.where(at, 1.0, far))
        if not pull.sum():
            return here
        goal = pull @ xy / pull.sum()
        held = float(load[at].sum())
        if held:
            force = math.hypot(*(pull @ gap))
            share = min(1.0, held / force) if force else 1.0
            goal = (1.0 - share) * goal + share * here
        if math.hypot(*(goal - here)) < 1e-7:
            return goal
        here = goal
    return here

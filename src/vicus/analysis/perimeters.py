"""Does a perimeter still hold its problem?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.special import bdtrc

from vicus.analysis.checks import (
    metric,
    not_negative,
    point_coordinates,
    positive,
    same_crs,
    same_length,
    surfaces,
)
from vicus.analysis.errors import NothingToCount
from vicus.analysis.inputs import Points
from vicus.analysis.results import Result

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]

STEPS = 8
"""Shifts tried in each direction within reach, for the best outline nearby."""


@dataclass(frozen=True, slots=True)
class PerimeterFit(Result):
    """How well a perimeter fits the events in and around it, from `perimeter_fit`.

    Attributes
    ----------
    inside, near : float
        Events (or weights) in the perimeter, and in it and its surroundings together.
    share_events, share_area : float
        Shares of those events, and of that ground, that lie in the perimeter.
    pai : float
        Share of events over share of area: above 1 the perimeter is denser than its surroundings.
    p : float
        Chance of as many inside or more if events lay anywhere in the perimeter and its surroundings.
    drift : float
        Metres from the centre of the perimeter to the mean place of the events near.
    drift_error : float
        Standard error of that mean place, metres: a drift below twice this is no drift.
    direction : float
        Where the drift goes: degrees from north, clockwise. NaN without a drift.
    best : shapely geometry
        The perimeter, moved to where it would hold most within reach.
    best_inside, best_pai : float
        What it would hold there.
    shift : float
        How far it is moved, metres.
    reach : float
        How far the surroundings go, metres.
    enough_data : bool
        Whether there are enough events to tell.
    why : str
        Why there are not.
    """

    inside: float
    near: float
    share_events: float
    share_area: float
    pai: float
    p: float
    drift: float
    drift_error: float
    direction: float
    best: Any
    best_inside: float
    best_pai: float
    shift: float
    reach: float
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        holds = "still holds its problem" if self.p < 0.05 else "is no denser than its surroundings"
        moved = ""
        if self.best_inside > self.inside:
            moved = f"; {self.shift:.0f} m away it would hold {self.best_inside:g}"
        return (
            f"The perimeter {holds}: {self.inside:g} of {self.near:g} events within {self.reach:.0f} m lie in it"
            f" (PAI {self.pai:.1f}){moved}."
        )


def perimeter_fit(
    points: Points,
    perimeter: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    area: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    reach: float | None = None,
    weights: ArrayLike | None = None,
    minimum: float = 20.0,
) -> PerimeterFit:
    r"""Does a perimeter still hold its problem, has it drifted, and where nearby would it hold more?

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events of the period to judge, in a projected CRS in metres; also those well outside the perimeter.
    perimeter : GeoDataFrame or GeoSeries of (Multi)Polygon
        The perimeter in the same CRS; several rows count as one.
    area : GeoDataFrame or GeoSeries of (Multi)Polygon, optional
        Where events are recorded at all: surroundings outside it do not count. Everywhere when left out.
    reach : float, optional
        How far the surroundings go, in metres; left out, the radius of a circle as large as the perimeter.
    weights : array_like of shape (n,), optional
        Weight of each event, 0 and more.
    minimum : float, default 20
        Fewest events in and around the perimeter to judge by.

    Returns
    -------
    PerimeterFit

    Raises
    ------
    NothingToCount
        The perimeter does not lie in the area.
    DifferentCRS, NotProjected, NotPoints, NoAreas, InvalidGeometry, NotCounts, LengthMismatch, BadParameter
        Layers, weights or parameters do not fit.

    Notes
    -----
    .. math:: PAI = \frac{n_{in} / n_{near}}{a_{in} / a_{near}}

    over the perimeter and everything within `reach` of it, not over the whole city: almost any perimeter in a centre
    is denser than the city. `p` is binomial, with the share of area as chance; with weights it has no meaning and is
    NaN. The best outline is the perimeter itself moved over a raster of an eighth of `reach`; it is the best of many
    and holds more than where it stands by chance alone, by a few events. Judge a gain against the square root of
    what is inside.

    References
    ----------
    Chainey, S., Tompson, L., & Uhlig, S. (2008). The utility of hotspot mapping for predicting spatial patterns of crime.
    Security Journal 21, 4-28. :doi:`10.1057/palgrave.sj.8350066`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import perimeter_fit
    >>> rng = np.random.default_rng(1)
    >>> x, y = np.append(rng.normal(600, 60, 200), rng.uniform(0, 1000, 200)), rng.uniform(400, 600, 400)
    >>> points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=3812)
    >>> fit = perimeter_fit(points, gpd.GeoSeries([box(400, 400, 600, 600)], crs=3812))
    >>> print(fit.summary())
    The perimeter still holds its problem: 136 of 276 events within 113 m lie in it (PAI 2.1); 99 m away it would hold 230.
    """
    where, outlines = metric(points, "points"), metric(perimeter, "perimeter")
    same_crs(where, outlines, ("points", "perimeter"))
    surfaces(outlines, "perimeter")
    x, y = point_coordinates(where, "points")
    load = np.ones(len(x)) if weights is None else not_negative(weights, "weights")
    same_length(points=x, weights=load)
    outline = outlines.union_all()
    far = math.sqrt(outline.area / math.pi) if reach is None else positive(reach, "reach", "metres")
    ground = outline.buffer(far)
    held = outline
    if area is not None:
        whole = metric(area, "area")
        same_crs(where, whole, ("points", "area"))
        surfaces(whole, "area")
        ground = ground.intersection(whole.union_all())
        held = outline.intersection(ground)
        if held.area <= 0:
            raise NothingToCount("The perimeter does not lie in the area; are both in the right place?")
    around = np.isfinite(x) & shapely.contains_xy(ground, np.nan_to_num(x), np.nan_to_num(y))
    x, y, load = x[around], y[around], load[around]
    near, inside = float(load.sum()), float(load[shapely.contains_xy(held, x, y)].sum())
    share_area = float(held.area / ground.area)
    share = inside / near if near else math.nan
    best, best_inside, dx, dy = _best(outline, ground, x, y, load, far, inside)
    best_area = float(best.intersection(ground).area / ground.area)
    drift, error, direction = _drift(held, x, y, load)
    p = math.nan
    if weights is None and near:
        p = float(bdtrc(inside - 1, int(near), share_area)) if inside else 1.0
    why = (
        "" if near >= minimum else f"{near:g} events lie in and around the perimeter, {minimum:g} are needed"
    )
    return PerimeterFit(
        inside, near, share, share_area, share / share_area, p, drift, error, direction, best, best_inside,
        best_inside / near / best_area if near else math.nan, math.hypot(dx, dy), far, not why, why,
    )  # fmt: skip


def _best(
    outline: Any, ground: Any, x: Floats, y: Floats, load: Floats, far: float, inside: float
) -> tuple[Any, float, float, float]:
    """The outline moved to where it holds most, the nearest such place; it stays where nothing is gained."""
    steps = np.arange(-STEPS, STEPS + 1) * far / STEPS
    shifts = sorted(
        ((dx, dy) for dx in steps for dy in steps if 0 < math.hypot(dx, dy) <= far * (1 + 1e-9)), key=_size
    )
    most, moved = inside, (0.0, 0.0)
    for dx, dy in shifts:
        held = float(load[shapely.contains_xy(outline, x - dx, y - dy)].sum())
        if held > most + 1e-9:
            most, moved = held, (float(dx), float(dy))
    return shapely.transform(outline, lambda xy: xy + np.array(moved)), most, *moved


def _size(shift: tuple[float, float]) -> tuple[float, float, float]:
    return round(math.hypot(*shift), 6), *shift


def _drift(held: Any, x: Floats, y: Floats, load: Floats) -> tuple[float, float, float]:
    """Metres, their standard error and the direction from the centre of the perimeter to that of the events."""
    total = load.sum()
    if total <= 0:
        return math.nan, math.nan, math.nan
    cx, cy = float(load @ x / total), float(load @ y / total)
    effective = float(total**2 / np.sum(load**2))
    spread = float(load @ ((x - cx) ** 2 + (y - cy) ** 2) / total)
    error = math.sqrt(spread / (effective - 1)) if effective > 1 else math.nan
    east, north = cx - held.centroid.x, cy - held.centroid.y
    drift = math.hypot(east, north)
    return drift, error, math.degrees(math.atan2(east, north)) % 360 if drift else math.nan

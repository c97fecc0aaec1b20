"""How concentrated events are, and how much of them a prediction or a set of perimeters catches."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import (
    finite,
    metric,
    not_negative,
    point_coordinates,
    same_crs,
    same_length,
    surfaces,
)
from vicus.analysis.errors import BadParameter, NothingToCount
from vicus.analysis.inputs import Points
from vicus.analysis.results import Result

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lorenz(Result):
    """Cumulative shares, from `lorenz`.

    Attributes
    ----------
    share_of_places : ndarray, shape (n + 1,)
        From 0 to 1, places with the most events first.
    share_of_events : ndarray, shape (n + 1,)
        Share of all events in that share of places.
    """

    share_of_places: Floats
    share_of_events: Floats

    def places_for(self, share: float) -> float:
        """Smallest share of places that holds this share of events."""
        position = int(np.searchsorted(self.share_of_events, share - 1e-12))
        return float(self.share_of_places[min(position, len(self.share_of_places) - 1)])

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        return f"Half of the events fall in {self.places_for(0.5):.1%} of the {len(self.share_of_places) - 1} places."


def lorenz(counts: ArrayLike) -> Lorenz:
    """Share of events in each share of places, busiest places first.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Events per place, or harm; 0 and more. Places without events belong in it.

    Returns
    -------
    Lorenz

    Raises
    ------
    NothingToCount
        There are no places, or no events.
    MissingValues, NotCounts
        Missing or negative values.

    References
    ----------
    Weisburd, D. (2015). The law of crime concentration and the criminology of place. Criminology 53(2), 133-157.
    :doi:`10.1111/1745-9125.12070`

    Examples
    --------
    >>> from vicus.analysis import lorenz
    >>> curve = lorenz([10, 8, 2, 0, 0])
    >>> curve.share_of_events
    array([0. , 0.5, 0.9, 1. , 1. , 1. ])
    >>> print(curve.summary())
    Half of the events fall in 20.0% of the 5 places.
    """
    values = _some(counts)
    ordered = np.sort(values)[::-1]
    events = np.concatenate(([0.0], np.cumsum(ordered))) / ordered.sum()
    return Lorenz(np.arange(len(values) + 1) / len(values), np.minimum(events, 1.0))


def gini(counts: ArrayLike, *, generalised: bool = True, unbiased: bool = True) -> float:
    r"""Gini coefficient of events over places: 0 when spread as evenly as can be, 1 when all are at one place.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Events per place, 0 and more. Places without events belong in it.
    generalised : bool, default True
        With fewer events than places, measure from the most even split that whole events allow: one each.
    unbiased : bool, default True
        Divide by the highest value that so few places (or events) can reach, so that 1 can be reached.

    Returns
    -------
    float
        NaN when `unbiased` and there is only one place (or, generalised, one event): nothing can be said.

    Raises
    ------
    NothingToCount
        There are no places, or no events.
    MissingValues, NotCounts
        Missing or negative values.

    Notes
    -----
    For c events over n places, shares :math:`y_i` in ascending order:

    .. math:: G = \frac{2 \sum_i i\,y_i - n - 1}{n}, \qquad G' = \max(1, n/c)\,(G - 1) + 1

    G' is the generalised form; unbiased divides G by :math:`(n-1)/n`, and G' by :math:`(m-1)/m` with
    :math:`m = \min(n, c)`.

    References
    ----------
    Bernasco, W., & Steenbeek, W. (2017). More places than crimes: Implications for evaluating the law of crime
    concentration at place. Journal of Quantitative Criminology 33(3), 451-467.
    :doi:`10.1007/s10940-016-9324-7`

    Examples
    --------
    >>> from vicus.analysis import gini
    >>> round(gini([10, 8, 2, 0, 0, 0, 0, 0, 0, 0], unbiased=False), 2)
    0.78
    >>> round(gini([5, 2, 1, 0, 0, 0, 0, 0, 0, 0], unbiased=False), 2)
    0.75
    """
    values = np.sort(_some(counts))
    n, events = len(values), float(values.sum())
    shares = values / events
    plain = float((2.0 * np.sum(np.arange(1, n + 1) * shares) - n - 1.0) / n)
    result, most = plain, float(n)
    if generalised:
        result = max(1.0, n / events) * (plain - 1.0) + 1.0
        most = min(float(n), events)
    if unbiased:
        if most <= 1.0:
            return math.nan
        result *= most / (most - 1.0)
    return result


def pai(observed: ArrayLike, predicted: ArrayLike, area: ArrayLike) -> pd.DataFrame:
    r"""How much of what happened lies where it was predicted: hit rates by share of area.

    Parameters
    ----------
    observed : array_like, shape (n,)
        Events that happened in each place, 0 and more.
    predicted : array_like, shape (n,)
        What was predicted for each place: expected events, or any score (then `rri` has no meaning).
    area : array_like, shape (n,)
        Surface, or length of street, of each place; above 0.

    Returns
    -------
    DataFrame, shape (n, 5)
        One row per place from the first to choose to the last, with the index of `observed` when it is a Series
        (else positions): `share_area` and `share_events` (cumulative), `pai`, `pei`, `rri`. Row k is about the
        first k places together.

    Raises
    ------
    NothingToCount
        There are no places, or nothing happened.
    MissingValues, NotCounts, LengthMismatch, BadParameter
        Missing or negative values, other lengths, an area of 0.

    Notes
    -----
    Places are taken by predicted density (prediction per area), highest first; ties are taken with the fewest
    events per area first, so that a prediction that cannot tell places apart earns nothing by it.

    .. math::

        PAI = \frac{n / N}{a / A}, \quad PEI = \frac{PAI}{PAI_{best}}, \quad RRI = \frac{\hat n}{n}

    The best is that of knowing the outcome: the highest share of events that the same share of area could hold,
    reading between places where areas differ. RRI is events predicted over events that happened, infinite
    where none did.

    References
    ----------
    Chainey, S., Tompson, L., & Uhlig, S. (2008). The utility of hotspot mapping for predicting spatial patterns
    of crime. Security Journal 21, 4-28. :doi:`10.1057/palgrave.sj.8350066`

    Wheeler, A. P., & Steenbeek, W. (2021). Mapping the risk terrain for crime using machine learning. Journal of
    Quantitative Criminology 37, 445-480. :doi:`10.1007/s10940-020-09457-7`

    Examples
    --------
    >>> from vicus.analysis import pai
    >>> pai([6, 7, 3, 2, 1, 0], [8, 4, 4, 2, 1, 0], [1] * 6).round(3).head(3)
       share_area  share_events    pai    pei    rri
    0       0.167         0.316  1.895  0.857  1.333
    2       0.333         0.474  1.421  0.692  1.333
    1       0.500         0.842  1.684  1.000  1.000
    """
    happened, surface = _some(observed, "observed"), finite(area, "area")
    foretold = finite(predicted, "predicted")
    same_length(observed=happened, predicted=foretold, area=surface)
    if surface.min() <= 0:
        raise BadParameter(f"area must be above 0 everywhere; the lowest is {surface.min():g}.")
    order = np.lexsort((happened / surface, -foretold / surface))
    total, whole = happened.sum(), surface.sum()
    share_area = np.cumsum(surface[order]) / whole
    caught = np.cumsum(happened[order])
    share_events = caught / total
    best_order = np.argsort(-happened / surface, kind="stable")
    best = np.interp(
        share_area,
        np.concatenate(([0.0], np.cumsum(surface[best_order]) / whole)),
        np.concatenate(([0.0], np.cumsum(happened[best_order]) / total)),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rri = np.cumsum(foretold[order]) / caught
    index = observed.index if isinstance(observed, pd.Series) else pd.RangeIndex(len(happened))
    return pd.DataFrame(
        {
            "share_area": share_area,
            "share_events": share_events,
            "pai": share_events / share_area,
            "pei": share_events / best,
            "rri": rri,
        },
        index=index[order],
    )


@dataclass(frozen=True, slots=True)
class Capture(Result):
    """What a set of perimeters catches, from `capture_rate`.

    Attributes
    ----------
    inside, total : float
        Events (or weights) in any perimeter, and in the area.
    share_events, share_area : float
        Shares of the events, and of the surface, that lie in the perimeters. NaN without events.
    pai : float
        Predictive accuracy index: share of events over share of area.
    outside : float
        Events that lie outside the area, left out of all shares.
    missing : int
        Points without coordinates, left out too.
    """

    inside: float
    total: float
    share_events: float
    share_area: float
    pai: float
    outside: float
    missing: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.total:
            return "Not enough data: no events in the area."
        return (
            f"The perimeters hold {self.share_events:.1%} of {self.total:g} events in {self.share_area:.2%} of the"
            f" area (PAI {self.pai:.1f})."
        )


def capture_rate(
    points: Points,
    perimeters: gpd.GeoDataFrame | gpd.GeoSeries,
    area: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    weights: ArrayLike | None = None,
) -> Capture:
    """Share of events that lie in the perimeters, against their share of the area.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres.
    perimeters : GeoDataFrame or GeoSeries of (Multi)Polygon
        Outlines; where they overlap, surface and events count once. What sticks out of the area does not count.
    area : GeoDataFrame or GeoSeries of (Multi)Polygon
        The whole area; several rows count as one.
    weights : array_like of shape (n,), optional
        Weight of each event, 0 and more.

    Returns
    -------
    Capture

    Raises
    ------
    DifferentCRS, NotProjected, NotPoints, NoAreas, InvalidGeometry, MissingValues, LengthMismatch
        Layers or weights do not fit.
    NothingToCount
        No perimeter meets the area.

    References
    ----------
    Chainey, S., Tompson, L., & Uhlig, S. (2008). The utility of hotspot mapping for predicting spatial patterns of crime.
    Security Journal 21, 4-28. :doi:`10.1057/palgrave.sj.8350066`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import capture_rate
    >>> area = gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812)
    >>> perimeter = gpd.GeoSeries([box(0, 0, 200, 100)], crs=3812)
    >>> points = gpd.GeoSeries(gpd.points_from_xy([10, 20, 30, 900], [10, 20, 30, 900]), crs=3812)
    >>> print(capture_rate(points, perimeter, area).summary())
    The perimeters hold 75.0% of 4 events in 2.00% of the area (PAI 37.5).
    """
    import geopandas as gpd

    from vicus.analysis.places import count_points

    where, outlines, whole = metric(points, "points"), metric(perimeters, "perimeters"), metric(area, "area")
    same_crs(where, outlines, ("points", "perimeters"))
    same_crs(where, whole, ("points", "area"))
    surfaces(outlines, "perimeters")
    surfaces(whole, "area")
    x, _ = point_coordinates(where, "points")
    outer = whole.union_all()
    inner = outlines.union_all().intersection(outer)
    if inner.area <= 0:
        raise NothingToCount("No perimeter lies in the area; are both in the right place?")
    both = gpd.GeoSeries([_polygons(inner), outer], crs=where.crs)
    load = None if weights is None else not_negative(weights, "weights")
    counted = count_points(where, both, weights=load)
    inside, total = float(counted["n"].iloc[0]), float(counted["n"].iloc[1])
    share_area = float(inner.area / outer.area)
    share = inside / total if total else math.nan
    missing = int(np.count_nonzero(~np.isfinite(x)))
    everything = float(np.isfinite(x).sum()) if load is None else float(load[np.isfinite(x)].sum())
    return Capture(inside, total, share, share_area, share / share_area, everything - total, missing)


def _polygons(shape: Any) -> Any:
    """The surfaces of a geometry without the lines and points that an intersection may leave."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _some(values: ArrayLike, name: str = "counts") -> Floats:
    array = not_negative(values, name)
    if not len(array) or array.sum() <= 0:
        raise NothingToCount(
            f"{name} holds {len(array)} places and no events; shares of nothing do not exist."
        )
    return array

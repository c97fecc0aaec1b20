"""Hotspots over time: which stay, come, go, or come and go?"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from vicus.analysis.checks import metric, one_of, one_of_range
from vicus.analysis.errors import BadParameter
from vicus.analysis.inputs import Points
from vicus.analysis.places.clusters import own_weights, scores_of
from vicus.analysis.places.neighbours import Neighbours, neighbours_of
from vicus.analysis.places.periods import Cube, as_frame, cube_of
from vicus.analysis.probability import adjust_p
from vicus.analysis.trend import kendall_of_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def classify_hotspots(
    points: Points,
    grid: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    period: float | str,
    time: str | ArrayLike | None = None,
    start: Any = None,
    until: Any = None,
    weights: str | ArrayLike | None = None,
    kind: str = "hot",
    neighbours: Any = "queen",
    star: bool = True,
    adjust: str | None = "fdr",
    family: str = "period",
    significance: float = 0.05,
    hotspot_share: float = 0.2,
    persistent_share: float = 0.8,
    recent_share: float = 0.2,
) -> gpd.GeoDataFrame:
    """Which cells are hotspots period after period, which have become one, which no longer are?

    Parameters
    ----------
    points : GeoDataFrame of Point, or a selection of a store; n rows
        Events, in a projected CRS in metres.
    grid : GeoDataFrame or GeoSeries of Polygon, m rows
        Cells in the same CRS, such as those of `make_grid`.
    period : float or str
        Length of a period: days, or a number and a unit such as "week", "28 days", "month", "2 quarters".
    time : str or array_like of shape (n,), optional
        Column of `points`, or values: when each event was, in wall time. The only column of dates and times when
        left out.
    start : date, optional
        Begin of the first period; the day of the first event when left out.
    until : date, optional
        Until when the data are complete; to the end of the day of the last event when left out. A last period
        that is not over by then is left out.
    weights : str or array_like of shape (n,), optional
        Column of `points`, or values, to sum instead of counting 1 each.
    kind : {"hot", "cold"}, default "hot"
        Which to classify. Where most cells have no events, cold ones mean little.
    neighbours, star
        As in `getis_ord`.
    adjust : {None, "fdr", "bonferroni"}, default "fdr"
        Correction for testing many cells.
    family : {"period", "all"}, default "period"
        Which tests are corrected together: those of the m cells in each period, or those of all cells in all
        periods, which is rarely wrong about anything and sees less of what is new.
    significance : float, default 0.05
        Highest adjusted p for a cell to be hot in a period.
    hotspot_share : float, default 0.2
        Least share of periods in which a cell is hot for it to be called anything.
    persistent_share : float, default 0.8
        Least share of periods for a persistent hotspot.
    recent_share : float, default 0.2
        Share of the periods, from the last, that is recent (rounded down, at least one).

    Returns
    -------
    GeoDataFrame
        A copy of `grid` with `share`, `share_recent` and `share_before` (of periods in which the cell is hot),
        and `pattern`: "persistent" (hot in most periods), "emerging" (hot of late but not before), "former" (hot
        before but not of late), "intermittent" (hot now and then, of late and before) or "none". `attrs` gain
        `periods`, `recent`, `first`, `until`, `left_out` (events outside the whole periods), `empty_periods`,
        `unassigned`, `missing`, `enough_data`, `why` and the parameters.

    Raises
    ------
    MissingTimes, ColumnMissing
        An event has no time, or there is no telling which column holds it.
    BadParameter, NotProjected, DifferentCRS, NotPoints, NoAreas, InvalidGeometry, BadNeighbours
        As in `count_points` and `getis_ord`.

    Notes
    -----
    Gi* is computed for every period apart. A cell is emerging when its share in recent periods is at least
    `hotspot_share` and before them below it, and former the other way round. Periods without any event have no
    hotspots and count. A part of a period is never counted as a whole one.

    Gi* of cells with hardly any events has no normal distribution: choose periods and cells so that the mean cell
    has an event or more, or expect too many hotspots. Measured on 400 cells of equal risk and 1 to 5 events a month:
    some cell is called anything in 10 to 24 % of worlds of a year, nearly always because it was hot in one of the two
    recent months, and in about 1 % of worlds of three years. With `family="all"` it is 2 to 7 %, and a place that is
    busier in the last two months is found 8 to 15 points less often. With a `hotspot_share` of 0.1, the default of
    other tools, it is 49 to 80 % in a year, since one false alarm makes a tenth of the ten months before, and no place
    is found more often (`python -m benchmarks.calibration classify_hotspots`).

    References
    ----------
    Ashby, M. P. J. (2024). sfhotspot: Hot-spot analysis with simple features. R package.
    :doi:`10.32614/CRAN.package.sfhotspot` (the classes)

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, pandas as pd
    >>> from shapely import box
    >>> from vicus.analysis import classify_hotspots, make_grid
    >>> rng = np.random.default_rng(1)
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812), 100)
    >>> x, y = rng.uniform(0, 1000, (2, 3000))
    >>> x[:900], y[:900] = rng.uniform(210, 290, (2, 900))                    # one place draws much, all year
    >>> when = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.uniform(0, 365, 3000), "D")
    >>> points = gpd.GeoDataFrame({"when": when}, geometry=gpd.points_from_xy(x, y), crs=3812)
    >>> found = classify_hotspots(points, grid, period="quarter", until="2025-01-01")
    >>> found["pattern"].value_counts().to_dict()
    {'none': 91, 'persistent': 9}
    >>> found.attrs["periods"], found.attrs["left_out"]
    (4, 0)
    """
    one_of(kind, "kind", ("hot", "cold"))
    one_of(adjust, "adjust", (None, "fdr", "bonferroni"))
    one_of(family, "family", ("period", "all"))
    limit = one_of_range(significance, "significance", 0.0, 1.0)
    for asked, name in (
        (hotspot_share, "hotspot_share"), (persistent_share, "persistent_share"), (recent_share, "recent_share"),
    ):  # fmt: skip
        if not 0 < asked <= 1:
            raise BadParameter(f"{name} must be above 0 and at most 1; it is {asked!r}.")
    near = neighbours_of(metric(grid, "grid"), neighbours)
    cube = cube_of(points, grid, period=period, time=time, start=start, until=until, weights=weights)
    periods = cube.counts.shape[1]
    recent = max(1, int(recent_share * periods + 1e-9))
    result = as_frame(grid)
    why = _too_few(cube, recent + 1)
    found = np.zeros(cube.counts.shape, dtype=bool)
    if not why:
        scores = _scores_by_period(cube.counts, near, star)
        p = 2.0 * ndtr(-np.abs(scores))
        if family == "all":
            p = adjust_p(p.ravel(), adjust).reshape(p.shape)
        else:
            p = np.column_stack([adjust_p(p[:, k], adjust) for k in range(periods)])
        found = (p <= limit) & (scores > 0 if kind == "hot" else scores < 0)
    share, late, before = (
        part.mean(axis=1) if part.shape[1] else np.zeros(near.n)
        for part in (found, found[:, periods - recent :], found[:, : periods - recent])
    )
    pattern = np.select(
        [
            share >= persistent_share,
            (late >= hotspot_share) & (before < hotspot_share),
            (late < hotspot_share) & (before >= hotspot_share),
            share >= hotspot_share,
        ],
        ["persistent", "emerging", "former", "intermittent"],
        "none",
    )
    result["share"], result["share_recent"], result["share_before"] = share, late, before
    result["pattern"] = pd.array(pattern, dtype="str")
    result.attrs.update(
        cube.told(), recent=recent, kind=kind, neighbours=_named(neighbours), star=star, adjust=adjust, family=family,
        significance=limit, hotspot_share=hotspot_share, persistent_share=persistent_share, recent_share=recent_share,
        enough_data=not why, why=why,
    )  # fmt: skip
    return result


def emerging_hotspots(
    points: Points,
    grid: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    period: float | str,
    time: str | ArrayLike | None = None,
    start: Any = None,
    until: Any = None,
    weights: str | ArrayLike | None = None,
    neighbours: Any = "queen",
    lag: int = 1,
    adjust: str | None = "fdr",
    significance: float = 0.05,
) -> gpd.GeoDataFrame:
    """Emerging hot spot analysis: seventeen ways in which a cell is hot or cold over time.

    Parameters
    ----------
    points, grid, period, time, start, until, weights
        As in `classify_hotspots`; ten whole periods or more are advised, four are needed.
    neighbours : "queen", "rook", float, or libpysal weights or graph, default "queen"
        As in `getis_ord`.
    lag : int, default 1
        How many periods before count as neighbours too.
    adjust : {None, "fdr", "bonferroni"}, default "fdr"
        Correction for testing every cell in every period.
    significance : float, default 0.05
        Highest adjusted p for a cell to be hot or cold in a period, and highest p for a trend.

    Returns
    -------
    GeoDataFrame
        A copy of `grid` with `hot` and `cold` (periods in which it is), `tau` and `trend_p` (Mann-Kendall trend of
        its scores) and `pattern`: "none", or one of eight followed by hot or cold: "new", "consecutive",
        "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical". `attrs` gain what
        those of `classify_hotspots` do.

    Raises
    ------
    MissingTimes, ColumnMissing
        An event has no time, or there is no telling which column holds it.
    BadParameter, NotProjected, DifferentCRS, NotPoints, NoAreas, InvalidGeometry, BadNeighbours
        As in `count_points` and `getis_ord`.

    Notes
    -----
    Gi* is that of every cell in every period among all cells in all periods, with the cell itself, its neighbours,
    and both in the `lag` periods before as neighbours. Then, for hot (and likewise for cold):

    ============ =====================================================================================
    new          hot in the last period, for the first time
    consecutive  hot in the last periods without a break, two or more, never before; less than 90 % of all
    intensifying hot in 90 % or more and in the last, scores go up
    persistent   hot in 90 % or more and in the last, scores go neither up nor down
    diminishing  hot in 90 % or more and in the last, scores go down
    sporadic     hot in the last and now and then before, less than 90 %, never cold
    oscillating  hot in the last, less than 90 %, and cold in some period before
    historical   hot in 90 % or more, but not in the last
    ============ =====================================================================================

    The trend test takes periods as independent, which scores with a `lag` are not: its p is too small by some.

    References
    ----------
    Esri (2024). How Emerging Hot Spot Analysis works. ArcGIS Pro documentation, Space Time Pattern Mining toolbox.

    Getis, A., & Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
    Geographical Analysis 24(3), 189-206. :doi:`10.1111/j.1538-4632.1992.tb00261.x`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, pandas as pd
    >>> from shapely import box
    >>> from vicus.analysis import emerging_hotspots, make_grid
    >>> rng = np.random.default_rng(1)
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812), 100)
    >>> x, y = rng.uniform(0, 1000, (2, 4000))
    >>> day = rng.uniform(0, 360, 4000)
    >>> x[:600], y[:600], day[:600] = *rng.uniform(200, 400, (2, 600)), 360 - 90 * rng.random(600)    # of late
    >>> when = pd.Timestamp("2024-01-01") + pd.to_timedelta(day, "D")
    >>> points = gpd.GeoDataFrame({"when": when}, geometry=gpd.points_from_xy(x, y), crs=3812)
    >>> emerging_hotspots(points, grid, period=30)["pattern"].value_counts().to_dict()
    {'none': 85, 'consecutive hot': 15}
    """
    one_of(adjust, "adjust", (None, "fdr", "bonferroni"))
    limit = one_of_range(significance, "significance", 0.0, 1.0)
    if isinstance(lag, bool) or int(lag) != lag or lag < 0:
        raise BadParameter(f"lag must be a whole number of 0 or more; it is {lag!r}.")
    near = neighbours_of(metric(grid, "grid"), neighbours)
    cube = cube_of(points, grid, period=period, time=time, start=start, until=until, weights=weights)
    result = as_frame(grid)
    shape = cube.counts.shape
    why = _too_few(cube, 4)
    scores = np.full(shape, np.nan)
    if not why:
        scores = _scores_of_cube(cube.counts, near, int(lag))
        if np.isnan(scores).all():
            why = "all counts are equal"
    p = adjust_p(2.0 * ndtr(-np.abs(scores.ravel())), adjust).reshape(shape)
    hot, cold = (p <= limit) & (scores > 0), (p <= limit) & (scores < 0)
    s, z, _ = kendall_of_rows(np.nan_to_num(scores))
    trend_p = 2.0 * ndtr(-np.abs(z))
    direction = np.where(trend_p <= limit, np.sign(s), 0.0)
    result["hot"], result["cold"] = hot.sum(axis=1), cold.sum(axis=1)
    result["tau"] = s / max(shape[1] * (shape[1] - 1) / 2.0, 1.0)
    result["trend_p"] = trend_p
    pattern = _patterns(hot, cold, direction, "hot")
    pattern = np.where(pattern == "none", _patterns(cold, hot, -direction, "cold"), pattern)
    result["pattern"] = pd.array(pattern if not why else np.full(shape[0], "none"), dtype="str")
    result.attrs.update(
        cube.told(), neighbours=_named(neighbours), lag=int(lag), adjust=adjust, significance=limit, enough_data=not why, why=why,
    )  # fmt: skip
    return result


def _named(neighbours: Any) -> Any:
    return neighbours if isinstance(neighbours, (str, int, float)) else type(neighbours).__name__


def _too_few(cube: Cube, least: int) -> str:
    periods = cube.counts.shape[1]
    if periods < least:
        why = f"there {'is one whole period' if periods == 1 else f'are {periods} whole periods'}, {least} are needed"
    elif not cube.counts.any():
        why = "no event lies in the cells in whole periods"
    else:
        return ""
    log.info("hotspots over time: not enough data, %s", why)
    return why


def _scores_by_period(counts: Floats, near: Neighbours, star: bool) -> Floats:
    """Gi* of every cell, each period apart; NaN where there is none."""
    own = own_weights(near) if star else np.zeros(near.n)
    total, squares = near.totals(own)
    scores = np.empty(counts.shape)
    for k in range(counts.shape[1]):
        scores[:, k] = scores_of(np.ascontiguousarray(counts[:, k]), near, own, star, total, squares)
    return scores


def _scores_of_cube(counts: Floats, near: Neighbours, lag: int) -> Floats:
    """Gi* of every cell in every period among all of them; the periods before count as neighbours."""
    own = own_weights(near)
    total, squares = near.totals(own)
    n, mean, spread = float(counts.size), counts.mean(), counts.std()
    around = np.column_stack(
        [near.sums(np.ascontiguousarray(counts[:, k])) + own * counts[:, k] for k in range(counts.shape[1])]
    )
    product, scores = np.zeros(near.n), np.full(counts.shape, np.nan)
    for k in range(counts.shape[1]):
        product = around[:, max(0, k - lag) : k + 1].sum(axis=1)
        layers = min(k, lag) + 1
        room = (n * squares * layers - (total * layers) ** 2) / (n - 1)
        possible = (room > 1e-9) & (spread > 1e-12 * max(mean, 1e-300))
        scores[possible, k] = (product - mean * total * layers)[possible] / (spread * np.sqrt(room[possible]))
    return scores


def _patterns(hot: Flags, cold: Flags, direction: Floats, word: str) -> npt.NDArray[Any]:
    """The eight patterns of one kind; `direction` is up for more of it."""
    cells, periods = hot.shape
    if not periods:
        return np.full(cells, "none")
    last, share = hot[:, -1], hot.mean(axis=1)
    often = share >= 0.9
    final_run = np.where(hot.all(axis=1), periods, np.argmin(hot[:, ::-1], axis=1))
    only_run = last & (hot.sum(axis=1) == final_run)
    patterns = {
        "historical": often & ~last,
        "intensifying": often & (direction > 0),
        "diminishing": often & (direction < 0),
        "persistent": often,
        "new": only_run & (final_run == 1),
        "consecutive": only_run,
        "oscillating": last & cold[:, :-1].any(axis=1),
        "sporadic": last,
    }
    return np.select(list(patterns.values()), [f"{name} {word}" for name in patterns], "none")

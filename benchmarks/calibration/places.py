"""Clusters where there are none: local statistics, near repeats, hotspots over time."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from benchmarks.calibration.case import ALARM, POWER, Case, Rng

from vicus.analysis import classify_hotspots, getis_ord, knox, make_grid

SIDE = 20
CELL = 100.0
FALSE = "of the cells called hot, away from the cluster"
ANY = "worlds with a cell of any pattern"
SINGLE = "cells by themselves at p < 0.05"


@functools.cache
def grid() -> Any:
    """Twenty by twenty cells of 100 m."""
    import geopandas as gpd
    from shapely import box

    return make_grid(gpd.GeoSeries([box(0, 0, SIDE * CELL, SIDE * CELL)], crs=3812), CELL)


@functools.cache
def centre() -> Any:
    """Cells of a square of three by three in the middle, and those that touch it."""
    points = grid().geometry.centroid
    away = np.maximum((points.x - 1050).abs(), (points.y - 1050).abs()).to_numpy()
    return away < 1.2 * CELL, away < 2.2 * CELL


def getis_case(mean: float, permutations: int, more: float) -> Case:
    def draw(rng: Rng) -> dict[str, float]:
        inside, near = centre()
        asked = {"adjust": "fdr", "permutations": permutations, "random_state": rng}
        flat = getis_ord(grid().assign(n=rng.poisson(mean, SIDE * SIDE)), "n", **asked)
        lively = rng.poisson(np.where(inside, more * mean, mean))
        found = (getis_ord(grid().assign(n=lively), "n", **asked)["kind"] == "hot").to_numpy()
        return {
            ALARM: bool((flat["kind"] != "none").any()),
            SINGLE: float((flat["p"] < 0.05).mean()),
            FALSE: float(found[~near].sum() / max(found.sum(), 1)),
            POWER: float(found[inside].mean()),
        }

    how = f"{permutations} permutations" if permutations else "normal"
    words = f"400 cells of {mean:g}, adjust='fdr', {how}; alarm: any cell; power: cells of 3 x 3 that are {more:g} times as busy"
    return Case(
        "getis_ord", words, draw, {ALARM: 0.05, SINGLE: 0.05, FALSE: 0.05}, cost=20 if permutations else 2
    )


def knox_case(kind: str) -> Case:
    """Three hundred events in a year on two by two km; a tenth of them is followed by another in the live world."""

    def draw(rng: Rng) -> dict[str, float]:
        n = 300
        xy, t = rng.uniform(0, 2000, (n, 2)), rng.uniform(0, 365, n)
        if kind != "even":
            xy = rng.uniform(0, 2000, (12, 2))[rng.integers(0, 12, n)] + rng.normal(0, 120, (n, 2))
            t = rng.choice(365, n, p=(w := 1 + np.cos(np.arange(365) / 58)) / w.sum()) + rng.uniform(0, 1, n)
        if kind == "moving":
            xy[:, 0] += 2 * t
        asked = {"distances": (100, 200, 400), "days": (7, 14), "permutations": 199, "random_state": rng}
        flat = knox(xy, t, **asked)
        first = rng.integers(0, n, n // 10)
        again = xy[first] + rng.uniform(-60, 60, (len(first), 2)), t[first] + rng.uniform(0, 7, len(first))
        real = knox(np.vstack([xy, again[0]]), np.append(t, again[1]), **asked)
        return {ALARM: float((flat.p <= 0.05).mean()), POWER: bool(real.p[0, 0] <= 0.05)}

    words = {
        "even": "300 events spread evenly over place and time",
        "uneven": "300 events around 12 places, in a season",
        "moving": "300 events around 12 places, in a season, the whole pattern moving 2 m a day",
    }[kind]
    return Case(
        "knox",
        f"{words}; alarm: of six bands; power: 30 more within 85 m and 7 days of one",
        draw,
        {ALARM: 0.05},
        cost=4,
    )


def hotspots_case(mean: float, more: float, periods: int = 12, **asked: Any) -> Case:
    recent = max(1, periods // 5)

    def draw(rng: Rng) -> dict[str, float]:
        flat = _patterns(rng, np.full((SIDE * SIDE, periods), mean), asked)
        inside, _ = centre()
        rates = np.full((SIDE * SIDE, periods), mean)
        rates[inside] *= more
        lasting = _patterns(rng, rates, asked)
        rates = np.full((SIDE * SIDE, periods), mean)
        rates[inside, periods - recent :] *= more
        late = _patterns(rng, rates, asked)
        return {
            ANY: bool((flat != "none").any()),
            "worlds with a persistent cell": bool((flat == "persistent").any()),
            "power, persistent": float((lasting[inside] == "persistent").mean()),
            "power, emerging": float((late[inside] == "emerging").mean()),
        }

    how = "".join(f", {name}={value!r}" for name, value in asked.items())
    words = (
        f"400 cells of {mean:g} a month, {periods} months{how}; power: 3 x 3 cells {more:g} times as busy, always or"
        f" in the last {recent}"
    )
    return Case("classify_hotspots", words, draw, {ANY: 0.05, "worlds with a persistent cell": 0.05}, cost=20)


def _patterns(rng: Rng, rates: np.ndarray, asked: dict[str, Any]) -> np.ndarray:
    import geopandas as gpd
    import pandas as pd

    drawn = rng.poisson(rates)
    cell, month = np.nonzero(drawn)
    times = drawn[cell, month]
    cell, month = np.repeat(cell, times), np.repeat(month, times)
    bounds = grid().geometry.bounds.to_numpy()[cell]
    x, y = bounds[:, 0] + rng.uniform(1, 99, len(cell)), bounds[:, 1] + rng.uniform(1, 99, len(cell))
    start = pd.Timestamp("2023-01-01")
    when = start + pd.to_timedelta(30 * month + rng.uniform(0, 30, len(month)), unit="D")
    points = gpd.GeoDataFrame({"when": when}, geometry=gpd.points_from_xy(x, y), crs=3812)
    until = start + pd.Timedelta(days=30 * rates.shape[1])
    found = classify_hotspots(
        points, grid(), period="30 days", time="when", start=start, until=until, **asked
    )
    return found["pattern"].to_numpy()


CASES = [
    getis_case(5.0, 0, 2.0),
    getis_case(1.0, 0, 3.0),
    getis_case(0.2, 0, 6.0),
    getis_case(0.2, 9999, 6.0),
    *(knox_case(kind) for kind in ("even", "uneven", "moving")),
    hotspots_case(2.0, 3.0),
    hotspots_case(2.0, 3.0, family="all"),
    hotspots_case(2.0, 3.0, hotspot_share=0.1),
    hotspots_case(5.0, 2.0),
    hotspots_case(1.0, 4.0),
    hotspots_case(1.0, 4.0, family="all"),
    hotspots_case(2.0, 3.0, 36),
]

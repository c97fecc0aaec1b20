"""Incidents of the demonstration zone: drawn from rates with season, trend, hours, late registration and planted truths."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from vicus.demo.territory import rings

BACKGROUND_MONTHLY = 1700.0
"""Incidents a month in the zone outside perimeters and their rings."""
RING_SHARE = 0.45
"""Incidents a month in the ring around a perimeter, as a share of those inside."""
DISPERSION = 0.02
"""Variance of a place-month's level around its expectation (gamma, mean 1): counts are over-dispersed."""
YEARLY_TREND = 0.985
MOVED_SHARE = 0.01
"""Share of incidents whose category is corrected some weeks after registration."""

Profile = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pattern:
    """How one category behaves."""

    code: str
    discovered_share: float
    monthly_share: float
    season_amplitude: float
    season_peak: int
    interval_hours: float
    lag_days: float
    missing_location: float


@dataclass(frozen=True)
class Place:
    """Where incidents fall: a perimeter, the ring of one, or a sector's remainder."""

    kind: str
    hotspot: int | None
    monthly: float
    shape: shapely.Geometry


def patterns() -> list[Pattern]:
    """The categories' behaviour, as written in patterns.csv."""
    with files("vicus.demo").joinpath("patterns.csv").open(encoding="utf-8") as lines:
        return [
            Pattern(
                code=row["code"],
                discovered_share=float(row["discovered_share"]),
                monthly_share=float(row["monthly_share"]),
                season_amplitude=float(row["season_amplitude"]),
                season_peak=int(row["season_peak"]),
                interval_hours=float(row["interval_hours"]),
                lag_days=float(row["lag_days"]),
                missing_location=float(row["missing_location"]),
            )
            for row in csv.DictReader(lines)
        ]


def truths() -> list[dict[str, Any]]:
    """What is planted, as written in truths.toml."""
    planted: list[dict[str, Any]] = tomllib.loads(
        files("vicus.demo").joinpath("truths.toml").read_text(encoding="utf-8")
    )["planted"]
    return planted


def draw(
    territory: gpd.GeoDataFrame,
    perimeters: gpd.GeoDataFrame,
    months: pd.PeriodIndex,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Incidents of all places over `months`.

    Returns
    -------
    DataFrame
        Columns id, category, category_at_first, from, to (local wall time), reported (local wall time), x, y (NaN where
        unknown), quality, source, sector, registered (day on which the row first appears in an export), corrected (day on
        which the category is corrected, NaT for most). Ordered by id.
    """
    sectors = territory[territory["kind"] == "sector"]
    places = list(_places(sectors, perimeters))
    # A busy month is busy for all categories of a place: counts of a place are over-dispersed.
    levels = [rng.gamma(1 / DISPERSION, DISPERSION, len(months)) for _ in places]
    drawn = pd.concat(
        [
            _of_place_and_category(place, pattern, months, level, rng)
            for place, level in zip(places, levels, strict=True)
            for pattern in patterns()
        ],
        ignore_index=True,
    )
    drawn = drawn.sort_values(["registered", "from"], kind="stable", ignore_index=True)
    drawn.insert(0, "id", [f"D{number:07d}" for number in range(1, len(drawn) + 1)])
    points = gpd.GeoSeries.from_xy(drawn["x"], drawn["y"], crs=territory.crs)
    found = sectors.sindex.query(points.to_numpy(), predicate="intersects")
    drawn["sector"] = pd.Series(sectors["code"].to_numpy()[found[1]], index=found[0]).groupby(level=0).first()
    _correct_categories(drawn, rng)
    _lose_locations(drawn, rng)
    return drawn


def _places(sectors: gpd.GeoDataFrame, perimeters: gpd.GeoDataFrame) -> Iterator[Place]:
    outline = sectors.union_all()
    around = rings(perimeters, outline)
    for row, ring in zip(perimeters.itertuples(), around, strict=True):
        yield Place("perimeter", row.number, float(row.monthly), row.geometry)
        yield Place("ring", row.number, float(row.monthly) * RING_SHARE, ring)
    taken = shapely.union_all([*perimeters.geometry, *around])
    people = sectors["population"].to_numpy(dtype=float)
    for share, shape in zip(people / people.sum(), sectors.geometry, strict=True):
        yield Place("remainder", None, BACKGROUND_MONTHLY * share, shape.difference(taken))


def planted_factors(place: Place, category: str, months: pd.PeriodIndex) -> Profile:
    """What the planted truths multiply each month's expectation of a place and category with."""
    factor = np.ones(len(months))
    for truth in truths():
        since = np.asarray(months >= pd.Period(truth["from"], "M"))
        if truth["kind"] == "recording":
            if truth["category"] == category:
                factor[since] *= truth["factor"]
        elif truth["hotspot"] == place.hotspot and category in truth.get("categories", [category]):
            if place.kind == "perimeter":
                factor[since] *= truth["factor"]
            elif place.kind == "ring" and truth["kind"] == "displacement":
                # The ring gains its share of what the perimeter loses.
                factor[since] *= 1 + truth["buffer_gain"] * (1 - truth["factor"]) / RING_SHARE
            elif place.kind == "ring" and truth["kind"] == "diffusion":
                factor[since] *= truth["buffer_factor"]
    return factor


def _of_place_and_category(
    place: Place, pattern: Pattern, months: pd.PeriodIndex, level: Profile, rng: np.random.Generator
) -> pd.DataFrame:
    """Everything of one category at one place."""
    at = np.arange(len(months))
    season = 1 + pattern.season_amplitude * np.cos(
        2 * np.pi * (months.month.to_numpy() - pattern.season_peak) / 12
    )
    mean = place.monthly * pattern.monthly_share * season * YEARLY_TREND ** (at / 12) * level
    counts = rng.poisson(mean * planted_factors(place, pattern.code, months))
    n = int(counts.sum())
    which = np.repeat(at, counts)
    start = _moments(months[which], pattern, rng)
    hours = rng.gamma(2.0, pattern.interval_hours / 2, n) if pattern.interval_hours else np.zeros(n)
    end = start + pd.to_timedelta(np.minimum(hours, 24 * 21) * 3600, unit="s").round("min")
    late = rng.random(n) < 0.03
    lag = rng.exponential(pattern.lag_days + 0.02, n) + late * rng.uniform(20, 150, n)
    reported = (end + pd.to_timedelta(lag * 86400, unit="s")).round("min")
    registered = reported.normalize() + pd.to_timedelta(rng.integers(1, 9, n), unit="D")
    xy = _scatter(place.shape, n, rng)
    discovered = rng.random(n) < pattern.discovered_share
    return pd.DataFrame(
        {
            "category": pattern.code,
            "from": start,
            "to": end,
            "reported": reported,
            "x": xy[:, 0],
            "y": xy[:, 1],
            "quality": rng.choice(["exact", "street"], n, p=[0.8, 0.2]),
            "source": np.where(discovered, "discovered", "reported"),
            "registered": registered,
        }
    )


def _moments(months: pd.PeriodIndex, pattern: Pattern, rng: np.random.Generator) -> pd.DatetimeIndex:
    """A start for every incident: weekend and evening categories by night, thefts in shopping hours."""
    n = len(months)
    first = months.to_timestamp()
    day = first + pd.to_timedelta(np.floor(rng.random(n) * months.days_in_month.to_numpy()), unit="D")
    weekend = _WEEKEND.get(pattern.code, 0.0)
    # Move some weekday incidents to the nearest later Friday or Saturday of the same month.
    moved = (rng.random(n) < weekend) & (day.day_of_week < 4)
    ahead = np.where(rng.random(n) < 0.5, 4, 5) - day.day_of_week.to_numpy()
    shifted = day + pd.to_timedelta(np.where(moved, ahead, 0), unit="D")
    day = shifted.where(shifted.to_period("M") == months, day)
    hour = rng.choice(24, n, p=_hours(pattern.code))
    return pd.DatetimeIndex(day + pd.to_timedelta(hour * 60 + rng.integers(0, 60, n), unit="min"))


_WEEKEND = {"NOISE": 0.35, "ASSAULT": 0.25, "ROBBERY": 0.15, "VANDALISM": 0.2, "THREAT": 0.1}
_PEAKS = {
    "BIKE": (8, 4.0), "CAR-FROM": (21, 4.0), "PICKPOCKET": (16, 3.0), "SHOP": (16, 3.0), "BURGLARY-HOME": (11, 5.0),
    "BURGLARY-SHOP": (1, 3.0), "ROBBERY": (20, 4.0), "ASSAULT": (22, 4.5), "THREAT": (18, 5.0), "VANDALISM": (20, 4.0),
    "NOISE": (23, 2.5), "DUMPING": (6, 6.0), "DRUG-POSSESSION": (18, 4.0), "DRUG-DEALING": (19, 4.0), "WEAPON": (21, 4.0),
}  # fmt: skip


def _hours(code: str) -> Profile:
    """Probability of each hour of the day: a wrapped bell around the category's peak over a flat floor."""
    peak, width = _PEAKS[code]
    away = np.abs((np.arange(24) - peak + 12) % 24 - 12)
    weight = np.exp(-0.5 * (away / width) ** 2) + 0.08
    share: Profile = weight / weight.sum()
    return share


def _scatter(shape: shapely.Geometry, n: int, rng: np.random.Generator) -> Profile:
    """Points in a shape, denser around five addresses of it, as incidents are."""
    shapely.prepare(shape)
    left, bottom, right, top = shape.bounds
    box = np.array([[left, bottom], [right, top]])
    found = np.zeros((0, 2))
    middles = np.array([[point.x, point.y] for point in _sample_inside(shape, box, 5)])
    while len(found) < n:
        size = max(2 * n, 64)
        even = rng.uniform(box[0], box[1], (size, 2))
        spread = 0.07 * np.sqrt(shape.area)
        around = middles[rng.integers(0, len(middles), size)] + rng.normal(0, spread, (size, 2))
        candidates = np.where(rng.random(size)[:, None] < 0.5, even, around)
        inside = shapely.contains_xy(shape, candidates)
        found = np.vstack([found, candidates[inside]])
    points: Profile = np.round(found[:n], 1)
    return points


def _sample_inside(shape: shapely.Geometry, box: Profile, count: int) -> list[shapely.Point]:
    """The same few points of a shape for every category: its addresses."""
    rng = np.random.default_rng(int(box.sum()))
    points: list[shapely.Point] = []
    while len(points) < count:
        point = shapely.Point(rng.uniform(box[0], box[1]))
        if shape.contains(point):
            points.append(point)
    return points


def _correct_categories(drawn: pd.DataFrame, rng: np.random.Generator) -> None:
    """Some incidents are first registered under another category and corrected weeks later."""
    moved = rng.random(len(drawn)) < MOVED_SHARE
    wrong = np.where(drawn["category"] == "ASSAULT", "THREAT", "ASSAULT")
    drawn["category_at_first"] = np.where(moved, wrong, drawn["category"])
    delay = pd.to_timedelta(rng.integers(15, 70, len(drawn)), unit="D")
    drawn["corrected"] = (drawn["registered"] + delay).where(moved)


def _lose_locations(drawn: pd.DataFrame, rng: np.random.Generator) -> None:
    share = drawn["category"].map({p.code: p.missing_location for p in patterns()}).to_numpy(dtype=float)
    lost = rng.random(len(drawn)) < share
    drawn.loc[lost, ["x", "y"]] = np.nan
    drawn.loc[lost, "quality"] = "unknown"


def export(incidents: pd.DataFrame, day: date, since: date | None = None) -> pd.DataFrame:
    """What the registration system would export on a day: rows new or corrected after `since`, as they then stood."""
    limit = pd.Timestamp(day)
    rows = incidents[incidents["registered"] <= limit]
    if since is not None:
        floor = pd.Timestamp(since)
        rows = rows[
            (rows["registered"] > floor) | ((rows["corrected"] > floor) & (rows["corrected"] <= limit))
        ]
    corrected = rows["corrected"].isna() | (rows["corrected"] <= limit)
    return rows.assign(category=rows["category"].where(corrected, rows["category_at_first"]))[
        ["id", "category", "from", "to", "reported", "x", "y", "quality", "source", "sector"]
    ]

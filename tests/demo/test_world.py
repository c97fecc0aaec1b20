"""The demonstration zone holds what it claims: its hierarchy, its size, its planted truths."""

from __future__ import annotations

import csv
import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from vicus.demo import Demonstration, generate
from vicus.demo.loading import decision_words
from vicus.demo.registrations import DISPERSION, RING_SHARE


@pytest.fixture(scope="module")
def world() -> Demonstration:
    return generate()


def located(world: Demonstration) -> gpd.GeoDataFrame:
    rows = world.incidents.dropna(subset=["x"])
    points = gpd.points_from_xy(rows["x"], rows["y"], crs=world.areas.crs)
    return gpd.GeoDataFrame(rows, geometry=points)


def monthly(world: Demonstration, area: gpd.GeoSeries, **equal: str) -> pd.Series:
    rows = located(world)
    rows = rows[rows.within(area)]
    for column, value in equal.items():
        rows = rows[rows[column] == value]
    return rows.groupby(rows["from"].dt.to_period("M")).size()


def windows(series: pd.Series, since: str) -> tuple[pd.Series, pd.Series]:
    """Months from `since` on, and the same calendar months in the three years before."""
    start = pd.Period(since, "M")
    after = series[series.index >= start]
    before = series[(series.index < start) & (series.index >= start - 36)]
    return after, before[before.index.month.isin(after.index.month)]


def change(series: pd.Series, since: str) -> float:
    after, before = windows(series, since)
    return float(after.mean() / before.mean())


def chance(series: pd.Series, since: str) -> float:
    """Three standard errors of `change`: Poisson counts on levels that vary from month to month."""
    relative = [1 / part.sum() + DISPERSION / len(part) for part in windows(series, since)]
    return 3 * change(series, since) * float(np.sqrt(sum(relative)))


def test_the_hierarchy_is_the_one_of_the_first_zone(world: Demonstration) -> None:
    assert world.areas.groupby("kind").size().to_dict() == {
        "commune": 5, "division": 5, "commissariat": 8, "sector": 14,
    }  # fmt: skip
    assert list(world.hotspots["number"]) == list(range(1, 22))
    known = set(world.areas["code"])
    assert set(world.areas["parent"].dropna()) <= known
    assert set(world.hotspots["sector"]) <= known


def test_sectors_tile_the_zone_and_hotspots_lie_in_their_sector_apart_from_each_other(
    world: Demonstration,
) -> None:
    sectors = world.areas[world.areas["kind"] == "sector"].set_index("code")
    assert sectors.area.sum() == pytest.approx(sectors.union_all().area, rel=1e-9)
    for row in world.hotspots.itertuples():
        assert row.geometry.difference(sectors.geometry[row.sector]).area < 1
    assert world.hotspots.area.sum() == pytest.approx(world.hotspots.union_all().area, rel=1e-9)


def test_about_two_hundred_thousand_incidents_in_six_years(world: Demonstration) -> None:
    incidents = world.incidents
    assert 190_000 < len(incidents) < 210_000
    assert incidents["id"].is_unique
    assert incidents["from"].min().date() == date(2020, 11, 1)
    assert incidents["from"].max().date() == date(2026, 10, 31)
    assert (incidents["to"] >= incidents["from"]).all()
    assert 0.04 < incidents["x"].isna().mean() < 0.07
    assert (incidents.loc[incidents["quality"] == "unknown", "x"].isna()).all()


def test_the_same_seed_gives_the_same_zone_and_another_seed_another_one() -> None:
    one, again, other = generate(7, months=3), generate(7, months=3), generate(8, months=3)
    pd.testing.assert_frame_equal(one.incidents, again.incidents)
    assert one.areas.geometry.equals(other.areas.geometry)
    assert len(one.incidents) != len(other.incidents) or not one.incidents.equals(other.incidents)


@pytest.mark.parametrize(
    ("hotspot", "since", "factor"),
    [(12, "2025-03", 0.65), (4, "2026-05", 1.6), (16, "2025-09", 0.6), (9, "2025-06", 0.6)],
)
def test_a_planted_change_is_in_the_data(
    world: Demonstration, hotspot: int, since: str, factor: float
) -> None:
    area = world.hotspots.set_index("number").geometry[hotspot]
    reported = monthly(world, area, source="reported")
    assert change(reported, since) == pytest.approx(factor, abs=chance(reported, since))
    assert abs(change(reported, since) - 1) > 0.2


def test_hotspots_without_a_planted_change_did_not_change_more_than_the_trend(world: Demonstration) -> None:
    shapes = world.hotspots.set_index("number").geometry
    changes = [
        change(monthly(world, shapes[number], source="reported"), "2025-09") for number in world.unchanged()
    ]
    # Online reporting lifts one category in nine everywhere; the trend lowers all by a few per cent.
    assert np.mean(changes) == pytest.approx(1.01, abs=0.05)


def test_displaced_incidents_reappear_in_the_ring_and_benefits_diffuse_into_another(
    world: Demonstration,
) -> None:
    from vicus.demo.territory import rings

    sectors = world.areas[world.areas["kind"] == "sector"]
    around = rings(world.hotspots, sectors.union_all())
    around.index = world.hotspots["number"]
    gained, shared = monthly(world, around[16]), monthly(world, around[9])
    assert change(gained, "2025-09") == pytest.approx(
        1 + 0.8 * 0.4 / RING_SHARE, abs=chance(gained, "2025-09")
    )
    assert change(gained, "2025-09") > 1.3
    assert change(shared, "2025-06") == pytest.approx(0.8, abs=chance(shared, "2025-06"))
    assert change(shared, "2025-06") < 1


def test_a_change_of_recording_touches_one_category_everywhere(world: Demonstration) -> None:
    zone = world.areas.union_all()
    thefts, other = (monthly(world, zone, category=code) for code in ("BIKE", "SHOP"))
    assert change(thefts, "2025-01") == pytest.approx(1.45 * 0.96, abs=chance(thefts, "2025-01"))
    assert change(other, "2025-01") == pytest.approx(0.96, abs=chance(other, "2025-01"))


def test_exports_arrive_late_and_carry_corrections(world: Demonstration) -> None:
    exports = world.exports()
    days = [day for day, _ in exports]
    assert days == sorted(days)
    assert days[-1] == date(2026, 11, 10)
    last = exports[-1][1]
    assert (last["from"] < "2026-09-01").sum() > 20  # late registrations
    seen = pd.concat([rows for _, rows in exports])
    twice = seen[seen["id"].duplicated(keep=False)].groupby("id")["category"].nunique()
    assert len(twice) > 100
    assert (twice == 2).mean() > 0.9


def test_written_files_are_what_the_importers_take(world: Demonstration, tmp_path: Path) -> None:
    world.write(tmp_path)
    sectors = gpd.read_file(tmp_path / "sector.geojson")
    assert sectors.crs.to_epsg() == 4326
    assert len(sectors) == 14
    renewed = [gpd.read_file(path) for path in sorted(tmp_path.glob("hotspots-*.geojson"))]
    assert [len(outlines) for outlines in renewed] == [21, 11, 7, 3]
    truth = json.loads((tmp_path / "truths.json").read_text())
    assert {t["kind"] for t in truth["planted"]} >= {
        "decrease",
        "increase",
        "displacement",
        "diffusion",
        "recording",
    }
    assert 12 not in truth["unchanged"]
    assert len(list(tmp_path.glob("incidents-*.parquet"))) == 23


def test_no_category_is_said_to_overlap_as_each_incident_has_one(world: Demonstration) -> None:
    assert world.incidents["id"].is_unique
    with files("vicus.demo").joinpath("nomenclature.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["code"] for row in rows} == set(world.incidents["category"])
    assert {row["overlapping"] for row in rows} == {"no"}


def test_decisions_speak_every_language_of_the_zone(world: Demonstration) -> None:
    languages = world.plan["zone"]["languages"]
    words = decision_words(languages)
    assert set(words) == {"decided_by", "reference", "legal_basis", "purpose", "exit_criteria"}
    for text in words.values():
        assert len(set(text.split(" / "))) == len(languages) == 3
    assert decision_words(["fr"])["decided_by"] == "Conseil de zone (démonstration)"
    assert max(len(words[name]) for name in ("decided_by", "reference")) <= 190

"""A zone of one's own, from an untouched public export to a report: the walk of the first tutorial."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.real_data

WHY = ("--reason", "walk of the tutorial", "--recipient", "analysis service")


@pytest.fixture(scope="module")
def export(real_data: Path) -> Path:
    return real_data / "crime" / "uk_raw_2018-11-lincolnshire-street.csv.gz"


@pytest.fixture(scope="module")
def raw(export: Path) -> pd.DataFrame:
    return pd.read_csv(export, dtype=str)


def test_a_zone_is_made_with_its_first_administrator(vicus) -> None:
    made = vicus.json(
        "init", "lincoln", "--name-en", "Lincolnshire", "--crs", "27700", "--timezone", "Europe/London"
    )
    assert made["administrator"] == "administrator"
    assert len(made["password"]) >= 20
    vicus("init", "lincoln", code=3)


def test_a_dry_run_changes_nothing(vicus, export: Path) -> None:
    report = vicus.json("incidents", "import", export, "--mapping", "uk-police", "--dry-run")
    assert report["version"] is None
    assert vicus.json("incidents", "versions")[-1]["rows"] == 0


def test_rejects_equal_the_files_own_missing_places_and_duplicates_counted_independently(
    vicus, export: Path, raw: pd.DataFrame, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    report = vicus.json("incidents", "import", export, "--mapping", "uk-police", "--rejects", rejects, *WHY)
    without_place = int(raw["Longitude"].isna().sum())
    same_id = int(raw["Crime ID"].dropna().duplicated().sum())
    same_row = int(raw[raw["Crime ID"].isna()].duplicated().sum())
    assert report["rows_read"] == len(raw)
    assert report["rejected"].get("duplicate_id", 0) == same_id
    assert report["warnings"].get("no_location", 0) == without_place
    assert report["warnings"].get("repeated_row", 0) == same_row
    assert report["added"] == len(raw) - same_id
    assert len(pd.read_csv(rejects, comment="#")) == without_place + same_id + same_row > 0


def test_importing_the_same_file_again_adds_and_changes_nothing(vicus, export: Path) -> None:
    before = vicus.json("incidents", "versions")
    report = vicus.json("incidents", "import", export, "--mapping", "uk-police")
    assert (report["added"], report["changed"]) == (0, 0)
    assert vicus.json("incidents", "versions") == before


def test_quality_says_how_many_have_a_place(vicus, raw: pd.DataFrame) -> None:
    quality = vicus.json("incidents", "quality")
    kept = raw[~(raw["Crime ID"].notna() & raw["Crime ID"].duplicated())]
    assert quality["rows"] == len(kept)
    assert quality["located"] == int(kept["Longitude"].notna().sum())
    assert quality["geocoding_rate"] == quality["located"] / quality["rows"]


def test_perimeters_are_proposed_imported_and_listed(vicus, tmp_path: Path) -> None:
    proposed = tmp_path / "proposed.geojson"
    said = vicus("hotspots", "propose", "--count", "5", "--out", proposed)
    assert "PAI" in said
    features = json.loads(proposed.read_text())["features"]
    assert len(features) == 5
    done = vicus.json("hotspots", "import", proposed)
    assert done["added"] == [1, 2, 3, 4, 5]
    again = vicus.json("hotspots", "import", proposed)
    assert again["unchanged"] == [1, 2, 3, 4, 5]
    assert [row["number"] for row in vicus.json("hotspots", "list")] == [1, 2, 3, 4, 5]


def test_fewer_perimeters_than_asked_for_come_with_the_reason(vicus) -> None:
    said = vicus("hotspots", "propose", "--count", "500")
    assert "Fewer than asked for: " in said
    assert "500 were asked for" in said


def test_one_month_of_data_is_not_enough_for_an_expected_range(vicus, tmp_path: Path) -> None:
    figures = vicus.json("figures", "--hotspot", "1", "--month", "2018-11", *WHY)
    assert figures["state"] == "not enough data"
    assert figures["this_month"]["n"] > 0
    target = tmp_path / "month.pdf"
    vicus(
        "report", "month", "--hotspot", "1", "--month", "2018-11", "--language", "en", "--out", target, *WHY
    )
    assert target.read_bytes().startswith(b"%PDF")


def test_a_wrong_hotspot_month_or_language_gets_an_answer_and_a_code(vicus) -> None:
    assert (
        "There is no hotspot 99"
        in vicus.run("figures", "--hotspot", "99", "--month", "2018-11", *WHY, code=4).stderr
    )
    assert (
        "write it as 2026-10" in vicus.run("figures", "--hotspot", "1", "--month", "11/2018", code=2).stderr
    )
    vicus("report", "month", "--month", "2018-11", "--language", "xx", code=2)


def test_erasing_removes_facts_for_good(vicus) -> None:
    done = vicus.json("incidents", "erase", "--before", "2018-12-01", "--reason", "retention limit", "--yes")
    assert done["rows"] == 0
    older = [v for v in vicus.json("incidents", "versions") if v["operation"] == "import"]
    assert not any(version["available"] for version in older)


def test_the_doctor_finds_the_installation_healthy(vicus) -> None:
    findings = vicus.json("doctor")
    assert all(entry["ok"] for entry in findings), findings
    assert any("chain whole" in entry["found"] for entry in findings)

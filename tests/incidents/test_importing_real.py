"""The shipped mappings on the real files, against counts made with pandas from the same files."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from deltalake import DeltaTable
from pyproj import Transformer

from vicus.incidents import formats, importing, mapping, people
from vicus.incidents.store import Store

pytestmark = pytest.mark.real_data

LINCOLNSHIRE = "uk_raw_2018-11-lincolnshire-street.csv.gz"
ZONES = {
    "uk-police": (27700, "Europe/London"),
    "chicago": (26916, "America/Chicago"),
    "vancouver": (26910, "America/Vancouver"),
    "houston": (26915, "America/Chicago"),
    "nyc-thefts": (32618, "America/New_York"),
    "portland": (26910, "America/Los_Angeles"),
}


@pytest.fixture
def crime(real_data: Path) -> Path:
    return real_data / "crime"


def store_for(name: str, folder: Path) -> Store:
    crs, timezone = ZONES[name]
    return Store.create(folder / name, crs=crs, timezone=timezone)


def stored(store: Store) -> pd.DataFrame:
    return DeltaTable(str(store.folder / "incidents")).to_pandas()


def test_lincolnshire_is_imported_whole_and_its_rejects_are_its_missing_locations_and_duplicates(
    crime: Path, tmp_path: Path
) -> None:
    raw = pd.read_csv(crime / LINCOLNSHIRE)
    missing = int(raw["Longitude"].isna().sum())
    with_id = raw["Crime ID"].dropna()
    duplicates = int(with_id.duplicated().sum()) + int(raw[raw["Crime ID"].isna()].duplicated().sum())
    rejects = tmp_path / "rejects.csv"
    store = store_for("uk-police", tmp_path)

    report = importing.run(store, crime / LINCOLNSHIRE, "uk-police", rejects=rejects)

    assert missing + duplicates > 0
    assert len(pd.read_csv(rejects)) == missing + duplicates
    assert report.warnings.get("no_location", 0) == missing
    assert report.warnings["repeated_row"] + report.rejected.get("duplicate_id", 0) == duplicates
    assert report.rows_read == len(raw) == report.added + sum(report.rejected.values())
    assert report.content_ids == raw["Crime ID"].isna().sum()


def test_lincolnshire_imported_twice_changes_nothing(crime: Path, tmp_path: Path) -> None:
    store = store_for("uk-police", tmp_path)
    first = importing.run(store, crime / LINCOLNSHIRE, "uk-police")
    again = importing.run(store, crime / LINCOLNSHIRE, "uk-police")

    assert first.added == 5655
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    assert again.version == first.version


def test_lincolnshire_keeps_months_places_and_kinds(crime: Path, tmp_path: Path) -> None:
    raw = pd.read_csv(crime / LINCOLNSHIRE)
    store = store_for("uk-police", tmp_path)
    importing.run(store, crime / LINCOLNSHIRE, "uk-police")
    rows = stored(store)

    assert rows["category"].value_counts().to_dict() == raw["Crime type"].value_counts().to_dict()
    assert set(rows["precision"]) == {"month"}
    discovered = raw["Crime type"].isin(["Drugs", "Possession of weapons"]).sum()
    assert (rows["source"] == "discovered").sum() == discovered
    x, y = Transformer.from_crs(4326, 27700, always_xy=True).transform(raw["Longitude"], raw["Latitude"])
    assert np.allclose(np.sort(rows["x"]), np.sort(x), atol=1e-6)
    assert np.allclose(np.sort(rows["y"]), np.sort(y), atol=1e-6)


def test_scaled_degrees_of_the_compact_edition_give_the_same_points(crime: Path, tmp_path: Path) -> None:
    whole = pd.read_parquet(crime / "uk_police_2018-10_2019-02.parquet")
    part = whole[(whole["force"] == "lincolnshire") & (whole["month"] == "2018-11")]
    part.to_parquet(tmp_path / "lincolnshire.parquet")
    store = store_for("uk-police", tmp_path)
    report = importing.run(store, tmp_path / "lincolnshire.parquet", "uk-police")
    rows = stored(store)

    assert len(part) > 1000
    assert report.accepted == len(part)
    assert report.located == part["lon_e6"].notna().sum()
    located = part[part["lon_e6"].notna()]
    x, _ = Transformer.from_crs(4326, 27700, always_xy=True).transform(
        located["lon_e6"].astype(float) / 1e6, located["lat_e6"].astype(float) / 1e6
    )
    assert np.allclose(np.sort(rows["x"].dropna()), np.sort(x), atol=1e-6)


@pytest.mark.slow
def test_the_whole_compact_edition_is_imported_with_its_missing_locations(
    crime: Path, tmp_path: Path
) -> None:
    name = "uk_police_2018-10_2019-02.parquet"
    raw = pd.read_parquet(crime / name)
    report = importing.run(store_for("uk-police", tmp_path), crime / name, "uk-police", dry_run=True)
    told = ["month", "crime_type", "lon_e6", "lat_e6", "lsoa", "force"]

    assert report.accepted == len(raw)
    assert report.warnings["no_location"] == raw["lon_e6"].isna().sum()
    assert report.warnings["repeated_row"] == raw.duplicated(told).sum()


@pytest.mark.parametrize("day", ["2012-01-01", "2018-07-04"])
def test_the_raw_export_of_chicago_keeps_its_half_days_and_missing_places(
    crime: Path, tmp_path: Path, day: str
) -> None:
    path = crime / f"chicago_raw_{day}.csv.gz"
    raw = pd.read_csv(path)
    store = store_for("chicago", tmp_path)
    report = importing.run(store, path, "chicago")
    rows = stored(store).set_index("id")

    assert report.added == len(raw) == len(rows)
    assert report.warnings["no_location"] == raw["X Coordinate"].isna().sum()
    local = pd.to_datetime(raw["Date"], format="%m/%d/%Y %I:%M:%S %p").dt.tz_localize("America/Chicago")
    expected = pd.Series(local.dt.tz_convert(None).to_numpy(), index=raw["Case Number"])
    found = rows["occurred_from"].dt.tz_convert(None)
    assert (found.loc[expected.index] == expected).all()
    assert set(rows["occurred_on"].astype(str)) == {day}


@pytest.mark.slow
def test_chicago_2013_2018_refuses_the_repeated_case_numbers_only(crime: Path, tmp_path: Path) -> None:
    path = crime / "chicago_2013_2018.parquet"
    raw = pd.read_parquet(path, columns=["case_number", "x", "primary_type", "date"])
    store = store_for("chicago", tmp_path)
    report = importing.run(store, path, "chicago")
    kept = raw.drop_duplicates("case_number")
    rows = DeltaTable(str(store.folder / "incidents")).to_pandas(
        columns=["id", "category", "occurred_on", "x"]
    )

    assert report.rejected == {"duplicate_id": int(raw["case_number"].duplicated().sum())}
    assert report.located == kept["x"].notna().sum() == rows["x"].notna().sum()
    assert (rows["category"] == "THEFT").sum() == (kept["primary_type"] == "THEFT").sum()
    days = pd.to_datetime(rows["occurred_on"]).dt.date.value_counts().to_dict()
    assert days == kept["date"].dt.date.value_counts().to_dict()


@pytest.mark.slow
def test_the_older_editions_of_chicago_have_other_columns_and_the_same_mapping(
    crime: Path, tmp_path: Path
) -> None:
    for name in ("chicago_2001_2006.parquet", "chicago_2007_2012.parquet"):
        raw = pd.read_parquet(crime / name, columns=["x"])
        report = importing.run(store_for("chicago", tmp_path / name), crime / name, "chicago", dry_run=True)
        assert report.accepted == report.content_ids == len(raw)
        assert report.located == raw["x"].notna().sum()


def test_vancouver_withholds_places_as_two_zeros_and_writes_dates_in_parts(
    crime: Path, tmp_path: Path
) -> None:
    path = crime / "vancouver_crimes_2020_epsg26910.csv.gz"
    raw = pd.read_csv(path)
    store = store_for("vancouver", tmp_path)
    report = importing.run(store, path, "vancouver")
    rows = stored(store)

    withheld = int((raw["X"] == 0).sum() + raw["X"].isna().sum())
    assert report.added == len(raw)
    assert report.warnings["no_location"] == withheld == rows["x"].isna().sum()
    assert (rows.loc[rows["x"].isna(), "quality"] == "unknown").all()
    days = pd.to_datetime(raw[["YEAR", "MONTH", "DAY"]]).dt.date.value_counts().to_dict()
    assert rows["occurred_on"].value_counts().to_dict() == days


def test_houston_loses_no_row_to_geocodes_in_other_towns(crime: Path, tmp_path: Path) -> None:
    path = crime / "houston_crime_2010_wgs84.csv.gz"
    raw = pd.read_csv(path)
    rejects = tmp_path / "rejects.csv"
    report = importing.run(store_for("houston", tmp_path), path, "houston", rejects=rejects)

    known = raw["lon"].notna()
    there = raw["lon"].between(-96.0, -94.8) & raw["lat"].between(29.3, 30.3)
    assert report.added == len(raw)
    assert report.warnings["no_location"] == (~known).sum()
    assert report.warnings["impossible_coordinates"] == (known & ~there).sum()
    listed = pd.read_csv(rejects)
    far = listed.loc[listed["reason"] == "impossible_coordinates", "row"]
    assert sorted(far) == sorted(raw.index[known & ~there] + 2)  # as a spreadsheet numbers them


def test_new_york_keeps_its_intervals(crime: Path, tmp_path: Path) -> None:
    path = crime / "nyc_vehicle_thefts_2014_2017_aoristic_wgs84.csv.gz"
    raw = pd.read_csv(path, parse_dates=["date_start", "date_end"], dtype={"uid": str}).set_index("uid")
    store = store_for("nyc-thefts", tmp_path)
    report = importing.run(store, path, "nyc-thefts")
    rows = stored(store).set_index("id")

    assert report.added == len(raw)
    assert rows["occurred_to"].isna().sum() == raw["date_end"].isna().sum()
    local = rows.loc[raw.index, "occurred_from"].dt.tz_convert("America/New_York").dt.tz_localize(None)
    assert (local.to_numpy() == raw["date_start"].to_numpy()).all()
    hours = (raw["date_end"] - raw["date_start"]).dt.total_seconds() / 3600
    stored_hours = (rows["occurred_to"] - rows["occurred_from"]).dt.total_seconds() / 3600
    assert stored_hours.median() == hours.median()


@pytest.mark.parametrize("month", ["08", "09"])
def test_portland_has_days_only_and_endless_coordinates_are_impossible(
    crime: Path, tmp_path: Path, month: str
) -> None:
    path = crime / f"portland_nij_cfs_2016-{month}_epsg2913.csv.gz"
    raw = pd.read_csv(path)
    store = store_for("portland", tmp_path)
    report = importing.run(store, path, "portland")
    rows = stored(store)

    assert report.rejected.get("no_category", 0) == raw["CALL_GROUP"].isna().sum()
    endless = (np.isinf(raw["x"]) & raw["CALL_GROUP"].notna()).sum()
    assert report.warnings.get("impossible_coordinates", 0) == endless
    assert set(rows["precision"]) == {"day"}
    named = raw[raw["CALL_GROUP"].notna()]
    assert (
        rows["occurred_on"].astype(str).value_counts().to_dict() == named["occ_date"].value_counts().to_dict()
    )
    placed = named[np.isfinite(named["x"])]
    x, _ = Transformer.from_crs(2913, 26910, always_xy=True).transform(placed["x"], placed["y"])
    assert np.allclose(np.sort(rows["x"].dropna()), np.sort(x), atol=1e-6)


def test_no_real_file_raises_a_false_alarm_about_persons(crime: Path) -> None:
    looked_at = 0
    for path in sorted(crime.iterdir()):
        for sample in formats.sample(path):
            assert people.find(sample.column_names, sample) == [], path.name
            looked_at += 1
    assert looked_at >= 12


def test_a_first_guess_is_made_for_every_real_file(crime: Path) -> None:
    expected: dict[str, Any] = {
        "chicago_raw_2018-07-04.csv.gz": ("Primary Type", "Date"),
        "houston_crime_2010_wgs84.csv.gz": ("offense", "time_local"),
        LINCOLNSHIRE: ("Crime type", "Month"),
        "portland_nij_cfs_2016-08_epsg2913.csv.gz": ("CALL_GROUP", "occ_date"),
        "uk_police_2018-10_2019-02.parquet": ("crime_type", "month"),
        "chicago_2013_2018.parquet": ("primary_type", "date"),
    }
    for name, (category, date) in expected.items():
        guessed = mapping.guess(crime / name)
        assert guessed.columns.category == (category,), name
        assert guessed.columns.occurred_from.column == (date,), name
    vancouver = mapping.guess(crime / "vancouver_crimes_2020_epsg26910.csv.gz")
    assert [part for part, _ in vancouver.columns.occurred_from.parts] == [
        "year",
        "month",
        "day",
        "hour",
        "minute",
    ]
    scaled = mapping.guess(crime / "uk_police_2018-10_2019-02.parquet").locations[0]
    assert (scaled.x, scaled.crs, scaled.divide_by) == (("lon_e6",), "EPSG:4326", 1e6)


def test_a_guess_can_be_imported_without_a_change_where_it_is_complete(crime: Path, tmp_path: Path) -> None:
    text = mapping.guess(crime / LINCOLNSHIRE).to_toml()
    report = importing.run(
        store_for("uk-police", tmp_path), crime / LINCOLNSHIRE, mapping.Mapping.parse(text), dry_run=True
    )
    assert report.accepted == report.located == 5655

"""Importing: what is kept, refused, flagged and corrected, on small files whose every row is known."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from vicus.incidents import importing
from vicus.incidents.errors import ImportRefused, MappingInvalid
from vicus.incidents.mapping import Mapping
from vicus.incidents.reasons import REASONS
from vicus.incidents.report import Progress, Report
from vicus.incidents.store import Store

OURS = """
name = "ours"
[columns]
id = "pv"
category = "feit"
occurred_from = "van"
occurred_to = "tot"
reported_at = "aangifte"
[dates]
formats = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
[[location]]
crs = "EPSG:31370"
x = "x"
y = "y"
none = [[0, 0]]
"""
HEADER = "pv;feit;van;tot;aangifte;x;y"
GOOD = "P1;theft;05/10/2023 14:30;;;147000;171000"


def write(folder: Path, *rows: str, header: str = HEADER, name: str = "facts.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def load(
    store: Store, folder: Path, *rows: str, mapping: str = OURS, header: str = HEADER, **options: Any
) -> Report:
    return importing.run(store, write(folder, *rows, header=header), Mapping.parse(mapping), **options)


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1
    return rows[0]


# --- refused or kept ---------------------------------------------------------------------------------


def test_a_good_row_becomes_an_incident(store: Store, tmp_path: Path, content: Any) -> None:
    report = load(store, tmp_path, "P1;theft;05/10/2023 14:30;05/10/2023 16:00;06/10/2023;147000;171000")
    row = only(content(store))

    assert (report.rows_read, report.accepted, report.added, report.rejected, report.warnings) == (
        1,
        1,
        1,
        {},
        {},
    )
    assert row["id"] == "P1"
    assert row["category"] == "theft"
    assert row["occurred_from"] == datetime(2023, 10, 5, 12, 30, tzinfo=UTC)
    assert row["occurred_to"] == datetime(2023, 10, 5, 14, 0, tzinfo=UTC)
    assert row["occurred_on"] == date(2023, 10, 5)
    assert row["reported_at"] == datetime(2023, 10, 5, 22, 0, tzinfo=UTC)
    assert (row["x"], row["y"], row["quality"]) == (147000.0, 171000.0, "exact")
    assert (row["source"], row["precision"], row["year"]) == ("unknown", "minute", 2023)


def test_the_local_day_counts_and_not_the_day_in_greenwich(
    store: Store, tmp_path: Path, content: Any
) -> None:
    load(store, tmp_path, "P1;theft;01/01/2024 00:15;;;147000;171000")
    row = only(content(store))
    assert (row["occurred_on"], row["year"]) == (date(2024, 1, 1), 2024)
    assert row["occurred_from"] == datetime(2023, 12, 31, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("P1;;05/10/2023;;;147000;171000", "no_category"),
        ("P1;theft;31/02/2023;;;147000;171000", "bad_date"),
        ("P1;theft;2023-10-05;;;147000;171000", "bad_date"),
        ("P1;theft;05/10/1823;;;147000;171000", "bad_date"),
        ("P1;theft;05/10/2099;;;147000;171000", "in_future"),
        ("P1;theft;05/10/2023", "wrong_columns"),
    ],
)
def test_a_row_that_cannot_be_counted_is_refused(
    store: Store, tmp_path: Path, content: Any, row: str, reason: str
) -> None:
    report = load(store, tmp_path, row, GOOD.replace("P1", "P2"))
    assert report.rejected == {reason: 1}
    assert [stored["id"] for stored in content(store)] == ["P2"]


@pytest.mark.parametrize(
    ("row", "reason", "expected"),
    [
        ("P1;theft;05/10/2023;;;;", "no_location", {"x": None, "quality": "unknown"}),
        ("P1;theft;05/10/2023;;;0;0", "no_location", {"x": None, "y": None}),
        ("P1;theft;05/10/2023;;;147000;", "impossible_coordinates", {"x": None}),
        ("P1;theft;05/10/2023;;;inf;171000", "impossible_coordinates", {"x": None}),
        ("P1;theft;05/10/2023;;;x;y", "impossible_coordinates", {"x": None}),
        (
            "P1;theft;05/10/2023;;;99000000;171000",
            "impossible_coordinates",
            {"x": None, "quality": "unknown"},
        ),
        ("P1;theft;;;;147000;171000", "no_date", {"occurred_on": None, "year": 0, "x": 147000.0}),
        ("P1;theft;;05/10/2023;;147000;171000", "only_end_date", {"occurred_on": date(2023, 10, 5)}),
        ("P1;theft;05/10/2023;32/10/2023;;147000;171000", "bad_end_date", {"occurred_to": None}),
        ("P1;theft;05/10/2023;;soon;147000;171000", "bad_reported_date", {"reported_at": None}),
        ("P1;theft;05/10/2023;;05/10/2099;147000;171000", "reported_in_future", {"reported_at": None}),
        (
            "P1;theft;05/10/2023;;04/10/2023;147000;171000",
            "reported_before_occurred",
            {"reported_at": datetime(2023, 10, 3, 22, tzinfo=UTC)},
        ),
        (
            "P1;theft;05/10/2023 14:00;05/10/2023 12:00;;147000;171000",
            "swapped_interval",
            {
                "occurred_from": datetime(2023, 10, 5, 10, tzinfo=UTC),
                "occurred_to": datetime(2023, 10, 5, 12, tzinfo=UTC),
            },
        ),
    ],
)
def test_a_row_with_a_flaw_is_kept_and_flagged(
    store: Store, tmp_path: Path, content: Any, row: str, reason: str, expected: dict[str, Any]
) -> None:
    report = load(store, tmp_path, row)
    assert report.warnings == {reason: 1}
    assert report.rejected == {}
    stored = only(content(store))
    assert {name: stored[name] for name in expected} == expected


def test_an_end_known_to_the_day_lasts_until_that_day_is_over(
    store: Store, tmp_path: Path, content: Any
) -> None:
    report = load(store, tmp_path, "P1;theft;05/10/2023 14:00;05/10/2023;05/10/2023;147000;171000")
    assert report.warnings == {}
    assert only(content(store))["occurred_to"] == datetime(
        2023, 10, 5, 22, tzinfo=UTC
    )  # midnight in Brussels


def test_swapped_longitude_and_latitude_are_impossible_and_not_somewhere_in_africa(
    store: Store, tmp_path: Path, content: Any
) -> None:
    mapping = OURS.replace("EPSG:31370", "EPSG:4326")
    report = load(store, tmp_path, "P1;theft;05/10/2023;;;50.85;4.35", mapping=mapping)
    assert report.warnings == {"impossible_coordinates": 1}
    assert only(content(store))["x"] is None


def test_of_a_repeated_id_the_first_row_counts_or_the_last_when_the_mapping_says_so(
    tmp_path: Path, content: Any
) -> None:
    rows = ["P1;theft;05/10/2023;;;1;1", "P2;theft;05/10/2023;;;;", "P1;burglary;05/10/2023;;;2;2"]
    for keep, category in (("first", "theft"), ("last", "burglary")):
        store = Store.create(tmp_path / keep, crs=31370, timezone="Europe/Brussels")
        report = load(store, tmp_path, *rows, mapping=OURS + f'[ids]\nrepeated = "{keep}"\n')
        assert report.rejected == {"duplicate_id": 1}
        assert content(store)[0]["category"] == category


def test_a_fact_that_happened_after_the_moment_of_knowing_is_refused(store: Store, tmp_path: Path) -> None:
    known_at = datetime.now(UTC)
    report = load(store, tmp_path, GOOD, known_at=known_at)
    assert report.accepted == 1
    future = known_at.replace(year=known_at.year + 1).strftime("%d/%m/%Y %H:%M")
    assert load(store, tmp_path, GOOD.replace("05/10/2023 14:30", future)).rejected == {"in_future": 1}


@pytest.mark.parametrize(
    ("policy", "rejected", "warnings", "xs"),
    [
        ("keep", {}, {"outside_zone": 1}, [147000.0, 190000.0]),
        ("unlocate", {}, {"outside_zone": 1}, [147000.0, None]),
        ("reject", {"outside_zone": 1}, {}, [147000.0]),
    ],
)
def test_what_happens_outside_the_zone_is_for_the_mapping_to_say(
    store: Store, tmp_path: Path, content: Any, policy: str, rejected: Any, warnings: Any, xs: Any
) -> None:
    report = load(
        store,
        tmp_path,
        GOOD,
        "P2;theft;05/10/2023;;;190000;171000",
        mapping=OURS + f'[zone]\noutside = "{policy}"\n',
        zone_outline=shapely.box(140000, 165000, 150000, 175000),
    )
    assert (report.rejected, report.warnings) == (rejected, warnings)
    assert [row["x"] for row in content(store)] == xs


def test_a_point_on_the_outline_or_within_the_tolerance_is_inside(store: Store, tmp_path: Path) -> None:
    report = load(
        store,
        tmp_path,
        "P1;theft;05/10/2023;;;150000;171000",
        "P2;theft;05/10/2023;;;150050;171000",
        "P3;theft;05/10/2023;;;150150;171000",
        mapping=OURS + "[zone]\ntolerance_m = 100\n",
        zone_outline=shapely.box(140000, 165000, 150000, 175000),
    )
    assert report.examples["outside_zone"] == [{"row": 4, "column": "x, y", "value": "150150, 171000"}]


def test_categories_become_codes_and_unknown_ones_are_flagged_or_refused(
    tmp_path: Path, content: Any
) -> None:
    rows = ["P1;Diefstal;05/10/2023;;;1;1", "P2;Iets;05/10/2023;;;1;1"]
    for unlisted, rejected, warnings in (
        ("warn", {}, {"unknown_category": 1}),
        ("reject", {"unknown_category": 1}, {}),
        ("accept", {}, {}),
    ):
        store = Store.create(tmp_path / unlisted, crs=31370, timezone="Europe/Brussels")
        codes = f'[categories]\nunlisted = "{unlisted}"\n[categories.codes]\nDiefstal = "THEFT"\n'
        report = load(store, tmp_path, *rows, mapping=OURS + codes)
        report_warnings = {reason: n for reason, n in report.warnings.items() if reason == "unknown_category"}
        assert (report.rejected, report_warnings) == (rejected, warnings)
        assert content(store)[0]["category"] == "THEFT"


def test_a_code_the_zone_does_not_know_is_flagged(store: Store, tmp_path: Path) -> None:
    report = load(store, tmp_path, GOOD, GOOD.replace("P1;theft", "P2;arson"), categories={"theft"})
    assert report.warnings == {"unknown_category": 1}
    assert report.examples["unknown_category"][0]["value"] == "arson"


def test_who_noticed_a_fact_follows_from_its_category_and_a_column_wins(
    store: Store, tmp_path: Path, content: Any
) -> None:
    rule = '[source]\ndefault = "reported"\ndiscovered = ["drugs"]\ncolumn = "bron"\n'
    rule += '[source.values]\nP = "discovered"\nB = "reported"\n'
    report = load(
        store,
        tmp_path,
        "P1;theft;05/10/2023;;;1;1;",
        "P2;drugs;05/10/2023;;;1;1;",
        "P3;theft;05/10/2023;;;1;1;P",
        "P4;drugs;05/10/2023;;;1;1;B",
        mapping=OURS + rule,
        header=HEADER + ";bron",
    )
    assert report.added == 4
    assert [row["source"] for row in content(store)] == ["reported", "discovered", "discovered", "reported"]


def test_an_hour_that_does_not_exist_is_moved_forward_and_flagged(
    store: Store, tmp_path: Path, content: Any
) -> None:
    report = load(store, tmp_path, "P1;theft;26/03/2023 02:30;;;147000;171000")
    assert report.warnings == {"clock_skipped": 1}
    assert only(content(store))["occurred_from"] == datetime(
        2023, 3, 26, 1, 30, tzinfo=UTC
    )  # 03:30 in summer


def test_an_hour_that_exists_twice_begins_early_and_ends_late(
    store: Store, tmp_path: Path, content: Any
) -> None:
    report = load(store, tmp_path, "P1;theft;29/10/2023 02:10;29/10/2023 02:20;;147000;171000")
    row = only(content(store))
    assert report.warnings == {"clock_repeated": 1}
    assert row["occurred_from"] == datetime(2023, 10, 29, 0, 10, tzinfo=UTC)
    assert row["occurred_to"] == datetime(2023, 10, 29, 1, 20, tzinfo=UTC)


# --- again, and corrected ----------------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_corrects(
    store: Store, tmp_path: Path, content: Any
) -> None:
    first = load(store, tmp_path, GOOD, GOOD.replace("P1", "P2"))
    again = load(store, tmp_path, GOOD, GOOD.replace("P1", "P2"))
    corrected = load(store, tmp_path, GOOD.replace("theft", "burglary"), GOOD.replace("P1", "P2"))

    assert (again.added, again.changed, again.unchanged, again.version) == (0, 0, 2, first.version)
    assert (corrected.added, corrected.changed, corrected.unchanged) == (0, 1, 1)
    assert [row["category"] for row in content(store)] == ["burglary", "theft"]


WITHOUT_ID = OURS.replace('id = "pv"\n', "").replace('feit"\n', 'feit"\nstatus = "pv"\n', 1)


def test_rows_without_an_id_are_numbered_and_the_order_of_the_file_does_not_matter(
    store: Store, tmp_path: Path, content: Any
) -> None:
    rows = ["open;theft;05/10/2023;;;1;1", "shut;theft;05/10/2023;;;1;1", "open;theft;06/10/2023;;;1;1"]
    first = load(store, tmp_path, *rows, mapping=WITHOUT_ID)
    turned = load(store, tmp_path, *reversed(rows), mapping=WITHOUT_ID)

    assert (first.added, first.content_ids, first.warnings["repeated_row"]) == (3, 3, 1)
    assert (turned.added, turned.changed) == (0, 0)
    ids = [row["id"] for row in content(store)]
    assert sum(name.endswith("-2") for name in ids) == 1


def test_a_new_status_corrects_a_row_without_an_id(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, "open;theft;05/10/2023;;;1;1", mapping=WITHOUT_ID)
    report = load(store, tmp_path, "shut;theft;05/10/2023;;;1;1", mapping=WITHOUT_ID)
    assert (report.added, report.changed) == (0, 1)


def test_identifiers_from_content_stay_the_same_from_release_to_release(
    store: Store, tmp_path: Path, content: Any
) -> None:
    """A release that computes others would add every such row again: never change this text."""
    load(store, tmp_path, "open;theft;05/10/2023 14:30;;;147000;171000", mapping=WITHOUT_ID)
    assert only(content(store))["id"] == "~360c1098c8a7e9b6"


def test_the_mapping_can_refuse_rows_without_an_id_and_rows_that_say_the_same(tmp_path: Path) -> None:
    rows = [";theft;05/10/2023;;;1;1", ";theft;05/10/2023;;;1;1", GOOD]
    store = Store.create(tmp_path / "a", crs=31370, timezone="Europe/Brussels")
    no_id = load(store, tmp_path, *rows, mapping=OURS + '[ids]\nwithout_id = "reject"\n')
    assert (no_id.rejected, no_id.added) == ({"no_id": 2}, 1)
    store = Store.create(tmp_path / "b", crs=31370, timezone="Europe/Brussels")
    same = load(store, tmp_path, *rows, mapping=OURS + '[ids]\nrepeated_rows = "reject"\n')
    assert (same.rejected, same.added) == ({"repeated_row": 1}, 2)


# --- report ------------------------------------------------------------------------------------------


def test_a_dry_run_reports_the_same_and_stores_nothing(store: Store, tmp_path: Path, content: Any) -> None:
    rows = [GOOD, GOOD, "P3;theft;31/02/2023;;;1;1", "P4;theft;05/10/2023;;;;"]
    dry = load(store, tmp_path, *rows, dry_run=True)
    assert content(store) == []
    assert len(store.versions()) == 1
    real = load(store, tmp_path, *rows)
    assert (dry.rows_read, dry.accepted, dry.rejected, dry.warnings) == (
        real.rows_read,
        real.accepted,
        real.rejected,
        real.warnings,
    )
    assert (dry.version, real.version) == (None, 1)
    assert (dry.added, dry.changed, dry.unchanged) == (real.added, real.changed, real.unchanged) == (2, 0, 0)


def test_a_dry_run_says_what_is_new_corrected_and_known_already(
    store: Store, tmp_path: Path, content: Any
) -> None:
    load(store, tmp_path, GOOD, "P2;theft;05/10/2023 15:00;;;147000;171000")
    before = content(store)
    corrected = GOOD.replace("theft", "burglary")
    same, new = "P2;theft;05/10/2023 15:00;;;147000;171000", "P3;theft;05/10/2023 16:00;;;147000;171000"
    dry = load(store, tmp_path, corrected, same, new, dry_run=True)
    assert (dry.added, dry.changed, dry.unchanged) == (1, 1, 1)
    assert content(store) == before
    assert [path.name for path in store.folder.iterdir() if path.name.startswith(".")] == []


def test_rows_that_do_not_say_who_noticed_the_fact_are_counted(store: Store, tmp_path: Path) -> None:
    rows = [GOOD, "P2;drugs;05/10/2023 15:00;;;147000;171000"]
    assert load(store, tmp_path, *rows).unknown_source == 2
    told = OURS + '[source]\ndiscovered = ["drugs"]\n'
    assert load(store, tmp_path, *rows, mapping=told).unknown_source == 1


def test_the_reject_file_tells_row_column_value_and_reason(store: Store, tmp_path: Path) -> None:
    rejects = tmp_path / "out" / "rejects.csv"
    load(store, tmp_path, GOOD, "P2;theft;31/02/2023;;;1;1", "P3;theft;05/10/2023;;;;", rejects=rejects)
    listed = pd.read_csv(rejects)
    assert listed.to_dict("records") == [
        {
            "row": 3,
            "column": "van",
            "value": "31/02/2023",
            "reason": "bad_date",
            "explanation": REASONS["bad_date"],
            "outcome": "refused",
        },
        {
            "row": 4,
            "column": "x, y",
            "value": listed.loc[1, "value"],
            "reason": "no_location",
            "explanation": REASONS["no_location"],
            "outcome": "kept",
        },
    ]


def test_a_value_in_the_reject_file_is_no_formula_in_a_spreadsheet(store: Store, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    load(store, tmp_path, '"P1";theft;"=HYPERLINK(""http://x"")";;;-5;1', rejects=rejects)
    assert pd.read_csv(rejects).loc[0, "value"].startswith("'=")


def test_a_row_with_two_faults_is_refused_once_under_the_graver(store: Store, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    report = load(store, tmp_path, "P1;;31/02/2023;;;;", GOOD.replace("P1", "P2"), rejects=rejects)
    assert report.rejected == {"no_category": 1}
    assert report.warnings == {}
    assert report.accepted + sum(report.rejected.values()) == report.rows_read
    assert list(pd.read_csv(rejects)["reason"]) == ["no_category", "bad_date", "no_location"]


def test_the_report_is_plain_data(store: Store, tmp_path: Path) -> None:
    report = load(store, tmp_path, GOOD, rejects=tmp_path / "r.csv")
    assert json.loads(json.dumps(report.as_dict()))["columns"]["feit"] == "category"


def test_progress_rises_from_reading_to_done(store: Store, tmp_path: Path) -> None:
    seen: list[Progress] = []
    load(store, tmp_path, GOOD, progress=seen.append)
    fractions = [step.fraction for step in seen]
    assert [seen[0].phase, seen[-1].phase] == ["reading", "done"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_mapping_that_does_not_fit_says_which_columns_there_are(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"Feiten.*Did you mean feit.*Columns of the file: pv, feit"):
        load(store, tmp_path, GOOD, mapping=OURS.replace('"feit"', '["Feiten", "feitt"]'))


def test_a_file_without_rows_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no rows"):
        load(store, tmp_path)


def test_a_file_of_many_batches_keeps_its_row_numbers_and_finds_repetitions_across_them(
    store: Store, tmp_path: Path
) -> None:
    count = 600_000  # several batches of a Parquet file
    ids = [f"P{number}" for number in range(count)]
    ids[-1] = "P0"
    table = pa.table(
        {
            "pv": ids,
            "feit": ["theft"] * count,
            "van": pa.array([datetime(2023, 10, 5, 14)] * count, pa.timestamp("us")),
            "x": [147000] * count,
            "y": [171000] * count,
        }
    )
    pq.write_table(table, tmp_path / "many.parquet")
    report = importing.run(store, tmp_path / "many.parquet", Mapping.parse(OURS), dry_run=True)
    assert report.rejected == {"duplicate_id": 1}
    assert report.examples["duplicate_id"] == [{"row": count, "column": "pv", "value": "P0"}]

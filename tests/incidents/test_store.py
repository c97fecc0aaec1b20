"""Importing, correcting, looking back: what a store of incidents promises."""

import shutil
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

from vicus.incidents import parts, writing
from vicus.incidents.errors import (
    KnownAtBackwards,
    RowsUnfit,
    StoreBroken,
    StoreError,
    StoreExists,
    StoreMissing,
    VersionUnknown,
)
from vicus.incidents.schema import COLUMNS, SCHEMA
from vicus.incidents.store import Store
from vicus.incidents.writing import FOLD_AT

JUNE = datetime(2024, 6, 1, 9, tzinfo=UTC)


def as_stored(table):
    return sorted(table.to_pylist(), key=lambda row: row["id"])


def test_a_new_store_is_empty_and_knows_its_place(store):
    found = Store.open(store.folder)
    assert (found.crs, found.timezone) == (31370, "Europe/Brussels")
    assert [(v.number, v.operation, v.rows) for v in found.versions()] == [(0, "create", 0)]


def test_what_is_imported_comes_back_exactly_and_under_its_year(store, many, content):
    table = many(1000)
    merge = store.merge(table, origin="export.csv")
    assert (merge.added, merge.changed, merge.unchanged) == (1000, 0, 0)
    assert content(store) == as_stored(table)
    assert {path.name for path in (store.folder / "incidents").glob("year=*")} == {"year=2023", "year=2024"}


def test_a_stream_gives_what_the_table_gives(store, many, content):
    table = many(500)
    reader = pa.RecordBatchReader.from_batches(SCHEMA, table.to_batches(max_chunksize=37))
    assert store.merge(reader, origin="stream").added == 500
    assert content(store) == as_stored(table)


def test_importing_the_same_rows_again_makes_no_version(store, many):
    first = store.merge(many(300), origin="a").version
    again = store.merge(many(300), origin="a")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 300)
    assert again.version == first == store.version()
    assert len(list((store.folder / "incidents" / "_delta_log").glob("*.json"))) == 2


def test_a_correction_changes_its_rows_and_no_others(store, many, incidents, incident, content):
    store.merge(many(300), origin="a")
    table = incidents(incident(5, status="closed"), incident(6), incident(300))
    merge = store.merge(table, origin="b")
    assert (merge.added, merge.changed, merge.unchanged) == (1, 1, 1)
    wanted = {row["id"]: row for row in many(301).to_pylist()}
    wanted["i000005"]["status"] = "closed"
    assert content(store) == sorted(wanted.values(), key=lambda row: row["id"])
    assert (merge.version.rows, len(content(store))) == (301, 301)


@pytest.mark.parametrize(
    "change",
    [
        {"x": None, "y": None, "quality": "unknown"},
        {"occurred_to": datetime(2023, 1, 8, tzinfo=UTC)},
        {"source": "discovered"},
        {"category": "arson"},
        {"reported_at": None},
        {"precision": "day"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_any_column_is_seen_in_both_directions(store, incidents, incident, content, change):
    for step in (incident(5), incident(5, **change), incident(5)):
        merge = store.merge(incidents(step), origin="a")
        assert merge.added + merge.changed == 1
        assert content(store) == [step]


def test_a_corrected_date_moves_a_row_to_its_new_year(store, many, incidents, incident, content):
    store.merge(many(3), origin="a")
    moved = incident(1, occurred_on=date(2019, 5, 1), year=2019)
    undated = incident(2, occurred_on=None, occurred_from=None, year=0)
    assert store.merge(incidents(moved, undated), origin="b").changed == 2
    assert content(store) == [incident(0), moved, undated]


def test_an_import_too_large_to_compare_at_once_is_compared_year_by_year(
    store, many, incidents, incident, content, monkeypatch
):
    monkeypatch.setattr(writing, "AT_ONCE", 0)
    store.merge(many(600), origin="a")
    assert store.merge(many(600), origin="again").unchanged == 600
    changes = {
        7: incident(7, status="closed"),
        8: incident(8, occurred_on=date(2019, 5, 1), year=2019),
        9: incident(9, occurred_on=date(2024, 5, 1), year=2024),
    }
    table = [changes.get(n, incident(n)) for n in range(700)]
    merge = store.merge(incidents(*table), origin="b")
    assert (merge.added, merge.changed, merge.unchanged) == (100, 3, 597)
    assert content(store) == table


def test_the_year_is_worked_out_from_the_day_whatever_the_rows_say(store, incidents, incident, content):
    store.merge(incidents(incident(1, year=1066)), origin="a")
    assert content(store)[0]["year"] == 2023


def test_half_a_location_is_no_location(store, incidents, incident, content):
    store.merge(incidents(incident(1, y=None), incident(2, x=float("nan"))), origin="a")
    assert [(row["x"], row["y"]) for row in content(store)] == [(None, None), (None, None)]


def test_many_small_imports_are_folded_into_few_files(store, many, content):
    for step in range(3 * FOLD_AT):
        store.merge(many(10, first=10 * step), origin=f"day {step}")
    files = store.files(store.version().number)
    assert len(files) <= FOLD_AT
    assert content(store) == as_stored(many(30 * FOLD_AT))


def test_rows_of_a_file_stand_by_place_and_then_by_time(store, incidents, incident):
    spread = [incident(n, x=n * 7919 % 20_000 + 0.5, y=n * 104_729 % 9000 + 0.5) for n in range(365)]
    store.merge(incidents(*spread), origin="a")
    (file,) = store.files(store.version().number)
    table = parquet.read_table(store.folder / "incidents" / file.path, partitioning=None).to_pylist()
    order = [(row["y"] // 2000, row["x"] // 2000, row["occurred_from"]) for row in table]
    assert order == sorted(order)
    assert len({cell[:2] for cell in order}) == 50


def test_a_year_of_more_rows_than_are_sorted_at_once_becomes_several_files(store, many, content, monkeypatch):
    monkeypatch.setattr(parts, "ROW_GROUP", 100)
    monkeypatch.setattr(parts, "PORTION", 1)
    rows = many(5000)
    store.merge(rows, origin="a")
    files = store.files(store.version().number)
    assert len(files) > len({file.year for file in files})
    assert sum(file.rows for file in files) == 5000
    assert content(store) == as_stored(rows)


def test_rows_without_a_place_or_a_moment_and_rows_far_away_are_sorted_too(
    store, incidents, incident, content
):
    rows = [
        incident(1, x=1e300, y=-1e300),
        incident(2, x=None, y=None),
        incident(3, occurred_from=None),
        incident(4),
    ]
    store.merge(incidents(*rows), origin="a")
    assert content(store) == rows
    store.merge(incidents(incident(5, x=None, y=None)), origin="no place at all")
    assert len(content(store)) == 5


def test_identifiers_of_which_the_hashes_are_alike_stay_apart(store, many, content, monkeypatch):
    def alike(self, rows):
        for hashes in hashed(self, rows):
            yield hashes % 3

    hashed = writing.Writing._hashes
    monkeypatch.setattr(writing.Writing, "_hashes", alike)
    assert store.merge(many(50), origin="a").added == 50
    merge = store.merge(many(60, first=20), origin="b")
    assert (merge.added, merge.changed, merge.unchanged) == (30, 0, 30)
    assert content(store) == as_stored(many(80))


def test_a_store_made_again_in_the_same_folder_is_another_store(store, many, content):
    store.merge(many(10), origin="a")
    old = store.files(1)
    shutil.rmtree(store.folder)
    again = Store.create(store.folder, crs=store.crs, timezone=store.timezone)
    again.merge(many(3), origin="b")
    assert not {file.path for file in again.files(1)} & {file.path for file in old}
    assert len(content(again)) == 3
    assert store.versions() == again.versions(), "whoever still holds the old one sees the new one"
    assert len(content(store)) == 3


# --- as known at -----------------------------------------------------------------------------------


@pytest.fixture
def history(store, many, incidents, incident):
    """Three versions: known on 1 June, 1 July and 1 August 2024."""
    store.merge(many(10), origin="june.csv", known_at=JUNE)
    store.merge(
        incidents(incident(3, status="closed")), origin="july.csv", known_at=JUNE + timedelta(days=30)
    )
    store.merge(many(5, first=10), origin="august.csv", known_at=JUNE + timedelta(days=61))
    return store


def test_every_version_says_what_it_did_and_where_it_came_from(history):
    told = [(v.operation, v.added, v.changed, v.removed, v.rows, v.origin) for v in history.versions()]
    assert told == [
        ("create", 0, 0, 0, 0, ""),
        ("import", 10, 0, 0, 10, "june.csv"),
        ("import", 0, 1, 0, 10, "july.csv"),
        ("import", 5, 0, 0, 15, "august.csv"),
    ]
    assert Store.open(history.folder).versions() == history.versions()


def test_an_older_version_still_holds_what_was_known_then(history, content):
    june = history.version(JUNE + timedelta(days=1))
    assert june.origin == "june.csv"
    assert [row["status"] for row in content(history, june.number)] == [None] * 10
    assert content(history)[3]["status"] == "closed"


def test_a_day_means_its_end_in_local_time(store, many):
    # 30 June 23:30 in Brussels is 21:30 UTC; 1 July 00:30 is still 30 June in UTC.
    store.merge(many(1), origin="late in June", known_at=datetime(2024, 6, 30, 21, 30, tzinfo=UTC))
    store.merge(many(2), origin="early in July", known_at=datetime(2024, 6, 30, 22, 30, tzinfo=UTC))
    assert store.version(date(2024, 6, 30)).origin == "late in June"
    assert store.version(date(2024, 7, 1)).origin == "early in July"
    assert store.version(datetime(2024, 6, 30, 23, 45)).origin == "late in June"


def test_before_the_first_import_nothing_was_known(history):
    with pytest.raises(VersionUnknown, match="Nothing was known yet"):
        history.version(date(2024, 5, 1))


def test_a_version_cannot_be_known_before_the_one_it_follows(history, many, content):
    before = content(history)
    with pytest.raises(KnownAtBackwards, match="before the newest version"):
        history.merge(many(99), origin="old.csv", known_at=JUNE)
    assert content(history) == before


def test_a_version_cannot_be_known_in_the_future(store, many):
    with pytest.raises(KnownAtBackwards, match="still to come"):
        store.merge(many(1), origin="a", known_at=datetime.now(UTC) + timedelta(days=1))
    assert store.version().rows == 0


def test_a_number_that_is_no_version_is_refused(history):
    with pytest.raises(VersionUnknown, match="no version 17"):
        history.numbered(17)


def test_another_process_s_import_is_seen_without_reopening(store, many):
    assert store.version().rows == 0
    Store.open(store.folder).merge(many(7), origin="elsewhere")
    assert store.version().rows == 7


# --- rows that do not fit --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, "column id"),
        ({"category": None}, "column category"),
        ({"source": "rumour"}, "column source .*reported, discovered, unknown"),
        ({"quality": "roughly"}, "column quality"),
        ({"precision": "year"}, "column precision"),
    ],
)
def test_rows_the_store_cannot_hold_are_refused_whole(store, many, incident, change, words):
    table = pa.Table.from_pylist(
        [incident(1), incident(2, **change)], schema=pa.schema(list(SCHEMA)).remove_metadata()
    )
    with pytest.raises(RowsUnfit, match=words):
        store.merge(table, origin="a")
    assert store.version().rows == 0


def test_an_identifier_twice_in_one_import_is_refused_with_an_example(store, incidents, incident):
    with pytest.raises(RowsUnfit, match="i000002"):
        store.merge(incidents(incident(1), incident(2), incident(2, status="closed")), origin="a")
    assert store.version().rows == 0


def test_a_missing_column_is_named(store, many):
    with pytest.raises(RowsUnfit, match="lack the column source"):
        store.merge(many(1).drop_columns(["source"]), origin="a")


def test_text_in_any_arrow_dress_is_taken(store, many, content):
    table = many(20)
    dressed = table.set_column(1, "category", table["category"].dictionary_encode())
    dressed = dressed.set_column(0, "id", table["id"].cast(pa.large_string())).select(sorted(COLUMNS))
    store.merge(dressed, origin="a")
    assert content(store) == as_stored(table)


def test_an_error_of_the_file_being_read_comes_through_as_it_was(store, many):
    class Damaged(Exception):
        pass

    def batches():
        yield from many(10).to_batches()
        raise Damaged("row 11 is cut off")

    with pytest.raises(Damaged, match="row 11 is cut off"):
        store.merge(pa.RecordBatchReader.from_batches(SCHEMA, batches()), origin="a")
    assert store.version().rows == 0
    assert store.merge(many(10), origin="whole").added == 10


# --- making and opening ----------------------------------------------------------------------------


def test_a_store_is_not_made_over_another(store, many, content):
    store.merge(many(5), origin="a")
    with pytest.raises(StoreExists, match="already"):
        Store.create(store.folder, crs=31370, timezone="Europe/Brussels")
    assert len(content(store)) == 5


def test_a_folder_without_a_store_is_told_so(tmp_path):
    with pytest.raises(StoreMissing, match="no incidents"):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    ("crs", "timezone", "words"),
    [
        (4326, "Europe/Brussels", "not in metres"),
        (3435, "America/Chicago", "not in metres"),  # projected, but in feet
        (999_999, "Europe/Brussels", "no coordinate system"),
        (31370, "Europe/Molenbeek", "no time zone"),
    ],
)
def test_a_store_needs_a_metric_system_and_a_real_time_zone(tmp_path, crs, timezone, words):
    with pytest.raises(StoreError, match=words):
        Store.create(tmp_path / "zone", crs=crs, timezone=timezone)


def test_a_damaged_log_is_told_and_not_taken_for_an_empty_store(store, many):
    store.merge(many(5), origin="a")
    (store.folder / "incidents" / "_delta_log" / f"{1:020d}.json").write_text('{"commitInfo": {"trunc')
    with pytest.raises(StoreBroken, match="cannot be read"):
        Store.open(store.folder).versions()


def test_a_stored_file_cut_short_is_told_and_nothing_is_written_over_it(store, many):
    store.merge(many(500), origin="a")
    path = store.folder / "incidents" / store.files(1)[0].path
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(StoreBroken, match="Restore"):
        store.merge(many(501), origin="b")
    assert store.version().number == 1

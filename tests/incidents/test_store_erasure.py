"""Erasure is for good: rows leave the newest version, every older one, and the disk."""

from datetime import UTC, date, datetime

import pytest
from pyarrow import parquet

from vicus.incidents.errors import StoreError, VersionErased
from vicus.incidents.store import Store


def on_disk(store):
    """Identifiers in any file of any version."""
    files = (store.folder / "incidents").glob("**/*.parquet")
    return {i for f in files for i in parquet.read_table(f, partitioning=None)["id"].to_pylist()}


def test_rows_before_a_day_are_gone_and_the_others_stay(store, many, content):
    store.merge(many(730), origin="a")
    version = store.erase(before=date(2024, 1, 1))
    assert (version.operation, version.removed, version.rows) == ("erase", 365, 365)
    assert content(store) == many(365, first=365).to_pylist()
    assert on_disk(store) == {row["id"] for row in content(store)}


def test_the_day_itself_stays(store, incidents, incident, content):
    store.merge(
        incidents(incident(1, id="on", occurred_on=date(2023, 6, 1)), incident(2, id="before")), origin="a"
    )
    store.erase(before=date(2023, 6, 1))
    assert [row["id"] for row in content(store)] == ["on"]


def test_a_row_without_a_day_goes_by_the_local_day_it_was_reported(store, incidents, incident, content):
    def undated(name, reported):
        return incident(1, id=name, occurred_on=None, occurred_from=None, reported_at=reported, year=0)

    # 31 May 23:30 UTC is 1 June in Brussels.
    june, may = datetime(2023, 5, 31, 23, 30, tzinfo=UTC), datetime(2023, 5, 31, 20, tzinfo=UTC)
    store.merge(incidents(undated("june", june), undated("may", may), undated("never", None)), origin="a")
    assert store.erase(before=date(2023, 6, 1)).removed == 1
    assert [row["id"] for row in content(store)] == ["june", "never"]


def test_older_versions_cannot_bring_erased_rows_back(store, many):
    store.merge(many(10), origin="a")
    store.merge(many(20), origin="b")
    erased = store.erase(ids=["i000003"])
    assert "i000003" not in on_disk(store)
    for found in (store, Store.open(store.folder)):
        assert [v.available for v in found.versions()] == [False, False, False, True]
        assert found.numbered(erased.number) == erased
        with pytest.raises(VersionErased, match="not available any more"):
            found.numbered(1)


def test_a_moment_before_the_erasure_is_not_answered_from_what_is_left(store, many):
    store.merge(many(10), origin="a", known_at=datetime(2024, 6, 1, tzinfo=UTC))
    store.erase(ids=["i000003"])
    with pytest.raises(VersionErased):
        store.version(date(2024, 7, 1))


def test_a_row_that_only_an_older_version_holds_is_erased_too(store, incidents, incident, content):
    """A corrected date takes a row out of the retention limit, but its old state is still on the disk."""
    old = incident(1, occurred_on=date(2010, 1, 1), sector="old", year=2010)
    store.merge(incidents(old, incident(2)), origin="a")
    store.merge(incidents(incident(1)), origin="corrected")
    version = store.erase(before=date(2015, 1, 1))
    assert (version.operation, version.removed, version.rows) == ("erase", 0, 2)
    assert content(store) == [incident(1), incident(2)]
    files = (store.folder / "incidents").glob("**/*.parquet")
    assert all("old" not in parquet.read_table(f, partitioning=None)["sector"].to_pylist() for f in files)


def test_erasing_what_is_not_there_makes_no_version(store, many):
    store.merge(many(10), origin="a")
    before = store.versions()
    assert store.erase(before=date(1990, 1, 1)) == before[-1]
    assert store.erase(ids=["nobody"]) == before[-1]
    assert store.versions() == before


def test_everything_can_be_erased_and_the_store_used_again(store, many, content):
    store.merge(many(10), origin="a")
    assert store.erase(before=date(2030, 1, 1)).rows == 0
    assert (content(store), on_disk(store)) == ([], set())
    assert store.merge(many(4), origin="b").added == 4
    assert content(store) == many(4).to_pylist()


def test_the_record_of_an_erasure_does_not_name_what_was_erased(store, many):
    store.merge(many(10), origin="a")
    assert store.erase(ids=["i000003", "i000004"]).origin == "2 identifiers"
    log = "".join(path.read_text() for path in (store.folder / "incidents" / "_delta_log").glob("*.json"))
    assert "i000003" not in log


def test_an_erasure_has_to_say_what(store):
    with pytest.raises(StoreError, match="Nothing says which"):
        store.erase()

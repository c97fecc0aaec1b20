"""A killed process, a full disk, two writers at once: the previous version stays whole."""

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyarrow import parquet

from vicus.incidents import locking
from vicus.incidents import store as store_module
from vicus.incidents.errors import StoreBroken, StoreBusy, StoreFull
from vicus.incidents.schema import SCHEMA
from vicus.incidents.store import Store

START = """
    import sys, time
    from pathlib import Path
    import pyarrow as pa
    from pyarrow import parquet
    from vicus.incidents import parts, store, writing
    from vicus.incidents.store import Store

    folder, file, here = (Path(argument) for argument in sys.argv[1:])
    table = parquet.read_table(file)

    def stop(*arguments, **named):
        here.touch()  # the parent kills us now
        time.sleep(60)
"""

MERGE = """
    Store.open(folder).merge(table, origin="killed")
"""

MOMENTS = {
    "while rows come in": """
    def batches():
        yield from rows.slice(0, 1000).to_batches()
        stop()
    rows = table
    table = pa.RecordBatchReader.from_batches(table.schema, batches())
    """,
    "while files are written": """
    part = parts._part
    def half(folder, year, rows):
        part(folder, year, rows)
        stop()
    parts._part = half
    """,
    "after the files are written": "writing.Writing.move_in = stop\n",
    "after the files are in place, before the commit": """
    move_in = writing.Writing.move_in
    writing.Writing.move_in = lambda self: (move_in(self), stop())
    """,
}


def child(script, *arguments):
    code = "\n".join(textwrap.dedent(part) for part in script)
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_when_there(process, here):
    deadline = time.monotonic() + 60
    while not here.exists():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline, "the process never came to the moment of its death"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_merge_killed_at_any_moment_leaves_the_previous_version(store, many, content, tmp_path, moment):
    store.merge(many(2000), origin="before")
    before, versions = content(store), store.versions()
    file, here = tmp_path / "rows.parquet", tmp_path / "here"
    parquet.write_table(many(3000, first=1000, status="closed"), file)

    kill_when_there(child([START, MOMENTS[moment], MERGE], store.folder, file, here), here)

    again = Store.open(store.folder)
    assert again.versions() == versions
    assert content(again) == before
    merge = again.merge(many(3000, first=1000, status="closed"), origin="after")
    assert (merge.added, merge.changed) == (2000, 1000)
    assert len(content(again)) == 4000
    assert not list(store.folder.glob(".writing-*")), "what the killed process left is cleared away"


def test_an_erasure_killed_before_files_are_deleted_is_finished_when_the_store_is_opened(
    store, many, content, tmp_path
):
    store.merge(many(100), origin="a")
    file, here = tmp_path / "rows.parquet", tmp_path / "here"
    parquet.write_table(many(1), file)
    script = [START, "store.DeltaTable.vacuum = stop\n", 'Store.open(folder).erase(ids=["i000007"])\n']
    kill_when_there(child(script, store.folder, file, here), here)
    assert erased_on_disk(store, "i000007") is False, "the rows are still on the disk at this moment"

    again = Store.open(store.folder)
    assert erased_on_disk(again, "i000007")
    assert [v.operation for v in again.versions()] == ["create", "import", "erase"]
    assert len(content(again)) == 99


def test_an_erasure_killed_before_its_commit_erases_nothing(store, many, content, tmp_path):
    store.merge(many(100), origin="a")
    store.merge(many(50, first=100), origin="b")
    file, here = tmp_path / "rows.parquet", tmp_path / "here"
    parquet.write_table(many(1), file)
    script = [START, "writing.Writing.move_in = stop\n", 'Store.open(folder).erase(ids=["i000007"])\n']
    kill_when_there(child(script, store.folder, file, here), here)

    again = Store.open(store.folder)
    assert [v.operation for v in again.versions()] == ["create", "import", "import"]
    assert (len(content(again)), len(content(again, 1))) == (150, 100)


def erased_on_disk(store, identifier):
    files = (store.folder / "incidents").glob("year=*/*.parquet")
    return all(identifier not in parquet.read_table(f, partitioning=None)["id"].to_pylist() for f in files)


# --- a full disk -----------------------------------------------------------------------------------

QUOTA = """
    import resource
    from vicus.incidents.errors import StoreFull

    store_ = Store.open(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # no file may grow beyond this
    try:
        store_.merge(table, origin="too much")
    except StoreFull as error:
        print(error)
"""


def test_a_used_up_quota_is_said_and_the_previous_version_stays(store, many, content, tmp_path):
    store.merge(many(100), origin="before")
    before = content(store)
    file = tmp_path / "rows.parquet"
    parquet.write_table(many(20_000), file)
    out, err = child([START, QUOTA], store.folder, file, tmp_path / "here").communicate(timeout=60)
    assert "disk is full" in out, err
    assert "previous version is whole" in out
    assert content(Store.open(store.folder)) == before
    assert not list(store.folder.glob(".writing-*"))
    assert store.merge(many(200), origin="room again").added == 100


def test_a_disk_that_fills_up_at_the_commit_takes_the_new_files_back(store, many, content, monkeypatch):
    store.merge(many(100), origin="before")
    files = set((store.folder / "incidents").glob("year=*/*"))

    def full(*arguments, **named):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(DeltaTable, "create_write_transaction", full)
        with pytest.raises(StoreFull, match="Make room"):
            store.merge(many(200), origin="a")
    assert set((store.folder / "incidents").glob("year=*/*")) == files
    assert (store.version().number, len(content(store))) == (1, 100)


def test_a_failure_after_the_commit_is_no_failure_of_the_import(store, many, content, monkeypatch):
    """Delta may still write a checkpoint when the version is already there."""
    commit = DeltaTable.create_write_transaction

    def committed_then_full(self, *arguments, **named):
        commit(self, *arguments, **named)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(DeltaTable, "create_write_transaction", committed_then_full)
        assert store.merge(many(10), origin="a").added == 10
    assert len(content(store)) == 10


# --- two writers -----------------------------------------------------------------------------------


def test_two_imports_at_once_both_arrive_and_no_row_twice(store, many, content):
    """The second waits, and is then compared with what the first has brought."""
    start, results = threading.Barrier(2), {}

    def run(name, first):
        own = Store.open(store.folder)
        start.wait()
        results[name] = own.merge(many(600, first=first), origin=name)

    threads = [threading.Thread(target=run, args=arguments) for arguments in (("a", 0), ("b", 300))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((m.added, m.unchanged) for m in results.values()) == [(300, 300), (600, 0)]
    assert content(store) == many(900).to_pylist()


def test_a_second_import_that_waited_too_long_is_told_to_come_back(store, many, content, monkeypatch):
    inside, release = threading.Event(), threading.Event()

    def slow():
        inside.set()
        release.wait(30)
        yield from many(10).to_batches()

    reader = pa.RecordBatchReader.from_batches(SCHEMA, slow())
    first = threading.Thread(target=lambda: Store.open(store.folder).merge(reader, origin="slow"))
    first.start()
    assert inside.wait(30)
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.1)
    try:
        with pytest.raises(StoreBusy, match="Another import"):
            store.merge(many(5), origin="impatient")
    finally:
        release.set()
        first.join()
    assert [v.origin for v in store.versions()] == ["", "slow"]
    assert len(content(store)) == 10


def test_where_locks_do_not_work_the_later_of_two_imports_changes_nothing(store, many, content, monkeypatch):
    """On some network drives a lock does not hold: the commit itself then refuses to follow an unseen version."""
    write = store_module.Writing.write_news

    def overtaken(self, *arguments):
        monkeypatch.setattr(store_module.Writing, "write_news", write)
        Store.open(store.folder).merge(many(10), origin="overtaking")
        return write(self, *arguments)

    monkeypatch.setattr(locking.fcntl, "flock", lambda *arguments: None)
    monkeypatch.setattr(store_module.shutil, "rmtree", lambda *arguments, **named: None)
    monkeypatch.setattr(store_module.Writing, "write_news", overtaken)
    with pytest.raises(StoreBusy, match="changed nothing"):
        store.merge(many(20), origin="overtaken")
    assert [v.origin for v in store.versions()] == ["", "overtaking"]
    assert content(store) == many(10).to_pylist()


def test_readers_are_not_disturbed_by_an_import(store, many, content):
    store.merge(many(10), origin="a")
    seen = {}

    def batches():
        seen["during"] = (Store.open(store.folder).version().rows, len(content(store)))
        yield from many(20).to_batches()

    store.merge(pa.RecordBatchReader.from_batches(SCHEMA, batches()), origin="b")
    assert seen["during"] == (10, 10)
    assert store.version().rows == 20


# --- the commit and the log ------------------------------------------------------------------------


def test_the_log_holds_days_and_counts_but_no_place_and_no_identifier(store, incidents, incident):
    store.merge(incidents(incident(1, x=148_321.5, id="secret-77")), origin="a")
    log = (store.folder / "incidents" / "_delta_log" / f"{1:020d}.json").read_text()
    added = [json.loads(line)["add"] for line in log.splitlines() if '"add"' in line[:8]]
    assert json.loads(added[0]["stats"])["numRecords"] == 1
    assert "148321" not in log
    assert "secret-77" not in log


def test_commits_of_other_tools_are_no_versions_and_do_no_harm(store, many):
    store.merge(many(10), origin="a")
    DeltaTable(str(store.folder / "incidents")).alter.set_table_description("Facts of the zone")
    assert [v.number for v in store.versions()] == [0, 1]
    merge = store.merge(many(20), origin="b")
    assert (merge.added, merge.version) == (10, store.version())
    assert merge.version.number > 2


def test_a_store_whose_files_were_deleted_says_so(store, many):
    store.merge(many(10), origin="a")
    for path in (store.folder / "incidents").glob("year=*/*.parquet"):
        path.unlink()
    with pytest.raises(StoreBroken, match="Restore"):
        store.merge(many(20), origin="b")

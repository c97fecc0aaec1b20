"""An import that is killed, runs out of disk or meets damage half-way leaves the incidents as they were."""

import errno
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vicus.incidents import importing
from vicus.incidents.errors import FileUnreadable, StoreFull
from vicus.incidents.mapping import Mapping
from vicus.incidents.report import Progress
from vicus.incidents.store import Store

MAPPING = """
name = "m"
[columns]
id = "id"
category = "kind"
occurred_from = "when"
[[location]]
crs = "EPSG:31370"
x = "x"
y = "y"
"""
CHILD = """
import sys
from vicus.incidents import importing
from vicus.incidents.mapping import Mapping
from vicus.incidents.store import Store

def tell(step):
    print(step.phase, flush=True)

importing.run(Store.open(sys.argv[1]), sys.argv[2], Mapping.load(sys.argv[3]), progress=tell)
"""


def facts(path: Path, count: int) -> Path:
    table = pa.table(
        {
            "id": [f"P{n}" for n in range(count)],
            "kind": ["theft"] * count,
            "when": pa.array([datetime(2023, 10, 5, 14)] * count, pa.timestamp("us")),
            "x": [147000] * count,
            "y": [171000] * count,
        }
    )
    pq.write_table(table, path)
    return path


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    importing.run(store, facts(tmp_path / "small.parquet", 100), Mapping.parse(MAPPING))
    return store


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["reading", "storing"])
def test_a_killed_import_leaves_the_previous_version_and_the_next_one_succeeds(
    filled: Store, tmp_path: Path, content: Any, phase: str
) -> None:
    before, rows = filled.versions(), content(filled)
    (tmp_path / "m.toml").write_text(MAPPING)
    path = facts(tmp_path / "large.parquet", 1_500_000)
    command = [sys.executable, "-c", CHILD, str(filled.folder), str(path), str(tmp_path / "m.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == phase:
                break
        time.sleep(0.05)
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL

    assert list(filled.folder.glob(".importing-*"))  # it was in the middle of its work
    reopened = Store.open(filled.folder)
    assert reopened.versions() == before
    assert content(reopened) == rows
    report = importing.run(reopened, path, Mapping.parse(MAPPING))
    assert (report.added, report.unchanged) == (1_499_900, 100)
    assert not list(filled.folder.glob(".importing-*"))


def test_damage_noticed_half_way_changes_nothing(filled: Store, tmp_path: Path, content: Any) -> None:
    path = facts(tmp_path / "damaged.parquet", 600_000)
    whole = bytearray(path.read_bytes())
    footer = len(whole) - int.from_bytes(whole[-8:-4], "little") - 8
    whole[footer // 4 : footer // 2] = os.urandom(footer // 2 - footer // 4)
    path.write_bytes(whole)
    before = content(filled)
    with pytest.raises(FileUnreadable, match="damaged"):
        importing.run(filled, path, Mapping.parse(MAPPING))
    assert content(filled) == before
    assert not list(filled.folder.glob(".importing-*"))


def test_a_full_disk_is_said_in_plain_words_and_changes_nothing(
    filled: Store, tmp_path: Path, content: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(filled)

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(importing.pa.ipc, "new_stream", full)
    with pytest.raises(StoreFull, match="Free some room"):
        importing.run(filled, facts(tmp_path / "more.parquet", 200), Mapping.parse(MAPPING))
    assert content(filled) == before


def test_whoever_watches_the_progress_can_stop_the_import(
    filled: Store, tmp_path: Path, content: Any
) -> None:
    before = content(filled)

    def stop(step: Progress) -> None:
        if step.phase == "storing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(filled, facts(tmp_path / "more.parquet", 200), Mapping.parse(MAPPING), progress=stop)
    assert content(filled) == before
    assert not list(filled.folder.glob(".importing-*"))

"""R34: backup and restore by one command each; the restore drill is a test."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CSV = "id,date,x,y,category\n" + "".join(
    f"{n},2026-{1 + n % 9:02}-{1 + n % 28:02} 12:00,{500 + n % 900},{500 + n % 700},theft\n"
    for n in range(300)
)
MAPPING = """\
name = "small"
title = "A few facts"

[columns]
id = "id"
category = "category"
occurred_from = "date"

[dates]
timezone = "Europe/Brussels"

[[location]]
x = "x"
y = "y"
crs = "EPSG:31370"
"""


def run(home: Path, *words: object, code: int = 0, **more: str) -> str:
    """The command as somebody types it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("VICUS_", "DJANGO_"))
    }
    environment |= {"VICUS_HOME": str(home), "COLUMNS": "200"} | more
    done = subprocess.run(
        [sys.executable, "-m", "vicus", *map(str, words)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def filled(home: Path, folder: Path, **more: str) -> None:
    """A zone with facts."""
    (folder / "facts.csv").write_text(CSV)
    (folder / "small.toml").write_text(MAPPING)
    run(home, "init", "west", "--name-fr", "Ouest", "--name-nl", "West", **more)
    run(home, "incidents", "import", folder / "facts.csv", "--mapping", folder / "small.toml", **more)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An installation and a backup of it."""
    folder = tmp_path_factory.mktemp("backup")
    filled(folder / "home", folder)
    (folder / "home" / "secret_key").write_text("k" * 64)  # the site makes one when it first signs something
    (folder / "home" / "secret_key").chmod(0o600)
    somebody = sqlite3.connect(folder / "home" / "vicus.sqlite3", isolation_level=None)
    somebody.execute("begin")
    somebody.execute("select count(*) from audit_record").fetchone()  # the site goes on meanwhile
    run(folder / "home", "backup", folder / "vicus.tar.gz")
    somebody.close()
    return folder / "home", folder / "vicus.tar.gz"


def test_a_restored_installation_holds_the_same_facts_the_same_trail_and_the_same_key(
    taken: tuple[Path, Path], tmp_path: Path
) -> None:
    home, file = taken
    assert file.stat().st_mode & 0o077 == 0
    again = tmp_path / "again"
    assert "Restored" in run(again, "restore", file)
    assert (again / "secret_key").read_bytes() == (home / "secret_key").read_bytes()
    versions = ("incidents", "versions", "--json")
    assert json.loads(run(again, *versions)) == json.loads(run(home, *versions))
    assert "WRONG" not in run(again, "doctor")
    with sqlite3.connect(again / "vicus.sqlite3") as database:
        events = [row[0] for row in database.execute("select details_text from audit_record order by number")]
    assert '"event": "backup made"' in events[-2]
    assert '"event": "backup restored"' in events[-1]
    # It goes on as an installation: the next import adds to it.
    assert "0 added" in run(
        again, "incidents", "import", file.parent / "facts.csv", "--mapping", file.parent / "small.toml"
    )


def test_a_damaged_backup_changes_nothing(taken: tuple[Path, Path], tmp_path: Path) -> None:
    home, file = taken
    short = tmp_path / "short.tar.gz"
    short.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    other = tmp_path / "other.tar.gz"
    content = gzip.decompress(file.read_bytes())
    other.write_bytes(gzip.compress(content.replace(b"SQLite format 3", b"SQLite format 4", 1)))
    before = sorted(path.name for path in home.parent.iterdir())
    for broken, said in (
        (short, "cannot be read"),
        (other, "damaged"),
        (tmp_path / "none", "There is no file"),
    ):
        code = 4 if said == "There is no file" else 3
        assert said in run(tmp_path / "again", "restore", broken, code=code)
        assert not (tmp_path / "again").exists()
    assert "not empty" in run(home, "restore", file, code=3)
    assert sorted(path.name for path in home.parent.iterdir()) == before


def test_what_is_there_is_put_aside_and_no_backup_replaces_another(
    taken: tuple[Path, Path], tmp_path: Path
) -> None:
    home, file = taken
    assert "never replaces" in run(home, "backup", file, code=3)
    assert "data folder itself" in run(home, "backup", home / "inside.tar.gz", code=3)
    assert "nothing to back up" in run(tmp_path / "empty", "backup", tmp_path / "none.tar.gz", code=4)
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    (copy / "mark").write_text("kept")
    run(copy, "restore", file, "--replace")
    (aside,) = tmp_path.glob("home.before-*")
    assert (aside / "mark").read_text() == "kept"
    assert not (copy / "mark").exists()


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """Two empty databases on the server that the checks started; without one the test has nothing to run on."""
    server = os.environ.get("VICUS_DATABASE", "")
    if not server:
        pytest.skip("needs PostgreSQL: scripts/with-postgres runs a command beside one")
    import psycopg

    names = (f"vicus_drill_{os.getpid()}", f"vicus_drill_again_{os.getpid()}")
    with psycopg.connect(server, autocommit=True) as admin:
        for name in names:
            admin.execute(f"create database {name}")
    parts = urlsplit(server)
    yield tuple(parts._replace(path=f"/{name}").geturl() for name in names)  # type: ignore[misc]
    with psycopg.connect(server, autocommit=True) as admin:
        for name in names:
            admin.execute(f"drop database {name} with (force)")


def test_the_same_drill_with_postgresql(databases: tuple[str, str], tmp_path: Path) -> None:
    one, other = databases
    home, again = tmp_path / "home", tmp_path / "again"
    filled(home, tmp_path, VICUS_DATABASE=one)
    run(home, "backup", tmp_path / "vicus.tar.gz", VICUS_DATABASE=one)
    assert "VICUS_DATABASE" in run(again, "restore", tmp_path / "vicus.tar.gz", code=3)
    assert "holds tables already" in run(
        again, "restore", tmp_path / "vicus.tar.gz", code=3, VICUS_DATABASE=one
    )
    run(again, "restore", tmp_path / "vicus.tar.gz", VICUS_DATABASE=other)
    assert "WRONG" not in run(again, "doctor", VICUS_DATABASE=other)
    assert json.loads(run(again, "incidents", "versions", "--json", VICUS_DATABASE=other)) == json.loads(
        run(home, "incidents", "versions", "--json", VICUS_DATABASE=one)
    )

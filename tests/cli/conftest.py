"""The command as users run it: another process, a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Vicus:
    """vicus("init", "west"): runs the command on one data folder and gives back what it printed."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("VICUS_", "DJANGO_"))
        }
        environment |= {"VICUS_HOME": str(self.home), "COLUMNS": "160", "COVERAGE_PROCESS_START": ""}
        done = subprocess.run(
            [sys.executable, "-m", "vicus", *map(str, words)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert done.returncode == code, (
            f"exit code {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
        )
        assert "Traceback" not in done.stderr
        return done

    def __call__(self, *words: object, code: int = 0) -> str:
        return self.run(*words, code=code).stdout

    def json(self, *words: object) -> Any:
        return json.loads(self(*words, "--json"))


@pytest.fixture(scope="module")
def vicus(tmp_path_factory: pytest.TempPathFactory) -> Vicus:
    """The command on a data folder that the tests of one file share, in their order."""
    return Vicus(tmp_path_factory.mktemp("home") / "data")


@pytest.fixture
def fresh(tmp_path: Path) -> Vicus:
    """The command on a data folder of its own."""
    return Vicus(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """file("a.csv", "text"): writes a file and gives its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write

"""Beside the site: background work goes on when its process ends, and a host that nobody can reach is told."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from vicus.cli.background import Background
from vicus.cli.serve import unreachable

SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    return tmp_path / "pids"


@pytest.fixture
def work(pids: Path) -> Iterator[Background]:
    running = Background([sys.executable, "-c", SLEEPER, str(pids)], os.environ, pause=0.05)
    yield running
    running.stop()


def started(pids: Path, times: int) -> list[int]:
    """The processes started so far, once there are as many."""
    return until(lambda: [int(line) for line in pids.read_text().split()] if pids.exists() else [], times)


def until(found: Callable[[], list[int]], times: int) -> list[int]:
    for _patience in range(400):
        if len(found()) >= times:
            break
        time.sleep(0.05)
    return found()


def test_a_process_that_dies_is_started_again(work: Background, pids: Path) -> None:
    (first,) = started(pids, 1)
    os.kill(first, 9)
    one, other = started(pids, 2)
    assert (one, other) == (first, work.process.pid)
    assert work.process.poll() is None


def test_when_the_site_ends_it_ends_for_good(work: Background, pids: Path) -> None:
    started(pids, 1)
    work.stop()
    assert work.process.poll() is not None
    time.sleep(0.3)
    assert len(started(pids, 1)) == 1


def test_a_process_forked_off_for_requests_leaves_it_alone_when_it_ends(work: Background, pids: Path) -> None:
    started(pids, 1)
    work._owner = os.getpid() + 1
    work.stop()
    assert work.process.poll() is None
    work._owner = os.getpid()


def test_a_host_for_other_machines_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
    monkeypatch.setattr(settings, "ONLY_THIS_MACHINE", True, raising=False)
    assert unreachable("127.0.0.1") == ""
    assert "VICUS_HOSTS=" in unreachable("0.0.0.0")
    monkeypatch.setattr(settings, "ONLY_THIS_MACHINE", False, raising=False)
    assert unreachable("0.0.0.0") == ""

"""The first command of the README: the demonstration zone is made and served, and its pages answer."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest

pytestmark = pytest.mark.slow

PATIENCE = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home, port = tmp_path_factory.mktemp("demo") / "data", free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("VICUS_", "DJANGO_"))
    }
    log = home.parent / "log"
    with log.open("w") as lines:
        server = subprocess.Popen(
            [sys.executable, "-m", "vicus", "--home", str(home), "demo", "--serve", "--port", str(port)],
            env=environment, stdout=lines, stderr=lines, start_new_session=True,
        )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while True:
        if server.poll() is not None or time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            pytest.fail(log.read_text())
        with suppress(OSError), urllib.request.urlopen(f"{base}/health/", timeout=5):
            break
        time.sleep(0.5)
    yield base
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(timeout=30)


@pytest.fixture
def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def enter(browser: urllib.request.OpenerDirector, address: str, account: str) -> None:
    page = browser.open(f"{address}/accounts/login/").read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    form = f"csrfmiddlewaretoken={token}&username={account}".encode()
    browser.open(urllib.request.Request(f"{address}/demo/enter/", form, {"Referer": address}), timeout=120)


@pytest.mark.parametrize("account", ["demo-analyst", "demo-hotspot-manager", "demo-direction"])
def test_the_zone_and_a_hotspot_can_be_opened_from_the_role_switch(
    address: str, browser: urllib.request.OpenerDirector, account: str
) -> None:
    enter(browser, address, account)
    zone = browser.open(f"{address}/demonstration/", timeout=120).read().decode()
    assert "<svg" in zone
    assert zone.count("/demonstration/hotspots/") >= 21
    hotspot = browser.open(f"{address}/demonstration/hotspots/12/", timeout=120)
    assert hotspot.status == 200
    assert "default-src 'self'" in hotspot.headers["Content-Security-Policy"]

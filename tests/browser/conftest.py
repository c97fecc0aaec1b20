"""A running site, a browser on it, and a watch on what the browser does.

Fixtures for every browser test:

site               address of the running site, on this machine
page               a Chromium page of 1280 px; when the test ends, no request may have left the site, no rule of the
                   content policy been broken, nothing been written to the console as an error
sign_in(role)      signs the page in as a user with this role in the zone `west`, second factor included
speak(language)    the page in "nl", "fr" or "en" from here on
assert_accessible  assert_accessible(page): no WCAG 2.2 AA rule of axe is broken

For walks through a furnished zone (`furnished_zone.py`), which a server of its own serves once for the whole run:

town               its address, its accounts, the code an account's second factor shows now
enter              enter(page, "analyst-2"): signs in as people do, with password and second factor
visit              visit("analyst", language="nl", scheme="dark", width=390, scripts=False): a watched page, signed in;
                   the session of each account is opened once and used again
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import furnished_zone
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from furnished_zone import Person, Town
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    StorageState,
    expect,
)

from vicus.web.accounts import sessions
from vicus.web.accounts.models import User
from vicus.web.zone.models import Membership, Zone

PATIENCE = 60_000  # ms; the first page of a run also loads what draws its pictures
expect.set_options(timeout=PATIENCE)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Said by the browser about its own drawing on machines without a graphics card.
NOT_OURS = ("GPU stall due to ReadPixels", "GL Driver Message", "software WebGL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


class Watch:
    """What a page did that no page may do."""

    def __init__(self, page: Page, site: str) -> None:
        self.complaints: list[str] = []
        self.site = site
        page.on("request", self.request)
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.complaints.append(f"request to elsewhere: {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in NOT_OURS):
            self.complaints.append(f"console {message.type}: {message.text}")

    def expect(self, words: str) -> None:
        """Forget complaints that a test provoked, such as the 404 it asked for."""
        self.complaints = [complaint for complaint in self.complaints if words not in complaint]


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    watch = Watch(page, site)
    page.watch = watch  # type: ignore[attr-defined]
    yield page
    context.close()
    assert watch.complaints == []


@pytest.fixture
def browser_zone(transactional_db: None) -> Zone:
    """The zone that `sign_in` puts its users in."""
    zone, _made = Zone.objects.get_or_create(
        slug="west",
        defaults={
            "names": {"nl": "Zone West", "fr": "Zone Ouest", "en": "West Zone"},
            "languages": ["fr", "nl"],
            "crs": 31370,
        },
    )
    return zone


@pytest.fixture
def sign_in(page: Page, site: str, browser_zone: Zone) -> Callable[[str], User]:
    """sign_in("analyst"): the page belongs to an analyst of the zone from here on."""

    def sign_in(role: str) -> User:
        username = role.replace("_", "-")
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(username, password="correct-horse-battery", name=username.title())
            Membership.objects.create(user=user, zone=browser_zone, role=role)
            TOTP.activate(user, generate_totp_secret())
        assert Authenticator.objects.filter(user=user).exists()
        client = Client()
        client.force_login(user)
        session = client.session
        session[sessions.ENROLLED_HERE] = user.pk
        session.save()
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
        return user

    return sign_in


@pytest.fixture
def speak(page: Page, site: str) -> Callable[[str], None]:
    def speak(language: str) -> None:
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])

    return speak


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    def check(page: Page) -> None:
        # A transition half way is neither colour.
        page.emulate_media(reduced_motion="reduce")
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        broken = [
            f"{rule['id']}: {rule['help']}\n    "
            + "\n    ".join(f"{node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
                            for node in rule["nodes"][:4])
            for rule in results.response["violations"]
        ]  # fmt: skip
        assert broken == [], f"{page.url}\n" + "\n".join(broken)

    return check


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Served by the command that users run, from a data folder of its own."""
    home = tmp_path_factory.mktemp("town") / "home"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("VICUS_", "DJANGO_"))
    }
    environment |= {"VICUS_HOME": str(home), "VICUS_LOG_LEVEL": "WARNING"}
    script = Path(furnished_zone.__file__)
    made = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    accounts = json.loads((home / "sources" / "people.json").read_text())
    people = {entry["username"]: Person(**entry) for entry in accounts}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home.parent / "server.log"
    with log.open("w") as lines:
        server = subprocess.Popen(
            [sys.executable, "-m", "vicus", "serve", "--port", str(port)],
            env=environment,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/", server, log)
        yield Town(f"http://127.0.0.1:{port}", people)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _patience in range(300):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"no answer from {address}\n{log.read_text()}")


Enter = Callable[[Page, str], None]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def enter(town: Town) -> Enter:
    def enter(page: Page, username: str) -> None:
        page.goto(town.address("/accounts/login/"))
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(town.people[username].password)
        page.locator("main form button.primary").click()
        page.locator("input[name=code]").fill(town.code_now(username))
        page.locator("main form button.primary").click()
        expect(page.locator(".menu summary")).to_be_visible()

    return enter


@pytest.fixture(scope="session")
def session_of(browser: Browser, enter: Enter) -> Callable[[str], StorageState]:
    """The cookies of an account that has signed in, opened at the first call."""
    kept: dict[str, StorageState] = {}

    def session_of(username: str) -> StorageState:
        if username not in kept:
            context = browser.new_context(locale="en-GB")
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            enter(page, username)
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return session_of


@pytest.fixture
def visit(browser: Browser, town: Town, session_of: Callable[[str], StorageState]) -> Iterator[Visit]:
    opened: list[Page] = []

    def visit(
        username: str = "",
        *,
        language: str = "en",
        scheme: str = "light",
        width: int = 1280,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            storage_state=session_of(username) if username else None,
        )
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": town.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.watch = Watch(page, town.url)  # type: ignore[attr-defined]
        page.on("response", lambda response: _note_fault(page, response))
        opened.append(page)
        return page

    yield visit
    complaints = [complaint for page in opened for complaint in page.watch.complaints]  # type: ignore[attr-defined]
    for page in opened:
        page.context.close()
    assert complaints == []


def _note_fault(page: Page, response: Response) -> None:
    if response.status >= 500:
        page.watch.complaints.append(f"{response.status} from {response.url}")  # type: ignore[attr-defined]

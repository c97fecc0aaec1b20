"""A running site, a browser on it, and a watch on what the browser does.

Fixtures for every browser test:

site               address of the running site, on this machine
page               a Chromium page of 1280 px; when the test ends, no request may have left the site, no rule of the
                   content policy been broken, nothing been written to the console as an error
sign_in(role)      signs the page in as a user with this role in the zone `west`, second factor included
speak(language)    the page in "nl", "fr" or "en" from here on
assert_accessible  assert_accessible(page): no WCAG 2.2 AA rule of axe is broken
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from vicus.web.accounts import sessions
from vicus.web.accounts.models import User
from vicus.web.zone.models import Membership, Zone

CHROMIUM = os.environ.get("VICUS_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # ms; the first page of a run also loads what draws its pictures
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Said by the browser about its own drawing on machines without a graphics card.
NOT_OURS = ("GPU stall due to ReadPixels", "GL Driver Message", "software WebGL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no Chromium at {CHROMIUM} (set VICUS_CHROMIUM)")
    # The browser's event loop runs in this thread, where tests also read and write the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        expect.set_options(timeout=PATIENCE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


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

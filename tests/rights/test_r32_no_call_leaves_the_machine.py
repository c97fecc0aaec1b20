"""R32: on-premise; no call leaves the machine. The whole suite runs with the network shut; these show that it is."""

import re
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_socket import SocketBlockedError, SocketConnectBlockedError

import vicus

PACKAGE = Path(vicus.__file__).parent

# What a browser fetches by itself: not the addresses behind links and namespaces.
FETCHED = re.compile(
    r"""(?:<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc|<link\b[^>]*\bhref|url\(|@import|fetch\()"""
    r"""\s*[=(]?\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)


def test_the_network_is_shut_in_tests() -> None:
    # The blocker warns before it raises, and warnings are errors here.
    with pytest.raises((SocketBlockedError, SocketConnectBlockedError, UserWarning)):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_no_template_or_style_or_script_of_ours_fetches_from_elsewhere() -> None:
    files = [
        path
        for suffix in ("html", "css", "js")
        for path in PACKAGE.rglob(f"*.{suffix}")
        if "vendor" not in path.parts
    ]
    assert files
    assert not [path for path in files if FETCHED.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/x.js">',
        "<link rel=stylesheet href='//fonts.example/a'>",
        "@import url(https://a.example)",
        'fetch("https://a.example")',
    ],
)
def test_the_search_itself_would_notice(line: str) -> None:
    assert FETCHED.search(line)


@pytest.mark.django_db
def test_the_browser_is_told_to_talk_to_this_site_only(client: Client) -> None:
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in client.get("/health/")["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not [value for value in policy.values() if "unsafe" in value or "http" in value or "*" in value]
    # Nothing that a script puts together itself is run or shown as if it came from the site.
    assert not [value for value in policy.values() if "data:" in value or "blob:" in value]


def test_nothing_is_sent_by_mail_or_to_a_tracker() -> None:
    assert settings.EMAIL_HOST == "localhost"
    assert not [app for app in settings.INSTALLED_APPS if "sentry" in app or "analytics" in app]

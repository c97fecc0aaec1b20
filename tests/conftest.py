"""For every test: a data folder of its own, fast password hashing, and the real data where they are."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
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

# Read as plugins; collected as modules with doctests, those of two folders would share a name.
collect_ignore_glob = ["**/conftest.py", "conftest.py"]


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY = "only for tests " * 4
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    # Apps that know tasks have asked for the backend before.
    setting_changed.send(sender=None, setting="TASKS", value=settings.TASKS, enter=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may use the database may use both: that of the site, and that of what residents read."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if (marker or asked) and not (marker and "databases" in marker.kwargs):
            kwargs = dict(marker.kwargs) if marker else {}
            item.add_marker(pytest.mark.django_db(**kwargs, databases=["default", "public"]), append=False)


@pytest.fixture(autouse=True)
def vicus_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this test, for the site and for commands alike."""
    home = tmp_path_factory.mktemp("vicus_home")
    monkeypatch.setenv("VICUS_HOME", str(home))
    for name, folder in (("STORE_ROOT", "store"), ("FILES_ROOT", "files"), ("MEDIA_ROOT", "files")):
        monkeypatch.setattr(settings, name, home / folder)
    monkeypatch.setattr(settings, "VICUS_HOME", home)
    monkeypatch.setattr(settings, "PUBLIC_FOLDER", home / "public")
    return home


@pytest.fixture(autouse=True)
def _forget_the_cache() -> Iterator[None]:
    """Limits on sign-in attempts are counted in the cache: one test must not use up another's."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _forget_the_reader() -> Iterator[None]:
    """A page speaks its reader's language and tells their time; the next test begins without either."""
    from django.utils import timezone, translation

    yield
    translation.deactivate()
    timezone.deactivate()


@contextmanager
def _quiet_triggers() -> Iterator[None]:
    """Without the triggers of the schema: SQLite drops them and gets them back, PostgreSQL switches them off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            before = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
            after = [sql for _, sql in triggers]
        else:
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            tables = [table for (table,) in cursor.fetchall()]
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in before:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in after:
                cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def _test_databases_can_be_emptied() -> Iterator[None]:
    """Tests with real transactions empty their tables afterwards, which append-only tables refuse."""
    patch = pytest.MonkeyPatch()
    teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(self: Any) -> None:
        with _quiet_triggers():
            teardown(self)

    patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets; skips where it is absent."""
    folder = Path(os.environ.get("VICUS_TEST_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder} (set VICUS_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for every test of this process: a second event loop beside the first is refused."""
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no Chromium at {CHROMIUM} (set VICUS_CHROMIUM)")
    # The browser's event loop runs in this thread, where tests also read and write the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before

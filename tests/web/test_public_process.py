"""The process that residents reach: started as it is in service, it reads what was published and nothing else."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import models

from vicus.cli.installation import shared_folder
from vicus.web.public.models import Feedback, Snapshot

SECRET = "the plan of hotspot 12"


@dataclass(frozen=True)
class Place:
    """The data folder of the site, the folder beside it, and the environment of the public account."""

    home: Path
    public: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A site with a secret in its database, and one bulletin published from it."""
    root = tmp_path_factory.mktemp("two")
    home, public = root / "home", root / "public"
    home.mkdir(mode=0o700)
    public.mkdir()
    with sqlite3.connect(home / "vicus.sqlite3") as site:
        site.execute("CREATE TABLE hotspots_hotspot (name text)")
        site.execute("INSERT INTO hotspots_hotspot VALUES (?)", [SECRET])
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VICUS_", "DJANGO_"))}
    staff = clean | {
        "VICUS_HOME": str(home),
        "VICUS_PUBLIC": str(public),
        "DJANGO_SETTINGS_MODULE": "vicus.web.site.settings",
    }
    run = [sys.executable, "-m", "django", "migrate", "public", "--database", "public", "--verbosity", "0"]
    subprocess.run(run, env=staff, check=True)
    names = '{"fr": "Canal", "nl": "Kanaal"}'
    content = """{"title": "Canal", "period": "2026", "texts": {"said": "Bonjour."}, "table": null, "meetings": [],
        "promises": [], "heard": []}"""
    with sqlite3.connect(public / "public.sqlite3") as published:
        published.execute(
            "INSERT INTO public_snapshot (slug, zone, place, content, starts_on, ends_on, published_on, renewed_on)"
            " VALUES ('canal', 'west', ?, ?, '2026-07-01', '2026-09-30', '2026-10-15', '2026-10-15')",
            [
                f'{{"zone": {names}, "commune": {names}, "place": {names}}}',
                f'{{"fr": {content}, "nl": {content}}}',
            ],
        )
    return Place(home, public, clean | {"VICUS_PUBLIC": str(public)})


@pytest.fixture(scope="module")
def served(place: Place) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "vicus", "serve", "--public", "--port", str(port)]
    server = subprocess.Popen(words, env=place.environment, cwd=place.public)
    try:
        for _patience in range(150):
            assert server.poll() is None
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_it_serves_what_was_published_without_a_cookie_or_a_script(served: str) -> None:
    with urllib.request.urlopen(f"{served}/fr/canal/") as answer:
        headers, page = answer.headers, answer.read().decode()
    assert "Bonjour." in page
    assert "Set-Cookie" not in headers
    assert "<script" not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    with urllib.request.urlopen(f"{served}/static/site/look.css") as look:
        assert look.status == 200


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/west/", "/demo/", "/audit/", "/static/vendor/htmx/", "/fr/x/"]
)
def test_it_has_no_page_of_the_site(served: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(served + path)
    with refused.value as answer:
        assert answer.code == 404


ATTEMPTS = {
    "the default database": "connections['default'].cursor()",
    "a table of the site": "connections['public'].cursor().execute('SELECT * FROM hotspots_hotspot')",
    "the file of the site, attached": "connections['public'].cursor().execute(\"ATTACH '{home}/vicus.sqlite3' AS s\")",
    "a bulletin, to change it": "Snapshot.objects.update(zone='east')",
    "a feedback, to remove it": "Feedback.objects.all().delete()",
    "a table, to drop it": "connections['public'].cursor().execute('DROP TABLE public_snapshot')",
    "the models of the site": "import_module('vicus.web.hotspots.models')",
    "accounts": "import_module('vicus.web.accounts.models')",
}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_its_process_cannot_reach(place: Place, what: str) -> None:
    attempt = ATTEMPTS[what].format(home=place.home)
    script = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'vicus.web.public.settings'\n"
        "import vicus.web.public.wsgi\n"
        "from importlib import import_module\n"
        "from django.db import connections\n"
        "from vicus.web.public.models import Feedback, Snapshot\n"
        "assert Snapshot.objects.count() == 1\n"
        "try:\n"
        f"    {attempt}\n"
        "except Exception as error:\n"
        "    print('refused:', type(error).__name__)\n"
        "else:\n"
        "    print('reached')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], env=place.environment, capture_output=True, text=True, check=False
    )
    assert ran.stdout.startswith("refused:"), ran.stdout + ran.stderr


def test_the_two_settings_share_no_database_and_no_app() -> None:
    assert set(settings.DATABASES) == {"default", "public"}
    assert Path(str(settings.DATABASES["public"]["NAME"])) != Path(str(settings.DATABASES["default"]["NAME"]))


def test_r02_nothing_of_residents_points_to_police_data() -> None:
    for model in (Snapshot, Feedback):
        crossing = [field.name for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
        assert crossing == [], f"{model._meta.label} points elsewhere"


def test_without_a_file_the_command_says_what_to_do(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "vicus", "serve", "--public"],
        env={**os.environ, "VICUS_PUBLIC": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 4
    assert "VICUS_PUBLIC" in ran.stderr


def test_the_group_of_the_folder_may_write_what_the_site_makes(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    with shared_folder(folder), sqlite3.connect(folder / "public.sqlite3") as made:
        made.execute("CREATE TABLE t (x)")
    assert folder.stat().st_mode & 0o7777 == 0o2770
    assert (folder / "public.sqlite3").stat().st_mode & 0o777 == 0o660

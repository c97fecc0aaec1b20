"""Settings of an installation: safe by default, and loud when something is wrong."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from vicus.web.site.settings import secret_key


def load(home: Path, expression: str = "None", **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VICUS_")}
    return subprocess.run(
        [sys.executable, "-c", f"from vicus.web.site import settings as s; print({expression})"],
        env={**kept, "VICUS_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "new"
    key = secret_key(home)
    assert len(key) >= 64
    assert secret_key(home) == key
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_secret_key_that_others_can_read_stops_the_site(tmp_path: Path) -> None:
    secret_key(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(Exception, match="chmod 600"):
        secret_key(tmp_path)


def test_loading_the_settings_writes_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "home").returncode == 0
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"VICUS_HOSTS": "*"}, "VICUS_HOSTS"),
        ({"VICUS_HOSTS": "vicus.zone.example", "VICUS_DEMO": "1"}, "VICUS_DEMO"),
        ({"VICUS_HOSTS": "vicus.zone.example", "VICUS_DEBUG": "1"}, "VICUS_DEBUG"),
        ({"VICUS_HOSTS": "vicus.zone.example", "VICUS_HTTPS": "0"}, "VICUS_HTTPS"),
        ({"VICUS_DEMO": "1", "VICUS_PROXIES": "1"}, "VICUS_PROXIES"),
        ({"VICUS_DEMO": "yes"}, "VICUS_DEMO"),
        ({"VICUS_PROXIES": "-1"}, "VICUS_PROXIES"),
        ({"VICUS_DATABASE": "mysql://localhost/vicus"}, "VICUS_DATABASE"),
        ({"VICUS_DATABASE": "postgres://localhost"}, "VICUS_DATABASE"),
    ],
)
def test_a_dangerous_or_mistaken_setting_stops_the_site(
    tmp_path: Path, environment: dict[str, str], says: str
) -> None:
    outcome = load(tmp_path, **environment)
    assert outcome.returncode != 0
    assert says in outcome.stderr


def test_a_named_host_gets_https_and_secure_cookies_by_itself(tmp_path: Path) -> None:
    settings = (
        "(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    assert (
        load(tmp_path, settings, VICUS_HOSTS="vicus.zone.example").stdout.strip()
        == "(True, True, True, True)"
    )


def test_one_setting_chooses_postgresql(tmp_path: Path) -> None:
    address = "postgres://vicus:p%40ss@db.internal:5433/vicus?sslmode=require"
    found = load(tmp_path, "s.DATABASES['default']", VICUS_DATABASE=address).stdout
    for part in ("postgresql", "'p@ss'", "'db.internal'", "'5433'", "'sslmode': 'require'"):
        assert part in found


def test_nothing_is_debugged_or_demonstrated_by_default(tmp_path: Path) -> None:
    assert load(tmp_path, "(s.DEBUG, s.DEMO, s.ALLOWED_HOSTS)").stdout.strip() == (
        "(False, False, ['localhost', '127.0.0.1', '[::1]'])"
    )

"""`vicus doctor`: is this installation healthy?"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

import vicus
from vicus.cli.app import FAULT, app, out
from vicus.cli.installation import JsonOption, start

Finding = tuple[str, bool, str]


@app.command(epilog="Example: vicus doctor && echo healthy")
def doctor(json_output: JsonOption = False) -> None:
    """Check program, data folder, database, stores and audit trail; exit code 5 when something is wrong."""
    findings = list(_examine())
    if json_output:
        typer.echo(json.dumps([{"check": c, "ok": ok, "found": found} for c, ok, found in findings]))
    else:
        for check, ok, found in findings:
            out.print(f"{'ok   ' if ok else 'WRONG'}  {check}: {found}", markup=False)
    if not all(ok for _, ok, _ in findings):
        raise typer.Exit(FAULT)


def _examine() -> Iterator[Finding]:
    yield "program", True, f"vicus {vicus.__version__}, Python {platform.python_version()}"
    start()
    from django.conf import settings

    home = Path(settings.VICUS_HOME)
    yield from _try("data folder", lambda: _folder(home))
    yield from _try("privacy", lambda: _private(home))
    yield from _try("fonts", _fonts)
    fresh = not (home / "vicus.sqlite3").exists() and "sqlite3" in settings.DATABASES["default"]["ENGINE"]
    if fresh:
        yield "database", True, "none yet; `vicus init` or `vicus demo` makes it"
        return
    yield from _try("database", _database)
    yield from _try("audit trail", _audit)
    from vicus.web.zone.models import Zone

    for zone in Zone.objects.all():
        yield from _try(f"incidents of {zone.slug}", lambda zone=zone: _store(zone))  # type: ignore[misc]


def _try(check: str, examine: Callable[[], tuple[bool, str]]) -> Iterator[Finding]:
    try:
        ok, found = examine()
    except Exception as error:
        ok, found = False, f"{type(error).__name__}: {error}"
    yield check, ok, found


def _folder(home: Path) -> tuple[bool, str]:
    home.mkdir(parents=True, exist_ok=True)
    probe = home / ".writable"
    probe.write_text("")
    probe.unlink()
    free = shutil.disk_usage(home).free / 1e9
    return free > 1, f"{home} can be written, {free:.0f} GB free"


def _private(home: Path) -> tuple[bool, str]:
    if home.stat().st_mode & 0o077:
        return False, f"others on this machine can look into {home}. Run: chmod 700 {home}"
    return True, "nobody else on this machine can look into the data folder"


def _fonts() -> tuple[bool, str]:
    import vicus.pictures

    fonts = sorted(p.name for p in (Path(vicus.pictures.__file__).parent / "fonts").glob("*.ttf"))
    return bool(fonts), f"{len(fonts)} shipped"


def _database() -> tuple[bool, str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    open_steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if open_steps:
        return False, f"{len(open_steps)} changes of tables not applied; `vicus serve` applies them"
    return True, f"{connection.vendor}, up to date"


def _audit() -> tuple[bool, str]:
    from vicus.web.audit.services import verify

    chain = verify()
    if chain.whole:
        return True, f"{chain.records} records, chain whole"
    return False, f"broken at record {chain.broken_at}: {chain.why}"


def _store(zone: object) -> tuple[bool, str]:
    from vicus.web.facts.queries import find_store

    store = find_store(zone)  # type: ignore[arg-type]
    if store is None:
        return False, "missing; restore the folder store/ from a backup"
    version = store.version()
    return True, f"{version.rows} rows, version {version.number} known at {version.known_at:%Y-%m-%d}"

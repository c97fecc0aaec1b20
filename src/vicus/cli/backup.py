"""`vicus backup` and `vicus restore`: everything of an installation in one file, taken while the site runs (rights R34)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import vicus
from vicus.cli.app import FAULT, NOT_THERE, Refused, app, out
from vicus.cli.installation import operator, start

FORM = 1
"""Which form the file has; a program refuses forms it does not know."""

ABOUT = "backup.json"
DUMP = "database.pgdump"
KEPT = ("store", "files", "secret_key", "public")
"""What is taken of the data folder as it is; databases are copied by their own means, cache/ is worked out anew."""

TargetArgument = Annotated[Path, typer.Argument(help="File to write; must not exist.", metavar="FILE")]
SourceArgument = Annotated[Path, typer.Argument(help="File that `vicus backup` wrote.", metavar="FILE")]


@app.command(epilog="Example: vicus backup /backup/vicus-2026-11-23.tar.gz")
def backup(file: TargetArgument) -> None:
    """Copy database, facts, received files and key into one file, while the site goes on.

    Imports wait until it is done. The file is as secret as the data folder: it holds the key that opens the second
    factors. With PostgreSQL it needs the program pg_dump.
    """
    start()
    from django.conf import settings

    home = Path(settings.VICUS_HOME)
    _refuse_fresh(home)
    if file.exists():
        raise Refused(f"{file} exists already; a backup never replaces another. Give it a name of its own.")
    if home in file.resolve().parents:
        raise Refused(f"{file} lies in the data folder itself; choose a place outside {home}.")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    _recorded("backup made", {"file": file.name})
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as beside, ExitStack() as held:
            for lock in _locks(home):
                held.enter_context(lock)
            files = dict(_copies(home, Path(beside))) | dict(_as_they_are(home))
            _pack(part, files, Path(beside))
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    out.print(f"{len(files)} files, {file.stat().st_size / 1e6:.1f} MB: {file}", markup=False)


@app.command(epilog="Example: vicus --home /srv/vicus restore /backup/vicus-2026-11-23.tar.gz")
def restore(
    file: SourceArgument,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the data folder that is there aside first; it is kept.")
    ] = False,
) -> None:
    """Put back what `vicus backup` took, into an empty data folder, and check that it is whole.

    Stop the site first. Nothing is touched before every file was read and compared with its checksum. With
    PostgreSQL the database of VICUS_DATABASE must be empty, and pg_restore is needed.
    """
    home = Path(os.environ.get("VICUS_HOME") or ".vicus").expanduser().resolve()
    if not file.is_file():
        raise Refused(f"There is no file {file}.", code=NOT_THERE)
    if home.exists() and any(home.iterdir()) and not replace:
        raise Refused(
            f"{home} is not empty. Restore into another folder (--home), or give --replace: what is there is put aside."
        )
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home.parent) as beside:
        inside = Path(beside) / "home"
        inside.mkdir(mode=0o700)
        about = _unpack(file, inside)
        dump = inside / DUMP
        _refuse_other_database(dump.exists(), file)
        aside = _put_aside(home) if home.exists() else None
        (inside / ABOUT).unlink()
        inside.rename(home)
    start()
    dump = home / DUMP
    if dump.exists():
        _pg(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_pg_name()}",
            str(dump),
        )
        dump.unlink()
    _check(about)
    _recorded("backup restored", {"file": file.name, "taken": about["at"]})
    if aside is not None:
        out.print(f"What was there is kept in {aside}; remove it when all is well.", markup=False)
    out.print(
        f"Restored as of {about['at']} into {home}. Next: vicus doctor, then vicus serve.", markup=False
    )


# --- taking ----------------------------------------------------------------------------------------


def _refuse_fresh(home: Path) -> None:
    from django.db import OperationalError, ProgrammingError

    from vicus.web.zone.models import Zone

    try:
        zones = Zone.objects.count()
    except (OperationalError, ProgrammingError):
        zones = 0
    if not zones:
        raise Refused(f"There is nothing to back up in {home} yet.", code=NOT_THERE)


def _locks(home: Path) -> Iterator[Any]:
    """The lock of every store: nothing is imported or erased while files are copied."""
    from vicus.incidents.locking import locked
    from vicus.incidents.store import Store

    for folder in sorted(path for path in (home / "store").glob("*") if path.is_dir()):
        yield locked(Store.open(folder).lock)


def _copies(home: Path, beside: Path) -> Iterator[tuple[str, Path]]:
    """Databases, copied as of one moment by their own means."""
    from django.db import connection

    for database in sorted(home.rglob("*.sqlite3")):
        name = database.relative_to(home).as_posix()
        copy = beside / name.replace("/", "-")
        with (
            closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(copy)) as still,
        ):
            live.backup(still)
        yield name, copy
    if connection.vendor == "postgresql":
        copy = beside / DUMP
        _pg("pg_dump", "--format=custom", "--no-owner", f"--file={copy}", f"--dbname={_pg_name()}")
        yield DUMP, copy


def _as_they_are(home: Path) -> Iterator[tuple[str, Path]]:
    for top in KEPT:
        for path in [home / top, *sorted((home / top).rglob("*"))]:
            if path.is_file() and not path.is_symlink() and ".sqlite3" not in path.name:
                yield path.relative_to(home).as_posix(), path


def _pack(part: Path, files: Mapping[str, Path], beside: Path) -> None:
    """All files, and at the end what they are: sizes, checksums, versions."""
    from django.db.migrations.recorder import MigrationRecorder

    about = {
        "form": FORM,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "vicus": vicus.__version__,
        "migrations": sorted(MigrationRecorder.Migration.objects.values_list("app", "name")),
        "files": {},
    }
    with part.open("xb") as raw:  # for this account alone: `start` says so
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as archive:
            for name, path in files.items():
                archive.add(path, arcname=name, recursive=False, filter=_plain)
                about["files"][name] = _checksum(path)  # type: ignore[index]
            last = beside / ABOUT
            last.write_text(json.dumps(about), encoding="utf-8")
            archive.add(last, arcname=ABOUT, filter=_plain)
        raw.flush()
        os.fsync(raw.fileno())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """No names of this machine's accounts."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _checksum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


# --- putting back ----------------------------------------------------------------------------------


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Every file of the backup, compared with its checksum; what it says about itself."""
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            archive.extractall(folder, filter="data")
        about = dict(json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise Refused(
            f"{file} cannot be read as a backup ({error}). It is cut short or something else; nothing was changed."
        ) from None
    if about.get("form") != FORM:
        raise Refused(
            f"{file} was made by a newer version (vicus {about.get('vicus')}). Install that one first."
        )
    _refuse_newer(about)
    for name, checksum in about["files"].items():
        if not (folder / name).is_file() or _checksum(folder / name) != checksum:
            raise Refused(
                f"{file} is damaged: {name} is not what was taken. Nothing was changed; use another backup."
            )
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return about


def _refuse_newer(about: Mapping[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vicus.web.site.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    # Of libraries, old steps may be gone: their tables come with the lock file.
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("vicus.")}
    known = MigrationLoader(None).disk_migrations
    newer = [step for step in about["migrations"] if step[0] in own and tuple(step) not in known]
    if newer:
        raise Refused(
            f"The backup is of vicus {about['vicus']}, whose tables this version ({vicus.__version__}) does not know."
            " Install that version, restore, then go on."
        )


def _refuse_other_database(dumped: bool, file: Path) -> None:
    from django.db import connection

    postgres = connection.vendor == "postgresql"
    if dumped and not postgres:
        raise Refused(
            f"{file} is of an installation on PostgreSQL. Say with VICUS_DATABASE into which one it goes."
        )
    if postgres and not dumped:
        raise Refused(f"{file} is of an installation on SQLite. Leave VICUS_DATABASE out to restore it.")
    if postgres and connection.introspection.table_names():
        raise Refused(
            "The database of VICUS_DATABASE holds tables already. Make an empty one, and name that."
        )


def _put_aside(home: Path) -> Path:
    aside = home.with_name(f"{home.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    if any(home.iterdir()):
        home.rename(aside)
        return aside
    shutil.rmtree(home)
    return home


def _check(about: Mapping[str, Any]) -> None:
    """What doctor would look at first: the chain of the audit trail and the stores."""
    from vicus.web.audit.services import verify
    from vicus.web.facts.queries import find_store
    from vicus.web.zone.models import Zone

    chain = verify()
    if not chain.whole:
        raise Refused(f"The audit trail is broken at record {chain.broken_at}: {chain.why}.", code=FAULT)
    for zone in Zone.objects.all():
        store = find_store(zone)
        if store is None and any(name.startswith(f"store/{zone.slug}/") for name in about["files"]):
            raise Refused(f"The facts of {zone.slug} cannot be opened.", code=FAULT)
        if store is not None:
            store.version()


def _recorded(event: str, details: Mapping[str, Any]) -> None:
    from vicus.web.audit.models import Action
    from vicus.web.audit.services import record

    record(
        actor=operator(), action=Action.DISCLOSURE, object_type="site.backup", object_id=details["file"],
        reason="backup", recipient="operator of the installation", details={"event": event, **details},
    )  # fmt: skip


# --- PostgreSQL ------------------------------------------------------------------------------------


def _pg_name() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def _pg(program: str, *words: str) -> None:
    """A program of PostgreSQL on the database of the installation; its password goes by the environment."""
    from django.db import connection

    settings = connection.settings_dict
    connection.close()
    where = {
        "PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"]), "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }  # fmt: skip
    if shutil.which(program) is None:
        raise Refused(
            f"{program} is not installed: it comes with Debian's package postgresql-client.", code=FAULT
        )
    environment = os.environ | {name: value for name, value in where.items() if value}
    done = subprocess.run(  # noqa: S603 the words are written in this file
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.strip()[-500:]}", code=FAULT)

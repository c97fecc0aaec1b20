"""The data folder as the commands see it: Django set up, the zone found, the one who runs the command named."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vicus.cli.app import NOT_THERE, Refused

if TYPE_CHECKING:
    from vicus.web.zone.models import Zone

ZoneOption = Annotated[
    str | None,
    typer.Option("--zone", help="Short name of the zone; needed only when the data folder holds several."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
MonthOption = Annotated[str, typer.Option(help="Month, as 2026-10.", metavar="YYYY-MM")]


class Operator(str):
    """Whoever runs a command on this machine: someone who can read the data folder may use all of it.

    A text, because the audit trail takes the name of what has no account; what it does is recorded all the same.
    """

    is_authenticated = True
    is_active = True

    def permits(self, permission: object, zone: str) -> bool:
        """Everything: the guard of the command line is the guard of the data folder."""
        return True


def operator() -> Operator:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Operator(f"command line ({name})")


def start() -> None:
    """Set Django up on the data folder. What is written from here on is for this account alone."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vicus.web.site.settings")
    os.environ.setdefault("VICUS_LOG_LEVEL", "WARNING")
    import django

    django.setup()


def migrate() -> None:
    """Make the tables of the site, or bring them up to date."""
    from django.conf import settings
    from django.core.management import call_command

    settings.VICUS_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    with shared_folder(settings.PUBLIC_FOLDER):
        call_command("migrate", "public", database="public", interactive=False, verbosity=0)


@contextmanager
def shared_folder(folder: Path) -> Iterator[None]:
    """A folder for the account of the site and that of the public side: its group reads and writes what is made."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o2770)
    before = os.umask(0o007)
    try:
        yield
    finally:
        os.umask(before)
        # SQLite gives the group no more than reading; what it makes beside its file later takes the rights of the file.
        for file in folder.glob("public.sqlite3*"):
            if file.stat().st_uid == os.getuid():
                file.chmod(0o660)


def the_zone(slug: str | None) -> Zone:
    """The zone named, or the only one there is."""
    start()
    from django.db import OperationalError, ProgrammingError

    from vicus.web.zone.models import Zone

    try:
        zones = list(Zone.objects.order_by("slug"))
    except (OperationalError, ProgrammingError):
        zones = []
    named = [zone for zone in zones if zone.slug == slug]
    if slug is not None and named:
        return named[0]
    if slug is None and len(zones) == 1:
        return zones[0]
    if not zones:
        raise Refused("There is no zone in this data folder yet. Make one: vicus init --help", code=NOT_THERE)
    names = ", ".join(zone.slug for zone in zones)
    what = "Which zone?" if slug is None else f"There is no zone {slug}."
    raise Refused(f"{what} Give --zone with one of: {names}", code=2 if slug is None else NOT_THERE)

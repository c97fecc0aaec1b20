"""The command `vicus`: options that hold for all commands, and how errors reach the terminal."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import vicus

EXIT_CODES = """
Exit codes: 0 done; 2 the command was called wrongly; 3 the input was refused (the message says why and what to do);
4 something asked for does not exist; 5 the check found a fault.
"""

BAD_INPUT, NOT_THERE, FAULT = 3, 4, 5

COMMANDS = (
    "demo", "doctor", "figures", "hotspots", "incidents", "init", "report", "search", "serve", "territory", "tick", "backup",
)  # fmt: skip
"""Modules of this package that hold commands, in the order of the help."""

app = typer.Typer(
    name="vicus",
    help="Problem-oriented, place-based safety work: hotspots, figures, reports. Places, never persons.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vicus {vicus.__version__}")
        raise typer.Exit


@app.callback()
def options(
    home: Annotated[
        Path | None,
        typer.Option(
            help="Data folder; default: the variable VICUS_HOME, else .vicus here.", envvar="VICUS_HOME"
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every command."""
    if home is not None:
        os.environ["VICUS_HOME"] = str(home.expanduser().resolve())


class Refused(Exception):
    """The command ends with a message and an exit code."""

    def __init__(self, message: str, *, code: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.code = code


def load() -> typer.Typer:
    """The command line with all its commands: importing them registers them, in the order of the help."""
    for name in COMMANDS:
        import_module(f"vicus.cli.{name}")
    return app


def main() -> None:
    """Run the command line; known errors become one message and an exit code, never a traceback."""
    load()
    try:
        app()
    except Refused as refusal:
        err.print(str(refusal), style="red", markup=False)
        sys.exit(refusal.code)
    except Exception as error:
        code = _known(error)
        if code is None:
            raise
        # Django's validation errors carry their sentences apart from the field they belong to.
        err.print("\n".join(getattr(error, "messages", [str(error)])), style="red", markup=False)
        sys.exit(code)


def _known(error: Exception) -> int | None:
    """Exit code of an error whose message is meant for the user; None for a defect."""
    from vicus.analysis.errors import AnalysisError
    from vicus.incidents.errors import IncidentError, StoreMissing, VersionErased, VersionUnknown

    if isinstance(error, StoreMissing | VersionUnknown | VersionErased):
        return NOT_THERE
    if isinstance(error, IncidentError | AnalysisError):
        return BAD_INPUT
    if "django" in sys.modules:
        from django.core.exceptions import ImproperlyConfigured, ValidationError
        from django.http import Http404

        if isinstance(error, Http404):
            return NOT_THERE
        from django.db import OperationalError

        from vicus.web.hotspots.outlines import OutlinesError
        from vicus.web.zone.territory.errors import TerritoryRefused

        if isinstance(error, ImproperlyConfigured | ValidationError | OutlinesError | TerritoryRefused):
            return BAD_INPUT
        if isinstance(error, OperationalError):
            return FAULT
    return FAULT if isinstance(error, OSError) else None

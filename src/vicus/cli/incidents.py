"""`vicus incidents`: facts in, versions, quality, erasure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from vicus.cli.app import Refused, app, err, out
from vicus.cli.handing import ReasonOption, RecipientOption, hand_over, purpose
from vicus.cli.installation import JsonOption, ZoneOption, operator, the_zone
from vicus.incidents.versions import end_of

if TYPE_CHECKING:
    from vicus.incidents.report import Progress as Step
    from vicus.incidents.report import Report
    from vicus.web.zone.models import Zone

incidents = typer.Typer(help="Registered facts: import, versions, quality, erasure.", no_args_is_help=True)
app.add_typer(incidents, name="incidents")

FileArgument = Annotated[Path, typer.Argument(help="CSV (also .gz), Excel, Parquet, GeoPackage or GeoJSON.")]


@incidents.command(
    "import",
    epilog="Example: vicus incidents import 2026-10.csv --mapping ours.toml --dry-run",
)
def import_(
    file: FileArgument,
    mapping: Annotated[
        str,
        typer.Option(
            help="Mapping file, or the name of a shipped mapping (see: vicus incidents mapping --list)."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the refused rows here: row, column, value, reason.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Day of the export, when it is not today.", metavar="YYYY-MM-DD")
    ] = None,
    reason: ReasonOption = None,
    recipient: RecipientOption = None,
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Check a file and bring its facts into the store. Importing the same file twice changes nothing.

    Refused rows hold values of facts: writing them asks for a reason and a recipient.
    """
    the = the_zone(zone)
    from vicus.incidents.mapping import Mapping
    from vicus.web.facts.services import import_file

    with (
        _refused_rows(the, file, rejects, reason, recipient) as refused,
        _progress(file.name, quiet=json_output) as advance,
    ):
        report = import_file(
            zone=the,
            path=file,
            mapping=Mapping.load(mapping),
            actor=operator(),
            dry_run=dry_run,
            known_at=evening(known_at, the.timezone),
            rejects=refused,
            progress=advance,
        )
    report = dataclasses.replace(report, rejects_path=rejects)
    if json_output:
        typer.echo(json.dumps(report.as_dict(), default=str))
        return
    _tell(report)


@contextmanager
def _refused_rows(
    zone: Zone, file: Path, target: Path | None, reason: str | None, recipient: str | None
) -> Iterator[Path | None]:
    """Where the importer writes the refused rows; they reach `target` under lines that say who took them and why."""
    if target is None:
        yield None
        return
    from vicus.web.facts.queries import REJECTS, refused_rows

    why = purpose(reason, recipient)
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".refused-") as folder:
        rows, stamped = Path(folder) / "rows.csv", Path(folder) / "stamped.csv"
        yield rows
        grant = hand_over(zone, REJECTS, file.name[-200:], why)
        with stamped.open("wb") as copy:
            refused_rows(operator(), rows, copy, grant=grant)
        stamped.replace(target)


@contextmanager
def _progress(name: str, *, quiet: bool) -> Iterator[Callable[[Step], None]]:
    """A progress bar on the error stream; nothing when a program reads along."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=quiet, transient=True) as bar:
        task = bar.add_task(name, total=1.0)

        def advance(step: Step) -> None:
            bar.update(task, completed=step.fraction, description=f"{name}: {step.phase}, {step.rows:,} rows")

        yield advance


def _tell(report: Report) -> None:
    from vicus.incidents.reasons import REASONS

    what = "Checked, nothing changed" if report.dry_run else "Imported"
    version = f", data version {report.version}" if report.version is not None else ""
    out.print(f"{what}: {report.rows_read} rows read in {report.seconds:.1f} s{version}.", markup=False)
    would = "would be " if report.dry_run else ""
    out.print(
        f"  {report.added} {would}added, {report.changed} {would}changed, {report.unchanged} unchanged, "
        f"{sum(report.rejected.values())} refused.",
        markup=False,
    )
    for title, reasons in (("Refused", report.rejected), ("Kept, but note", report.warnings)):
        for code, n in sorted(reasons.items(), key=lambda item: -item[1]):
            out.print(f"  {title}: {n} × {code}: {REASONS[code]}", markup=False)
    if report.unknown_source:
        out.print(
            f"  Kept, but note: {report.unknown_source} × source unknown: whether the public reported the fact or the "
            "police discovered it is not said. It counts with the reported ones; the mapping can say it ([source]).",
            markup=False,
        )
    if report.rejects_path:
        out.print(f"  Refused rows: {report.rejects_path}", markup=False)


@incidents.command(epilog="Example: vicus incidents mapping export.csv > ours.toml")
def mapping(
    file: Annotated[Path | None, typer.Argument(help="A file whose layout is not known yet.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the shipped mappings.")] = False,
    show: Annotated[str | None, typer.Option(help="Print a shipped mapping.")] = None,
) -> None:
    """Write a first guess of a mapping for an unknown file, to be read and corrected; or list and show shipped ones."""
    from vicus.incidents import mapping as mappings
    from vicus.incidents.guessing import guess

    if list_:
        for name in mappings.shipped():
            typer.echo(name)
    elif show:
        typer.echo(mappings.shipped_text(show))
    elif file is not None:
        typer.echo(guess(file).to_toml())
    else:
        raise Refused("Give a file, --list, or --show NAME.", code=2)


@incidents.command(epilog="Example: vicus incidents versions --json")
def versions(zone: ZoneOption = None, json_output: JsonOption = False) -> None:
    """List the versions of the data: what was known when, and by which import."""
    the = the_zone(zone)
    from vicus.web.facts.services import open_store

    rows = open_store(the).versions()
    if json_output:
        typer.echo(json.dumps([dataclasses.asdict(row) for row in rows], default=str))
        return
    table = Table("version", "known at", "what", "added", "changed", "removed", "rows", "origin", box=None)
    for row in rows:
        known = row.known_at.strftime("%Y-%m-%d %H:%M")
        numbers = (str(n) for n in (row.added, row.changed, row.removed, row.rows))
        what = row.operation if row.available else f"{row.operation} (rows erased)"
        table.add_row(str(row.number), known, what, *numbers, row.origin)
    out.print(table)


@incidents.command(epilog="Example: vicus incidents quality --month 2026-10")
def quality(
    month: Annotated[str | None, typer.Option(help="One month only.", metavar="YYYY-MM")] = None,
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Say how good the data are: located, dated, reported late, by source."""
    the = the_zone(zone)
    from vicus.cli.figures import the_month
    from vicus.incidents import Selection, questions
    from vicus.incidents.months import month_after
    from vicus.web.facts.services import open_store

    first = the_month(month) if month else None
    selection = Selection(start=first, end=month_after(first) if first else None)
    found = dataclasses.asdict(questions.quality(open_store(the), selection))
    if json_output:
        typer.echo(json.dumps(found, default=str))
        return
    for name, value in found.items():
        shown = f"{value:.1%}" if name.endswith(("_rate", "_share")) and value is not None else value
        out.print(f"{name.replace('_', ' '):>22}  {shown}", markup=False)


@incidents.command(
    epilog='Example: vicus incidents erase --before 2021-01-01 --reason "Retention of five years"'
)
def erase(
    before: Annotated[str, typer.Option(help="Facts before this day go.", metavar="YYYY-MM-DD")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the audit trail.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Remove facts for good, from every version. This cannot be undone."""
    the = the_zone(zone)
    limit = day(before)
    assert limit is not None
    if not yes:
        typer.confirm(f"Remove all facts of {the.name} before {limit} for good?", abort=True)
    from vicus.web.facts.services import erase as erase_facts

    version = erase_facts(zone=the, before=limit, actor=operator(), reason=reason)
    if json_output:
        typer.echo(json.dumps(dataclasses.asdict(version), default=str))
        return
    out.print(f"{version.removed} facts removed; data version {version.number}.", markup=False)


def day(text: str | None) -> date | None:
    """A day as users write it."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text} is not a day: write it as 2026-10-31.", code=2) from None


def evening(text: str | None, timezone: str) -> datetime | None:
    """The end of a day as users write it: what was exported that day was known by then."""
    limit = day(text)
    return end_of(limit, timezone) if limit else None

"""`vicus report`: reports as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from vicus.cli.app import NOT_THERE, Refused, app, err, out
from vicus.cli.handing import ReasonOption, RecipientOption, hand_over, purpose
from vicus.cli.installation import JsonOption, MonthOption, ZoneOption, operator, the_zone

report = typer.Typer(help="Reports as PDF, Word and Excel, in three languages.", no_args_is_help=True)
app.add_typer(report, name="report")


@report.command(
    epilog="Example: vicus report month --month 2026-10 --language nl,fr --out reports/ "
    '--reason "Monthly meeting" --recipient "Zone direction"'
)
def month(
    month: MonthOption,
    hotspot: Annotated[str, typer.Option(help="Number of the hotspot, or all.")] = "all",
    language: Annotated[str, typer.Option(help="nl, fr, en, or several separated by commas.")] = "nl",
    format_: Annotated[
        str, typer.Option("--format", help="pdf, docx, xlsx, or several separated by commas.")
    ] = "pdf",
    folder: Annotated[
        Path, typer.Option("--out", help="Folder to write to, or the file when there is just one.")
    ] = Path(),
    as_known_at: Annotated[
        str | None, typer.Option(help="As the data were known on that day.", metavar="YYYY-MM-DD")
    ] = None,
    reason: ReasonOption = None,
    recipient: RecipientOption = None,
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Draw the monthly report of one hotspot or all. The same versions give the same report; each file says who took it."""
    the = the_zone(zone)
    from django.utils import timezone

    from vicus.cli.figures import answer_for, the_month
    from vicus.documents import FORMATS, Export, draw_many
    from vicus.pictures import words
    from vicus.web.facts.queries import find_store
    from vicus.web.hotspots import queries
    from vicus.web.hotspots.reports import month_report

    languages = _among(language, tuple(words.LANGUAGES), "language")
    formats = _among(format_, tuple(FORMATS), "format")
    there = queries.hotspots(the)
    numbers = [h.number for h in there] if hotspot == "all" else [_number(hotspot)]
    if not numbers:
        raise Refused(
            "There are no hotspots yet. Propose some: vicus hotspots propose --help", code=NOT_THERE
        )
    first, why = the_month(month), purpose(reason, recipient)
    answer = answer_for(the, first, numbers, as_known_at=as_known_at)
    store = find_store(the)
    assert store is not None
    asked = {
        "hotspots": numbers,
        "languages": languages,
        "formats": formats,
        "version": answer.question.version.number,
    }
    grant = hand_over(the, "hotspots.report", f"{hotspot} {month}", why, asked)
    export = Export(operator(), grant.recipient, at=timezone.now(), purpose=grant.reason)
    reports = [month_report(store, the, h, answer, export=export) for h in there if h.number in numbers]
    single = len(numbers) * len(languages) * len(formats) == 1 and folder.suffix == f".{formats[0]}"
    (folder.parent if single else folder).mkdir(parents=True, exist_ok=True)
    written = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=json_output, transient=True) as bar:
        task = bar.add_task("Drawing", total=None)
        drawn_files = draw_many(
            reports, languages, formats, lambda done, total: bar.update(task, completed=done, total=total)
        )
        for drawn in drawn_files:
            path = folder if single else folder / drawn.filename
            path.write_bytes(drawn.content)
            written.append(str(path))
    if json_output:
        typer.echo(json.dumps({"files": written, "data_version": answer.question.version.number}))
        return
    out.print(f"{len(written)} files written to {folder}.", markup=False)


def _among(text: str, known: tuple[str, ...], what: str) -> list[str]:
    chosen = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in chosen if part not in known]
    if unknown or not chosen:
        raise Refused(f"There is no {what} {', '.join(unknown)}: choose among {', '.join(known)}.", code=2)
    return chosen


def _number(text: str) -> int:
    if not text.isdigit():
        raise Refused(f"{text} is not a hotspot: give a number, or all.", code=2)
    return int(text)

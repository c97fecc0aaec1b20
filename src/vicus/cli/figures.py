"""`vicus figures`: the figures of a hotspot for a month."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vicus.cli.app import NOT_THERE, Refused, app, out
from vicus.cli.handing import ReasonOption, RecipientOption, hand_over, purpose, stamp
from vicus.cli.installation import JsonOption, MonthOption, ZoneOption, the_zone

if TYPE_CHECKING:
    from vicus.incidents.figures import PlaceFigures
    from vicus.incidents.questions import Quality
    from vicus.incidents.versions import Version
    from vicus.web.hotspots.figures import Answer
    from vicus.web.zone.models import Zone


@app.command(
    epilog='Example: vicus figures --hotspot 3 --month 2026-10 --reason "Monthly meeting" --recipient "Zone direction"'
)
def figures(
    hotspot: Annotated[int, typer.Option(help="Number of the hotspot.")],
    month: MonthOption,
    as_known_at: Annotated[
        str | None, typer.Option(help="As the data were known on that day.", metavar="YYYY-MM-DD")
    ] = None,
    sources: Annotated[str, typer.Option(help="reported, discovered or all.")] = "reported",
    language: Annotated[str, typer.Option(help="Language of the sentence: nl, fr or en.")] = "en",
    reason: ReasonOption = None,
    recipient: RecipientOption = None,
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Say what was registered in a hotspot in a month, what was to be expected, and how good the data are."""
    the = the_zone(zone)
    first, why = the_month(month), purpose(reason, recipient)
    answer = answer_for(the, first, [hotspot], as_known_at=as_known_at, sources=sources)
    found, used = answer.figures[hotspot], answer.used[hotspot]
    asked = {"sources": sources, "version": found.version.number}
    grant = hand_over(the, "hotspots.figures", f"{hotspot} {month}", why, asked)
    if json_output:
        perimeter = {
            "version": used.perimeter.version,
            "valid_from": used.perimeter.valid_from,
            "choice": used.why,
        }
        told = {"hotspot": hotspot, "perimeter": perimeter, **found.as_dict(), "handed": stamp(grant)}
        typer.echo(json.dumps(told, default=str))
        return
    from vicus.pictures.sentences import sentence

    out.print(f"Hotspot {hotspot}, {month}: {sentence(found, language)}", markup=False)
    if found.provisional:
        out.print("Provisional: one in ten incidents is usually registered later than these data were known.")
    _table(found)
    known = found.version.known_at
    out.print(
        f"Data version {found.version.number}, known at {known:%Y-%m-%d}; perimeter version {used.perimeter.version}.",
        markup=False,
    )
    handed = stamp(grant)
    out.print(
        f"Taken by {handed['user']} on {handed['at']} for {handed['recipient']}: {handed['purpose']} "
        f"(audit record {handed['record']}).",
        markup=False,
    )


def _table(found: PlaceFigures) -> None:
    table = Table("", "counted", "reported", "discovered", box=None)
    for name, count in (
        ("this month", found.this_month),
        ("same month last year", found.same_month_last_year),
        ("three months", found.three_months),
        ("twelve months", found.twelve_months),
        ("twelve months before", found.twelve_months_before),
    ):
        if count is not None:
            table.add_row(name, str(count.n), str(count.reported), str(count.discovered))
    out.print(table)


def answer_for(
    zone: Zone, month: date, numbers: list[int], *, as_known_at: str | None = None, sources: str = "reported"
) -> Answer:
    """Figures of some hotspots; refused when a hotspot, its perimeter or the data are not there."""
    from vicus.cli.incidents import day
    from vicus.web.facts.queries import find_store
    from vicus.web.hotspots import figures as of_places
    from vicus.web.hotspots import queries

    if sources not in of_places.SOURCES:
        raise Refused(f"There are no sources {sources}: choose {', '.join(of_places.SOURCES)}.", code=2)
    store = find_store(zone)
    if store is None or not store.version().rows:
        raise Refused("No incidents were imported yet. First: vicus incidents import --help", code=NOT_THERE)
    found = [hotspot for hotspot in queries.hotspots(zone) if hotspot.number in numbers]
    missing = sorted(set(numbers) - {hotspot.number for hotspot in found})
    if missing:
        there = ", ".join(str(hotspot.number) for hotspot in queries.hotspots(zone)) or "none yet"
        raise Refused(f"There is no hotspot {missing[0]}. The zone has: {there}.", code=NOT_THERE)
    version = store.version(day(as_known_at))
    _reached(month, version, of_places.span(store, zone, version))
    question = of_places.Question(month, sources, version)
    # All hotspots are counted together: what surrounds one leaves out the ground of the others.
    answer = of_places.of_zone(store, zone, queries.hotspots(zone), question)
    without = sorted(set(numbers) - set(answer.figures))
    if without:
        raise Refused(f"Hotspot {without[0]} has no perimeter.", code=NOT_THERE)
    return answer


def _reached(month: date, version: Version, span: Quality) -> None:
    """Refuse a month that the data do not reach: it would look like a quiet one."""
    known = f"the data known at {version.known_at:%Y-%m-%d} (version {version.number})"
    if span.first_day is None or span.last_day is None:
        raise Refused(f"There are no figures of {month:%Y-%m}: {known} hold no dated fact.", code=NOT_THERE)
    if not span.first_day.replace(day=1) <= month <= span.last_day:
        raise Refused(
            f"There are no figures of {month:%Y-%m}: {known} hold the months "
            f"from {span.first_day:%Y-%m} to {span.last_day:%Y-%m}.",
            code=NOT_THERE,
        )


def the_month(text: str) -> date:
    """A month as users write it."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else date.fromisoformat("no")
    except ValueError:
        raise Refused(f"{text} is not a month: write it as 2026-10.", code=2) from None

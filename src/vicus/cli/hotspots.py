"""`vicus hotspots`: propose, import and list perimeters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from vicus.cli.app import BAD_INPUT, NOT_THERE, Refused, app, out
from vicus.cli.installation import JsonOption, ZoneOption, operator, the_zone

hotspots = typer.Typer(help="Hotspots and their perimeters.", no_args_is_help=True)
app.add_typer(hotspots, name="hotspots")


@hotspots.command(epilog="Example: vicus hotspots propose --count 21 --out proposed.geojson")
def propose(
    count: Annotated[int, typer.Option(help="How many perimeters at most.", min=1)],
    file: Annotated[
        Path | None, typer.Option("--out", help="GeoJSON to write; importing it makes the hotspots.")
    ] = None,
    years: Annotated[int, typer.Option(help="Years of incidents to look at.", min=1)] = 3,
    cell: Annotated[float, typer.Option(help="Side of the cells that are compared, in metres.")] = 150.0,
    largest: Annotated[float, typer.Option(help="Largest perimeter, in square kilometres.")] = 0.5,
    q: Annotated[float, typer.Option(help="False-discovery rate of the cells called hot.")] = 0.05,
    until: Annotated[str | None, typer.Option(help="Last month counted.", metavar="YYYY-MM")] = None,
    sources: Annotated[str, typer.Option(help="reported, discovered or all.")] = "reported",
    language: Annotated[str, typer.Option(help="Language of the sentence: nl, fr or en.")] = "en",
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Propose perimeters where incidents cluster beyond chance, and say how much they capture."""
    the = the_zone(zone)
    from vicus.cli.figures import the_month
    from vicus.web.hotspots import figures
    from vicus.web.hotspots.proposing import propose as propose_perimeters

    if sources not in figures.SOURCES:
        raise Refused(f"There are no sources {sources}: choose {', '.join(figures.SOURCES)}.", code=2)
    proposal = propose_perimeters(
        zone=the,
        actor=operator(),
        count=count,
        years=years,
        cell_size=cell,
        largest=largest,
        q=q,
        sources=sources,
        until=the_month(until) if until else None,
    )
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(proposal.geojson(), encoding="utf-8")
    if json_output:
        typer.echo(proposal.geojson())
        return
    out.print(proposal.sentence(language), markup=False)
    table = Table("rank", "incidents", "km2", "per km2", "highest Gi*", box=None)
    for row in proposal.table.itertuples():
        table.add_row(
            str(row.rank), str(row.n), f"{row.area_km2:.3f}", f"{row.density:.0f}", f"{row.gi_max:.1f}"
        )
    if len(proposal.table):
        out.print(table)
    if 0 < len(proposal.table) < count:
        out.print(f"Fewer than asked for: {proposal.about['why']}.", markup=False)
    if file is not None:
        out.print(f"Written to {file}. Look at it, then: vicus hotspots import {file}", markup=False)


@hotspots.command(
    "import", epilog="Example: vicus hotspots import proposed.geojson --decided-by 'Zonal council'"
)
def import_(
    file: Annotated[Path, typer.Argument(help="GeoJSON, GeoPackage or Shapefile, in any coordinate system.")],
    decided_by: Annotated[str, typer.Option(help="Role or body that decided.")] = "zone direction",
    reference: Annotated[str, typer.Option(help="Reference of the decision.")] = "",
    valid_from: Annotated[
        str | None,
        typer.Option(
            help="Day on which the outlines come into force; today when left out.", metavar="YYYY-MM-DD"
        ),
    ] = None,
    crs: Annotated[str, typer.Option(help="Coordinate system of the file, when it does not say it.")] = "",
    layer: Annotated[str, typer.Option(help="Layer of a GeoPackage with several.")] = "",
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Import hotspots with their perimeters. The same outline again changes nothing; another one is a new version."""
    the = the_zone(zone)
    from vicus.cli.incidents import day
    from vicus.web.hotspots.outlines import REASONS
    from vicus.web.hotspots.services import Decision, import_perimeters

    decision = Decision(decided_by=decided_by, reference=reference, valid_from=day(valid_from))
    report = import_perimeters(
        zone=the, path=file, actor=operator(), decision=decision, source_crs=crs, layer=layer
    )
    if json_output:
        typer.echo(json.dumps(report.as_dict()))
    else:
        out.print(
            f"{len(report.added)} hotspots added, {len(report.changed)} given a new outline, {len(report.unchanged)} unchanged, "
            f"{len(report.repaired)} outlines repaired, {len(report.refused)} refused.",
            markup=False,
        )
        for refusal in report.refused:
            out.print(f"  row {refusal.row}: {REASONS.get(refusal.code, refusal.code)}", markup=False)
    if report.refused and not (report.added or report.changed or report.unchanged):
        raise typer.Exit(BAD_INPUT)


@hotspots.command(epilog="Example: vicus hotspots assign 12 --manager ann --deputy ben")
def assign(
    number: Annotated[int, typer.Argument(help="Number of the hotspot.")],
    manager: Annotated[
        str | None, typer.Option(help="User name of the manager; '' for nobody; left out, it stays as it is.")
    ] = None,
    deputy: Annotated[str | None, typer.Option(help="User name of the deputy, in the same way.")] = None,
    zone: ZoneOption = None,
) -> None:
    """Say who manages a hotspot and who deputises: hotspot managers of the zone, who may open its facts."""
    the = the_zone(zone)
    from vicus.web.hotspots import services
    from vicus.web.hotspots.models import Hotspot
    from vicus.web.hotspots.queries import managers

    hotspot = Hotspot.objects.filter(zone=the, number=number).first()
    if hotspot is None:
        raise Refused(f"There is no hotspot {number} in {the.slug}.", code=NOT_THERE)
    people = {user.username: user for user in managers(the)}
    for name in filter(None, (manager, deputy)):
        if name not in people:
            known = ", ".join(sorted(people)) or "none yet"
            raise Refused(f"{name} is no hotspot manager of {the.slug}. Hotspot managers: {known}")
    services.assign(
        hotspot=hotspot,
        manager=hotspot.manager if manager is None else people.get(manager),
        deputy=hotspot.deputy if deputy is None else people.get(deputy),
        actor=operator(),
    )
    out.print(
        f"{hotspot.title}: manager {hotspot.manager or 'nobody'}, deputy {hotspot.deputy or 'nobody'}",
        markup=False,
    )


@hotspots.command("list", epilog="Example: vicus hotspots list --json")
def list_(zone: ZoneOption = None, json_output: JsonOption = False) -> None:
    """List the hotspots with the perimeter in force."""
    the = the_zone(zone)
    from vicus.web.hotspots import queries, services

    today = services.today(the)
    rows = []
    for hotspot in queries.hotspots(the):
        force = next((p for p in hotspot.perimeters.all() if p.in_force_on(today)), None)
        rows.append(
            {
                "number": hotspot.number,
                "name": hotspot.name,
                "status": hotspot.status,
                "perimeter_version": force.version if force else None,
                "area_km2": round(force.area_m2 / 1e6, 4) if force else None,
                "valid_from": force.valid_from.isoformat() if force else None,
                "review_due": force.review_due.isoformat() if force else None,
            }
        )
    if json_output:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        out.print("There are no hotspots yet. Propose some: vicus hotspots propose --help")
        return
    table = Table(*(name.replace("_", " ") for name in rows[0]), box=None)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    out.print(table)

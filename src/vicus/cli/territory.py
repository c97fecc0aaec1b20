"""`vicus territory`: the areas of the zone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vicus.cli.app import app, out
from vicus.cli.installation import JsonOption, ZoneOption, operator, the_zone

if TYPE_CHECKING:
    from vicus.web.zone.territory.streets import StreetsReport

territory = typer.Typer(
    help="Communes, divisions, commissariats, sectors and streets of the zone.", no_args_is_help=True
)
app.add_typer(territory, name="territory")


@territory.command("import", epilog="Example: vicus territory import sectors.geojson")
def import_(
    file: Annotated[
        Path, typer.Argument(help="GeoJSON, GeoPackage or Shapefile (also zipped), in any coordinate system.")
    ],
    kind: Annotated[
        str | None,
        typer.Option(help="commune, division, commissariat, sector (guessed when left out), or street."),
    ] = None,
    code: Annotated[str | None, typer.Option(help="Column that holds the code of an area.")] = None,
    parent: Annotated[str | None, typer.Option(help="Column that holds the code of the area above.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of a GeoPackage with several.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Import areas with their names, or streets; importing the same file again changes nothing."""
    the = the_zone(zone)
    from vicus.web.zone.services import import_territory
    from vicus.web.zone.territory.streets import KIND, import_streets

    if kind == KIND:
        laid = import_streets(zone=the, path=file, actor=operator(), layer=layer, dry_run=dry_run)
        typer.echo(json.dumps(dataclasses.asdict(laid))) if json_output else _tell_streets(laid)
        return
    columns = {name: value for name, value in {"kind": kind, "code": code, "parent": parent}.items() if value}
    report = import_territory(
        zone=the, path=file, actor=operator(), columns=columns, layer=layer, dry_run=dry_run
    )
    if json_output:
        typer.echo(json.dumps(dataclasses.asdict(report), default=str))
        return
    what = "Checked, nothing changed" if report.dry_run else "Imported"
    out.print(
        f"{what}: {report.read} areas of kind {report.kind}, {report.in_zone} in the zone; "
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged.",
        markup=False,
    )
    for title, found in (
        ("Areas above made from this file", report.parents_made),
        ("Outlines repaired", report.repaired),
        ("Without a name in every language", report.nameless),
        ("Reaching out of the area above", [f"{name} ({share:.1%})" for name, share in report.sticking_out]),
        ("Overlapping", [f"{a} and {b} ({m2:.0f} m2)" for a, b, m2 in report.overlaps]),
        ("In the zone but not in this file", report.absent),
    ):
        if found:
            out.print(
                f"  {title}: {len(found)}: {', '.join(found[:8])}{' …' if len(found) > 8 else ''}",
                markup=False,
            )


def _tell_streets(report: StreetsReport) -> None:
    what = "Checked, nothing changed" if report.dry_run else "Imported" if report.changed else "Unchanged"
    out.print(
        f"{what}: {report.streets} streets, {report.kilometres:.1f} km, from {report.read} lines; "
        f"{report.nameless} without a name; {report.left_out} lines far from the zone left out.",
        markup=False,
    )

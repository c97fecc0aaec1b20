"""`vicus territory`: the areas of the zone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from vicus.cli.app import app, out
from vicus.cli.installation import JsonOption, ZoneOption, operator, the_zone

territory = typer.Typer(help="Communes, divisions, commissariats and sectors of the zone.", no_args_is_help=True)
app.add_typer(territory, name="territory")


@territory.command("import", epilog="Example: vicus territory import sectors.geojson")
def import_(
    file: Annotated[Path, typer.Argument(help="GeoJSON, GeoPackage or Shapefile (also zipped), in any coordinate system.")],
    zone: ZoneOption = None,
    json_output: JsonOption = False,
) -> None:
    """Import areas with their names; importing the same file again changes nothing."""
    the = the_zone(zone)
    from vicus.web.zone.services import import_territory

    report = import_territory(zone=the, path=file, actor=operator())
    if json_output:
        typer.echo(json.dumps(dataclasses.asdict(report), default=str))
        return
    out.print(str(report), markup=False)

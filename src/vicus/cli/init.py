"""`vicus init`: a new zone."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from vicus.cli.app import Refused, app, out
from vicus.cli.installation import JsonOption, migrate, operator, start


@app.command(
    epilog='Example: vicus init 5340 --name-nl "Brussel-West" --name-fr "Bruxelles-Ouest" --crs 31370'
)
def init(
    slug: Annotated[
        str, typer.Argument(help="Short name of the zone, as in addresses: small letters, digits, hyphens.")
    ],
    name_nl: Annotated[str, typer.Option(help="Name in Dutch.")] = "",
    name_fr: Annotated[str, typer.Option(help="Name in French.")] = "",
    name_en: Annotated[str, typer.Option(help="Name in English.")] = "",
    crs: Annotated[int, typer.Option(help="EPSG code of a coordinate system in metres.")] = 31370,
    timezone: Annotated[str, typer.Option(help="Time zone of the facts.")] = "Europe/Brussels",
    administrator: Annotated[
        str, typer.Option(help="User name of the first administrator.")
    ] = "administrator",
    json_output: JsonOption = False,
) -> None:
    """Make a new zone, with an empty store of incidents and a first administrator."""
    start()
    migrate()
    from vicus.web.accounts.models import User
    from vicus.web.accounts.services import create_user
    from vicus.web.facts.services import open_store
    from vicus.web.zone.models import Zone
    from vicus.web.zone.services import assign_role, create_zone

    if Zone.objects.filter(slug=slug).exists():
        raise Refused(f"There is a zone {slug} already. Choose another short name.")
    names = {"nl": name_nl, "fr": name_fr, "en": name_en}
    zone = create_zone(
        actor=operator(),
        slug=slug,
        names={language: name for language, name in names.items() if name} or {"en": slug},
        crs=crs,
        timezone=timezone,
    )
    open_store(zone)
    user, password = User.objects.filter(username=administrator.lower()).first(), ""
    if user is None:
        user, password = create_user(
            actor=operator(), username=administrator, name="Administrator", zone=zone
        )
    assign_role(actor=operator(), zone=zone, user=user, role="administrator")
    if json_output:
        typer.echo(
            json.dumps({"zone": slug, "crs": crs, "administrator": administrator, "password": password})
        )
        return
    out.print(f"Zone {slug} is ready ({zone.name}, EPSG:{crs}, {timezone}).", markup=False)
    if password:
        out.print(
            f"First sign-in: {administrator} with password {password} (to be changed then).", markup=False
        )
    out.print("Next: vicus territory import FILE, vicus incidents import FILE, vicus serve", markup=False)

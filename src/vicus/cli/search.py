"""`vicus search`: the index of what was written, and a question to it."""

from __future__ import annotations

import json

import typer

from vicus.cli.app import app, out
from vicus.cli.installation import JsonOption, start

search = typer.Typer(help="The index that searches rest on.", no_args_is_help=True)
app.add_typer(search, name="search")


@search.command(epilog="Example: vicus search rebuild   (some minutes for a hundred thousand texts)")
def rebuild(json_output: JsonOption = False) -> None:
    """Make the index anew from all texts. `vicus tick` adds what is missing by itself; this starts from nothing."""
    start()
    from vicus.web.search.index import rebuild as anew

    n = anew()
    if json_output:
        typer.echo(json.dumps({"documents": n}))
    else:
        out.print(f"{n} texts can be found.", markup=False)

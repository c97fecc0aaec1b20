"""`vicus tick` and `vicus retention`: what has had its time goes, what comes back each month is worked out."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from vicus.cli.app import Refused, app, out
from vicus.cli.installation import JsonOption, ZoneOption, operator, start, the_zone


@app.command(epilog="Example: vicus tick   (once a day, from a systemd timer or cron)")
def tick(json_output: JsonOption = False) -> None:
    """Do what is due: remove closed accounts, old imports, facts beyond the limit of the zone, ended sessions.

    Also finished tasks and kept figures that nobody asked for in a month. After a new month of facts it works out
    whether each perimeter still holds its problem. Doing it again changes nothing; what fails leaves the rest done and
    is tried again the next time.
    """
    start()
    from vicus.web.governance.ticking import run
    from vicus.web.site.schedule import JOBS

    outcome = run(JOBS)
    done = {kind: n for kind, n in outcome.done.items() if n}
    if json_output:
        typer.echo(json.dumps(done))
    else:
        out.print("\n".join(f"{n} {kind}" for kind, n in done.items()) or "Nothing was due.", markup=False)
    if outcome.failed:
        raise Refused(
            f"Failed, and tried again next time: {'; '.join(outcome.failed)}. The log says why. "
            "Everything else was done."
        )


@app.command(epilog="Example: vicus retention --facts-years 10")
def retention(
    facts_years: Annotated[
        int | None, typer.Option(help="Years that facts are kept; 0 for no limit.", min=0, max=100)
    ] = None,
    zone: ZoneOption = None,
) -> None:
    """Say how long the facts of a zone are kept, or change it. `vicus tick` removes what lies before.

    Whole months go: with ten years, in October 2026 everything before October 2016.
    """
    the = the_zone(zone)
    from vicus.web.facts.retention import limit_of
    from vicus.web.hotspots.services import today
    from vicus.web.zone.services import keep_facts

    if facts_years is not None:
        if facts_years and the.is_demo:
            raise Refused("The demonstration keeps its facts.")
        keep_facts(actor=operator(), zone=the, years=facts_years or None)
    limit = limit_of(the, today(the))
    if limit is None:
        out.print(f"{the.slug}: facts are kept until somebody erases them; no limit is set.", markup=False)
    else:
        out.print(
            f"{the.slug}: facts are kept for {the.facts_kept_years} years; what lies before {limit} goes.",
            markup=False,
        )

"""`vicus demo`: a demonstration zone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from vicus.cli.app import app, err, out
from vicus.cli.installation import migrate, start


@app.command(epilog="Example: vicus --home /tmp/try demo --serve")
def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Serve the zone when it is made.")] = False,
    port: Annotated[int, typer.Option(help="Port to listen on, on this machine only.")] = 8000,
) -> None:
    """Make the demonstration zone (once) and, with --serve, serve it with a switch between roles.

    Generated incidents on schematic geometry; no real incident and no real person stands behind it.
    """
    if serve:
        os.environ["VICUS_DEMO"] = "1"
    start()
    migrate()
    from django.conf import settings
    from django.db import connections

    from vicus.demo.loading import load
    from vicus.web.accounts.models import User
    from vicus.web.zone.models import Zone

    zone = Zone.objects.filter(is_demo=True).first()
    if zone is None:
        with Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True
        ) as bar:
            task = bar.add_task("", total=1.0)
            zone = load(
                Path(settings.FILES_ROOT) / "demonstration",
                lambda step, share: bar.update(task, description=step, completed=share),
            )
    out.print(f"{zone.name}: {zone.hotspots.count()} hotspots, in {settings.VICUS_HOME}", markup=False)
    accounts = User.objects.filter(is_demo=True).order_by("pk")
    out.print(
        "Accounts (one per role; opened from the sign-in page without a password, on this machine only):"
    )
    for user in accounts:
        out.print(f"  {user.username:<24} {user.role_in(zone.slug).replace('_', ' ')}", markup=False)
    out.print(
        f"What residents read: VICUS_PUBLIC={settings.PUBLIC_FOLDER} vicus serve --public --port {port + 1}",
        markup=False,
    )
    if serve:
        # A process of its own: the store's threads, at work while the zone was made, do not survive the fork of a server.
        connections.close_all()
        words = [sys.executable, "-m", "vicus", "serve", "--port", str(port)]
        os.execv(sys.executable, words)  # noqa: S606 - our own interpreter and command
    else:
        out.print("Serve it: vicus demo --serve", markup=False)

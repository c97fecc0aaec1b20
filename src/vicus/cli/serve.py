"""`vicus serve`: the site and its background work."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from vicus.cli.app import NOT_THERE, Refused, app, err, out
from vicus.cli.background import Background
from vicus.cli.installation import migrate, start
from vicus.web.public.database import public_folder


@app.command(epilog="Example: vicus serve --port 8000")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.")] = 2,
    public: Annotated[
        bool, typer.Option("--public", help="Serve what residents read, and nothing else.")
    ] = False,
) -> None:
    """Serve the site, and do background work (imports, reports) beside it. Stop with Ctrl-C.

    With --public it serves the published bulletins alone: a process of its own, best under an account of its own,
    that needs the folder VICUS_PUBLIC (or the database VICUS_PUBLIC_DATABASE) and not the data folder.
    """
    if public:
        serve_public(host=host, port=port)
        return
    start()
    if told := unreachable(host):
        err.print(told, style="yellow", markup=False)
    migrate()
    run(host=host, port=port, workers=workers)


def serve_public(*, host: str, port: int) -> None:
    """The public side: settings, database and pages of its own. What leads to the data folder is put away first."""
    home = Path(os.environ.pop("VICUS_HOME", "") or ".vicus")
    os.environ.pop("VICUS_DATABASE", None)
    folder = public_folder(home)
    if not os.environ.get("VICUS_PUBLIC_DATABASE"):
        if not (folder / "public.sqlite3").exists():
            raise Refused(
                f"There is no public.sqlite3 in {folder}. Name the folder in VICUS_PUBLIC; `vicus serve` makes the file.",
                code=NOT_THERE,
            )
        os.environ["VICUS_PUBLIC"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "vicus.web.public.settings"
    # What is written beside the database (its log) is for the group of the folder, which the site belongs to.
    os.umask(0o007)
    out.print(f"The bulletins are on http://{host}:{port}/  (Ctrl-C stops it)", markup=False)
    # One process, so that the limits on feedback, which are in its memory alone, hold.
    site("vicus.web.public.wsgi", bind=f"{host}:{port}", workers=1, threads=8, timeout=30).run()


def unreachable(host: str) -> str:
    """What to do when the site listens for other machines but answers to this one's names alone; empty otherwise."""
    from django.conf import settings

    if host in ("localhost", "127.0.0.1", "::1", "[::1]") or not settings.ONLY_THIS_MACHINE:
        return ""
    return (
        f"The site listens on {host}, but answers to {', '.join(settings.ALLOWED_HOSTS)} only: other machines get "
        "an error. Say by which names they ask for it, VICUS_HOSTS=vicus.zone.example, and put a proxy with TLS "
        "in front of it (docs/how-to/run.md)."
    )


def _ready(_worker: Any) -> None:
    """Load in each process what its first reader would wait for; it answers meanwhile."""
    from vicus.web.hotspots import warming

    threading.Thread(target=warming.instruments, daemon=True).start()


def run(*, host: str, port: int, workers: int) -> None:
    """Start the worker for background tasks and the web server; both end together."""
    background = Background(
        [sys.executable, "-m", "django", "db_worker", "--queue-name", "*", "--no-startup-delay"],
        {**os.environ, "DJANGO_SETTINGS_MODULE": "vicus.web.site.settings"},
    )
    out.print(f"Vicus listens on http://{host}:{port}/  (Ctrl-C stops it)", markup=False)
    try:
        site(
            "vicus.web.site.wsgi",
            bind=f"{host}:{port}",
            workers=workers,
            threads=4,
            timeout=120,
            post_worker_init=_ready,
        ).run()
    finally:
        background.stop()


def site(module: str, **settings: Any) -> Any:
    """The web server with the application of a module; configured here instead of by a file."""
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):  # type: ignore[misc]
        """Gunicorn with one application."""

        def load_config(self) -> None:
            for name, value in {
                "worker_class": "gthread",
                "preload_app": True,
                "accesslog": None,
                "errorlog": "-",
                "loglevel": "warning",
                "control_socket_disable": True,
                **settings,
            }.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return importlib.import_module(module).application

    return Site()

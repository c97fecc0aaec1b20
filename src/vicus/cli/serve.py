"""`vicus serve`: the site and its background work."""

from __future__ import annotations

import os
import sys
import threading
from typing import Annotated, Any

import typer

from vicus.cli.app import app, err, out
from vicus.cli.background import Background
from vicus.cli.installation import migrate, start


@app.command(epilog="Example: vicus serve --port 8000")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.")] = 2,
) -> None:
    """Serve the site, and do background work (imports, reports) beside it. Stop with Ctrl-C."""
    start()
    if told := unreachable(host):
        err.print(told, style="yellow", markup=False)
    migrate()
    run(host=host, port=port, workers=workers)


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
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):  # type: ignore[misc]
        """Gunicorn, configured here instead of by a file."""

        def load_config(self) -> None:
            for name, value in {
                "bind": f"{host}:{port}",
                "workers": workers,
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 120,
                "preload_app": True,
                "post_worker_init": _ready,
                "accesslog": None,
                "errorlog": "-",
                "loglevel": "warning",
                "control_socket_disable": True,
            }.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from vicus.web.site.wsgi import application

            return application

    background = Background(
        [sys.executable, "-m", "django", "db_worker", "--queue-name", "*", "--no-startup-delay"],
        {**os.environ, "DJANGO_SETTINGS_MODULE": "vicus.web.site.settings"},
    )
    out.print(f"Vicus listens on http://{host}:{port}/  (Ctrl-C stops it)", markup=False)
    try:
        Site().run()
    finally:
        background.stop()

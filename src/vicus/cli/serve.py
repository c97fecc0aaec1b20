"""`vicus serve`: the site and its background work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Annotated, Any

import typer

from vicus.cli.app import app, out
from vicus.cli.installation import migrate, start


@app.command(epilog="Example: vicus serve --port 8000")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.")] = 2,
) -> None:
    """Serve the site, and do background work (imports, reports) beside it. Stop with Ctrl-C."""
    start()
    migrate()
    run(host=host, port=port, workers=workers)


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

    background = subprocess.Popen(
        [sys.executable, "-m", "django", "db_worker", "--queue-name", "*", "--no-startup-delay"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "vicus.web.site.settings"},
    )
    out.print(f"Vicus listens on http://{host}:{port}/  (Ctrl-C stops it)", markup=False)
    try:
        Site().run()
    finally:
        background.terminate()
        background.wait(timeout=10)

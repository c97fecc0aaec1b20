"""Charts for a page: drawn once on the server, and the specification that redraws them there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from vicus.pictures import drawing
from vicus.web.hotspots import keeping

PAGE_WIDTH = 720
"""px of the picture drawn on the server; scripts redraw it at the width of the screen."""


def chart(name: str, draw: Callable[..., Any], alternative: str, *, live: bool = True) -> dict[str, Any]:
    """The context of a chart: `draw` takes width and captions, as every picture does."""
    fixed = drawing.spec(draw(width=PAGE_WIDTH, captions=False))
    return {
        "id": name,
        "spec_id": f"{name}-spec",
        "svg": drawn(fixed, lambda: draw(width=PAGE_WIDTH, captions=False)),
        "spec": drawing.spec(draw(width="container")) if live else None,
        "alternative": alternative,
    }


def drawn(specification: dict[str, Any], draw: Callable[[], Any]) -> str:
    """The picture as SVG, kept by its specification, which holds data, theme and all."""
    text = json.dumps(specification, sort_keys=True, default=str)
    name = keeping.key("svg", {"specification": hashlib.sha256(text.encode()).hexdigest()})
    return keeping.kept(name, lambda: drawing.svg(draw()))

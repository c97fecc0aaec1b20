"""Charts for a page: drawn once on the server, and the specification that redraws them there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vicus.pictures import drawing
from vicus.web.hotspots import keeping

PAGE_WIDTH = 720
"""px of the picture drawn on the server; scripts redraw it at the width of the screen."""


def chart(name: str, parts: Mapping[str, Any], draw: Callable[..., Any]) -> dict[str, Any]:
    """The context of a chart: `draw` takes width and captions, as every picture does; `parts` are what it depends on."""

    def made() -> tuple[str, dict[str, Any]]:
        fixed = draw(width=PAGE_WIDTH, captions=False)
        return drawing.svg(fixed), drawing.spec(draw(width="container"))

    svg, spec = keeping.kept(keeping.key(name, parts, rooms=keeping.DRAWING), made)
    return {
        "id": name,
        "spec_id": f"{name}-spec",
        "svg": svg,
        "spec": spec,
        "alternative": spec["description"],
    }


def still(name: str, parts: Mapping[str, Any], draw: Callable[[], Any]) -> tuple[str, str]:
    """A picture without a specification: SVG and text alternative."""

    def made() -> tuple[str, str]:
        drawn = draw()
        return drawing.svg(drawn), str(drawing.spec(drawn)["description"])

    return keeping.kept(keeping.key(name, parts, rooms=keeping.DRAWING), made)

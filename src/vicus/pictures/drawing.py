"""From a chart to a specification for the page, an SVG for the document, a PNG for anything else; offline."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import vl_convert

from vicus.pictures.tokens import FONTS, tokens

# The compiler's version is named, so that a newer one in the same library does not change old pictures.
VEGA_LITE = "6.4"
NOWHERE: list[str] = []


class DrawingError(RuntimeError):
    """A picture could not be drawn."""


def spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The Vega-Lite specification, whole: data, theme and all, for vega-embed with the AST interpreter."""
    # Asked for as a part, the chart takes no theme that a notebook has switched on: it brings its own.
    context: dict[str, Any] = {"top_level": False, "datasets": {}}
    result: dict[str, Any] = chart.to_dict(context=context, validate=False)
    return {"$schema": alt.SCHEMA_URL, **result, "datasets": context["datasets"]}


def svg(chart: alt.TopLevelMixin) -> str:
    """The picture as SVG: the same text for the same chart, no network; the text alternative is its label."""
    fonts()
    specification = _fixed(spec(chart))
    drawn = str(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=NOWHERE))
    return _labelled(drawn, str(specification.get("description", "")))


def png(chart: alt.TopLevelMixin, scale: float = 2) -> bytes:
    """The picture as PNG on the ground of its scheme with a margin around; `scale` is px per unit."""
    fonts()
    specification = _fixed(spec(chart))
    scheme = specification.get("usermeta", {}).get("vicus", {}).get("scheme", "light")
    specification["background"] = tokens().colours(scheme)["paper"]
    specification["padding"] = tokens().space["s"]
    return bytes(
        vl_convert.vegalite_to_png(
            specification, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=NOWHERE
        )
    )


def _fixed(specification: dict[str, Any]) -> dict[str, Any]:
    if specification.get("width") == "container":
        raise DrawingError(
            "This picture takes its width from a page. Make it with a width in px to draw it as SVG or PNG."
        )
    return specification


def _labelled(drawn: str, description: str) -> str:
    """Name the picture for a screen reader: role and label on the root, a title inside."""
    from xml.sax.saxutils import escape, quoteattr

    head, rest = drawn.split(">", 1)
    label = quoteattr(description)
    return f'{head} role="img" aria-label={label}><title>{escape(description)}</title>{rest}'


@cache
def fonts() -> None:
    """Register the fonts of the house with the drawing library, once."""
    if not any(FONTS.glob("*.ttf")):
        raise DrawingError(
            f"No fonts in {FONTS}: run scripts/vendor, or the words of pictures would be lost."
        )
    vl_convert.register_font_directory(str(FONTS))

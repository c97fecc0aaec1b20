"""The Vega-Lite theme of Vicus, in a light and a dark scheme, made from the tokens."""

from __future__ import annotations

from typing import Any

import altair as alt

from vicus.pictures.tokens import SCHEMES, Scheme, tokens

# A family name with a digit of its own must be quoted, or SVG readers drop the text.
FONT = f"'{tokens().type['sans']}', sans-serif"

SIZES = {"title": 16, "subtitle": 13, "label": 12, "small": 11, "mark": 19}
"""px; drawn at 640 px over a text width of 170 mm, 12 px are 9 pt on paper."""


def config(scheme: Scheme = "light") -> dict[str, Any]:
    """The `config` of a specification.

    Marks carry no ARIA of their own: the picture has one text alternative and a table beside it, and a screen
    reader would otherwise read out every point in English.
    """
    colours, data = tokens().colours(scheme), tokens().data(scheme)
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 0,
        "view": {"stroke": None},
        "mark": {"aria": False},
        "axis": {
            "aria": False,
            "domainColor": colours["line"],
            "gridColor": colours["line"],
            "labelColor": colours["muted"],
            "labelFontSize": SIZES["label"],
            "tickColor": colours["line"],
            "titleColor": colours["muted"],
            "titleFontWeight": "normal",
        },
        "legend": {"aria": False, "labelColor": colours["muted"], "titleColor": colours["muted"]},
        "title": {"aria": False, "color": colours["ink"], "anchor": "start"},
        "text": {"color": colours["ink"], "fontSize": SIZES["label"]},
        "line": {"color": data["value"], "strokeWidth": 2},
        "point": {"color": data["value"], "filled": True},
        "bar": {"color": data["value"]},
        "geoshape": {"stroke": colours["muted"], "fill": None},
        "range": {
            "category": list(tokens().category_colours(scheme)),
            "heatmap": list(tokens().density),
            "ramp": list(tokens().density),
            "diverging": [data["below"], data["expected"], data["above"]],
        },
    }


def register() -> None:
    """Offer the theme to a notebook: ``altair.theme.enable("vicus-light")`` dresses the reader's own charts."""
    for scheme in SCHEMES:
        alt.theme.register(f"vicus-{scheme}", enable=False)(_themed(scheme))


def _themed(scheme: Scheme) -> Any:
    def theme() -> Any:
        return alt.theme.ThemeConfig(config=config(scheme))  # type: ignore[typeddict-item]

    return theme


register()

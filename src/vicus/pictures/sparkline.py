"""A series the size of a word, for ranked lists."""

from __future__ import annotations

from typing import Any

import altair as alt

from vicus.pictures import alternatives
from vicus.pictures.figures import PlaceFigures
from vicus.pictures.sheet import Caption, Sheet, Style, mark_layer
from vicus.pictures.tokens import Scheme

MONTHS = 24
EDGE = 4


def sparkline(
    figures: PlaceFigures,
    language: str,
    *,
    scheme: Scheme = "light",
    width: int = 120,
    height: int = 28,
    highest: float | None = None,
) -> alt.LayerChart:
    """Draw the last two years of a place as a line over its expected band, the present month as a dot.

    Parameters
    ----------
    highest : float, optional
        Top of the count axis, to let the sparklines of a list share one scale; by default that of the place.

    Other parameters are those of `vicus.pictures.series.series`.
    """
    months = list(figures.series)[-MONTHS:]
    style = Style(scheme, width, captions=False)
    sheet = Sheet(style, Caption("", ""), alternatives.sparkline(figures, language))
    top = highest or max([m.n for m in months] + [m.high or 0 for m in months] + [1])
    across = {"domain": [0, max(len(months), 1)], "range": [EDGE, width - EDGE], "nice": False, "zero": False}
    upwards = {"domain": [0, top], "range": [height - EDGE, EDGE], "nice": False, "zero": True}
    x = {"field": "x", "type": "quantitative", "scale": across, "axis": None}
    y = {"field": "n", "type": "quantitative", "scale": upwards, "axis": None}
    base = {"x": {"value": 0}, "x2": {"value": width}, "y": {"value": height - EDGE}}
    sheet.add(mark_layer([{}], "rule", base, color=style.colour("line"), strokeWidth=1))
    bands = [
        {"x": i, "x2": i + 1, "n": m.low, "n2": m.high}
        for i, m in enumerate(months)
        if m.low is not None and m.high is not None
    ]
    cells = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "n2"}}
    sheet.add(mark_layer(bands, "rect", cells, color=style.colour("band")))
    line = [{"x": i + 0.5, "n": m.n} for i, m in enumerate(months)]
    sheet.add(
        mark_layer(
            line, "line", {"x": x, "y": y}, color=style.colour("value"), strokeWidth=1.5, strokeJoin="round"
        )
    )
    state = {"above": "above", "below": "below"}.get(figures.state, "value")
    dot: dict[str, Any] = {"size": 32, "filled": True, "opacity": 1, "color": style.colour(state)}
    if figures.state == "not enough data":
        dot = {
            **dot,
            "color": style.colour("paper"),
            "stroke": style.colour("muted"),
            "strokeWidth": 1.5,
        }
    sheet.add(mark_layer(line[-1:], "point", {"x": x, "y": y}, **dot))
    sheet.y = height - 4
    return sheet.finish("sparkline")

"""Places in a funnel: observed over expected against how much was expected, in limits that narrow with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from vicus.pictures.lettering import width as text_width
from vicus.pictures.sheet import PRINT_WIDTH, Caption, Sheet, Style, Width, mark_layer, text_layer, ticks
from vicus.pictures.theme import SIZES
from vicus.pictures.tokens import Scheme
from vicus.pictures.words import number

FURTHEST = 4.0
"""Ratios beyond this stand at the edge, as triangles; the words say how large they are."""
LEFT, RIGHT, HEIGHT = 44, 16, 300


@dataclass(frozen=True)
class Point:
    """A place: its label, how much was expected, the ratio with the limits there, and what a tooltip says of it."""

    label: str
    expected: float
    ratio: float
    low: float
    high: float
    state: str
    named: bool
    told: str


@dataclass(frozen=True)
class Words:
    """The words in the picture: what stands across and upwards, the line at 1, the band, a column of the tooltip."""

    across: str
    upwards: str
    as_expected: str
    band: str
    place: str
    finding: str


def funnel(
    points: Sequence[Point],
    language: str,
    words: Words,
    *,
    scheme: Scheme = "light",
    width: Width = PRINT_WIDTH,
    captions: bool | None = None,
) -> alt.LayerChart:
    """Draw the funnel; places named are filled and labelled, with a sign of their own beside their colour.

    Parameters
    ----------
    points : sequence of Point
        One a place, in any order.
    words : Words
        In the language; `finding` is the title and begins the text alternative.

    Other parameters are those of `vicus.pictures.series.series`.
    """
    style = Style(scheme, width, captions)
    ordered = sorted(points, key=lambda p: p.expected)
    told = " ".join(p.told for p in ordered if p.named)
    sheet = Sheet(style, Caption(words.finding, words.band), f"{words.finding} {words.band} {told}".strip())
    top = min(FURTHEST, max([2.0, *(p.ratio for p in ordered), *(min(p.high, 2.5) for p in ordered)]) * 1.05)
    most = max([4.0, *(p.expected for p in ordered)]) * 1.06
    start, foot = sheet.y + 22, sheet.y + 22 + HEIGHT
    least = 0.6 * ordered[0].expected if ordered else 0.0
    across = {
        "domain": [least, most], "range": [LEFT, style.right(RIGHT)], "type": "sqrt", "nice": False, "zero": False,
    }  # fmt: skip
    upwards = {"domain": [0, top], "range": [foot, start], "nice": False, "zero": True, "clamp": True}
    x = {"field": "x", "type": "quantitative", "scale": across, "axis": None}
    y = {"field": "y", "type": "quantitative", "scale": upwards, "axis": None}
    right = style.right(RIGHT)
    ends = {"x": {"value": LEFT}, "x2": {"value": right}}
    steps = [i * (0.5 if top <= 2.5 else 1.0) for i in range(int(top / (0.5 if top <= 2.5 else 1.0)) + 1)]
    lines = [{"y": v} for v in steps]
    sheet.add(mark_layer(lines, "rule", {**ends, "y": y}, color=style.colour("line"), strokeWidth=1))
    band = [{"x": p.expected, "y": min(p.low, top), "y2": min(p.high, top)} for p in ordered]
    sheet.add(
        mark_layer(band, "area", {"x": x, "y": y, "y2": {"field": "y2"}}, color=style.colour("band"), interpolate="monotone"),
        mark_layer([{"y": 1.0}], "rule", {**ends, "y": y}, color=style.colour("muted"), strokeWidth=1.5),
    )  # fmt: skip
    sheet.add(
        text_layer(
            [{"text": f"{number(v, language, decimals=v % 1 > 0)} ×", "y": v} for v in steps],
            style, align="right", x={"value": LEFT - 8}, y=y,
        ),
        text_layer(
            [{"text": number(v, language), "x": v, "y": foot + 16} for v in ticks(most) if least <= v <= most],
            style, align="center", x=x,
        ),
        text_layer([{"text": words.upwards, "x": 0, "y": start - 14}], style),
        text_layer([{"text": words.across, "y": foot + 36}], style, align="right", x={"value": right}),
        text_layer([{"text": words.as_expected, "y": 1.0}], style, dy=-8, x={"value": LEFT + 2}, y=y),
    )  # fmt: skip
    for named in (False, True):
        for state in ("within", "above", "below"):
            some = [p for p in ordered if p.named is named and p.state == state]
            rows = [{"x": p.expected, "y": min(p.ratio, top), "place": p.label, "told": p.told} for p in some]
            colour = style.colour(state if state != "within" else "value")
            shape = {"above": "triangle-up", "below": "triangle-down", "within": "circle"}[state]
            look = {"fill": colour} if named else {"fill": style.colour("paper")}
            sheet.add(
                mark_layer(
                    rows, "point", {"x": x, "y": y}, tooltip=[("told", words.place)], shape=shape, size=70,
                    filled=True, opacity=1, stroke=colour, strokeWidth=1.5, **look,
                )
            )  # fmt: skip
    for p in ordered:
        if p.named:
            room = text_width(p.label, SIZES["label"])
            flip = p.expected > 0.75 * most and room > 20
            sheet.add(
                text_layer(
                    [{"text": p.label, "x": p.expected, "y": min(p.ratio, top)}], style, colour="ink", bold=True,
                    align="right" if flip else "left", dx=-10 if flip else 10, x=x, y=y,
                )
            )  # fmt: skip
    sheet.y = foot + 44
    return sheet.finish("funnel")

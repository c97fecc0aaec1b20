"""The sheet a picture is drawn on: head with the finding, the drawing, foot with source and versions.

Everything lies inside one drawing area whose places are reckoned in px from its top left corner, so the same
specification gives the same layout in a browser, a notebook and a document. Layers are plain Vega-Lite, checked
against its schema when the chart is made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import altair as alt

from vicus.pictures.lettering import wrap
from vicus.pictures.theme import SIZES, config
from vicus.pictures.tokens import Scheme, tokens

Layer = dict[str, Any]
Width = int | Literal["container"]

PRINT_WIDTH = 640
"""px: over the 170 mm between the margins of a page, 12 px are 9 pt."""


@dataclass(frozen=True)
class Style:
    """How a picture is to be drawn.

    Attributes
    ----------
    width : int or "container"
        px, or the width of the element of the page it is put into. A page sets title, subtitle and source as
        text of its own (see `Sheet.caption`), so a picture for a container has none of them.
    captions : bool, optional
        Draw title, subtitle and source; by default only with a fixed width.
    """

    scheme: Scheme = "light"
    width: Width = PRINT_WIDTH
    captions: bool | None = None

    @property
    def fluid(self) -> bool:
        """Does the width follow the page?"""
        return self.width == "container"

    @property
    def px(self) -> int:
        """The width, or the narrowest a container is expected to be."""
        return 320 if isinstance(self.width, str) else self.width

    @property
    def captioned(self) -> bool:
        """Are title, subtitle and source drawn?"""
        return not self.fluid if self.captions is None else self.captions

    def colour(self, name: str) -> str:
        """A colour of the scheme by the name of its token."""
        data = tokens().data(self.scheme)
        return data[name] if name in data else tokens().colours(self.scheme)[name]

    def right(self, distance: float) -> dict[str, Any] | float:
        """The place so many px from the right edge."""
        return {"expr": f"width - {distance:g}"} if self.fluid else self.px - distance


@dataclass(frozen=True)
class Caption:
    """The words around a picture: the finding, what is measured, where it comes from."""

    title: str
    subtitle: str
    source: str = ""


@dataclass
class Sheet:
    """A drawing that grows downwards: head, layers, foot."""

    style: Style
    caption: Caption
    description: str
    layers: list[Layer] = field(default_factory=list)
    y: float = 0

    def __post_init__(self) -> None:
        """Start with the head, when captions are asked for."""
        if self.style.captioned:
            self.lines(self.caption.title, "title", "ink", 20, bold=True)
            self.y += 2
            self.lines(self.caption.subtitle, "subtitle", "muted", 17)
            self.y += 10

    def add(self, *layers: Layer) -> None:
        """Put layers on top of those that are there."""
        self.layers.extend(layers)

    def finish(self, kind: str) -> alt.LayerChart:
        """The chart, with its foot."""
        if self.style.captioned and self.caption.source:
            self.y += 8
            self.lines(self.caption.source, "small", "muted", 14)
        self.y += 4
        return alt.LayerChart(
            layer=[_chart(layer) for layer in self.layers],
            description=self.description,
            width=self.style.width,
            height=round(self.y),
            autosize={"type": "fit-x", "contains": "padding"} if self.style.fluid else {"type": "none"},
            config=config(self.style.scheme),
            usermeta={"vicus": {"picture": kind, "scheme": self.style.scheme}},
        )

    def lines(self, text: str, size: str, colour: str, leading: float, *, bold: bool = False) -> None:
        """Set a text across the sheet, wrapped, and go down by it."""
        rows = []
        for line in wrap(text, self.style.px - 4, SIZES[size], bold=bold):
            self.y += leading
            rows.append({"text": line, "y": self.y - leading * 0.25})
        if rows:
            layer = text_layer(rows, self.style, size=size, colour=colour, bold=bold, baseline="alphabetic")
            layer["encoding"]["x"] = {"value": 0}
            self.layers.append(layer)


def _chart(layer: Layer) -> alt.Chart:
    """A layer as an Altair chart.

    Channels are put in as they are: checking each against the whole Vega-Lite schema takes seconds for a map. The
    tests hold every kind of picture against the schema instead.
    """
    encoding = alt.FacetedEncoding()
    for channel, definition in layer["encoding"].items():
        setattr(encoding, channel, definition)
    return alt.Chart(**{**layer, "encoding": encoding})


def density(steps: int, scheme: Scheme) -> list[str]:
    """So many colours from few to many, away from the ground: dark on light paper, light on dark.

    They are chosen among those of `density_scale`, which have names: a page can show the same picture in the other
    scheme, and more stays further from its ground.
    """
    scale = density_scale(scheme)
    return [scale[place - 1] for place in density_places(steps)]


def density_places(steps: int) -> list[int]:
    """Which colours of the scale so many steps take, 1 for the first; the last is always the furthest.

    >>> density_places(5)
    [2, 4, 6, 8, 9]
    """
    whole = len(tokens().density)
    if not 1 <= steps <= whole:
        raise ValueError(f"A scale of density has 1 to {whole} steps, not {steps}.")
    return [math.ceil(whole * (i + 1) / steps) for i in range(steps)]


def density_scale(scheme: Scheme) -> list[str]:
    """Cividis away from the ground; the first colours are softened, so that many cells with a few facts stay quiet."""
    whole = tokens().density if scheme == "dark" else tokens().density[::-1]
    ground, last = tokens().colours(scheme)["paper"], len(whole) - 1
    result = []
    for i in range(len(whole)):
        part = (i + 1) / len(whole)
        low = min(int(part * last), last - 1)
        colour = _mixed(whole[low], whole[low + 1], part * last - low)
        result.append(_mixed(ground, colour, min(1.0, 0.1 + 1.6 * part)))
    return result


def _mixed(one: str, other: str, part: float) -> str:
    """A colour on the way from one to the other."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)


def pixels(name: str) -> Layer:
    """A channel that takes a field as px from the corner."""
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def text_layer(
    rows: Sequence[Mapping[str, Any]],
    style: Style,
    *,
    size: str = "label",
    colour: str = "muted",
    bold: bool = False,
    align: str = "left",
    baseline: str = "middle",
    x: Mapping[str, Any] | None = None,
    y: Mapping[str, Any] | None = None,
    tooltip: Sequence[tuple[str, str]] = (),
    **mark: Any,
) -> Layer:
    """Words at places: each row has `text` and, unless channels are given, `x` and `y` in px."""
    return {
        "data": {"values": [dict(row) for row in rows]},
        "mark": {
            "type": "text",
            "fontSize": SIZES[size],
            "fontWeight": tokens().type["weights"]["semibold" if bold else "regular"],
            "color": style.colour(colour),
            "align": align,
            "baseline": baseline,
            "aria": False,
            **mark,
        },
        "encoding": {
            "text": {"field": "text", "type": "nominal"},
            "x": dict(x) if x else pixels("x"),
            "y": dict(y) if y else pixels("y"),
            **({"tooltip": tips(tooltip)} if tooltip else {}),
        },
    }


def tips(pairs: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Fields of a tooltip with the names the reader sees; values are words already."""
    return [{"field": name, "title": title, "type": "nominal"} for name, title in pairs]


def mark_layer(
    rows: Sequence[Mapping[str, Any]],
    kind: str,
    encoding: Mapping[str, Any],
    *,
    tooltip: Sequence[tuple[str, str]] = (),
    **mark: Any,
) -> Layer:
    """A layer of marks over plain rows."""
    channels = dict(encoding)
    if tooltip:
        channels["tooltip"] = tips(tooltip)
    return {
        "data": {"values": [dict(row) for row in rows]},
        "mark": {"type": kind, "aria": False, **mark},
        "encoding": channels,
    }


def round_step(highest: float, steps: int) -> float:
    """The smallest of 1, 2, 3, 4, 5, 10, 20 ... (or a tenth of these) of which so many reach `highest`.

    >>> round_step(15.2, 6), round_step(2.4, 6), round_step(0.0, 6)
    (3.0, 0.4, 0.1)
    """
    for power in range(-1, 10):
        for size in (1, 2, 3, 4, 5):
            step = round(size * 10.0**power, 2)
            if step * steps >= highest:
                return step
    return highest / steps


def ticks(highest: float, *, at_most: int = 5) -> list[int]:
    """Round whole numbers from 0 to the first at or above `highest`.

    >>> ticks(23), ticks(0), ticks(4180)
    ([0, 5, 10, 15, 20, 25], [0, 1], [0, 1000, 2000, 3000, 4000, 5000])
    """
    step, sizes = 1, (1, 2, 5)
    turn = 0
    while highest > step * at_most:
        turn += 1
        step = sizes[turn % 3] * 10 ** (turn // 3)
    last = max(1, -int(-highest // step))
    return [step * i for i in range(last + 1)]

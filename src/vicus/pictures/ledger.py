"""Rows with a name, a dot on its range, and numbers at the right: the frame of categories and of rankings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vicus.pictures.figures import State
from vicus.pictures.lettering import width as text_width
from vicus.pictures.lettering import wrap
from vicus.pictures.sheet import Layer, Sheet, Style, mark_layer, pixels, text_layer
from vicus.pictures.theme import SIZES

NARROW = 480
"""px: under this, names stand above their dots instead of beside them."""
NAME_SHARE = 0.33
LINE = 14

# The side of the range on which a dot lies is told by its shape too, never by colour alone.
SHAPES: dict[State, tuple[str, str]] = {
    "above": ("triangle-up", "above"),
    "below": ("triangle-down", "below"),
    "within": ("circle", "value"),
}


@dataclass(frozen=True)
class Row:
    """One line of the ledger; without a value there is no dot, without a range no bar."""

    name: str
    state: State
    value: float | None
    low: float | None
    high: float | None
    columns: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """The scale under the dots: ticks with their words, and a line to compare with."""

    ticks: tuple[float, ...]
    words: tuple[str, ...]
    reference: float | None = None
    reference_words: str = ""


class Ledger:
    """A ledger being drawn on a sheet."""

    def __init__(
        self,
        sheet: Sheet,
        style: Style,
        rows: Sequence[Row],
        axis: Axis,
        *,
        heads: tuple[str, ...],
        tooltip: tuple[str, ...],
        whiskers: bool,
        all_columns: bool = False,
    ) -> None:
        self.sheet, self.style, self.rows, self.axis = sheet, style, rows, axis
        self.stacked = style.px < NARROW
        # A narrow picture can do without its last column, which is in the table beside it.
        self.heads = heads if all_columns or not self.stacked else heads[:-1]
        self.tooltip, self.whiskers = tooltip, whiskers
        self.widths = [self._column_width(i) for i in range(len(self.heads))]
        self.right = sum(self.widths) + 8
        self.left = 8.0 if self.stacked else self._names_width()

    def draw(self) -> None:
        """Heads, grid, then one row under the other."""
        top = self.sheet.y
        self.sheet.y += 18
        names = [self._name_lines(row) for row in self.rows]
        heights = [self._height(lines) for lines in names]
        tops = [self.sheet.y + sum(heights[:i]) for i in range(len(heights))]
        bottom = self.sheet.y + sum(heights)
        marks = [t + h / 2 if not self.stacked else t + h - 13 for t, h in zip(tops, heights, strict=True)]
        self._grid([(m - 9, m + 9) for m in marks] if self.stacked else [(self.sheet.y, bottom)])
        self._columns_heads(top + 8)
        self._names(names, tops, heights)
        self._ranges(marks)
        self._dots(marks)
        self._columns(marks)
        self.sheet.y = bottom
        self._axis_words()

    # -- measures ------------------------------------------------------------------------------------------

    def _column_width(self, index: int) -> float:
        cells = [text_width(row.columns[index], SIZES["label"], bold=index == 0) for row in self.rows]
        heads = [text_width(line, SIZES["small"]) for line in self.heads[index].split("\n")]
        return max([*cells, *heads]) + 12

    def _names_width(self) -> float:
        longest = max((text_width(row.name, SIZES["label"]) for row in self.rows), default=0) + 14
        return min(longest, self.style.px * NAME_SHARE)

    def _name_lines(self, row: Row) -> list[str]:
        room = self.style.px if self.stacked else self.left - 12
        return wrap(row.name, room, SIZES["label"])

    def _height(self, lines: Sequence[str]) -> float:
        return LINE * len(lines) + (28 if self.stacked else 10)

    def _x(self, name: str) -> Layer:
        scale = {
            "domain": [0, self.axis.ticks[-1]],
            "range": [self.left, self.style.right(self.right)],
            "nice": False,
            "zero": True,
        }
        return {"field": name, "type": "quantitative", "scale": scale, "axis": None}

    # -- layers --------------------------------------------------------------------------------------------

    def _grid(self, stretches: Sequence[tuple[float, float]]) -> None:
        channels = {"x": self._x("x"), "y": pixels("y"), "y2": {"field": "y2"}}
        for tick in self.axis.ticks:
            colour = self.style.colour("control" if tick in (0, self.axis.reference) else "line")
            rows = [{"x": tick, "y": top, "y2": bottom} for top, bottom in stretches]
            self.sheet.add(mark_layer(rows, "rule", channels, color=colour, strokeWidth=1))

    def _columns_heads(self, y: float) -> None:
        for index, head in enumerate(self.heads):
            lines = head.split("\n")
            for k, line in enumerate(lines):
                place = {"value": self.style.right(self._column_end(index))}
                row = {"text": line, "y": y - 12 * (len(lines) - 1 - k)}
                self.sheet.add(text_layer([row], self.style, size="small", align="right", x=place))

    def _column_end(self, index: int) -> float:
        return sum(self.widths[index + 1 :])

    def _names(self, names: Sequence[Sequence[str]], tops: Sequence[float], heights: Sequence[float]) -> None:
        rows = []
        for lines, top, height in zip(names, tops, heights, strict=True):
            start = top + 4 if self.stacked else top + (height - LINE * len(lines)) / 2
            rows += [{"text": line, "y": start + LINE * (i + 0.5)} for i, line in enumerate(lines)]
        side = 0.0 if self.stacked else self.left - 10
        align = "left" if self.stacked else "right"
        self.sheet.add(text_layer(rows, self.style, colour="ink", align=align, x={"value": side}))

    def _ranges(self, marks: Sequence[float]) -> None:
        last = self.axis.ticks[-1]
        rows = [
            {"x": min(row.low, last), "x2": min(row.high, last), "y": y - 6, "y2": y + 6, "m": y}
            for row, y in zip(self.rows, marks, strict=True)
            if row.low is not None and row.high is not None
        ]
        across = {"x": self._x("x"), "x2": {"field": "x2"}}
        if self.whiskers:
            channels: dict[str, Any] = {**across, "y": pixels("m")}
            grey = self.style.colour("control")
            self.sheet.add(mark_layer(rows, "rule", channels, color=grey, strokeWidth=2))
            beyond = [
                {"x": last, "m": y}
                for row, y in zip(self.rows, marks, strict=True)
                if row.high is not None and row.high > last
            ]
            ends = {"x": self._x("x"), "y": pixels("m")}
            self.sheet.add(
                mark_layer(
                    beyond, "point", ends, shape="triangle-right", filled=True, size=60, color=grey, opacity=1
                )
            )
            return
        channels = {**across, "y": pixels("y"), "y2": {"field": "y2"}}
        colour = self.style.colour("band")
        # A range of no width is still a range: the outline keeps it to be seen.
        self.sheet.add(mark_layer(rows, "rect", channels, color=colour, stroke=colour, strokeWidth=2))

    def _dots(self, marks: Sequence[float]) -> None:
        names = [(f"t{i}", title) for i, title in enumerate(self.tooltip)]
        last = self.axis.ticks[-1]
        for state in ("within", "below", "above", "not enough data"):
            rows = [
                {"x": min(row.value, last), "y": y, **{f"t{i}": text for i, text in enumerate(row.told)}}
                for row, y in zip(self.rows, marks, strict=True)
                if row.state == state and row.value is not None
            ]
            shape, colour = SHAPES.get(state, ("circle", "muted"))
            look: dict[str, Any] = {"filled": True, "color": self.style.colour(colour), "strokeWidth": 1}
            look["stroke"] = self.style.colour("paper")
            if state == "not enough data":
                look.update(
                    color=self.style.colour("paper"), stroke=self.style.colour(colour), strokeWidth=1.5
                )
            channels = {"x": self._x("x"), "y": pixels("y")}
            self.sheet.add(
                mark_layer(rows, "point", channels, tooltip=names, shape=shape, size=90, opacity=1, **look)
            )

    def _columns(self, marks: Sequence[float]) -> None:
        for index in range(len(self.heads)):
            place = {"value": self.style.right(self._column_end(index))}
            rows = [{"text": row.columns[index], "y": y} for row, y in zip(self.rows, marks, strict=True)]
            bold = index == 0
            self.sheet.add(
                text_layer(
                    rows, self.style, align="right", bold=bold, colour="ink" if bold else "muted", x=place
                )
            )

    def _axis_words(self) -> None:
        y = self.sheet.y + 12
        if self.axis.reference is not None:
            row = {"x": self.axis.reference, "text": self.axis.reference_words}
            self.sheet.add(
                text_layer(
                    [row], self.style, size="small", align="center", x=self._x("x"), y={"value": y + 14}
                )
            )
        every = 2 if self.stacked and len(self.axis.ticks) > 4 else 1
        rows = [
            {"x": x, "text": w} for x, w in list(zip(self.axis.ticks, self.axis.words, strict=True))[::every]
        ]
        self.sheet.add(
            text_layer(rows, self.style, align="center", size="small", x=self._x("x"), y={"value": y})
        )
        self.sheet.y = y + (22 if self.axis.reference is not None else 8)

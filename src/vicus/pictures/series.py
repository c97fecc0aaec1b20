"""The series of a place: monthly counts against the range expected from the months before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from vicus.pictures import alternatives, sentences
from vicus.pictures.figures import About, Action, MonthFigure, Phase, PlaceFigures
from vicus.pictures.lettering import width
from vicus.pictures.sheet import (
    PRINT_WIDTH,
    Caption,
    Sheet,
    Style,
    Width,
    mark_layer,
    text_layer,
    ticks,
)
from vicus.pictures.theme import SIZES
from vicus.pictures.timeline import MonthAxis, Timeline
from vicus.pictures.tokens import Scheme
from vicus.pictures.words import month_name, number, translator

PLOT = 190
SMALLEST_SCALE = 4
"""The count axis never ends below this: a single fact must not look like a peak."""
Row = dict[str, Any]


def series(
    figures: PlaceFigures,
    language: str,
    *,
    about: About | None = None,
    scheme: Scheme = "light",
    width: Width = PRINT_WIDTH,
    captions: bool | None = None,
    actions: Sequence[Action] = (),
    phases: Sequence[Phase] = (),
) -> alt.LayerChart:
    """Draw the monthly counts of a place, its expected range as a band, the present month at its end.

    Parameters
    ----------
    figures : PlaceFigures
        Figures of one place in one month; `series` holds the months, oldest first.
    language : str
        ``en``, ``nl`` or ``fr``.
    about : About, optional
        Names that the picture prints.
    scheme : "light" or "dark"
    width : int or "container"
        px, or as wide as the page allows.
    captions : bool, optional
        Draw title, subtitle and source; by default only with a fixed width.
    actions, phases : sequence
        What was done and when, drawn under the months.

    Returns
    -------
    altair.LayerChart
    """
    return _Series(
        figures, language, about or About(), Style(scheme, width, captions), actions, phases
    ).draw()


def caption(figures: PlaceFigures, language: str, *, about: About | None = None) -> Caption:
    """Title, subtitle and source of the series, for a page that sets them itself."""
    about = about or About()
    return Caption(
        sentences.sentence(figures, language),
        sentences.measured(figures, language, about=about),
        sentences.source(figures, language, about=about),
    )


class _Series:
    """One series being drawn: places in months across, counts upwards."""

    def __init__(
        self,
        figures: PlaceFigures,
        language: str,
        about: About,
        style: Style,
        actions: Sequence[Action],
        phases: Sequence[Phase],
    ) -> None:
        self.figures, self.language, self.style = figures, language, style
        self.t = translator(language)
        self.months = list(figures.series)
        self.actions, self.phases = list(actions), list(phases)
        self.sheet = Sheet(
            style,
            caption(figures, language, about=about),
            alternatives.series(figures, language, about=about, actions=actions, phases=phases),
        )
        self.discovered = "discovered" in figures.sources or any(m.discovered for m in self.months)
        self.end = self._end_lines()
        self.margin = 14 + max(
            (width(line, SIZES[size], bold=bold) for block in self.end for line, size, bold, _ in block[1]),
            default=0,
        )
        highest = max([m.n for m in self.months] + [m.discovered for m in self.months], default=0)
        band = max((m.high for m in self.months if m.high is not None), default=0)
        self.scale = ticks(max(highest, band, SMALLEST_SCALE))
        self.left = 10 + max(width(number(value, language), SIZES["label"]) for value in self.scale)
        self.axis = MonthAxis([m.month for m in self.months], style, self.left, self.margin)
        self.top = self.sheet.y + 10
        self.bottom = self.top + PLOT

    def draw(self) -> alt.LayerChart:
        """All layers from the back to the front."""
        if not self.months:
            return self._empty()
        self._grid()
        self._band()
        if self.discovered:
            self._line("discovered", "discovered", [4, 3])
        self._line("n", "value", None)
        self._points()
        self._end()
        self.sheet.y = self.bottom
        under = Timeline(self.sheet, self.axis, self.language)
        under.month_names()
        under.phases(self.phases)
        under.actions(self.actions)
        return self.sheet.finish("series")

    def _empty(self) -> alt.LayerChart:
        """No month on record: said in words, on an empty plot."""
        self._grid()
        row = {
            "text": self.t.gettext("No full month of facts on record yet."),
            "x": self.left + 12,
            "y": self.top + PLOT / 2,
        }
        self.sheet.add(text_layer([row], self.style, size="subtitle"))
        self.sheet.y = self.bottom + 8
        return self.sheet.finish("series")

    # -- places --------------------------------------------------------------------------------------------

    def y(self, name: str = "n") -> Row:
        """The channel of counts, from zero."""
        scale = {
            "domain": [0, self.scale[-1]],
            "range": [self.bottom, self.top],
            "nice": False,
            "zero": True,
        }
        return {"field": name, "type": "quantitative", "scale": scale, "axis": None}

    def height_of(self, value: float) -> float:
        """A count in px from the top of the sheet."""
        return self.bottom - PLOT * value / self.scale[-1]

    # -- layers --------------------------------------------------------------------------------------------

    def _grid(self) -> None:
        rows = [{"n": value, "text": number(value, self.language)} for value in self.scale]
        for row, colour in ((rows[1:], "line"), (rows[:1], "control")):
            channels = {
                "x": {"value": self.left},
                "x2": {"value": self.style.right(self.margin)},
                "y": self.y(),
            }
            self.sheet.add(mark_layer(row, "rule", channels, color=self.style.colour(colour), strokeWidth=1))
        labels = text_layer(rows, self.style, align="right", x={"value": self.left - 8}, y=self.y())
        self.sheet.add(labels)

    def _band(self) -> None:
        """The expected range month by month; months without one leave a gap."""
        for run in _runs(self.months):
            rows = [{"x": i, "low": m.low, "high": m.high} for i, m in run]
            rows.append({**rows[-1], "x": run[-1][0] + 1})
            channels = {"x": self.axis.x(), "y": self.y("low"), "y2": {"field": "high"}}
            self.sheet.add(
                mark_layer(
                    rows,
                    "area",
                    channels,
                    interpolate="step-after",
                    color=self.style.colour("band"),
                    opacity=1,
                )
            )

    def _line(self, name: str, colour: str, dash: list[int] | None) -> None:
        rows = [{"x": i + 0.5, "n": getattr(m, name)} for i, m in enumerate(self.months)]
        if len(rows) == 1:  # a line needs two months; one is a small point
            place = {"x": self.axis.x(), "y": self.y()}
            point = mark_layer(
                rows, "point", place, filled=True, size=26, color=self.style.colour(colour), opacity=1
            )
            self.sheet.add(point)
            return
        more: Row = {"strokeDash": dash, "strokeWidth": 1.5} if dash else {"strokeWidth": 2}
        self.sheet.add(
            mark_layer(
                rows,
                "line",
                {"x": self.axis.x(), "y": self.y()},
                color=self.style.colour(colour),
                strokeJoin="round",
                **more,
            )
        )

    def _points(self) -> None:
        """A point a month with its words; the last one is the month the picture is about."""
        rows = [self._told(i, m) for i, m in enumerate(self.months)]
        names = [
            ("when", self.t.gettext("Month")),
            ("facts", self.t.gettext("Facts")),
            ("expected", self.t.gettext("Expected")),
            ("found", self.t.gettext("Discovered by police activity")),
        ]
        names = names if self.discovered else names[:3]
        channels = {"x": self.axis.x(), "y": self.y()}
        ground = self.style.colour("paper")
        small = {"filled": True, "opacity": 1, "stroke": ground, "strokeWidth": 1}
        colour = self.style.colour("value")
        self.sheet.add(
            mark_layer(rows[:-1], "point", channels, tooltip=names, size=26, color=colour, **small)
        )
        state = {"above": "above", "below": "below"}.get(self.figures.state, "value")
        large = {**small, "color": self.style.colour(state)}
        if not self.figures.complete:  # a month that is still running: hollow
            large = {**small, "color": ground, "stroke": self.style.colour(state), "strokeWidth": 2}
        self.sheet.add(mark_layer(rows[-1:], "point", channels, tooltip=names, size=110, **large))

    def _told(self, index: int, month: MonthFigure) -> Row:
        expected = (
            self.t.gettext("not enough data")
            if month.low is None or month.high is None
            else sentences.span(month.low, month.high, self.language)
        )
        return {
            "x": index + 0.5,
            "n": month.n,
            "when": month_name(month.month, self.language, year=True),
            "facts": number(month.n, self.language),
            "expected": expected,
            "found": number(month.discovered, self.language),
        }

    def _end_lines(self) -> list[tuple[float, list[tuple[str, str, bool, str]]]]:
        """What stands at the end of the lines: the count it starts at, and lines (text, size, bold, colour)."""
        if not self.months:
            return []
        last = self.months[-1]
        state = {"above": "above", "below": "below"}.get(self.figures.state, "value")
        lines = [(number(last.n, self.language), "mark", True, state)]
        if last.low is None or last.high is None or not self.figures.complete:
            words = (
                self.t.gettext("not enough data") if self.figures.complete else self.t.gettext("not complete")
            )
            lines.append((words, "label", False, "muted"))
        else:
            lines.append((self.t.gettext("expected"), "label", False, "muted"))
            lines.append((sentences.span(last.low, last.high, self.language), "label", False, "muted"))
        blocks = [(float(last.n), lines)]
        if self.discovered:
            found = [
                (number(last.discovered, self.language), "label", True, "discovered"),
                (self.t.gettext("discovered"), "label", False, "discovered"),
                (self.t.gettext("by the police"), "label", False, "discovered"),
            ]
            blocks.append((float(last.discovered), found))
        return blocks

    def _end(self) -> None:
        """Labels at the end of the lines instead of a legend, pushed apart where they would meet."""
        heights = [[20 if size == "mark" else 14 for _, size, _, _ in lines] for _, lines in self.end]
        tops = [
            self.height_of(value) - block[0] / 2 for (value, _), block in zip(self.end, heights, strict=True)
        ]
        for block, top in zip(
            range(len(tops)), _apart(tops, [sum(h) for h in heights], self.bottom + 6), strict=True
        ):
            y = top
            for (line, size, bold, colour), step in zip(self.end[block][1], heights[block], strict=True):
                y += step
                self.sheet.add(
                    text_layer(
                        [{"text": line, "y": y - step / 2}],
                        self.style,
                        size=size,
                        colour=colour,
                        bold=bold,
                        x={"value": self.style.right(self.margin - 10)},
                    )
                )


def _runs(months: Sequence[MonthFigure]) -> Iterator[list[tuple[int, MonthFigure]]]:
    """Stretches of months that have an expected range."""
    run: list[tuple[int, MonthFigure]] = []
    for i, month in enumerate(months):
        if month.low is None or month.high is None:
            if run:
                yield run
            run = []
        else:
            run.append((i, month))
    if run:
        yield run


def _apart(tops: Sequence[float], heights: Sequence[float], floor: float) -> list[float]:
    """Tops of blocks so that none covers another and none goes below the floor, moved as little as can be."""
    order = sorted(range(len(tops)), key=lambda i: tops[i])
    placed = [min(tops[i], floor - heights[i]) for i in order]
    for _ in placed:
        for k, (upper, lower) in enumerate(pairwise(range(len(placed)))):
            overlap = placed[upper] + heights[order[k]] + 4 - placed[lower]
            if overlap > 0:
                placed[lower] = min(placed[lower] + overlap, floor - heights[order[lower]])
                placed[upper] = placed[lower] - heights[order[upper]] - 4
    result = [0.0] * len(tops)
    for i, top in zip(order, placed, strict=True):
        result[i] = top
    return result

"""The series of a place: monthly counts against the range expected from the months before."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt

from vicus.pictures import alternatives, sentences
from vicus.pictures.figures import About, Action, MonthFigure, Phase, PlaceFigures
from vicus.pictures.lettering import shorten, width
from vicus.pictures.sheet import (
    PRINT_WIDTH,
    Caption,
    Layer,
    Sheet,
    Style,
    Width,
    mark_layer,
    text_layer,
    ticks,
)
from vicus.pictures.theme import SIZES
from vicus.pictures.tokens import Scheme
from vicus.pictures.words import day, month_name, number, translator

PLOT = 190
MOST_ACTIONS = 6
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
    return _Series(figures, language, about or About(), Style(scheme, width, captions), actions, phases).draw()


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
        self._month_names()
        self._phase_strip()
        self._action_bars()
        return self.sheet.finish("series")

    def _empty(self) -> alt.LayerChart:
        """No month on record: said in words, on an empty plot."""
        self._grid()
        row = {"text": self.t.gettext("No full month of facts on record yet."), "x": self.left + 12, "y": self.top + PLOT / 2}
        self.sheet.add(text_layer([row], self.style, size="subtitle"))
        self.sheet.y = self.bottom + 8
        return self.sheet.finish("series")

    # -- places --------------------------------------------------------------------------------------------

    def x(self, name: str = "x") -> Row:
        """The channel of time: 0 is the start of the first month, 1 that of the next."""
        right = self.style.right(self.margin)
        scale = {"domain": [0, max(len(self.months), 1)], "range": [self.left, right], "nice": False, "zero": False}
        return {"field": name, "type": "quantitative", "scale": scale, "axis": None}

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

    def place_of(self, moment: date) -> float:
        """A day in months from the start of the series, kept inside it."""
        first = self.months[0].month
        months = (moment.year - first.year) * 12 + moment.month - first.month
        part = (moment.day - 1) / monthrange(moment.year, moment.month)[1]
        return min(max(months + part, 0.0), float(len(self.months)))

    @property
    def breadth(self) -> float:
        """px between the first and the last month, at least."""
        return self.style.px - self.left - self.margin

    # -- layers --------------------------------------------------------------------------------------------

    def _grid(self) -> None:
        rows = [{"n": value, "text": number(value, self.language)} for value in self.scale]
        for row, colour in ((rows[1:], "line"), (rows[:1], "control")):
            channels = {"x": {"value": self.left}, "x2": {"value": self.style.right(self.margin)}, "y": self.y()}
            self.sheet.add(mark_layer(row, "rule", channels, color=self.style.colour(colour), strokeWidth=1))
        labels = text_layer(rows, self.style, align="right", x={"value": self.left - 8}, y=self.y())
        self.sheet.add(labels)

    def _band(self) -> None:
        """The expected range month by month; months without one leave a gap."""
        for run in _runs(self.months):
            rows = [{"x": i, "low": m.low, "high": m.high} for i, m in run]
            last = rows[-1]
            rows.append({**last, "x": last["x"] + 1})
            channels = {"x": self.x(), "y": self.y("low"), "y2": {"field": "high"}}
            self.sheet.add(
                mark_layer(
                    rows, "area", channels, interpolate="step-after", color=self.style.colour("band"), opacity=1
                )
            )

    def _line(self, name: str, colour: str, dash: list[int] | None) -> None:
        rows = [{"x": i + 0.5, "n": getattr(m, name)} for i, m in enumerate(self.months)]
        more: Row = {"strokeDash": dash, "strokeWidth": 1.5} if dash else {"strokeWidth": 2}
        self.sheet.add(
            mark_layer(
                rows, "line", {"x": self.x(), "y": self.y()}, color=self.style.colour(colour), strokeJoin="round", **more
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
        channels = {"x": self.x(), "y": self.y()}
        ground = self.style.colour("paper")
        small = {"filled": True, "opacity": 1, "stroke": ground, "strokeWidth": 1}
        colour = self.style.colour("value")
        self.sheet.add(mark_layer(rows[:-1], "point", channels, tooltip=names, size=26, color=colour, **small))
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
            words = self.t.gettext("not enough data") if self.figures.complete else self.t.gettext("not complete")
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
        tops = [self.height_of(value) - block[0] / 2 for (value, _), block in zip(self.end, heights, strict=True)]
        for block, top in zip(range(len(tops)), _apart(tops, [sum(h) for h in heights], self.bottom + 6), strict=True):
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

    def _month_names(self) -> None:
        """Months along the foot of the plot, as many as there is room for, and the year under its first."""
        n, language = len(self.months), self.language
        ticked = [{"x": i} for i, m in enumerate(self.months) if m.month.month == 1]
        ends = {"y": {"value": self.bottom}, "y2": {"value": self.bottom + 5}}
        self.sheet.add(
            mark_layer(ticked, "rule", {"x": self.x(), **ends}, color=self.style.colour("control"), strokeWidth=1)
        )
        rows = []
        for i, m in enumerate(self.months[:-1]):
            if (n - 1 - i) * self.breadth / n < 30:  # the last month is always named
                continue
            level = 0 if m.month.month in (1, 7) else 1 if m.month.month in (4, 10) else 2
            rows.append({"x": i + 0.5, "text": month_name(m.month, language, short=True), "level": level})
        for level, room in enumerate((0.0, 13.0, 34.0)):
            named = [{"x": row["x"], "text": row["text"]} for row in rows if row["level"] == level]
            self._if_room(named, n * room, self.bottom + 14)
        years = [
            {"x": i + 0.5, "text": str(m.month.year)}
            for i, m in enumerate(self.months)
            if (m.month.month == 1 and i < n - 2) or (i == 0 and m.month.month <= 9)
        ]
        self._if_room(years, 0, self.bottom + 29)
        last = {"x": n - 0.5, "text": month_name(self.months[-1].month, language, short=True)}
        self._if_room([last], 0, self.bottom + 14, bold=True, colour="ink")
        self.sheet.y = self.bottom + 38

    def _if_room(self, rows: list[Row], room: float, y: float, **style: Any) -> None:
        """Add words under the plot that show only where it is at least so many px wide."""
        if not rows or (not self.style.fluid and self.breadth < room):
            return
        layer = text_layer(rows, self.style, align="center", x=self.x(), y={"value": y}, **style)
        if self.style.fluid and room:
            layer["transform"] = [{"filter": f"width >= {room + self.left + self.margin:.0f}"}]
        self.sheet.add(layer)

    def _phase_strip(self) -> None:
        """Clear, Hold and Build as three tints in a thin strip, named where they start."""
        if not self.phases:
            return
        words = {"clear": "Clear", "hold": "Hold", "build": "Build"}
        y, end = self.sheet.y + 6, self._after()
        rows = []
        for phase in self.phases:
            if phase.start < end and (phase.end is None or phase.end > self.months[0].month):
                start, stop = self.place_of(phase.start), self.place_of(phase.end or end)
                told = self._period(phase.start, phase.end)
                rows.append({"x": start, "x2": stop, "kind": phase.kind, "text": words[phase.kind], "when": told})
        for kind in words:
            channels = {"x": self.x(), "x2": {"field": "x2"}, "y": {"value": y}, "y2": {"value": y + 6}}
            names = [("text", self.t.gettext("Phase")), ("when", self.t.gettext("Period"))]
            chosen = [row for row in rows if row["kind"] == kind]
            self.sheet.add(mark_layer(chosen, "rect", channels, tooltip=names, color=self.style.colour(kind)))
        self.sheet.add(text_layer(rows, self.style, size="small", x=self.x(), y={"value": y + 15}))
        self.sheet.y = y + 24

    def _action_bars(self) -> None:
        """What was done, a row each: its name over a bar from start to end."""
        end = self._after()
        shown = [a for a in self.actions if a.start < end and (a.end is None or a.end >= self.months[0].month)]
        per_month = self.breadth / len(self.months)
        for action in shown[-MOST_ACTIONS:]:
            start = self.place_of(action.start)
            stop = max(self.place_of(action.end) if action.end else self.place_of(end), start + 4 / per_month)
            y = self.sheet.y + 16
            row: Row = {"x": start, "x2": stop, "name": action.label, "when": self._period(action.start, action.end)}
            channels = {"x": self.x(), "x2": {"field": "x2"}, "y": {"value": y}, "y2": {"value": y + 4}}
            names = [("name", self.t.gettext("Action")), ("when", self.t.gettext("Period"))]
            self.sheet.add(mark_layer([row], "rect", channels, tooltip=names, color=self.style.colour("control")))
            self.sheet.add(self._action_name(action.label, start, stop, y - 7, per_month))
            self.sheet.y = y + 6

    def _action_name(self, label: str, start: float, stop: float, y: float, per_month: float) -> Layer:
        """The name starts with its bar, or ends with it where there is no room to the right."""
        room = self.breadth + self.margin - 10
        text = shorten(label, room, SIZES["small"])
        fits = start * per_month + width(text, SIZES["small"]) <= room
        place, align = (start, "left") if fits else (stop, "right")
        if not fits and width(text, SIZES["small"]) > stop * per_month:
            place, align = 0.0, "left"
        row = {"x": place, "text": text}
        return text_layer([row], self.style, size="small", colour="ink", align=align, x=self.x(), y={"value": y})

    def _after(self) -> date:
        """The day after the last month."""
        last = self.months[-1].month
        return date(last.year + last.month // 12, last.month % 12 + 1, 1)

    def _period(self, start: date, end: date | None) -> str:
        if end is None:
            return self.t.gettext("since {day}").format(day=day(start, self.language))
        return self.t.gettext("{start} to {end}").format(start=day(start, self.language), end=day(end, self.language))


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

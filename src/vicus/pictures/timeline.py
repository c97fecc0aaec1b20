"""Time along the foot of a series: months and years, phases in a strip, actions as bars."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vicus.pictures.figures import Action, Phase
from vicus.pictures.lettering import shorten, width
from vicus.pictures.sheet import Layer, Sheet, Style, mark_layer, text_layer
from vicus.pictures.theme import SIZES
from vicus.pictures.words import day, month_name, translator

MOST_ACTIONS = 6
FEW_MONTHS = 6


@dataclass(frozen=True)
class MonthAxis:
    """Months across a sheet: 0 is the start of the first, 1 that of the next; a count lies in the middle of its month.

    Attributes
    ----------
    months : list of date
        First days, oldest first.
    left, margin : float
        px kept free on either side.
    """

    months: list[date]
    style: Style
    left: float
    margin: float

    def x(self, name: str = "x") -> dict[str, Any]:
        """The channel of time."""
        right = self.style.right(self.margin)
        scale = {
            "domain": [0, max(len(self.months), 1)],
            "range": [self.left, right],
            "nice": False,
            "zero": False,
        }
        return {"field": name, "type": "quantitative", "scale": scale, "axis": None}

    def place_of(self, moment: date) -> float:
        """A day in months from the start, kept inside the months shown."""
        first = self.months[0]
        months = (moment.year - first.year) * 12 + moment.month - first.month
        part = (moment.day - 1) / monthrange(moment.year, moment.month)[1]
        return min(max(months + part, 0.0), float(len(self.months)))

    @property
    def breadth(self) -> float:
        """px between the first and the last month, at least."""
        return self.style.px - self.left - self.margin

    @property
    def after(self) -> date:
        """The day after the last month."""
        last = self.months[-1]
        return date(last.year + last.month // 12, last.month % 12 + 1, 1)


class Timeline:
    """What lies under the months, drawn from the top down."""

    def __init__(self, sheet: Sheet, axis: MonthAxis, language: str) -> None:
        self.sheet, self.axis, self.language = sheet, axis, language
        self.style, self.t = axis.style, translator(language)

    def month_names(self) -> None:
        """Months along the foot of the plot, as many as there is room for, and the year under its first."""
        n, language, bottom = len(self.axis.months), self.language, self.sheet.y
        ticked = [{"x": i} for i, m in enumerate(self.axis.months) if m.month == 1]
        ends = {"y": {"value": bottom}, "y2": {"value": bottom + 5}}
        self.sheet.add(
            mark_layer(
                ticked,
                "rule",
                {"x": self.axis.x(), **ends},
                color=self.style.colour("control"),
                strokeWidth=1,
            )
        )
        rows = []
        for i, m in enumerate(self.axis.months[:-1]):
            if (n - 1 - i) * self.axis.breadth / n < 30:  # the last month is always named
                continue
            level = 0 if m.month in (1, 7) else 1 if m.month in (4, 10) else 2
            rows.append({"x": i + 0.5, "text": month_name(m, language, short=True), "level": level})
        for level, room in enumerate((0.0, 13.0, 34.0)):
            named = [{"x": row["x"], "text": row["text"]} for row in rows if row["level"] == level]
            self._if_room(named, n * room, bottom + 14)
        few = n <= FEW_MONTHS  # there is room for every year, and without it none may be told
        years = [
            {"x": i + 0.5, "text": str(m.year)}
            for i, m in enumerate(self.axis.months)
            if (m.month == 1 and (few or i < n - 2)) or (i == 0 and (few or m.month <= 9))
        ]
        self._if_room(years, 0, bottom + 29)
        last = {"x": n - 0.5, "text": month_name(self.axis.months[-1], language, short=True)}
        self._if_room([last], 0, bottom + 14, bold=True, colour="ink")
        self.sheet.y = bottom + 42

    def _if_room(self, rows: list[dict[str, Any]], room: float, y: float, **style: Any) -> None:
        """Add words under the plot that show only where it is at least so many px wide."""
        if not rows or (not self.style.fluid and self.axis.breadth < room):
            return
        layer = text_layer(rows, self.style, align="center", x=self.axis.x(), y={"value": y}, **style)
        if self.style.fluid and room:
            layer["transform"] = [{"filter": f"width >= {room + self.axis.left + self.axis.margin:.0f}"}]
        self.sheet.add(layer)

    def phases(self, phases: Sequence[Phase]) -> None:
        """Clear, Hold and Build as three tints in a thin strip, named where they start."""
        if not phases:
            return
        words = {"clear": "Clear", "hold": "Hold", "build": "Build"}
        y, end = self.sheet.y + 6, self.axis.after
        rows = []
        for phase in phases:
            if phase.start < end and (phase.end is None or phase.end > self.axis.months[0]):
                start, stop = self.axis.place_of(phase.start), self.axis.place_of(phase.end or end)
                told = self._period(phase.start, phase.last_day)
                rows.append(
                    {"x": start, "x2": stop, "kind": phase.kind, "text": words[phase.kind], "when": told}
                )
        for kind in words:
            channels = {"x": self.axis.x(), "x2": {"field": "x2"}, "y": {"value": y}, "y2": {"value": y + 6}}
            names = [("text", self.t.gettext("Phase")), ("when", self.t.gettext("Period"))]
            chosen = [row for row in rows if row["kind"] == kind]
            self.sheet.add(mark_layer(chosen, "rect", channels, tooltip=names, color=self.style.colour(kind)))
        self.sheet.add(text_layer(rows, self.style, size="small", x=self.axis.x(), y={"value": y + 15}))
        self.sheet.y = y + 24

    def actions(self, actions: Sequence[Action]) -> None:
        """What was done, a row each: its name over a bar from start to end."""
        end = self.axis.after
        shown = [a for a in actions if a.start < end and (a.end is None or a.end >= self.axis.months[0])]
        per_month = self.axis.breadth / len(self.axis.months)
        for action in shown[-MOST_ACTIONS:]:
            start = self.axis.place_of(action.start)
            stop = max(
                self.axis.place_of(action.end) if action.end else self.axis.place_of(end),
                start + 4 / per_month,
            )
            y = self.sheet.y + 16
            row = {
                "x": start,
                "x2": stop,
                "name": action.label,
                "when": self._period(action.start, action.end),
            }
            channels = {"x": self.axis.x(), "x2": {"field": "x2"}, "y": {"value": y}, "y2": {"value": y + 4}}
            names = [("name", self.t.gettext("Action")), ("when", self.t.gettext("Period"))]
            self.sheet.add(
                mark_layer([row], "rect", channels, tooltip=names, color=self.style.colour("control"))
            )
            self.sheet.add(self._action_name(action.label, start, stop, y - 7, per_month))
            self.sheet.y = y + 6

    def _action_name(self, label: str, start: float, stop: float, y: float, per_month: float) -> Layer:
        """The name starts with its bar, or ends with it where there is no room to the right."""
        room = self.axis.breadth + self.axis.margin - 10
        text = shorten(label, room, SIZES["small"])
        fits = start * per_month + width(text, SIZES["small"]) <= room
        place, align = (start, "left") if fits else (stop, "right")
        if not fits and width(text, SIZES["small"]) > stop * per_month:
            place, align = 0.0, "left"
        row = {"x": place, "text": text}
        return text_layer(
            [row], self.style, size="small", colour="ink", align=align, x=self.axis.x(), y={"value": y}
        )

    def _period(self, start: date, end: date | None) -> str:
        if end is None:
            return self.t.gettext("since {day}").format(day=day(start, self.language))
        return self.t.gettext("{start} to {end}").format(
            start=day(start, self.language), end=day(end, self.language)
        )

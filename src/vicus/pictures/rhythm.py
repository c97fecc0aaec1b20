"""Hour by weekday: when in the week facts happen."""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import altair as alt
import numpy as np

from vicus.pictures import alternatives, sentences
from vicus.pictures.figures import About, PlaceFigures
from vicus.pictures.lettering import width as text_width
from vicus.pictures.sheet import (
    PRINT_WIDTH,
    Caption,
    Sheet,
    Style,
    Width,
    density,
    mark_layer,
    pixels,
    round_step,
    text_layer,
)
from vicus.pictures.theme import SIZES
from vicus.pictures.tokens import Scheme
from vicus.pictures.words import capital, hour, number, translator, weekdays

ROW = 22
STEPS = 7
NOTHING = 0.05
"""A cell with less than this is drawn as empty: it rounds to no facts."""


def hour_of_week(
    matrix: Any,
    language: str,
    *,
    n: int | None = None,
    figures: PlaceFigures | None = None,
    about: About | None = None,
    scheme: Scheme = "light",
    width: Width = PRINT_WIDTH,
    captions: bool | None = None,
) -> alt.LayerChart:
    """Draw facts by weekday (Monday first) and hour of local time.

    Parameters
    ----------
    matrix : array, shape (7, 24)
        Facts by day and hour; parts of a fact where it is only known between which hours it happened.
    n : int, optional
        Facts with a known time; by default the sum of the matrix.
    figures : PlaceFigures, optional
        Whose source and version the foot names.

    Other parameters are those of `vicus.pictures.series.series`.
    """
    week = np.asarray(matrix, dtype=float)
    if week.shape != (7, 24):
        raise ValueError(f"An hour-of-week matrix has 7 days by 24 hours, not {week.shape}.")
    n = round(float(week.sum())) if n is None else n
    style = Style(scheme, width, captions)
    sheet = Sheet(
        style,
        caption(week, language, n=n, figures=figures, about=about),
        alternatives.hour_of_week(week, language, n=n, days=days_of(figures)),
    )
    _Week(week, language, style, sheet, n).draw()
    return sheet.finish("hour_of_week")


def caption(
    matrix: Any,
    language: str,
    *,
    n: int,
    figures: PlaceFigures | None = None,
    about: About | None = None,
) -> Caption:
    """Title, subtitle and source of the heat map."""
    t, about = translator(language), about or About()
    text = t.gettext(
        "Facts by weekday and hour over twelve months; a fact known only between two moments is shared out "
        "over the hours between."
    )
    return Caption(
        sentences.hours_sentence(matrix, language, n=n, days=days_of(figures)),
        sentences.placed(about.place, text),
        sentences.source(figures, language, about=about) if figures else "",
    )


def method(language: str) -> str:
    """How it is decided that hours or days stand out, for the note under a picture."""
    return translator(language).gettext(
        "Compared with an even week, in which every hour of every day is equally likely: the four parts of the day and "
        "the seven days by a chi-square test, every four hours in a row by their Poisson probability, multiplied by the "
        "168 such stretches of a week. Together the three tests find something in at most one even week in twenty."
    )


def days_of(figures: PlaceFigures | None) -> list[int] | None:
    """How often each weekday occurs in the twelve months of the heat map, as far as the data reach."""
    if figures is None:
        return None
    month = figures.month
    first = date(month.year - 1, month.month, 1) + timedelta(days=monthrange(month.year - 1, month.month)[1])
    last = month.replace(day=monthrange(month.year, month.month)[1])
    first = max(first, figures.quality.first_day or first)
    last = min(last, figures.quality.last_day or last)
    counts = [0] * 7
    for offset in range((last - first).days + 1):
        counts[(first + timedelta(days=offset)).weekday()] += 1
    return counts if min(counts) else None


class _Week:
    """A heat map being drawn."""

    def __init__(self, week: Any, language: str, style: Style, sheet: Sheet, n: int) -> None:
        self.week, self.language, self.style, self.sheet, self.n = week, language, style, sheet, n
        self.t = translator(language)
        self.days = weekdays(language, short=style.px < 480)
        self.left = 10 + max(text_width(day, SIZES["label"]) for day in self.days)
        self.top = sheet.y + 24
        self.step = round_step(float(week.max()), STEPS)
        self.used = max(1, math.ceil(float(week.max()) / self.step - 1e-9))
        self.colours = [style.colour("land"), *density(self.used, style.scheme)]

    def draw(self) -> None:
        """Hours above, days at the left, a cell for each hour, the legend below."""
        hours = [{"h": h, "text": hour(h, self.language)} for h in range(0, 24, 3)]
        labels = text_layer(hours, self.style, align="left", x=self._across("h"), y={"value": self.top - 10})
        if self.style.px < 480:
            labels["data"] = {"values": hours[::2]}
        self.sheet.add(labels)
        names = [
            {"text": capital(day), "x": self.left - 8, "y": self.top + ROW * (i + 0.5)}
            for i, day in enumerate(self.days)
        ]
        self.sheet.add(text_layer(names, self.style, align="right"))
        if self.n:
            self._cells()
        else:
            self._empty()
        self.sheet.y = self.top + 7 * ROW
        if self.n:
            self._legend()

    def _across(self, name: str) -> dict[str, Any]:
        scale = {"domain": [0, 24], "range": [self.left, self.style.right(0)], "nice": False, "zero": False}
        return {"field": name, "type": "quantitative", "scale": scale, "axis": None}

    def _cells(self) -> None:
        names = weekdays(self.language)
        told = [("when", self.t.gettext("When")), ("facts", self.t.gettext("Facts"))]
        by_colour: dict[int, list[dict[str, Any]]] = {}
        for day in range(7):
            for h in range(24):
                value = float(self.week[day, h])
                cell = {
                    "h": h,
                    "h2": h + 1,
                    "y": round(self.top + ROW * day, 1),
                    "y2": round(self.top + ROW * (day + 1), 1),
                    "n": round(value, 3),
                    "when": f"{capital(names[day])} {hour(h, self.language)}–{hour((h + 1) % 24, self.language)}",
                    "facts": number(value, self.language, decimals=1),
                }
                by_colour.setdefault(self._class(value), []).append(cell)
        channels = {
            "x": self._across("h"),
            "x2": {"field": "h2"},
            "y": pixels("y"),
            "y2": {"field": "y2"},
        }
        ground = self.style.colour("paper")
        for index in sorted(by_colour):
            self.sheet.add(
                mark_layer(
                    by_colour[index],
                    "rect",
                    channels,
                    tooltip=told,
                    color=self.colours[index],
                    stroke=ground,
                    strokeWidth=1,
                )
            )

    def _class(self, value: float) -> int:
        """Which step of colour a count falls in; 0 is that of no facts."""
        return 0 if value < NOTHING else min(max(math.ceil(value / self.step - 1e-9), 1), self.used)

    def _legend(self) -> None:
        """The steps of colour with their bounds and unit, and what an empty cell is."""
        y, small = self.sheet.y + 16, SIZES["small"]
        box = min(38, int((self.style.px - self.left - 60) / self.used))
        start = self.left + 44
        self._swatch(self.left, self.left + 26, y, self.colours[0])
        for index, colour in enumerate(self.colours[1:]):
            self._swatch(start + box * index, start + box * (index + 1), y, colour)
        decimals = 0 if self.step >= 1 else 1
        bounds = [
            {
                "x": start + box * i,
                "y": y + 18,
                "text": number(self.step * i, self.language, decimals=decimals),
            }
            for i in range(1, self.used + 1)
        ]
        bounds.append({"x": self.left + 13, "y": y + 18, "text": self.t.gettext("none")})
        self.sheet.add(text_layer(bounds, self.style, size="small", align="center"))
        unit = self.t.gettext("at most so many facts in that hour")
        beside = start + box * self.used + 14
        fits = beside + text_width(unit, small) <= self.style.px
        place = {"x": beside, "y": y + 18} if fits else {"x": self.left, "y": y + 34}
        self.sheet.add(text_layer([{"text": unit, **place}], self.style, size="small"))
        self.sheet.y = y + (26 if fits else 42)

    def _swatch(self, left: float, right: float, y: float, colour: str) -> None:
        row = {"x": left, "x2": right, "y": y, "y2": y + 10}
        channels = {"x": pixels("x"), "x2": {"field": "x2"}, "y": pixels("y"), "y2": {"field": "y2"}}
        self.sheet.add(mark_layer([row], "rect", channels, color=colour, stroke=self.style.colour("line")))

    def _empty(self) -> None:
        """Hatch instead of cells: no time of day is known, which is not the same as no facts."""
        lean = 6.0
        rows = []
        for i in range(int((24 + lean) * 3)):
            start = i / 3 - lean
            low, high = max(0.0, -start / lean), min(1.0, (24 - start) / lean)
            height = 7 * ROW
            rows.append(
                {
                    "h": start + lean * low,
                    "h2": start + lean * high,
                    "y": self.top + height * (1 - low),
                    "y2": self.top + height * (1 - high),
                }
            )
        channels = {"x": self._across("h"), "x2": {"field": "h2"}, "y": pixels("y"), "y2": {"field": "y2"}}
        self.sheet.add(mark_layer(rows, "rule", channels, color=self.style.colour("unknown"), strokeWidth=1))

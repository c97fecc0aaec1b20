"""The figures of one hotspot: series, hours of the week, categories, surroundings, quality of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vicus.incidents.figures import PlaceFigures
from vicus.pictures import rankings, rhythm, sentences, words
from vicus.pictures.figures import About, Phase
from vicus.pictures.series import caption as series_caption
from vicus.pictures.series import series as series_chart
from vicus.web.hotspots.showing import windows
from vicus.web.hotspots.showing.charts import chart
from vicus.web.hotspots.showing.ranking import n
from vicus.web.hotspots.showing.windows import Window

LITTLE = 10
"""No percentage on a base under this (rights R22)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures a page shows, in which language; `key` names the result they came from."""

    figures: PlaceFigures
    language: str
    about: About
    key: str

    def drawn(self, name: str, draw: Callable[..., Any], *more: Any) -> dict[str, Any]:
        """A chart of these figures; `more` is what else it depends on."""
        parts = {
            "answer": self.key,
            "place": str(self.figures.place),
            "language": self.language,
            "more": more,
        }
        return chart(name, {**parts, "about": astuple(self.about)}, draw)


def measures(figures: PlaceFigures, language: str) -> list[dict[str, Any]]:
    """The counts on top of the page, each with what it is compared with."""
    expected = (
        sentences.expected_span(figures.expected, language) if figures.state != "not enough data" else ""
    )
    return [
        {
            "label": words.capital(words.month_name(figures.month, language, year=True)),
            "value": figures.this_month.n,
            "range": _("expected %(range)s") % {"range": expected}
            if expected
            else _("not enough data to compare"),
        },
        {
            "label": _("Same month last year"),
            "value": n(figures.same_month_last_year),
            "missing": _("no data"),
        },
        *(_with_year_before(window, figures, language) for window in windows.windows(figures)),
        {
            "label": _("Discovered this month"),
            "value": figures.this_month.discovered,
            "range": _("counted apart") if "discovered" not in figures.sources else _("included"),
        },
    ]


def series(subject: Subject, phases: list[Phase], method: dict[str, Any]) -> dict[str, Any]:
    """The monthly counts against the range expected of each month."""
    figures, language, about = subject.figures, subject.language, subject.about
    caption = series_caption(figures, language, about=about)
    return {
        "id": "series",
        "level": 2,
        "finding": _months_outside(figures, language) or caption.title,
        "measured": caption.subtitle,
        "chart": subject.drawn(
            "series-chart",
            partial(series_chart, figures, language, about=about, phases=phases),
            [astuple(phase) for phase in phases],
        ),
        "source": caption.source,
        "table": _series_table(figures, language),
        "method": method,
    }


def hours(subject: Subject) -> dict[str, Any]:
    """When in the week: hour by weekday over twelve months."""
    figures, language, about = subject.figures, subject.language, subject.about
    matrix, total = figures.hour_of_week, figures.hour_of_week_n
    caption = rhythm.caption(matrix, language, n=total, figures=figures, about=about)
    shown: dict[str, Any] = {
        "id": "hours",
        "level": 2,
        "finding": caption.title,
        "measured": caption.subtitle,
        "source": caption.source,
        "method": {
            "paragraphs": [
                _(
                    "A fact that is only known to lie between two moments is shared out over the hours between them, "
                    "each hour getting the share of time it holds. Facts without a time of day are left out."
                ),
                rhythm.method(language),
            ],
            "terms": [
                (_("Facts with a time of day"), words.number(total, language)),
                (_("All facts, %s") % windows.year(figures), words.number(figures.twelve_months.n, language)),
            ],
        },
    }
    if total == 0:
        shown["state"] = "not_enough"
        shown["message"] = {"text": _("No fact has a time of day.")}
        return shown
    shown["chart"] = subject.drawn(
        "hours-chart",
        partial(rhythm.hour_of_week, matrix, language, n=total, figures=figures, about=about),
    )
    shown["table"] = _hours_table(matrix, language)
    return shown


def categories(subject: Subject, names: Mapping[str, str], overlapping: frozenset[str]) -> dict[str, Any]:
    """Which kinds of facts: each against its own expected range; `overlapping` are codes that count facts twice."""
    figures, language, about = subject.figures, subject.language, subject.about
    caption = rankings.categories_caption(figures, language, names=names, about=about)
    shown: dict[str, Any] = {
        "id": "categories",
        "level": 2,
        "finding": caption.title,
        "measured": caption.subtitle,
        "source": caption.source,
        "method": {
            "paragraphs": [
                _(
                    "Each category is compared with its own earlier months, by the same method as the whole. With "
                    "many categories, about one in 20 would lie outside its range by chance alone."
                )
            ]
        },
    }
    if not figures.categories:
        shown["state"] = "empty"
        shown["message"] = {"title": _("No facts, %s") % windows.year(figures)}
        return shown
    shown["chart"] = subject.drawn(
        "categories-chart",
        partial(rankings.categories, figures, language, names=names, about=about),
        sorted(names.items()),
    )
    shown["table"] = _categories_table(figures, names, language)
    shown["table"]["note"] = _adding_up(figures, names, overlapping, language)
    return shown


def surroundings(figures: PlaceFigures, language: str) -> dict[str, Any]:
    """The ring around the perimeter beside the perimeter itself: does the problem move, or do benefits spread?"""
    shown = windows.windows(figures)[-1:]
    rows = [_around_row(_("Inside the perimeter"), figures, shown, language)]
    if figures.buffer is not None:
        label = _("Within %(metres)s m around it") % {
            "metres": words.number(figures.buffer.width_m, language)
        }
        rows.append(_around_row(label, figures.buffer, shown, language))
    return {
        "id": "surroundings",
        "caption": _("Inside and around"),
        "columns": [
            {"key": "where", "label": _("Where")},
            {"key": "month", "label": _("This month"), "numeric": True},
            {"key": "expected", "label": _("Expected")},
            {"key": "state", "label": _("Compared")},
            *_columns(shown),
            {"key": "discovered", "label": _("Discovered this month"), "numeric": True},
        ],
        "rows": rows,
        "note": _("Ground that lies in another hotspot is not counted as surroundings."),
        "whole": True,
    }


def quality(figures: PlaceFigures, language: str) -> dict[str, Any]:
    """How good the data of the last twelve months are, for the whole zone."""
    q = figures.quality
    rate = None if q.geocoding_rate is None else words.percent(q.geocoding_rate, language)
    little = q.rows < LITTLE
    lag = None if q.lag_median_days is None else words.number(q.lag_median_days, language, decimals=1)
    late = None if q.lag_p90_days is None else words.number(q.lag_p90_days, language, decimals=0)
    measures = [
        {
            "label": _("Facts with a place"),
            "value": q.located if little else rate,
            "range": _("%(part)s of %(whole)s")
            % {"part": words.number(q.located, language), "whole": words.number(q.rows, language)},
            "missing": _("no facts"),
        },
        {
            "label": _("Last fact"),
            "value": None if q.last_day is None else words.day(q.last_day, language, style="medium"),
            "missing": _("no facts"),
        },
        {
            "label": _("Days until registration"),
            "value": lag,
            "range": _("one in ten after %(days)s days or more") % {"days": late} if late is not None else "",
            "missing": _("not known"),
        },
        {"label": _("Facts without a date"), "value": q.missing_dates},
    ]
    low = q.geocoding_rate is not None and q.geocoding_rate < sentences.LOCATED_ENOUGH
    return {
        "measures": measures,
        "sentence": sentences.located_sentence(q.geocoding_rate, language),
        "period": _("Over the whole zone, %s.") % windows.year(figures),
        "warning": low and not little,
    }


def _months_outside(figures: PlaceFigures, language: str) -> str:
    """How often the months shown lay outside their range: what the series adds to the sentence of the page."""
    judged = [m for m in figures.series if m.low is not None and m.high is not None]
    if not judged:
        return ""
    outside = [m for m in judged if not (m.low or 0) <= m.n <= (m.high or 0)]
    return ngettext(
        "Of the %(months)s months up to %(month)s, %(n)s lay outside its expected range.",
        "Of the %(months)s months up to %(month)s, %(n)s lay outside their expected range.",
        len(outside),
    ) % {
        "n": words.number(len(outside), language),
        "months": words.number(len(judged), language),
        "month": words.month_name(figures.month, language, year=True),
    }


def _with_year_before(window: Window, figures: PlaceFigures, language: str) -> dict[str, Any]:
    before = {"three": figures.three_months_last_year, "twelve": figures.twelve_months_before}[window.key]
    text = _("no data for the year before")
    if before is not None:
        text = _("%(n)s a year before") % {"n": words.number(before.n, language)}
    return {"label": window.label, "value": window.count(figures).n, "range": text}


def _series_table(figures: PlaceFigures, language: str) -> dict[str, Any]:
    missing = _("not enough data")
    return {
        "id": "series-table",
        "caption": _("Facts by month"),
        "columns": [
            {"key": "month", "label": _("Month")},
            {"key": "n", "label": _("Count"), "numeric": True},
            {"key": "low", "label": _("Expected, low"), "numeric": True},
            {"key": "high", "label": _("Expected, high"), "numeric": True},
            {"key": "reported", "label": _("Reported"), "numeric": True},
            {"key": "discovered", "label": _("Discovered"), "numeric": True},
            {"key": "unknown", "label": pgettext("source of a fact", "Not told"), "numeric": True},
        ],
        "rows": [
            {
                "cells": [
                    words.capital(words.month_name(m.month, language, year=True)),
                    m.n,
                    {"value": m.low, "missing": missing},
                    {"value": m.high, "missing": missing},
                    m.reported,
                    m.discovered,
                    m.unknown,
                ],
                "selected": m.month == figures.month,
            }
            for m in reversed(figures.series)
        ],
    }


def _hours_table(matrix: Any, language: str) -> dict[str, Any]:
    return {
        "id": "hours-table",
        "caption": _("Facts by weekday and hour"),
        "columns": [
            {"key": "day", "label": _("Day")},
            *({"key": f"h{h}", "label": str(h), "numeric": True} for h in range(24)),
        ],
        "rows": [
            {
                "cells": [
                    words.capital(name),
                    *({"value": float(value), "decimals": 1} for value in matrix[day]),
                ]
            }
            for day, name in enumerate(words.weekdays(language))
        ],
    }


def _categories_table(figures: PlaceFigures, names: Mapping[str, str], language: str) -> dict[str, Any]:
    def expected(c: Any) -> dict[str, Any]:
        known = c.state != "not enough data"
        return {
            "value": sentences.expected_span(c.expected, language) if known else None,
            "missing": _("not enough data"),
        }

    shown = windows.windows(figures)

    def cells(name: str, judged: Any) -> list[Any]:
        return [
            name,
            judged.this_month.n,
            expected(judged),
            sentences.state_words(judged.state, language),
            {"value": n(judged.same_month_last_year), "missing": _("no data")},
            *(window.count(judged).n for window in shown),
            judged.this_month.discovered,
        ]

    return {
        "id": "categories-table",
        "caption": _("Facts by category"),
        "columns": [
            {"key": "category", "label": _("Category")},
            {"key": "n", "label": _("This month"), "numeric": True},
            {"key": "expected", "label": _("Expected")},
            {"key": "state", "label": _("Compared")},
            {"key": "last_year", "label": _("Same month last year"), "numeric": True},
            *_columns(shown),
            {"key": "discovered", "label": _("Discovered this month"), "numeric": True},
        ],
        "rows": [{"cells": cells(names.get(c.category, c.category), c)} for c in figures.categories],
        "foot": cells(_("Total"), figures),
    }


def _adding_up(
    figures: PlaceFigures, names: Mapping[str, str], overlapping: frozenset[str], language: str
) -> str:
    """Do the rows of the table add up to its last line?"""
    twice = [names.get(c.category, c.category) for c in figures.categories if c.category in overlapping]
    if not twice:
        return _("Every fact stands under one category: the rows add up to the total.")
    return _(
        "Do not add the rows up: facts under %(names)s may stand under another category too, and the total counts them "
        "once for each."
    ) % {"names": words.listed(twice, language)}


def _columns(shown: Sequence[Window]) -> list[dict[str, Any]]:
    return [{"key": window.key, "label": window.label, "numeric": True} for window in shown]


def _around_row(label: str, judged: Any, shown: Sequence[Window], language: str) -> dict[str, Any]:
    """A line of the perimeter or of what surrounds it; the surroundings know no three months."""
    known = judged.state != "not enough data"
    return {
        "cells": [
            label,
            judged.this_month.n,
            {
                "value": sentences.expected_span(judged.expected, language) if known else None,
                "missing": _("not enough data"),
            },
            sentences.state_words(judged.state, language),
            *(window.count(judged).n for window in shown),
            judged.this_month.discovered,
        ]
    }

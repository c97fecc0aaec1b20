"""What the style guide shows: one small invented place, in every state a component knows."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.pictures import drawing, sentences, words
from vicus.pictures import series as series_picture
from vicus.pictures.figures import About

MONTH = date(2026, 10, 1)
KNOWN_AT = datetime(2026, 11, 4, 8, 30, tzinfo=UTC)
COUNTS = (14, 19, 17, 22, 16, 13, 15, 12, 18, 21, 17, 16, 19, 23, 20, 15, 14, 17, 12, 16, 22, 19, 14, 18)
PLACES = (
    ("7", "Stationsplein / Place de la Gare", 41, 17.0, 33.0, "above", "1–2"),
    ("3", "Kanaalkaai / Quai du Canal", 33, 15.0, 29.0, "above", "1–3"),
    ("12", "Markt / Grand-Place", 18, 11.0, 24.0, "within", "2–5"),
    ("5", "Parkwijk / Quartier du Parc", 6, 7.0, 18.0, "below", "4–5"),
    ("21", "Nieuwe wijk aan de oude spoorwegbedding / Nouveau quartier de l’ancienne voie ferrée", 2, None,
     None, "not enough data", None),
)  # fmt: skip


def month_back(months: int) -> date:
    year, month = divmod(MONTH.year * 12 + MONTH.month - 1 - months, 12)
    return date(year, month + 1, 1)


def count(n: int) -> SimpleNamespace:
    return SimpleNamespace(n=n, reported=n, discovered=0, unknown=0)


def figures(*, enough: bool = True) -> SimpleNamespace:
    """Figures of one place, with the names that pictures expect."""
    months = []
    for place, n in enumerate(COUNTS):
        mean = 17.5 + 3 * math.sin((place + 1) / 12 * 2 * math.pi)
        known = enough and place >= 6
        months.append(
            SimpleNamespace(
                month=month_back(len(COUNTS) - 1 - place), n=n, reported=n, discovered=place % 4, unknown=0,
                low=mean - 6.5 if known else None, mean=mean if known else None,
                high=mean + 6.5 if known else None,
            )
        )  # fmt: skip
    expected = SimpleNamespace(mean=17.0, low=11.0, high=24.0, coverage=0.95, enough_data=enough)
    quality = SimpleNamespace(geocoding_rate=0.94, rows=420, located=395, last_day=date(2026, 10, 31))
    return SimpleNamespace(
        place=12, month=MONTH, complete=True, sources=("reported", "unknown"),
        version=SimpleNamespace(number=14, known_at=KNOWN_AT), software="0.1.0", this_month=count(18),
        twelve_months=count(209), expected=expected, state="within" if enough else "not enough data",
        series=tuple(months), categories=(), hour_of_week=None, hour_of_week_n=0, quality=quality,
    )  # fmt: skip


def series_figure(language: str) -> dict[str, Any]:
    """The sentence-picture-table block of a hotspot page."""
    shown = figures()
    caption = series_picture.caption(shown, language, about=About())
    drawn = series_picture.series(shown, language, captions=False)
    fluid = series_picture.series(shown, language, width="container")
    return {
        "id": "series",
        "finding": caption.title,
        "measured": caption.subtitle,
        "source": caption.source,
        "chart": {"id": "series-chart", "svg": drawing.svg(drawn), "spec": drawing.spec(fluid)},
        "table": series_table(language),
        "method": method(),
    }


def series_table(language: str) -> dict[str, Any]:
    rows = [
        {
            "cells": [
                words.capital(words.month_name(m.month, language, year=True)),
                m.n,
                {"value": f"{m.low:.0f}–{m.high:.0f}" if m.low is not None else None,
                 "missing": _("not enough data")},
            ]
        }
        for m in reversed(figures().series)
    ]  # fmt: skip
    columns = [
        {"key": "month", "label": _("Month")},
        {"key": "n", "label": _("Facts"), "numeric": True},
        {"key": "expected", "label": _("Expected"), "numeric": True},
    ]
    return {
        "id": "series-table", "caption": _("Facts per month and the range expected"), "caption_hidden": True,
        "columns": columns, "rows": rows, "whole": True,
    }  # fmt: skip


def method() -> dict[str, Any]:
    return {
        "paragraphs": [
            _(
                "The range is where an ordinary month falls 95 times in 100, judging by up to 60 months before."
            )
        ],
        "terms": [
            (_("Method"), _("negative binomial with season")),
            (_("Counted"), _("reported facts; discovered ones are kept apart")),
            (_("Data"), _("version 14, as known on 4 November 2026")),
        ],
    }


def instead(state: str) -> dict[str, Any]:
    """A figure that cannot show its picture, and says why and what to do."""
    messages = {
        "not_enough": (
            _("Not enough data"),
            _("This perimeter has 9 months behind it; a range needs 24. Counts are in the table."),
        ),
        "empty": (_("No facts imported yet"), _("Import a file to see figures here.")),
        "loading": (_("Being counted"), _("You can leave this page; the figures will be here.")),
        "error": (
            _("The figures could not be counted"),
            _("The incident data were left as they were. Try again, or tell your administrator."),
        ),
    }
    title, text = messages[state]
    message: dict[str, Any] = {"title": title, "text": text}
    if state == "empty":
        message["action"] = {"label": _("Import facts"), "url": "#figure"}
    return {
        "id": f"figure-{state.replace('_', '-')}", "level": 4, "finding": title, "state": state,
        "measured": _("Facts per month"), "message": message,
    }  # fmt: skip


def ranked(language: str) -> dict[str, Any]:
    rows = []
    for number, name, n, low, high, state, rank in PLACES:
        history = [
            {"n": round(past * (1 - place / 12) + n * place / 12), "low": low, "high": high}
            for place, past in enumerate(COUNTS[int(number) % 9 :][:13])
        ]
        rows.append(
            {
                "rank": rank, "number": number, "name": name, "url": "#ranked", "n": n, "low": low,
                "high": high, "state": state, "series": history, "note": _("Commune of the sample"),
            }
        )  # fmt: skip
    return {
        "id": "ranked-list",
        "caption": _("Hotspots by deviation from what was expected"),
        "period": words.capital(words.month_name(MONTH, language, year=True, short=True)),
        "rows": rows,
        "note": _("Places whose ranges overlap share their ranks. Reported facts only."),
    }


def table(state: str = "") -> dict[str, Any]:
    columns = [
        {"key": "file", "label": _("File"), "sort_url": "?sort=file#table"},
        {"key": "day", "label": _("Day"), "sort_url": "?sort=-day#table", "sorted": "descending"},
        {"key": "rows", "label": _("Rows"), "numeric": True, "sort_url": "?sort=rows#table"},
        {"key": "added", "label": _("Added"), "numeric": True},
        {"key": "located", "label": _("Located"), "numeric": True},
    ]
    rows = [
        {"cells": [{"value": "feiten-2026-10.csv", "url": "#table", "minor": _("by the analyst")},
                   "04/11/2026", 12_408, 12_391, {"value": 94.2, "decimals": 1}]},
        {"cells": [{"value": "een-heel-lange-bestandsnaam-van-een-uitvoer-zonder-spaties-2026-09-definitief.csv.gz",
                    "url": "#table"}, "05/10/2026", 11_870, 0, {"value": 93.8, "decimals": 1}], "selected": True},
        {"cells": [{"value": "faits-2026-08.xlsx", "url": "#table"}, "03/09/2026", 1_204_551, 1_204_551, None]},
    ]  # fmt: skip
    shown: dict[str, Any] = {
        "id": f"files-{state}" if state else "files",
        "caption": _("Imported files"),
        "columns": columns,
        "rows": rows,
        "foot": [_("All files"), "", 1_228_829, 1_216_942, ""],
        "note": _("3 of 3 files"),
        "downloads": [{"label": "CSV", "url": "#table"}, {"label": "Excel", "url": "#table"}],
        "state": state,
    }
    if state == "empty":
        shown["message"] = {
            "title": _("No file was imported yet"),
            "text": _("Drop an export of your registration system here; nothing is stored before you agree."),
            "action": {"label": _("Import a file"), "url": "#table"},
        }
    if state == "error":
        shown["message"] = {
            "title": _("The list could not be read"),
            "text": _("Nothing was lost. Load the page again; if it stays, tell your administrator."),
        }
    return shown


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(
        label=gettext_lazy("Name of the hotspot"), help_text=gettext_lazy("In the languages of the zone.")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of place"),
        choices=[
            ("square", gettext_lazy("square or street")),
            ("station", gettext_lazy("station and its surroundings")),
        ],
    )
    since = forms.DateField(
        label=gettext_lazy("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Facts that count"),
        widget=forms.RadioSelect,
        choices=[
            ("reported", gettext_lazy("reported by people")),
            ("all", gettext_lazy("also those the police discovered")),
        ],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    told = forms.BooleanField(label=gettext_lazy("The hotspot manager knows"), required=False)


class DisabledForm(forms.Form):
    """A field that this role may read and not change."""

    name = forms.CharField(
        label=gettext_lazy("Name of the hotspot"),
        initial="Markt / Grand-Place",
        disabled=True,
        help_text=gettext_lazy("The zone direction can change this."),
    )


class SampleReasonForm(forms.Form):
    """The same fields as the audit door asks for."""

    door_reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For instance the case, the meeting or the task it is needed for."),
    )


def form(kind: str = "") -> forms.Form:
    if kind == "wrong":
        return SampleForm({"name": "", "kind": "square", "since": "31/02/2026"}, prefix="wrong")
    if kind == "disabled":
        return DisabledForm(prefix="disabled")
    return SampleForm(initial={"kind": "square", "source": "reported"})


def month_picker(language: str) -> dict[str, Any]:
    choices = [
        {
            "value": f"{month_back(back):%Y-%m}",
            "label": words.capital(words.month_name(month_back(back), language, year=True)),
        }
        for back in range(12)
    ]
    before = choices[1]["label"]
    return {
        "id": "month", "value": f"{MONTH:%Y-%m}", "choices": choices, "url": "#pickers",
        "previous": {"url": "?month=2026-09#pickers", "label": _("To %(month)s") % {"month": before}},
        "next": None,
        "hint": _("November is not complete yet."),
    }  # fmt: skip


def day_picker(language: str, *, wrong: bool = False) -> dict[str, Any]:
    day = KNOWN_AT.date()

    def step(days: int) -> dict[str, str]:
        to = day + timedelta(days=days)
        return {"url": f"?day={to}#pickers", "label": _("To %(day)s") % {"day": words.day(to, language)}}

    return {
        "id": "known-at-wrong" if wrong else "known-at", "label": _("As known on"), "value": f"{day}",
        "previous": step(-1), "next": step(1), "url": "#pickers", "min": "2021-01-01", "max": "2026-11-05",
        "error": _("Nothing was imported before 3 January 2021.") if wrong else "",
    }  # fmt: skip


def measures(language: str) -> list[dict[str, Any]]:
    return [
        {"label": words.capital(words.month_name(MONTH, language, year=True)), "value": 18,
         "range": _("expected %(span)s") % {"span": sentences.expected_span(figures().expected, language)}},
        {"label": _("Same month last year"), "value": 23},
        {"label": _("Last 3 months"), "value": 51},
        {"label": _("Last 12 months"), "value": 209},
        {"label": _("Reports by residents"), "value": None},
    ]  # fmt: skip


def pages() -> dict[str, Any]:
    return {
        "items": [
            {"number": 1, "url": "?page=1#pagination"}, {"gap": True}, {"number": 6, "url": "?page=6#pagination"},
            {"number": 7, "current": True}, {"number": 8, "url": "?page=8#pagination"}, {"gap": True},
            {"number": 40, "url": "?page=40#pagination"},
        ],
        "previous_url": "?page=6#pagination", "next_url": "?page=8#pagination",
        "note": _("rows %(first)s to %(last)s") % {"first": 301, "last": 350},
    }  # fmt: skip


def phases() -> dict[str, Any]:
    return {
        "start": date(2024, 11, 1), "end": date(2026, 10, 31),
        "alternative": _("Clear until June 2025, Hold until May 2026, Build since then"),
        "spans": [
            {"phase": "clear", "start": date(2024, 11, 1), "end": date(2025, 6, 30), "label": "Clear"},
            {"phase": "hold", "start": date(2025, 7, 1), "end": date(2026, 5, 31), "label": "Hold"},
            {"phase": "build", "start": date(2026, 6, 1), "end": None, "label": "Build"},
        ],
    }  # fmt: skip


def progress(state: str = "") -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": f"progress-{state or 'running'}", "label": _("Importing feiten-2026-10.csv"), "done": 812_000,
        "total": 1_204_551, "step": _("Checking places"), "left": _("about 40 seconds left"), "state": state,
    }  # fmt: skip
    if state == "done":
        shown["message"] = {"text": _("1,204,551 rows read; 17 were refused.")}
        shown["result"] = {"label": _("See the report"), "url": "#progress"}
    if state == "failed":
        shown["message"] = {
            "title": _("The file stops in the middle of row 88,412"),
            "text": _("Nothing was added: the data are as they were this morning. Export the file again."),
        }
    return shown

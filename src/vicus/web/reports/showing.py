"""Reports in the words of pages: names of periods and languages, tables of what was drawn and of schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.reports import scheduling
from vicus.web.reports.kinds import KINDS
from vicus.web.reports.models import FORMATS, Drawn, Schedule
from vicus.web.reports.periods import first_day
from vicus.web.zone.models import Zone

LANGUAGES = {"nl": gettext_lazy("Dutch"), "fr": gettext_lazy("French"), "en": gettext_lazy("English")}


def capital(text: Any) -> str:
    """With a capital."""
    return words.capital(str(text))


def language_name(code: str) -> str:
    """The name of a language in the reader's."""
    return str(LANGUAGES.get(code, code))


def period(code: str) -> str:
    """ "October 2026", "quarter 3 of 2026", "2025", or the day of a meeting."""
    if code.count("-") == 2:
        return words.day(date.fromisoformat(code), language())
    if "-Q" in code:
        year, quarter = code.split("-Q")
        return _("quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
    return words.month_name(first_day(code), language(), year=True) if "-" in code else code


def kind_title(code: str) -> str:
    """The name of a kind."""
    return str(KINDS[code].title) if code in KINDS else code


def moment(value: Any) -> str:
    """A day and a time."""
    local = timezone.localtime(value)
    return f"{words.day(local, language())}, {local:%H:%M}"


def drawn_by(one: Drawn) -> str:
    """The account that drew it, or the schedule."""
    return _("by schedule") if one.drawn_by == scheduling.ACTOR else one.drawn_by


def drawn_table(found: Sequence[Drawn], zone: Zone, *, name: str = "drawn") -> dict[str, Any]:
    """What was drawn, each a line that leads to its page."""
    return {
        "id": name,
        "caption": _("Reports in the archive"),
        "caption_hidden": True,
        "columns": [
            {"key": "title", "label": _("Report")},
            {"key": "place", "label": _("Of")},
            {"key": "period", "label": _("Period")},
            {"key": "file", "label": _("File")},
            {"key": "version", "label": _("Version")},
            {"key": "drawn", "label": _("Drawn on")},
        ],
        "rows": [
            {
                "url": reverse("reports:drawn", args=[zone.slug, one.pk]),
                "cells": [
                    kind_title(one.kind),
                    one.title,
                    capital(period(one.period)),
                    f"{dict(FORMATS)[one.format]}, {language_name(one.language)}",
                    str(one.number),
                    {"value": moment(one.drawn_at), "minor": drawn_by(one)},
                ],
            }
            for one in found
        ],
        "note": ngettext("%(n)s report", "%(n)s reports", len(found)) % {"n": words.number(len(found), language())},
        "stacked": True,
    }  # fmt: skip


def schedule_rows(
    found: Sequence[Schedule], names: Mapping[str, Mapping[str, str]], day: date
) -> list[dict[str, Any]]:
    """Each schedule with what it draws, for whom, and the next date; `names` of places by kind."""
    return [
        {
            "schedule": one,
            "title": kind_title(one.kind),
            "audience": one.audience,
            "places": places(one.places, names.get(one.kind, {})),
            "when": when(one),
            "next": next_words(one, day),
            "files": ", ".join(
                [
                    *(language_name(code) for code in one.languages),
                    *(dict(FORMATS)[code] for code in one.formats),
                ]
            ),
        }
        for one in found
    ]


def places(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """The places in words."""
    return words.listed([names.get(code, code) for code in codes], language()) if codes else _("all places")


def when(schedule: Schedule) -> str:
    """ "every month, on day 5"."""
    if schedule.rhythm == Schedule.Rhythm.BEFORE:
        told = ngettext("%(n)s day before each meeting", "%(n)s days before each meeting", schedule.day)
        return told % {"n": schedule.day}
    return _("%(rhythm)s, on day %(day)s") % {"rhythm": schedule.get_rhythm_display(), "day": schedule.day}


def next_words(schedule: Schedule, day: date) -> str:
    """The next date, or why there is none."""
    if schedule.stopped_on is not None:
        return _("stopped on %(day)s") % {"day": words.day(schedule.stopped_on, language())}
    at = scheduling.next_date(schedule, day)
    return words.day(at, language()) if at else _("with the next meeting")


def inputs(one: Drawn) -> list[tuple[str, str]]:
    """What a report rests on, for its page."""
    kept = one.inputs
    perimeters = kept.get("perimeters") or {}
    lines = [
        (_("Drawn on"), moment(one.drawn_at)),
        (_("Drawn by"), drawn_by(one)),
        (_("Data version"), str(kept.get("data_version", ""))),
        (_("Month of the figures"), capital(period(kept["month"])) if kept.get("month") else ""),
        (
            _("Versions of perimeters"),
            ", ".join(f"{number}: v{version}" for number, version in perimeters.items()),
        ),
        (_("Sections left out"), ", ".join(kept.get("left_out", []))),
        (_("Word template"), str(kept.get("template", ""))[:12]),
        (_("Software"), str(kept.get("software", ""))[:40]),
        (_("Size"), filesizeformat(one.size)),
        (_("Fingerprint of the file"), one.sha256[:16]),
        (_("Fingerprint of what it was drawn from"), one.content_sha256[:16]),
    ]
    return [(label, value) for label, value in lines if value]

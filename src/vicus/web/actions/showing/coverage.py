"""Hours covered, drawn: facts by hour and weekday, the planned windows outlined, the hours visited dotted."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.pictures.sheet import density_places
from vicus.web.actions.covered import LITTLE, WEEKS, Covered
from vicus.web.actions.weeks import Hours

STEPS = 7
SIDE, LEFT, TOP = 24, 44, 22


def figure(found: Covered | None, language: str, *, level: int = 2) -> dict[str, Any] | None:
    """The picture with its sentence and its table; None where there is nothing to compare."""
    if found is None:
        return None
    shown: dict[str, Any] = {
        "id": "hours-covered",
        "level": level,
        "finding": sentence(found, language),
        "measured": _(
            "Reported facts of twelve months up to %(month)s by weekday and hour; a fact known only between two moments "
            "is shared out over the hours between. Outlined: planned hours; dots: hours with a visit in the last "
            "%(weeks)s weeks, however short. Dose is never part of a ranking."
        )
        % {"month": words.month_name(found.month, language, year=True), "weeks": WEEKS},
    }
    if not found.n:
        return {
            **shown,
            "state": "not_enough",
            "message": {"text": _("No fact has a time of day.")},
        }
    return {**shown, "picture": picture(found, language), "table": table(found, language)}


def sentence(found: Covered, language: str) -> str:
    """What the hours hold, with the share of the week beside it."""
    if found.n < LITTLE:
        return _("Only %(n)s facts have a time of day: too few to say which hours hold them.") % {
            "n": words.number(found.n, language)
        }
    said = []
    planned = found.share(found.planned)
    if planned is not None and found.planned.any():
        said.append(
            _("The planned hours hold %(facts)s of the facts in %(week)s of the week.")
            % _told(planned, language)
        )
        if planned[0] <= planned[1]:
            said.append(_("Any hours would hold as many."))
    else:
        said.append(_("No hours were planned."))
    visited = found.share(found.visited)
    if visited is not None and found.visits:
        said.append(
            _("Hours with a visit hold %(facts)s of the facts in %(week)s of the week.")
            % _told(visited, language)
        )
    else:
        said.append(_("No visit was noted in these weeks."))
    if found.rough:
        said.append(_("With %(n)s facts these shares are rough.") % {"n": words.number(found.n, language)})
    return " ".join(said)


def _told(share: tuple[float, float], language: str) -> dict[str, str]:
    return {"facts": words.percent(share[0], language), "week": words.percent(share[1], language)}


def picture(found: Covered, language: str) -> SafeString:
    """Cells of the week in the colours of density; a planned hour has a thick edge, a visited one a dot."""
    top = float(found.facts.max()) or 1.0
    places = density_places(STEPS)
    names = words.weekdays(language, short=True)

    def fill(value: float) -> str:
        step = 0 if value <= 0 else min(STEPS, int(STEPS * value / top) + 1)
        return "var(--surface)" if step == 0 else f"var(--density-{places[step - 1]})"

    week = [(day, hour) for day in range(7) for hour in range(24)]
    cells = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="var(--line)" stroke-width="0.5"/>',
        (
            (LEFT + SIDE * hour, TOP + SIDE * day, SIDE, SIDE, fill(float(found.facts[day, hour])))
            for day, hour in week
        ),
    )
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.5"/>',
        (
            (LEFT + SIDE * hour + SIDE // 2, TOP + SIDE * day + SIDE // 2)
            for day, hour in week
            if found.visited[day, hour]
        ),
    )
    edges = format_html(
        '<path d="{}" fill="none" stroke="var(--data-outline, var(--ink))" stroke-width="3" stroke-linecap="square"/>',
        _edges(found.planned),
    )
    letters = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" fill="var(--muted)" font-size="14">{}</text>',
        [
            *(
                (LEFT - 8, TOP + SIDE * day + 17, "end", words.capital(name))
                for day, name in enumerate(names)
            ),
            *((LEFT + SIDE * hour, TOP - 8, "middle", hour) for hour in range(0, 25, 3)),
        ],
    )
    return format_html(
        '<svg class="covered" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        LEFT + 24 * SIDE + 8,
        TOP + 7 * SIDE + 4,
        sentence(found, language),
        cells,
        dots,
        edges,
        letters,
    )


def _edges(planned: Hours) -> str:
    """The outline of the planned hours: every side of a cell that has no planned neighbour there."""
    lines = []
    for day in range(7):
        for hour in range(24):
            if not planned[day, hour]:
                continue
            x, y = LEFT + SIDE * hour, TOP + SIDE * day
            if day == 0 or not planned[day - 1, hour]:
                lines.append(f"M{x} {y}h{SIDE}")
            if day == 6 or not planned[day + 1, hour]:
                lines.append(f"M{x} {y + SIDE}h{SIDE}")
            if hour == 0 or not planned[day, hour - 1]:
                lines.append(f"M{x} {y}v{SIDE}")
            if hour == 23 or not planned[day, hour + 1]:
                lines.append(f"M{x + SIDE} {y}v{SIDE}")
    return "".join(lines)


def table(found: Covered, language: str) -> dict[str, Any]:
    """Day by day: facts, those in planned hours, those in hours with a visit, and which hours were planned."""

    def row(day: int, name: str) -> dict[str, Any]:
        facts, planned, visited = found.facts[day], found.planned[day], found.visited[day]
        return {
            "cells": [
                words.capital(name),
                {"value": float(facts.sum()), "decimals": 1},
                {"value": float(facts[planned].sum()), "decimals": 1},
                {"value": float(facts[visited].sum()), "decimals": 1},
                {"value": runs(found.planned, day, language) or None, "missing": _("none planned")},
            ]
        }

    return {
        "id": "hours-covered-table",
        "caption": _("Facts in planned and in visited hours"),
        "columns": [
            {"key": "day", "label": _("Day")},
            {"key": "facts", "label": _("Facts"), "numeric": True},
            {"key": "planned", "label": _("In planned hours"), "numeric": True},
            {"key": "visited", "label": _("In hours with a visit"), "numeric": True},
            {"key": "hours", "label": _("Planned hours")},
        ],
        "rows": [row(day, name) for day, name in enumerate(words.weekdays(language))],
    }


def runs(planned: Hours, day: int, language: str) -> str:
    """The planned hours of a day as spans: "00:00–02:00, 18:00–24:00"."""
    marks = [hour for hour in range(24) if planned[day, hour]]
    spans: list[list[int]] = []
    for hour in marks:
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    return ", ".join(f"{words.hour(a, language)}–{words.hour(b, language)}" for a, b in spans)

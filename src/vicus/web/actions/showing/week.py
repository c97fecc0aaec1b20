"""The week view: a strip of 168 hours for each action, hours against capacity, and the same as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.pictures import words
from vicus.web.actions import rules
from vicus.web.actions.models import Action
from vicus.web.actions.weeks import HOURS, Row, Week, Window

State = Action.State
# Never colour alone: what runs is filled, what is planned is an outline, what is blocked is a broken outline.
MARKS = {
    State.RUNNING: 'fill="var(--accent)"',
    State.DONE: 'fill="var(--muted)"',
    State.PLANNED: 'fill="none" stroke="var(--accent)" stroke-width="1.5"',
    State.BLOCKED: 'fill="none" stroke="var(--bad)" stroke-width="1.5" stroke-dasharray="4 3"',
}


def strips(week: Week, language: str) -> list[dict[str, Any]]:
    """Each action of the week: what it is, its strip, and its hours in words."""
    return [
        {
            "title": row.action.title,
            "hotspot": row.action.hotspot.title,
            "lead": row.action.lead,
            "state": row.action.get_state_display(),
            "tone": rules.TONES[State(row.action.state)],
            "url": _address(row.action),
            "picture": strip(row, language),
            "hours": hours_told(row.windows, language) or _("no windows planned"),
            "told": told(row, language),
        }
        for row in sorted(week.rows, key=lambda row: (row.action.hotspot.number, row.action.pk))
    ]


def strip(row: Row, language: str) -> SafeString:
    """Seven days side by side: windows above, visits as marks below."""
    mark = SafeString(MARKS[State(row.action.state)])
    opened = format_html_join(
        "",
        '<rect x="{}" y="3" width="{}" height="14" {} vector-effect="non-scaling-stroke"/>',
        ((first, n, mark) for window in row.windows for first, n in window.pieces),
    )
    visited = format_html_join(
        "",
        '<rect x="{}" y="20" width="{}" height="6" fill="var(--data-value)"/>',
        ((f"{at:.2f}", f"{min(max(length, 0.6), HOURS - at):.2f}") for at, length in row.visits),
    )
    days = format_html_join(
        "",
        '<path d="M{} 0V28" stroke="var(--line)" vector-effect="non-scaling-stroke"/>',
        ((24 * day,) for day in range(1, 7)),
    )
    return format_html(
        '<svg class="week-strip" viewBox="0 0 168 28" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path d="M0 27.5H168" stroke="var(--line)" vector-effect="non-scaling-stroke"/>{}{}{}</svg>',
        f"{row.action.title}: {hours_told(row.windows, language) or _('no windows planned')}. {told(row, language)}",
        days,
        opened,
        visited,
    )


def hours_told(windows: Sequence[Window], language: str) -> str:
    """Windows in words, days with the same hours together: "Friday and Saturday 18:00–02:00"."""
    names, groups = words.weekdays(language), dict[tuple[int, int], list[int]]()
    for window in windows:
        groups.setdefault((window.opens, window.hours), []).append(window.day)
    told = []
    for (opens, hours), days in groups.items():
        which = _("every day") if len(days) == 7 else words.listed([names[day] for day in days], language)
        told.append(f"{which} {span(opens, hours, language)}")
    return "; ".join(told)


def span(opens: int, hours: int, language: str) -> str:
    """From an hour to an hour."""
    return f"{words.hour(opens, language)}–{words.hour((opens + hours) % 24 or 24, language)}"


def hours(value: float, language: str) -> str:
    """An amount of hours."""
    return _("%(n)s h") % {"n": words.number(value, language, decimals=1 if 0.05 <= value < 10 else 0)}


def told(row: Row, language: str) -> str:
    """Hours planned, delivered and within capacity, in words."""
    said = []
    if row.planned is not None:
        said.append(
            _("%(delivered)s delivered of %(planned)s planned")
            % {"delivered": hours(row.delivered, language), "planned": hours(row.planned, language)}
        )
    elif row.delivered:
        said.append(
            _("%(delivered)s delivered, none planned") % {"delivered": hours(row.delivered, language)}
        )
    if row.over > 0.05:
        said.append(
            _("%(over)s more planned than there is capacity for") % {"over": hours(row.over, language)}
        )
    if row.crowded:
        said.append(_("more visits are planned than fit in the windows"))
    return "; ".join(said)


def sentence(week: Week, language: str) -> str:
    """The week in two sentences."""
    day = words.day(week.monday, language)
    if not week.rows:
        return _("No action runs in the week from %(day)s.") % {"day": day}
    text = ngettext(
        "In the week from %(day)s, %(n)s action runs: %(planned)s of visits planned, %(delivered)s delivered.",
        "In the week from %(day)s, %(n)s actions run: %(planned)s of visits planned, %(delivered)s delivered.",
        len(week.rows),
    ) % {
        "day": day,
        "n": words.number(len(week.rows), language),
        "planned": hours(week.planned, language),
        "delivered": hours(week.delivered, language),
    }
    return f"{text} {capacity(week, language)}"


def capacity(week: Week, language: str) -> str:
    """Hours planned against the hours of work there are; said only of actions whose capacity is known."""
    known = week.with_capacity
    if week.capacity is None:
        return _("No capacity was given, so nothing can be said of over-planning.")
    # Rounded as they are said, so that the difference is that of the two numbers before it.
    planned, room = round(sum(row.planned or 0.0 for row in known), 1), round(week.capacity, 1)
    values = {
        "planned": hours(planned, language),
        "capacity": hours(room, language),
        "over": hours(planned - room, language),
    }
    if planned > room:
        text = _("Over-planned: %(planned)s against a capacity of %(capacity)s, %(over)s too many.") % values
    else:
        text = _("It fits: %(planned)s against a capacity of %(capacity)s.") % values
    without = sum(1 for row in week.rows if row.planned and row.capacity is None)
    if without:
        text += " " + ngettext(
            "Of %(n)s action no capacity was given.", "Of %(n)s actions no capacity was given.", without
        ) % {"n": words.number(without, language)}
    return text


def by_day(week: Week, language: str) -> dict[str, Any]:
    """The same as a table: day by day, which hours, where and what."""
    names = words.weekdays(language)
    opened = sorted(
        (
            (w.day, w.opens, row.action.hotspot.number, w, row.action)
            for row in week.rows
            for w in row.windows
        ),
        key=lambda entry: entry[:3],
    )
    return {
        "id": "by-day",
        "caption": _("Planned windows, day by day"),
        "columns": [
            {"key": "day", "label": _("Day")},
            {"key": "hours", "label": _("Hours")},
            {"key": "hotspot", "label": _("Hotspot")},
            {"key": "action", "label": _("Action")},
            {"key": "state", "label": _("State")},
        ],
        "rows": [
            {
                "cells": [
                    f"{words.capital(names[day])} "
                    f"{words.day_of_month(week.monday + timedelta(days=day), language)}",
                    span(window.opens, window.hours, language),
                    action.hotspot.title,
                    {"value": action.title, "url": _address(action)},
                    action.get_state_display(),
                ]
            }
            for day, _opens, _number, window, action in opened
        ],
        "state": "" if opened else "empty",
        "message": {"title": _("No windows are planned in this week")},
    }


def by_week(weeks: Sequence[Week], current: Week, language: str) -> dict[str, Any]:
    """Hours planned, within capacity and delivered, week by week."""

    def capacity_cell(week: Week) -> dict[str, Any]:
        if week.capacity is None:
            return {"value": None, "missing": _("not given")}
        planned = round(sum(row.planned or 0.0 for row in week.with_capacity), 1)
        over = planned - round(week.capacity, 1)
        return {
            "value": hours(week.capacity, language),
            "minor": _("%(over)s too many planned") % {"over": hours(over, language)} if over > 0.05 else "",
        }

    return {
        "id": "by-week",
        "caption": _("Hours on the ground, week by week"),
        "columns": [
            {"key": "week", "label": _("Week from")},
            {"key": "actions", "label": _("Actions"), "numeric": True},
            {"key": "planned", "label": _("Planned"), "numeric": True},
            {"key": "capacity", "label": _("Capacity"), "numeric": True},
            {"key": "delivered", "label": _("Delivered"), "numeric": True},
        ],
        "rows": [
            {
                "cells": [
                    words.day(week.monday, language, style="medium"),
                    len(week.rows),
                    hours(week.planned, language),
                    capacity_cell(week),
                    hours(week.delivered, language),
                ],
                "selected": week.monday == current.monday,
            }
            for week in weeks
        ],
        "whole": True,
    }


def _address(action: Action) -> str:
    return reverse("actions:action", args=[action.hotspot.zone.slug, action.pk])

"""The week: which windows are planned where, and whether the hours fit the capacity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.actions import covered, queries, weeks
from vicus.web.actions.doses import WEEK
from vicus.web.actions.forms import spoken
from vicus.web.actions.models import Action
from vicus.web.actions.queries import Reader
from vicus.web.actions.showing import coverage
from vicus.web.actions.showing import week as shown_week
from vicus.web.actions.views.action import crumbs
from vicus.web.actions.views.board import chosen, filters, tabs
from vicus.web.hotspots.asking import day_named
from vicus.web.hotspots.services import today

AROUND = range(-4, 4)
"""Weeks of the table, counted from the one that is shown."""


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """Windows and hours of a week, for the zone, one hotspot or one organisation."""
    who = queries.reader(request.user, zone)
    language, day = spoken(), today(who.zone)
    asked = day_named(request.GET.get("from", "")) or day
    monday = asked - timedelta(days=asked.weekday())
    every = list(queries.actions(who))
    wanted = {name: request.GET.get(name, "") for name in ("hotspot", "lead")}
    shown = chosen(every, wanted, day)
    week = weeks.week(shown, monday)
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, None, _("Week")),
        "tabs": tabs(who, "week"),
        "sentence": shown_week.sentence(week, language),
        "strips": shown_week.strips(week, language),
        "days": [
            (words.capital(name), (monday + timedelta(days=place)).day)
            for place, name in enumerate(words.weekdays(language, short=True))
        ],
        "by_day": shown_week.by_day(week, language),
        "by_week": shown_week.by_week(
            [weeks.week(shown, monday + place * WEEK) for place in AROUND], week, language
        ),
        "filters": filters(who, every, wanted),
        "filtered": any(wanted.values()),
        "monday": monday.isoformat(),
        "turn": {
            "previous": _address(who, wanted, monday - WEEK),
            "next": _address(who, wanted, monday + WEEK),
            "now": "" if monday <= day < monday + WEEK else _address(who, wanted, None),
        },
        "covered": _covered(who, shown, wanted, day, language),
    }
    return render(request, "actions/week.html", context)


def _address(who: Reader, wanted: dict[str, str], monday: date | None) -> str:
    parts = {**wanted, "from": monday.isoformat() if monday else ""}
    said = urlencode({name: value for name, value in parts.items() if value})
    return reverse("actions:week", args=[who.zone.slug]) + (f"?{said}" if said else "")


def _covered(
    who: Reader, shown: list[Action], wanted: dict[str, str], day: date, language: str
) -> dict[str, Any] | None:
    """The hours covered of one hotspot by all of its open actions."""
    hotspot = next((h for h in who.seen() if str(h.number) == wanted["hotspot"]), None)
    running = [action for action in shown if action.state in (Action.State.RUNNING, Action.State.PLANNED)]
    if hotspot is None or not running:
        return None
    found = covered.of_hotspot(who.zone, who.hotspots, hotspot, running, day)
    return coverage.figure(found, language)

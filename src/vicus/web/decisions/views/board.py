"""The coordination board: one page for the quarterly meeting of the zone, from what the system knows that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.actions import queries as actions
from vicus.web.actions import weeks
from vicus.web.actions.doses import WEEK
from vicus.web.actions.queries import Reader, reader
from vicus.web.decisions.showing import pages, told
from vicus.web.decisions.showing.pages import Asking
from vicus.web.decisions.views import around, differences
from vicus.web.governance import board, queries, showing
from vicus.web.hotspots import queries as hotspots
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.hotspots.showing import ranking
from vicus.web.hotspots.views import zone as zone_page
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import queries as meeting_queries
from vicus.web.meetings.models import Meeting
from vicus.web.perimeters import queries as perimeters
from vicus.web.phases import queries as phases
from vicus.web.zone.models import Zone

AHEAD = 13
"""Weeks that are looked ahead: a quarter."""


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What asks for a decision, what was decided, the ranking, resources, displacement, overdue duties."""
    who = reader(request.user, zone)
    member = meeting_queries.Reader(who.user, who.zone, who.role, who.sight.areas, None, who.hotspots)
    day = today(who.zone)
    at = pages.ask(request, who.zone)
    query = at.asked.address() if at is not None else ""
    requests, conflicts = _requests(who, day), _conflicts(who, day)
    shown = queries.face(member, day)
    late = [cell for cell in shown.cells if cell.standing.state == "overdue"]
    meeting = board.coming(member)
    context = pages.frame(who, "board", query) | {
        "sentence": _sentence(len(requests), len(conflicts), len(late)),
        "requests": requests,
        "decided": board.decided(member),
        "meeting": meeting,
        "meeting_told": showing.meetings(member, [meeting])[0] if meeting else None,
        "meeting_named": _named(meeting) if meeting else "",
        "plan_url": showing.address("meetings:plan", who.zone.slug),
        "notes": Permission.DECIDE_PHASES in who.role.permissions,
        "conflicts": conflicts,
        "late": [
            {
                "title": showing.duty(cell, shown.place(cell)),
                "when": showing.when(cell.standing),
                "why": showing.why(cell.standing),
                "driver": showing.driver(cell.rule),
            }
            for cell in late
        ],
        "clock_url": reverse("governance:clock", args=[who.zone.slug]),
    }
    if at is not None:
        context |= pages.month_of(at.asked, who.zone, "board") | _ranked(who, at) | _around(who, at, query)
    return render(request, "decisions/board.html", context)


@require_POST
def note(request: HttpRequest, zone: str) -> HttpResponse:
    """A decision on a hotspot is noted in the next meeting of the fourth level."""
    who = meeting_queries.reader(request.user, zone)
    if Permission.READ_FIGURES not in who.role.permissions:
        raise Http404
    if Permission.DECIDE_PHASES not in who.role.permissions:
        raise PermissionDenied
    meeting = board.coming(who)
    about = request.POST.get("about", "")
    if meeting is None:
        messages.error(request, _("No meeting of the fourth level is planned; plan one first."))
    elif about not in {one.about for one in board.decided(who)}:
        raise Http404
    else:
        try:
            noted = board.note(meeting=meeting, about=about, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            told_in = _("Noted as a decision of %(meeting)s.") % {"meeting": _named(noted.meeting)}
            messages.success(request, told_in)
    return redirect("decisions:board", who.zone.slug)


def _requests(who: Reader, day: date) -> list[dict[str, Any]]:
    """Moves and perimeters that wait for the zone direction."""
    moves = [
        _request(_("phase"), f"{one.hotspot.title}: {one.title}", one.url, one.since, one.why)
        for one in phases.waiting(who.zone)
        if who.sight.covers(one.hotspot)
    ]
    proposals = [
        _request(_("perimeter"), one.title, one.url, one.date, one.why)
        for one in perimeters.waiting_proposals(who.zone, day)
        if (who.sight.covers(one.hotspot) if one.hotspot is not None else who.sight.areas is None)
    ]
    return [*moves, *proposals]


def _request(kind: str, title: str, url: str, since: date, why: str) -> dict[str, Any]:
    when = _("since %(day)s") % {"day": words.day(since, language())}
    return {"kind": kind, "title": title, "url": url, "when": when, "why": why}


def _conflicts(who: Reader, day: date) -> list[dict[str, Any]]:
    """Weeks of the coming quarter in which an action plans more hours than it has capacity, or its windows hold."""
    monday = day - timedelta(days=day.weekday())
    running = list(actions.actions(who).filter(ends_on__gte=monday, closed_on=None))
    found: dict[int, dict[str, Any]] = {}
    for place in range(AHEAD):
        for row in weeks.week(running, monday + place * WEEK).rows:
            if not row.over and not row.crowded:
                continue
            entry = found.setdefault(
                row.action.pk,
                {
                    "title": f"{row.action.hotspot.title}: {row.action.title}",
                    "url": reverse("actions:action", args=[who.zone.slug, row.action.pk]),
                    "over": 0.0,
                    "weeks": 0,
                    "crowded": row.crowded,
                },
            )
            entry["weeks"] += 1
            entry["over"] += row.over
    return [entry | {"told": _conflict(entry)} for entry in found.values()]


def _conflict(entry: dict[str, Any]) -> str:
    """What is in the way, in words."""
    said = []
    if entry["over"]:
        said.append(
            ngettext(
                "%(hours)s hours planned beyond its capacity in %(n)s of the coming 13 weeks",
                "%(hours)s hours planned beyond its capacity in %(n)s of the coming 13 weeks",
                entry["weeks"],
            )
            % {
                "hours": words.number(entry["over"], language()),
                "n": words.number(entry["weeks"], language()),
            }
        )
    if entry["crowded"]:
        said.append(_("more minutes of visits planned than its windows are open"))
    return "; ".join(said)


def _ranked(who: Reader, at: Asking) -> dict[str, Any]:
    """The ranking with its ranges and ties, and which hotspots differ by more than chance."""
    found = differences.find(who, at)
    if found is None:
        return {}
    seen: Sequence[Hotspot] = [hotspot for hotspot in who.seen() if hotspot.number in found.titles]
    areas = hotspots.area_names(who.zone)
    mine = zone_page.rows(who.zone, seen, areas, at.asked, found.answer, who.user.pk)
    return {
        "ranked": ranking.listed(mine, at.asked, language()),
        "differ": told.differ(found.differing, found.titles),
        "differences_url": _at("decisions:differences", who.zone, at),
    }


def _around(who: Reader, at: Asking, query: str) -> dict[str, Any]:
    """Where facts may have moved into the ring around a hotspot, or out of it."""
    found = around.find(who, at)
    titles = {h.number: h.title for h in who.seen()}
    return {
        "watched": told.watched_all(found.places, titles),
        "moves": [
            {
                "title": titles[one.number],
                "url": reverse("hotspots:hotspot", args=[who.zone.slug, one.number]) + query,
                "told": told.watched(one),
            }
            for one in found.places
            if one.reading != "unclear"
        ],
        "around_url": _at("decisions:around", who.zone, at),
    }


def _at(name: str, zone: Zone, at: Asking) -> str:
    return reverse(name, args=[zone.slug]) + at.asked.address()


def _sentence(requests: int, conflicts: int, late: int) -> str:
    counted: Iterable[tuple[int, str]] = (
        (requests, ngettext("%(n)s request to decide", "%(n)s requests to decide", requests)),
        (conflicts, ngettext("%(n)s conflict of resources", "%(n)s conflicts of resources", conflicts)),
        (late, ngettext("%(n)s overdue meeting", "%(n)s overdue meetings", late)),
    )
    said = [text % {"n": words.number(n, language())} for n, text in counted if n]
    if not said:
        return _("Nothing asks for a decision, and nothing is overdue.")
    return words.capital(words.listed(said, language())) + "."


def _named(meeting: Meeting) -> str:
    day = queries.local_day(meeting.starts_at, meeting.zone)
    return f"{meeting.body.name}, {words.day(day, language())}"

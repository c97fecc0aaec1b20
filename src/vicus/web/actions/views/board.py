"""The board of actions: planned, running, blocked, done; by hotspot, lead, and what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.incidents.months import months_before
from vicus.pictures import words
from vicus.web.actions import queries
from vicus.web.actions.forms import spoken
from vicus.web.actions.models import Action
from vicus.web.actions.queries import Reader
from vicus.web.actions.showing import listing, pages
from vicus.web.hotspots.asking import sort_order
from vicus.web.hotspots.services import today

DUE = ("overdue", "soon")
RECENT_MONTHS = 3
"""What ended within these months stands on the board; what ended before is asked for."""


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What is planned, running, blocked and done on the hotspots the reader sees."""
    who = queries.reader(request.user, zone)
    day, language = today(who.zone), spoken()
    wanted, sort = choice(request), sort_order(request.GET, listing.BY_KEY)
    every = asked(who, wanted, day)
    shown = chosen(every, wanted, day)
    columns = pages.board(shown, day, language)
    context = {
        "zone": who.zone,
        "crumbs": [
            {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])},
            {"label": _("Actions"), "url": ""},
        ],
        "tabs": tabs(who, "board"),
        "sentence": _sentence(columns, language),
        "columns": columns,
        "filters": filters(who, every, wanted),
        "filtered": any(wanted.values()),
        "any": bool(every) or queries.actions(who).exists(),
        "table": listing.table(
            listing.lines(shown, day, sort), sort, wanted, who.zone.slug, language, exports=who.sight.exports
        ),
        "table_open": bool(sort[0]),
        "may_plan": bool(who.writes()),
        "plan_url": reverse("actions:plan", args=[who.zone.slug])
        + (f"?hotspot={wanted['hotspot']}" if wanted["hotspot"].isdigit() else ""),
    }
    return render(request, "actions/board.html", context)


def choice(request: HttpRequest) -> dict[str, str]:
    """What an address asks for: hotspot, lead organisation, what is due, and what ended long ago too."""
    return {name: request.GET.get(name, "") for name in ("hotspot", "lead", "due", "ended")}


def asked(who: Reader, wanted: dict[str, str], day: date) -> list[Action]:
    """The actions of the hotspots the reader sees; those that ended long ago only when they are asked for."""
    since = None if wanted.get("ended") == "all" else months_before(day, RECENT_MONTHS)
    return list(queries.actions(who, since=since))


def chosen(every: list[Action], wanted: dict[str, str], day: date) -> list[Action]:
    """The actions that answer a choice."""
    return [
        action
        for action in every
        if wanted["hotspot"] in ("", str(action.hotspot.number))
        and wanted["lead"] in ("", action.lead)
        and (wanted.get("due") not in DUE or pages.is_due(action, wanted["due"], day))
    ]


def tabs(who: Reader, current: str) -> list[dict[str, Any]]:
    """The pages about actions."""
    names = [("board", _("Board")), ("week", _("Week")), ("evaluations", _("Evaluations"))]
    if who.writes():
        names.insert(1, ("visits", _("Note a visit")))
    return [
        {"label": label, "url": reverse(f"actions:{name}", args=[who.zone.slug]), "current": name == current}
        for name, label in names
    ]


def _sentence(columns: list[dict[str, Any]], language: str) -> str:
    running = next(c for c in columns if c["state"] == Action.State.RUNNING)["cards"]
    text = ngettext("%(n)s action is running.", "%(n)s actions are running.", len(running)) % {
        "n": words.number(len(running), language)
    }
    behind = sum(card["behind"] for card in running)
    if behind:
        text += " " + ngettext(
            "%(n)s has had less than three quarters of its planned dose.",
            "%(n)s have had less than three quarters of their planned dose.",
            behind,
        ) % {"n": words.number(behind, language)}
    late = sum(card["late"] for column in columns for card in column["cards"])
    if late:
        text += " " + ngettext("%(n)s is overdue.", "%(n)s are overdue.", late) % {
            "n": words.number(late, language)
        }
    return text


def filters(who: Reader, every: list[Action], wanted: dict[str, str]) -> list[dict[str, Any]]:
    """A select for each part of the address: hotspot, lead, due."""
    choices = {
        "hotspot": (_("Hotspot"), [(str(h.number), h.title) for h in who.seen()]),
        "lead": (_("Lead organisation"), [(lead, lead) for lead in sorted({a.lead for a in every})]),
        "due": (_("Due"), [("overdue", _("overdue")), ("soon", _("within two weeks"))]),
        "ended": (_("Ended"), [("", _("in the last three months")), ("all", _("whenever"))]),
    }
    return [
        {
            "name": name,
            "label": label,
            "always": name == "ended",
            "choices": [
                {"value": value, "label": text, "selected": value == wanted[name]} for value, text in given
            ],
        }
        for name, (label, given) in choices.items()
        if name in wanted
    ]

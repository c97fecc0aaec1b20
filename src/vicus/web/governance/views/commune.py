"""My commune: where the mayor's office begins. What waits, what comes, what was promised."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.governance import queries, showing
from vicus.web.governance.queries import Face
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import queries as meetings
from vicus.web.meetings.models import Commitment
from vicus.web.meetings.queries import Reader

NEXT = 6
SHOWN = 40


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What is overdue and theirs to call, commitments past their day, meetings to note, the next ones, the others."""
    who = queries.reader(request.user, zone)
    if Permission.READ_VALIDATED_SHEETS not in who.role.permissions:
        raise Http404
    shown = queries.face(who)
    opened = list(meetings.commitments(who).filter(state=Commitment.State.OPEN)[:SHOWN])
    late = [commitment for commitment in opened if commitment.late(shown.day)]
    waiting = overdue(who, shown) + unnoted(who, shown)
    names = [area.name for area in shown.communes.values()]
    context = showing.frame(who, "commune") | {
        "communes": words.listed(names, language()),
        "sentence": _sentence(len(waiting), len(late), bool(names)),
        "waiting": waiting,
        "late": showing.commitments(who, late, shown.day),
        "open": showing.commitments(who, [one for one in opened if one not in late], shown.day),
        "all_url": showing.address("commitments:list", who.zone.slug),
        "next": showing.meetings(who, queries.coming(who)[:NEXT]),
    }
    return render(request, "governance/commune.html", context)


def overdue(who: Reader, shown: Face) -> list[dict[str, Any]]:
    """Meetings that are overdue and that this reader drives, as items of the list of what waits."""
    bodies = queries.bodies(who.zone)
    return [
        {
            "label": showing.duty(cell, place),
            "url": showing.prepare_url(who, cell, bodies)
            or showing.address("governance:clock", who.zone.slug),
            "due": _("overdue since %(day)s") % {"day": words.day(cell.standing.day, language())},
            "late": True,
        }
        for cell, place in queries.duties(who, shown)
    ]


def unnoted(who: Reader, shown: Face) -> list[dict[str, Any]]:
    """Planned meetings that are past and were not noted as held."""
    found = queries.unnoted(who)
    return [
        {
            "label": _("Note whether it was held: %(meeting)s") % {"meeting": one["title"]},
            "url": one["url"] or showing.address("governance:clock", who.zone.slug),
            "due": one["when"],
            "late": False,
        }
        for one in showing.meetings(who, found)
    ]


def _sentence(waiting: int, late: int, bound: bool) -> str:
    if not bound:
        return _("No commune stands on your account yet; the administrator of the zone can add it.")
    if not waiting and not late:
        return _("Nothing waits for you, and no commitment is past its day.")
    parts = []
    if waiting:
        parts.append(
            ngettext("%(n)s thing waits for you", "%(n)s things wait for you", waiting)
            % {"n": words.number(waiting, language())}
        )
    if late:
        parts.append(
            ngettext("%(n)s commitment is past its day", "%(n)s commitments are past their day", late)
            % {"n": words.number(late, language())}
        )
    return words.listed(parts, language()) + "."

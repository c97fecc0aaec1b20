"""What is known beside a plan, and the lesson of an action that becomes a card."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.actions import queries
from vicus.web.actions.forms import ActionForm, spoken
from vicus.web.actions.models import Action
from vicus.web.actions.queries import Reader
from vicus.web.hotspots.services import today
from vicus.web.knowledge import services as knowledge
from vicus.web.knowledge import showing as cards

CLOSED = frozenset({Action.State.DONE, Action.State.DROPPED})


def beside(who: Reader, form: ActionForm) -> dict[str, Any]:
    """The cards on the kind that is chosen, and where those on another kind are asked for."""
    chosen = str(form["kind"].value() or "")
    return {
        "near": cards.beside(who.zone, who.user, action_kind=chosen),
        "near_url": cards.near_url(who.zone, who.user),
    }


def origin(action: Action) -> str:
    """What a card made of the lesson of this action carries."""
    return f"actions.action:{action.pk}"


def may_make_card(who: Reader, action: Action) -> bool:
    """Whether this reader makes the lesson of a closed action a card of the zone."""
    learned = action.state in CLOSED and bool(action.lesson)
    return learned and bool(who.user.permits(Permission.WRITE_KNOWLEDGE, who.zone.slug))


@require_POST
def make_card(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The lesson of a closed action becomes a card that others find again."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not may_make_card(who, action):
        raise PermissionDenied
    day = words.day(action.closed_on or today(who.zone), spoken())
    card = knowledge.learn(
        zone=who.zone,
        origin=origin(action),
        title=action.title,
        lesson=action.lesson,
        action_kind=action.kind,
        language=spoken(),
        source=_("Action in %(place)s, closed on %(day)s") % {"place": action.hotspot.title, "day": day},
        actor=request.user,
        more={"mechanism": action.mechanism},
    )
    messages.success(request, _("The lesson is a card. Say for which problems it is of use."))
    return redirect("knowledge:change", who.zone.slug, card.pk)

"""Reading actions. Every question takes the user; whoever sees no figures of hotspots finds no action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.actions import rules
from vicus.web.actions.models import Action, Visit
from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Reader(hotspot_queries.Reader):
    """Who reads: the zone, what is seen of its hotspots, and the role that says what may be written."""

    def may(self, permissions: Iterable[Permission], hotspot: Hotspot) -> bool:
        """Whether the reader holds one of these permissions for this hotspot."""
        return rules.may(permissions, self.role, self.sight, hotspot, self.user.pk)

    def writes(self) -> list[Hotspot]:
        """The hotspots of which the reader plans actions and notes visits."""
        seen = hotspot_queries.active(self.seen())
        return [hotspot for hotspot in seen if self.may({Permission.PLAN_ACTIONS}, hotspot)]


def reader(user: Any, slug: str) -> Reader:
    """The reader in a zone; 404 for strangers and for roles that see counts only."""
    return Reader.of(user, slug)


def actions(who: Reader, *, since: date | None = None) -> QuerySet[Action]:
    """The actions on the hotspots the reader sees, with their design and visits; `since` leaves out what ended before."""
    found = Action.objects.filter(hotspot__in=[hotspot.pk for hotspot in who.seen()])
    if since is not None:
        found = found.exclude(closed_on__lt=since)
    return found.select_related("hotspot__zone", "design").prefetch_related(
        Prefetch("visits", queryset=Visit.objects.order_by("-started_at"))
    )


def one(who: Reader, pk: int) -> Action:
    """The action with that number, when the reader sees its hotspot."""
    found = actions(who).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def begun(who: Reader) -> list[Action]:
    """Every action of the zone whose evaluation has begun: all are corrected together, whoever reads."""
    return list(
        Action.objects.filter(hotspot__zone=who.zone, design__frozen_on__isnull=False)
        .select_related("hotspot__zone", "design")
        .order_by("hotspot__number", "begun_on")
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """An action that asks something of its reader: what, of which hotspot, where, since when, and why."""

    kind: Literal["blocked", "evaluation due", "past its end"]
    title: str
    hotspot: Hotspot
    url: str
    since: date
    why: str


def waiting(zone: Zone, user: Any, who: Reader | None = None) -> tuple[Waiting, ...]:
    """What waits for this reader, oldest first: actions blocked, evaluations due, actions past their end.

    Only what the reader may move: nothing for whoever may neither lift, assess nor close.
    """
    slug = zone.slug
    try:
        who = who or reader(user, slug)
    except Http404:
        return ()
    day, found = today(zone), []
    seen = hotspot_queries.active(who.seen())
    every = Action.objects.filter(hotspot__in=[hotspot.pk for hotspot in seen])
    for action in every.select_related("hotspot__zone", "design").prefetch_related("assessments"):
        told = _asks(who, action, day)
        if told is not None:
            kind, since, why, page = told
            url = reverse(f"actions:{page}", args=[slug, action.pk])
            found.append(Waiting(kind, action.title, action.hotspot, url, since, why))
    return tuple(sorted(found, key=lambda one: (one.since, one.hotspot.number)))


def _asks(
    who: Reader, action: Action, day: date
) -> tuple[Literal["blocked", "evaluation due", "past its end"], date, str, str] | None:
    """The first thing that an action asks of the reader: kind, since when, why, and the page that answers."""
    language = (get_language() or "en")[:2]
    lift = rules.BY_CODE["resume" if action.begun_on else "replan"]
    if action.state == Action.State.BLOCKED and who.may(lift.by, action.hotspot):
        names = [str(role.name) for role in ROLES.values() if role.permissions & lift.by]
        why = _("Blocked by %(what)s; can be lifted by: %(who)s.") % {
            "what": action.get_blocker_display(),
            "who": words.listed(names, language),
        }
        since = action.moved_on or action.created_at.astimezone(ZoneInfo(who.zone.timezone)).date()
        return "blocked", since, f"{why} {action.note}".strip(), "action"
    full = evaluation_due(action, day)
    if full is not None and who.may(rules.MAY_ASSESS, action.hotspot):
        return "evaluation due", full, _("The window after it is full: say whether it worked."), "assess"
    if (
        action.state in rules.OPEN
        and action.ends_on < day
        and who.may(rules.BY_CODE["finish"].by, action.hotspot)
    ):
        why = _("It was to end on %(day)s: close it, or say why it goes on.") % {
            "day": words.day(action.ends_on, language)
        }
        return "past its end", action.ends_on, why, "action"
    return None


def evaluation_due(action: Action, day: date) -> date | None:
    """Since when an evaluation waits to be judged: its window after is full and nobody judged it since."""
    design = getattr(action, "design", None)
    if design is None or design.frozen_on is None or not design.usable:
        return None
    full = date.fromisoformat(design.figures["after_to"])
    if day < full or any(entry.made_on >= full for entry in action.assessments.all()):
        return None
    return full

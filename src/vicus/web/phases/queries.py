"""Reading moves and what waits. Every question takes the user; whoever sees no figures finds no move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.web.accounts.rules import Permission
from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot, Phase
from vicus.web.phases import rules
from vicus.web.phases.models import Move, Setting
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Waiting:
    """A move that waits for the decision of the zone direction."""

    title: str
    hotspot: Hotspot
    url: str
    since: date
    why: str


@dataclass(frozen=True, slots=True)
class Reader(hotspot_queries.Reader):
    """Who reads: the zone, what is seen of its hotspots, and the role that says what may be written."""

    def may(self, permission: Permission, hotspot: Hotspot) -> bool:
        """Whether the reader holds this permission for this hotspot."""
        return rules.may(permission, self.role, self.sight, hotspot, self.user.pk)


def reader(user: Any, slug: str) -> Reader:
    """The reader in a zone; 404 for strangers and for roles that see counts only."""
    return Reader.of(user, slug)


def moves(zone: Zone) -> QuerySet[Move]:
    """The moves of a zone with their checklists and steps."""
    found = Move.objects.filter(hotspot__zone=zone).select_related("hotspot__zone")
    return found.prefetch_related("items", "steps")


def move(who: Reader, hotspot: Hotspot, pk: int) -> Move:
    """The move with that number, of a hotspot that the reader sees."""
    found = moves(who.zone).filter(hotspot=hotspot, pk=pk).first()
    if found is None:
        raise Http404
    return found


def present(hotspot: Hotspot) -> Phase | None:
    """The phase a hotspot is in."""
    return next((phase for phase in hotspot.phases.all() if phase.ended_on is None), None)


def stable_months(zone: Zone) -> int:
    """How many stable months the zone asks for before Build."""
    return (Setting.objects.filter(zone=zone).first() or Setting()).stable_months


def waiting(zone: Zone) -> list[Waiting]:
    """The moves that wait for the zone direction, the oldest first; titles in the reader's language."""
    found = (
        moves(zone)
        .filter(state=Move.State.ASKED, hotspot__status=Hotspot.Status.ACTIVE)
        .order_by("asked_on", "hotspot__number")
    )
    return [
        Waiting(
            title=title(move),
            hotspot=move.hotspot,
            url=reverse("phases:hotspot", args=[zone.slug, move.hotspot.number]),
            since=move.asked_on or move.drawn_up_on,
            why=_why(move),
        )
        for move in found
    ]


def title(move: Move) -> str:
    """What is asked: "Pass to Hold", "Fall back to Clear"."""
    words = (
        _("Fall back to %(phase)s") if rules.falls_back(move.source, move.target) else _("Pass to %(phase)s")
    )
    return words % {"phase": move.get_target_display()}


def _why(move: Move) -> str:
    """How far the checklist is, what is missing; of a hotspot that falls back, the reason."""
    items = list(move.items.all())
    gate = rules.gate_of(move.source, move.target)
    lacking = {item.code for item in items if not item.done}
    told = _("%(done)s of %(all)s items of the checklist are done.") % {
        "done": len(items) - len(lacking),
        "all": len(items),
    }
    if lacking:
        names = ", ".join(str(item.title) for item in gate.items if item.code in lacking)
        told += " " + _("Missing: %(items)s.") % {"items": names}
    if gate.code == "back":
        told += " " + " ".join(item.evidence for item in items if item.code == "reason")
    return told.strip()

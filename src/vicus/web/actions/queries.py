"""Reading actions. Every question takes the user; whoever sees no figures of hotspots finds no action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from vicus.web.accounts.rules import Permission, Role
from vicus.web.actions import rules
from vicus.web.actions.models import Action, Visit
from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Sight
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the zone, what is seen of its hotspots, and the role that says what may be written."""

    user: Any
    zone: Zone
    sight: Sight
    role: Role
    hotspots: list[Hotspot]

    def may(self, permissions: Iterable[Permission], hotspot: Hotspot) -> bool:
        """Whether the reader holds one of these permissions for this hotspot."""
        return rules.may(permissions, self.role, self.sight, hotspot, self.user.pk)

    def writes(self) -> list[Hotspot]:
        """The hotspots of which the reader plans actions and notes visits."""
        return [hotspot for hotspot in self.seen() if self.may({Permission.PLAN_ACTIONS}, hotspot)]

    def seen(self) -> list[Hotspot]:
        """The hotspots the reader sees."""
        return [hotspot for hotspot in self.hotspots if self.sight.covers(hotspot)]


def reader(user: Any, slug: str) -> Reader:
    """The reader in a zone; 404 for strangers and for roles that see counts only."""
    zone, sight = hotspot_queries.zone_and_sight(user, slug)
    role = rules.role_of(user, zone.slug)
    if role is None or not sight.detail:
        raise Http404
    return Reader(user, zone, sight, role, hotspot_queries.hotspots(zone))


def actions(who: Reader) -> QuerySet[Action]:
    """The actions on the hotspots the reader sees, with their design and visits."""
    found = Action.objects.filter(hotspot__in=[hotspot.pk for hotspot in who.seen()])
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

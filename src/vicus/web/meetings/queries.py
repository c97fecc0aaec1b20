"""Reading meetings and commitments. Every question takes the user; what somebody may not see does not exist (404)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from vicus.web.accounts.rules import ROLES, Permission, Role
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import is_own
from vicus.web.meetings.models import Commitment, Level, Meeting, Presence
from vicus.web.zone.models import Membership, Organisation, Zone
from vicus.web.zone.queries import own_areas, zone_for


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the zone, the role, the areas it is bound to (None: the whole zone), the organisation of a partner."""

    user: Any
    zone: Zone
    role: Role
    areas: frozenset[int] | None
    organisation: Organisation | None
    hotspots: list[Hotspot]

    @property
    def is_partner(self) -> bool:
        """A partner reads the meetings of its organisation and its own commitments, nothing else."""
        return self.role.code == "partner"

    def covers(self, hotspot: Hotspot) -> bool:
        """Is this hotspot in the areas of the reader?"""
        return self.areas is None or bool(self.areas & {hotspot.sector_id, hotspot.commune_id})

    def seen(self) -> list[Hotspot]:
        """The hotspots the reader sees."""
        return [] if self.is_partner else [hotspot for hotspot in self.hotspots if self.covers(hotspot)]

    def own(self) -> list[Hotspot]:
        """The hotspots the reader looks after; for roles without own hotspots, those they see."""
        if not self.role.own_points:
            return self.seen()
        return [hotspot for hotspot in self.seen() if is_own(hotspot, self.user.pk)]


def reader(user: Any, slug: str, permission: Permission = Permission.READ_MEETINGS) -> Reader:
    """The reader in a zone; 404 for strangers and for roles without this permission."""
    zone = zone_for(user, slug, permission)
    membership = zone.memberships.select_related("organisation").get(user=user)
    found = own_areas(user, zone)
    areas = None if found is None else places.with_parts(zone, frozenset(found.values_list("pk", flat=True)))
    organisation = membership.organisation
    role = ROLES[membership.role]
    if role.code == "partner" and organisation is None:
        raise Http404
    return Reader(user, zone, role, areas, organisation, places.hotspots(zone))


def takes_part(user: Any, slug: str) -> bool:
    """Is there anything to take part in? A partner needs an organisation; the others have their role."""
    if user.role_in(slug) != "partner":
        return True
    return bool(Membership.objects.filter(user=user, zone__slug=slug, organisation__isnull=False).exists())


def meetings(who: Reader) -> QuerySet[Meeting]:
    """The meetings the reader takes part in.

    A partner: those its organisation is asked to and, once held, came to. A hotspot manager: those of own hotspots and
    of their communes. A role bound to communes: those of its communes and hotspots. The others: every meeting.
    """
    found = Meeting.objects.filter(zone=who.zone)
    if who.is_partner:
        coming = Q(state__in=[Meeting.State.PLANNED, Meeting.State.CANCELLED])
        came = Q(presences__state=Presence.State.PRESENT)
        found = found.filter(coming | came, presences__organisation=who.organisation)
    elif who.role.own_points:
        own = who.own()
        communes = [hotspot.commune_id for hotspot in own if hotspot.commune_id is not None]
        found = found.filter(
            Q(hotspots__in=[h.pk for h in own])
            | Q(body__hotspot__in=[h.pk for h in own])
            | Q(communes__in=communes)
            | Q(body__commune__in=communes)
        )
    elif who.areas is not None:
        found = found.filter(
            Q(communes__in=who.areas)
            | Q(body__commune__in=who.areas)
            | Q(hotspots__in=[h.pk for h in who.seen()])
        )
    return (
        found.distinct()
        .select_related("body__commune", "body__hotspot", "zone")
        .order_by("-starts_at", "-pk")
    )


def commitments(who: Reader) -> QuerySet[Commitment]:
    """The commitments the reader may follow: of a partner its own, of a role bound to communes those of its places."""
    found = Commitment.objects.filter(zone=who.zone)
    if who.is_partner:
        found = found.filter(owner=who.organisation)
    elif who.areas is not None:
        found = found.filter(Q(commune__in=who.areas) | Q(hotspot__in=[h.pk for h in who.seen()]))
    return found.select_related("owner", "meeting__body", "hotspot__zone", "commune", "zone").order_by(
        "due_on", "pk"
    )


def meeting(who: Reader, pk: int) -> Meeting:
    """One of them, or 404."""
    found = meetings(who).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def commitment(who: Reader, pk: int) -> Commitment:
    """One of them, or 404."""
    found = commitments(who).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def counts_for(meeting: Meeting, level: Level) -> bool:
    """Does this meeting count for that level?"""
    return int(level) in (meeting.levels or meeting.body.levels)

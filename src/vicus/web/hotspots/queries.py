"""Reading hotspots. Every question takes the user; strangers, and roles without sight of hotspots, get 404."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.http import Http404

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES, Role
from vicus.web.hotspots import rules
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import Sight
from vicus.web.zone.models import Area, Zone
from vicus.web.zone.queries import own_areas, zones_of


@dataclass(frozen=True, slots=True)
class Due:
    """Something about a perimeter that waits: its review, or the end of an order."""

    hotspot: Hotspot
    perimeter: Perimeter
    kind: str
    day: date
    late: bool


def zone_and_sight(user: Any, slug: str) -> tuple[Zone, Sight]:
    """The zone and what this user sees of its hotspots; 404 when that is nothing."""
    zone = zones_of(user).filter(slug=slug).first()
    if zone is None:
        raise Http404
    role = ROLES.get(user.role_in(zone.slug))
    own = own_areas(user, zone)
    areas = None if own is None else with_parts(zone, frozenset(own.values_list("pk", flat=True)))
    seen = rules.sight(role, areas) if role is not None else None
    if seen is None:
        raise Http404
    return zone, seen


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the zone, what is seen of its hotspots, and the role that says what may be done."""

    user: Any
    zone: Zone
    sight: Sight
    role: Role
    hotspots: list[Hotspot]

    @classmethod
    def of(cls, user: Any, slug: str) -> Self:
        """The reader in a zone; 404 for strangers and for roles that see counts only."""
        zone, sight = zone_and_sight(user, slug)
        role = ROLES.get(user.role_in(zone.slug))
        if role is None or not sight.detail:
            raise Http404
        return cls(user, zone, sight, role, hotspots(zone))

    def seen(self) -> list[Hotspot]:
        """The hotspots the reader sees."""
        return [hotspot for hotspot in self.hotspots if self.sight.covers(hotspot)]

    def one(self, number: int) -> Hotspot:
        """The hotspot with that number, when the reader sees it; 404 otherwise."""
        return one(self.hotspots, self.sight, number)


def hotspots(zone: Zone) -> list[Hotspot]:
    """Every hotspot of the zone with its versions and phases; what a reader sees of them is for `Sight`."""
    return list(
        Hotspot.objects.filter(zone=zone)
        .select_related("manager", "deputy")
        .prefetch_related("perimeters", "phases")
        .order_by("number")
    )


def active(found: Iterable[Hotspot]) -> list[Hotspot]:
    """Those that are followed; one that was closed keeps its past and asks for nothing."""
    return [hotspot for hotspot in found if hotspot.status == Hotspot.Status.ACTIVE]


def one(found: list[Hotspot], sight: Sight, number: int) -> Hotspot:
    """The hotspot with that number, when the reader sees it."""
    for hotspot in found:
        if hotspot.number == number and sight.covers(hotspot):
            return hotspot
    raise Http404


def managers(zone: Zone) -> list[User]:
    """The hotspot managers of the zone, by name: those to whom a hotspot can be given."""
    return list(
        User.objects.filter(memberships__zone=zone, memberships__role="hotspot_manager", is_active=True)
    )


def area_names(zone: Zone) -> dict[int, Area]:
    """Areas of the zone without their outlines, which are heavy and of no use in a list."""
    return {
        area.pk: area for area in Area.objects.filter(zone=zone).only("kind", "code", "names", "parent_id")
    }


def waiting(found: list[Hotspot], today: date) -> list[Due]:
    """Reviews that are due and orders that end within a month, the latest first."""
    soon = today + timedelta(days=rules.DUE_SOON_DAYS)
    due = []
    for hotspot in active(found):
        for perimeter in hotspot.perimeters.all():
            if not perimeter.in_force_on(today):
                continue
            if perimeter.review_due <= soon:
                due.append(
                    Due(hotspot, perimeter, "review", perimeter.review_due, perimeter.review_due < today)
                )
            if perimeter.ends_on is not None and perimeter.ends_on <= soon:
                due.append(Due(hotspot, perimeter, "end", perimeter.ends_on, False))
    return sorted(due, key=lambda d: (d.day, d.hotspot.number))


def with_parts(zone: Zone, chosen: frozenset[int]) -> frozenset[int]:
    """The areas and everything below them."""
    if not chosen:
        return chosen
    children: dict[int | None, list[int]] = {}
    for pk, parent in Area.objects.filter(zone=zone).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    todo = list(chosen)
    while todo:
        area = todo.pop()
        if area not in found:
            found.add(area)
            todo += children.get(area, [])
    return frozenset(found)

"""Reading zones and their areas. Every question takes the user, and strangers get 404."""

from typing import Any

import shapely
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.zone.models import Area, Membership, Street, Zone


def zones_of(user: Any) -> QuerySet[Zone]:
    """The zones this user belongs to."""
    if not user.is_authenticated or not user.is_active:
        return Zone.objects.none()
    return Zone.objects.filter(memberships__user=user)


def zone_for(user: Any, slug: str, permission: Permission) -> Zone:
    """The zone, when the user's role in it carries the permission; otherwise it does not exist (404)."""
    zone = zones_of(user).filter(slug=slug).first()
    if zone is None or not user.permits(permission, zone.slug):
        raise Http404
    return zone


def refuse_unless(user: Any, zone: Zone, permission: Permission) -> None:
    """For an action on something the user can see but may not change: 403."""
    if not user.permits(permission, zone.slug):
        raise PermissionDenied


def areas(user: Any, zone: Zone, *, kind: str | None = None, neighbours: bool = False) -> QuerySet[Area]:
    """Areas of the zone, of one kind or all; the neighbours around it only when asked for."""
    found = Area.objects.filter(zone__in=zones_of(user), zone=zone).select_related("parent")
    if kind is not None:
        found = found.filter(kind=kind)
    return found if neighbours else found.filter(in_zone=True)


def own_areas(user: Any, zone: Zone) -> QuerySet[Area] | None:
    """The areas a user's role is limited to; None when it holds for the whole zone.

    A role that is bound to areas (division head, mayor's office) and has none sees none.
    """
    membership = zone.memberships.filter(user=user).first()
    if membership is None:
        return Area.objects.none()
    chosen = membership.areas.all()
    if chosen.exists() or not ROLES[membership.role].whole_zone:
        return chosen
    return None


def zones_permitting(user: Any, permission: Permission) -> QuerySet[Zone]:
    """The zones in which the user's role carries the permission."""
    return zones_of(user).filter(slug__in=user.zones_permitting(permission))


def members(user: Any, zone: Zone) -> QuerySet[Membership]:
    """Who belongs to the zone, for those who manage its users."""
    refuse_unless(user, zone, Permission.MANAGE_USERS)
    return (
        Membership.objects.filter(zone=zone)
        .select_related("user", "zone")
        .prefetch_related("areas")
        .order_by("user__name")
    )


def streets(zone: Zone, near: Any) -> list[Street]:
    """The streets whose surrounding rectangle meets that of a geometry."""
    west, south, east, north = near.bounds
    return list(
        Street.objects.filter(zone=zone, xmin__lte=east, xmax__gte=west, ymin__lte=north, ymax__gte=south)
    )


def outline(zone: Zone) -> Any:
    """The zone as one geometry, from the largest areas it has; None while there is no territory."""
    for kind in Area.Kind.values:
        shapes = [area.shape for area in Area.objects.filter(zone=zone, kind=kind, in_zone=True)]
        if shapes:
            return shapely.union_all(shapes)
    return None

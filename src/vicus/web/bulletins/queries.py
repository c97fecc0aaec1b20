"""Reading bulletins and what residents wrote. Whoever writes for a place reads both; others find nothing (404)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from vicus.web.accounts.rules import Permission
from vicus.web.bulletins.models import Bulletin
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings.models import Commitment, Level, Meeting
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.queries import reader as reader_of
from vicus.web.public.models import Feedback, Snapshot
from vicus.web.zone.models import Area

PLACES = (Area.Kind.COMMUNE, Area.Kind.SECTOR)
"""Kinds of areas that a bulletin can be about, besides hotspots."""
REMEMBERED = timedelta(days=365)
"""Promises settled longer ago are not told again."""


def reader(user: Any, slug: str) -> Reader:
    """Somebody who writes bulletins in this zone; 404 for everybody else."""
    return reader_of(user, slug, Permission.WRITE_BULLETINS)


def areas(who: Reader) -> QuerySet[Area]:
    """The communes and neighbourhoods somebody may write for; of a hotspot manager none."""
    found = Area.objects.filter(zone=who.zone, in_zone=True, kind__in=PLACES).defer("geometry")
    if who.role.own_points:
        return found.none()
    return found if who.areas is None else found.filter(pk__in=who.areas)


def hotspots(who: Reader) -> list[Hotspot]:
    """The hotspots somebody may write for."""
    return [hotspot for hotspot in who.own() if hotspot.status == Hotspot.Status.ACTIVE]


def bulletins(who: Reader) -> QuerySet[Bulletin]:
    """The bulletins of the places somebody may write for."""
    own = Q(hotspot__in=[hotspot.pk for hotspot in who.own()]) | Q(area__in=areas(who).values("pk"))
    found = Bulletin.objects.filter(own, zone=who.zone)
    return found.select_related("zone", "hotspot__commune", "hotspot__zone", "area__parent").order_by(
        "-ends_on", "slug"
    )


def bulletin(who: Reader, slug: str) -> Bulletin:
    """One of them, or 404."""
    found = bulletins(who).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def commune(bulletin: Bulletin) -> Area | None:
    """The commune the place lies in."""
    if bulletin.hotspot is not None:
        return bulletin.hotspot.commune
    area = bulletin.area
    while area is not None and area.kind != Area.Kind.COMMUNE and area.parent is not None:
        area = area.parent
    return area


def promises(bulletin: Bulletin) -> list[Commitment]:
    """What was promised to residents of the place and is under way, or was settled within the year."""
    here = _of_place(bulletin)
    found = Commitment.objects.filter(
        here, zone=bulletin.zone, public=True, made_on__lte=bulletin.ends_on + REMEMBERED
    )
    recent = Q(settled_on=None) | Q(settled_on__gte=bulletin.starts_on - REMEMBERED)
    return list(found.filter(recent).select_related("owner").order_by("due_on", "pk"))


def meetings(bulletin: Bulletin) -> list[Meeting]:
    """Meetings of residents of the place: those of the period, and all after it."""
    place = (
        Q(body__hotspot=bulletin.hotspot) | Q(hotspots=bulletin.hotspot) if bulletin.hotspot else Q(pk=None)
    )
    found = Meeting.objects.filter(
        place | Q(body__hotspot=None, body__commune=commune(bulletin)) | Q(communes=commune(bulletin)),
        zone=bulletin.zone,
        starts_at__date__gte=bulletin.starts_on,
    )
    told = (
        found.exclude(state=Meeting.State.CANCELLED).select_related("body").distinct().order_by("starts_at")
    )
    return [it for it in told if Level.POPULATION in (it.levels or it.body.levels)]


def _of_place(bulletin: Bulletin) -> Q:
    if bulletin.hotspot is not None:
        return Q(hotspot=bulletin.hotspot)
    inside = Q(commune=bulletin.area)
    return inside | Q(hotspot__commune=bulletin.area) | Q(hotspot__sector=bulletin.area)


def feedback(who: Reader) -> QuerySet[Feedback]:
    """What residents wrote about the bulletins of somebody's places, the newest first."""
    slugs = list(bulletins(who).values_list("slug", flat=True))
    return Feedback.objects.filter(bulletin__in=slugs).order_by("-received_on", "-pk")


def unread(user: Any, slug: str) -> int:
    """How many of them nobody read yet."""
    try:
        who = reader(user, slug)
    except Http404:
        return 0
    return feedback(who).filter(seen_on=None).count()


def heard(bulletin: Bulletin, k: int) -> list[dict[str, Any]]:
    """How many wrote about which topic, of those that were read; topics below k are left out, and no sum is told."""
    read = Feedback.objects.filter(bulletin=bulletin.slug).exclude(seen_on=None)
    counted = Counter(code for it in read for code in dict.fromkeys(it.topics))
    return [{"topic": code, "n": n} for code, n in counted.most_common() if n >= k]


def snapshot(bulletin: Bulletin) -> Snapshot | None:
    """What residents read of it now."""
    return Snapshot.objects.filter(slug=bulletin.slug).first()


def last_quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter before a day, as a new bulletin proposes them."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    last = first - timedelta(days=1)
    return date(last.year, 3 * ((last.month - 1) // 3) + 1, 1), last

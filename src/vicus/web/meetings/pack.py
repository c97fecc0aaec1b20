"""What the rest of the system says before a meeting: promises that are open, orders that expire, meetings that overlap."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from vicus.web.meetings import queries, rules
from vicus.web.meetings.models import Commitment, Meeting, Presence, Pulse
from vicus.web.meetings.queries import Reader
from vicus.web.perimeters import queries as perimeters
from vicus.web.zone.models import Zone

LOOKED_BACK = timedelta(days=400)
"""Residents hear what became of the promises of a little more than a year."""


def day_of(meeting: Meeting) -> date:
    """The day of a meeting in its zone."""
    return meeting.starts_at.astimezone(ZoneInfo(meeting.zone.timezone)).date()


def carried(who: Reader, meeting: Meeting) -> list[Commitment]:
    """Promises that were open on the day of the meeting, made for its places or by its body.

    On level 1 also those that were settled since the last time: residents first hear what became of them.
    """
    day = day_of(meeting)
    about = Q(meeting__body=meeting.body) | Q(hotspot__in=meeting.hotspots.all())
    counted = rules.levels(meeting)
    if 1 not in counted:
        about |= Q(commune__in=meeting.communes.all())
    if {4, 5} & set(counted):
        about |= Q(level__in=counted)
    still = Q(settled_on=None) | Q(settled_on__gte=day)
    if 1 in counted:
        still |= Q(settled_on__gte=day - LOOKED_BACK)
    found = queries.commitments(who).filter(about, still, made_on__lt=day)
    return list(found.exclude(meeting=meeting).distinct())


def orders(who: Reader, meeting: Meeting) -> list[Any]:
    """Orders that end and perimeters that are due for review, of the hotspots of the meeting that the reader sees."""
    day = day_of(meeting)
    seen = {hotspot.pk for hotspot in who.seen()}
    here = {hotspot.pk for hotspot in meeting.hotspots.all()}
    shown = seen & here if here else seen
    found: list[Any] = [*perimeters.alerts(meeting.zone, day), *perimeters.reviews_due(meeting.zone, day)]
    return [line for line in found if line.hotspot is not None and line.hotspot.pk in shown]


def overlapping(who: Reader, meeting: Meeting) -> list[Meeting]:
    """Meetings at the same time in the same commune or hotspot, of the same body or with the same organisations.

    Those of others that the reader may not see are not named.
    """
    ends = meeting.starts_at + timedelta(minutes=meeting.minutes)
    same = Q(body=meeting.body)
    if meeting.body.commune_id:
        same |= Q(body__commune=meeting.body.commune_id)
    if meeting.pk:
        same |= Q(communes__in=meeting.communes.all()) | Q(hotspots__in=meeting.hotspots.all())
        same |= Q(
            presences__organisation__in=meeting.presences.exclude(
                state__in=[Presence.State.EXCUSED, Presence.State.ABSENT]
            ).values("organisation")
        )
    near = (
        queries.meetings(who)
        .filter(same, starts_at__lt=ends, starts_at__gt=meeting.starts_at - timedelta(days=1))
        .exclude(state=Meeting.State.CANCELLED)
    )
    return [
        other
        for other in near.exclude(pk=meeting.pk)
        if other.starts_at + timedelta(minutes=other.minutes) > meeting.starts_at
    ]


def pulses(who: Reader, zone: Zone) -> list[Pulse]:
    """How organisations saw the partnership, meeting by meeting, in the meetings the reader takes part in."""
    there = queries.meetings(who).values("pk")
    found = Pulse.objects.filter(meeting__in=there, meeting__zone=zone)
    return list(found.select_related("meeting__body__commune", "organisation").order_by("meeting__starts_at"))

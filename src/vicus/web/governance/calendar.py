"""A calendar for other programs (iCalendar, RFC 5545): what one account may see at this moment, and nothing else.

Titles, days and places only. Each event keeps its identity (UID) for ever; a change raises its SEQUENCE, and a meeting
that was cancelled stays in the calendar as cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from vicus.web.accounts.rules import Permission
from vicus.web.governance.showing import place_of
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.services import today
from vicus.web.meetings import queries as meetings
from vicus.web.meetings.models import Commitment, Meeting
from vicus.web.meetings.queries import Reader

BACK_DAYS, AHEAD_DAYS = 92, 400
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def of(who: Reader) -> bytes:
    """The calendar of a reader, in the language that is active: the last three months and the year that comes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vicus//Governance//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Vicus {who.zone.name}")
    calendar.add("x-wr-timezone", who.zone.timezone)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for event in _events(who):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(who: Reader) -> Iterator[Event]:
    day = today(who.zone)
    first, last = day - timedelta(days=BACK_DAYS), day + timedelta(days=AHEAD_DAYS)
    clock = ZoneInfo(who.zone.timezone)
    begins, ends = (datetime.combine(on, time(), clock) for on in (first, last))
    for meeting in meetings.meetings(who).filter(starts_at__gte=begins, starts_at__lt=ends):
        yield _meeting(who, meeting, clock)
    for commitment in meetings.commitments(who).filter(
        state=Commitment.State.OPEN, due_on__range=(first, last)
    ):
        yield _commitment(who, commitment)
    if Permission.READ_FIGURES in who.role.permissions:
        for hotspot in who.seen():
            yield from _perimeters(who, hotspot, day, first, last)


def _meeting(who: Reader, meeting: Meeting, clock: ZoneInfo) -> Event:
    begins = meeting.starts_at.astimezone(clock)
    event = _event(who, f"meeting-{meeting.pk}", meeting.body.name, meeting.changed_at)
    event.add("dtstart", begins)
    # Added to the moment and not to the hand of the clock, which jumps in the nights of summer time.
    event.add("dtend", (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(clock))
    if meeting.place:
        event.add("location", meeting.place)
    cancelled = meeting.state == Meeting.State.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _commitment(who: Reader, commitment: Commitment) -> Event:
    title = _("Commitment due: %(title)s") % {"title": commitment.title}
    event = _all_day(
        who,
        f"commitment-{commitment.pk}",
        title,
        commitment.due_on,
        commitment.created_at,
        commitment.revision,
    )
    place = place_of(commitment)
    event.add("description", f"{commitment.owner.name}{f', {place}' if place else ''}")
    return event


def _perimeters(who: Reader, hotspot: Hotspot, day: date, first: date, last: date) -> Iterator[Event]:
    if hotspot.status != Hotspot.Status.ACTIVE:
        return
    for perimeter in hotspot.perimeters.all():
        if not perimeter.in_force_on(day):
            continue
        if first <= perimeter.review_due <= last:
            title = _("Review the perimeter of %(hotspot)s") % {"hotspot": hotspot.title}
            yield _of_perimeter(who, "review", title, perimeter, perimeter.review_due)
        if perimeter.order_reference and perimeter.ends_on is not None and perimeter.ends_on <= last:
            title = _("The order on %(hotspot)s ends") % {"hotspot": hotspot.title}
            yield _of_perimeter(who, "order", title, perimeter, perimeter.ends_on)


def _of_perimeter(who: Reader, kind: str, title: str, perimeter: Perimeter, day: date) -> Event:
    return _all_day(who, f"{kind}-{perimeter.pk}", title, day, perimeter.created_at, 0)


def _all_day(who: Reader, uid: str, title: str, day: date, changed: datetime, sequence: int) -> Event:
    event = _event(who, uid, title, changed, sequence)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _event(who: Reader, uid: str, title: str, changed: datetime, sequence: int | None = None) -> Event:
    """What every event carries. Without a count of changes, the seconds of the last one are the count."""
    event = Event()
    event.add("uid", f"{uid}@{who.zone.slug}.vicus")
    event.add("summary", title)
    changed = changed.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", int((changed - EPOCH).total_seconds()) if sequence is None else sequence)
    return event

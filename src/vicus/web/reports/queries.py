"""Reading reports. Every question takes the reader; what somebody may not see does not exist (404)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import queries as meetings
from vicus.web.meetings.models import Meeting, Presence
from vicus.web.meetings.queries import Reader as MeetingReader
from vicus.web.plans.models import Evaluation
from vicus.web.reports.kinds import KINDS, Kind
from vicus.web.reports.models import Drawn, Order, Schedule, Selection, Template
from vicus.web.zone.models import Area, Zone

Choice = tuple[str, str]


@dataclass
class Reader:
    """Who reads reports: the reader of meetings, with the places of each kind worked out once."""

    who: MeetingReader

    @property
    def zone(self) -> Zone:
        """The zone."""
        return self.who.zone

    def may(self, permission: Permission) -> bool:
        """Whether the role of the reader carries a permission."""
        return permission in self.who.role.permissions

    @property
    def draws(self) -> bool:
        """May the reader draw reports?"""
        return self.may(Permission.DRAW_REPORTS)

    @property
    def plans(self) -> bool:
        """May the reader say which reports are drawn when?"""
        return self.may(Permission.PLAN_REPORTS)

    def kinds(self) -> list[Kind]:
        """The kinds of report that are open to the role; a partner reads the packs made for partners only."""
        found = [kind for kind in KINDS.values() if kind.reads & self.who.role.permissions]
        return [kind for kind in found if (kind.needs == "partner") or not self.who.is_partner]

    def places(self, kind: Kind) -> list[Choice]:
        """Code and name of each place of which the reader may open this kind."""
        return self._by_need(kind.needs) if kind in self.kinds() else []

    @cached_property
    def _kept(self) -> dict[str, list[Choice]]:
        return {}

    def _by_need(self, needs: str) -> list[Choice]:
        if needs not in self._kept:
            self._kept[needs] = list(PLACES[needs](self.who))
        return self._kept[needs]

    def reads(self, drawn: Drawn) -> bool:
        """May the reader open this report?"""
        kind = KINDS.get(drawn.kind)
        return kind is not None and drawn.place in {code for code, _name in self.places(kind)}


def reader(user: Any, slug: str) -> Reader:
    """The reader in a zone; 404 for strangers and roles that read no meetings."""
    return Reader(meetings.reader(user, slug))


def drawer(user: Any, slug: str) -> Reader:
    """Who draws reports; the pages of the builder do not exist for others (404)."""
    return _with(user, slug, Permission.DRAW_REPORTS)


def planner(user: Any, slug: str) -> Reader:
    """Who plans reports and their templates (404 for others)."""
    return _with(user, slug, Permission.PLAN_REPORTS)


def _with(user: Any, slug: str, permission: Permission) -> Reader:
    return Reader(meetings.reader(user, slug, permission))


def drawn(who: Reader, *, kind: str = "", period: str = "", language: str = "") -> list[Drawn]:
    """The reports the reader may open, the last first; of each only the newest version."""
    allowed = Q(pk=None)
    for one in who.kinds():
        if kind in ("", one.code):
            allowed |= Q(kind=one.code, place__in=[code for code, _name in who.places(one)])
    found = Drawn.objects.filter(allowed, zone=who.zone).defer("inputs")
    if period:
        found = found.filter(period=period)
    if language:
        found = found.filter(language=language)
    newest: dict[tuple[str, ...], Drawn] = {}
    for report in found.order_by("-drawn_at", "-pk"):
        key = (report.kind, report.place, report.period, report.language, report.format)
        if key not in newest or newest[key].number < report.number:
            newest[key] = report
    return list(newest.values())


def one(who: Reader, pk: int) -> Drawn:
    """One of them, any version, or 404."""
    found = Drawn.objects.filter(zone=who.zone, pk=pk).select_related("zone", "schedule").first()
    if found is None or not who.reads(found):
        raise Http404
    return found


def versions(report: Drawn) -> list[Drawn]:
    """Every version of the same report, the newest first."""
    same = ("kind", "place", "period", "language", "format")
    found = Drawn.objects.filter(zone=report.zone, **{name: getattr(report, name) for name in same})
    return list(found.order_by("-number"))


def schedules(who: Reader) -> list[Schedule]:
    """The schedules of the zone that the reader may change: of kinds and places that are theirs."""
    return [one for one in Schedule.objects.filter(zone=who.zone) if _own(who, one)]


def schedule(who: Reader, pk: int) -> Schedule:
    """One of them, or 404."""
    for found in schedules(who):
        if found.pk == pk:
            return found
    raise Http404


def selections(who: Reader) -> list[Selection]:
    """Saved choices of kinds and places that are the reader's."""
    return [one for one in Selection.objects.filter(zone=who.zone) if _own(who, one)]


def selection(who: Reader, pk: int) -> Selection:
    """One of them, or 404."""
    for found in selections(who):
        if found.pk == pk:
            return found
    raise Http404


def order(who: Reader, pk: int) -> Order:
    """Reports that the reader asked for, or 404."""
    found = Order.objects.filter(zone=who.zone, asked_by=who.who.user, pk=pk).first()
    if found is None:
        raise Http404
    return found


def template(zone: Zone) -> Template | None:
    """The template that Word files are written into; None for the look of the house."""
    return Template.objects.filter(zone=zone, removed_at=None).first()


def _own(who: Reader, wanted: Schedule | Selection) -> bool:
    """A choice without places means all of the zone: it is for who sees the whole zone."""
    kind = KINDS.get(wanted.kind)
    if kind is None or kind not in who.kinds():
        return False
    if not wanted.places:
        return who.who.areas is None
    return set(wanted.places) <= {code for code, _name in who.places(kind)}


# --- places by what a kind needs --------------------------------------------------------------------------


def _hotspots(who: MeetingReader) -> Iterable[Choice]:
    return ((str(one.number), one.title) for one in who.seen() if one.status == Hotspot.Status.ACTIVE)


def _communes(who: MeetingReader) -> Iterable[Choice]:
    found = Area.objects.filter(zone=who.zone, kind=Area.Kind.COMMUNE, in_zone=True)
    found = found.only("kind", "code", "names", "zone_id").order_by("code")
    return ((one.code, one.name) for one in found if who.areas is None or one.pk in who.areas)


def _zone(who: MeetingReader) -> Iterable[Choice]:
    return [("", who.zone.name)] if who.areas is None else []


def _meetings(who: MeetingReader) -> Iterable[Choice]:
    return ((str(one.pk), meeting_name(one)) for one in _with_pack(who))


def _partners(who: MeetingReader) -> Iterable[Choice]:
    found = {one.pk: one for one in _with_pack(who)}
    asked = Presence.objects.filter(meeting__in=found).select_related("organisation")
    if who.organisation is not None:
        asked = asked.filter(organisation=who.organisation)
    for presence in asked.order_by("-meeting__starts_at", "organisation__code"):
        meeting, organisation = found[presence.meeting_id], presence.organisation
        yield f"{meeting.pk}/{organisation.code}", f"{meeting_name(meeting)} – {organisation}"


def _with_pack(who: MeetingReader) -> list[Meeting]:
    """Meetings of the levels 2 to 4; the population gets a bulletin, the council the evaluation of the plan."""
    found = meetings.meetings(who).exclude(state=Meeting.State.CANCELLED)
    return [one for one in found if {2, 3, 4} & set(one.levels or one.body.levels)]


def _evaluations(who: MeetingReader) -> Iterable[Choice]:
    seen = [one.pk for one in who.seen()]
    allowed = Q(hotspot__in=seen) | (Q(hotspot=None) if who.areas is None else Q(pk=None))
    found = Evaluation.objects.filter(allowed, zone=who.zone).select_related("hotspot__zone", "plan")
    return ((str(one.pk), str(one)) for one in found)


PLACES = {
    "hotspot": _hotspots,
    "commune": _communes,
    "zone": _zone,
    "meeting": _meetings,
    "partner": _partners,
    "evaluation": _evaluations,
}
"""How the places of each need are found for a reader."""


def meeting_name(meeting: Meeting) -> str:
    """ "Coordination platform, 12 October 2026"."""
    day = words.day(meeting.starts_at, language(), timezone=meeting.zone.timezone)
    return f"{meeting.body.name}, {day}"


def day_of_meeting(place: str) -> date | None:
    """The day of the meeting that a place names."""
    found = Meeting.objects.filter(pk=int(place.partition("/")[0])).select_related("zone").first()
    return found.starts_at.astimezone(ZoneInfo(found.zone.timezone)).date() if found else None


def year_of(place: str) -> str:
    """The year of the evaluation that a place names."""
    found = Evaluation.objects.filter(pk=int(place)).values_list("year", flat=True).first()
    return str(found or "")

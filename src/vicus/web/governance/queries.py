"""Reading the clock. Every question takes the reader; partners, who read single meetings only, find no clock (404)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from vicus.web.accounts.rules import Permission
from vicus.web.governance import clock
from vicus.web.governance.clock import Cell, Met, Place
from vicus.web.governance.models import Rule
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.meetings import queries as meetings
from vicus.web.meetings.models import Body, Commitment, Meeting
from vicus.web.meetings.queries import Reader
from vicus.web.zone.models import Area, Zone

HELD = (Meeting.State.HELD, Meeting.State.MINUTED)


def reader(user: Any, slug: str) -> Reader:
    """Whoever reads the clock of a zone; 404 for strangers, partners, and roles that read no meetings."""
    who = meetings.reader(user, slug)
    if who.is_partner:
        raise Http404
    return who


@cache
def defaults() -> tuple[clock.Rule, ...]:
    """The five levels as they come with Vicus."""
    text = files("vicus.web.governance").joinpath("levels.toml").read_text(encoding="utf-8")
    return tuple(clock.Rule(**entry) for entry in tomllib.loads(text)["level"])


def rules(zone: Zone) -> tuple[clock.Rule, ...]:
    """The rules of a zone, fifth level first: its own where it has one, else the default."""
    own = {rule.level: rule for rule in Rule.objects.filter(zone=zone)}
    return tuple(_plain(own[rule.level]) if rule.level in own else rule for rule in defaults())


def _plain(rule: Rule) -> clock.Rule:
    return clock.Rule(
        level=rule.level, scope=rule.scope, every_months=rule.every_months, driver=rule.driver,  # type: ignore[arg-type]
        grace_months=rule.grace_months, driver_words=rule.driver_words, kept=rule.kept,
    )  # fmt: skip


@dataclass(frozen=True)
class Face:
    """The clock as one reader sees it: its cells, and the communes and hotspots they are about, by key."""

    day: date
    cells: tuple[Cell, ...]
    communes: dict[int, Area]
    hotspots: dict[int, Hotspot]

    def of(self, level: int, commune: int | None) -> list[Cell]:
        """The cells of a level in a commune (None: of the zone, or of hotspots without a commune)."""
        return [cell for cell in self.cells if cell.rule.level == level and cell.commune == commune]

    def place(self, cell: Cell) -> str:
        """The name of the place of a cell; empty for the zone."""
        if cell.hotspot is not None:
            return self.hotspots[cell.hotspot].title
        return self.communes[cell.commune].name if cell.commune is not None else ""


def face(who: Reader, day: date | None = None) -> Face:
    """The clock of the places a reader sees.

    A role bound to communes sees those; what is held for the zone, only roles that see the figures of hotspots.
    """
    day = day or today(who.zone)
    communes = {
        area.pk: area
        for area in Area.objects.filter(zone=who.zone, kind=Area.Kind.COMMUNE, in_zone=True)
        .only("kind", "code", "names", "zone_id").order_by("code")
        if who.areas is None or area.pk in who.areas
    }  # fmt: skip
    hotspots = {hotspot.pk: hotspot for hotspot in who.seen() if hotspot.status == Hotspot.Status.ACTIVE}
    mets = _mets(who.zone, {hotspot.pk: hotspot.commune_id for hotspot in who.hotspots})
    since = min([met.day for met in mets] + [local_day(who.zone.created_at, who.zone), day])
    places = [Place(hotspot.pk, hotspot.commune_id, _begun(hotspot, since)) for hotspot in hotspots.values()]
    wide = who.areas is None or Permission.READ_FIGURES in who.role.permissions
    kept = [rule for rule in rules(who.zone) if rule.scope != "zone" or wide]
    found = clock.cells(kept, mets, list(communes), places, since=since, today=day)
    return Face(day, tuple(found), communes, hotspots)


def duties(who: Reader, shown: Face | None = None) -> list[tuple[Cell, str]]:
    """What is overdue and driven by the role of this reader, with the name of the place (empty: the zone).

    What no role drives is for the zone direction. A hotspot manager: own hotspots.
    """
    if who.is_partner:
        return []
    shown = shown or face(who)
    own = {hotspot.pk for hotspot in who.own()}
    return [
        (cell, shown.place(cell))
        for cell in shown.cells
        if cell.standing.state == "overdue"
        and (cell.rule.driver or "direction") == who.role.code
        and (cell.hotspot is None or cell.hotspot in own)
    ]


def _mets(zone: Zone, of_hotspot: dict[int, int | None]) -> list[Met]:
    """Every meeting of a zone that was not cancelled, as the clock sees it."""
    found = (
        Meeting.objects.filter(zone=zone).exclude(state=Meeting.State.CANCELLED)
        .select_related("body__hotspot").only(
            "levels", "starts_at", "state", "zone_id",
            "body__names", "body__code", "body__levels", "body__commune_id", "body__hotspot__commune_id",
        )
        .order_by("starts_at", "pk")
    )  # fmt: skip
    communes = _pairs(Meeting.communes.through, "area_id", zone)
    hotspots = _pairs(Meeting.hotspots.through, "hotspot_id", zone)
    return [
        _met(meeting, communes.get(meeting.pk, set()), hotspots.get(meeting.pk, set()), of_hotspot, zone)
        for meeting in found
    ]


def _met(
    meeting: Meeting, communes: set[int], hotspots: set[int], of_hotspot: dict[int, int | None], zone: Zone
) -> Met:
    body = meeting.body
    hotspots = hotspots | ({body.hotspot_id} if body.hotspot_id else set())
    communes = communes | ({body.commune_id} if body.commune_id else set())
    communes |= {of_hotspot[pk] for pk in hotspots if of_hotspot.get(pk) is not None}  # type: ignore[misc]
    return Met(
        pk=meeting.pk, day=local_day(meeting.starts_at, zone), held=meeting.state in HELD,
        levels=frozenset(meeting.levels or body.levels), communes=frozenset(communes),
        hotspots=frozenset(hotspots), name=body.name,
    )  # fmt: skip


def _pairs(through: Any, field: str, zone: Zone) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for meeting, other in through.objects.filter(meeting__zone=zone).values_list("meeting_id", field):
        found.setdefault(meeting, set()).add(other)
    return found


def local_day(moment: Any, zone: Zone) -> date:
    """The day of a moment in a zone."""
    day: date = moment.astimezone(ZoneInfo(zone.timezone)).date()
    return day


def _begun(hotspot: Hotspot, since: date) -> date:
    """The day of the first outline of a hotspot; the clock of a hotspot does not run before it."""
    return min((perimeter.valid_from for perimeter in hotspot.perimeters.all()), default=since)


def bodies(zone: Zone) -> list[Body]:
    """The bodies that meet, those that ended left out."""
    found = Body.objects.filter(zone=zone).select_related("commune", "hotspot")
    day = today(zone)
    return [body for body in found if body.ended_on is None or body.ended_on > day]


def body_for(cell: Cell, found: list[Body]) -> Body | None:
    """The body whose meeting would count for a cell: the one closest to its place."""

    def fits() -> Iterator[tuple[int, Body]]:
        for body in found:
            if cell.rule.level not in body.levels:
                continue
            if cell.hotspot is not None:
                if body.hotspot_id == cell.hotspot:
                    yield 0, body
                elif body.hotspot_id is None and body.commune_id in (cell.commune, None):
                    yield 1 if body.commune_id else 2, body
            elif cell.commune is None or body.commune_id == cell.commune:
                yield 0 if body.hotspot_id is None else 3, body
            elif body.commune_id is None and body.hotspot_id is None:
                yield 1, body

    return min(fits(), key=lambda one: (one[0], one[1].code), default=(9, None))[1]


def coming(who: Reader) -> QuerySet[Meeting]:
    """The planned meetings that the reader takes part in and that are not past, the next first."""
    planned = meetings.meetings(who).filter(state=Meeting.State.PLANNED, starts_at__gte=timezone.now())
    return planned.order_by("starts_at", "pk")


def late(who: Reader, day: date | None = None) -> QuerySet[Commitment]:
    """Open commitments of the reader's places that are past their day, the oldest first."""
    day = day or today(who.zone)
    return meetings.commitments(who).filter(state=Commitment.State.OPEN, due_on__lt=day)


def unnoted(who: Reader) -> list[Meeting]:
    """Planned meetings of the reader's places that are past, for whoever may write them; the oldest first."""
    if Permission.WRITE_MEETINGS not in who.role.permissions:
        return []
    found = meetings.meetings(who).filter(state=Meeting.State.PLANNED, starts_at__lt=timezone.now())
    return list(found.order_by("starts_at", "pk"))

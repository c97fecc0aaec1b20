"""Reading sheets and problems. Every question takes the user; what somebody may not see does not exist (404)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from vicus.incidents.months import months_before
from vicus.web.accounts.rules import ROLES
from vicus.web.hotspots import asking
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Sight
from vicus.web.hotspots.services import today
from vicus.web.sara import frozen, rules, shape
from vicus.web.sara.frozen import Shown
from vicus.web.sara.models import Aside, Passage, Problem, Promise, Review, SaraSheet
from vicus.web.sara.rules import Access, Standing
from vicus.web.zone.models import Zone

ENDED = (Review.Decision.STOP, Review.Decision.CLOSE)
"""Decisions after which a promise is no longer open."""


@dataclass
class Desk:
    """A hotspot with its sheets, as one reader may see and write them."""

    zone: Zone
    sight: Sight
    hotspots: Sequence[Hotspot]
    hotspot: Hotspot
    access: Access

    @cached_property
    def problems(self) -> list[Problem]:
        """The problems of the hotspot."""
        return list(self.hotspot.problems.select_related("written_by"))

    def problem(self, number: int) -> Problem:
        """One of them, by its number."""
        for problem in self.problems:
            if problem.number == number:
                return problem
        raise Http404


@dataclass
class Open(Desk):
    """The same with the sheet of one month, which may not be written yet."""

    sheet: SaraSheet

    @property
    def writes(self) -> bool:
        """Is the sheet open to the reader's pen?"""
        return rules.may_write(self.sheet.state, self.access)

    @cached_property
    def passages(self) -> dict[str, Passage]:
        """The texts by their key; those that are not written yet are empty."""
        found: dict[str, Passage] = {}
        if self.sheet.pk:
            found = {
                p.key: p for p in self.sheet.passages.select_related("written_by").prefetch_related("asides")
            }
        return {key: found.get(key) or Passage(sheet=self.sheet, key=key) for key in shape.PASSAGES}

    @cached_property
    def promises(self) -> list[tuple[Promise, Review | None]]:
        """The promises of earlier sheets that were still open, each with what this sheet says of it."""
        reviews = {r.promise_id: r for r in self.entries("review")}
        return [
            (promise, reviews.get(promise.pk)) for promise in open_promises(self.hotspot, self.sheet.month)
        ]

    @cached_property
    def shown(self) -> Shown | None:
        """The figures of the month."""
        return frozen.of_sheet(self.zone, self.hotspots, self.hotspot, self.sheet)

    @cached_property
    def standing(self) -> Standing:
        """What the conditions of transitions look at."""
        return standing(
            [passage for passage in self.passages.values() if passage.pk],
            open_promises=sum(review is None for _promise, review in self.promises),
            shown=self.shown,
        )

    def entries(self, kind: str) -> list[Any]:
        """What was filled in of one kind."""
        if not self.sheet.pk:
            return []
        found = shape.KINDS[kind].model._default_manager.filter(sheet=self.sheet).select_related("written_by")
        if kind == "promise":
            found = found.select_related("action__hotspot__zone").prefetch_related("action__visits")
        return list(found.select_related("problem") if kind in ("note", "promise") else found)

    def entry(self, kind: str, pk: int) -> Any:
        """One of them."""
        for thing in self.entries(kind):
            if thing.pk == pk:
                return thing
        raise Http404


def desk(user: Any, slug: str, number: int) -> Desk:
    """The hotspot and what the reader may do with its sheets."""
    zone, sight = places.zone_and_sight(user, slug)
    found = places.hotspots(zone)
    hotspot = places.one(found, sight, number)
    access = rules.access(ROLES[user.role_in(zone.slug)], sight, hotspot, user.pk)
    if not access.reads:
        raise Http404
    return Desk(zone, sight, found, hotspot, access)


def problems_desk(user: Any, slug: str, number: int) -> Desk:
    """The same, for those who see what is not validated yet: problems have no state of their own."""
    found = desk(user, slug, number)
    if not found.access.reads_drafts:
        raise Http404
    return found


def sheet(user: Any, slug: str, number: int, month: str) -> Open:
    """The sheet of a month; one that nobody wrote on yet is there for those who see drafts."""
    found = desk(user, slug, number)
    first = asking.month_named(month)
    if first is None or not rules.has_a_sheet(first, today(found.zone)):
        raise Http404
    kept = (
        SaraSheet.objects.filter(hotspot=found.hotspot, month=first)
        .select_related("perimeter", "hotspot", "hotspot__zone")
        .first()
    )
    kept = kept or SaraSheet(hotspot=found.hotspot, month=first)
    if not found.access.sees(kept.state):
        raise Http404
    return Open(found.zone, found.sight, found.hotspots, found.hotspot, found.access, kept)


def aside(opened: Open, pk: int) -> Aside:
    """A text that was set aside in this sheet."""
    found = Aside.objects.filter(pk=pk, passage__sheet=opened.sheet).first() if opened.sheet.pk else None
    if found is None:
        raise Http404
    return found


def month_to_write(zone: Zone) -> date:
    """The last month that the data cover whole, or else the month before this one."""
    latest = asking.latest(zone)
    return latest[1].question.month if latest is not None else months_before(today(zone).replace(day=1), 1)


def open_promises(hotspot: Hotspot, month: date) -> QuerySet[Promise]:
    """Promises of sheets before a month that no sheet before it ended."""
    ended = Review.objects.filter(decision__in=ENDED, sheet__month__lt=month).values("promise")
    return (
        Promise.objects.filter(sheet__hotspot=hotspot, sheet__month__lt=month)
        .exclude(pk__in=ended)
        .select_related("sheet", "problem", "action__hotspot__zone")
        .prefetch_related("action__visits")
        .order_by("due", "pk")
    )


def standing(passages: Iterable[Passage], *, open_promises: int, shown: Shown | None) -> Standing:
    """How far a sheet is."""
    written = {passage.key for passage in passages if passage.text.strip()}
    return Standing(
        missing_texts=tuple(
            key for key, passage in shape.PASSAGES.items() if passage.required and key not in written
        ),
        open_promises=open_promises,
        asides=sum(len(passage.asides.all()) for passage in passages),
        has_figures=shown is not None,
        complete=shown is not None and shown.figures.complete,
        geocoding_rate=shown.figures.quality.geocoding_rate if shown is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A hotspot in the list of sheets: its sheet of the month, if there is one, and what its reader may do."""

    hotspot: Hotspot
    sheet: SaraSheet | None
    access: Access
    month: date

    @property
    def state(self) -> str:
        """Where its sheet stands; a sheet that nobody opened is a draft."""
        return self.sheet.state if self.sheet is not None else SaraSheet.State.DRAFT

    @property
    def waits(self) -> str:
        """What the reader is asked to do with it; empty for nothing."""
        primary = [t for t in rules.offered(self.state, self.access) if t.primary]
        return primary[0].name if primary else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The sheets of a zone that a reader sees, in one month, and what waits in any month."""

    zone: Zone
    month: date
    months: tuple[date, ...]
    lines: tuple[Line, ...]
    waiting: tuple[Line, ...]


def listing(user: Any, slug: str, month: str) -> Listing:
    """The sheets of a month of every hotspot whose sheets the reader sees."""
    zone, sight = places.zone_and_sight(user, slug)
    return listed(user, zone, sight, places.hotspots(zone), month)


def listed(user: Any, zone: Zone, sight: Sight, hotspots: Sequence[Hotspot], month: str = "") -> Listing:
    """The same for a reader whose zone and hotspots were asked for already."""
    role = ROLES[user.role_in(zone.slug)]
    seen = [(hotspot, rules.access(role, sight, hotspot, user.pk)) for hotspot in hotspots]
    readable = [(hotspot, access) for hotspot, access in seen if access.reads]
    if not readable and not rules.reads_sheets(role):
        raise Http404
    due = month_to_write(zone)
    chosen = asking.month_named(month) or due
    if not rules.has_a_sheet(chosen, today(zone)):
        raise Http404
    every = SaraSheet.objects.filter(hotspot__in=[hotspot for hotspot, _access in readable])
    # Those of the month, and of any month those that wait for somebody.
    wanted = every.filter(
        Q(month__in=[chosen, due]) | Q(state__in=[t.before for t in rules.TRANSITIONS if t.primary])
    )
    kept = list(wanted.defer("figures").prefetch_related("steps__by"))
    by_key = {(s.hotspot_id, s.month): s for s in kept}

    def line(hotspot: Hotspot, access: Access, of: date) -> Line:
        found = by_key.get((hotspot.pk, of))
        return Line(hotspot, found if found and access.sees(found.state) else None, access, of)

    lines = [line(hotspot, access, chosen) for hotspot, access in readable]
    months = {due, chosen, *every.values_list("month", flat=True).distinct().order_by()}
    waiting = [
        each
        for of in sorted({due, *(s.month for s in kept)})
        for hotspot, access in readable
        if hotspot.status == Hotspot.Status.ACTIVE
        and (each := line(hotspot, access, of)).waits
        and (each.sheet is not None or of == due)
    ]
    return Listing(
        zone,
        chosen,
        tuple(sorted(months)),
        tuple(
            each
            for each in lines
            if each.sheet is not None
            or (each.access.reads_drafts and each.hotspot.status == Hotspot.Status.ACTIVE)
        ),
        tuple(waiting),
    )

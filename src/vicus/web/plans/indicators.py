"""Indicators that the system works out, as one table; apps that lie above this one add their own with `register`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.documents.years import Facts
from vicus.incidents.months import month_after
from vicus.pictures.words import SMALLEST_BASE
from vicus.web.hotspots.models import Hotspot, Phase
from vicus.web.meetings.models import Commitment, Meeting
from vicus.web.plans import counting
from vicus.web.plans.models import Indicator
from vicus.web.sara.models import SaraSheet
from vicus.web.zone.models import Zone

SETTLED = ("validated", "archived")


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its range; `part` of `whole` where it is a share in percent. No value: not enough data."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    part: int | None = None
    whole: int | None = None


NOTHING = Value()


@dataclass
class Basis:
    """What a working-out may look at: the zone, its hotspots and those linked, a year up to a day; data as known then."""

    zone: Zone
    hotspots: Sequence[Hotspot]
    linked: Sequence[Hotspot]
    year: int
    today: date
    known: date | None = None

    @cached_property
    def facts(self) -> Facts | None:
        """Facts of the linked hotspots together."""
        return counting.together(self.zone, self.hotspots, self.linked, self.year, known=self.known)

    @property
    def first(self) -> date:
        """First day of the year."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """Last day of the year, or today."""
        return min(date(self.year, 12, 31), self.today)

    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the year until after its last, on the clock of the zone."""
        clock = ZoneInfo(self.zone.timezone)
        return (
            datetime(self.year, 1, 1, tzinfo=clock),
            datetime.combine(self.last + timedelta(days=1), datetime.min.time(), clock),
        )


@dataclass(frozen=True)
class Work:
    """How an indicator is worked out: its name, unit, which direction is better, and what it looks at."""

    code: str
    title: Promise
    unit: str
    aim: str
    work: Callable[[Basis], Value]


def share(part: int, whole: int) -> Value:
    """A share in percent with its exact range; none on a base under ten (rights R22)."""
    if whole < SMALLEST_BASE:
        return Value(part=part, whole=whole)
    low, high = counting.share_range(part, whole)
    return Value(100 * part / whole, 100 * low, 100 * high, part, whole)


def facts(basis: Basis) -> Value:
    """Reported facts in the linked hotspots; the range says how far a year like this one goes by chance."""
    found = basis.facts
    if found is None or not basis.linked:
        return NOTHING
    low, high = counting.count_range(found["after"], found["phi"] or 1.0)
    return Value(float(found["after"]), low, high)


def as_expected(basis: Basis) -> Value:
    """Months of linked hotspots that were not above their expected range."""
    found = basis.facts
    if found is None or not found["judged"]:
        return NOTHING
    return share(found["judged"] - found["above"], found["judged"])


def kept_on_time(basis: Basis) -> Value:
    """Commitments due in the year that were kept by their day; of the linked hotspots, or of the zone without any."""
    due = Commitment.objects.filter(zone=basis.zone, due_on__range=(basis.first, basis.last))
    if basis.linked:
        due = due.filter(hotspot__in=[hotspot.pk for hotspot in basis.linked])
    told = list(due.values_list("state", "settled_on", "due_on"))
    kept = sum(
        state == Commitment.State.KEPT and settled is not None and settled <= on
        for state, settled, on in told
    )
    return share(kept, len(told)) if told else NOTHING


def in_build(basis: Basis) -> Value:
    """Hotspots in Build or in ordinary work at the end of the year; of those linked, or of all without any."""
    places = basis.linked or basis.hotspots
    on = basis.last
    if not places:
        return NOTHING
    found = sum(
        phase.kind in (Phase.Kind.BUILD, Phase.Kind.ORDINARY)
        for hotspot in places
        for phase in hotspot.phases.all()
        if phase.started_on <= on and (phase.ended_on is None or phase.ended_on > on)
    )
    return Value(float(found), part=found, whole=len(places))


def sheets_on_time(basis: Basis) -> Value:
    """Sheets of the year that were submitted before the month after theirs was over."""
    places = [
        hotspot.pk for hotspot in basis.linked or basis.hotspots if hotspot.status == Hotspot.Status.ACTIVE
    ]
    sheets = SaraSheet.objects.filter(hotspot__in=places, month__range=(basis.first, basis.last))
    asked, on_time = 0, 0
    clock = ZoneInfo(basis.zone.timezone)
    for sheet in sheets.prefetch_related("steps"):
        asked += 1
        submitted = [
            timezone.localdate(step.at, clock) for step in sheet.steps.all() if step.name == "submit"
        ]
        on_time += bool(submitted) and min(submitted) < month_after(month_after(sheet.month))
    return share(on_time, asked) if asked else NOTHING


def meetings(basis: Basis) -> Value:
    """Meetings held in the year."""
    n = held(basis.zone, *basis.moments()).count()
    return Value(float(n)) if n else NOTHING


def held(zone: Zone, since: datetime, until: datetime) -> Any:
    """Meetings that took place between two moments."""
    states = (Meeting.State.HELD, Meeting.State.MINUTED)
    return Meeting.objects.filter(zone=zone, state__in=states, starts_at__gte=since, starts_at__lt=until)


WORKS: dict[str, Work] = {
    work.code: work
    for work in (
        Work("facts", _("Reported facts in the linked hotspots"), "", Indicator.Aim.LESS, facts),
        Work("as_expected", _("Months not above their expected range"), "%", Indicator.Aim.MORE, as_expected),
        Work("kept_on_time", _("Commitments kept on time"), "%", Indicator.Aim.MORE, kept_on_time),
        Work("in_build", _("Hotspots in Build or in ordinary work"), "", Indicator.Aim.MORE, in_build),
        Work("sheets_on_time", _("Sheets submitted on time"), "%", Indicator.Aim.MORE, sheets_on_time),
        Work("meetings", _("Meetings held"), "", Indicator.Aim.MORE, meetings),
    )
}
"""What the system can work out, by code."""


def register(work: Work) -> None:
    """Add what an app above works out."""
    WORKS[work.code] = work


def value_of(indicator: Indicator, basis: Basis) -> Value:
    """The value of an indicator in a year: worked out, or as typed."""
    if not indicator.code:
        typed = indicator.values.get(str(basis.year))
        return NOTHING if typed is None else Value(float(typed))
    work = WORKS.get(indicator.code)
    return work.work(basis) if work else NOTHING

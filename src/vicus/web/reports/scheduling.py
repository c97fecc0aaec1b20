"""Which reports are due, and drawing them at night: each once for its period, also when the night was missed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from vicus.web.hotspots.services import today
from vicus.web.meetings.models import Meeting
from vicus.web.reports import gathering, queries, services
from vicus.web.reports.kinds import KINDS
from vicus.web.reports.models import Drawn, Schedule
from vicus.web.reports.periods import first_day, last_period
from vicus.web.reports.queries import Reader
from vicus.web.reports.writing import NothingToTell

logger = logging.getLogger(__name__)

ACTOR = "schedule"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a schedule draws: under which name it is done once, over which period, of which places (None: its own)."""

    name: str
    period: str
    places: tuple[str, ...] | None = None


def run() -> Mapping[str, int]:
    """Draw what is due in every zone. Doing it again draws nothing; what has no facts yet is tried the next night."""
    made, failed = 0, 0
    for schedule in Schedule.objects.filter(stopped_on=None).select_related("zone"):
        for occasion in due(schedule, today(schedule.zone)):
            drawn, wrong = _draw(schedule, occasion)
            made, failed = made + drawn, failed + wrong
    if failed:
        # What was drawn stays; the rest is tried again the next time.
        raise ReportsFailed(f"{failed} reports could not be drawn; {made} were.")
    return {"reports.Drawn drawn": made}


class ReportsFailed(Exception):
    """Some reports of the night could not be drawn."""


def due(schedule: Schedule, day: date) -> list[Occasion]:
    """What a schedule should have drawn by this day, of the last period that had its day."""
    if schedule.rhythm == Schedule.Rhythm.BEFORE:
        return [Occasion(f"meeting {pk}", "", tuple(places)) for pk, places in _coming(schedule, day).items()]
    last = _last_date(schedule, day)
    if last is None or last < schedule.starts_on:
        return []
    period = last_period(schedule.rhythm, last)  # type: ignore[arg-type]
    return [Occasion(period, period)]


def next_date(schedule: Schedule, day: date) -> date | None:
    """The next day on which it draws; None before meetings, and once it is stopped."""
    if schedule.stopped_on is not None or schedule.rhythm == Schedule.Rhythm.BEFORE:
        return None
    months = MONTHS[Schedule.Rhythm(schedule.rhythm)]
    for ahead in range(13):
        number = day.year * 12 + day.month - 1 + ahead
        at = date(number // 12, number % 12 + 1, schedule.day)
        if at.month in months and at > day and at >= schedule.starts_on:
            return at
    return None


MONTHS = {
    Schedule.Rhythm.MONTHLY: range(1, 13),
    Schedule.Rhythm.QUARTERLY: (1, 4, 7, 10),
    Schedule.Rhythm.YEARLY: (1,),
}
"""Months in which a schedule draws: the first after its period."""


def _last_date(schedule: Schedule, day: date) -> date | None:
    """The last day on which it was to draw, up to and with this one."""
    months = MONTHS[Schedule.Rhythm(schedule.rhythm)]
    for back in range(13):
        number = day.year * 12 + day.month - 1 - back
        at = date(number // 12, number % 12 + 1, schedule.day)
        if at.month in months and at <= day:
            return at
    return None


def _draw(schedule: Schedule, occasion: Occasion) -> tuple[int, int]:
    """How many were drawn, and how many failed."""
    kind, made, failed = KINDS[schedule.kind], 0, 0
    done = set(
        Drawn.objects.filter(schedule=schedule, occasion=occasion.name).values_list(
            "place", "language", "format"
        )
    )
    places = occasion.places if occasion.places is not None else schedule.places or _every(schedule, occasion)
    for place in places:
        for language in schedule.languages:
            formats = [f for f in schedule.formats if (place, language, f) not in done]
            if not formats:
                continue
            try:
                made += len(
                    services.draw(
                        zone=schedule.zone, kind=kind, place=place, period=occasion.period, language=language,
                        formats=formats, left_out=schedule.left_out, actor=ACTOR, schedule=schedule,
                        occasion=occasion.name,
                    )
                )  # fmt: skip
            except NothingToTell:
                continue
            except Exception:
                logger.exception(
                    "A scheduled report could not be drawn: %s %s %s", kind.code, place, language
                )
                failed += 1
    return made, failed


def _every(schedule: Schedule, occasion: Occasion) -> list[str]:
    """All places of the kind in the zone; of evaluations those of the year."""
    kind = KINDS[schedule.kind]
    found = Reader(gathering.everything(schedule.zone)).places(kind)
    if kind.needs == "evaluation":
        return [
            code for code, _name in found if queries.year_of(code) == str(first_day(occasion.period).year)
        ]
    return [code for code, _name in found]


def _coming(schedule: Schedule, day: date) -> dict[int, list[str]]:
    """Meetings that begin within the days of the schedule, with the places of their packs."""
    soon = Meeting.objects.filter(
        Q(starts_at__date__gte=day) & Q(starts_at__date__lte=day + timedelta(days=schedule.day)),
        zone=schedule.zone, state=Meeting.State.PLANNED,
    ).values_list("pk", flat=True)  # fmt: skip
    found: dict[int, list[str]] = {pk: [] for pk in soon}
    for code, _name in Reader(gathering.everything(schedule.zone)).places(KINDS[schedule.kind]):
        pk = int(code.partition("/")[0])
        if pk in found and (not schedule.places or code in schedule.places):
            found[pk].append(code)
    return found

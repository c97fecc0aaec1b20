"""Scheduled work: each job runs by itself, so that one that fails keeps no other from being done.

A job may run twice, late, or be killed in between: what it did stands whole or not at all.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Literal

from django.db import transaction

from vicus.web.governance.models import Done
from vicus.web.hotspots.services import today
from vicus.web.zone.models import Zone

logger = logging.getLogger(__name__)

Period = Literal["day", "week", "month"]
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Everywhere:
    """Work for the whole installation, each time: `run` itself must do nothing the second time.

    For what takes long (drawing, sending): it is not held in one transaction. `run` says how much it did of what.
    """

    name: str
    run: Callable[[], Counts]


@dataclass(frozen=True)
class Once:
    """Work done once a day, week or month in each zone, on the calendar of the zone.

    `run` gets the zone and its day. It runs in one transaction with the note that it was done, so it must be short and
    reach nothing but the database.
    """

    name: str
    each: Period
    run: Callable[[Zone, date], Counts]


Job = Everywhere | Once


@dataclass
class Outcome:
    """How much was done, of what; and which jobs failed and will be tried again."""

    done: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)


def run(jobs: Iterable[Job]) -> Outcome:
    """Do what is due of every job, in their order."""
    outcome = Outcome()
    for job in jobs:
        if isinstance(job, Everywhere):
            _try(job.name, job.run, outcome)
            continue
        for zone in Zone.objects.all():
            _try(f"{job.name}, {zone.slug}", partial(_once, job, zone), outcome)
    return outcome


def period(each: Period, day: date) -> str:
    """The day, ISO week or month a day lies in: "2026-12-31", "2026-W53", "2026-12"."""
    if each == "week":
        year, week, _day = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat() if each == "day" else f"{day:%Y-%m}"


def _try(name: str, work: Callable[[], Counts], outcome: Outcome) -> None:
    try:
        outcome.done.update(work())
    except Exception:
        logger.exception("Scheduled work failed and is tried again next time: %s", name)
        outcome.failed.append(name)


def _once(job: Once, zone: Zone) -> Counts:
    day = today(zone)
    with transaction.atomic():
        # Whoever comes second waits for this row, and finds the work done.
        _row, fresh = Done.objects.get_or_create(zone=zone, job=job.name, period=period(job.each, day))
        return job.run(zone, day) if fresh else {}

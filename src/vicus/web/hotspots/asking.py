"""What a reader asks of a page, read from its address: month, sources, as known at, sort order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils import timezone

from vicus.incidents.errors import IncidentError
from vicus.incidents.months import month_after, months_between
from vicus.incidents.questions import Quality
from vicus.incidents.store import Store
from vicus.incidents.versions import Version
from vicus.web.audit.door import Said
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import figures
from vicus.web.hotspots.figures import Question
from vicus.web.zone.models import Zone

SOURCES_BY_DEFAULT = "reported"


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of an address that names nothing there is; the default is shown instead, and the page says so."""

    part: Literal["known", "month", "sources", "perimeter"]
    asked: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what is needed to ask the next one: the months and versions there are.

    `given` holds the parts of the address that differ from the default, so that links stay short; `missing`
    those that name nothing there is.
    """

    question: Question
    span: Quality
    months: tuple[date, ...]
    versions: tuple[Version, ...]
    newest: Version
    given: Mapping[str, str]
    missing: tuple[Missing, ...] = ()

    def address(self, **changes: str | None) -> str:
        """The query of an address with some parts changed; None drops a part."""
        parts = {**self.given, **changes}
        kept = {name: value for name, value in parts.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def keeping(self, **parts: str) -> Asked:
        """The same, with parts of the address that links are to keep."""
        return replace(self, given={**self.given, **parts})

    def lacking(self, missing: Missing) -> Asked:
        """The same, with one more part of the address that names nothing there is."""
        return replace(self, missing=(*self.missing, missing))

    def said(self) -> Said:
        """What is asked for, as a reason is given for it and the audit trail keeps it."""
        question = self.question
        said: Said = (
            ("month", f"{question.month:%Y-%m}"), ("sources", question.sources), ("version", question.version.number),
        )  # fmt: skip
        chosen = self.given.get("perimeter")
        return (*said, ("perimeter", chosen)) if chosen else said

    @property
    def latest(self) -> bool:
        """Is the newest version of the data asked for?"""
        return self.question.version.number == self.newest.number


def read(query: Mapping[str, str], store: Store, zone: Zone) -> Asked | None:
    """The question in an address; None without any data.

    What names nothing there is falls back to the default and stands in `missing`.
    """
    versions = tuple(v for v in store.versions() if v.available and v.rows)
    if not versions:
        return None
    newest = versions[-1]
    known = day_named(query.get("known", ""))
    version = _known_at(store, known, versions, zone) if known else None
    span = figures.span(store, zone, version or newest)
    months = _months(span)
    if not months:
        return None
    month = month_named(query.get("month", ""))
    month = month if month in months else None
    sources = query.get("sources", "") if query.get("sources") in figures.SOURCES else None
    followed: dict[Literal["known", "month", "sources"], Any] = {
        "known": version,
        "month": month,
        "sources": sources,
    }
    given = {
        "known": known.isoformat() if known and version and version.number != newest.number else "",
        "month": f"{month:%Y-%m}" if month else "",
        "sources": sources if sources and sources != SOURCES_BY_DEFAULT else "",
    }
    return Asked(
        Question(month or last_month(span), sources or SOURCES_BY_DEFAULT, version or newest),
        span,
        months,
        _by_day(versions, zone),
        newest,
        {part: value for part, value in given.items() if value},
        tuple(
            Missing(part, query[part]) for part, value in followed.items() if query.get(part) and not value
        ),
    )


def latest(zone: Zone) -> tuple[Store, Asked] | None:
    """The store of a zone with the question that a page asks of it by itself; None without facts."""
    store = find_store(zone)
    asked = read({}, store, zone) if store is not None else None
    return (store, asked) if store is not None and asked is not None else None


def last_month(span: Quality) -> date:
    """The last month that the data cover to its last day; of a single month, that one. Needs data."""
    months = _months(span)
    last = span.last_day
    if last is not None and len(months) > 1 and (month_after(months[-1]) - last).days > 1:
        return months[-2]
    return months[-1]


def month_named(text: str) -> date | None:
    """The first day of a month written as in an address, 2026-10; None for anything else."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def day_named(text: str) -> date | None:
    """A day written as in an address, 2026-10-31; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # A clock of another time zone cannot hold the first and the last day there are.
    return day if 1900 <= day.year <= 2999 else None


def sort_order(query: Mapping[str, str], keys: Mapping[str, Any]) -> tuple[str, bool]:
    """Column and whether it descends, from `sort=name` or `sort=-name`; the first column by default."""
    wanted = query.get("sort", "")
    name = wanted.removeprefix("-")
    return (name, wanted.startswith("-")) if name in keys else ("", False)


def _known_at(store: Store, day: date, versions: tuple[Version, ...], zone: Zone) -> Version | None:
    if day > timezone.now().astimezone(ZoneInfo(zone.timezone)).date():
        return None
    try:
        found = store.version(day)
    except IncidentError:
        return None
    return found if any(v.number == found.number for v in versions) else None


def _by_day(versions: tuple[Version, ...], zone: Zone) -> tuple[Version, ...]:
    """The last version of each local day, newest first: two of one day cannot be told apart by a date."""
    clock = ZoneInfo(zone.timezone)
    by_day = {version.known_at.astimezone(clock).date(): version for version in versions}
    return tuple(reversed(by_day.values()))


def _months(span: Quality) -> tuple[date, ...]:
    if span.first_day is None or span.last_day is None:
        return ()
    return months_between(span.first_day, span.last_day + timedelta(days=1))

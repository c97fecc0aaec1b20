"""What a reader asks of a page, read from its address: month, sources, as known at, sort order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from vicus.incidents.errors import IncidentError
from vicus.incidents.questions import Quality
from vicus.incidents.store import Store
from vicus.incidents.versions import Version
from vicus.web.hotspots import figures
from vicus.web.hotspots.figures import Question
from vicus.web.zone.models import Zone

SOURCES_BY_DEFAULT = "reported"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what is needed to ask the next one: the months and versions there are.

    `given` holds the parts of the address that differ from the default, so that links stay short.
    """

    question: Question
    span: Quality
    months: tuple[date, ...]
    versions: tuple[Version, ...]
    newest: Version
    given: Mapping[str, str]

    def address(self, **changes: str | None) -> str:
        """The query of an address with some parts changed; None drops a part."""
        parts = {**self.given, **changes}
        kept = {name: value for name, value in parts.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def keeping(self, **parts: str) -> Asked:
        """The same, with parts of the address that links are to keep."""
        return replace(self, given={**self.given, **parts})

    @property
    def latest(self) -> bool:
        """Is the newest version of the data asked for?"""
        return self.question.version.number == self.newest.number


def read(query: Mapping[str, str], store: Store, zone: Zone) -> Asked | None:
    """The question in an address. What cannot be read falls back to the default; None without any data."""
    versions = tuple(v for v in store.versions() if v.available and v.rows)
    if not versions:
        return None
    newest = versions[-1]
    given: dict[str, str] = {}
    version = newest
    known = _day(query.get("known", ""))
    if known is not None:
        version = _known_at(store, known, versions) or newest
        if version.number != newest.number:
            given["known"] = known.isoformat()
    span = figures.span(store, zone, version)
    months = _months(span)
    if not months:
        return None
    month = _month(query.get("month", ""))
    if month is not None and months[0] <= month <= months[-1]:
        given["month"] = f"{month:%Y-%m}"
    else:
        month = last_month(span)
    sources = query.get("sources", SOURCES_BY_DEFAULT)
    if sources in figures.SOURCES and sources != SOURCES_BY_DEFAULT:
        given["sources"] = sources
    else:
        sources = SOURCES_BY_DEFAULT
    return Asked(Question(month, sources, version), span, months, _by_day(versions, zone), newest, given)


def last_month(span: Quality) -> date:
    """The last month that the data cover to its last day; of a single month, that one. Needs data."""
    months = _months(span)
    last = span.last_day
    if last is not None and len(months) > 1 and (figures.next_month(months[-1]) - last).days > 1:
        return months[-2]
    return months[-1]


def sort_order(query: Mapping[str, str], keys: Mapping[str, Any]) -> tuple[str, bool]:
    """Column and whether it descends, from `sort=name` or `sort=-name`; the first column by default."""
    wanted = query.get("sort", "")
    name = wanted.removeprefix("-")
    return (name, wanted.startswith("-")) if name in keys else ("", False)


def _known_at(store: Store, day: date, versions: tuple[Version, ...]) -> Version | None:
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
    month, months = span.first_day.replace(day=1), []
    while month <= span.last_day:
        months.append(month)
        month = figures.next_month(month)
    return tuple(months)


def _month(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # A clock of another time zone cannot hold the first and the last day there are.
    return day if 1900 <= day.year <= 2999 else None

"""What the pictures need to know of a place: the names that `vicus.incidents.figures` gives, as protocols.

Pictures and incidents are siblings that do not import each other; anything with these fields can be drawn.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

State = Literal["above", "within", "below", "not enough data"]


class Count(Protocol):
    """Facts of a period; `n` counts the chosen sources."""

    @property
    def n(self) -> int: ...
    @property
    def reported(self) -> int: ...
    @property
    def discovered(self) -> int: ...
    @property
    def unknown(self) -> int: ...


class Expected(Protocol):
    """The range expected for a month."""

    @property
    def mean(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def coverage(self) -> float: ...
    @property
    def enough_data(self) -> bool: ...


class MonthFigure(Protocol):
    """One month of a series."""

    @property
    def month(self) -> date: ...
    @property
    def n(self) -> int: ...
    @property
    def reported(self) -> int: ...
    @property
    def discovered(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def low(self) -> float | None: ...
    @property
    def mean(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


class CategoryFigure(Protocol):
    """One category of a place in a month."""

    @property
    def category(self) -> str: ...
    @property
    def this_month(self) -> Count: ...
    @property
    def twelve_months(self) -> Count: ...
    @property
    def expected(self) -> Expected: ...
    @property
    def state(self) -> State: ...


class Version(Protocol):
    """A version of the incident data."""

    @property
    def number(self) -> int: ...
    @property
    def known_at(self) -> datetime: ...


class Quality(Protocol):
    """How good the data are."""

    @property
    def geocoding_rate(self) -> float | None: ...
    @property
    def rows(self) -> int: ...
    @property
    def located(self) -> int: ...
    @property
    def first_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...


class PlaceFigures(Protocol):
    """The figures of one place in one month."""

    @property
    def place(self) -> Hashable: ...
    @property
    def month(self) -> date: ...
    @property
    def complete(self) -> bool: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def version(self) -> Version: ...
    @property
    def software(self) -> str: ...
    @property
    def this_month(self) -> Count: ...
    @property
    def twelve_months(self) -> Count: ...
    @property
    def expected(self) -> Expected: ...
    @property
    def state(self) -> State: ...
    @property
    def series(self) -> Sequence[MonthFigure]: ...
    @property
    def categories(self) -> Sequence[CategoryFigure]: ...
    @property
    def hour_of_week(self) -> Any: ...
    @property
    def hour_of_week_n(self) -> int: ...
    @property
    def quality(self) -> Quality: ...


class RankedPlace(Protocol):
    """A place in the ranking by deviation from what was expected."""

    @property
    def place(self) -> Hashable: ...
    @property
    def figures(self) -> PlaceFigures: ...
    @property
    def ratio(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def rank_low(self) -> int | None: ...
    @property
    def rank_high(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Action:
    """An action on the time axis of a series; without an end it is still running."""

    label: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of Clear, Hold, Build; it ends on the day the next one begins, without an end it is the present one."""

    kind: Literal["clear", "hold", "build"]
    start: date
    end: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to it; None while it goes on."""
        return self.end - timedelta(days=1) if self.end else None


@dataclass(frozen=True, slots=True)
class About:
    """What the figures do not know themselves and a picture prints: whose they are and how days are reckoned.

    Attributes
    ----------
    place : str
        Name of the place as the reader knows it: "Hotspot 12, Ninove".
    zone : str
        Name of the zone that registered the facts.
    timezone : str
        Time zone in which the day of a data version is told; empty for that of the moment itself.
    attribution : str
        Origin of the layers of a map, as their licence asks it to be printed.
    """

    place: str = ""
    zone: str = ""
    timezone: str = ""
    attribution: str = ""

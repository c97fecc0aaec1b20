"""What short reports for meetings are drawn from: the mayor's page, packs, the quarterly coordination.

All of them tell the same few things (places in a month, lines with a day) and differ in which, in what order and in how
much room there is: rows of `KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from vicus.documents.report import Export, Names

State = Literal["above", "within", "below", "not enough data"]
Code = Literal["mayor", "pack", "partner-pack", "coordination"]
Part = Literal[
    "agenda", "situation", "ranking", "decisions", "promises", "orders", "requests", "conflicts", "displacement",
    "duties", "shared",
]  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of short report: its parts in order, and whether it must fit one page."""

    parts: tuple[Part, ...]
    one_page: bool = False


KINDS: Mapping[Code, Kind] = MappingProxyType(
    {
        "mayor": Kind(("situation", "decisions", "promises", "orders"), one_page=True),
        "pack": Kind(("agenda", "situation", "promises", "decisions", "orders")),
        "partner-pack": Kind(("agenda", "shared", "promises")),
        "coordination": Kind(("ranking", "requests", "conflicts", "displacement", "duties", "promises")),
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A hotspot in the month: its count against what was expected, and the ranks its interval allows (rule R15).

    Bounds and ranks are None where there is not enough data.
    """

    number: int
    name: Names
    area: Names
    n: int
    low: float | None
    high: float | None
    state: State
    phase: Names = ""
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to know or to decide: what, where, by whom, by when, why; `late` when its day is past."""

    what: Names
    place: Names = ""
    who: Names = ""
    day: date | None = None
    late: bool = False
    why: Names = ""


@dataclass(frozen=True)
class Brief:
    """Everything a short report says; equal briefs give equal bytes.

    Attributes
    ----------
    code : Code
        Which of `KINDS`.
    title : Names
        The commune, the zone or the body that meets.
    period : Names
        The month, the quarter or the day of the meeting, in words.
    places : tuple of Place
        In the order in which they are to be read: the furthest from what was expected first.
    lines : mapping of part to tuple of Line
        Parts that are missing here were not asked; an empty one says that there is nothing.
    month : date, optional
        Month of the figures; None when there are none.
    version : int, optional
        Version of the data.
    known_at : datetime
        Moment as of which all this was known: the date of the file.
    """

    code: Code
    zone: Names
    title: Names
    period: Names
    known_at: datetime
    software: str
    places: tuple[Place, ...] = ()
    lines: Mapping[Part, tuple[Line, ...]] = field(default_factory=dict)
    month: date | None = None
    version: int | None = None
    note: Names = ""
    timezone: str = "Europe/Brussels"
    caution: Names = ""
    export: Export | None = None

"""What a yearly evaluation is drawn from: plain values as they are kept when it is decided, names in every language.

The figures are the JSON that an evaluation keeps, so that what was frozen is drawn as it stood: days are ISO dates,
None is what nobody recorded or what could not be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict

from vicus.documents.report import Export, Names


class Facts(TypedDict):
    """Reported facts of the months covered, against the same months of the year before.

    `ratio` is after over before with its 95 % interval, None without enough facts; `phi` is how much more than by
    chance months vary; `above` and `below` count the months outside their expected range, of `judged` with one.
    """

    after: int
    before: int | None
    discovered: int
    months: int
    ratio: float | None
    low: float | None
    high: float | None
    phi: float | None
    above: int
    below: int
    judged: int


class Month(TypedDict):
    """One month of the year."""

    month: str
    n: int
    low: float | None
    high: float | None


class Span(TypedDict):
    """A phase that touched the year."""

    kind: str
    start: str
    end: str | None


class Outline(TypedDict):
    """The version of the perimeter that the figures rest on."""

    version: int
    valid_from: str
    review_due: str
    decided_by: Names
    decision: str


class Fitted(TypedDict):
    """How well the perimeter held its problem at the end of the year; `reasons`: the rules it does not meet."""

    month: str
    fits: bool
    reasons: list[Names]


class Done(TypedDict):
    """An action that ran in the year: minutes planned and delivered, and what its evaluation found."""

    title: str
    kind: Names
    state: Names
    planned: float | None
    delivered: int
    verdict: Literal["fewer", "more", "no clear change", ""]
    change: float | None
    low: float | None
    high: float | None


class Promised(TypedDict):
    """Commitments due in the year: kept by their day, kept later, in part, dropped, still open."""

    due: int
    kept: int
    late: int
    partly: int
    dropped: int
    open: int


class Sheets(TypedDict):
    """Sheets of the months covered, and how many were validated."""

    asked: int
    validated: int


class Side(TypedDict):
    """Side effects that evaluations of the year recorded; None is not recorded, never zero (rights R31)."""

    assessments: int
    complaints: int | None
    identity_checks: int | None
    perception: str


class Met(TypedDict):
    """Meetings held on a level."""

    level: Names
    n: int


class Valued(TypedDict):
    """An indicator of the plan in the year; `part` of `whole` where the value is a share in percent."""

    priority: Names
    objective: Names
    title: Names
    unit: Names
    aim: Literal["less", "more"]
    baseline: float | None
    target: float | None
    value: float | None
    low: float | None
    high: float | None
    part: int | None
    whole: int | None
    source: str


class Placed(TypedDict):
    """A hotspot under the plan: its facts, its phase at the end, what its own evaluation decided."""

    number: int
    name: Names
    facts: Facts | None
    phase: str
    decision: str


class Figures(TypedDict):
    """Everything that was worked out for a year; of a hotspot, or of the plan."""

    year: int
    first: str
    last: str
    facts: Facts | None
    months: list[Month]
    phases: list[Span]
    outline: Outline | None
    fit: Fitted | None
    actions: list[Done]
    promised: Promised
    sheets: Sheets
    side: Side
    meetings: list[Met]
    indicators: list[Valued]
    places: list[Placed]
    names: Mapping[str, Names]
    """Names as they stood: zone, subject, commune."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text somebody wrote around the figures: which one, fact or assessment, how sure (rights R05)."""

    key: Literal["worked", "not_worked", "learned", "next"]
    text: str
    nature: Literal["fact", "assessment", ""] = ""
    reliability: Literal["confirmed", "probable", "uncertain", ""] = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, why, by whom and when."""

    kind: Literal["keep", "shrink", "close", "adapt"]
    reason: str
    by: Names
    on: date
    reference: str = ""


@dataclass(frozen=True)
class YearReport:
    """Everything a yearly evaluation says; equal reports give equal bytes.

    Attributes
    ----------
    number : int, optional
        Number of the hotspot; None for the plan.
    figures : Figures
        As worked out, or as frozen.
    words : tuple of Told
        The texts around the figures.
    decided : Decided, optional
        None while nothing is decided; the file says so.
    version : int, optional
        Version of the data; None without facts.
    known_at : datetime
        Moment as of which the data are known: the date of the file.
    caution : Names
        What the reader must know before anything else.
    """

    number: int | None
    figures: Figures
    words: tuple[Told, ...]
    decided: Decided | None
    version: int | None
    known_at: datetime
    software: str
    timezone: str = "Europe/Brussels"
    caution: Names = ""
    export: Export | None = None

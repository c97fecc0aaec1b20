"""The bulletin of a neighbourhood: French and Dutch in one document, for residents.

Everything in it may be read by everybody: counts come with what is hidden already missing (None), words exist in both
languages (rights R18, R25).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vicus.documents.report import Names

LANGUAGES = ("fr", "nl")
"""A bulletin is written in both, French first unless the zone says otherwise."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the table of counts: names of the kind of facts, a count for each column; None is not shown."""

    names: Names
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise that residents may read: what, by whom, by when, how it stands and why it was not kept."""

    text: Names
    organisation: Names
    due_on: date
    state: Names
    reason: Names = ""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting that residents can come to."""

    starts_at: datetime
    place: Names


@dataclass(frozen=True)
class Bulletin:
    """Everything a bulletin says; equal bulletins give equal bytes.

    Attributes
    ----------
    heading : mapping of language to str
        Title in French and Dutch.
    texts : mapping of language to mapping of str
        By language, "said", "done" and "not_possible": paragraphs, empty ones are left out.
    starts_on, ends_on : date
        First and last day of the period.
    columns : tuple of Names
        Headings of the columns of counts, in each language.
    counts : tuple of Counted
        Rows, disclosure-controlled already; none leaves the table out.
    least : int
        Counts below this number are hidden: said under the table.
    gatherings, promises : tuple
        What comes, and what was promised.
    answer_at : str
        Address where residents answer; empty leaves it out.
    first : str
        The language that stands first.
    """

    zone: Names
    place: Names
    heading: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    starts_on: date
    ends_on: date
    published_at: datetime
    software: str
    columns: tuple[Names, ...] = ()
    counts: tuple[Counted, ...] = ()
    least: int = 5
    gatherings: tuple[Gathering, ...] = ()
    promises: tuple[Promise, ...] = ()
    answer_at: str = ""
    timezone: str = "Europe/Brussels"
    caution: Names = ""
    first: str = "fr"

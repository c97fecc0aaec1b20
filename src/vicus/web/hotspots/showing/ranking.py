"""The ranking of hotspots by deviation from what was expected: list, table, and what the other choice would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vicus.incidents.figures import PlaceFigures
from vicus.incidents.ranking import RankedPlace
from vicus.pictures import sentences, words
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import is_own
from vicus.web.hotspots.showing.sorting import heading
from vicus.web.hotspots.showing.windows import windows
from vicus.web.zone.models import Area, Zone

SPARK_MONTHS = 13
NOT_ENOUGH = gettext_lazy("not enough data")


@dataclass(frozen=True, slots=True)
class Row:
    """A hotspot in the ranking."""

    hotspot: Hotspot
    ranked: RankedPlace
    url: str
    area: str
    own: bool

    @property
    def note(self) -> str:
        """Where it lies, and that the reader looks after it."""
        return ", ".join(part for part in (self.area, _("your hotspot") if self.own else "") if part)

    @property
    def figures(self) -> PlaceFigures:
        """Its figures of the month."""
        return self.ranked.figures

    @property
    def judged(self) -> bool:
        """Could the month be compared at all?"""
        return self.figures.state != "not enough data"

    def ranks(self) -> str | None:
        """The ranks its interval allows: "1", or "2–5" where places cannot be told apart."""
        low, high = self.ranked.rank_low, self.ranked.rank_high
        if low is None or high is None:
            return None
        return str(low) if low == high else f"{low}–{high}"


def rows(
    zone: Zone,
    ranked: Sequence[RankedPlace],
    hotspots: Mapping[int, Hotspot],
    areas: Mapping[int, Area],
    asked: Asked,
    reader: int | None,
) -> list[Row]:
    """The ranking with names and links; `reader` is the account whose own hotspots are marked."""
    found = []
    for place in ranked:
        hotspot = hotspots[int(str(place.place))]
        url = reverse("hotspots:hotspot", args=[zone.slug, hotspot.number]) + asked.address()
        own = is_own(hotspot, reader)
        found.append(Row(hotspot, place, url, _area_name(hotspot, areas), own))
    return found


def listed(found: Sequence[Row], asked: Asked, language: str) -> dict[str, Any]:
    """The ranked list, as its component wants it."""
    period = words.capital(words.month_name(asked.question.month, language, year=True))
    ranked = [row.ranked for row in found]
    return {
        "id": "ranking",
        "caption": _("Hotspots ranked by how far the month lies from what was expected"),
        "period": period,
        "rows": [
            {
                "rank": rank,
                "number": row.hotspot.number,
                "name": row.hotspot.name or _("Hotspot %d") % row.hotspot.number,
                "note": row.note,
                "url": row.url,
                "n": row.figures.this_month.n,
                "low": row.figures.expected.low if row.judged else None,
                "high": row.figures.expected.high if row.judged else None,
                "state": row.figures.state,
                "series": [
                    {"n": m.n, "low": m.low, "high": m.high} for m in row.figures.series[-SPARK_MONTHS:]
                ],
            }
            for row, rank in zip(found, sentences.rank_spans(ranked, language), strict=True)
        ],
        "note": " ".join(
            [
                _("Listed by the count divided by what was expected."),
                sentences.order_sentence(ranked, language),
            ]
        ),
    }


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: for the page, to sort by, and for the file."""

    key: str
    label: Any
    value: Callable[[Row], Any]
    numeric: bool = True
    decimals: int = 0
    missing: Any = NOT_ENOUGH


COLUMNS = (
    Column("number", gettext_lazy("Hotspot"), lambda row: row.hotspot.number, numeric=False),
    Column(
        "name",
        gettext_lazy("Name"),
        lambda row: row.hotspot.name or None,
        numeric=False,
        missing=gettext_lazy("no name"),
    ),
    Column(
        "area",
        gettext_lazy("Sector"),
        lambda row: row.area or None,
        numeric=False,
        missing=gettext_lazy("not known"),
    ),
    Column("ranks", gettext_lazy("Rank"), lambda row: row.ranks(), numeric=False),
    Column("n", gettext_lazy("This month"), lambda row: row.figures.this_month.n),
    Column(
        "low", gettext_lazy("Expected, low"), lambda row: row.figures.expected.low if row.judged else None
    ),
    Column(
        "high", gettext_lazy("Expected, high"), lambda row: row.figures.expected.high if row.judged else None
    ),
    Column("ratio", gettext_lazy("Count / expected"), lambda row: row.ranked.ratio, decimals=2),
    Column("ratio_low", gettext_lazy("… at least"), lambda row: row.ranked.low, decimals=2),
    Column("ratio_high", gettext_lazy("… at most"), lambda row: row.ranked.high, decimals=2),
    Column("state", gettext_lazy("Compared"), lambda row: row.figures.state, numeric=False),
    Column(
        "last_year",
        gettext_lazy("Same month last year"),
        lambda row: n(row.figures.same_month_last_year),
        missing=gettext_lazy("no data"),
    ),
    Column("three", gettext_lazy("3 months"), lambda row: row.figures.three_months.n),
    Column("twelve", gettext_lazy("12 months"), lambda row: row.figures.twelve_months.n),
    Column("reported", gettext_lazy("Reported"), lambda row: row.figures.this_month.reported),
    Column("discovered", gettext_lazy("Discovered"), lambda row: row.figures.this_month.discovered),
)
BY_KEY = {column.key: column for column in COLUMNS}


def columns(found: Sequence[Row]) -> list[Column]:
    """The columns that the data reach; windows named by the months there are."""
    known = {window.key: window.label for window in windows(found[0].figures)} if found else {}
    return [
        replace(column, label=known.get(column.key, column.label))
        for column in COLUMNS
        if column.key in known or column.key not in ("three", "twelve")
    ]


def ordered(found: Sequence[Row], key: str, descending: bool) -> list[Row]:
    """The rows by a column; those without a value stand last either way."""
    if key not in BY_KEY:
        return list(found)
    value = (lambda row: row.ranked.rank_low) if key == "ranks" else BY_KEY[key].value
    known = [row for row in found if value(row) is not None]
    known.sort(key=lambda row: (value(row), row.hotspot.number), reverse=descending)
    return known + [row for row in found if value(row) is None]


def table(
    found: Sequence[Row],
    asked: Asked,
    sort: tuple[str, bool],
    url: str,
    downloads: list[dict[str, str]],
    language: str,
) -> dict[str, Any]:
    """The same as a table, sorted by links."""
    key, descending = sort
    shown = columns(found)

    def sorted_by(towards: str) -> str:
        return f"{url}{asked.address(sort=towards)}#figures"

    return {
        "id": "figures",
        "caption": _("Figures of the hotspots, %(month)s")
        % {"month": words.month_name(asked.question.month, language, year=True)},
        "columns": [heading(c, sort, sorted_by) for c in shown],
        "rows": [
            {"cells": [_cell(c, row, language) for c in shown], "url": row.url}
            for row in ordered(found, key, descending)
        ],
        "note": ngettext("%(n)s hotspot", "%(n)s hotspots", len(found))
        % {"n": words.number(len(found), language)},
        "downloads": downloads,
    }


def other_choice(mine: Sequence[Row], other: Sequence[Row], counting: str, language: str) -> dict[str, Any]:
    """What counting other sources would change: hotspots that would be judged otherwise (rights R14)."""
    theirs = {row.hotspot.number: row for row in other}
    changed = [(row, theirs[row.hotspot.number]) for row in mine if _differ(row, theirs[row.hotspot.number])]
    finding = ngettext(
        "Counting %(what)s, %(n)s hotspot would be judged otherwise.",
        "Counting %(what)s, %(n)s hotspots would be judged otherwise.",
        len(changed),
    ) % {"what": counting, "n": words.number(len(changed), language)}
    if not changed:
        finding = _("Counting %(what)s, no hotspot would be judged otherwise.") % {"what": counting}
    return {
        "id": "other-choice",
        "level": 3,
        "finding": finding,
        "measured": _(
            "Police attention finds facts where it looks. Ranking rests on what the public reports, unless you choose "
            "otherwise."
        ),
        "table": {
            "id": "other-choice-table",
            "caption": _("Hotspots that would be judged otherwise"),
            "columns": [
                {"key": "hotspot", "label": _("Hotspot")},
                {"key": "now", "label": _("As shown")},
                {"key": "then", "label": _("With the other choice")},
            ],
            "rows": [
                {
                    "cells": [row.hotspot.title, _judgement(row, language), _judgement(then, language)],
                    "url": row.url,
                }
                for row, then in changed
            ],
        }
        if changed
        else None,
    }


def n(count: Any) -> int | None:
    """The number of a count that may not be known."""
    return None if count is None else int(count.n)


def _differ(one: Row, other: Row) -> bool:
    """Another judgement, or ranks that no longer meet."""
    if one.figures.state != other.figures.state:
        return True
    a, b = one.ranked, other.ranked
    if a.rank_low is None or a.rank_high is None or b.rank_low is None or b.rank_high is None:
        return False
    return a.rank_low > b.rank_high or b.rank_low > a.rank_high


def _judgement(row: Row, language: str) -> str:
    """ "18, more than expected (11 to 14), rank 2–5"."""
    text = f"{words.number(row.figures.this_month.n, language)}, {sentences.state_words(row.figures.state, language)}"
    if row.judged:
        text += f" ({sentences.expected_span(row.figures.expected, language)})"
    low, high = row.ranked.rank_low, row.ranked.rank_high
    if low is not None and high is not None:
        text += f", {sentences.rank_words(low, high, language)}"
    return text


def _cell(column: Column, row: Row, language: str) -> dict[str, Any]:
    value = column.value(row)
    if column.key == "state":
        value = sentences.state_words(value, language)
    if column.key == "number":
        value = str(value)
    minor = _("your hotspot") if column.key == "name" and row.own else ""
    return {"value": value, "missing": column.missing, "decimals": column.decimals, "minor": minor}


def _area_name(hotspot: Hotspot, areas: Mapping[int, Area]) -> str:
    sector, commune = areas.get(hotspot.sector_id or 0), areas.get(hotspot.commune_id or 0)
    names = [area.name for area in (sector, commune) if area is not None]
    return ", ".join(dict.fromkeys(names))

"""Figures of a place for one month: what was registered, what was to be expected, and how good the data are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

import vicus
from vicus import analysis
from vicus.analysis import Expected
from vicus.incidents.counting import (
    HISTORY_MONTHS,
    HOUR_OF_WEEK_MONTHS,
    MONTHS_SHOWN,
    Counts,
    ZoneCounts,
    zone_counts,
)
from vicus.incidents.months import first_full_month, last_day_of, month_after
from vicus.incidents.schema import SOURCES

if TYPE_CHECKING:
    from vicus.incidents.questions import Quality
    from vicus.incidents.store import Store
    from vicus.incidents.versions import Version

State = Literal["above", "within", "below", "not enough data"]

CATEGORY_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Count:
    """Incidents of a period; `n` counts the chosen sources only, the others are told apart (rule R14)."""

    n: int
    reported: int
    discovered: int
    unknown: int


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One month of a series; low, mean and high are None where the history is too short."""

    month: date
    n: int
    reported: int
    discovered: int
    unknown: int
    low: float | None
    mean: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CategoryFigure:
    """One category of a place in a month."""

    category: str
    this_month: Count
    same_month_last_year: Count | None
    three_months: Count
    twelve_months: Count
    expected: Expected
    state: State


@dataclass(frozen=True, slots=True)
class BufferFigure:
    """The ring around a perimeter: does the problem move, or do benefits spread?"""

    width_m: float
    this_month: Count
    twelve_months: Count
    expected: Expected
    state: State


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """Everything a page, a report or a file says about one place in one month.

    Attributes
    ----------
    place : hashable
        Label of the place in the table given.
    month : date
        First day of the month.
    complete : bool
        False when the data end before the month does: nothing is then compared.
    sources : tuple of str
        The sources that `n` counts.
    version : Version
        Version of the incident data: the figures are as known at `version.known_at`.
    series : tuple of MonthFigure
        Up to 36 months, oldest first, this month last.
    hour_of_week : ndarray, shape (7, 24)
        Incidents by day (Monday first) and hour of local time over the last twelve months, shared out over
        the interval in which each may have happened; all zero when no time of day is registered.
    hour_of_week_n : int
        How many incidents it rests on.
    """

    place: Hashable
    month: date
    complete: bool
    sources: tuple[str, ...]
    version: Version
    software: str
    area_km2: float
    this_month: Count
    same_month_last_year: Count | None
    three_months: Count
    three_months_last_year: Count | None
    twelve_months: Count
    twelve_months_before: Count | None
    expected: Expected
    state: State
    series: tuple[MonthFigure, ...]
    categories: tuple[CategoryFigure, ...]
    hour_of_week: npt.NDArray[np.float64] = field(compare=False)
    hour_of_week_n: int
    buffer: BufferFigure | None
    quality: Quality
    first_month: date | None
    parameters: dict[str, Any]

    @property
    def provisional(self) -> bool:
        """May the month still grow? True until nine in ten incidents are usually registered.

        A month judged too early looks quieter than it was: what is registered late is not counted yet.
        """
        lag = self.quality.lag_p90_days
        settled = datetime.combine(month_after(self.month), time(), tzinfo=UTC) + timedelta(days=lag or 0.0)
        return lag is not None and self.version.known_at < settled

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {name: _plain(value) for name, value in asdict(self).items()}
        return plain | {"provisional": self.provisional}


def zone_figures(
    store: Store,
    places: gpd.GeoDataFrame,
    month: date,
    *,
    version: int | None = None,
    buffer: float | pd.Series = 150.0,
    sources: Sequence[str] = ("reported", "unknown"),
    coverage: float = 0.95,
    season: int = 12,
) -> dict[Hashable, PlaceFigures]:
    """Figures of every place for a month; one question per kind of figure, whatever the number of places.

    Parameters
    ----------
    store : Store
        The zone's incidents.
    places : GeoDataFrame
        One perimeter a row, in the store's coordinate reference system; the index labels the places. The
        same outline is used for every month, so months compare.
    month : date
        Any day of the month asked for.
    version : int, optional
        Version of the store; None means the newest.
    buffer : float or Series
        Width in metres of the ring around each perimeter (one for all, or by place); 0 for none.
    sources : sequence of str
        What `n` and the expected range count. Incidents that police activity discovered are shown apart.
    coverage : float
        Share of ordinary months that the expected range is meant to hold.
    season : int
        Months after which a pattern returns.

    Returns
    -------
    dict
        Label of the place > PlaceFigures.
    """
    counts = zone_counts(store, places, month, version=version, buffer=buffer)
    return {
        label: place_figures(counts, label, sources=sources, coverage=coverage, season=season)
        for label in counts.labels
    }


def place_figures(
    counts: ZoneCounts,
    label: Hashable,
    *,
    sources: Sequence[str] = ("reported", "unknown"),
    coverage: float = 0.95,
    season: int = 12,
) -> PlaceFigures:
    """Figures of one place, from what was counted of its zone; nothing is asked of the store.

    Parameters
    ----------
    counts : ZoneCounts
        What `zone_counts` found.
    label : hashable
        The place.
    sources, coverage, season
        As for `zone_figures`.

    Returns
    -------
    PlaceFigures
        The same as `zone_figures` gives of the place.

    Raises
    ------
    KeyError
        No place of that label was counted.
    """
    calendar = _Calendar(counts.months, counts.span, tuple(sources), coverage, season)
    inside, ring = counts.of_place(label)
    hours, n_hours = counts.hour_of_week(label, sources)
    area_m2, width = counts.sizes[label]
    totals = inside.sum(axis=0)
    expected, state = calendar.judge(totals)
    return PlaceFigures(
        place=label,
        month=counts.months[-1],
        complete=calendar.complete,
        sources=calendar.sources,
        version=counts.version,
        software=vicus.__version__,
        area_km2=area_m2 / 1e6,
        this_month=calendar.total(totals, 0, 1),
        same_month_last_year=calendar.known(totals, 12, 1),
        three_months=calendar.total(totals, 0, 3),
        three_months_last_year=calendar.known(totals, 12, 3),
        twelve_months=calendar.total(totals, 0, 12),
        twelve_months_before=calendar.known(totals, 12, 12),
        expected=expected,
        state=state,
        series=calendar.series(totals),
        categories=calendar.categories(inside, counts.categories),
        hour_of_week=hours,
        hour_of_week_n=n_hours,
        buffer=calendar.buffer(ring.sum(axis=0), width) if width > 0 else None,
        quality=counts.quality,
        first_month=calendar.first,
        parameters={
            "coverage": coverage,
            "season": season,
            "history_months": HISTORY_MONTHS,
            "perimeter_rule": "one outline for all months",
            "hour_of_week_months": HOUR_OF_WEEK_MONTHS,
        },
    )


@dataclass(frozen=True)
class _Calendar:
    """The months asked for, and how counts of them are summed and judged."""

    months: tuple[date, ...]
    span: Quality
    sources: tuple[str, ...]
    coverage: float
    season: int

    @cached_property
    def first(self) -> date | None:
        """The first month that the data cover whole."""
        first_day = self.span.first_day
        return None if first_day is None else first_full_month(first_day)

    @cached_property
    def complete(self) -> bool:
        """Do the data reach the end of the month asked for?"""
        last = self.span.last_day
        return last is not None and last >= last_day_of(self.months[-1])

    @cached_property
    def begin(self) -> int:
        """Position of the first whole month, or the number of months when there is none."""
        return len(self.months) if self.first is None else bisect_left(self.months, self.first)

    def chosen(self, counts: Counts) -> Counts:
        """Only what `n` counts, by month."""
        n: Counts = counts[:, [SOURCES.index(source) for source in self.sources]].sum(axis=1)
        return n

    def total(self, counts: Counts, back: int, length: int) -> Count:
        """Sum of `length` months that end `back` months before the month asked for."""
        stop = len(counts) - back
        sums = counts[stop - length : stop].sum(axis=0)
        by_source = {source: int(sums[place]) for place, source in enumerate(SOURCES)}
        return Count(n=sum(by_source[source] for source in self.sources), **by_source)

    def known(self, counts: Counts, back: int, length: int) -> Count | None:
        """The same, or None when the data do not reach back that far."""
        if len(self.months) - back - length < self.begin:
            return None
        return self.total(counts, back, length)

    def expected(self, n: Counts, position: int) -> Expected:
        """What the month at `position` was expected to be, from the whole months before it."""
        history = n[max(position - HISTORY_MONTHS, self.begin) : position]
        return _expected(history.tobytes(), self.coverage, self.season)

    def judge(self, counts: Counts) -> tuple[Expected, State]:
        """What the month was expected to be, and on which side of it the month fell."""
        n = self.chosen(counts)
        expected = self.expected(n, len(n) - 1)
        if not self.complete or not expected.enough_data:
            return expected, "not enough data"
        return expected, "above" if n[-1] > expected.high else "below" if n[-1] < expected.low else "within"

    def series(self, counts: Counts) -> tuple[MonthFigure, ...]:
        """The months shown, each with the range expected from the months before it."""
        n = self.chosen(counts)
        shown = []
        for position in range(max(len(n) - MONTHS_SHOWN, self.begin), len(n)):
            e = self.expected(n, position)
            band = (e.low, e.mean, e.high) if e.enough_data else (None, None, None)
            by_source = (int(value) for value in counts[position])
            shown.append(MonthFigure(self.months[position], int(n[position]), *by_source, *band))
        return tuple(shown)

    def categories(self, counts: npt.NDArray[np.int64], codes: Sequence[str]) -> tuple[CategoryFigure, ...]:
        """Every category of the last twelve months, most frequent first."""
        found = []
        for code, of_category in zip(codes, counts, strict=True):
            if not of_category[-CATEGORY_MONTHS:].any():
                continue
            expected, state = self.judge(of_category)
            found.append(
                CategoryFigure(
                    category=code,
                    this_month=self.total(of_category, 0, 1),
                    same_month_last_year=self.known(of_category, 12, 1),
                    three_months=self.total(of_category, 0, 3),
                    twelve_months=self.total(of_category, 0, 12),
                    expected=expected,
                    state=state,
                )
            )
        found.sort(key=lambda c: (-c.twelve_months.n, -c.twelve_months.discovered, c.category))
        return tuple(found)

    def buffer(self, counts: Counts, width: float) -> BufferFigure:
        """The ring around the perimeter."""
        expected, state = self.judge(counts)
        return BufferFigure(
            float(width), self.total(counts, 0, 1), self.total(counts, 0, 12), expected, state
        )


@lru_cache(maxsize=16_384)
def _expected(history: bytes, coverage: float, season: int) -> Expected:
    """The months of a series come back in the series of every later month, and all in another choice of sources."""
    return analysis.expected_range(np.frombuffer(history, dtype=np.int64), coverage=coverage, season=season)


def _plain(value: Any) -> Any:
    """Dates, arrays and numbers of numpy as what JSON knows."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return value.round(6).tolist()
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value

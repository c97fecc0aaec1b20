"""Figures of a place for one month: what was registered, what was to be expected, and how good the data are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

import vicus
from vicus import analysis
from vicus.analysis import Expected
from vicus.incidents import questions
from vicus.incidents.selection import Selection

if TYPE_CHECKING:
    from vicus.incidents.questions import Quality
    from vicus.incidents.store import Store
    from vicus.incidents.versions import Version

State = Literal["above", "within", "below", "not enough data"]

MONTHS_SHOWN = 36
"""Months in the series of a place."""
HISTORY_MONTHS = 60
"""Months before a month that its expected range may rest on."""
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

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {name: _plain(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place in the ranking by deviation from what was expected.

    `ratio` is observed / expected with its interval; `rank_low` to `rank_high` are the ranks the interval
    allows, so places that cannot be told apart overlap (rule R15). All None when there is not enough data.
    """

    place: Hashable
    figures: PlaceFigures
    ratio: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None


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
    month = month.replace(day=1)
    at = store.numbered(version)
    months = pd.period_range(end=pd.Period(month, "M"), periods=MONTHS_SHOWN + HISTORY_MONTHS, freq="M")
    start, end = months[0].start_time.date(), month_after(month)
    zone_quality = questions.quality(store, Selection(start=months_before(month, 11), end=end, version=at.number))
    span = questions.quality(store, Selection(version=at.number))
    first = _first_full_month(span.first_day)
    complete = span.last_day is not None and span.last_day >= last_day_of(month)
    rings = _rings(places, buffer)
    counts = questions.count(
        store,
        Selection(start=start, end=end, version=at.number),
        areas=pd.concat([_labelled(places, "in"), _labelled(rings, "ring")]),
        by=("area", "month", "category", "source"),
    )
    hours = _hours(
        store, places, Selection(start=months_before(month, 11), end=end, sources=tuple(sources), version=at.number)
    )
    by_area = dict(list(counts.groupby("area", observed=True)))
    widths = _widths(places, buffer)
    parameters = {
        "coverage": coverage,
        "season": season,
        "history_months": HISTORY_MONTHS,
        "perimeter_rule": "one outline for all months",
        "hour_of_week_months": 12,
    }
    figures: dict[Hashable, PlaceFigures] = {}
    for position, label in enumerate(places.index):
        calendar = _Calendar(months, month, first, complete, tuple(sources), coverage, season)
        inside = calendar.table(by_area.get(f"in|{position}"))
        totals = inside.groupby(level="month").sum().reindex(months, fill_value=0)
        series = calendar.series(totals)
        expected, state = calendar.judge(totals)
        ring = None
        if widths[position] > 0:
            around = calendar.table(by_area.get(f"ring|{position}")).groupby(level="month").sum()
            ring = calendar.buffer(around.reindex(months, fill_value=0), widths[position])
        matrix, n_hours = hours.get(f"in|{position}", (np.zeros((7, 24)), 0))
        figures[label] = PlaceFigures(
            place=label,
            month=month,
            complete=complete,
            sources=tuple(sources),
            version=at,
            software=vicus.__version__,
            area_km2=float(places.geometry.iloc[position].area) / 1e6,
            this_month=calendar.total(totals, 0, 1),
            same_month_last_year=calendar.known(totals, 12, 1),
            three_months=calendar.total(totals, 0, 3),
            three_months_last_year=calendar.known(totals, 12, 3),
            twelve_months=calendar.total(totals, 0, 12),
            twelve_months_before=calendar.known(totals, 12, 12),
            expected=expected,
            state=state,
            series=series,
            categories=calendar.categories(inside),
            hour_of_week=matrix,
            hour_of_week_n=n_hours,
            buffer=ring,
            quality=zone_quality,
            first_month=first,
            parameters=parameters,
        )
    return figures


def rank(figures: Sequence[PlaceFigures], *, coverage: float = 0.95) -> list[RankedPlace]:
    """Rank places by observed / expected, with the ranks their intervals allow; undecidable ones last."""
    known = [f for f in figures if f.expected.enough_data and f.complete and f.expected.mean > 0]
    intervals = {id(f): _ratio(f, coverage) for f in known}
    ranked = []
    for f in known:
        ratio, low, high = intervals[id(f)]
        above = sum(1 for other in known if intervals[id(other)][1] > high)
        below = sum(1 for other in known if intervals[id(other)][2] < low)
        ranked.append(RankedPlace(f.place, f, ratio, low, high, above + 1, len(known) - below))
    ranked.sort(key=lambda r: (-(r.ratio or 0.0), str(r.place)))
    decided = {id(f) for f in known}
    rest = [RankedPlace(f.place, f, None, None, None, None, None) for f in figures if id(f) not in decided]
    return ranked + rest


def ties(ranked: Sequence[RankedPlace]) -> list[bool]:
    """For each place but the last: can it not be told apart from the next one (their intervals overlap)?"""
    return [a.low is not None and b.high is not None and a.low <= b.high for a, b in pairwise(ranked)]


@dataclass(frozen=True)
class _Calendar:
    """The months asked for, and how counts of them are summed and judged."""

    months: pd.PeriodIndex
    month: date
    first: date | None
    complete: bool
    sources: tuple[str, ...]
    coverage: float
    season: int

    def table(self, counts: pd.DataFrame | None) -> pd.DataFrame:
        """Counts by month and category, one column a source and `n` for the chosen ones."""
        columns = ["reported", "discovered", "unknown"]
        if counts is None or counts.empty:
            index = pd.MultiIndex.from_arrays([pd.PeriodIndex([], freq="M"), []], names=["month", "category"])
            return pd.DataFrame(0, index=index, columns=[*columns, "n"], dtype="int64")
        months = pd.PeriodIndex(counts["month"], freq="M")
        frame = counts.assign(
            month=months, category=counts["category"].astype(str), source=counts["source"].astype(str)
        )
        wide = frame.pivot_table(
            index=["month", "category"], columns="source", values="n", aggfunc="sum", fill_value=0
        )
        wide = wide.reindex(columns=columns, fill_value=0).astype("int64")
        wide.columns.name = None
        wide["n"] = wide[list(self.sources)].sum(axis=1)
        return wide

    def total(self, totals: pd.DataFrame, back: int, length: int) -> Count:
        """Sum of `length` months that end `back` months before the month asked for."""
        stop = len(totals) - back
        rows = totals.iloc[stop - length : stop].sum()
        return Count(int(rows["n"]), int(rows["reported"]), int(rows["discovered"]), int(rows["unknown"]))

    def known(self, totals: pd.DataFrame, back: int, length: int) -> Count | None:
        """The same, or None when the data do not reach back that far."""
        earliest = self.months[len(self.months) - back - length].start_time.date()
        if self.first is None or earliest < self.first:
            return None
        return self.total(totals, back, length)

    def history(self, totals: pd.DataFrame, position: int) -> npt.NDArray[np.float64]:
        """Counts of the full months before the one at `position`, at most as many as the method looks back."""
        if self.first is None:
            return np.zeros(0)
        begin = max(position - HISTORY_MONTHS, int((self.months < pd.Period(self.first, "M")).sum()))
        return totals["n"].to_numpy(dtype=float)[begin:position] if begin < position else np.zeros(0)

    def judge(self, totals: pd.DataFrame) -> tuple[Expected, State]:
        """What the month was expected to be, and on which side of it the month fell."""
        history = self.history(totals, len(totals) - 1)
        expected = analysis.expected_range(history, coverage=self.coverage, season=self.season)
        n = int(totals["n"].iloc[-1])
        if not self.complete or not expected.enough_data:
            return expected, "not enough data"
        return expected, "above" if n > expected.high else "below" if n < expected.low else "within"

    def series(self, totals: pd.DataFrame) -> tuple[MonthFigure, ...]:
        """The months shown, each with the range expected from the months before it."""
        shown = []
        for position in range(len(totals) - MONTHS_SHOWN, len(totals)):
            month = self.months[position].start_time.date()
            if self.first is None or month < self.first:
                continue
            row = totals.iloc[position]
            e = analysis.expected_range(
                self.history(totals, position), coverage=self.coverage, season=self.season
            )
            band = (e.low, e.mean, e.high) if e.enough_data else (None, None, None)
            shown.append(
                MonthFigure(
                    month,
                    int(row["n"]),
                    int(row["reported"]),
                    int(row["discovered"]),
                    int(row["unknown"]),
                    *band,
                )
            )
        return tuple(shown)

    def categories(self, inside: pd.DataFrame) -> tuple[CategoryFigure, ...]:
        """Every category of the last twelve months, most frequent first."""
        recent = inside[inside.index.get_level_values("month") >= self.months[-CATEGORY_MONTHS]]
        result = []
        for code in sorted(set(recent.index.get_level_values("category"))):
            totals = inside.xs(code, level="category").reindex(self.months, fill_value=0)
            expected, state = self.judge(totals)
            result.append(
                CategoryFigure(
                    category=str(code),
                    this_month=self.total(totals, 0, 1),
                    same_month_last_year=self.known(totals, 12, 1),
                    three_months=self.total(totals, 0, 3),
                    twelve_months=self.total(totals, 0, 12),
                    expected=expected,
                    state=state,
                )
            )
        result.sort(key=lambda c: (-c.twelve_months.n, -c.twelve_months.discovered, c.category))
        return tuple(result)

    def buffer(self, totals: pd.DataFrame, width: float) -> BufferFigure:
        """The ring around the perimeter."""
        expected, state = self.judge(totals)
        return BufferFigure(width, self.total(totals, 0, 1), self.total(totals, 0, 12), expected, state)


def _ratio(figures: PlaceFigures, coverage: float) -> tuple[float, float, float]:
    """Observed / expected with an interval: exact for a Poisson count, widened by the dispersion of the history."""
    from scipy.stats import chi2

    n, mean = figures.this_month.n, figures.expected.mean
    spread = max(figures.expected.dispersion, 1.0)
    tail = (1 - coverage) / 2
    # Over-dispersed counts carry the information of n / spread independent events.
    low = chi2.ppf(tail, 2 * n / spread) / 2 * spread if n > 0 else 0.0
    high = chi2.ppf(1 - tail, 2 * (n / spread + 1)) / 2 * spread
    return n / mean, float(low) / mean, float(high) / mean


def _hours(
    store: Store, places: gpd.GeoDataFrame, selection: Selection
) -> dict[str, tuple[npt.NDArray[np.float64], int]]:
    """Hour x weekday of every place."""
    table = questions.intervals(store, selection, areas=_labelled(places, "in"))
    result = {}
    for area, rows in table.groupby("area", observed=True):
        ends = rows["occurred_to"].fillna(rows["occurred_from"])
        matrix = analysis.aoristic(rows["occurred_from"], ends, tz=store.timezone)
        result[str(area)] = (matrix, len(rows))
    return result


def _labelled(areas: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """The outlines alone, indexed by kind and position (labels of places need not be unique across kinds)."""
    keep = areas.geometry.notna() & ~areas.geometry.is_empty
    positions = np.flatnonzero(keep.to_numpy())
    index = [f"{kind}|{position}" for position in positions]
    return gpd.GeoDataFrame(geometry=areas.geometry.to_numpy()[positions], index=index, crs=areas.crs)


def _widths(places: gpd.GeoDataFrame, buffer: float | pd.Series) -> npt.NDArray[np.float64]:
    if isinstance(buffer, pd.Series):
        return buffer.reindex(places.index).fillna(0.0).to_numpy(dtype=float)
    return np.full(len(places), float(buffer))


def _rings(places: gpd.GeoDataFrame, buffer: float | pd.Series) -> gpd.GeoDataFrame:
    """The ring around every perimeter, without what lies in another one: that is not what surrounds it."""
    outer = places.geometry.buffer(_widths(places, buffer))
    return gpd.GeoDataFrame(
        geometry=outer.difference(places.geometry.union_all()), index=places.index, crs=places.crs
    )


def month_after(month: date) -> date:
    """The first day of the month after."""
    return (pd.Period(month, "M") + 1).start_time.date()


def months_before(month: date, months: int) -> date:
    """The first day of the month that lies so many months before."""
    return (pd.Period(month, "M") - months).start_time.date()


def last_day_of(month: date) -> date:
    """The last day of a month."""
    return pd.Period(month, "M").end_time.date()


def _first_full_month(first_day: date | None) -> date | None:
    """The first month the data cover whole; a first day in the first three days counts as the month's start."""
    if first_day is None:
        return None
    return first_day.replace(day=1) if first_day.day <= 3 else month_after(first_day)


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

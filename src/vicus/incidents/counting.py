"""What is counted of the places of a zone for a month, whatever is asked of it afterwards."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from vicus import analysis
from vicus.incidents import questions
from vicus.incidents.months import month_after, months_before
from vicus.incidents.schema import SOURCES
from vicus.incidents.selection import Selection
from vicus.incidents.surroundings import rings

if TYPE_CHECKING:
    from vicus.incidents.questions import Quality
    from vicus.incidents.store import Store
    from vicus.incidents.versions import Version

MONTHS_SHOWN = 36
"""Months in the series of a place."""
HISTORY_MONTHS = 60
"""Months before a month that its expected range may rest on."""
HOUR_OF_WEEK_MONTHS = 12

Counts = npt.NDArray[np.int64]
"""Incidents by month (last axis but one) and source (last axis, in the order of SOURCES)."""
Week = npt.NDArray[np.float64]
"""Incidents by day (Monday first) and hour of local time, shape (7, 24)."""


@dataclass(frozen=True, slots=True)
class ZoneCounts:
    """Counts of every place and of the ring around it.

    Attributes
    ----------
    version : Version
        Version of the incident data.
    months : tuple of date
        First days of the months counted, oldest first; the month asked for is the last.
    span : Quality
        How good all data of the version are, and how far they reach.
    quality : Quality
        How good those of the last twelve months are.
    sizes : dict
        Label of the place > its area in square metres and the width of its ring in metres.
    categories : tuple of str
        Codes of the categories that occur.
    cube : ndarray of int, shape (2, places, categories, months, sources)
        Incidents inside (0) and in the ring (1).
    hours : dict
        Position of the place, source > incidents by day and hour over the last twelve months, and how many
        incidents they rest on; left out where there are none.
    """

    version: Version
    months: tuple[date, ...]
    span: Quality
    quality: Quality
    sizes: dict[Hashable, tuple[float, float]]
    categories: tuple[str, ...]
    cube: Counts
    hours: dict[tuple[int, str], tuple[Week, int]]

    @property
    def labels(self) -> list[Hashable]:
        """The places."""
        return list(self.sizes)

    def of_place(self, label: Hashable) -> tuple[Counts, Counts]:
        """Counts inside a place and in its ring: by category, month and source."""
        inside, ring = self.cube[:, self._position(label)]
        return inside, ring

    def hour_of_week(self, label: Hashable, sources: Sequence[str]) -> tuple[Week, int]:
        """Hour x weekday of a place over the sources chosen, and how many incidents it rests on."""
        position = self._position(label)
        found = [self.hours[position, source] for source in sources if (position, source) in self.hours]
        return sum((week for week, _ in found), start=np.zeros((7, 24))), sum(n for _, n in found)

    def _position(self, label: Hashable) -> int:
        if label not in self.sizes:
            raise KeyError(label)
        return self.labels.index(label)


def zone_counts(
    store: Store,
    places: gpd.GeoDataFrame,
    month: date,
    *,
    version: int | None = None,
    buffer: float | pd.Series = 150.0,
    span: Quality | None = None,
) -> ZoneCounts:
    """Count the incidents of every place, by category, month and source.

    One question per kind of count, whatever the number of places and whichever sources are looked at afterwards.
    The parameters are those of `zone_figures`, and `span`: the quality of all data of the version, asked of the store
    when it is not given.
    """
    month = month.replace(day=1)
    at = store.numbered(version)
    months = tuple(months_before(month, back) for back in reversed(range(MONTHS_SHOWN + HISTORY_MONTHS)))
    end = month_after(month)
    year = Selection(start=months_before(month, HOUR_OF_WEEK_MONTHS - 1), end=end, version=at.number)
    widths = _widths(places, buffer)
    inside = _labelled(places.geometry, "in")
    counts = questions.count(
        store,
        Selection(start=months[0], end=end, version=at.number),
        areas=pd.concat([inside, _labelled(rings(places.geometry, widths), "ring")]),
        by=("area", "month", "category", "source"),
    )
    cube, categories = _cube(counts, months, len(places))
    return ZoneCounts(
        version=at,
        months=months,
        span=span or questions.quality(store, Selection(version=at.number)),
        quality=questions.quality(store, year),
        sizes=dict(zip(places.index, zip(places.area.tolist(), widths.tolist(), strict=True), strict=True)),
        categories=categories,
        cube=cube,
        hours=_hours(store, inside, year),
    )


def _cube(counts: pd.DataFrame, months: Sequence[date], places: int) -> tuple[Counts, tuple[str, ...]]:
    """Counts by kind of area (inside, ring), place, category, month and source; and the codes of the categories."""
    codes = sorted(set(counts["category"].astype(str)))
    # Without rows pandas makes no columns of the parts.
    kinds = counts["area"].astype(str).str.partition("|").reindex(columns=range(3))
    place = {
        "kind": (kinds[0] == "ring").to_numpy(dtype=int),
        "place": kinds[2].to_numpy(dtype=int),
        "category": pd.Index(codes).get_indexer(pd.Index(counts["category"].astype(str))),
        "month": pd.DatetimeIndex(list(months)).get_indexer(pd.DatetimeIndex(counts["month"])),
        "source": pd.Index(SOURCES).get_indexer(pd.Index(counts["source"].astype(str))),
    }
    cube = np.zeros((2, places, len(codes), len(months), len(SOURCES)), dtype=np.int64)
    np.add.at(cube, tuple(place.values()), counts["n"].to_numpy(dtype=np.int64))
    return cube, tuple(codes)


def _hours(
    store: Store, inside: gpd.GeoDataFrame, year: Selection
) -> dict[tuple[int, str], tuple[Week, int]]:
    """Hour x weekday of every place and source."""
    result = {}
    found = questions.intervals(store, year, areas=inside)
    for (area, source), rows in found.groupby(["area", "source"], observed=True):
        ends = rows["occurred_to"].fillna(rows["occurred_from"])
        week = analysis.aoristic(rows["occurred_from"], ends, tz=store.timezone)
        result[int(str(area).removeprefix("in|")), str(source)] = (week, len(rows))
    return result


def _labelled(shapes: gpd.GeoSeries, kind: str) -> gpd.GeoDataFrame:
    """The outlines alone, indexed by kind and position (labels of places need not be unique across kinds)."""
    outlines = shapes.to_numpy()
    positions = np.flatnonzero(~(shapely.is_missing(outlines) | shapely.is_empty(outlines)))
    index = pd.Index([f"{kind}|{position}" for position in positions], dtype="str")
    return gpd.GeoDataFrame(geometry=outlines[positions], index=index, crs=shapes.crs)


def _widths(places: gpd.GeoDataFrame, buffer: float | pd.Series) -> npt.NDArray[np.float64]:
    if isinstance(buffer, pd.Series):
        return buffer.reindex(places.index).fillna(0.0).to_numpy(dtype=float)
    return np.full(len(places), float(buffer))

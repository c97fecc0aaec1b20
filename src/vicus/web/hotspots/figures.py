"""Figures of the hotspots of a zone for a month, worked out once for each version of everything they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd

from vicus.incidents import questions, surroundings
from vicus.incidents.counting import ZoneCounts, zone_counts
from vicus.incidents.figures import PlaceFigures, place_figures
from vicus.incidents.months import month_after, months_before
from vicus.incidents.questions import Quality
from vicus.incidents.selection import Selection
from vicus.incidents.store import Store
from vicus.incidents.versions import Version
from vicus.web.hotspots import keeping, rules
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import Used
from vicus.web.zone.models import Zone

REPORTED = ("reported", "unknown")
EVERYTHING = ("reported", "discovered", "unknown")
SOURCES = {"reported": REPORTED, "all": EVERYTHING, "discovered": ("discovered",)}
"""Choices of a reader; ranking rests on reported facts unless the reader says otherwise (rights R14)."""

CELL_METRES = 50.0
CELL_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What a page was asked for: month, sources and version of the data, all of them fixed."""

    month: date
    sources: str
    version: Version

    @property
    def last_day(self) -> date:
        """Last day of the month."""
        return month_after(self.month) - timedelta(days=1)

    def counting(self, sources: str) -> Question:
        """The same question about other sources."""
        return replace(self, sources=sources)


@dataclass(frozen=True, slots=True)
class Answer:
    """Figures of the hotspots by number, and the version of each perimeter they rest on; `key` names the result."""

    question: Question
    figures: Mapping[int, PlaceFigures]
    used: dict[int, Used]
    key: str = ""


class _Figures(Mapping[int, PlaceFigures]):
    """Figures of the hotspots by number, kept under a name; a page of one hotspot does not wait for the others."""

    def __init__(
        self, name: str, numbers: Sequence[int], sources: str, counts: Callable[[], ZoneCounts]
    ) -> None:
        self._name, self._numbers, self._sources, self._counts = name, numbers, sources, counts
        self._known: dict[int, PlaceFigures] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, number: object) -> bool:
        return number in self._numbers

    def __iter__(self) -> Iterator[int]:
        if len(self._known) < len(self._numbers):
            self._known = keeping.kept(self._name, lambda: {n: self._judge(n) for n in self._numbers})
        return iter(self._numbers)

    def __getitem__(self, number: int) -> PlaceFigures:
        if number not in self._numbers:
            raise KeyError(number)
        if not self._known:
            self._known = keeping.look(self._name) or {}
        if number not in self._known:
            name = keeping.key("place_figures", {"of": self._name, "number": number})
            self._known[number] = keeping.kept(name, lambda: self._judge(number))
        return self._known[number]

    def _judge(self, number: int) -> PlaceFigures:
        return place_figures(self._counts(), number, sources=SOURCES[self._sources])


def span(store: Store, zone: Zone, version: Version) -> Quality:
    """How far the data of a version reach, and how good they are."""
    name = keeping.key("span", _data(zone, version))
    return keeping.kept(name, lambda: questions.quality(store, Selection(version=version.number)))


def of_zone(
    store: Store,
    zone: Zone,
    hotspots: Sequence[Hotspot],
    question: Question,
    *,
    chosen: dict[int, Perimeter] | None = None,
) -> Answer:
    """Figures of every hotspot that has a perimeter; `chosen` names a version to use instead for some."""
    used = {}
    for hotspot in hotspots:
        found = rules.perimeter_for(list(hotspot.perimeters.all()), question.last_day)
        if chosen and hotspot.number in chosen:
            found = Used(chosen[hotspot.number], "chosen")
        if found is not None:
            used[hotspot.number] = found
    if not used:
        return Answer(question, {}, {})
    rests = {**_data(zone, question.version), "perimeters": _outlines(used), "month": question.month}

    @cache
    def counts() -> ZoneCounts:
        # Counted once for every choice of sources.
        return keeping.kept(keeping.key("zone_counts", rests), lambda: _count(store, zone, used, question))

    name = keeping.key("zone_figures", {**rests, "sources": SOURCES[question.sources]})
    return Answer(question, _Figures(name, sorted(used), question.sources, counts), used, name)


def cells(store: Store, zone: Zone, answer: Answer, number: int) -> gpd.GeoDataFrame:
    """Facts of twelve months of a hotspot in cells of 50 m (n), in its perimeter (inside) and in the ring around it.

    Cells are all that leaves the store here: no point and no address (rights R12).
    """
    question = answer.question
    name = keeping.key(
        "cells",
        {
            **_data(zone, question.version),
            "perimeters": _outlines(answer.used),
            "hotspot": number,
            "month": question.month,
            "sources": SOURCES[question.sources],
            "cell": CELL_METRES,
            "months": CELL_MONTHS,
        },
    )
    selection = Selection(
        start=months_before(question.month, CELL_MONTHS - 1),
        end=month_after(question.month),
        sources=SOURCES[question.sources],
        version=question.version.number,
    )
    width = float(answer.used[number].perimeter.buffer_m)
    places = _places(zone, answer.used)
    return keeping.kept(
        name,
        lambda: surroundings.cells(store, places, number, selection, buffer=width, side=CELL_METRES),
    )


def _count(store: Store, zone: Zone, used: dict[int, Used], question: Question) -> ZoneCounts:
    places = _places(zone, used)
    buffer = pd.Series(
        [float(used[number].perimeter.buffer_m) for number in sorted(used)], index=places.index
    )
    return zone_counts(
        store,
        places,
        question.month,
        version=question.version.number,
        buffer=buffer,
        span=span(store, zone, question.version),
    )


def _places(zone: Zone, used: dict[int, Used]) -> gpd.GeoDataFrame:
    """The perimeters by number."""
    numbers = sorted(used)
    return gpd.GeoDataFrame(
        geometry=[used[number].perimeter.shape for number in numbers],
        index=pd.Index(numbers, dtype="int64"),
        crs=zone.crs,
    )


def _data(zone: Zone, version: Version) -> dict[str, Any]:
    """Which data: the number alone would not tell a store from one that was made anew."""
    return {
        "zone": zone.slug,
        "crs": zone.crs,
        "timezone": zone.timezone,
        "version": version.number,
        "known_at": version.known_at,
        "rows": version.rows,
    }


def _outlines(used: dict[int, Used]) -> list[list[Any]]:
    return [
        [number, hashlib.sha256(bytes(u.perimeter.geometry)).hexdigest(), u.perimeter.buffer_m]
        for number, u in sorted(used.items())
    ]

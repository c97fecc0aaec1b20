"""Figures of the hotspots of a zone for a month, worked out once for each version of everything they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd

from vicus.incidents import questions, surroundings
from vicus.incidents.figures import PlaceFigures, zone_figures
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
    figures: dict[int, PlaceFigures]
    used: dict[int, Used]
    key: str = ""


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
    name = keeping.key(
        "zone_figures",
        {
            **_data(zone, question.version),
            "perimeters": _outlines(used),
            "month": question.month,
            "sources": SOURCES[question.sources],
        },
    )
    figures = keeping.kept(name, lambda: _count(store, zone, used, question))
    return Answer(question, figures, used, name)


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


def _count(store: Store, zone: Zone, used: dict[int, Used], question: Question) -> dict[int, PlaceFigures]:
    places = _places(zone, used)
    buffer = pd.Series(
        [float(used[number].perimeter.buffer_m) for number in sorted(used)], index=places.index
    )
    found = zone_figures(
        store,
        places,
        question.month,
        version=question.version.number,
        buffer=buffer,
        sources=SOURCES[question.sources],
    )
    return {int(str(label)): figures for label, figures in found.items()}


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

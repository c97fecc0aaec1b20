"""Facts by month in perimeters and in the rings around them: what designs and evaluations count."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from vicus.incidents import questions
from vicus.incidents.months import months_between
from vicus.incidents.selection import Selection
from vicus.incidents.store import Store
from vicus.incidents.surroundings import rings
from vicus.incidents.versions import Version
from vicus.web.hotspots import keeping
from vicus.web.hotspots.models import Perimeter
from vicus.web.zone.models import Zone

INSIDE, AROUND = "inside", "around"
Counts = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Monthly:
    """Counts by number of the hotspot, one per month: reported facts inside and around, discovered ones apart (R14)."""

    months: tuple[date, ...]
    inside: Counts
    around: Counts
    discovered: Counts

    def within(self, start: date, end: date) -> Monthly:
        """The months from `start` up to `end`, which is not included."""
        kept = [i for i, month in enumerate(self.months) if start <= month < end]

        def cut(counts: Counts) -> Counts:
            return {number: [values[i] for i in kept] for number, values in counts.items()}

        months = tuple(self.months[i] for i in kept)
        return Monthly(months, cut(self.inside), cut(self.around), cut(self.discovered))


def monthly(
    store: Store,
    zone: Zone,
    perimeters: Mapping[int, Perimeter],
    start: date,
    end: date,
    *,
    version: Version,
    categories: Sequence[str] = (),
) -> Monthly:
    """Count the facts of whole months in every perimeter and around it; one outline throughout."""
    outlines = [
        [number, hashlib.sha256(bytes(p.geometry)).hexdigest(), p.buffer_m]
        for number, p in sorted(perimeters.items())
    ]
    name = keeping.key(
        "monthly",
        {
            "zone": [zone.slug, zone.crs, zone.timezone],
            "data": [version.number, version.known_at, version.rows],
            "perimeters": outlines,
            "window": [start, end],
            "categories": sorted(categories),
        },
    )
    return keeping.kept(name, lambda: _count(store, zone, perimeters, start, end, version, categories))


def _count(
    store: Store,
    zone: Zone,
    perimeters: Mapping[int, Perimeter],
    start: date,
    end: date,
    version: Version,
    categories: Sequence[str],
) -> Monthly:
    numbers = sorted(perimeters)
    inside = gpd.GeoSeries([perimeters[number].shape for number in numbers], crs=zone.crs)
    around = rings(inside, np.array([float(perimeters[number].buffer_m) for number in numbers]))
    labels = [*(f"{n} {INSIDE}" for n in numbers), *(f"{n} {AROUND}" for n in numbers)]
    areas = gpd.GeoDataFrame(geometry=[*inside, *around], index=pd.Index(labels), crs=zone.crs)
    areas = areas[~areas.geometry.is_empty]
    selection = Selection(start=start, end=end, categories=tuple(categories), version=version.number)
    counted = questions.count(store, selection, areas=areas, by=("area", "month", "source"))
    months = months_between(start, end)
    index = pd.DatetimeIndex(months)

    def table(of: pd.DataFrame, where: str) -> Counts:
        wide = of.pivot_table(index="area", columns="month", values="n", aggfunc="sum", observed=True)
        wide = wide.reindex(index=[f"{n} {where}" for n in numbers], columns=index).fillna(0).astype("int64")
        return {n: [int(v) for v in row] for n, row in zip(numbers, wide.to_numpy(), strict=True)}

    found = counted["source"].astype(str) == "discovered"
    return Monthly(
        months, table(counted[~found], INSIDE), table(counted[~found], AROUND), table(counted[found], INSIDE)
    )

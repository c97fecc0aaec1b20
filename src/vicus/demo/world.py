"""The demonstration zone as a whole: territory, perimeters, incidents, planted truths."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from vicus.demo import registrations, territory

SEED = 2026
LAST_DAY = date(2026, 10, 31)
MONTHS = 72
EXPORT_DAY = 10
"""Day of the following month on which the registration system exports: most late registrations are in by then."""


@dataclass(frozen=True)
class Demonstration:
    """A generated zone; the same seed gives the same zone."""

    plan: dict[str, Any]
    areas: gpd.GeoDataFrame
    hotspots: gpd.GeoDataFrame
    incidents: pd.DataFrame
    truths: list[dict[str, Any]]

    def exports(self) -> list[tuple[date, pd.DataFrame]]:
        """The exports as they would have arrived: all years up to 2024 at once, then month by month.

        Incidents registered after the last export are not in any of them: they are still to come.
        """
        first_days = pd.date_range("2025-01-01", LAST_DAY + pd.Timedelta(days=1), freq="MS")
        result, since = [], None
        for day in (first.date().replace(day=EXPORT_DAY) for first in first_days):
            result.append((day, registrations.export(self.incidents, day, since)))
            since = day
        return result

    def write(self, folder: Path) -> None:
        """Write territory, hotspots, exports and truths as files that the ordinary import commands take."""
        folder.mkdir(parents=True, exist_ok=True)
        for kind in territory.LEVELS:
            of_kind = self.areas[self.areas["kind"] == kind]
            (folder / f"{kind}.geojson").write_text(territory.to_geojson(of_kind), encoding="utf-8")
        (folder / "street.geojson").write_text(
            territory.to_geojson(territory.streets(self.areas)), encoding="utf-8"
        )
        for name, outlines in territory.decisions(self.hotspots).items():
            text = territory.to_geojson(outlines.drop(columns="monthly"))
            (folder / f"hotspots-{name}.geojson").write_text(text, encoding="utf-8")
        for day, rows in self.exports():
            rows.to_parquet(folder / f"incidents-{day:%Y-%m-%d}.parquet", index=False)
        truth = {"seed": SEED, "planted": self.truths, "unchanged": self.unchanged()}
        (folder / "truths.json").write_text(json.dumps(truth, indent=2, default=_iso), encoding="utf-8")

    def unchanged(self) -> list[int]:
        """Hotspots in which nothing was planted."""
        touched = {truth.get("hotspot") for truth in self.truths}
        return [int(number) for number in self.hotspots["number"] if number not in touched]


def generate(seed: int = SEED, *, months: int = MONTHS, last_day: date = LAST_DAY) -> Demonstration:
    """Generate the zone: about 200,000 incidents in six years with the default settings."""
    rng = np.random.default_rng(seed)
    plan = territory.plan()
    areas = territory.areas(plan)
    hotspots = territory.hotspots(plan, areas, rng)
    period = pd.period_range(end=pd.Period(last_day, "M"), periods=months, freq="M")
    incidents = registrations.draw(areas, hotspots, period, rng)
    return Demonstration(plan, areas, hotspots, incidents, registrations.truths())


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"Cannot write {value!r}")

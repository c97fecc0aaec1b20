"""Perimeter fit: does a perimeter still hold its problem? Worked out each month for every hotspot, from reported facts.

What is counted leaves the store as cells and shares; no single fact does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from django.db import transaction
from scipy import stats
from shapely.geometry.base import BaseGeometry

from vicus.analysis import make_grid
from vicus.incidents import questions
from vicus.incidents.months import months_before
from vicus.incidents.surroundings import rings
from vicus.web.audit.models import Action
from vicus.web.audit.services import SYSTEM, record
from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import perimeter_for
from vicus.web.perimeters import rules
from vicus.web.perimeters.measuring import MONTHS, Window, concentration, ground_of, window
from vicus.web.perimeters.models import Fit
from vicus.web.zone.models import Zone

CELL_METRES = 50.0
CHANCE = 0.01
"""A difference that chance brings more often than this is not called one."""

NO_DRIFT = {"drift_m": None, "drift_is_real": False, "centre": None, "centre_before": None}

Counts = npt.NDArray[np.int64]


def of_every_zone() -> int:
    """Work out what is missing in every zone; how many fits were."""
    return sum(work_out(zone) for zone in Zone.objects.all())


@transaction.atomic
def work_out(zone: Zone, *, months: int = 1) -> int:
    """The fit of every hotspot for the last whole months that lack one, or rest on older facts or another version.

    Doing it again changes nothing. Returns how many were worked out.
    """
    last = window(zone)
    if last is None:
        return 0
    hotspots = [h for h in hotspot_queries.hotspots(zone) if h.status == Hotspot.Status.ACTIVE]
    done = 0
    for back in reversed(range(months)):
        found = replace(last, start=months_before(last.start, back), end=months_before(last.end, back))
        month = months_before(found.end, 1)
        used = {
            hotspot: version.perimeter
            for hotspot in hotspots
            if (version := perimeter_for(list(hotspot.perimeters.all()), found.end - timedelta(days=1)))
        }
        kept = {
            fit.hotspot_id: (fit.perimeter_id, fit.data_version)
            for fit in Fit.objects.filter(hotspot__zone=zone, month=month).defer("best")
        }
        if all(kept.get(hotspot.pk) == (p.pk, found.version) for hotspot, p in used.items()):
            continue
        done += _keep(zone, found, month, used)
    if done:
        record(
            actor=SYSTEM, action=Action.COMBINATION, object_type="perimeters.fit", object_id=last.end, zone=zone,
            details={"event": "fit of perimeters worked out", "fits": done, "data_version": last.version},
        )  # fmt: skip
    return done


def _keep(zone: Zone, found: Window, month: date, used: dict[Hotspot, Perimeter]) -> int:
    if not used:
        return 0
    for (hotspot, perimeter), (figures, best) in zip(
        used.items(), measured(zone, found, list(used.values())), strict=True
    ):
        Fit.objects.update_or_create(
            hotspot=hotspot,
            month=month,
            defaults={
                "perimeter": perimeter,
                "data_version": found.version,
                "figures": figures,
                "reasons": rules.broken(figures),
                "best": shapely.to_wkb(best) if best is not None else None,
            },
        )
    return len(used)


def measured(
    zone: Zone, found: Window, perimeters: Sequence[Perimeter]
) -> list[tuple[dict[str, Any], BaseGeometry | None]]:
    """Figures of each perimeter, and the best outline nearby of the same surface.

    n, n_near       reported facts inside; inside and in the ring around it, without what lies in other perimeters
    inside_share    n / n_near
    pai             share of the zone's facts over share of its surface
    drift_m         metres between the centre of the facts of these twelve months and of the twelve before, inside and
                    in the ring; drift_is_real when both centres differ at the level CHANCE (two-sample chi-square
                    of their distance); None while the data do not cover both whole
    best_gain       how many more facts the best outline nearby holds, as a share: it is chosen on every other month and
                    judged on the months between, so that luck does not choose it; best_is_better when a sign test on
                    the facts that only one of both outlines holds says so at the level CHANCE
    """
    shapes = gpd.GeoSeries([p.shape for p in perimeters], crs=zone.crs)
    widths = np.array([float(p.buffer_m) for p in perimeters])
    around = rings(shapes, widths)
    total, surface = ground_of(zone, found)
    cells, counted = _cells(found, shapes, widths, zone.crs)
    centres = np.column_stack([cells.geometry.centroid.x, cells.geometry.centroid.y])
    inside = _by_month(found, shapes)[:, -MONTHS:]
    ring = _by_month(found, around)[:, -MONTHS:]
    judged = np.arange(MONTHS) % 2 == 1
    both_years = found.first <= months_before(found.end, 2 * MONTHS)
    bests = []
    for shape in shapes:
        others = shapely.union_all([other for other in shapes if other is not shape])
        near = _within(cells, shape.buffer(rules.REACH_METRES))
        near = near[~shapely.intersects(cells.geometry.to_numpy()[near], others)]
        chosen_on = counted[:, -MONTHS:][:, ~judged].sum(axis=1)
        bests.append(
            _best(cells, chosen_on, near, np.intersect1d(near, _within(cells, shape)), float(shape.area))
        )
    differences = [
        part
        for shape, best in zip(shapes, bests, strict=True)
        for part in (
            (shapely.Polygon(), shapely.Polygon())
            if best is None
            else (best.difference(shape), shape.difference(best))
        )
    ]
    only = _by_month(found, gpd.GeoSeries(differences, crs=zone.crs))[:, -MONTHS:][:, judged].sum(axis=1)
    results = []
    for place, (shape, best) in enumerate(zip(shapes, bests, strict=True)):
        n, n_ring = int(inside[place].sum()), int(ring[place].sum())
        figures: dict[str, Any] = {
            "n": n,
            "n_near": n + n_ring,
            "inside_share": n / (n + n_ring) if n + n_ring else None,
            **concentration(n, float(shape.area), total, surface),
            **(
                _drift(centres, counted, _within(cells, shape.union(around.iloc[place])))
                if both_years
                else NO_DRIFT
            ),
            **_gain(
                int(inside[place][judged].sum()),
                int(only[2 * place]),
                int(only[2 * place + 1]),
                best is not None,
            ),
        }
        results.append((figures, best))
    return results


def _cells(
    found: Window, shapes: gpd.GeoSeries, widths: npt.NDArray[np.float64], crs: int
) -> tuple[gpd.GeoDataFrame, Counts]:
    """Square cells in and around all perimeters, with facts by month: (cells, 24), the oldest month first."""
    reach = shapes.buffer(np.maximum(widths, rules.REACH_METRES))
    ground = gpd.GeoSeries([shapely.union_all(reach.to_numpy())], crs=crs)
    cells = make_grid(ground, CELL_METRES)
    return cells, _by_month(found, cells.geometry)


def _by_month(found: Window, shapes: gpd.GeoSeries) -> Counts:
    """Reported facts in each shape, in each of 24 months up to the end of the window."""
    start = months_before(found.end, 2 * MONTHS)
    months = pd.date_range(start, periods=2 * MONTHS, freq="MS")
    areas = gpd.GeoDataFrame(geometry=shapes.reset_index(drop=True))
    full = areas[~areas.geometry.is_empty]
    table = np.zeros((len(areas), 2 * MONTHS), dtype=np.int64)
    if len(full):
        counted = questions.count(found.store, found.selection(start=start), areas=full, by=("area", "month"))
        table[
            counted["area"].to_numpy(dtype=np.int64), months.get_indexer(pd.DatetimeIndex(counted["month"]))
        ] = counted["n"]
    return table


def _within(cells: gpd.GeoDataFrame, shape: BaseGeometry) -> npt.NDArray[np.int64]:
    """Places of the cells whose middle lies in a shape."""
    middles = cells.geometry.centroid.to_numpy()
    found: npt.NDArray[np.int64] = np.sort(shapely.STRtree(middles).query(shape, predicate="contains"))
    return found


def _best(cells: gpd.GeoDataFrame, n: Counts, near: Counts, core: Counts, area: float) -> BaseGeometry | None:
    """Grow from the densest cell of the perimeter to the densest neighbour, to as many whole cells as its surface holds."""
    wanted = int(area // CELL_METRES**2)
    places = {(int(cells["row"].iloc[i]), int(cells["col"].iloc[i])): int(i) for i in near}
    if not wanted or not len(core) or not n[near].sum():
        return None
    # One cell is often luck: its neighbours count for a part.
    smooth = {
        at: n[i] + sum(n[places[beside]] for beside in _beside(at) if beside in places) / 4
        for at, i in places.items()
    }
    first = {at for at, i in places.items() if i in set(core.tolist())}
    chosen = [max(first, key=lambda at: (smooth[at], at))]
    border = {beside for beside in _beside(chosen[0]) if beside in places}
    while len(chosen) < wanted and border:
        best = max(border, key=lambda at: (smooth[at], at))
        chosen.append(best)
        border |= {beside for beside in _beside(best) if beside in places}
        border -= set(chosen)
    return shapely.union_all(cells.geometry.iloc[[places[at] for at in chosen]].to_numpy())


def _beside(at: tuple[int, int]) -> list[tuple[int, int]]:
    row, col = at
    return [(row + 1, col), (row - 1, col), (row, col + 1), (row, col - 1)]


def _drift(centres: npt.NDArray[np.float64], counted: Counts, near: npt.NDArray[np.int64]) -> dict[str, Any]:
    """How far the centre moved between two years, and whether chance explains it."""
    before, after = counted[near, :MONTHS].sum(axis=1), counted[near, MONTHS:].sum(axis=1)
    if min(before.sum(), after.sum()) < rules.FEWEST_FACTS:
        return NO_DRIFT
    points = centres[near]
    was, now = (np.average(points, axis=0, weights=w) for w in (before, after))
    spread = sum(np.cov(points.T, fweights=w) / w.sum() for w in (before, after))
    moved = now - was
    distance = float(np.hypot(*moved))
    statistic = float(moved @ np.linalg.pinv(spread) @ moved)
    return {
        "drift_m": distance,
        "drift_is_real": bool(stats.chi2.sf(statistic, 2) < CHANCE),
        "centre": [round(float(v), 1) for v in now],
        "centre_before": [round(float(v), 1) for v in was],
    }


def _gain(inside: int, only_best: int, only_perimeter: int, there_is: bool) -> dict[str, Any]:
    """What the best outline nearby holds beyond the perimeter, in the months that did not choose it."""
    if not there_is or not inside:
        return {
            "best_gain": None,
            "best_is_better": False,
            "only_best": only_best,
            "only_perimeter": only_perimeter,
        }
    tried = only_best + only_perimeter
    better = tried > 0 and stats.binomtest(only_best, tried, alternative="greater").pvalue < CHANCE
    return {
        "best_gain": (only_best - only_perimeter) / inside,
        "best_is_better": bool(better),
        "only_best": only_best,
        "only_perimeter": only_perimeter,
    }

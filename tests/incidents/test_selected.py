"""A selection of a store goes straight into the analysis library."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from vicus import analysis
from vicus.analysis.errors import BadParameter, ColumnMissing
from vicus.incidents import Selection, Store
from vicus.incidents.selected import Selected


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, incidents: Any, incident: Any) -> Store:
    made = Store.create(Path(tmp_path_factory.mktemp("zone")), crs=31370, timezone="Europe/Brussels")
    late = datetime(2023, 6, 5, 22, 30, tzinfo=UTC)  # half past midnight of the Tuesday in Brussels
    rows = [incident(number) for number in range(300)]
    nowhere = incident(301, x=None, y=None, occurred_from=late, occurred_on=date(2023, 6, 6))
    made.merge(incidents(*rows, nowhere), origin="test")
    return made


@pytest.fixture
def thefts(store: Store) -> Selected:
    return Selection(categories=("theft",), end=date(2023, 9, 1)).of(store)


def test_points_of_a_selection_are_counted_by_its_columns(store: Store) -> None:
    found = Selection().of(store)
    grid = analysis.make_grid(found.to_geodataframe().buffer(1), 200)
    counted = analysis.count_points(found, grid, by="category")
    assert counted["n"].sum() == 300
    assert (counted["theft"].sum(), counted["burglary"].sum()) == (100, 100)


CALLS: dict[str, Callable[[Any, gpd.GeoDataFrame], Any]] = {
    "count_points": lambda p, g: analysis.count_points(p, g)["n"],
    "count_change": lambda p, g: analysis.count_change(p, p, g)["before"],
    "kernel_density": lambda p, g: analysis.kernel_density(p, g, bandwidth=300)["kde"],
    "relative_density": lambda p, g: analysis.relative_density(p, p, g, bandwidth=300)["rate"],
    "select_bandwidth": lambda p, g: analysis.select_bandwidth(p),
    "dbscan_hotspots": lambda p, g: analysis.dbscan_hotspots(p, distance=60, minimum=3)["n"],
    "getis_ord": lambda p, g: analysis.getis_ord(analysis.count_points(p, g), "n")["gi"],
    "classify_hotspots": lambda p, g: analysis.classify_hotspots(p, g, period="month", time="occurred_on")["share"],
    "centre": lambda p, g: analysis.centre(p).summary(),
    "nearest_neighbours": lambda p, g: analysis.nearest_neighbours(p, g).summary(),
    "quadrat_test": lambda p, g: analysis.quadrat_test(p, g, cell_size=300).summary(),
    "capture_rate": lambda p, g: analysis.capture_rate(p, g.iloc[:3], g).summary(),
    "perimeter_fit": lambda p, g: analysis.perimeter_fit(p, g.iloc[:3]).summary(),
    "spatial_similarity": lambda p, g: analysis.spatial_similarity(p, p, g, random_state=1).s_index,
    "knox": lambda p, g: analysis.knox(p, "occurred_on", distances=[100], days=[7], random_state=1).p,
    "local_knox": lambda p, g: analysis.local_knox(p, "occurred_on", distances=[100], days=[7], permutations=9,
                                                   random_state=1).observed,
    "near_repeat_chains": lambda p, g: analysis.near_repeat_chains(p, "occurred_on", distance=100, days=7),
    "mantel": lambda p, g: analysis.mantel(p, "occurred_on", permutations=19, random_state=1).summary(),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_selection_gives_what_its_points_give(name: str, thefts: Selected) -> None:
    points = thefts.to_geodataframe()
    grid = analysis.make_grid(points.buffer(1), 200)
    of_selection, of_points = CALLS[name](thefts, grid), CALLS[name](points, grid)
    if isinstance(of_points, str):
        assert of_selection == of_points
    else:
        np.testing.assert_array_equal(np.asarray(of_selection), np.asarray(of_points))


def test_intervals_of_a_selection_include_those_nowhere(store: Store) -> None:
    found = Selection(start=date(2023, 6, 6), end=date(2023, 6, 7)).of(store)
    week = analysis.aoristic(found, tz="Europe/Brussels")
    assert week[1, 0] == 1  # Tuesday, the first hour: local time
    assert week.sum() == len(found.to_intervals()[0])


def test_moments_are_those_of_the_zone(store: Store) -> None:
    points = Selection().of(store).to_geodataframe()
    assert str(points["occurred_from"].dt.tz) == "Europe/Brussels"


def test_what_a_selection_does_not_need_or_have_is_refused(thefts: Selected) -> None:
    with pytest.raises(BadParameter, match="leave end out"):
        analysis.aoristic(thefts, ["2024-01-01"], tz="Europe/Brussels")
    with pytest.raises(BadParameter, match="end of each interval"):
        analysis.aoristic(["2024-01-01"], tz="Europe/Brussels")
    with pytest.raises(ColumnMissing, match="no column 'when'"):
        analysis.knox(thefts, "when", distances=[100], days=[7])
    with pytest.raises(ColumnMissing, match="pass the times"):
        analysis.knox(np.zeros((2, 2)), "when", distances=[100], days=[7])

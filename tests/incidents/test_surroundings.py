"""Cells of a place hold the facts of its figures: no more, no fewer, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import pyarrow as pa
import pytest
import shapely

from vicus.incidents import Selection, Store
from vicus.incidents.figures import PlaceFigures, zone_figures
from vicus.incidents.surroundings import cells

X, Y = 147_000, 171_000
# Two hotspots closer together than their rings are wide, one with corners that lie on no line of any grid.
PLACES = gpd.GeoDataFrame(
    geometry=[
        shapely.Polygon(
            [
                (X + 133, Y + 117),
                (X + 411, Y + 140),
                (X + 390, Y + 402.5),
                (X + 250, Y + 351),
                (X + 120, Y + 400),
            ]
        ),
        shapely.box(X + 480, Y + 100, X + 700, Y + 400),
    ],
    index=[1, 2],
    crs=31370,
)
YEAR = Selection(start=date(2024, 1, 1), end=date(2025, 1, 1), sources=("reported", "unknown"))


@pytest.fixture
def full(store: Store, many: Callable[..., pa.Table]) -> Store:
    """A fact every ten metres, also on the lines of the cells."""
    store.merge(many(10_000), origin="test")
    return store


def figures(store: Store, buffer: float) -> dict[object, PlaceFigures]:
    return dict(zone_figures(store, PLACES, date(2024, 12, 1), buffer=buffer))


@pytest.mark.parametrize("label", [1, 2])
def test_cells_add_up_to_the_figures_inside_and_around(full: Store, label: int) -> None:
    told = figures(full, 150)[label]
    found = cells(full, PLACES, label, YEAR, buffer=150)
    assert told.buffer is not None
    assert int(found.loc[found["inside"], "n"].sum()) == told.twelve_months.n > 100
    assert int(found.loc[~found["inside"], "n"].sum()) == told.buffer.twelve_months.n > 100


def test_cells_end_at_the_line_around_and_leave_out_other_hotspots(full: Store) -> None:
    found = cells(full, PLACES, 1, YEAR, buffer=150)
    perimeter, other = PLACES.geometry
    assert found.geometry[found["inside"]].union_all().symmetric_difference(perimeter).area < 1e-6
    ring = perimeter.buffer(150).difference(PLACES.union_all())
    assert found.geometry[~found["inside"]].union_all().symmetric_difference(ring).area < 1e-6
    assert found.intersection(other).area.sum() < 1e-6
    assert set(found.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert found.area.max() <= 2500 + 1e-6


def test_without_a_ring_there_are_cells_inside_only(full: Store) -> None:
    found = cells(full, PLACES, 2, YEAR, buffer=0)
    assert found["inside"].all()
    assert int(found["n"].sum()) == figures(full, 0)[2].twelve_months.n

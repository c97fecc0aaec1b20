"""Grids, and points counted in areas."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from vicus.analysis import count_points, make_grid
from vicus.analysis.errors import (
    BadParameter,
    ColumnMissing,
    ColumnTaken,
    DifferentCRS,
    GridTooLarge,
    InvalidGeometry,
    LengthMismatch,
    MissingValues,
    NoAreas,
    NotPoints,
    NotProjected,
)

CRS = 3812


def series(*shapes, crs=CRS):
    return gpd.GeoSeries(list(shapes), crs=crs)


def random_points(rng, n, low=0.0, high=1000.0):
    return gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(rng.uniform(low, high, n), rng.uniform(low, high, n)), crs=CRS
    )


def blob(rng, x, y, radius, corners=12):
    # One corner in each sector: the outline goes round its middle and never crosses itself.
    angles = 2 * np.pi * (np.arange(corners) + rng.uniform(0, 0.95, corners)) / corners
    r = radius * rng.uniform(0.3, 1, corners)
    return Polygon(np.column_stack((x + r * np.cos(angles), y + r * np.sin(angles))))


# --- grids


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_cells_cover_the_area_without_overlap_and_all_meet_it(shape: str) -> None:
    area = blob(np.random.default_rng(4), 150_000, 170_000, 900)
    grid = make_grid(series(area), 90, shape=shape)
    assert grid.union_all().buffer(1e-6).covers(area)
    assert grid.area.sum() == pytest.approx(grid.union_all().area, rel=1e-9)
    assert (grid.intersection(area).area > 0).all()
    expected = 90**2 if shape == "square" else 90**2 * np.sqrt(3) / 2
    assert grid.area.to_numpy() == pytest.approx(expected)
    assert grid.attrs == {"cell_size": 90.0, "shape": shape}


def test_a_cell_that_only_touches_the_area_is_left_out() -> None:
    assert len(make_grid(series(box(0, 0, 300, 200)), 100)) == 6


def test_grids_of_one_size_share_their_cells_whatever_the_area() -> None:
    one = make_grid(series(box(10, 20, 500, 500)), 100).set_index(["row", "col"])
    other = make_grid(series(box(260, 310, 900, 900)), 100).set_index(["row", "col"])
    shared = one.index.intersection(other.index)
    assert len(shared) == 6
    assert (one.loc[shared].geometry.to_wkb() == other.loc[shared].geometry.to_wkb()).all()


def test_a_hole_has_no_cells() -> None:
    area = box(0, 0, 1000, 1000).difference(box(200, 200, 800, 800))
    grid = make_grid(series(area), 100)
    assert len(grid) == 100 - 36


def test_a_grid_that_does_not_fit_names_its_number_and_a_size_that_fits() -> None:
    area = series(box(0, 0, 100_000, 50_000))
    with pytest.raises(GridTooLarge, match=r"5,\d{3},\d{3},\d{3} cells.*cell size of (\d+) m fits") as caught:
        make_grid(area, 1)
    advised = float(str(caught.value).split("cell size of ")[1].split(" m")[0])
    assert 30 < advised < 50
    assert len(make_grid(area, advised * 20, most_cells=4_000_000 // 400)) > 1_000
    with pytest.raises(GridTooLarge):
        make_grid(area, advised * 0.9)


@settings(max_examples=40, deadline=None)
@given(st.integers(-50, 50), st.integers(-50, 50), st.sampled_from(["square", "hexagon"]))
def test_moving_the_area_by_whole_cells_moves_the_grid(dx: int, dy: int, shape: str) -> None:
    area = blob(np.random.default_rng(8), 500, 500, 400)
    step = 64 if shape == "square" else 64 * np.sqrt(3)
    moved = shapely.transform(area, lambda c: c + np.array([dx * 64, dy * step]))
    one, other = make_grid(series(area), 64, shape=shape), make_grid(series(moved), 64, shape=shape)
    rows = dy if shape == "square" else 2 * dy
    assert list(zip(one["row"] + rows, one["col"] + dx, strict=True)) == list(
        zip(other["row"], other["col"], strict=True)
    )


@pytest.mark.parametrize(
    ("area", "size", "options", "error", "words"),
    [
        (series(box(4, 50, 5, 51), crs=4326), 100, {}, NotProjected, "to_crs"),
        (series(box(0, 0, 9, 9), crs=3435), 100, {}, NotProjected, "foot"),
        (series(), 100, {}, NoAreas, "no area"),
        (series(None), 100, {}, NoAreas, "no geometry"),
        (series(shapely.Point(1, 1)), 100, {}, NoAreas, "convex_hull"),
        (series(Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])), 1, {}, InvalidGeometry, "make_valid"),
        (series(box(0, 0, 9, 9)), 0, {}, BadParameter, "cell_size"),
        (series(box(0, 0, 9, 9)), float("nan"), {}, BadParameter, "cell_size"),
        (series(box(0, 0, 9, 9)), 1, {"shape": "triangle"}, BadParameter, "hexagon"),
        ([box(0, 0, 9, 9)], 1, {}, BadParameter, "GeoDataFrame"),
    ],
)
def test_bad_areas_are_named_with_advice(area, size, options, error, words) -> None:
    with pytest.raises(error, match=words):
        make_grid(area, size, **options)


# --- counts


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_counts_in_a_grid_equal_geopandas(shape: str) -> None:
    rng = np.random.default_rng(1)
    grid = make_grid(series(blob(rng, 500, 500, 480, 30)), 37, shape=shape)
    points = random_points(rng, 20_000)
    joined = gpd.sjoin(points, grid[["geometry"]], predicate="within")
    expected = joined["index_right"].value_counts().reindex(grid.index, fill_value=0)
    counted = count_points(points, grid)
    assert (counted["n"] == expected).all()
    assert counted.attrs["unassigned"] == len(points) - len(joined)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_counts_in_any_outlines_equal_shapely(seed: int, areas: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = []
    for _ in range(areas):  # overlapping, with holes, in several parts
        outer = blob(rng, *rng.uniform(0, 1000, 2), rng.uniform(5, 500))
        hole = outer.buffer(-rng.uniform(1, 60)).intersection(blob(rng, *outer.centroid.coords[0], 100))
        shape = outer.difference(hole)
        if rng.random() < 0.4:
            shape = shape.union(blob(rng, *rng.uniform(0, 1000, 2), 80))
        if shape.area > 0 and shape.is_valid and shape.geom_type in ("Polygon", "MultiPolygon"):
            shapes.append(shape)
    points = random_points(rng, 400, -50, 1050)
    frame = series(*shapes) if shapes else series(box(0, 0, 1, 1))
    inside = shapely.contains(np.asarray(frame.array)[:, None], np.asarray(points.geometry.array)[None, :])
    counted = count_points(points, frame)
    assert counted["n"].tolist() == inside.sum(axis=1).tolist()
    assert counted.attrs["unassigned"] == int((~inside.any(axis=0)).sum())


@pytest.mark.parametrize("kind", ["lattice", "outlines"])
def test_a_point_on_a_shared_edge_or_corner_counts_once(kind: str) -> None:
    rng = np.random.default_rng(3)
    if kind == "lattice":
        areas = make_grid(series(box(0, 0, 500, 500)), 100).geometry
    else:  # slanted shared edges
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 500, (40, 2)))))
        areas = series(*cells)
    rings = shapely.get_coordinates(np.asarray(areas.array))
    middles = (rings[:-1] + rings[1:]) / 2
    on_lines = np.unique(np.concatenate((rings, middles)), axis=0)
    hull = areas.union_all()
    inner = on_lines[shapely.contains_properly(hull.buffer(-1), shapely.points(on_lines))]
    assert len(inner) > 20
    counted = count_points(series(*shapely.points(inner)), areas)
    assert counted["n"].sum() == len(inner)
    assert counted.attrs["unassigned"] == 0


def test_squares_and_outlines_agree_on_their_edges() -> None:
    grid = make_grid(series(box(0, 0, 400, 400)), 100)
    lattice_points = [(x, y) for x in range(-50, 500, 50) for y in range(-50, 500, 50)]
    points = gpd.GeoSeries(gpd.points_from_xy(*zip(*lattice_points, strict=True)), crs=CRS)
    by_division = count_points(points, grid)["n"].tolist()
    # One more outline of another form makes the whole layer no lattice.
    mixed = series(*grid.geometry, Polygon([(900, 900), (950, 900), (900, 950)]))
    assert count_points(points, mixed)["n"].tolist()[:-1] == by_division


def test_levels_are_counted_apart_and_missing_levels_only_in_n() -> None:
    points = gpd.GeoDataFrame(
        {"kind": ["a", "b", None, "a"]}, geometry=gpd.points_from_xy([5, 5, 5, 15], [5] * 4), crs=CRS
    )
    counted = count_points(points, make_grid(series(box(0, 0, 20, 10)), 10), by="kind")
    assert counted[["n", "a", "b"]].to_numpy().tolist() == [[3, 1, 1], [1, 1, 0]]
    assert counted["n"].dtype == np.int64
    same = count_points(points.geometry, counted[["geometry"]], by=points["kind"].to_numpy())
    assert same["a"].tolist() == counted["a"].tolist()


def test_weights_reach_n_the_levels_and_the_unassigned() -> None:
    points = gpd.GeoDataFrame(
        {"w": [2.5, 1.0, 4.0], "kind": ["a", "a", "b"]},
        geometry=gpd.points_from_xy([5, 5, 99], [5] * 3),
        crs=CRS,
    )
    counted = count_points(points, series(box(0, 0, 10, 10)), by="kind", weights="w")
    assert counted[["n", "a", "b"]].to_numpy().tolist() == [[3.5, 3.5, 0.0]]
    assert counted.attrs["unassigned"] == 4.0


def test_points_without_coordinates_are_counted_as_missing() -> None:
    points = series(shapely.Point(5, 5), None, shapely.Point(), shapely.Point(500, 5))
    counted = count_points(points, series(box(0, 0, 10, 10)))
    assert counted["n"].tolist() == [1]
    assert {k: counted.attrs[k] for k in ("points", "missing", "unassigned")} == {
        "points": 4, "missing": 2, "unassigned": 1,
    }  # fmt: skip


def test_no_points_is_a_column_of_zeros() -> None:
    counted = count_points(series(), make_grid(series(box(0, 0, 20, 20)), 10))
    assert counted["n"].tolist() == [0, 0, 0, 0]


def test_duplicated_and_overlapping_outlines_each_get_their_points() -> None:
    areas = series(box(0, 0, 10, 10), box(0, 0, 10, 10), box(5, 0, 15, 10.5))
    assert count_points(series(shapely.Point(7, 5)), areas)["n"].tolist() == [1, 1, 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(-3e5, 3e6), st.floats(-3e5, 6e6))
def test_order_of_points_and_place_on_the_map_do_not_matter(seed: int, dx: float, dy: float) -> None:
    rng = np.random.default_rng(seed)
    areas = series(*[blob(rng, *rng.uniform(0, 1000, 2), 300) for _ in range(5)])
    points = random_points(rng, 300)
    expected = count_points(points, areas)["n"].tolist()
    assert count_points(points.sample(frac=1, random_state=seed), areas)["n"].tolist() == expected
    clear = shapely.distance(areas.boundary.union_all(), np.asarray(points.geometry.array)) > 1e-3
    moved = count_points(points[clear].translate(dx, dy), areas.translate(dx, dy))["n"].tolist()
    assert moved == count_points(points[clear], areas)["n"].tolist()


def test_the_areas_given_are_not_changed_and_keep_index_and_attributes() -> None:
    areas = gpd.GeoDataFrame({"name": ["x"]}, geometry=[box(0, 0, 10, 10)], index=["k"], crs=CRS)
    areas.attrs["origin"] = "survey"
    counted = count_points(series(shapely.Point(1, 1)), areas)
    assert list(areas.columns) == ["name", "geometry"]
    assert areas.attrs == {"origin": "survey"}
    assert counted.index.tolist() == ["k"]
    assert counted.attrs["origin"] == "survey"


POINTS = gpd.GeoDataFrame({"kind": ["name"], "w": [np.nan]}, geometry=[shapely.Point(1, 1)], crs=CRS)
AREAS = gpd.GeoDataFrame({"name": ["x"]}, geometry=[box(0, 0, 10, 10)], crs=CRS)


@pytest.mark.parametrize(
    ("points", "areas", "options", "error", "words"),
    [
        (POINTS.to_crs(4326), AREAS, {}, NotProjected, "longitude"),
        (POINTS.to_crs(31370), AREAS, {}, DifferentCRS, "reproject"),
        (AREAS, AREAS, {}, NotPoints, "representative_point"),
        (POINTS, POINTS, {}, NoAreas, "polygons"),
        (POINTS, AREAS, {"by": "nothing"}, ColumnMissing, "kind, w, geometry"),
        (POINTS, AREAS, {"by": "kind"}, ColumnTaken, "'name'"),
        (POINTS, AREAS, {"weights": "w"}, MissingValues, "1 of 1"),
        (POINTS, AREAS, {"weights": [1, 2]}, LengthMismatch, "points has 1, weights has 2"),
        (POINTS.geometry, AREAS, {"weights": "w"}, ColumnMissing, "GeoSeries"),
    ],
)
def test_bad_layers_are_named_with_advice(points, areas, options, error, words) -> None:
    with pytest.raises(error, match=words):
        count_points(points, areas, **options)


def test_a_multipolygon_counts_as_one_area() -> None:
    both = MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])
    assert count_points(series(shapely.Point(0.5, 0.5), shapely.Point(5.5, 5.5)), series(both))[
        "n"
    ].tolist() == [2]


@pytest.mark.real_data
def test_sectors_of_brussels_hold_their_own_points(real_data) -> None:
    sectors = gpd.read_file(real_data / "geo" / "brussels_statistical_sectors_2024.geojson").to_crs(CRS)
    rng = np.random.default_rng(0)
    left, bottom, right, top = sectors.total_bounds
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(rng.uniform(left, right, 30_000), rng.uniform(bottom, top, 30_000)),
        crs=CRS,
    )
    joined = gpd.sjoin(points, sectors[["geometry"]], predicate="within")["index_right"]
    expected = joined.value_counts().reindex(sectors.index, fill_value=0)
    assert (count_points(points, sectors)["n"] == expected).all()
    assert isinstance(expected, pd.Series)
    assert expected.sum() > 10_000


def test_many_points_are_counted_alike_whatever_the_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from vicus.analysis.places import counting

    rng = np.random.default_rng(3)
    points = gpd.GeoDataFrame(
        {"kind": rng.integers(0, 3, 5_000)},
        geometry=gpd.points_from_xy(*rng.uniform(0, 1000, (2, 5_000))),
        crs=3812,
    )
    circles = gpd.GeoSeries(gpd.points_from_xy(*rng.uniform(0, 1000, (2, 30))), crs=3812).buffer(150)
    alone = counting.count_points(points, circles, by="kind")
    monkeypatch.setattr(counting, "LARGE", 1)
    shared = counting.count_points(points, circles, by="kind")
    assert (shared[["n", 0, 1, 2]] == alone[["n", 0, 1, 2]]).all(axis=None)
    assert shared.attrs["unassigned"] == alone.attrs["unassigned"]

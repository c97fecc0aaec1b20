"""Which points lie in which area: compared with shapely, and on the places where shapely has no answer."""

from itertools import pairwise

import duckdb
import geopandas as gpd
import ibis
import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box

from vicus.incidents.areas import AreaIndex, assign
from vicus.incidents.errors import AreaError

POINTS = ibis.table({"id": "int64", "x": "float64", "y": "float64"}, name="points")
CELLS = ibis.table({"cx": "int32", "cy": "int32", "area": "int32", "interior": "boolean"}, name="cells")
EDGES = ibis.table(
    {"area": "int32", "cy": "int32"} | dict.fromkeys(("x1", "y1", "x2", "y2"), "float64"), name="edges"
)

several = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


def located(connection, geometries, x, y, cell_size=None):
    """Matrix of points x areas: True where our join puts the point in the area."""
    index = AreaIndex.build(gpd.GeoDataFrame(geometry=list(geometries)), cell_size=cell_size)
    points = pa.table({"id": np.arange(len(x)), "x": np.asarray(x, float), "y": np.asarray(y, float)})
    for name, table in (("points", points), ("cells", index.cells), ("edges", index.edges)):
        connection.register(name, table)
    sql = ibis.to_sql(assign(POINTS, CELLS, EDGES, index.cell_size), dialect="duckdb")
    found = connection.sql(str(sql)).to_arrow_table()
    matrix = np.zeros((len(x), len(geometries)), dtype=int)
    np.add.at(matrix, (found["id"].to_numpy(), found["area"].to_numpy()), 1)
    assert matrix.max(initial=0) <= 1, "a point stands in one area twice"
    return matrix.astype(bool)


def expected(geometries, x, y):
    return np.column_stack([shapely.contains_xy(g, x, y) for g in geometries])


def on_an_edge(geometries, x, y, within=1e-6):
    points = shapely.points(x, y)
    return np.column_stack([shapely.distance(shapely.boundary(g), points) <= within for g in geometries])


@st.composite
def star(draw):
    """A polygon around a centre, with or without a hole, anywhere, convex or not."""
    n = draw(st.integers(3, 24))
    radii = draw(st.lists(st.floats(0.2, 1.0), min_size=n, max_size=n))
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    shape = Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None])
    if draw(st.booleans()):
        hole = affinity.scale(shape, 0.4, 0.4, origin=(0, 0))
        shape = shape.difference(hole)
    size = draw(st.floats(0.5, 5000))
    shape = affinity.scale(shape, size, size, origin=(0, 0))
    x, y = draw(st.floats(-1000, 1000)), draw(st.floats(-1000, 1000))
    return affinity.translate(shape, x, y)


@st.composite
def area_sets(draw):
    """Overlapping polygons with holes, and multipolygons, some far from the origin as on a national grid."""
    shapes = draw(st.lists(star(), min_size=1, max_size=6))
    if len(shapes) > 2:
        pair = shapely.union(shapes[0], affinity.translate(shapes[1], 4000, 100))
        if pair.geom_type == "MultiPolygon":
            shapes.append(pair)
    shapes = [s for s in shapes if s.geom_type in ("Polygon", "MultiPolygon") and s.is_valid and s.area > 0]
    offset = draw(st.sampled_from([0.0, 150_000.0, -2_000_000.0]))
    return [affinity.translate(s, offset, offset) for s in shapes] or [box(0, 0, 1, 1)]


@several
@given(areas=area_sets(), seed=st.integers(0, 2**16), cells=st.sampled_from([None, 0.7, 5.0, 40.0]))
def test_points_off_the_edges_lie_where_shapely_says(connection, areas, seed, cells):
    rng = np.random.default_rng(seed)
    left, bottom, right, top = shapely.total_bounds(areas)
    side = max(right - left, top - bottom)
    x, y = rng.uniform(left - 1, right + 1, 400), rng.uniform(bottom - 1, top + 1, 400)
    size = None if cells is None else cells * side / 100
    clear = ~on_an_edge(areas, x, y)
    ours, theirs = located(connection, areas, x, y, size), expected(areas, x, y)
    assert (ours == theirs)[clear].all()


@several
@given(
    seed=st.integers(0, 2**16),
    n=st.integers(4, 40),
    size=st.sampled_from([None, 3.0, 17.0]),
    whole=st.booleans(),
)
def test_every_point_of_a_divided_territory_is_in_exactly_one_part(connection, seed, n, size, whole):
    """Parts share edges and vertices; the points tried are on them, and everywhere else."""
    rng = np.random.default_rng(seed)
    sites = rng.integers(0, 100, (n, 2)).astype(float) if whole else rng.uniform(0, 100, (n, 2))
    parts = [g for g in shapely.delaunay_triangles(shapely.MultiPoint(sites)).geoms if g.area > 0]
    if not parts:
        return
    vertices = shapely.get_coordinates(parts)
    middles = (vertices[:-1] + vertices[1:]) / 2
    x, y = np.vstack([vertices, middles, rng.uniform(0, 100, (200, 2))]).T
    hull = shapely.union_all(parts)
    edge_of_all = on_an_edge([hull], x, y, within=1e-9)[:, 0]
    times = located(connection, parts, x, y, size).sum(axis=1)
    inner = shapely.contains_xy(hull, x, y) & ~edge_of_all
    outer = ~shapely.contains_xy(hull, x, y) & ~edge_of_all
    assert (times[inner] == 1).all()
    assert (times[outer] == 0).all()
    assert (times[edge_of_all] <= 1).all()


@several
@given(seed=st.integers(0, 2**16), cell=st.sampled_from([None, 1.0, 1.5, 10.0]))
def test_a_grid_of_squares_gives_each_corner_and_side_to_one_square(connection, seed, cell):
    """The edges of the squares run along the lines of the index's own grid: the worst case for rounding."""
    rng = np.random.default_rng(seed)
    step, offset = rng.choice([0.1, 1.0, 1 / 3, 7.0]), rng.choice([0.0, 0.1, 150_000.3])
    lines = offset + np.arange(7) * step
    squares = [
        Polygon([(a, c), (b, c), (b, d), (a, d)]) for a, b in pairwise(lines) for c, d in pairwise(lines)
    ]
    nudge = np.maximum(np.spacing(lines), 1e-100)  # the smallest step, but not below what can be multiplied
    near = np.concatenate([lines, lines - nudge, lines + nudge, lines + step / 2])
    x, y = (axis.ravel() for axis in np.meshgrid(near, near))
    inside = (x >= lines[0]) & (x < lines[-1]) & (y >= lines[0]) & (y < lines[-1])
    times = located(connection, squares, x, y, None if cell is None else cell * step).sum(axis=1)
    assert (times[inside] == 1).all()
    assert (times[~inside] == 0).all()


def test_the_lower_left_corner_belongs_to_a_square_and_the_upper_right_does_not(connection):
    inside = located(connection, [box(0, 0, 2, 2)], [0, 2, 0, 2, 1, 0], [0, 2, 2, 0, 0, 1])[:, 0]
    assert inside.tolist() == [True, False, False, False, True, True]


def test_a_hole_is_outside_and_an_island_in_it_inside(connection):
    ring = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], holes=[[(2, 2), (7, 2), (7, 7), (2, 7)]])
    area = MultiPolygon([ring, box(4, 4, 5, 5)])
    assert located(connection, [area], [1, 3, 4.5], [1, 3, 4.5])[:, 0].tolist() == [True, False, True]


def test_a_point_in_two_overlapping_areas_is_in_both(connection):
    matrix = located(connection, [box(0, 0, 3, 3), box(2, 2, 5, 5)], [2.5, 1, 4], [2.5, 1, 4])
    assert matrix.tolist() == [[True, True], [True, False], [False, True]]


def test_points_without_a_location_and_areas_without_an_outline_meet_nothing(connection):
    index = AreaIndex.build(gpd.GeoDataFrame(geometry=[None, Polygon(), box(0, 0, 1, 1)]))
    points = pa.table({"id": [1, 2], "x": [None, 0.5], "y": [0.5, 0.5]})
    for name, table in (("points", points), ("cells", index.cells), ("edges", index.edges)):
        connection.register(name, table)
    sql = str(ibis.to_sql(assign(POINTS, CELLS, EDGES, index.cell_size), dialect="duckdb"))
    found = connection.sql(sql).to_arrow_table().select(["id", "area"]).to_pylist()
    assert found == [{"id": 2, "area": 2}]


def test_a_nearly_level_edge_across_many_cells_is_followed(connection):
    """One rounding step in y is metres in x along such an edge: no cell on its way may count as inside."""
    sliver = Polygon([(100_000, 100_000), (101_000, 100_000 + 1e-9), (101_000, 99_000), (100_000, 99_000)])
    rng = np.random.default_rng(3)
    x, y = rng.uniform(100_000, 101_000, 4000), 100_000 + rng.uniform(-1e-3, 1e-3, 4000)
    clear = ~on_an_edge([sliver], x, y)[:, 0]
    ours = located(connection, [sliver], x, y, 10.0)[:, 0]
    assert (ours == shapely.contains_xy(sliver, x, y))[clear].all()
    assert ours.any()
    assert not ours.all()


def test_the_cell_size_changes_nothing_but_the_speed(connection):
    rng = np.random.default_rng(5)
    areas = [
        affinity.translate(Polygon(rng.uniform(0, 50, (3, 2))), *rng.uniform(0, 100, 2)) for _ in range(8)
    ]
    x, y = rng.uniform(0, 150, (2, 3000))
    answers = [located(connection, areas, x, y, size) for size in (0.5, 3.0, 1000.0)]
    assert (answers[0] == answers[1]).all()
    assert (answers[0] == answers[2]).all()


def test_most_points_are_decided_by_their_cell_alone():
    index = AreaIndex.build(gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 1000).buffer(500)]))
    interior = index.cells["interior"].to_numpy()
    assert interior.mean() > 0.9


def test_the_same_areas_are_indexed_once_and_others_anew():
    first = AreaIndex.build(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)]))
    assert AreaIndex.build(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)])) is first
    assert AreaIndex.build(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 2)])).key != first.key


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (shapely.Point(0, 0), "Point, not an area"),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "not valid: Self-intersection"),
    ],
)
def test_what_is_no_proper_area_is_refused_by_name(geometry, words):
    with pytest.raises(AreaError, match=words) as caught:
        AreaIndex.build(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), geometry], index=["a", "Canal"]))
    assert "'Canal'" in str(caught.value)

"""Gi*, Moran's I and kernel density."""

import warnings

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from shapely import Polygon, box

from vicus.analysis import getis_ord, kernel_density, make_grid, moran, select_bandwidth
from vicus.analysis.errors import (
    BadNeighbours,
    BadParameter,
    ColumnMissing,
    MissingValues,
    NoAreas,
    NotAGrid,
    NotCounts,
    NothingToCount,
    NotProjected,
)
from vicus.analysis.places.grid import lattice_of
from vicus.analysis.places.neighbours import neighbours_of
from vicus.analysis.probability import adjust_p

CRS = 3812
WORKED = gpd.GeoDataFrame(
    {"y": [2, 3, 3.2, 5, 8, 7]},
    geometry=gpd.points_from_xy([10, 20, 40, 15, 30, 30], [10, 10, 10, 20, 20, 30]),
    crs=CRS,
)


def series(*shapes):
    return gpd.GeoSeries(list(shapes), crs=CRS)


def full_grid(seed, rows=12, cols=9, mean=2.0):
    grid = make_grid(series(box(0, 0, cols * 100, rows * 100)), 100)
    grid["n"] = np.random.default_rng(seed).poisson(mean, len(grid))
    return grid


def ragged_grid(seed):
    grid = full_grid(seed, 15, 15)
    keep = np.random.default_rng(seed).random(len(grid)) < 0.75
    return grid[keep].sample(frac=1, random_state=seed)


def tiles(seed, n=60):
    rng = np.random.default_rng(seed)
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 1000, (n, 2)))))
    parts = shapely.intersection(parts, box(-50, -50, 1050, 1050))
    return gpd.GeoDataFrame({"n": rng.poisson(3, len(parts))}, geometry=parts, crs=CRS)


def peer_weights(areas, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # islands are announced
        if kind == "queen":
            w = libpysal.weights.Queen.from_dataframe(areas, use_index=False)
        elif kind == "rook":
            w = libpysal.weights.Rook.from_dataframe(areas, use_index=False)
        else:
            centres = np.column_stack((areas.centroid.x, areas.centroid.y))
            w = libpysal.weights.DistanceBand(centres, threshold=kind, binary=True)
    return w


def peer_scores(areas, w, star):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return esda.G_Local(areas["n"].to_numpy(float), w, transform="B", star=star, permutations=0).Zs


# --- Gi and Gi*


def test_worked_values_of_getis_ord() -> None:
    found = getis_ord(WORKED, "y", neighbours=15)["gi"].to_numpy()
    assert found == pytest.approx(
        [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331], abs=1e-8
    )
    found = getis_ord(WORKED, "y", neighbours=15, star=False)["gi"].to_numpy()
    assert found == pytest.approx(
        [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941], abs=1e-8
    )


@pytest.mark.parametrize("star", [True, False])
@pytest.mark.parametrize("kind", ["queen", "rook", 250.0])
@pytest.mark.parametrize("make", [full_grid, ragged_grid, tiles], ids=lambda f: f.__name__)
def test_scores_equal_esda(make, kind, star) -> None:
    areas = make(7)
    found = getis_ord(areas, "n", neighbours=kind, star=star)
    expected = peer_scores(areas, peer_weights(areas, kind), star)
    scored = np.isfinite(expected)
    assert scored.sum() > len(areas) * 0.8
    assert found["gi"].to_numpy()[scored] == pytest.approx(expected[scored], abs=1e-9)
    assert found["p"].to_numpy()[scored] == pytest.approx(
        2 * stats.norm.sf(np.abs(expected[scored])), abs=1e-9
    )


@pytest.mark.parametrize("kind", ["queen", "rook", 100.0, 250.0, 550.0])
@pytest.mark.parametrize("make", [full_grid, ragged_grid], ids=lambda f: f.__name__)
def test_shifts_of_a_grid_equal_the_general_form(make, kind) -> None:
    grid = make(3)
    fast = neighbours_of(grid.geometry, kind)
    assert fast.lattice is not None
    general = getis_ord(grid, "n", neighbours=fast.to_matrix())
    assert getis_ord(grid, "n", neighbours=kind)["gi"].to_numpy() == pytest.approx(
        general["gi"].to_numpy(), abs=1e-12
    )
    own = neighbours_of(series(*grid.geometry, Polygon([(9e4, 0), (9e4, 9), (9.1e4, 0)])), kind)
    assert own.lattice is None
    assert (own.to_matrix()[: len(grid), : len(grid)] != fast.to_matrix()).nnz == 0


def test_weights_given_reach_the_score() -> None:
    areas = tiles(5)
    with np.errstate(divide="ignore"):  # it also inverts the distance of an area to itself
        w = libpysal.weights.DistanceBand(
            np.column_stack((areas.centroid.x, areas.centroid.y)), threshold=300, binary=False, alpha=-1.0
        )
    x, dense = areas["n"].to_numpy(float), w.sparse.toarray()
    dense = dense + np.diag(dense.max(axis=1))
    n, total, squares = len(x), dense.sum(axis=1), (dense**2).sum(axis=1)
    expected = (dense @ x - total * x.mean()) / (x.std() * np.sqrt((n * squares - total**2) / (n - 1)))
    assert getis_ord(areas, "n", neighbours=w)["gi"].to_numpy() == pytest.approx(expected)
    assert getis_ord(areas, "n", neighbours=300)["gi"].to_numpy() != pytest.approx(expected, abs=0.05)


def test_a_libpysal_graph_is_taken_like_weights() -> None:
    areas = tiles(2)
    graph = libpysal.graph.Graph.build_contiguity(areas, rook=False)
    by_graph = getis_ord(areas, "n", neighbours=graph)["gi"].to_numpy()
    assert by_graph == pytest.approx(getis_ord(areas, "n", neighbours="queen")["gi"].to_numpy())


@pytest.mark.parametrize("method", ["fdr", "bonferroni"])
def test_adjusted_p_equals_statsmodels_and_scipy(method) -> None:
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(0).random(200) ** 3
    peer = multipletests(p, method={"fdr": "fdr_bh", "bonferroni": "bonferroni"}[method])[1]
    assert adjust_p(p, method) == pytest.approx(peer)
    if method == "fdr":
        assert adjust_p(p, method) == pytest.approx(stats.false_discovery_control(p))
    with_gap = adjust_p(np.append(p, np.nan), method)
    assert np.isnan(with_gap[-1])
    assert with_gap[:-1] == pytest.approx(peer)


def test_kind_follows_the_adjusted_p_and_the_sign() -> None:
    grid = full_grid(1, 20, 20, 5.0)
    grid.loc[grid["row"].between(3, 6) & grid["col"].between(3, 6), "n"] = 30
    grid.loc[grid["row"].between(12, 15) & grid["col"].between(12, 15), "n"] = 0
    result = getis_ord(grid, "n", adjust="fdr", significance=0.1)
    hot, cold = result["kind"] == "hot", result["kind"] == "cold"
    assert hot.any()
    assert (result.loc[hot, "gi"] > 0).all()
    assert (result.loc[hot | cold, "p_adjusted"] <= 0.1).all()
    assert (result.loc[~(hot | cold), "p_adjusted"] > 0.1).all()
    assert hot[grid["row"].between(4, 5) & grid["col"].between(4, 5)].all()


def test_all_values_equal_is_not_enough_data() -> None:
    result = getis_ord(full_grid(1).assign(n=0.1), "n", adjust="fdr")
    assert result["gi"].isna().all()
    assert (result["kind"] == "none").all()
    assert not result.attrs["enough_data"]
    assert "equal" in result.attrs["why"]


def test_an_area_without_neighbours_has_no_gi_but_others_do() -> None:
    areas = series(box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1.5), box(50, 0, 51, 1), box(3, 0, 4, 1))
    frame = gpd.GeoDataFrame({"n": [1, 5, 2, 8, 1]}, geometry=areas)
    found = getis_ord(frame, "n", star=False)["gi"]
    assert found.isna().tolist() == [False, False, False, True, False]
    assert getis_ord(frame, "n")["gi"].notna().all()


@pytest.mark.parametrize("weighted", [False, True])
def test_shuffled_p_is_that_of_drawing_every_neighbour_set(weighted: bool) -> None:
    """Few enough areas to list all draws: the simulated p must meet the exact one, ties included."""
    from itertools import permutations as arrangements

    x = np.array([0, 0, 1, 1, 2, 4, 0, 1], dtype=float)
    n = len(x)
    matrix = np.zeros((n, n))
    for i in range(n):
        matrix[i, (i + 1) % n] = 1.0
        matrix[i, (i + 3) % n] = 0.5 if weighted else 1.0
    frame = gpd.GeoDataFrame({"n": x}, geometry=gpd.points_from_xy(range(n), [0] * n), crs=CRS)
    rounds = 20_000
    found = getis_ord(frame, "n", neighbours=matrix, permutations=rounds, random_state=1)["p"].to_numpy()
    for i in range(n):
        others = np.delete(x, i)
        weights = matrix[i][matrix[i] > 0]
        sums = np.array([np.dot(weights, pair) for pair in arrangements(others, 2)])
        seen = matrix[i] @ x
        exact = min(1.0, 2 * min((sums >= seen - 1e-9).mean(), (sums <= seen + 1e-9).mean()))
        assert found[i] == pytest.approx(exact, abs=2 * 5 * np.sqrt(0.25 / rounds))


def test_shuffles_are_repeatable_and_p_is_never_zero() -> None:
    grid = full_grid(4)
    one = getis_ord(grid, "n", permutations=99, random_state=7)
    other = getis_ord(grid, "n", permutations=99, random_state=7)
    assert (one["p"] == other["p"]).all()
    assert one["p"].min() >= 2 / 100


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 50), st.floats(-100, 100))
def test_scores_do_not_depend_on_row_order_unit_or_origin(seed: int, factor: float, shift: float) -> None:
    grid = ragged_grid(seed)
    expected = getis_ord(grid, "n")["gi"]
    shuffled = grid.sample(frac=1, random_state=seed + 1)
    assert getis_ord(shuffled, "n")["gi"].reindex(grid.index).to_numpy() == pytest.approx(
        expected.to_numpy(), abs=1e-9
    )
    scaled = grid.assign(n=grid["n"] * factor + shift)
    assert getis_ord(scaled, "n")["gi"].to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-7)
    moved = grid.set_geometry(grid.translate(12345.678, -98765.4))
    assert getis_ord(moved, "n")["gi"].to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)


def test_a_grid_is_recognised_by_its_outlines_alone() -> None:
    grid = full_grid(1)
    assert lattice_of(grid.geometry) is not None
    assert lattice_of(grid.to_crs(31370).geometry) is None
    assert lattice_of(make_grid(series(box(0, 0, 500, 500)), 100, shape="hexagon").geometry) is None
    assert lattice_of(grid.geometry.rotate(30, origin=(0, 0))) is None
    assert lattice_of(series(box(0, 0, 1, 1), box(0, 0, 1, 1))) is None
    assert lattice_of(series(box(0, 0, 1, 1), box(1.3, 0, 2.3, 1))) is None


@pytest.mark.parametrize(
    ("areas", "options", "error", "words"),
    [
        (WORKED, {"column": "x"}, ColumnMissing, "y, geometry"),
        (WORKED.assign(y=np.nan), {}, MissingValues, "6 of 6"),
        (WORKED, {"neighbours": "queen"}, BadNeighbours, "points"),
        (WORKED, {"neighbours": "knight"}, BadNeighbours, "rook"),
        (WORKED, {"neighbours": np.eye(3)}, BadNeighbours, "3 areas and the table has 6"),
        (WORKED, {"neighbours": -np.ones((6, 6))}, BadNeighbours, "negative"),
        (WORKED, {"neighbours": -5}, BadParameter, "metres"),
        (WORKED, {"neighbours": None}, BadNeighbours, "libpysal"),
        (WORKED, {"adjust": "holm"}, BadParameter, "bonferroni"),
        (WORKED, {"permutations": 1.5}, BadParameter, "permutations"),
        (WORKED, {"significance": 5}, BadParameter, "significance"),
        (WORKED.to_crs(4326), {}, NotProjected, "to_crs"),
        (WORKED.head(0), {}, NoAreas, "no area"),
    ],
)
def test_bad_questions_are_named_with_advice(areas, options, error, words) -> None:
    with pytest.raises(error, match=words):
        getis_ord(areas, **{"column": "y", "neighbours": 15, **options})


# --- Moran


@pytest.mark.parametrize("kind", ["queen", "rook", 250.0])
@pytest.mark.parametrize("make", [full_grid, tiles], ids=lambda f: f.__name__)
def test_moran_equals_esda(make, kind) -> None:
    areas = make(11)
    w = peer_weights(areas, kind)
    peer = esda.Moran(areas["n"].to_numpy(float), w, transformation="B", permutations=0)
    found = moran(areas, "n", neighbours=kind)
    assert (found.i, found.expected, found.z) == pytest.approx((peer.I, peer.EI, peer.z_rand))
    assert found.p == pytest.approx(peer.p_rand)  # two-sided there too


def test_moran_without_spread_is_not_enough_data() -> None:
    assert "Not enough data" in moran(full_grid(1).assign(n=3), "n").summary()
    with pytest.raises(NoAreas, match="at least 4"):
        moran(full_grid(1).head(3), "n")


# --- density


def brute_density(points, grid, h, weights=None):
    centres = grid.centroid
    d2 = (centres.x.to_numpy()[:, None] - points.x.to_numpy()) ** 2
    d2 += (centres.y.to_numpy()[:, None] - points.y.to_numpy()) ** 2
    u2 = d2 / h**2
    kernel = np.where(u2 < 1, 3 / (np.pi * h**2) * (1 - u2) ** 2, 0)
    return kernel @ (np.ones(len(points)) if weights is None else weights)


def some_points(seed, n=200):
    rng = np.random.default_rng(seed)
    return gpd.GeoSeries(gpd.points_from_xy(rng.uniform(-200, 1200, n), rng.uniform(-200, 1400, n)), crs=CRS)


def test_the_quartic_kernel_has_its_published_height_and_integrates_to_one() -> None:
    """SpatialKDE and QGIS had 116 for 16 in it once."""
    h = 300.0
    grid = gpd.GeoDataFrame(geometry=[box(-1, -1, 1, 1), Polygon([(149, -1), (151, -1), (150, 2)])], crs=CRS)
    surface = kernel_density(series(shapely.Point(0, 0)), grid, bandwidth=h)["kde"]
    assert surface.iloc[0] == pytest.approx(3 / (np.pi * h**2))
    assert surface.iloc[1] == pytest.approx(3 / (np.pi * h**2) * (1 - 0.25) ** 2)
    mass, _ = integrate.quad(lambda r: 2 * np.pi * r * 3 / (np.pi * h**2) * (1 - (r / h) ** 2) ** 2, 0, h)
    assert mass == pytest.approx(1)


@pytest.mark.parametrize("make", [full_grid, ragged_grid, tiles], ids=lambda f: f.__name__)
@pytest.mark.parametrize("h", [40.0, 155.0, 700.0])
def test_density_equals_the_sum_over_all_pairs(make, h) -> None:
    areas, points = make(2), some_points(2)
    weights = np.random.default_rng(1).uniform(0, 5, len(points))
    found = kernel_density(points, areas, bandwidth=h, weights=weights)["kde"].to_numpy()
    assert found == pytest.approx(brute_density(points, areas, h, weights), abs=1e-15)


def test_hexagons_take_the_general_path_and_agree() -> None:
    grid = make_grid(series(box(0, 0, 900, 900)), 60, shape="hexagon")
    points = some_points(3)
    found = kernel_density(points, grid, bandwidth=200)["kde"].to_numpy()
    assert found == pytest.approx(brute_density(points, grid, 200), abs=1e-15)


def test_the_surface_adds_up_to_the_events_or_to_one() -> None:
    rng = np.random.default_rng(5)
    points = gpd.GeoSeries(
        gpd.points_from_xy(rng.uniform(900, 1100, 50), rng.uniform(900, 1100, 50)), crs=CRS
    )
    grid = make_grid(series(box(0, 0, 2000, 2000)), 20)
    events = kernel_density(points, grid, bandwidth=400)
    assert (events["kde"] * events.area).sum() == pytest.approx(50, rel=1e-3)
    density = kernel_density(points, grid, bandwidth=400, normalise="density")
    assert density["kde"].to_numpy() == pytest.approx(events["kde"].to_numpy() / 50)


def test_edge_correction_lifts_the_edge_and_leaves_the_middle() -> None:
    rng = np.random.default_rng(6)
    points = gpd.GeoSeries(
        gpd.points_from_xy(rng.uniform(0, 2000, 40_000), rng.uniform(0, 2000, 40_000)), crs=CRS
    )
    grid = make_grid(series(box(0, 0, 2000, 2000)), 50)
    plain = kernel_density(points, grid, bandwidth=300)["kde"].to_numpy()
    lifted = kernel_density(points, grid, bandwidth=300, edge_correction=True)["kde"].to_numpy()
    middle = grid["row"].between(10, 29) & grid["col"].between(10, 29)
    corner = int(np.flatnonzero((grid["row"] == 0) & (grid["col"] == 0))[0])
    assert lifted[middle] == pytest.approx(plain[middle], rel=1e-9)
    true = 40_000 / 2000**2
    assert plain[corner] < 0.45 * true
    assert lifted[corner] == pytest.approx(true, rel=0.15)


def test_both_axes_set_the_bandwidth() -> None:
    """sfhotspot 1.0.0 looked at one axis only."""
    rng = np.random.default_rng(9)
    x, y = rng.normal(0, 1000, 500), rng.normal(0, 10, 500)
    wide = select_bandwidth(gpd.GeoSeries(gpd.points_from_xy(x, y), crs=CRS))
    tall = select_bandwidth(gpd.GeoSeries(gpd.points_from_xy(y, x), crs=CRS))
    assert wide == pytest.approx(tall)
    assert wide == pytest.approx(np.sqrt(8) * np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2) * 500 ** (-1 / 6))
    turned = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=CRS).rotate(40, origin=(0, 0))
    assert select_bandwidth(turned) == pytest.approx(wide)


def test_a_chosen_bandwidth_is_in_the_result_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        surface = kernel_density(some_points(1), full_grid(1))
    assert surface.attrs["bandwidth_method"] == "scott"
    assert surface.attrs["bandwidth"] == pytest.approx(select_bandwidth(some_points(1)))
    assert len([r for r in caplog.records if "bandwidth" in r.message]) == 1


def test_points_without_coordinates_add_nothing() -> None:
    grid = full_grid(1)
    with_gap = gpd.GeoSeries([*some_points(1), None, shapely.Point()], crs=CRS)
    surface = kernel_density(with_gap, grid, bandwidth=200)
    assert surface.attrs["missing"] == 2
    assert surface["kde"].to_numpy() == pytest.approx(
        kernel_density(some_points(1), grid, bandwidth=200)["kde"].to_numpy()
    )
    assert not kernel_density(series(), grid, bandwidth=200)["kde"].any()


@pytest.mark.parametrize(
    ("points", "options", "error", "words"),
    [
        (series(), {}, NothingToCount, "pass bandwidth"),
        (series(shapely.Point(1, 1), shapely.Point(1, 1)), {}, NothingToCount, "one place"),
        (series(), {"bandwidth": 5, "normalise": "density"}, NothingToCount, "no events"),
        (some_points(1), {"bandwidth": -1}, BadParameter, "metres"),
        (some_points(1), {"kernel": "cubic"}, BadParameter, "quartic"),
        (some_points(1), {"normalise": "percent"}, BadParameter, "density"),
        (some_points(1), {"weights": -np.ones(200)}, NotCounts, "negative"),
        (some_points(1).to_crs(4326), {}, NotProjected, "to_crs"),
    ],
)
def test_bad_densities_are_named_with_advice(points, options, error, words) -> None:
    with pytest.raises(error, match=words):
        kernel_density(points, full_grid(1), **options)


def test_edge_correction_asks_for_a_grid() -> None:
    with pytest.raises(NotAGrid, match="make_grid"):
        kernel_density(some_points(1), tiles(1), bandwidth=100, edge_correction=True)


# --- density of very many events


@pytest.mark.parametrize(
    ("cells", "n", "most"), [(6, 1, 0.01), (6, 3, 0.01), (12, 1, 0.003), (6, 3000, 0.002)]
)
def test_events_put_on_the_grid_first_are_off_by_less_than_one_percent_of_the_peak(cells, n, most) -> None:
    grid = make_grid(series(box(0, 0, 3000, 3000)), 50)
    for seed in range(15 if n < 10 else 2):
        xy = np.random.default_rng(seed).normal(1500, 500, (n, 2))
        weights = np.random.default_rng(seed).uniform(0, 3, n)
        points = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=CRS)
        asked = {"bandwidth": 50.0 * cells, "weights": weights}
        exact = kernel_density(points, grid, exact=True, **asked)["kde"].to_numpy()
        binned = kernel_density(points, grid, exact=False, **asked)["kde"].to_numpy()
        assert np.abs(binned - exact).max() < most * exact.max()
        assert (binned >= 0).all()


def test_events_beside_the_grid_reach_into_it_when_binned() -> None:
    grid = make_grid(series(box(0, 0, 1000, 1000)), 50).query("row + col > 10")
    points = gpd.GeoSeries(
        gpd.points_from_xy([-300, 1200, 500, 500, 5000], [500, 500, -380, 1350, 500]), crs=CRS
    )
    exact = kernel_density(points, grid, bandwidth=400, exact=True)["kde"].to_numpy()
    binned = kernel_density(points, grid, bandwidth=400, exact=False)["kde"].to_numpy()
    assert binned == pytest.approx(exact, abs=0.01 * 3 / (np.pi * 400**2))
    assert not kernel_density(points.tail(1), grid, bandwidth=400, exact=False)["kde"].any()


def test_how_events_were_counted_is_in_the_result() -> None:
    grid = make_grid(series(box(0, 0, 2000, 2000)), 20)
    rng = np.random.default_rng(1)
    points = gpd.GeoSeries(gpd.points_from_xy(*rng.uniform(0, 2000, (2, 20_000))), crs=CRS)
    assert kernel_density(points, grid, bandwidth=400).attrs["exact"] is False
    assert kernel_density(points.head(50), grid, bandwidth=400).attrs["exact"] is True
    assert kernel_density(points, grid, bandwidth=60).attrs["exact"] is True
    with pytest.raises(NotAGrid, match="exact=False"):
        kernel_density(points, tiles(1), bandwidth=100, exact=False)

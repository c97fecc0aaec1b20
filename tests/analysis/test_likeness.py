"""Local Moran, join counts, and what neighbours may be."""

import warnings

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from vicus.analysis import getis_ord, join_counts, local_moran, make_grid, moran
from vicus.analysis.errors import BadNeighbours, BadParameter, MissingValues, NoAreas, NotCounts

CRS = 3812


def full_grid(seed, rows=12, cols=9, mean=2.0):
    grid = make_grid(gpd.GeoSeries([box(0, 0, cols * 100, rows * 100)], crs=CRS), 100)
    grid["n"] = np.random.default_rng(seed).poisson(mean, len(grid))
    return grid


def tiles(seed, n=60):
    rng = np.random.default_rng(seed)
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 1000, (n, 2)))))
    parts = shapely.intersection(parts, box(-50, -50, 1050, 1050))
    return gpd.GeoDataFrame({"n": rng.poisson(3, len(parts))}, geometry=parts, crs=CRS)


def clustered(seed):
    grid = full_grid(seed, 20, 20, 5.0)
    grid.loc[grid["row"].between(3, 6) & grid["col"].between(3, 6), "n"] = 30
    grid.loc[(grid["row"] == 15) & (grid["col"] == 15), "n"] = 60
    return grid


def peer_weights(areas, kind):
    build = libpysal.weights.Queen if kind == "queen" else libpysal.weights.Rook
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return build.from_dataframe(areas, use_index=False)


# --- local Moran


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["queen", "rook"])
@pytest.mark.parametrize("make", [full_grid, tiles, clustered], ids=lambda f: f.__name__)
def test_local_moran_equals_esda(make, kind) -> None:
    areas = make(3)
    areas["n"] += np.random.default_rng(3).uniform(
        0, 0.1, len(areas)
    )  # without ties both count the same draws
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = esda.Moran_Local(
            areas["n"].to_numpy(float), peer_weights(areas, kind), permutations=4999, seed=1
        )
    found = local_moran(areas, "n", neighbours=kind, permutations=4999, random_state=1)
    assert found["moran"].to_numpy() == pytest.approx(peer.Is)
    # Theirs is one tail, ours both.
    assert (found["p"] / 2).to_numpy() == pytest.approx(peer.p_sim, abs=6 * np.sqrt(0.25 / 5000))
    quadrant = np.array(["", "high-high", "low-high", "low-low", "high-low"])[peer.q]
    called = found["quadrant"] != "none"
    assert (found["quadrant"][called] == quadrant[called]).all()


def test_quadrants_say_what_lies_among_what() -> None:
    found = local_moran(clustered(1), "n", adjust="fdr", permutations=9999, random_state=1)
    spike = (found["row"] == 15) & (found["col"] == 15)
    block = found["row"].between(4, 5) & found["col"].between(4, 5)
    assert (found.loc[block, "quadrant"] == "high-high").all()
    assert (found.loc[block, "moran"] > 0).all()
    assert found.loc[spike, "moran"].item() < 0
    around = found["row"].between(14, 16) & found["col"].between(14, 16) & ~spike
    assert set(found.loc[around, "quadrant"]) <= {"low-high", "high-high", "none"}
    assert found.attrs["enough_data"]


def test_weights_of_unequal_size_agree_with_equal_ones_where_they_are_equal() -> None:
    areas = tiles(4)
    graph = libpysal.graph.Graph.build_contiguity(areas, rook=False)
    equal = local_moran(areas, "n", neighbours=graph, permutations=9999, random_state=1)
    halves = local_moran(areas, "n", neighbours=graph.sparse * 0.5, permutations=9999, random_state=2)
    assert halves["moran"].to_numpy() == pytest.approx(equal["moran"].to_numpy())
    assert halves["p"].to_numpy() == pytest.approx(equal["p"].to_numpy(), abs=0.06)
    rows = local_moran(areas, "n", neighbours=graph.transform("r"), permutations=9999, random_state=2)
    assert rows["moran"].to_numpy() == pytest.approx(equal["moran"].to_numpy())


@pytest.mark.parametrize("function", [local_moran, getis_ord])
def test_one_seed_gives_one_answer_on_one_and_two_threads_and_in_any_order(function) -> None:
    areas = tiles(4)
    matrix = libpysal.graph.Graph.build_contiguity(areas, rook=False).sparse.toarray() * np.linspace(
        1, 2, len(areas)
    )
    asked = {"permutations": 199, "random_state": 7}
    one = function(areas, "n", neighbours=matrix, threads=1, **asked)["p"].to_numpy()
    two = function(areas, "n", neighbours=matrix, threads=2, **asked)["p"].to_numpy()
    assert (one == two).all()
    order = np.random.default_rng(0).permutation(len(areas))
    moved = function(areas.iloc[order], "n", neighbours=matrix[np.ix_(order, order)], **asked)["p"].to_numpy()
    assert np.mean(moved == one[order]) > 0.9  # but for areas that have the same value and the same sum


def test_an_island_and_equal_values_have_no_local_moran() -> None:
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1.5), box(50, 0, 51, 1), box(3, 0, 4, 1)]
    areas = gpd.GeoDataFrame({"n": [1, 5, 2, 8, 1]}, geometry=shapes, crs=CRS)
    found = local_moran(areas, "n", permutations=99)
    assert found["moran"].isna().tolist() == [False, False, False, True, False]
    assert found["p"].isna().tolist() == [False, False, False, True, False]
    equal = local_moran(areas.assign(n=3), "n")
    assert equal["p"].isna().all()
    assert (equal["quadrant"] == "none").all()
    assert "equal" in equal.attrs["why"]
    alone = local_moran(areas.head(1), "n")
    assert not alone.attrs["enough_data"]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"permutations": 0}, BadParameter, "permutations"),
        ({"adjust": "holm"}, BadParameter, "fdr"),
        ({"neighbours": "knight"}, BadNeighbours, "rook"),
        ({"neighbours": 40}, BadNeighbours, "100 m apart"),
        ({"significance": 0}, BadParameter, "significance"),
    ],
)
def test_bad_questions_to_local_moran(change, error, words) -> None:
    with pytest.raises(error, match=words):
        local_moran(full_grid(1), "n", **change)
    with pytest.raises(MissingValues):
        local_moran(full_grid(1).assign(n=np.nan), "n")
    with pytest.raises(NoAreas):
        local_moran(full_grid(1).head(0), "n")


# --- neighbours


@pytest.mark.parametrize("function", [moran, getis_ord, local_moran])
def test_a_distance_below_the_size_of_a_cell_is_an_error_with_the_distance_that_fits(function) -> None:
    with pytest.raises(BadNeighbours, match="within 50 m of its centre: the nearest two are 100 m apart"):
        function(full_grid(1), "n", neighbours=50)
    with pytest.raises(BadNeighbours, match="within 1 m"):
        function(tiles(1), "n", neighbours=1)


def test_weights_that_name_the_areas_in_another_order_are_refused() -> None:
    areas = tiles(1)
    graph = libpysal.graph.Graph.build_contiguity(areas, rook=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        w = libpysal.weights.Queen.from_dataframe(areas, use_index=True)
    for weights in (graph, w):
        getis_ord(areas, "n", neighbours=weights)
        with pytest.raises(BadNeighbours, match="another order"):
            getis_ord(areas.iloc[::-1], "n", neighbours=weights)


# --- joins


@pytest.mark.parametrize("kind", ["queen", "rook"])
@pytest.mark.parametrize("make", [full_grid, tiles, clustered], ids=lambda f: f.__name__)
def test_joins_equal_esda(make, kind) -> None:
    areas = make(5)
    areas["b"] = (areas["n"] > areas["n"].median()).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(1)
        peer = esda.Join_Counts(areas["b"].to_numpy(), peer_weights(areas, kind), permutations=999)
    found = join_counts(areas, "b", neighbours=kind, permutations=4999, random_state=1)
    assert (found.bb, found.bw, found.ww) == (peer.bb, peer.bw, peer.ww)
    assert (found.chi2, found.p) == pytest.approx((peer.chi2, peer.chi2_p))
    assert found.p_bb == pytest.approx(peer.p_sim_bb, abs=0.08)
    assert found.p_bw == pytest.approx(peer.p_sim_bw, abs=0.08)
    assert found.expected_bb == pytest.approx(peer.mean_bb, rel=0.05)
    assert found.expected_bw == pytest.approx(peer.mean_bw, rel=0.05)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 6), st.integers(1, 6))
def test_joins_add_up_and_swapping_colours_swaps_them(seed, rows, cols) -> None:
    grid = full_grid(seed, rows, cols)
    grid["b"] = grid["n"] > 1
    found = join_counts(grid, "b", neighbours="rook")
    other = join_counts(grid.assign(b=~grid["b"]), "b", neighbours="rook")
    assert found.bb + found.bw + found.ww == rows * (cols - 1) + cols * (rows - 1)
    assert (found.bb, found.bw, found.ww) == (other.ww, other.bw, other.bb)
    assert found.expected_bb == pytest.approx(other.expected_ww)


def test_joins_of_one_colour_are_not_enough_data() -> None:
    assert "Not enough data" in join_counts(full_grid(1).assign(b=True), "b").summary()
    with pytest.raises(NotCounts, match="holds 2"):
        join_counts(full_grid(1).assign(b=2), "b")

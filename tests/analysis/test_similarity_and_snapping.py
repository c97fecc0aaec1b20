"""Andresen's test of similar patterns, and places for publication."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from shapely import Point, box

from vicus.analysis import make_grid, snap_points, spatial_similarity
from vicus.analysis.errors import BadParameter, DifferentCRS, NothingToCount, NotProjected

GRID = make_grid(gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812), 250)


def layer(xy):
    return gpd.GeoSeries(gpd.points_from_xy(*np.asarray(xy, dtype=float).reshape(-1, 2).T), crs=3812)


def uniform(seed, n, width=1000):
    return layer(np.random.default_rng(seed).uniform(0, 1, (n, 2)) * [width, 1000])


# --- similarity


@pytest.mark.parametrize("adjust", [None, "fdr"])
def test_chi2_of_every_area_equals_scipy(adjust) -> None:
    found = spatial_similarity(uniform(1, 300), uniform(2, 500, 700), GRID, method="chi2", adjust=adjust)
    table = found.table
    for a, b, p in zip(table["base"], table["test"], table["p"], strict=True):
        if a + b:
            expected = chi2_contingency([[a, found.base - a], [b, found.test - b]], correction=False)[1]
            assert p == pytest.approx(expected)
    assert (table["similar"] == (table["p_adjusted"] >= 0.05)).all()
    assert found.s_index == table["similar"].mean()
    west = table["col"] < 2
    assert (table.loc[west & ~table["similar"], "difference"] == 1).all()
    assert (table.loc[table["col"] == 3, "difference"] == -1).all()


def test_where_nothing_differs_chi2_calls_one_area_in_twenty_different() -> None:
    shares = [
        spatial_similarity(uniform(k, 400), uniform(k + 500, 400), GRID, method="chi2").s_index
        for k in range(80)
    ]
    assert np.mean(shares) == pytest.approx(0.95, abs=0.025)


def test_bootstrap_intervals_are_those_of_samples_without_replacement() -> None:
    base, test = uniform(1, 300), uniform(2, 200)
    found = spatial_similarity(base, test, GRID, samples=2000, random_state=1).table
    labels = np.repeat(np.arange(len(found)), found["test"])
    rng = np.random.default_rng(5)
    drawn = np.sort(
        [
            np.bincount(rng.choice(labels, 170, replace=False), minlength=len(found)) / 170
            for _ in range(2000)
        ],
        axis=0,
    )
    assert found["low"].to_numpy() == pytest.approx(drawn[50], abs=2 / 170)
    assert found["high"].to_numpy() == pytest.approx(drawn[1949], abs=2 / 170)
    inside = (found["base_share"] >= found["low"]) & (found["base_share"] <= found["high"])
    assert (found["similar"] == inside).all()
    again = spatial_similarity(base, test, GRID, samples=2000, random_state=1).table
    assert (again["low"] == found["low"]).all()


def test_a_pattern_is_like_itself_and_unlike_another_place() -> None:
    for method in ("bootstrap", "chi2"):
        same = spatial_similarity(uniform(1, 300), uniform(1, 300), GRID, method=method, random_state=1)
        assert same.s_index == same.robust_s_index == 1
        west, east = (
            uniform(1, 400, 500),
            layer(np.random.default_rng(2).uniform(0, 1, (400, 2)) * [500, 1000] + [500, 0]),
        )
        other = spatial_similarity(west, east, GRID, method=method, random_state=1)
        assert other.robust_s_index == 0
        assert "In 0% of 16 areas" in other.summary()


def test_areas_without_events_are_in_the_index_but_not_in_the_robust_one() -> None:
    found = spatial_similarity(uniform(1, 400, 480), uniform(1, 400, 480), GRID, random_state=1)
    assert found.s_index == 1
    half = spatial_similarity(
        uniform(1, 400, 240), layer(np.random.default_rng(1).uniform(260, 490, (400, 2))), GRID
    )
    assert half.robust_s_index < half.s_index
    none = spatial_similarity(uniform(1, 10), layer([]), GRID)
    assert not none.enough_data
    assert np.isnan(none.s_index)
    assert "0 test events" in none.summary()


def test_bad_questions_about_similarity() -> None:
    with pytest.raises(BadParameter, match="chi2"):
        spatial_similarity(uniform(1, 9), uniform(1, 9), GRID, adjust="fdr")
    with pytest.raises(BadParameter, match="bootstrap"):
        spatial_similarity(uniform(1, 9), uniform(1, 9), GRID, method="t")
    with pytest.raises(BadParameter, match="samples"):
        spatial_similarity(uniform(1, 9), uniform(1, 9), GRID, samples=3)
    with pytest.raises(DifferentCRS):
        spatial_similarity(uniform(1, 9).to_crs(31370), uniform(1, 9), GRID)


# --- snapping


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.integers(2, 12))
def test_behind_every_point_stand_enough_addresses(seed, minimum) -> None:
    rng = np.random.default_rng(seed)
    at = rng.integers(0, 60, (rng.integers(minimum, 400), 2)) * 10.0  # several flats at one place
    events = rng.uniform(0, 600, (50, 2))
    found = snap_points(layer(events), layer(at), minimum=minimum)
    assert found["addresses"].min() >= minimum
    by_point = found.groupby([found.geometry.x, found.geometry.y])["addresses"].nunique()
    assert (by_point == 1).all()
    # the addresses of a group are those whose nearest group it is: found again by snapping them
    homes = snap_points(layer(at), layer(at), minimum=minimum)
    counted = homes.groupby([homes.geometry.x, homes.geometry.y])["addresses"].agg(["size", "first"])
    assert (counted["size"] == counted["first"]).all()
    assert homes.attrs["largest_shift"] >= homes.attrs["mean_shift"]
    order = rng.permutation(len(at))
    again = snap_points(layer(events), layer(at[order]), minimum=minimum)
    assert (again.geometry.distance(found.geometry) < 1e-6).all()


def test_columns_index_and_missing_places_are_kept() -> None:
    points = gpd.GeoDataFrame(
        {"kind": ["a", "b", "c"]}, geometry=[Point(1, 1), None, Point(5, 5)], crs=3812, index=[7, 8, 9]
    )
    found = snap_points(points, uniform(1, 100))
    assert found.index.tolist() == [7, 8, 9]
    assert found["kind"].tolist() == ["a", "b", "c"]
    assert found.geometry.isna().tolist() == [False, True, False]
    assert found["addresses"].isna().tolist() == [False, True, False]
    assert found.attrs["missing"] == 1
    assert points.geometry.iloc[0] == Point(1, 1)
    assert len(snap_points(layer([]), uniform(1, 100))) == 0


def test_bad_questions_about_snapping() -> None:
    with pytest.raises(NothingToCount, match="There are 7 addresses; 8"):
        snap_points(uniform(1, 9), uniform(1, 7))
    with pytest.raises(BadParameter, match="minimum"):
        snap_points(uniform(1, 9), uniform(1, 70), minimum=1)
    with pytest.raises(NotProjected):
        snap_points(uniform(1, 9).to_crs(4326), uniform(1, 70))

"""Perimeters proposed from counts."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy import ndimage, stats
from shapely import box

from vicus.analysis import capture_rate, count_points, getis_ord, make_grid, propose_perimeters
from vicus.analysis.errors import BadParameter, ColumnMissing, NothingToCount
from vicus.analysis.proposals import PERMUTATIONS

COLUMNS = {"rank", "n", "area_km2", "density", "harm", "gi_max", "p_adjusted_min", "cells", "geometry"}


def city(seed=0, size=40):
    """Quiet cells with three clusters: dense and small, wide and thinner, and too few events to matter."""
    grid = make_grid(gpd.GeoSeries([box(0, 0, size * 100, size * 100)], crs=3812), 100)
    rng = np.random.default_rng(seed)
    mean = np.full(len(grid), 2.0)
    mean[grid["row"].between(5, 7) & grid["col"].between(5, 7)] = 60
    mean[grid["row"].between(20, 26) & grid["col"].between(20, 26)] = 25
    grid["n"] = rng.poisson(mean)
    grid["harm"] = grid["n"] * np.where(grid["row"] > 15, 10.0, 1.0)
    return grid


def test_planted_clusters_are_found_and_ranked_by_density() -> None:
    proposed = propose_perimeters(city(), count=2)
    assert set(proposed.columns) == COLUMNS
    assert proposed["rank"].tolist() == [1, 2]
    assert proposed["density"].is_monotonic_decreasing
    assert proposed.geometry.iloc[0].covers(box(500, 500, 800, 800))
    wide = box(2000, 2000, 2700, 2700)
    assert proposed.geometry.iloc[1].intersection(wide).area > 0.7 * wide.area
    assert proposed["harm"].isna().all()
    assert proposed.attrs["enough_data"]


def test_figures_are_those_of_the_outline() -> None:
    grid = city()
    proposed = propose_perimeters(grid, count=3)
    events = grid.loc[grid.index.repeat(grid["n"])].geometry.centroid
    assert count_points(events, proposed)["n"].tolist() == proposed["n"].tolist()
    assert proposed.area.to_numpy() / 1e6 == pytest.approx(proposed["area_km2"].to_numpy())
    assert proposed["cells"].to_numpy() == pytest.approx(proposed.area.to_numpy() / 1e4)
    caught = capture_rate(events, proposed, grid)
    assert proposed.attrs["share_events"] == pytest.approx(caught.share_events)
    assert proposed.attrs["share_area"] == pytest.approx(caught.share_area)
    assert proposed.attrs["pai"] == pytest.approx(caught.pai)
    assert proposed.attrs["total_n"] == grid["n"].sum()
    assert proposed.attrs["total_area_km2"] == pytest.approx(16)
    assert (proposed.attrs["cell_size"], proposed.attrs["neighbours"], proposed.attrs["q"]) == (
        100.0,
        "queen",
        0.05,
    )


def test_clusters_are_the_hot_cells_that_touch() -> None:
    grid = city(3)
    scores = getis_ord(grid, "n", adjust="fdr", permutations=PERMUTATIONS, random_state=0)
    hot = np.zeros((40, 40), dtype=bool)
    hot[grid["row"], grid["col"]] = scores["kind"] == "hot"
    label, number = ndimage.label(hot, structure=np.ones((3, 3)))
    proposed = propose_perimeters(grid, count=1000, minimum=0)
    assert len(proposed) == number == proposed.attrs["clusters"]
    assert sorted(proposed["cells"]) == sorted(np.bincount(label.ravel())[1:])
    assert proposed.attrs["hot_cells"] == hot.sum()
    p = scores["p"].to_numpy()
    assert (stats.false_discovery_control(p)[scores["kind"] == "hot"] <= 0.05).all()


def test_harm_moves_the_ranking_and_is_summed() -> None:
    proposed = propose_perimeters(city(), count=2, harm="harm")
    by_place = {bool(g.covers(box(500, 500, 800, 800))): i for i, g in enumerate(proposed.geometry)}
    small = proposed.iloc[by_place[True]]
    assert small["harm"] == small["n"]
    wide = proposed.iloc[by_place[False]]
    assert wide["harm"] == 10 * wide["n"]
    assert wide["rank"] + small["rank"] == 3


def test_a_large_cluster_is_narrowed_to_its_hottest_cells() -> None:
    whole = propose_perimeters(city(), count=50, minimum=0)
    cut = propose_perimeters(city(), count=50, minimum=0, largest=0.2)
    assert whole["area_km2"].max() > 0.3
    assert cut["area_km2"].max() <= 0.2 + 1e-9
    assert shapely.covers(whole.union_all().buffer(1e-6), cut.union_all())
    assert cut["density"].iloc[0] >= whole["density"].iloc[0]


def test_fewer_than_asked_says_why() -> None:
    proposed = propose_perimeters(city(), count=30, minimum=200)
    assert len(proposed) == 2
    assert "30 were asked for" in proposed.attrs["why"]
    flat = city().assign(n=3)
    none = propose_perimeters(flat, count=5)
    assert len(none) == 0
    assert set(none.columns) == COLUMNS
    assert not none.attrs["enough_data"]
    assert "equal" in none.attrs["why"]


def test_pure_chance_gives_hardly_any_proposal() -> None:
    """Without any clustering, also with sparse and uneven counts, a world with a proposal is rarer than one in twenty."""
    grid = make_grid(gpd.GeoSeries([box(0, 0, 3000, 3000)], crs=3812), 100)
    found = worlds = 0
    for mean, dispersion in ((0.2, 1.0), (1.0, 1.0), (5.0, 1.0), (1.0, 3.0), (5.0, 5.0)):
        for seed in range(10):
            rng = np.random.default_rng(seed)
            size = mean / (dispersion - 1) if dispersion > 1 else None
            level = rng.gamma(size, mean / size, len(grid)) if size else np.full(len(grid), mean)
            grid["n"] = rng.poisson(level)
            found += len(propose_perimeters(grid, count=5, q=0.05, minimum=0)) > 0
            worlds += 1
    assert found <= worlds / 20


def test_the_order_of_cells_does_not_matter() -> None:
    grid = city(2)
    one = propose_perimeters(grid, count=5)
    other = propose_perimeters(grid.sample(frac=1, random_state=1).reset_index(drop=True), count=5)
    assert one["n"].tolist() == other["n"].tolist()
    assert shapely.equals(np.asarray(one.geometry.array), np.asarray(other.geometry.array)).all()


def test_bad_questions_are_named() -> None:
    with pytest.raises(BadParameter, match="count"):
        propose_perimeters(city(), count=0)
    with pytest.raises(BadParameter, match="q must"):
        propose_perimeters(city(), count=1, q=5)
    with pytest.raises(ColumnMissing, match="thefts"):
        propose_perimeters(city(), count=1, column="thefts")
    with pytest.raises(NothingToCount, match="no events"):
        propose_perimeters(city().assign(n=0), count=1)

"""Centres, spacing, likeness over areas, interaction, change by area: against peers, and what must not matter."""

import geopandas as gpd
import libpysal
import numpy as np
import pointpats
import pytest
from esda import G, Geary
from hypothesis import given, settings
from hypothesis import strategies as st
from pointpats import centrography, distance_statistics
from scipy.stats import binomtest
from shapely import box

from vicus import analysis
from vicus.analysis import errors

AREA = gpd.GeoSeries([box(0, 0, 1000, 800)], crs=3812)


def layer(xy):
    return gpd.GeoSeries(gpd.points_from_xy(*np.asarray(xy, dtype=float).T), crs=3812)


def scattered(n, seed=3, crowded=False):
    random = np.random.default_rng(seed)
    if crowded:
        return np.clip(random.normal((500, 400), 60, (n, 2)), 1, 799)
    return random.uniform((0, 0), (1000, 800), (n, 2))


def test_centre_and_ellipse_equal_pointpats():
    xy = scattered(60) * (1.0, 0.4)
    ours = analysis.centre(layer(xy))
    assert (ours.x, ours.y) == pytest.approx(tuple(centrography.mean_center(xy)))
    assert ours.standard_distance == pytest.approx(centrography.std_distance(xy))
    assert (ours.median_x, ours.median_y) == pytest.approx(tuple(centrography.euclidean_median(xy)), abs=0.01)
    major, minor, _angle = centrography.ellipse(xy)
    assert sorted((ours.major, ours.minor)) == pytest.approx(sorted((major, minor)))
    assert ours.ellipse.area == pytest.approx(np.pi * major * minor, rel=0.01)


def test_the_ellipse_points_along_the_pattern():
    along = np.linspace(0, 1000, 50)
    north_east = analysis.centre(layer(np.column_stack((along, along + np.sin(along)))))
    assert north_east.angle == pytest.approx(45, abs=1)
    west, south, east, north = north_east.ellipse.bounds
    assert (east - west) == pytest.approx(north - south, rel=0.02)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=3, max_size=30), st.integers(0, 99)
)
def test_centres_follow_translation_and_do_not_mind_the_order_of_rows(xy, seed):
    xy = np.array(xy, dtype=float)
    order = np.random.default_rng(seed).permutation(len(xy))
    here, moved = analysis.centre(layer(xy)), analysis.centre(layer(xy[order] + (100_000, 50_000)))
    assert (moved.x - 100_000, moved.y - 50_000) == pytest.approx((here.x, here.y), abs=1e-6)
    assert moved.standard_distance == pytest.approx(here.standard_distance, abs=1e-6)
    assert (moved.major, moved.minor) == pytest.approx((here.major, here.minor), rel=1e-6, abs=1e-4)


def test_weights_reach_the_centre_as_repetition_does():
    xy = scattered(12)
    times = np.arange(1, 13)
    weighted, repeated = (
        analysis.centre(layer(xy), weights=times),
        analysis.centre(layer(np.repeat(xy, times, 0))),
    )
    assert (weighted.x, weighted.y) == pytest.approx((repeated.x, repeated.y))
    assert (weighted.median_x, weighted.median_y) == pytest.approx(
        (repeated.median_x, repeated.median_y), abs=1e-3
    )
    assert weighted.standard_distance == pytest.approx(repeated.standard_distance)


def cells_with(values):
    grid = analysis.make_grid(gpd.GeoSeries([box(0, 0, 1000, 600)], crs=3812), 100)
    return grid.assign(n=values[: len(grid)])


def test_geary_and_general_g_equal_esda():
    cells = cells_with(np.random.default_rng(5).poisson(4, 60).astype(float))
    weights = libpysal.weights.Queen.from_dataframe(cells, use_index=False)
    ours = analysis.geary(cells, "n", random_state=1)
    weights.transform = "b"
    assert ours.c == pytest.approx(
        Geary(cells["n"].to_numpy(), weights, transformation="b", permutations=0).C
    )
    high = analysis.general_g(cells, "n", random_state=1)
    theirs = G(cells["n"].to_numpy(), weights, permutations=0)
    assert (high.g, high.expected) == pytest.approx((theirs.G, theirs.EG))
    assert high.z == pytest.approx(theirs.z_norm, abs=0.25)


def test_a_gradient_is_found():
    slope = cells_with(np.repeat(np.arange(6.0), 10))
    assert analysis.geary(slope, "n", random_state=1).p < 0.01
    assert analysis.geary(slope, "n", random_state=1).z < 0
    assert "Not enough data" in analysis.geary(cells_with(np.ones(60)), "n").summary()
    assert "Not enough data" in analysis.general_g(cells_with(np.ones(60)), "n").summary()


@pytest.mark.parametrize("test", [analysis.geary, analysis.general_g])
def test_noise_is_called_a_pattern_as_seldom_as_it_should(test):
    worlds = [cells_with(np.random.default_rng(seed).poisson(4, 60).astype(float)) for seed in range(200)]
    rejected = [test(world, "n", permutations=99, random_state=1).p < 0.05 for world in worlds]
    assert 0.01 < np.mean(rejected) < 0.09


def test_ripley_equals_pointpats_but_for_the_pair_of_a_point_with_itself():
    xy = scattered(70)
    distances = np.array([40.0, 80.0, 160.0])
    theirs = distance_statistics.k(xy, support=distances)[1]
    hull = theirs / (_pairs(xy, distances) * 2 / len(xy) ** 2)
    ours = analysis.ripley(layer(xy), AREA, distances, simulations=19, random_state=1)
    n = len(xy)
    assert ours.k == pytest.approx(theirs / hull * AREA.area.sum() * n / (n - 1))


def _pairs(xy, distances):
    from scipy.spatial.distance import pdist

    return (pdist(xy) < distances[:, None]).sum(axis=1)


def test_crowded_events_are_told_from_scattered_ones():
    scatter, crowd = layer(scattered(90)), layer(scattered(90, crowded=True))
    steps = [25, 50, 100]
    assert analysis.ripley(crowd, AREA, steps, simulations=99, random_state=1).p == pytest.approx(0.01)
    assert analysis.ripley(scatter, AREA, steps, simulations=99, random_state=1).p > 0.05
    assert analysis.nearest_neighbours(crowd, AREA).ratio < 0.5
    assert 0.85 < analysis.nearest_neighbours(scatter, AREA).ratio < 1.15
    assert analysis.quadrat_test(crowd, AREA, cell_size=400).p < 1e-6
    assert analysis.quadrat_test(layer(scattered(400)), AREA, cell_size=200).p > 0.01
    assert not analysis.quadrat_test(scatter, AREA, cell_size=50).enough_data


def test_the_spacing_tests_keep_their_level():
    rejected = [analysis.nearest_neighbours(layer(scattered(60, seed)), AREA).p < 0.05 for seed in range(300)]
    assert 0.02 < np.mean(rejected) < 0.085


@pytest.mark.filterwarnings("ignore:The weights matrix is not fully connected")
def test_mantel_and_jacquez_equal_pointpats():
    random = np.random.default_rng(2)
    xy, days = random.uniform(0, 1000, (50, 2)), random.uniform(0, 365, 50)
    theirs = pointpats.mantel(xy, days[:, None], permutations=0)
    ours = analysis.mantel(xy, days, permutations=19, random_state=1)
    assert ours.statistic == pytest.approx(theirs, rel=1e-6)
    assert analysis.jacquez(xy, days, k=3, permutations=19, random_state=1).statistic == pointpats.jacquez(
        xy, days[:, None], k=3, permutations=0
    )


def test_events_that_spread_are_found_by_both():
    random = np.random.default_rng(4)
    first = random.uniform(0, 5000, (40, 2))
    when = random.uniform(0, 365, 40)
    xy, days = (
        np.vstack((first, first + random.normal(0, 30, (40, 2)))),
        np.r_[when, when + random.uniform(0, 3, 40)],
    )
    assert analysis.mantel(xy, days, permutations=99, random_state=1).p == pytest.approx(0.01)
    assert analysis.jacquez(xy, days, k=1, permutations=99, random_state=1).p == pytest.approx(0.01)
    order = random.permutation(80)
    again = analysis.jacquez(xy[order], days[order], k=1, permutations=19, random_state=1)
    assert again.statistic == analysis.jacquez(xy, days, k=1, permutations=19, random_state=1).statistic


def test_change_by_area_equals_the_exact_binomial_test_and_corrects_for_many():
    cells = analysis.make_grid(AREA, 200)
    before, after = (
        layer(scattered(120, 1)),
        layer(np.vstack((scattered(120, 2), scattered(60, 3, crowded=True)))),
    )
    table = analysis.count_change(before, after, cells, exposure=(2, 1))
    assert table["before"].sum() == 120
    assert table["after"].sum() == 180
    for row in table.itertuples():
        n = row.before + row.after
        exact = 2 * min(
            binomtest(row.after, n, 1 / 3, alternative=side).pvalue for side in ("less", "greater")
        ) if n else 1.0  # fmt: skip
        assert row.p == pytest.approx(min(1.0, exact))
    assert (table["p_adjusted"] >= table["p"]).all()
    assert table.loc[table["p_adjusted"].idxmin(), "geometry"].intersects(box(400, 300, 600, 500))


def test_bands_nest_and_hold_what_they_say():
    grid = analysis.make_grid(AREA, 50)
    surface = analysis.kernel_density(layer(scattered(200, crowded=True)), grid, bandwidth=120)
    bands = analysis.density_bands(surface, shares=(0.5, 0.9, 0.25))
    assert list(bands["share"]) == [0.25, 0.5, 0.9]
    assert (bands["held"] >= bands["share"]).all()
    shapes = list(bands.geometry)
    assert shapes[1].buffer(0.01).contains(shapes[0])
    assert shapes[2].buffer(0.01).contains(shapes[1])


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (lambda: analysis.centre(layer(np.empty((0, 2)))), errors.NothingToCount),
        (lambda: analysis.centre(layer([(4.3, 50.8)]).set_crs(4326, allow_override=True)), errors.NotProjected),
        (lambda: analysis.ripley(layer(scattered(9)), AREA, [100, 50]), errors.BadParameter),
        (lambda: analysis.ripley(layer(scattered(2)), AREA, [50]), errors.NothingToCount),
        (lambda: analysis.nearest_neighbours(layer(scattered(9) + 5000), AREA), errors.NothingToCount),
        (lambda: analysis.mantel(scattered(3), [1, 2, np.nan]), errors.MissingTimes),
        (lambda: analysis.mantel(scattered(3), [1, 1, 2], time=(0, -1)), errors.BadParameter),
        (lambda: analysis.jacquez(scattered(4), [1, 2, 3, 4], k=4), errors.BadParameter),
        (lambda: analysis.general_g(cells_with(-np.ones(60)), "n"), errors.NotCounts),
        (lambda: analysis.density_bands(cells_with(np.zeros(60)), "n"), errors.NothingToCount),
        (lambda: analysis.density_bands(cells_with(np.ones(60)), "n", shares=(50,)), errors.BadParameter),
        (lambda: analysis.count_change(AREA.centroid, AREA.centroid, cells_with(np.ones(60)), exposure=(0, 1)),
         errors.BadParameter),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_so(asked, error):
    with pytest.raises(error):
        asked()

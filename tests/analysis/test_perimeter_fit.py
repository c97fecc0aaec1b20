"""Does a perimeter still hold its problem?"""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from shapely import Point, box

from vicus.analysis import perimeter_fit
from vicus.analysis.errors import DifferentCRS, LengthMismatch, NoAreas, NothingToCount

SQUARE = gpd.GeoSeries([box(400, 400, 600, 600)], crs=3812)


def layer(xy):
    return gpd.GeoSeries(gpd.points_from_xy(*np.asarray(xy, dtype=float).reshape(-1, 2).T), crs=3812)


def events(seed, centre=(500, 500), n=200):
    rng = np.random.default_rng(seed)
    return np.vstack((rng.normal(centre, 50, (n, 2)), rng.uniform(0, 1000, (200, 2))))


def test_figures_are_those_of_their_definition() -> None:
    xy = events(1)
    fit = perimeter_fit(layer(xy), SQUARE, reach=100)
    ground = SQUARE.buffer(100).iloc[0]
    near, inside = layer(xy).within(ground).sum(), layer(xy).within(SQUARE.iloc[0]).sum()
    assert (fit.near, fit.inside) == (near, inside)
    assert fit.share_area == pytest.approx(200**2 / ground.area)
    assert fit.pai == pytest.approx(inside / near / fit.share_area)
    assert fit.p == pytest.approx(stats.binom.sf(inside - 1, near, fit.share_area), abs=1e-12)
    mean = xy[layer(xy).within(ground)].mean(axis=0)
    assert fit.drift == pytest.approx(np.hypot(*(mean - 500)))
    assert "still holds its problem" in fit.summary()


@pytest.mark.parametrize(
    ("centre", "direction"), [((500, 600), 0), ((600, 500), 90), ((500, 400), 180), ((400, 500), 270)]
)
def test_a_problem_that_moved_is_followed(centre, direction) -> None:
    fit = perimeter_fit(layer(events(2, centre)), SQUARE)
    assert fit.drift > 3 * fit.drift_error
    assert np.cos(np.radians(fit.direction - direction)) > 0.95
    assert fit.best_inside > fit.inside
    assert fit.best_pai > fit.pai
    assert np.hypot(fit.best.centroid.x - centre[0], fit.best.centroid.y - centre[1]) < 50
    assert fit.shift == pytest.approx(np.hypot(fit.best.centroid.x - 500, fit.best.centroid.y - 500))
    assert fit.best.area == pytest.approx(200**2)
    assert layer(events(2, centre)).within(fit.best).sum() == fit.best_inside


def test_a_problem_that_left_is_not_held() -> None:
    rng = np.random.default_rng(3)
    fit = perimeter_fit(layer(rng.uniform(0, 1000, (3000, 2))), SQUARE)
    assert fit.p > 0.05
    assert "no denser than its surroundings" in fit.summary()
    assert fit.drift < 3 * fit.drift_error


def test_surroundings_end_where_the_area_does() -> None:
    half = gpd.GeoSeries([box(0, 0, 500, 1000)], crs=3812)
    fit = perimeter_fit(layer(events(1)), SQUARE, area=half, reach=100)
    assert fit.inside == layer(events(1)).within(box(400, 400, 500, 600)).sum()
    assert fit.share_area == pytest.approx(
        100 * 200 / SQUARE.buffer(100).iloc[0].intersection(half.iloc[0]).area
    )
    with pytest.raises(NothingToCount, match="right place"):
        perimeter_fit(layer(events(1)), SQUARE, area=gpd.GeoSeries([box(5000, 0, 6000, 100)], crs=3812))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9999), st.floats(-1e5, 1e5))
def test_order_place_and_weights_of_one_do_not_matter(seed, shift) -> None:
    xy = events(seed, n=60)
    fit = perimeter_fit(layer(xy), SQUARE, reach=100)
    order = np.random.default_rng(0).permutation(len(xy))
    moved = perimeter_fit(
        layer(xy[order] + shift), SQUARE.translate(shift, shift), reach=100, weights=np.ones(len(xy))
    )
    assert (moved.inside, moved.near) == (fit.inside, fit.near)
    assert moved.drift == pytest.approx(fit.drift, abs=1e-3)
    assert np.isnan(moved.p)


def test_few_events_say_so() -> None:
    for xy in ([], [(500, 500)], [(9e5, 9e5)] * 50):
        fit = perimeter_fit(layer(xy), SQUARE)
        assert not fit.enough_data
        assert "20 are needed" in fit.summary()
    lost = gpd.GeoSeries([Point(500, 500), None, Point()], crs=3812)
    assert perimeter_fit(lost, SQUARE).near == 1


def test_bad_questions_are_named() -> None:
    with pytest.raises(DifferentCRS):
        perimeter_fit(layer([(1, 1)]).to_crs(31370), SQUARE)
    with pytest.raises(NoAreas):
        perimeter_fit(layer([(1, 1)]), SQUARE.centroid)
    with pytest.raises(LengthMismatch):
        perimeter_fit(layer([(1, 1)]), SQUARE, weights=[1, 2])

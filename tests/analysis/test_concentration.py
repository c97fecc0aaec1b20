"""Concentration of events, and accuracy of predictions."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from vicus.analysis import capture_rate, gini, lorenz, pai
from vicus.analysis.errors import BadParameter, LengthMismatch, MissingValues, NotCounts, NothingToCount

some = st.lists(st.integers(0, 50), min_size=2, max_size=60).filter(lambda c: sum(c) > 1)


@pytest.mark.parametrize(
    ("counts", "options", "expected"),
    [
        ([10, 8, 2] + [0] * 7, {"unbiased": False}, 0.78),
        ([10, 8, 2] + [0] * 7, {"unbiased": False, "generalised": False}, 0.78),
        ([5, 2, 1] + [0] * 7, {"unbiased": False, "generalised": False}, 0.80),
        ([5, 2, 1] + [0] * 7, {"unbiased": False}, 0.75),
        ([10] + [0] * 9, {"unbiased": False, "generalised": False}, 0.9),
        ([10] + [0] * 9, {"generalised": False}, 1.0),
        ([10] + [0] * 99, {"generalised": False, "unbiased": False}, 0.99),
        ([10] + [0] * 99, {}, 1.0),
        ([1] * 8 + [0] * 92, {}, 0.0),
    ],
)
def test_worked_values_of_bernasco_and_steenbeek(counts, options, expected) -> None:
    assert gini(counts, **options) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(some)
def test_gini_is_the_mean_difference_between_pairs(counts: list[int]) -> None:
    x = np.array(counts, dtype=float)
    expected = np.abs(x[:, None] - x).sum() / (2 * len(x) ** 2 * x.mean())
    assert gini(counts, generalised=False, unbiased=False) == pytest.approx(expected, abs=1e-9)
    assert -1e-9 <= gini(counts) <= 1 + 1e-9
    assert gini(counts) == pytest.approx(gini(counts[::-1]))


def test_gini_of_one_event_cannot_be_said() -> None:
    assert math.isnan(gini([1, 0, 0]))
    assert math.isnan(gini([7]))


@settings(max_examples=60, deadline=None)
@given(some)
def test_lorenz_rises_from_nothing_to_all_and_bends_one_way(counts: list[int]) -> None:
    curve = lorenz(counts)
    assert curve.share_of_places[[0, -1]].tolist() == [0, 1]
    assert curve.share_of_events[0] == 0
    assert curve.share_of_events[-1] == pytest.approx(1)
    steps = np.diff(curve.share_of_events)
    assert (steps >= -1e-12).all()
    assert (np.diff(steps) <= 1e-12).all()
    area = np.trapezoid(curve.share_of_events, curve.share_of_places)
    assert 2 * area - 1 == pytest.approx(gini(counts, generalised=False, unbiased=False), abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "error"),
    [([], NothingToCount), ([0, 0], NothingToCount), ([-1, 2], NotCounts), ([np.nan], MissingValues)],
)
def test_shares_of_nothing_are_refused(counts, error) -> None:
    for function in (gini, lorenz):
        with pytest.raises(error):
            function(counts)


# --- predictions


def test_worked_table_of_ptools() -> None:
    table = pai([6, 7, 3, 2, 1, 0], [8, 4, 4, 2, 1, 0], [1] * 6)
    # Places 1 and 2 tie; the one with fewer events is taken first.
    assert table.index.tolist() == [0, 2, 1, 3, 4, 5]
    caught, best = np.array([6, 9, 16, 18, 19, 19]), np.array([7, 13, 16, 18, 19, 19])
    share = np.arange(1, 7) / 6
    assert table["share_area"].to_numpy() == pytest.approx(share)
    assert table["share_events"].to_numpy() == pytest.approx(caught / 19)
    assert table["pai"].to_numpy() == pytest.approx(caught / 19 / share)
    assert table["pei"].to_numpy() == pytest.approx(caught / best)
    assert table["rri"].to_numpy() == pytest.approx(np.array([8, 12, 16, 18, 19, 19]) / caught)


@settings(max_examples=60, deadline=None)
@given(some, st.integers(0, 999))
def test_no_prediction_beats_the_outcome_itself(counts: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    area, guess = rng.uniform(0.1, 3, len(counts)), rng.integers(0, 5, len(counts))
    table = pai(counts, guess, area)
    assert (table["pei"] <= 1 + 1e-9).all()
    assert pai(counts, counts, area)["pei"].to_numpy() == pytest.approx(1)
    assert table["pai"].iloc[-1] == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(some, st.integers(0, 999))
def test_ties_are_taken_against_us(counts: list[int], seed: int) -> None:
    """A prediction that is the same everywhere earns the least that any order would."""
    order = np.random.default_rng(seed).permutation(len(counts))
    any_order = np.cumsum(np.array(counts)[order]) / sum(counts)
    worst = pai(counts, np.ones(len(counts)), np.ones(len(counts)))["share_events"].to_numpy()
    assert (worst <= any_order + 1e-12).all()
    assert worst == pytest.approx(np.cumsum(np.sort(counts)) / sum(counts))


def test_the_index_of_a_series_comes_back_in_order_of_choice() -> None:
    observed = pd.Series([1, 5], index=["north", "south"])
    assert pai(observed, [2, 9], [1, 1]).index.tolist() == ["south", "north"]


def test_pai_names_bad_input() -> None:
    with pytest.raises(BadParameter, match="area must be above 0"):
        pai([1, 2], [1, 2], [1, 0])
    with pytest.raises(LengthMismatch, match="predicted has 3"):
        pai([1, 2], [1, 2, 3], [1, 1])
    with pytest.raises(NothingToCount):
        pai([0, 0], [1, 2], [1, 1])


# --- perimeters

AREA = gpd.GeoSeries([box(0, 0, 1000, 500), box(0, 500, 1000, 1000)], crs=3812)


def test_capture_equals_shapely_and_overlap_counts_once() -> None:
    rng = np.random.default_rng(0)
    xy = rng.uniform(-100, 1100, (5000, 2))
    points = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=3812)
    perimeters = gpd.GeoSeries(
        [box(100, 100, 300, 300), box(200, 200, 400, 400), box(900, 900, 1200, 1200)], crs=3812
    )
    whole, union = AREA.union_all(), perimeters.union_all()
    inside = shapely.contains(union.intersection(whole), np.asarray(points.array)).sum()
    total = shapely.contains(whole, np.asarray(points.array)).sum()
    found = capture_rate(points, perimeters, AREA)
    assert (found.inside, found.total) == (inside, total)
    assert found.outside == 5000 - total
    assert found.share_area == pytest.approx((70_000 + 10_000) / 1e6)
    assert found.pai == pytest.approx(inside / total / 0.08)


def test_capture_with_weights_and_missing_points() -> None:
    points = gpd.GeoSeries([shapely.Point(50, 50), shapely.Point(700, 700), None], crs=3812)
    found = capture_rate(points, gpd.GeoSeries([box(0, 0, 100, 100)], crs=3812), AREA, weights=[3, 1, 100])
    assert (found.share_events, found.missing, found.outside) == (0.75, 1, 0.0)


def test_capture_without_events_is_not_enough_data() -> None:
    found = capture_rate(gpd.GeoSeries([], crs=3812), gpd.GeoSeries([box(0, 0, 100, 100)], crs=3812), AREA)
    assert found.summary().startswith("Not enough data")
    with pytest.raises(NothingToCount, match="right place"):
        capture_rate(gpd.GeoSeries([], crs=3812), gpd.GeoSeries([box(5000, 0, 5100, 100)], crs=3812), AREA)

"""Actions against their control: harm, sums over time, the quotient, and counts that vary beyond chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vicus.analysis import cumulative_wdd, dispersion, harm_wdd, wdd, wdq
from vicus.analysis.errors import BadParameter, LengthMismatch, MissingValues, NotCounts, NothingToCount

PAIR = st.tuples(st.integers(0, 400), st.integers(0, 400))


# --- harm


def test_worked_value_of_wheeler_on_harm() -> None:
    pairs = [
        ((130, 74), (133, 91)),
        ((327, 202), (388, 305)),
        ((398, 190), (148, 97)),
        ((144, 92), (86, 64)),
        ((183, 96), (94, 67)),
    ]
    r = harm_wdd([wdd(t, c) for t, c in pairs], [3, 2, 5, 7, 10])
    assert (r.total, r.total_se, r.z) == pytest.approx((-1721, 304.1036007678962, -5.659255581500118))
    assert (r.low, r.high) == pytest.approx((-2317.0321050740235, -1124.9678949259765))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(PAIR, PAIR, st.floats(0.1, 100)), min_size=1, max_size=6), st.floats(0.1, 50))
def test_harm_scales_with_its_weights_and_forgets_the_order(rows, factor) -> None:
    tests = [wdd(t, c) for t, c, _ in rows]
    weights = [w for _, _, w in rows]
    r = harm_wdd(tests, weights)
    scaled = harm_wdd(tests, [factor * w for w in weights])
    turned = harm_wdd(tests[::-1], weights[::-1])
    assert scaled.total == pytest.approx(factor * r.total, abs=1e-6)
    assert scaled.total_se == pytest.approx(factor * r.total_se, abs=1e-6)
    assert (turned.total, turned.total_se) == pytest.approx((r.total, r.total_se))
    assert scaled.z == pytest.approx(r.z, nan_ok=True)


def test_harm_of_one_kind_is_that_test() -> None:
    one = wdd((207, 110), (308, 318), (178, 157), (150, 140))
    r = harm_wdd([one], [1])
    assert (r.total, r.z, r.low, r.high, r.p) == pytest.approx((one.total, one.z, one.low, one.high, one.p))


def test_harm_names_bad_input_and_says_when_there_is_nothing() -> None:
    with pytest.raises(NothingToCount):
        harm_wdd([], [])
    with pytest.raises(LengthMismatch):
        harm_wdd([wdd((1, 2), (3, 4))], [1, 2])
    with pytest.raises(MissingValues):
        harm_wdd([wdd((1, 2), (3, 4))], [np.nan])
    assert harm_wdd([wdd((0, 0), (0, 0))], [2]).summary().startswith("Not enough data")


# --- period by period


@settings(max_examples=50, deadline=None)
@given(st.lists(PAIR, min_size=1, max_size=40), st.floats(0.5, 0.99))
def test_each_row_is_the_comparison_of_the_sums_so_far(rows, confidence) -> None:
    treated, control = zip(*rows, strict=True)
    table = cumulative_wdd(treated, control, confidence=confidence)
    last = table.iloc[-1]
    t, c = sum(treated), sum(control)
    z = stats.norm.ppf(0.5 + confidence / 2)
    assert (last.treated, last.control, last.difference) == (t, c, t - c)
    assert (last.se, last.high - last.low) == pytest.approx((np.sqrt(t + c), 2 * z * np.sqrt(t + c)))
    if t and c:
        spread = z * np.sqrt(1 / t + 1 / c)
        assert np.log([last.irr, last.irr_low, last.irr_high]) == pytest.approx(
            np.log(t / c) + np.array([0, -spread, spread])
        )
    else:
        assert np.isnan(last[["irr", "irr_low", "irr_high"]].to_numpy(float)).all()
    # cutting the record short does not change what came before
    half = cumulative_wdd(treated[: len(rows) // 2 + 1], control[: len(rows) // 2 + 1], confidence=confidence)
    pd.testing.assert_frame_equal(half, table.iloc[: len(half)])


def test_sums_keep_the_index_and_an_empty_record_is_an_empty_table() -> None:
    months = pd.period_range("2024-01", periods=3, freq="M")
    assert cumulative_wdd(pd.Series([1, 2, 3], index=months), [1, 1, 1]).index.equals(months)
    assert cumulative_wdd([], []).shape == (0, 9)
    with pytest.raises(LengthMismatch):
        cumulative_wdd([1], [1, 2])
    with pytest.raises(MissingValues):
        cumulative_wdd([np.nan], [1])


# --- the quotient


def test_worked_value_of_the_displacement_quotient() -> None:
    r = wdq(buffer=(50, 45), control=(200, 190), action=(100, 70))
    assert (round(r.quotient, 2), r.total_net_effect, r.gross_effect) == (0.10, 27.5, 30)
    assert round(r.net_effect, 3) == 0.132
    assert "nothing moved" in r.summary()


def test_the_quotient_tells_displacement_from_spread_benefit() -> None:
    moved = wdq((100, 70), (50, 60), (200, 200))
    assert moved.quotient == pytest.approx(-10 / 30)
    assert "33% of the gain moved" in moved.summary()
    assert "more moved" in wdq((100, 90), (50, 80), (200, 200)).summary()


def test_the_quotient_is_none_where_a_denominator_is_zero() -> None:
    for pairs, words in (
        (((10, 5), (5, 5), (0, 10)), "no events before"),
        (((10, 5), (5, 5), (10, 0)), "no events after"),
        (((10, 10), (5, 5), (10, 10)), "nothing was gained"),
    ):
        r = wdq(*pairs)
        assert r.quotient is None
        assert words in r.summary()


def test_an_area_that_gained_nothing_has_no_gain_to_move() -> None:
    r = wdq((100, 120), (50, 45), (200, 190))
    assert r.quotient is not None
    assert "Not enough data" in r.summary()
    with pytest.raises(LengthMismatch, match="buffer"):
        wdq((1, 2), (1, 2, 3), (1, 2))
    with pytest.raises(NotCounts):
        wdq((1, -2), (1, 2), (1, 2))


# --- counts that vary beyond chance


def test_dispersion_is_pearson_over_its_degrees_of_freedom() -> None:
    y = [4, 9, 2, 14, 6, 3, 11, 8, 1, 12, 7, 7]
    found = dispersion(y)
    assert found.phi == pytest.approx(np.var(y, ddof=1) / np.mean(y))
    assert found.freedom == 11
    x2 = found.phi * 11
    assert (found.low, found.high) == pytest.approx(
        (x2 / stats.chi2.ppf(0.975, 11), x2 / stats.chi2.ppf(0.025, 11))
    )
    two = dispersion([y, [2 * v for v in y]])
    assert two.phi == pytest.approx(1.5 * found.phi)
    assert two.freedom == 22


def test_a_season_is_no_dispersion() -> None:
    year = np.array([5, 8, 12, 20, 30, 40, 44, 39, 28, 17, 9, 6])
    history = np.concatenate((year, 2 * year, 3 * year))
    assert dispersion(history).phi > 5
    assert dispersion(history, season=12).phi == pytest.approx(0, abs=1e-9)
    table = np.array([[3, 8, 5], [9, 2, 7], [4, 4, 12], [1, 6, 3], [8, 8, 1], [2, 5, 9]])
    found = dispersion([99, *table.ravel()], season=3)  # full cycles are counted back from the end
    chi2 = stats.chi2_contingency(table)
    assert (found.phi, found.freedom) == pytest.approx((chi2.statistic / chi2.dof, chi2.dof))


def test_too_little_for_a_dispersion_is_said() -> None:
    assert not dispersion([3, 5, 2]).enough_data
    assert not dispersion([0] * 50).enough_data
    assert dispersion([]).summary().startswith("Not enough data")
    with pytest.raises(BadParameter, match="could not be estimated"):
        wdd((5, 5), (5, 5), dispersion=dispersion([3, 5, 2]))
    with pytest.raises(BadParameter, match="season"):
        dispersion([1, 2], season=1)
    with pytest.raises(MissingValues):
        dispersion([1, np.nan, 2])


def test_wdd_with_an_estimated_dispersion_uses_student() -> None:
    found = dispersion([4, 9, 2, 14, 6, 3, 11, 8, 1, 12, 7, 7])
    plain, wide = wdd((207, 110), (308, 318)), wdd((207, 110), (308, 318), dispersion=found)
    error = plain.total_se * np.sqrt(found.phi)
    assert wide.total_se == pytest.approx(error)
    assert wide.high - wide.total == pytest.approx(stats.t(11).ppf(0.975) * error)
    assert wide.p == pytest.approx(stats.t(11).cdf(wide.total / error))
    # less than chance is taken as chance
    calm = dispersion([7] * 12)
    assert wdd((207, 110), (308, 318), dispersion=calm) == plain

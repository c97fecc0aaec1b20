"""Two counts, many places, and actions against their control."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from vicus.analysis import e_test, funnel, poisson_z, wdd
from vicus.analysis.errors import BadParameter, LengthMismatch, MissingValues, NotCounts

# --- two counts


def test_poisson_z_is_twice_the_difference_of_roots() -> None:
    assert poisson_z(16, 25) == -2.0
    assert poisson_z([9, 0], [4, 0]).tolist() == [2.0, 0.0]
    with pytest.raises(NotCounts):
        poisson_z(-1, 4)


def test_worked_values_of_krishnamoorthy_and_thomson() -> None:
    assert round(e_test(0, 100, 3, 100), 4) == 0.0884
    assert round(e_test(2, 100, 6, 100), 4) == 0.1749


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 40),
    st.floats(0.5, 20),
    st.integers(0, 40),
    st.floats(0.5, 20),
    st.sampled_from([("two-sided", "two-sided"), ("greater", "larger"), ("less", "smaller")]),
)
def test_e_test_equals_statsmodels_also_when_exposures_differ(k1, n1, k2, n2, sides) -> None:
    assume(k1 + k2 > 0)  # without any event the peer has no rate to test; see the next test
    mine, peer = sides
    with np.errstate(divide="ignore"):  # it also reports the ratio of the rates
        peer_result = poisson_2indep(
            k1, n1, k2, n2, method="etest-wald", compare="diff", value=0, alternative=peer
        )
    expected = peer_result.pvalue
    assert e_test(k1, n1, k2, n2, alternative=mine) == pytest.approx(expected, abs=1e-6)


def test_e_test_without_events_finds_nothing() -> None:
    assert e_test(0, 1, 0, 1) == 1.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.floats(0.1, 10), st.integers(0, 60), st.floats(0.1, 10))
def test_e_test_is_symmetric_and_bounded(k1, n1, k2, n2) -> None:
    p = e_test(k1, n1, k2, n2)
    assert 0 <= p <= 1
    assert p == pytest.approx(e_test(k2, n2, k1, n1), abs=1e-9)
    assert e_test(k1, n1, k2, n2, alternative="less") == pytest.approx(
        e_test(k2, n2, k1, n1, alternative="greater"), abs=1e-9
    )


def test_e_test_with_a_difference_by_hand() -> None:
    k1, k2, d = 9, 3, 2.0
    rate2 = (k1 + k2) / 2 - d / 2
    rate1 = rate2 + d
    x = np.arange(80)
    px, py = stats.poisson(rate1).pmf(x), stats.poisson(rate2).pmf(x)
    spread = np.sqrt(x[:, None] + x[None, :] + 0.0)
    spread[0, 0] = 1e-300
    t = (x[:, None] - x[None, :] - d) / spread
    seen = (k1 - k2 - d) / np.sqrt(k1 + k2)
    expected = (px[:, None] * py[None, :])[np.abs(t) >= abs(seen) - 1e-12].sum()
    assert e_test(k1, 1, k2, 1, difference=d) == pytest.approx(expected, abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 25),
    st.floats(0.3, 5),
    st.integers(0, 25),
    st.floats(0.3, 5),
    st.floats(-4, 4),
    st.sampled_from(["two-sided", "greater", "less"]),
)
def test_e_test_adds_up_every_extreme_pair(k1, n1, k2, n2, d, side) -> None:
    rate2 = (k1 + k2 - d * n1) / (n1 + n2)
    x = np.arange(160.0)
    px = stats.poisson(max(rate2 + d, 0) * n1).pmf(x)
    py = stats.poisson(max(rate2, 0) * n2).pmf(x)

    def statistic(one, two):
        top, spread = one / n1 - two / n2 - d, np.sqrt(one / n1**2 + two / n2**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(spread > 0, top / spread, np.where(top == 0, 0, np.copysign(np.inf, top)))

    seen, t = float(statistic(np.float64(k1), np.float64(k2))), statistic(x[:, None], x[None, :])
    near = 1e-10 * max(1, abs(seen)) if np.isfinite(seen) else 0
    extreme = {
        "two-sided": np.abs(t) >= abs(seen) - near,
        "greater": t >= seen - near,
        "less": t <= seen + near,
    }[side]
    expected = min(float(px @ extreme @ py), 1)
    assert e_test(k1, n1, k2, n2, difference=d, alternative=side) == pytest.approx(expected, abs=1e-9)


def test_e_test_with_a_difference_and_no_event_at_all() -> None:
    # No other pair is as far from a difference of 2 as two counts of 0: their own probability is left.
    assert e_test(0, 1, 0, 1, difference=2.0) == pytest.approx(np.exp(-1))
    assert e_test(0, 1, 0, 1, difference=2.0, alternative="greater") == pytest.approx(1)


def test_large_counts_stay_exact() -> None:
    assert e_test(100_000, 1, 101_000, 1) == pytest.approx(
        2 * stats.norm.sf(1000 / np.sqrt(201_000)), rel=0.01
    )


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        ((-1, 1, 2, 1), {}, NotCounts),
        ((1.5, 1, 2, 1), {}, NotCounts),
        ((1, 0, 2, 1), {}, BadParameter),
        ((1, 1, 2, 1), {"alternative": "both"}, BadParameter),
        ((1, 1, 2, 1), {"difference": np.inf}, BadParameter),
        ((np.nan, 1, 2, 1), {}, MissingValues),
    ],
)
def test_e_test_names_bad_input(arguments, options, error) -> None:
    with pytest.raises(error):
        e_test(*arguments, **options)


# --- many places


def test_limits_without_overdispersion_are_poisson_quantiles() -> None:
    expected = np.array([0.5, 4.0, 20.0, 300.0])
    result = funnel([0, 4, 20, 300], expected, overdispersion=False)
    assert result.low * expected == pytest.approx(stats.poisson(expected).ppf(0.025))
    assert result.high * expected == pytest.approx(stats.poisson(expected).ppf(0.975))
    assert result.phi == 1.0
    assert not result.outside.any()


def test_overdispersion_is_found_and_keeps_ordinary_places_inside() -> None:
    rng = np.random.default_rng(0)
    expected = rng.uniform(20, 200, 400)
    observed = rng.negative_binomial(expected / 4, 1 / 5)  # variance five times the mean
    plain, allowed = funnel(observed, expected, overdispersion=False), funnel(observed, expected)
    assert plain.outside.mean() > 0.25
    assert allowed.phi == pytest.approx(5, abs=1)
    assert 0.025 < allowed.outside.mean() < 0.08
    assert "outside" in allowed.summary()


def test_places_that_share_one_risk_lie_inside_about_as_often_as_said() -> None:
    rng = np.random.default_rng(1)
    expected = rng.uniform(30, 300, 4000)
    result = funnel(rng.poisson(expected), expected)
    assert 0.03 < result.outside.mean() < 0.06


def test_too_few_places_for_overdispersion_is_said() -> None:
    result = funnel([8, 30], [10, 11])
    assert not result.enough_data
    assert result.phi == 1.0
    assert "2 places" in result.summary()


def test_events_where_none_were_expected_are_outside() -> None:
    result = funnel([0, 3], [0.0, 0.0])
    assert result.outside.tolist() == [False, True]
    assert np.isnan(result.ratio).all()


def test_funnel_names_bad_input() -> None:
    with pytest.raises(NotCounts, match="whole"):
        funnel([1.5], [1])
    with pytest.raises(LengthMismatch, match="observed has 1, expected has 2"):
        funnel([1], [1, 2])
    with pytest.raises(BadParameter, match="coverage"):
        funnel([1], [1], coverage=95)


# --- actions


def test_worked_values_of_wheeler_and_ratcliffe() -> None:
    r = wdd(treated=(20, 10), control=(20, 20), confidence=0.9)
    assert (r.total, round(r.total_se, 4)) == (-10, 8.3666)
    assert (r.z, r.low, r.high) == pytest.approx((-1.195229, -23.761833, 3.761833), abs=1e-6)
    r = wdd((207, 110), (308, 318), (178, 157), (150, 140))
    assert r.total == -118
    assert (r.total_se, r.z, r.p) == pytest.approx(
        (39.59797974644666, -2.979950006429022, 0.0014414771524903192)
    )
    assert (r.local, r.displaced) == (-107, -11)


def test_weights_divide_the_counts_in_their_order() -> None:
    r = wdd((30, 20), (40, 44), (12, 10), (18, 15), time_weights=(2, 1), area_weights=(2, 1.5, 3, 3.2))

    def part(pair, size):
        before, after = pair[0] / (2 * size), pair[1] / size
        return after - before, pair[0] / (2 * size) ** 2 + pair[1] / size**2

    parts = [part((30, 20), 1.5), part((40, 44), 2), part((12, 10), 3.2), part((18, 15), 3)]
    local, moved = parts[0][0] - parts[1][0], parts[2][0] - parts[3][0]
    assert (r.local, r.displaced) == pytest.approx((local, moved))
    # ptools loses a bracket in the variance of the displacement control; all four terms count alike here.
    assert r.displaced_se**2 == pytest.approx(parts[2][1] + parts[3][1])
    assert r.total_se**2 == pytest.approx(sum(v for _, v in parts))


def test_dispersion_widens_by_its_root() -> None:
    plain, wide = wdd((207, 110), (308, 318)), wdd((207, 110), (308, 318), dispersion=4)
    assert wide.total == plain.total
    assert wide.total_se == pytest.approx(2 * plain.total_se)


def test_nothing_counted_is_not_enough_data() -> None:
    assert wdd((0, 0), (0, 0)).summary().startswith("Not enough data")


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (((1, 2), (3, 4), (1, 1)), {}, BadParameter, "together"),
        (((1, 2, 3), (3, 4)), {}, LengthMismatch, "treated must be a pair"),
        (((1, -2), (3, 4)), {}, NotCounts, "negative"),
        (((1, 2), (3, 4)), {"time_weights": (1, 0)}, BadParameter, "time_weights"),
        (((1, 2), (3, 4)), {"area_weights": (1, 1)}, LengthMismatch, "area_weights must hold 4"),
        (((1, 2), (3, 4)), {"confidence": 1.0}, BadParameter, "confidence"),
    ],
)
def test_wdd_names_bad_input(arguments, options, error, words) -> None:
    with pytest.raises(error, match=words):
        wdd(*arguments, **options)

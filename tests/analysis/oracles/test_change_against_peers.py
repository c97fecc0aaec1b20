"""Comparisons and evaluations against scipy, statsmodels and esda, on random inputs."""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from esda.smoothing import Empirical_Bayes
from scipy import stats
from statsmodels.stats.rates import confint_poisson_2indep, power_poisson_diff_2indep

from vicus.analysis import (
    cumulative_wdd,
    detectable_change,
    dispersion,
    e_test,
    empirical_bayes,
    poisson_fit,
    small_sample_test,
    wdd,
)

SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_wdd_is_the_interaction_of_a_poisson_regression_with_identity_link(seed) -> None:
    rng = np.random.default_rng(seed)
    y = rng.poisson(rng.uniform(20, 300, 4)).astype(float)  # treated before, after, control before, after
    design = np.array([[1, 0, 1, 0], [1, 1, 1, 1], [1, 0, 0, 0], [1, 1, 0, 0]], dtype=float)
    family = sm.families.Poisson(sm.families.links.Identity())
    with warnings.catch_warnings():  # the peer warns of means below 0, and of the perfect fit that this is
        warnings.simplefilter("ignore")
        fit = sm.GLM(y, design, family).fit(start_params=np.linalg.solve(design, y))
    found = wdd(y[:2], y[2:])
    assert found.total == pytest.approx(fit.params[3], abs=1e-6)
    assert found.total_se == pytest.approx(fit.bse[3])
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int()[3]), abs=1e-6)
    assert found.p == pytest.approx(stats.norm.cdf(fit.tvalues[3]))


@pytest.mark.parametrize("seed", SEEDS)
def test_dispersion_is_that_of_a_poisson_regression(seed) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.negative_binomial(6, 0.3, 24), rng.negative_binomial(3, 0.2, 15)
    area = np.repeat([0, 1], [24, 15])
    fit = sm.GLM(
        np.append(one, other), np.column_stack([area == 0, area == 1]).astype(float), sm.families.Poisson()
    ).fit()
    found = dispersion([one, other])
    assert (found.phi, found.freedom) == pytest.approx((fit.pearson_chi2 / fit.df_resid, fit.df_resid))


@pytest.mark.parametrize("seed", SEEDS)
def test_rate_ratio_of_the_sums_is_the_log_interval_of_the_peer(seed) -> None:
    rng = np.random.default_rng(seed)
    treated, control = rng.poisson(9, 12), rng.poisson(11, 12)
    last = cumulative_wdd(treated, control, confidence=0.95).iloc[-1]
    t, c = int(treated.sum()), int(control.sum())
    low, high = confint_poisson_2indep(t, 1, c, 1, compare="ratio", method="waldcc", alpha=0.05)
    # the peer adds 0.5 to both counts, which these counts do not need: the same to the second decimal
    assert (last.irr_low, last.irr_high) == pytest.approx((low, high), abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_e_test_equals_scipy(seed) -> None:
    rng = np.random.default_rng(seed)
    mean = rng.choice([3, 30, 400])
    k1, k2 = (int(k) for k in rng.poisson(mean, 2))
    n1, n2 = rng.uniform(0.5, 4, 2)
    for alternative in ("two-sided", "greater", "less"):
        peer = stats.poisson_means_test(k1, n1, k2, n2, alternative=alternative).pvalue
        assert e_test(k1, n1, k2, n2, alternative=alternative) == pytest.approx(peer, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_power_at_the_detectable_change_is_that_of_the_peer(seed) -> None:
    rng = np.random.default_rng(seed)
    rate, before, after = rng.uniform(5, 80), int(rng.integers(6, 40)), int(rng.integers(6, 40))
    found = detectable_change(rate, before, after)
    peer = power_poisson_diff_2indep(
        rate * (1 - found.percent / 100), rate, nobs1=after, nobs_ratio=before / after, method_var="alt"
    )
    assert peer.power == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_empirical_bayes_equals_esda(seed) -> None:
    rng = np.random.default_rng(seed)
    people = rng.integers(50, 5000, 40).astype(float)
    events = rng.poisson(people * rng.gamma(4, 0.005, 40)).astype(float)
    peer = np.asarray(Empirical_Bayes(events, people).r).ravel()
    assert empirical_bayes(events, people) == pytest.approx(peer)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_bins_are_the_binomial_test_and_counts_the_poisson_probabilities(seed) -> None:
    rng = np.random.default_rng(seed)
    k, n, p = int(rng.integers(0, 13)), 12, rng.uniform(0.1, 0.9)
    chance = stats.binom(n, p).pmf(np.arange(n + 1))
    far = np.abs(np.arange(n + 1) - n * p) >= abs(k - n * p) - 1e-9
    assert small_sample_test([k, n - k], [p, 1 - p], statistic="chi2").p == pytest.approx(chance[far].sum())
    counts = rng.poisson(2.3, 60)
    table = poisson_fit(counts)
    assert table["expected"].to_numpy() == pytest.approx(
        60 * stats.poisson(counts.mean()).pmf(table["count"])
    )

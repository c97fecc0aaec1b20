"""A handful of events: scan windows, exact tests, Poisson tables, steadied rates and harm."""

from itertools import product
from math import factorial, prod

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vicus.analysis import empirical_bayes, harm, poisson_fit, scan_window, small_sample_test
from vicus.analysis.errors import (
    BadParameter,
    ColumnMissing,
    LengthMismatch,
    MissingValues,
    NotCounts,
    NothingToCount,
)

# --- scan windows


def test_worked_values_of_the_scan_window() -> None:
    assert round(scan_window(208, 2, 0.6, 6), 4) == 0.0390
    assert round(scan_window(260, 1, 1, 6), 3) == 0.487


@pytest.mark.parametrize(("windows", "mean", "k"), [(208, 0.6, 6), (50, 2.0, 7), (10, 1.0, 4), (30, 4.0, 12)])
def test_scan_window_equals_what_is_simulated(windows, mean, k) -> None:
    rng = np.random.default_rng(k)
    found = 0
    for _ in range(3000):
        t = np.sort(rng.uniform(0, windows, rng.poisson(mean * windows)))
        found += len(t) >= k and bool((t[k - 1 :] - t[: len(t) - k + 1] <= 1).any())
    assert scan_window(windows, 2, mean, k) == pytest.approx(found / 3000, abs=0.03)


def test_with_two_events_the_first_factors_are_exact() -> None:
    # No two events within one window of each other, in a record of two windows: by hand from the Poisson process.
    mean = 0.7
    none, one = np.exp(-2 * mean), 2 * mean * np.exp(-2 * mean)
    two = np.exp(-2 * mean) * mean**2 / 2  # ordered pairs further apart than one window: area 1/2
    assert scan_window(2, 2, mean, 2) == pytest.approx(1 - none - one - two)


@settings(max_examples=60, deadline=None)
@given(st.floats(2, 500), st.floats(0.05, 12), st.integers(2, 40))
def test_scan_window_is_a_probability_that_falls_with_the_count(windows, mean, k) -> None:
    p = scan_window(windows, 2, mean, k)
    assert 0 <= p <= 1
    assert scan_window(windows, 2, mean, k + 1) <= p + 1e-9
    assert scan_window(2 * windows, 2, mean, k) >= p - 1e-9


@pytest.mark.parametrize("bad", [(0, 2, 1, 3), (1, 2, 1, 3), (9, 2, 0, 3), (9, 2, 1, 1), (9, 2, np.nan, 3)])
def test_scan_window_names_bad_input(bad) -> None:
    with pytest.raises(BadParameter):
        scan_window(*bad)


# --- exact tests


def test_worked_values_of_the_small_sample_test() -> None:
    found = [small_sample_test(c).statistic for c in ([3] + 6 * [0], [2, 1] + 5 * [0], 3 * [1] + 4 * [0])]
    assert np.round(found, 2).tolist() == [11.68, 7.86, 5.08]
    assert small_sample_test([3] + 6 * [0]).p == pytest.approx(7 / 7**3)
    statistic, p = small_sample_test([1, 1, 1, 0, 0, 0, 0])
    assert (round(statistic, 2), p) == (5.08, pytest.approx(1))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_small_sample_test_equals_the_sum_over_every_split(data) -> None:
    m = data.draw(st.integers(1, 4))
    counts = np.array(data.draw(st.lists(st.integers(0, 3), min_size=m, max_size=m).filter(sum)))
    weights = np.array(data.draw(st.lists(st.integers(1, 5), min_size=m, max_size=m)), dtype=float)
    p, n = weights / weights.sum(), int(counts.sum())
    kind = data.draw(st.sampled_from(["G", "chi2", "KS", "Kuiper"]))

    def statistic(c):
        c = np.asarray(c, dtype=float)
        gap = np.cumsum(c / n) - np.cumsum(p)
        if kind == "G":
            return 2 * sum(k * np.log(k / (n * q)) for k, q in zip(c, p, strict=True) if k)
        if kind == "chi2":
            return ((c - n * p) ** 2 / (n * p)).sum()
        return abs(gap).max() if kind == "KS" else max(gap.max(), 0) + max(-gap.min(), 0)

    seen, chance = statistic(counts), 0.0
    for split in product(range(n + 1), repeat=m):
        if sum(split) == n and statistic(split) >= seen - 1e-9:
            chance += factorial(n) / prod(map(factorial, split)) * np.prod(p ** np.array(split))
    found = small_sample_test(counts, p, statistic=kind)
    assert found.statistic == pytest.approx(seen, abs=1e-9)
    assert found.p == pytest.approx(chance, abs=1e-9)


def test_with_many_events_the_exact_test_is_near_the_chi_square() -> None:
    counts = [21, 15, 12, 18]
    assert small_sample_test(counts, statistic="chi2").p == pytest.approx(
        stats.chisquare(counts).pvalue, abs=0.02
    )
    assert small_sample_test([5, 9], [0.5, 0.5], statistic="chi2").p == pytest.approx(
        stats.binomtest(5, 14).pvalue
    )


def test_the_order_of_bins_matters_only_where_bins_have_one() -> None:
    a, b = [4, 0, 1, 0, 2], [0, 1, 4, 2, 0]
    for kind in ("G", "chi2"):
        assert small_sample_test(a, statistic=kind) == pytest.approx(small_sample_test(b, statistic=kind))
    turned = [2, 4, 0, 1, 0]  # the same week, begun a day earlier
    assert small_sample_test(a, statistic="Kuiper") == pytest.approx(
        small_sample_test(turned, statistic="Kuiper")
    )


def test_an_event_where_none_can_be_is_impossible() -> None:
    assert small_sample_test([1, 2], [1.0, 0.0]) == (np.inf, 0.0)
    assert small_sample_test([2, 0], [1.0, 0.0]) == (0.0, 1.0)


def test_small_sample_test_names_bad_input() -> None:
    with pytest.raises(NothingToCount):
        small_sample_test([0, 0])
    with pytest.raises(NothingToCount):
        small_sample_test([])
    with pytest.raises(BadParameter, match="sum to 1"):
        small_sample_test([1, 2], [0.5, 0.6])
    with pytest.raises(LengthMismatch):
        small_sample_test([1, 2], [1.0])
    with pytest.raises(BadParameter, match="statistic"):
        small_sample_test([1, 2], statistic="F")
    with pytest.raises(MissingValues):
        small_sample_test([1, np.nan])


# --- Poisson tables


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=1, max_size=60))
def test_poisson_fit_equals_scipy(counts) -> None:
    table = poisson_fit(counts)
    mean = np.mean(counts)
    assert table["observed"].tolist() == [counts.count(k) for k in range(max(counts) + 1)]
    assert table["expected"].to_numpy() == pytest.approx(
        len(counts) * stats.poisson(mean).pmf(table["count"])
    )
    pd.testing.assert_frame_equal(table, poisson_fit(counts[::-1]))


def test_poisson_fit_with_a_mean_for_each() -> None:
    means = np.array([0.5, 0.5, 2, 7, 0])
    table = poisson_fit([0, 1, 1, 9, 0], mean=means)
    expected = [stats.poisson(means).pmf(k).sum() for k in range(10)]
    assert table["expected"].to_numpy() == pytest.approx(expected)
    assert table.attrs["dispersion"] == pytest.approx(np.var([0, 1, 1, 9, 0], ddof=1) / 2.2)
    with pytest.raises(NothingToCount):
        poisson_fit([])
    with pytest.raises(LengthMismatch):
        poisson_fit([1, 2, 3], mean=[1, 2])


# --- steadied rates


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5000)), min_size=2, max_size=30))
def test_empirical_bayes_lies_between_the_raw_and_the_overall_rate(rows) -> None:
    events, people = np.array(rows, dtype=float).T
    rates = empirical_bayes(events, people)
    overall, raw = events.sum() / people.sum(), events / people
    assert (rates >= np.minimum(raw, overall) - 1e-12).all()
    assert (rates <= np.maximum(raw, overall) + 1e-12).all()
    order = np.random.default_rng(0).permutation(len(events))
    assert empirical_bayes(events[order], people[order]) == pytest.approx(rates[order])
    assert empirical_bayes(7 * events, 7 * people).sum() >= 0


def test_empirical_bayes_without_population_gets_the_overall_rate() -> None:
    rates = empirical_bayes(pd.Series([5, 0, 40], index=list("abc")), [50, 0, 100])
    assert rates.index.tolist() == ["a", "b", "c"]
    assert rates["b"] == pytest.approx(45 / 150)
    with pytest.raises(NothingToCount):
        empirical_bayes([0], [0])
    with pytest.raises(NothingToCount):
        empirical_bayes([], [])
    with pytest.raises(NotCounts):
        empirical_bayes([1], [-1])
    with pytest.raises(MissingValues):
        empirical_bayes([np.nan], [1])


# --- harm


def test_harm_is_a_weighted_sum_by_name_or_by_position() -> None:
    table = pd.DataFrame({"theft": [10, 2], "robbery": [0, 1]}, index=["a", "b"])
    assert harm(table, {"robbery": 365, "theft": 2}).to_dict() == {"a": 20, "b": 369}
    assert harm(table, pd.Series({"robbery": 365, "theft": 2})).to_dict() == {"a": 20, "b": 369}
    assert harm(table.to_numpy(), [2, 365]).tolist() == [20, 369]
    assert harm([10, 0], [2, 365]) == 20
    assert harm(table.loc["b"], {"theft": 2, "robbery": 365}) == 369
    assert harm(table.iloc[:0], [1, 1]).empty


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 99), min_size=3, max_size=3), min_size=1, max_size=8), st.floats(0, 9)
)
def test_harm_adds_up_over_places_and_scales_with_weights(rows, factor) -> None:
    weights = np.array([1.0, 5.0, 30.0])
    places = harm(np.array(rows), weights)
    assert places.sum() == pytest.approx(harm(np.sum(rows, axis=0), weights))
    assert harm(np.array(rows), factor * weights) == pytest.approx(factor * places)


def test_harm_names_bad_input() -> None:
    with pytest.raises(ColumnMissing, match="'robbery'"):
        harm(pd.DataFrame({"robbery": [1]}), {"theft": 2})
    with pytest.raises(ColumnMissing, match="need a DataFrame"):
        harm([1, 2], {"theft": 2})
    with pytest.raises(LengthMismatch):
        harm([1, 2], [1])
    with pytest.raises(NotCounts):
        harm([-1, 2], [1, 1])
    with pytest.raises(MissingValues):
        harm([np.nan, 2], [1, 1])

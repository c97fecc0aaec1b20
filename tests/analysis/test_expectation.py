"""The range expected of the next period."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from benchmarks.calibration.__main__ import measured
from benchmarks.calibration.ranges import World, case
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vicus.analysis import Expected, expected_range
from vicus.analysis.errors import BadParameter, LengthMismatch, MissingValues, NotCounts
from vicus.analysis.quantiles import count_quantile

histories = st.lists(st.integers(0, 300), min_size=12, max_size=80)


@pytest.mark.parametrize(
    "world",
    [
        World(36, 0.5),
        World(36, 20, amplitude=0.35),
        World(60, 3, dispersion=3.0),
        World(60, 150, dispersion=3.0, amplitude=0.35),
        World(48, 40, yearly=1.3),
        World(48, 40, yearly=0.75),
    ],
    ids=lambda w: (
        f"{w.months} months of {w.mean:g}, dispersion {w.dispersion:g}, season {w.amplitude:g}, {w.yearly:g}"
    ),
)
def test_the_range_holds_the_next_count_about_as_often_as_it_says(world: World) -> None:
    draws = 400
    found = measured(case(world), draws)
    inside, width = found["coverage"][0], found["width, of the true range"][0]
    # Nominal 0.95; 0.925 is the lowest true coverage claimed, and three standard errors of 400 draws below it.
    lowest = 0.925 - 3 * math.sqrt(0.925 * 0.075 / draws)
    assert inside >= lowest
    assert width < 1.6  # a range that holds everything says nothing


def test_a_jump_beyond_chance_is_outside_and_an_ordinary_month_is_inside() -> None:
    rng = np.random.default_rng(5)
    history = rng.poisson(20, 48)
    e = expected_range(history)
    assert e.low <= 20 <= e.high
    assert e.high < 45


def test_the_season_moves_the_range() -> None:
    year = [10, 10, 10, 10, 10, 10, 60, 60, 10, 10, 10, 10]
    january = expected_range(year * 4)
    july = expected_range(year * 4 + year[:6])
    assert january.season == july.season == 12
    assert january.high < 40 < july.low
    assert july.season_factor > 2 > 1 > january.season_factor
    without = expected_range(year * 4, season=None)
    assert without.season is None
    assert without.high > 40


def test_a_steady_trend_is_no_season_and_is_followed() -> None:
    # Falling by half over four years: the mean of the whole history would be far too high.
    level = 100 * 0.5 ** (np.arange(48) / 48)
    e = expected_range(np.random.default_rng(2).poisson(level))
    assert e.low <= 50 <= e.high
    assert e.high < level.mean() + 12
    assert 0.9 < e.season_factor < 1.1


def test_counts_that_vary_more_than_chance_widen_the_range() -> None:
    rng = np.random.default_rng(3)
    calm = expected_range(rng.poisson(30, 60), season=None)
    wild = expected_range(rng.negative_binomial(30 / 4, 1 / 5, 60), season=None)
    assert calm.dispersion < 1.5
    assert wild.dispersion > 2.5
    assert wild.high - wild.low > 1.5 * (calm.high - calm.low)


def test_a_short_history_is_not_enough_data_and_says_why() -> None:
    for n in (0, 1, 11):
        e = expected_range([3] * n)
        assert not e.enough_data
        assert f"{n} period" in e.why
        assert all(math.isnan(v) for v in (e.mean, e.low, e.high, e.dispersion))
        assert e.summary().startswith("Not enough data")
    assert expected_range([3] * 12).enough_data


def test_less_than_two_cycles_leave_the_season_out_and_say_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        e = expected_range([4] * 23)
    assert e.season is None
    assert "season left out" in e.why
    assert len([r for r in caplog.records if "season left out" in r.message]) == 1
    assert expected_range([4] * 24).season == 12
    assert expected_range([4] * 24, season=7).season == 7


def test_a_place_without_events_expects_none() -> None:
    e = expected_range([0] * 36)
    assert e.enough_data
    assert e.low == 0
    assert e.mean < 0.1
    assert e.high <= 1


def test_the_answer_can_be_written_as_json_and_rebuilt() -> None:
    e = expected_range([5, 6, 4] * 8)
    fields = {name: getattr(e, name) for name in e.__dataclass_fields__}
    assert Expected(**json.loads(json.dumps(fields))) == e


@settings(max_examples=60, deadline=None)
@given(histories, st.floats(0.6, 0.99))
def test_the_range_is_whole_ordered_and_around_the_mean(history: list[int], share: float) -> None:
    e = expected_range(history, coverage=share)
    assert 0 <= e.low <= e.high
    assert e.low == int(e.low)
    assert e.high == int(e.high)
    assert e.low <= e.mean + 1
    assert e.high >= math.floor(e.mean) - 1
    assert e.dispersion >= 1
    assert 0 < e.memory <= len(history) + 1e-9


@settings(max_examples=40, deadline=None)
@given(histories)
def test_more_coverage_is_never_narrower(history: list[int]) -> None:
    narrow, wide = expected_range(history, coverage=0.8), expected_range(history, coverage=0.98)
    assert wide.low <= narrow.low
    assert wide.high >= narrow.high
    assert wide.mean == narrow.mean


@settings(max_examples=200, deadline=None)
@given(st.floats(0.001, 5000), st.floats(1.0, 40.0), st.floats(0.001, 0.999))
def test_quantiles_of_counts_equal_scipy(mean: float, ratio: float, q: float) -> None:
    found = count_quantile(q, mean, ratio * mean)
    size = mean / (ratio - 1) if ratio > 1.000001 else None
    distribution = stats.poisson(mean) if size is None else stats.nbinom(size, 1 / ratio)
    assert distribution.cdf(found) >= q - 1e-9
    assert found == 0 or distribution.cdf(found - 1) < q + 1e-9


@pytest.mark.parametrize(
    ("history", "options", "error", "words"),
    [
        ([1, 2, np.nan], {}, MissingValues, "1 of 3"),
        ([1, -2, 3], {}, NotCounts, "negative"),
        ([1, 2.5, 3], {}, NotCounts, "whole counts"),
        (["a", "b"], {}, NotCounts, "numbers"),
        ([[1, 2], [3, 4]], {}, LengthMismatch, "one-dimensional"),
        ([1] * 20, {"coverage": 95}, BadParameter, "coverage"),
        ([1] * 20, {"season": 0}, BadParameter, "season"),
        ([1] * 20, {"season": 2.5}, BadParameter, "season"),
    ],
)
def test_bad_input_is_named_with_advice(history, options, error, words) -> None:
    with pytest.raises(error, match=words):
        expected_range(history, **options)


@pytest.mark.real_data
def test_ranges_hold_on_the_thefts_of_chicago(real_data) -> None:
    """Sixty beats, every third month of 2016 to 2018, judged from the months before it alone."""
    file = real_data / "crime" / "chicago_2013_2018.parquet"
    table = pd.read_parquet(file, columns=["date", "beat"], filters=[("primary_type", "==", "THEFT")])
    month = table["date"].dt.to_period("M")
    counts = table[month < pd.Period("2018-11")].groupby(["beat", month]).size().unstack(fill_value=0)
    inside = []
    for beat in np.random.default_rng(0).choice(counts.index, 60, replace=False):
        y = counts.loc[beat].to_numpy()
        for k in range(36, len(y), 3):
            e = expected_range(y[:k])
            inside.append(e.low <= y[k] <= e.high)
    assert len(inside) == 720
    assert 0.93 <= np.mean(inside) <= 0.985

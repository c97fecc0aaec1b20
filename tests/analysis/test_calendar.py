"""Weeks and years against the ones before them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vicus.analysis import e_test, week_on_week, year_to_date
from vicus.analysis.errors import BadParameter, MissingTimes, UnknownTimeZone

SUNDAY = date(2024, 3, 17)


def days(**counts: int) -> list[str]:
    return [day for day, n in counts.items() for _ in range(n)]


def test_seven_whole_days_against_the_seven_before() -> None:
    each = [SUNDAY - timedelta(days=k) for k in range(-1, 16)]  # a day after, both weeks, two days more
    r = week_on_week(each, as_of=SUNDAY)
    assert (r.after, r.before, r.change) == (7, 7, 0)
    assert (r.after_from, r.after_to) == (date(2024, 3, 11), SUNDAY)
    assert (r.before_from, r.before_to) == (date(2024, 3, 4), date(2024, 3, 10))


def test_a_day_that_is_still_running_is_no_full_day() -> None:
    dates = pd.to_datetime(["2024-03-17 09:00"] * 3 + ["2024-03-16 09:00"] * 2)
    assert week_on_week(dates, as_of="2024-03-17 14:24").after == 2
    assert week_on_week(dates, as_of="2024-03-17 14:24").after_to == date(2024, 3, 16)
    assert week_on_week(dates, as_of="2024-03-17").after == 5
    assert year_to_date(dates, as_of=pd.Timestamp("2024-03-17 14:24")).after_to == date(2024, 3, 16)


def test_no_percentage_on_a_tiny_base() -> None:
    dates = ["2024-03-05"] * 2 + ["2024-03-12"] * 3
    r = week_on_week(dates, as_of=SUNDAY)
    assert r.percent is None
    assert "no percentage on 2 events" in r.why
    assert "%" not in r.summary().replace("95%", "")
    assert week_on_week(dates, as_of=SUNDAY, minimum_base=2).percent == pytest.approx(50)
    none_before = week_on_week(["2024-03-12"] * 30, as_of=SUNDAY)
    assert none_before.percent is None
    assert none_before.ratio == np.inf


def test_the_same_days_of_the_year_before() -> None:
    r = year_to_date(["2023-02-28", "2023-03-01", "2024-02-29"], as_of="2024-02-29")
    assert (r.after, r.before) == (1, 1)
    assert (r.before_from, r.before_to) == (date(2023, 1, 1), date(2023, 2, 28))
    later = year_to_date(["2024-03-01"] * 3 + ["2025-03-01"] * 2, as_of="2025-03-01")
    assert (later.after, later.before) == (2, 3)


def test_leap_years_are_compared_per_day() -> None:
    r = year_to_date(["2023-01-05"] * 59 + ["2024-01-05"] * 60, as_of="2024-02-29")
    assert r.ratio == pytest.approx(1)
    assert r.p == e_test(60, 60, 59, 59)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 10_000))
def test_p_value_and_interval_are_those_of_two_counts(after, before, seed) -> None:
    dates = np.array(["2024-03-05"] * before + ["2024-03-12"] * after, dtype="datetime64[D]")
    r = week_on_week(np.random.default_rng(seed).permutation(dates), as_of=SUNDAY)
    assert (r.after, r.before) == (after, before)
    if after + before == 0:
        assert "nothing happened" in r.summary()
        return
    assert r.p == e_test(after, 7, before, 7)
    interval = stats.binomtest(after, after + before).proportion_ci(method="exact")
    assert r.ratio_low == pytest.approx(interval.low / (1 - interval.low))
    assert r.ratio_high == (pytest.approx(interval.high / (1 - interval.high)) if before else np.inf)


def test_days_are_those_of_the_wall_in_the_zone_asked_for() -> None:
    dates = pd.to_datetime(["2024-03-10 23:30+00:00", "2024-03-10 22:30+00:00"])
    assert week_on_week(dates, as_of=SUNDAY, tz="Europe/Brussels").after == 1
    assert week_on_week(dates, as_of=SUNDAY, tz="UTC").after == 0
    with pytest.raises(UnknownTimeZone, match="in which zone"):
        week_on_week(dates, as_of=SUNDAY)
    with pytest.raises(UnknownTimeZone, match="IANA"):
        week_on_week(dates, as_of=SUNDAY, tz="Europe/Brussel")


def test_records_that_begin_too_late_are_said() -> None:
    r = week_on_week(["2024-03-12"] * 30, as_of=SUNDAY, since="2024-03-08")
    assert not r.enough_data
    assert "records begin on 2024-03-08" in r.summary()
    assert week_on_week(["2024-03-12"] * 30, as_of=SUNDAY, since="2024-03-04").enough_data
    assert not year_to_date([], as_of=SUNDAY).enough_data


def test_bad_dates_are_named() -> None:
    with pytest.raises(MissingTimes, match="1 of 2"):
        week_on_week(["2024-03-12", None], as_of=SUNDAY)
    with pytest.raises(MissingTimes, match="no dates"):
        week_on_week(["yesterday-ish"], as_of=SUNDAY)
    with pytest.raises(BadParameter, match="as_of"):
        week_on_week([], as_of="soon")
    with pytest.raises(BadParameter, match="missing"):
        year_to_date([], as_of=pd.NaT)

"""A rhythm in the week: found where there is one, rarely where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from vicus.analysis import week_rhythm
from vicus.analysis.errors import BadParameter, LengthMismatch


def even(n: float) -> np.ndarray:
    return np.full((7, 24), n / 168)


def test_a_rhythm_is_found_in_one_week_in_twenty_at_most_where_there_is_none() -> None:
    draw = np.random.default_rng(5)
    weeks = draw.multinomial(200, np.full(168, 1 / 168), size=1000).reshape(-1, 7, 24)
    found = sum(any((r.hours, r.days, r.stretch)) for r in map(week_rhythm, weeks))
    assert 5 <= found <= 60


def test_half_a_day_with_more_facts_is_found_though_no_single_stretch_stands_out() -> None:
    week = even(0)
    week[:, :12], week[:, 12:] = 263 / 84, 404 / 84
    found = week_rhythm(week)
    assert found.hours is not None
    assert (found.hours.start, found.hours.length) == (12, 12)
    assert (found.hours.n, found.hours.even) == pytest.approx((404, 333.5))
    # Chi-square of four parts (131.5, 131.5, 202, 202): 29.81 with 3 degrees of freedom.
    assert found.hours.p == pytest.approx(3 * 1.517e-06, rel=1e-3)
    assert found.days is None
    assert found.stretch is None


def test_a_weekend_is_found_as_days_in_a_row() -> None:
    week = even(168)
    week[5:] *= 2
    found = week_rhythm(week)
    assert found.days is not None
    assert (found.days.start, found.days.length) == (5, 2)
    assert found.hours is None


def test_a_run_of_days_may_go_round_the_end_of_the_week() -> None:
    week = even(168)
    week[[6, 0]] *= 2
    found = week_rhythm(week)
    assert found.days is not None
    assert (found.days.start, found.days.length) == (6, 2)


def test_a_weekday_that_the_period_holds_more_often_is_no_rhythm() -> None:
    days = np.array([2, 1, 1, 1, 1, 1, 1])
    week = np.repeat(days[:, None] * 60 / 24, 24, axis=1)
    assert week_rhythm(week).days is not None
    assert week_rhythm(week, days=days).days is None


def test_the_test_of_days_needs_five_events_a_day() -> None:
    assert not week_rhythm(even(34)).enough_data
    assert week_rhythm(even(35)).enough_data
    assert "too few" in week_rhythm(even(34)).summary()


def test_a_few_busy_hours_are_found_as_a_stretch() -> None:
    week = even(84)
    week[4, 20:] = 10
    found = week_rhythm(week)
    assert found.stretch is not None
    assert (found.stretch.start, found.stretch.n) == (4 * 24 + 20, 40)
    assert "hours of the week 116 to 120" in found.summary()


def test_what_is_no_week_is_refused() -> None:
    with pytest.raises(LengthMismatch):
        week_rhythm(np.ones((24, 7)))
    with pytest.raises(BadParameter, match="negative"):
        week_rhythm(-np.ones((7, 24)))
    with pytest.raises(BadParameter, match="zero"):
        week_rhythm(np.ones((7, 24)), days=[0, 1, 1, 1, 1, 1, 1])
    with pytest.raises(BadParameter, match="level"):
        week_rhythm(np.ones((7, 24)), level=1.5)

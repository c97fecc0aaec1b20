"""Traps that other tools for time and change fell into, each by name."""

import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vicus.analysis import (
    aoristic,
    e_test,
    mann_kendall,
    scan_window,
    small_sample_test,
    synthetic_control,
    week_on_week,
    year_to_date,
)


def test_trap_an_upper_tail_holds_the_value_itself() -> None:
    """P(X > observed) in place of P(X >= observed), as in pointpats and surveillance."""
    # three events on three days: nothing can be more even, so the chance of at least this is all of it
    assert small_sample_test([1, 1, 1]).p == pytest.approx(1)
    assert small_sample_test([0, 3, 0]).p == pytest.approx(3 / 27)  # all on one day, whichever
    # in a record of one window and a bit the chance of k in some window is at least that of k in the first
    assert scan_window(2, 2, 1.0, 4) > stats.poisson(1.0).sf(3)
    # a place whose fit worsened most of all is one of the places it is compared with
    rng = np.random.default_rng(0)
    donors = pd.DataFrame(rng.poisson(20, (30, 25)))
    treated = np.where(np.arange(30) < 20, 20, 60)
    assert synthetic_control(treated, donors, before=20).p == pytest.approx(1 / 26)


def test_trap_the_e_test_keeps_its_published_form_when_exposures_differ() -> None:
    """A pooled standard error in place of Wald's, as in ptools and crimepy."""
    k1, n1, k2, n2 = 9, 4.0, 2, 1.5
    rate = (k1 + k2) / (n1 + n2)
    x = np.arange(120)
    chance = np.outer(stats.poisson(rate * n1).pmf(x), stats.poisson(rate * n2).pmf(x))

    def p_of(spread: np.ndarray, seen: float) -> float:
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.nan_to_num(np.abs(x[:, None] / n1 - x / n2) / spread)
        return float(chance[t >= abs(k1 / n1 - k2 / n2) / seen - 1e-12].sum())

    wald = p_of(np.sqrt(x[:, None] / n1**2 + x / n2**2), np.sqrt(k1 / n1**2 + k2 / n2**2))
    pooled = p_of(np.sqrt((x[:, None] + x) / (n1 + n2)), np.sqrt(rate))
    assert abs(wald - pooled) > 0.01  # the two forms can be told apart here
    assert e_test(k1, n1, k2, n2) == pytest.approx(wald, abs=1e-9)


def test_trap_ranks_share_ties() -> None:
    """Spearman's correlation with ties ranked as they come: a rank statistic must give equal values one rank."""
    months = [0, 0, 1, 0, 2, 1, 1, 3, 2, 2, 5, 3]
    found = mann_kendall(months)
    tied = stats.kendalltau(range(len(months)), months, method="asymptotic")
    in_order_of_rows = stats.kendalltau(range(len(months)), stats.rankdata(months, method="ordinal"))
    assert found.tau == pytest.approx(tied.statistic)
    assert abs(found.tau - in_order_of_rows.statistic) > 0.02  # the two can be told apart here


def test_trap_percentages_on_tiny_bases() -> None:
    """From 1 to 3 is no rise of 200 %."""
    week = week_on_week(["2024-03-05"] + ["2024-03-12"] * 3, as_of="2024-03-17")
    year = year_to_date(["2023-03-05"] + ["2024-03-12"] * 3, as_of="2024-03-17")
    assert week.percent is None
    assert year.percent is None


def test_trap_a_part_of_a_period_is_no_period() -> None:
    """A last period of 0.6 days counted as a whole one, as in sfhotspot."""
    dates = pd.date_range("2024-02-01", "2024-03-17 14:24", freq="h")
    found = week_on_week(dates, as_of="2024-03-17 14:24")
    assert found.after == found.before == 7 * 24


@pytest.mark.parametrize("session", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_trap_results_do_not_change_with_the_time_zone_of_the_session(session, monkeypatch) -> None:
    """Hours shifted by the zone of the computer, as in aoristic."""
    monkeypatch.setenv("TZ", session)
    time.tzset()
    try:
        week = aoristic(["2024-03-04 23:30"], ["2024-03-05 00:30"], tz="Europe/Brussels")
        assert (week[0, 23], week[1, 0]) == (0.5, 0.5)
        assert week_on_week(["2024-03-11 00:30"], as_of="2024-03-17", tz="Europe/Brussels").after == 1
    finally:
        monkeypatch.undo()
        time.tzset()

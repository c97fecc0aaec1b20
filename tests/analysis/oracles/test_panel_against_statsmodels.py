"""Difference in differences against statsmodels and Welch's test, on random inputs."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from vicus.analysis import difference_in_differences


def panel(seed: int, treated: int = 7, controls: int = 11, periods: int = 9, starts: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = treated + controls
    first = np.where(np.arange(n) < treated, 4 + np.arange(n) % starts, np.nan)
    rates = rng.uniform(5, 30, (n, 1)) + rng.uniform(0, 8, periods)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"u{i}" for i in range(n)], periods),
            "period": np.tile(np.arange(periods), n),
            "events": rng.poisson(rates).ravel(),
            "first_treated": np.repeat(first, periods),
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_two_periods_equal_the_regression_with_errors_clustered_by_place(seed) -> None:
    table = panel(seed).query("period in (3, 4)").copy()
    table["first_treated"] = table["first_treated"].where(table["first_treated"].isna(), 4)
    found = difference_in_differences(table, random_state=0)
    table["treated"] = table["first_treated"].notna().astype(float)
    table["after"] = (table["period"] == 4).astype(float)
    fit = smf.ols("events ~ treated * after", table).fit()
    assert found.att == pytest.approx(fit.params["treated:after"])
    # The same errors as those of Welch, on the changes of the places.
    change = table.pivot(index="unit", columns="period", values="events").diff(axis=1)[4]
    mine = table.groupby("unit")["treated"].first() == 1
    se = np.sqrt(change[mine].var() / mine.sum() + change[~mine].var() / (~mine).sum())
    assert found.se == pytest.approx(se)
    welch = stats.ttest_ind(change[mine], change[~mine], equal_var=False)
    assert (found.p, found.freedom) == pytest.approx((welch.pvalue, welch.df))
    interval = welch.confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize("seed", range(4))
def test_one_start_and_the_mean_before_equal_the_two_way_regression(seed) -> None:
    table = panel(seed)
    found = difference_in_differences(table, base="mean", random_state=0)
    table["active"] = (table["period"] >= table["first_treated"]).astype(float)
    fit = smf.ols("events ~ active + C(unit) + C(period)", table).fit()
    assert found.att == pytest.approx(fit.params["active"])


@pytest.mark.parametrize("control", ["never", "not_yet"])
@pytest.mark.parametrize("seed", range(3))
def test_staggered_starts_equal_every_pair_of_start_and_period_by_hand(seed, control) -> None:
    table = panel(seed, starts=3)
    found = difference_in_differences(table, control=control, random_state=0)
    wide = table.pivot(index="unit", columns="period", values="events")
    first = table.groupby("unit")["first_treated"].first().fillna(np.inf)
    total, weight = 0.0, 0.0
    for row in found.by_group.itertuples():
        base = row.group - 1
        mine = first == row.group
        others = np.isinf(first) if control == "never" else (first > max(row.period, base)) & ~mine
        change = wide[row.period] - wide[base]
        att = change[mine].mean() - change[others].mean()
        assert row.att == pytest.approx(att)
        assert (row.treated, row.controls) == (mine.sum(), others.sum())
        se = np.sqrt(change[mine].var() / mine.sum() + change[others].var() / others.sum())
        assert row.se == pytest.approx(se)
        if row.period >= row.group:
            total, weight = total + mine.sum() * att, weight + mine.sum()
    assert found.att == pytest.approx(total / weight)
    assert found.total == pytest.approx(total)

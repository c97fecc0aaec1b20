"""Difference in differences: what it promises of any panel."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vicus.analysis import difference_in_differences
from vicus.analysis.errors import BadParameter, ColumnMissing, MissingValues, NotCounts


def panel(rng, treated=6, controls=12, periods=10, effect=0.0, starts=2) -> pd.DataFrame:
    n = treated + controls
    first = np.where(np.arange(n) < treated, 5 + np.arange(n) % starts, np.nan)
    rates = rng.uniform(15, 30, (n, 1)) + 3 * np.cos(np.arange(periods))
    rates = rates - effect * (np.arange(periods) >= first[:, None])
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), periods),
            "period": np.tile(np.arange(periods), n),
            "events": rng.poisson(rates).ravel(),
            "first_treated": np.repeat(first, periods),
        }
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["never", "not_yet"]), st.sampled_from(["last", "mean"]))
def test_order_labels_level_and_scale_change_nothing_else(seed, control, base) -> None:
    rng = np.random.default_rng(seed)
    table = panel(rng)
    ask = {"control": control, "base": base, "draws": 99, "random_state": 1}
    found = difference_in_differences(table, **ask)
    shuffled = table.sample(frac=1, random_state=seed)
    again = difference_in_differences(shuffled, **ask)
    assert (again.att, again.se, again.p) == pytest.approx((found.att, found.se, found.p))
    names = {i: f"place {k}" for i, k in enumerate(rng.permutation(18))}
    renamed = difference_in_differences(table.assign(unit=table["unit"].map(names)), **ask)
    assert (renamed.att, renamed.se) == pytest.approx((found.att, found.se))
    moved = table.assign(events=3 * table["events"] + 100 + table["unit"] + 7 * table["period"])
    scaled = difference_in_differences(moved, **ask)
    assert (scaled.att, scaled.se, scaled.p) == pytest.approx((3 * found.att, 3 * found.se, found.p))
    dates = pd.Timestamp("2024-01-01") + pd.to_timedelta(table["period"] * 7, unit="D")
    starts = pd.Timestamp("2024-01-01") + pd.to_timedelta(table["first_treated"] * 7, unit="D")
    dated = difference_in_differences(table.assign(period=dates, first_treated=starts), **ask)
    assert (dated.att, dated.se) == pytest.approx((found.att, found.se))


def test_a_known_effect_is_found_also_when_starts_differ() -> None:
    rng = np.random.default_rng(5)
    found = difference_in_differences(panel(rng, 30, 60, 14, effect=5.0), base="mean", random_state=0)
    assert found.low < -5 < found.high
    assert found.p < 1e-4
    assert found.total == pytest.approx(found.att * (15 * 9 + 15 * 8))
    assert found.by_event.query("event >= 0")["band_high"].max() < 3
    assert (found.by_event["band_low"] <= found.by_event["low"]).all()


def test_the_same_seed_gives_the_same_bands() -> None:
    table = panel(np.random.default_rng(2))
    one, two = (difference_in_differences(table, random_state=7) for _ in range(2))
    pd.testing.assert_frame_equal(one.by_event, two.by_event)
    assert one.pre_trend_p == two.pre_trend_p


def test_trends_that_differed_before_are_said() -> None:
    rng = np.random.default_rng(3)
    table = panel(rng, 10, 20, 10, starts=1)
    drift = 6 * table["period"] * table["first_treated"].notna()
    found = difference_in_differences(table.assign(events=table["events"] + drift), random_state=0)
    assert found.pre_trend_p < 0.05
    assert "trends differed" in found.summary()


def test_starts_with_a_single_place_borrow_the_spread_of_the_controls() -> None:
    rng = np.random.default_rng(4)
    table = panel(rng, 4, 12, 10, starts=4)
    found = difference_in_differences(table, random_state=0)
    assert found.enough_data
    first = found.by_group.iloc[0]
    wide = table.pivot(index="unit", columns="period", values="events")
    change = (wide[first.period] - wide[first.group - 1]).iloc[4:]
    assert first.se == pytest.approx(np.sqrt(change.var() * (1 + 1 / 12)))


def test_places_treated_from_the_start_are_left_out() -> None:
    table = panel(np.random.default_rng(6))
    early = table.assign(first_treated=table["first_treated"].mask(table["unit"] == 0, 0))
    found = difference_in_differences(early, random_state=0)
    assert found.left_out == [0]
    assert found.n_treated == 5


def test_too_few_places_are_said() -> None:
    table = panel(np.random.default_rng(7))
    one = difference_in_differences(table[table["unit"].isin([0, *range(6, 18)])])
    assert not one.enough_data
    assert "1 treated places" in one.summary()
    assert "3 places without" in difference_in_differences(table[table["unit"] < 9]).summary()
    assert not difference_in_differences(table.iloc[:0]).enough_data
    never = difference_in_differences(table[table["first_treated"].isna()])
    assert "0 treated places" in never.summary()


def test_bad_panels_are_named() -> None:
    table = panel(np.random.default_rng(8))
    with pytest.raises(ColumnMissing, match="'count'"):
        difference_in_differences(table, outcome="count")
    with pytest.raises(MissingValues, match="1 of 180"):
        difference_in_differences(table.iloc[1:])
    with pytest.raises(MissingValues):
        difference_in_differences(table.assign(events=table["events"].where(table.index > 3)))
    with pytest.raises(BadParameter, match="more than once"):
        difference_in_differences(pd.concat([table, table.iloc[:1]]))
    with pytest.raises(BadParameter, match="one value per place"):
        difference_in_differences(table.assign(first_treated=np.arange(len(table))))
    with pytest.raises(BadParameter, match="control"):
        difference_in_differences(table, control="all")
    with pytest.raises(BadParameter, match="draws"):
        difference_in_differences(table, draws=5)
    with pytest.raises(NotCounts):
        difference_in_differences(table.assign(events="many"))

"""Before an action: what it could show, and what to compare it with."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from vicus.analysis import choose_controls, detectable_change, dispersion, wdd
from vicus.analysis.errors import BadParameter, ColumnMissing, MissingValues, NotCounts

# --- detectable change


@settings(max_examples=60, deadline=None)
@given(st.floats(5, 500), st.integers(1, 60), st.integers(1, 60), st.floats(5, 500), st.floats(1, 4))
def test_at_the_detectable_change_the_interval_reaches_as_far_as_power_asks(
    rate, before, after, control, phi
) -> None:
    found = detectable_change(rate, before, after, control_baseline=control, dispersion=phi)
    if not found.enough_data:
        # even with all events gone the score stays below what is asked
        variance = phi * (rate / before + control / before + control / after)
        assert rate / np.sqrt(variance) < 1.959964 + 0.841621 + 1e-6
        return
    less = rate * found.percent / 100
    variance = phi * (rate / before + (rate - less) / after + control / before + control / after)
    assert less / np.sqrt(variance) == pytest.approx(1.959964 + 0.841621, rel=1e-5)
    assert found.events == pytest.approx(less * after)


def test_a_decrease_of_that_size_shows_as_often_as_said() -> None:
    rng = np.random.default_rng(3)
    found = detectable_change(30, 12, 12, control_baseline=30)
    rate, n = 30 * (1 - found.percent / 100), 2000
    shown = 0
    for b, a, cb, ca in zip(
        rng.poisson(360, n), rng.poisson(12 * rate, n), rng.poisson(360, n), rng.poisson(360, n), strict=True
    ):
        shown += wdd((b, a), (cb, ca)).high < 0
    assert shown / n == pytest.approx(0.8, abs=0.04)


def test_more_of_anything_shows_more() -> None:
    base = detectable_change(20, 12, 6, control_baseline=22).percent
    assert detectable_change(20, 24, 6, control_baseline=22).percent < base
    assert detectable_change(20, 12, 12, control_baseline=22).percent < base
    assert detectable_change(20, 12, 6).percent < base
    assert detectable_change(20, 12, 6, control_baseline=22, power=0.9).percent > base
    history = dispersion([4, 9, 2, 14, 6, 3, 11, 8, 1, 12, 7, 7])
    assert detectable_change(20, 12, 6, control_baseline=22, dispersion=history).percent == pytest.approx(
        detectable_change(20, 12, 6, control_baseline=22, dispersion=history.phi).percent
    )


def test_what_cannot_show_is_said() -> None:
    found = detectable_change(1, 6, 3)
    assert not found.enough_data
    assert np.isnan(found.percent)
    assert "not even an end" in found.summary()


@pytest.mark.parametrize(
    ("arguments", "options"),
    [((0, 1, 1), {}), ((5, 0, 1), {}), ((5, 1, 1.5), {}), ((5, 1, 1), {"power": 1}), ((np.nan, 1, 1), {}),
     ((5, 1, 1), {"control_baseline": 0}), ((5, 1, 1), {"power": 0.01, "confidence": 0.01})],
)  # fmt: skip
def test_detectable_change_names_bad_input(arguments, options) -> None:
    with pytest.raises(BadParameter):
        detectable_change(*arguments, **options)


# --- controls


def history(seed: int = 0, places: int = 30, periods: int = 24) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rates = rng.uniform(1, 40, places)
    return pd.DataFrame(
        rng.poisson(rates[:, None], (places, periods)), index=[f"p{i}" for i in range(places)]
    )


def test_a_twin_is_found() -> None:
    table = history()
    table.loc["twin"] = table.loc["p3"]
    found = choose_controls(["p3"], [p for p in table.index if p != "p3"], table, n=1)
    assert found.pairs["control"].tolist() == ["twin"]
    assert found.pairs["distance"].tolist() == [0]
    assert found.pairs["correlation"].tolist() == [pytest.approx(1)]


def test_distance_is_one_where_only_chance_differs() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.poisson(20, (2, 5000)), index=["a", "b"])
    assert choose_controls(["a"], ["b"], table, n=1).pairs["distance"].iloc[0] == pytest.approx(1, abs=0.05)


def test_no_place_serves_twice_and_every_hotspot_gets_one_before_any_gets_two() -> None:
    table = history(4)
    hot, pool = list(table.index[:5]), list(table.index)
    found = choose_controls(hot, pool, table, n=3)
    assert found.enough_data
    assert found.pairs["control"].is_unique
    assert not set(found.pairs["control"]) & set(hot)
    assert found.left_out == hot
    assert found.pairs.groupby("hotspot")["rank"].apply(list).map(sorted).tolist() == [[1, 2, 3]] * 5
    few = choose_controls(hot, pool[:12], table, n=3)
    assert not few.enough_data
    assert "7 candidates for 3 controls" in few.summary()
    assert few.pairs[few.pairs["rank"] == 1]["hotspot"].tolist() == hot


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_neither_the_order_of_rows_nor_of_periods_matters(seed) -> None:
    table = history(seed, 12, 10)
    rng = np.random.default_rng(seed)
    shuffled = table.iloc[rng.permutation(12), rng.permutation(10)]
    hot = ["p0", "p1"]
    a = choose_controls(hot, table.index, table, n=2).pairs
    b = choose_controls(hot, shuffled.index, shuffled, n=2).pairs
    assert a["distance"].sum() == pytest.approx(b["distance"].sum())


def test_candidates_too_near_are_left_out() -> None:
    table = history(2, 4)
    shapes = gpd.GeoDataFrame(
        geometry=[box(x, 0, x + 10, 10) for x in (0, 30, 200, 500)], index=table.index, crs=3812
    )
    found = choose_controls(shapes.iloc[:1], shapes.iloc[1:], table, n=1, apart=100)
    assert found.left_out == ["p1"]
    with pytest.raises(BadParameter, match="GeoDataFrame"):
        choose_controls(["p0"], ["p1"], table, n=1, apart=100)


def test_choose_controls_names_bad_input() -> None:
    table = history(2, 4)
    with pytest.raises(ColumnMissing, match="'p9'"):
        choose_controls(["p0"], ["p9"], table, n=1)
    with pytest.raises(BadParameter, match="n must"):
        choose_controls(["p0"], ["p1"], table, n=0)
    with pytest.raises(MissingValues):
        choose_controls(["p0"], ["p1"], table.astype(float).replace(table.iloc[0, 0], np.nan), n=1)
    with pytest.raises(NotCounts):
        choose_controls(["p0"], ["p1"], -table, n=1)
    short = choose_controls(["p0"], ["p1"], table.iloc[:, :3], n=1)
    assert "3 periods of history" in short.summary()
    assert not choose_controls([], [], table, n=1).enough_data

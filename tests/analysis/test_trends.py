"""Hotspots over time, and trends of a series."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from shapely import box

from vicus.analysis import (
    classify_hotspots,
    count_points,
    emerging_hotspots,
    getis_ord,
    make_grid,
    mann_kendall,
)
from vicus.analysis.errors import (
    BadNeighbours,
    BadParameter,
    ColumnMissing,
    DifferentCRS,
    LengthMismatch,
    MissingTimes,
    MissingValues,
)
from vicus.analysis.places.trends import _patterns

CRS = 3812
GRID = make_grid(gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=CRS), 100)
BEGIN = pd.Timestamp("2023-01-01")


def layer(x, y, days):
    when = BEGIN + pd.to_timedelta(np.asarray(days), "D")
    return gpd.GeoDataFrame({"when": when}, geometry=gpd.points_from_xy(x, y), crs=CRS)


def background(seed, n=4000, days=300):
    rng = np.random.default_rng(seed)
    return layer(*rng.uniform(0, 1000, (2, n)), rng.uniform(0, days, n))


def with_cluster(seed, first, last, each=60):
    """A cluster at (250, 250) in some of ten periods of thirty days."""
    rng = np.random.default_rng(seed)
    n = each * (last - first)
    extra = layer(*rng.uniform(150, 350, (2, n)), rng.uniform(30 * first, 30 * last, n))
    return pd.concat([background(seed), extra], ignore_index=True)


def at_cluster(found, column="pattern"):
    return found.loc[(found["row"] == 2) & (found["col"] == 2), column].item()


ASKED = {"period": 30, "until": BEGIN + pd.Timedelta(days=300)}


# --- classes of sfhotspot


@pytest.mark.parametrize(
    ("first", "last", "pattern"),
    [(0, 10, "persistent"), (8, 10, "emerging"), (0, 5, "former"), (4, 9, "intermittent")],
)
def test_a_cluster_is_called_by_when_it_was_there(first, last, pattern) -> None:
    found = classify_hotspots(with_cluster(1, first, last), GRID, **ASKED)
    assert at_cluster(found) == pattern
    assert at_cluster(found, "share") == pytest.approx((last - first) / 10, abs=0.11)
    assert found.attrs["periods"] == 10
    assert found.attrs["recent"] == 2
    assert found.attrs["enough_data"]
    assert (found.loc[(found["row"] > 5) & (found["col"] > 5), "pattern"] == "none").mean() > 0.9


def test_each_period_is_that_of_getis_ord() -> None:
    points = with_cluster(3, 2, 6)
    found = classify_hotspots(points, GRID, **ASKED, adjust="fdr")
    hot = np.zeros(len(GRID))
    for k in range(10):
        day = (points["when"] - BEGIN) / pd.Timedelta(days=1)
        counted = count_points(points[(day >= 30 * k) & (day < 30 * k + 30)], GRID)
        hot += getis_ord(counted, "n", adjust="fdr")["kind"].to_numpy() == "hot"
    assert found["share"].to_numpy() == pytest.approx(hot / 10)
    cold = classify_hotspots(points, GRID, **ASKED, adjust=None, kind="cold")
    assert cold["share"].sum() > 0
    assert at_cluster(cold, "share") == 0


def test_a_part_of_a_period_is_not_counted_as_a_whole_one() -> None:
    """sfhotspot counted a last period of 0.6 days as a full one."""
    points = with_cluster(1, 0, 10)
    rest = layer([250.0] * 40, [250.0] * 40, np.full(40, 300.3))
    more = pd.concat([points, rest], ignore_index=True)
    found = classify_hotspots(more, GRID, period=30)
    assert found.attrs["periods"] == 10
    assert found.attrs["left_out"] == 40
    assert found.attrs["until"] == BEGIN + pd.Timedelta(days=300)
    before = classify_hotspots(points, GRID, **ASKED)
    assert found["pattern"].tolist() == before["pattern"].tolist()
    whole = classify_hotspots(more, GRID, period=30, until=BEGIN + pd.Timedelta(days=330))
    assert (whole.attrs["periods"], whole.attrs["left_out"]) == (11, 0)


@pytest.mark.parametrize(
    ("period", "periods"),
    [(30, 12), ("30 days", 12), ("day", 365), ("week", 52), ("4 weeks", 13), ("month", 12), ("quarter", 4),
     ("2 quarters", 2), ("year", 1), ("12 months", 1), ("36 hours", 243), ("3.5 days", 104)],
)  # fmt: skip
def test_periods_are_those_of_the_calendar(period, periods) -> None:
    from vicus.analysis.places.periods import cube_of

    points = background(1, 2000, 365)
    cube = cube_of(points, GRID, period=period, time=None, start=None, until="2024-01-01", weights=None)
    assert cube.counts.shape == (100, periods)
    inside = points["when"] < cube.edges[-1]
    assert cube.counts.sum() == inside.sum()
    assert cube.left_out == (~inside).sum()
    for k in (0, periods - 1):
        here = (points["when"] >= cube.edges[k]) & (points["when"] < cube.edges[k + 1])
        assert cube.counts[:, k].sum() == here.sum()


def test_a_month_begins_on_the_day_of_the_start() -> None:
    from vicus.analysis.places.periods import cube_of

    cube = cube_of(
        background(1), GRID, period="month", time="when", start="2023-01-31", until=None, weights=None
    )
    assert [str(edge.date()) for edge in cube.edges[:4]] == [
        "2023-01-31",
        "2023-02-28",
        "2023-03-31",
        "2023-04-30",
    ]
    assert cube.left_out > 0


def test_weights_reach_the_classes() -> None:
    points = with_cluster(1, 0, 10)
    nothing = np.where(np.arange(len(points)) < 4000, 1.0, 0.0)
    assert at_cluster(classify_hotspots(points, GRID, **ASKED)) == "persistent"
    assert at_cluster(classify_hotspots(points, GRID, **ASKED, weights=nothing)) == "none"
    assert at_cluster(classify_hotspots(points.assign(w=nothing), GRID, **ASKED, weights="w")) == "none"


def test_times_with_a_zone_are_wall_times() -> None:
    points = with_cluster(1, 0, 10)
    zoned = points.assign(
        when=points["when"].dt.tz_localize("Europe/Brussels", nonexistent="shift_forward", ambiguous=False)
    )
    assert (
        classify_hotspots(points, GRID, **ASKED)["pattern"].tolist()
        == classify_hotspots(zoned, GRID, **ASKED)["pattern"].tolist()
    )


@pytest.mark.parametrize("function", [classify_hotspots, emerging_hotspots])
def test_order_of_rows_and_place_on_the_map_do_not_matter(function) -> None:
    points = with_cluster(5, 0, 10)
    expected = function(points, GRID, **ASKED)["pattern"].tolist()
    assert function(points.sample(frac=1, random_state=1), GRID, **ASKED)["pattern"].tolist() == expected
    moved = points.set_geometry(points.translate(5000, -7000))
    grid = GRID.set_geometry(GRID.translate(5000, -7000))
    assert function(moved, grid, **ASKED)["pattern"].tolist() == expected


@pytest.mark.parametrize("function", [classify_hotspots, emerging_hotspots])
def test_too_little_is_an_answer_not_an_error(function) -> None:
    for points, period in ((background(1).head(0), 30), (background(1).head(1), 30), (background(1), 200)):
        found = function(points, GRID, period=period)
        assert (found["pattern"] == "none").all()
        assert not found.attrs["enough_data"]
        assert "period" in found.attrs["why"]
    away = layer([9e6] * 50, [9e6] * 50, np.linspace(0, 300, 50))
    found = function(away, GRID, period=30)
    assert "no event lies in the cells" in found.attrs["why"]
    assert found.attrs["unassigned"] == 50


@pytest.mark.parametrize("function", [classify_hotspots, emerging_hotspots])
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"period": "fortnight"}, BadParameter, "28 days"),
        ({"period": 0}, BadParameter, "above 0"),
        ({"period": "1.5 months"}, BadParameter, "whole"),
        ({"period": "hour", "until": "2099-01-01"}, BadParameter, "10,000"),
        ({"time": "date"}, ColumnMissing, "when"),
        ({"time": ["a"] * 4000}, BadParameter, "dates"),
        ({"time": pd.Series([BEGIN])}, LengthMismatch, "time has 1"),
        ({"time": pd.Series([pd.NaT] + [BEGIN] * 3999)}, MissingTimes, "1 of 4000"),
        ({"start": "tomorrow-ish"}, BadParameter, "start"),
        ({"until": None, "start": pd.NaT}, BadParameter, "missing"),
        ({"adjust": "holm"}, BadParameter, "fdr"),
        ({"significance": 2}, BadParameter, "significance"),
        ({"neighbours": 10}, BadNeighbours, "100 m apart"),
        ({"weights": [1.0]}, LengthMismatch, "weights has 1"),
    ],
)
def test_bad_questions_are_named_with_advice(function, change, error, words) -> None:
    with pytest.raises(error, match=words):
        function(background(1), GRID, **{"period": 30, **change})


def test_shares_lag_and_layers_are_checked() -> None:
    with pytest.raises(BadParameter, match="recent_share"):
        classify_hotspots(background(1), GRID, period=30, recent_share=0)
    with pytest.raises(BadParameter, match="lag"):
        emerging_hotspots(background(1), GRID, period=30, lag=-1)
    with pytest.raises(BadParameter, match="kind"):
        classify_hotspots(background(1), GRID, period=30, kind="warm")
    with pytest.raises(DifferentCRS):
        classify_hotspots(background(1).to_crs(31370), GRID, period=30)
    with pytest.raises(ColumnMissing, match="0 columns of dates"):
        classify_hotspots(background(1)[["geometry"]], GRID, period=30)
    with pytest.raises(ColumnMissing, match="2 columns of dates"):
        classify_hotspots(background(1).assign(told=BEGIN), GRID, period=30)


# --- seventeen classes


def flags(text):
    return np.array([[mark == "h" for mark in text]]), np.array([[mark == "c" for mark in text]])


@pytest.mark.parametrize(
    ("steps", "direction", "pattern"),
    [
        (".........h", 0, "new hot"),
        ("..c......h", 0, "new hot"),
        (".......hhh", 0, "consecutive hot"),
        ("c......hhh", 0, "consecutive hot"),
        (".hhhhhhhhh", 1, "intensifying hot"),
        ("hhhhhhhhhh", 0, "persistent hot"),
        ("hhhhh.hhhh", -1, "diminishing hot"),
        ("h...h.hh.h", 0, "sporadic hot"),
        ("h...c.hh.h", 0, "oscillating hot"),
        ("hhhhhhhhh.", 0, "historical hot"),
        ("hhhhhhhhh.", -1, "historical hot"),
        ("hhhhhhhh..", 0, "none"),
        ("hhhh......", 0, "none"),
        ("..........", 0, "none"),
    ],
)
def test_steps_are_called_by_their_definition(steps, direction, pattern) -> None:
    hot, cold = flags(steps)
    assert _patterns(hot, cold, np.array([direction]), "hot").item() == pattern
    mirrored = pattern.replace("hot", "cold")
    assert _patterns(hot, cold, np.array([direction]), "cold").item() == mirrored


def test_scores_of_the_cube_are_gi_star_over_all_cells_and_periods() -> None:
    """The general form, with the neighbours of the cube written out as one matrix."""
    from vicus.analysis.places.neighbours import neighbours_of
    from vicus.analysis.places.trends import _scores_of_cube

    rng = np.random.default_rng(2)
    grid = make_grid(gpd.GeoSeries([box(0, 0, 500, 400)], crs=CRS), 100)
    counts = rng.poisson(2, (20, 5)).astype(float)
    near = neighbours_of(grid.geometry, "queen")
    layer_weights = near.to_matrix().toarray() + np.eye(20)
    for lag in (0, 1, 3):
        whole = np.zeros((100, 100))
        for k in range(5):
            for before in range(max(0, k - lag), k + 1):
                whole[k * 20 : k * 20 + 20, before * 20 : before * 20 + 20] = layer_weights
        cube = gpd.GeoDataFrame(
            {"n": counts.T.ravel()}, geometry=gpd.points_from_xy(np.arange(100), np.zeros(100)), crs=CRS
        )
        expected = getis_ord(cube, "n", neighbours=whole)["gi"].to_numpy().reshape(5, 20).T
        assert _scores_of_cube(counts, near, lag) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("first", "last", "pattern"), [(0, 10, "persistent hot"), (9, 10, "new hot"), (6, 10, "consecutive hot")]
)
def test_a_cluster_emerges(first, last, pattern) -> None:
    found = emerging_hotspots(with_cluster(1, first, last), GRID, **ASKED)
    assert at_cluster(found) == pattern
    assert at_cluster(found, "hot") == last - first
    assert set(found["pattern"]) <= {
        "none", *(f"{name} {kind}" for kind in ("hot", "cold") for name in (
            "new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical",
        )),
    }  # fmt: skip


def test_a_growing_cluster_intensifies_and_a_shrinking_one_diminishes() -> None:
    rng = np.random.default_rng(1)
    day = 300 * np.append(np.sqrt(rng.uniform(0, 1, 900)), rng.uniform(0, 1, 600))
    extra = layer(*rng.uniform(150, 350, (2, 1500)), day)
    growing = pd.concat([background(1), extra], ignore_index=True)
    assert at_cluster(emerging_hotspots(growing, GRID, **ASKED)) == "intensifying hot"
    extra["when"] = BEGIN + (BEGIN + pd.Timedelta(days=299.99) - extra["when"])
    shrinking = pd.concat([background(1), extra], ignore_index=True)
    assert at_cluster(emerging_hotspots(shrinking, GRID, **ASKED)) == "diminishing hot"


# --- trend of a series


def test_worked_value_of_mann_kendall() -> None:
    series = next(_series_with(17))
    found = mann_kendall(series)
    assert found.s == 17
    assert (round(found.tau, 3), round(found.p, 3)) == (0.378, 0.152)


def _series_with(s):
    rng = np.random.default_rng(0)
    while True:
        series = rng.permutation(10)
        if sum(np.sign(series[j] - series[i]) for i in range(10) for j in range(i + 1, 10)) == s:
            yield series


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99_999), st.integers(3, 40), st.integers(2, 30))
def test_tau_equals_scipy_and_turning_time_turns_the_sign(seed, n, levels) -> None:
    series = np.random.default_rng(seed).integers(0, levels, n)
    found, back = mann_kendall(series), mann_kendall(series[::-1])
    assert found.s == -back.s
    assert found.p == pytest.approx(back.p)
    if len(set(series.tolist())) > 1:
        assert found.tau == pytest.approx(stats.kendalltau(np.arange(n), series).statistic)
        scores = np.array([np.sign(series[j] - series[i]) for i in range(n) for j in range(i + 1, n)])
        assert found.s == scores.sum()
        groups = np.unique(series, return_counts=True)[1]
        variance = (n * (n - 1) * (2 * n + 5) - (groups * (groups - 1) * (2 * groups + 5)).sum()) / 18
        z = (found.s - np.sign(found.s)) / np.sqrt(variance)
        assert found.p == pytest.approx(2 * stats.norm.sf(abs(z)))
    else:
        assert np.isnan(found.tau)
        assert found.p == 1


def test_short_and_missing_series() -> None:
    assert "Not enough data" in mann_kendall([]).summary()
    assert "there is one" in mann_kendall([4]).summary()
    assert np.isnan(mann_kendall([1, 2]).p)
    assert "goes down" in mann_kendall(range(20, 0, -1)).summary()
    assert "no clear trend" in mann_kendall([1, 2, 1, 2, 1, 2]).summary()
    with pytest.raises(MissingValues):
        mann_kendall([1, np.nan, 3])

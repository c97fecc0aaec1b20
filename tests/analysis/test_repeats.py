"""Near repeats: the Knox test as a whole, event by event, and chains."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vicus.analysis import knox, local_knox, near_repeat, near_repeat_chains
from vicus.analysis.errors import (
    BadParameter,
    LengthMismatch,
    MissingTimes,
    MissingValues,
    MixedTimes,
    NotProjected,
)

BANDS = {"distances": [0.1, 200, 400], "days": [2, 7, 14]}


def some_events(seed, n=120, days=60):
    """Places on a coarse raster and whole days, so that edges are hit and duplicates occur."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 12, (n, 2)) * 100.0, rng.integers(0, days, n).astype(float)


def brute(xy, t, distances, days, metric="euclidean", closed="right"):
    """Every pair, band by band, as the definition has it."""
    d = xy[:, None, :] - xy[None, :, :]
    d = np.abs(d).sum(axis=2) if metric == "manhattan" else np.sqrt((d**2).sum(axis=2))
    apart = np.abs(t[:, None] - t[None, :])
    upper = np.triu_indices(len(t), 1)
    side = {"right": "left", "left": "right"}[closed]
    a = np.searchsorted(distances, d[upper], side=side)
    b = np.searchsorted(days, apart[upper], side=side)
    table = np.zeros((len(distances) + 1, len(days) + 1), dtype=int)
    np.add.at(table, (a, b), 1)
    return table[:-1, :-1], np.outer(table.sum(axis=1)[:-1], table.sum(axis=0)[:-1]) / (
        len(t) * (len(t) - 1) / 2
    )


@pytest.mark.parametrize("closed", ["right", "left"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
@pytest.mark.parametrize("seed", range(4))
def test_pairs_are_those_of_the_definition(seed, metric, closed) -> None:
    xy, t = some_events(seed)
    observed, expected = brute(xy, t, **BANDS, metric=metric, closed=closed)
    found = knox(xy, t, **BANDS, metric=metric, closed=closed, permutations=0)
    assert (found.observed == observed).all()
    assert found.expected == pytest.approx(expected)
    assert found.ratio == pytest.approx(observed / expected)


def test_bands_are_not_off_by_one() -> None:
    """Near Repeat Calculator 1.3 counted a pair at an edge in the wrong band."""
    xy = [(0, 0), (200, 0)]
    right = knox(xy, [0, 7], distances=[0.1, 200, 400], days=[7, 14], permutations=0).observed
    left = knox(xy, [0, 7], distances=[0.1, 200, 400], days=[7, 14], closed="left", permutations=0).observed
    assert right.tolist() == [[0, 0], [1, 0], [0, 0]]
    assert left.tolist() == [[0, 0], [0, 0], [0, 1]]
    same = knox([(0, 0), (0, 0)], [5, 5], distances=[0.1, 200], days=[1, 2], closed="left", permutations=0)
    assert same.observed.tolist() == [[1, 0], [0, 0]]
    assert knox([(0, 0), (0, 0)], [5, 5], distances=[0, 200], days=[0, 2]).observed.tolist() == [
        [1, 0],
        [0, 0],
    ]


def test_the_upper_tail_holds_the_observed_count() -> None:
    """pointpats and surveillance take P(X > observed)."""
    from scipy.stats import poisson

    xy, t = some_events(3)
    found = knox(xy, t, **BANDS, permutations=0)
    assert found.p == pytest.approx(poisson.sf(found.observed - 1, found.expected))
    assert (found.p == found.p_poisson).all()


def test_monte_carlo_p_is_never_zero_and_counts_ties() -> None:
    # Two places far apart with two events each, two dates: the observed split is the most clustered one of all,
    # reached by a third of the shuffles.
    xy = [(0, 0), (1, 0), (9000, 0), (9001, 0)]
    found = knox(xy, [0, 0, 50, 50], distances=10, days=1, permutations=2999, random_state=1)
    assert found.p[0, 0] == pytest.approx(1 / 3, abs=0.05)
    twins = np.repeat(np.arange(40.0), 2)
    sure = knox(np.column_stack((twins * 5000, twins)), twins * 30, distances=10, days=1, permutations=99)
    assert sure.p[0, 0] == 1 / 100


def test_the_mean_of_the_shuffles_is_the_expected_count() -> None:
    from vicus.analysis.repeats import kernels
    from vicus.analysis.repeats.events import bands_of, events_of, times_of

    xy, t = some_events(5)
    found = knox(xy, t, **BANDS, permutations=0)
    x, y = xy.T.copy()
    bands = bands_of(BANDS["distances"], BANDS["days"], "euclidean", "right", (x, y))
    e = events_of(x, y, times_of(t, x), bands)
    counts = np.zeros((20_000, 3, 3), dtype=np.int64)
    seeds = np.arange(20_000, dtype=np.uint64) * np.uint64(7919)
    kernels.shuffled_sweeps(
        seeds, e.t, e.x, e.y, e.cell, e.first, e.start, e.near, bands.d_limits, bands.t_limits, False, counts
    )
    error = counts.std(axis=0) / np.sqrt(len(counts))
    assert (np.abs(counts.mean(axis=0) - found.expected) < 5 * error + 1e-9).all()


def test_one_seed_gives_one_answer_on_one_and_two_threads_and_in_any_order() -> None:
    xy, t = some_events(9)
    one = knox(xy, t, **BANDS, random_state=4, threads=1).p
    assert (one == knox(xy, t, **BANDS, random_state=4, threads=2).p).all()
    assert (one == knox(xy, t, **BANDS, random_state=np.random.default_rng(4), threads=3).p).all()
    assert (one != knox(xy, t, **BANDS, random_state=5).p).any()
    order = np.random.default_rng(1).permutation(len(t))
    assert (one == knox(xy[order], t[order], **BANDS, random_state=4).p).all()


def test_near_repeats_are_found_and_their_absence_is_not() -> None:
    xy, t = some_events(2, 300, 365)
    assert near_repeat is knox
    none = knox(xy, t, distances=[100, 300], days=[7], permutations=999, random_state=1)
    assert not none.significant.any()
    assert "No near repeats beyond chance among 300 events" in none.summary()
    more = knox(
        np.vstack((xy, xy[:50] + 10)),
        np.append(t, t[:50] + 1),
        distances=[100, 300],
        days=[7],
        random_state=1,
    )
    assert more.significant.tolist() == [[True], [False]] or more.significant[0, 0]
    assert "0 to 100 m and 0 to 7 days apart" in more.summary()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1e6, 1e6), st.floats(-1e4, 1e4))
def test_moving_the_map_or_the_calendar_changes_nothing(seed, shift, days) -> None:
    xy, t = some_events(seed, 60)
    assert (
        knox(xy + shift, t + days, **BANDS, permutations=0).observed
        == knox(xy, t, **BANDS, permutations=0).observed
    ).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 12), st.sampled_from([3.0, 250.0, 5000.0]))
def test_any_cloud_of_events_gives_the_pairs_of_the_definition(seed, n, scale) -> None:
    """Empty, single, coinciding and collinear events among them."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(-3, 3, (n, 2)) * scale
    if seed % 3 == 0:
        xy[:, 1] = 0
    t = rng.integers(0, 30, n).astype(float)
    found = knox(xy, t, **BANDS, permutations=9)
    if n > 1:
        assert (found.observed == brute(xy, t, **BANDS)[0]).all()
    assert found.enough_data == bool(found.expected.sum() > 0)


@pytest.mark.parametrize(
    ("xy", "times", "why"),
    [
        ([], [], "there are none"),
        ([(0, 0)], [1], "there is one"),
        ([(0, 0), (9999, 0)], [1, 1], "within 400 m"),
        ([(0, 0), (0, 0)], [1, 99], "within 14 days"),
    ],
)
def test_too_few_events_is_an_answer_not_an_error(xy, times, why) -> None:
    found = knox(xy, times, **BANDS)
    assert not found.enough_data
    assert why in found.summary()
    assert np.isnan(found.p).all()
    assert not found.significant.any()


def test_an_outlier_far_away_costs_neither_memory_nor_pairs() -> None:
    xy, t = some_events(1)
    with_outlier = np.vstack((xy, [[1e12, -1e12]]))
    found = knox(with_outlier, np.append(t, 1), distances=[10, 250], days=[7], permutations=9)
    assert (found.observed == brute(xy, t, [10, 250], [7])[0]).all()


@pytest.mark.parametrize(
    "times",
    [
        pd.Series(pd.date_range("2024-03-30 12:00", periods=3, freq="D")),
        pd.date_range("2024-03-30 12:00", periods=3, freq="D", tz="UTC"),
        np.array(["2024-03-30", "2024-03-31", "2024-04-01"], dtype="datetime64[D]"),
        [dt.date(2024, 3, 30), dt.date(2024, 3, 31), dt.date(2024, 4, 1)],
        [dt.datetime(2024, 3, 30, tzinfo=dt.UTC) + dt.timedelta(days=k) for k in range(3)],
        ["2024-03-30", "2024-03-31", "2024-04-01"],
        [5, 6, 7],
        np.array([[0.25], [1.25], [2.25]]),
    ],
    ids=str,
)
def test_times_of_every_kind_are_compared_in_days(times) -> None:
    found = knox([(0, 0), (1, 0), (2, 0)], times, distances=5, days=[1, 2], permutations=0)
    assert found.observed.tolist() == [[2, 1]]


def test_hours_are_exact_at_the_edge_of_a_band() -> None:
    hours = pd.date_range("2024-01-01", periods=400, freq="7h")
    found = knox(np.zeros((400, 2)), hours, distances=1, days=[7], permutations=0)
    as_days = knox(np.zeros((400, 2)), np.arange(400) * 7 / 24, distances=1, days=[7], permutations=0)
    assert found.observed.item() == as_days.observed.item() == sum(400 - k for k in range(1, 25))


def test_a_layer_of_points_is_taken_and_degrees_are_refused() -> None:
    xy, t = some_events(4)
    layer = gpd.GeoDataFrame({"t": t}, geometry=gpd.points_from_xy(*xy.T), crs=3812)
    assert (
        knox(layer, layer["t"], **BANDS, permutations=0).observed
        == knox(xy, t, **BANDS, permutations=0).observed
    ).all()
    with pytest.raises(NotProjected, match="to_crs"):
        knox(layer.to_crs(4326), t, **BANDS)


@pytest.mark.parametrize("function", [knox, local_knox])
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"xy": [(0, 0), (np.nan, 1)]}, MissingValues, "1 of 2 events have no coordinates"),
        ({"xy": [(0, 0), (np.inf, 1)]}, MissingValues, "1 of 2"),
        ({"xy": [(0, 0, 0), (1, 1, 1)]}, LengthMismatch, r"shape \(n, 2\)"),
        ({"xy": [("a", "b"), ("c", "d")]}, BadParameter, "numbers"),
        ({"times": [1, 2, 3]}, LengthMismatch, "times has 3"),
        ({"times": [1, None]}, MissingTimes, "1 of 2"),
        ({"times": pd.to_datetime(["2024-01-01", None])}, MissingTimes, "1 of 2"),
        ({"times": [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=dt.UTC)]}, MixedTimes, "zone"),
        ({"times": ["today or so", "never"]}, BadParameter, "dates and times"),
        ({"distances": [200, 100]}, BadParameter, "100 comes after 200"),
        ({"distances": [100, 100]}, BadParameter, "must rise"),
        ({"distances": []}, BadParameter, "upper edges"),
        ({"days": [-1, 2]}, BadParameter, "above 0"),
        ({"days": [0, 2], "closed": "left"}, BadParameter, "above 0"),
        ({"days": [np.nan]}, BadParameter, "upper edges"),
        ({"metric": "crow"}, BadParameter, "manhattan"),
        ({"closed": "both"}, BadParameter, "left"),
        ({"permutations": -1}, BadParameter, "permutations"),
        ({"significance": 1}, BadParameter, "significance"),
    ],
)
def test_bad_questions_are_named_with_advice(function, change, error, words) -> None:
    with pytest.raises(error, match=words):
        function(**{"xy": [(0, 0), (1, 1)], "times": [1, 2], **BANDS, **change})


def test_threads_must_be_a_number() -> None:
    with pytest.raises(BadParameter, match="threads"):
        knox([(0, 0), (1, 1)], [1, 2], **BANDS, threads=0)


# --- event by event


@pytest.mark.parametrize("closed", ["right", "left"])
def test_local_counts_add_up_to_twice_the_pairs_and_p_is_hypergeometric(closed) -> None:
    from scipy.stats import hypergeom

    xy, t = some_events(6)
    found = local_knox(xy, t, **BANDS, closed=closed)
    whole = knox(xy, t, **BANDS, closed=closed, permutations=0)
    assert (found.observed.sum(axis=0) == 2 * whole.observed).all()
    assert found.expected.sum(axis=0) == pytest.approx(2 * whole.expected, rel=0.2)
    n = len(t)
    one = local_knox(xy, t, distances=400, days=14, closed=closed)
    d = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    apart = np.abs(t[:, None] - t[None])
    near, soon = (d <= 400, apart <= 14) if closed == "right" else (d < 400, apart < 14)
    np.fill_diagonal(near, False)
    np.fill_diagonal(soon, False)
    both = (near & soon).sum(axis=1)
    assert (one.observed == both).all()
    assert one.expected == pytest.approx(near.sum(axis=1) * soon.sum(axis=1) / (n - 1))
    assert one.p == pytest.approx(hypergeom.sf(both - 1, n - 1, soon.sum(axis=1), near.sum(axis=1)))


def test_draws_come_near_the_exact_p() -> None:
    xy, t = some_events(6)
    exact = local_knox(xy, t, distances=300, days=7)
    drawn = local_knox(xy, t, distances=300, days=7, permutations=4999, random_state=3)
    assert drawn.p == pytest.approx(exact.p, abs=5 * np.sqrt(0.25 / 5000))
    again = local_knox(xy, t, distances=300, days=7, permutations=4999, random_state=3)
    assert (again.p == drawn.p).all()


def test_local_results_follow_their_rows() -> None:
    xy, t = some_events(8)
    order = np.random.default_rng(0).permutation(len(t))
    found, moved = local_knox(xy, t, **BANDS), local_knox(xy[order], t[order], **BANDS)
    assert (found.observed[order] == moved.observed).all()
    assert moved.p == pytest.approx(found.p[order])
    adjusted = local_knox(xy, t, **BANDS, adjust="bonferroni")
    assert adjusted.p_adjusted == pytest.approx(np.minimum(found.p * len(t), 1))


def test_local_results_of_no_and_one_event() -> None:
    assert "there are none" in local_knox([], [], **BANDS).summary()
    one = local_knox([(0, 0)], [1], distances=5, days=5, permutations=9)
    assert "there is one" in one.summary()
    assert one.p.tolist() == [1.0]


# --- chains


def test_chains_are_the_components_of_close_pairs() -> None:
    from scipy.sparse.csgraph import connected_components

    for seed in range(5):
        xy, t = some_events(seed, 80, 200)
        d = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
        linked = (d <= 200) & (np.abs(t[:, None] - t[None]) <= 7)
        _, peer = connected_components(linked)
        alone = np.bincount(peer)[peer] == 1
        found = near_repeat_chains(xy, t, distance=200, days=7)
        assert ((found == -1) == alone).all()
        pairs = pd.DataFrame({"ours": found[~alone], "peer": peer[~alone]}).drop_duplicates()
        assert pairs["ours"].is_unique
        assert pairs["peer"].is_unique
        begins = [t[found == k].min() for k in range(found.max() + 1)]
        assert begins == sorted(begins)


def test_chains_follow_their_rows() -> None:
    xy, t = some_events(3, 80, 200)
    order = np.random.default_rng(0).permutation(80)
    found = near_repeat_chains(xy, t, distance=150, days=7)
    assert (near_repeat_chains(xy[order], t[order], distance=150, days=7) == found[order]).all()
    assert near_repeat_chains([], [], distance=1, days=1).tolist() == []

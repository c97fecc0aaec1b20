"""Presence per perimeter, and what followed it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from shapely import box

from vicus.analysis import patrol_dose
from vicus.analysis.errors import BadParameter, ColumnMissing, MissingTimes, NotCounts, SwappedTimes

NOON = pd.Timestamp("2024-03-04 12:00")


def log(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """Visits as (perimeter, minutes after noon, length in minutes)."""
    table = pd.DataFrame(rows, columns=["perimeter", "at", "length"])
    start = NOON + pd.to_timedelta(table["at"], unit="min")
    return pd.DataFrame(
        {
            "perimeter": table["perimeter"],
            "start": start,
            "end": start + pd.to_timedelta(table["length"], unit="min"),
        }
    )


def many(lengths: list[float], followed: list[bool]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visits two hours apart, some with an event ten minutes after their end."""
    at = 120.0 * np.arange(len(lengths))
    visits = log(*[("a", t, n) for t, n in zip(at, lengths, strict=True)])
    hit = visits["end"][np.array(followed, dtype=bool)] + pd.Timedelta(minutes=10)
    return visits, pd.DataFrame({"perimeter": "a", "time": hit})


def test_minutes_and_gaps() -> None:
    visits = log(("a", 0, 15), ("a", 75, 15), ("b", 5, 10), ("a", 80, 20), ("x", 0, 9))
    dose = patrol_dose(visits, ["a", "b", "c"], planned={"a": 100, "b": 20, "c": 10})
    a = dose.table.loc["a"]
    assert (a.visits, a.minutes, a.delivered, a.median_minutes) == (3, 50, 0.5, 15)
    assert (a.longest_gap, a.median_gap) == (1.0, 0.5)  # the third begins within the second: no gap
    assert dose.table.loc["c", ["visits", "minutes", "delivered"]].tolist() == [0, 0, 0]
    assert dose.outside == 1
    assert "4 visits of 60 minutes in all, 46% of what was planned" in dose.summary()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 900), st.integers(0, 60)), max_size=25),
    st.randoms(),
)
def test_the_order_of_rows_does_not_matter_and_minutes_add_up(rows, random) -> None:
    one = patrol_dose(log(*rows), ["a", "b"])
    random.shuffle(rows)
    other = patrol_dose(log(*rows), ["a", "b"])
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.table["minutes"].sum() == pytest.approx(sum(length for _, _, length in rows))
    assert one.table["visits"].sum() == len(rows)


def test_perimeters_are_found_from_points() -> None:
    perimeters = gpd.GeoDataFrame(index=["a", "b"], geometry=[box(0, 0, 10, 10), box(5, 0, 20, 10)], crs=3812)
    visits = gpd.GeoDataFrame(
        log(("?", 0, 5), ("?", 30, 5), ("?", 60, 5), ("?", 90, 5)).drop(columns="perimeter"),
        geometry=gpd.points_from_xy([1, 7, 15, 50], [5, 5, 5, 5]),
        crs=3812,
    )
    dose = patrol_dose(visits, perimeters)
    assert dose.table["visits"].tolist() == [2, 1]  # in both: the first
    assert dose.outside == 1
    assert patrol_dose(visits.to_crs(3812), perimeters).table.equals(dose.table)


def test_the_curve_counts_what_followed_with_exact_intervals() -> None:
    lengths = [3] * 30 + [12] * 40 + [25] * 10
    followed = [k % 3 == 0 for k in range(30)] + [k % 10 == 0 for k in range(40)] + [False] * 10
    visits, events = many(lengths, followed)
    dose = patrol_dose(visits, ["a"], events=events)
    assert dose.enough_data
    assert dose.curve["visits"].tolist() == [30, 40]  # ten visits of 25 minutes are too few
    assert dose.curve["followed"].tolist() == [10, 4]
    interval = stats.binomtest(4, 40).proportion_ci(method="exact")
    assert dose.curve[["low", "high"]].iloc[1].tolist() == pytest.approx([interval.low, interval.high])
    assert "after 10 to 15 minutes (10%" in dose.summary()
    late = patrol_dose(visits, ["a"], events=events, within=9)
    assert not late.enough_data


def test_a_visit_that_another_follows_is_left_out_of_the_curve() -> None:
    visits, events = many([3] * 30 + [12] * 30, [True] * 60)
    more = pd.concat([visits, log(("a", 3 + 20, 1))])
    assert patrol_dose(visits, ["a"], events=events).curve["visits"].tolist() == [30, 30]
    assert patrol_dose(more, ["a"], events=events).curve["visits"].tolist() == [30, 30]  # one out, one in


def test_too_little_for_a_curve_is_said() -> None:
    assert "no events were given" in patrol_dose(log(("a", 0, 5)), ["a"]).summary()
    visits, events = many([3] * 25 + [12] * 25, [k < 4 for k in range(50)])
    assert "4 visits were followed" in patrol_dose(visits, ["a"], events=events).why
    assert "0 classes" in patrol_dose(log(("a", 0, 5)), ["a"], events=events).why
    empty = patrol_dose(log(), ["a"], events=events)
    assert empty.table["visits"].tolist() == [0]
    assert not empty.enough_data


def test_bad_visits_are_named() -> None:
    visits = log(("a", 0, 5))
    with pytest.raises(SwappedTimes, match="1 of 1"):
        patrol_dose(log(("a", 10, -5)), ["a"])
    with pytest.raises(MissingTimes, match="no end"):
        patrol_dose(visits.assign(end=pd.NaT), ["a"])
    with pytest.raises(ColumnMissing, match="'end'"):
        patrol_dose(visits.drop(columns="end"), ["a"])
    with pytest.raises(ColumnMissing, match="no points"):
        patrol_dose(visits.drop(columns="perimeter"), ["a"])
    with pytest.raises(BadParameter, match="classes"):
        patrol_dose(visits, ["a"], classes=[5, 5])
    with pytest.raises(BadParameter, match="within"):
        patrol_dose(visits, ["a"], within=0)
    with pytest.raises(NotCounts):
        patrol_dose(visits, ["a"], planned={"a": -5})

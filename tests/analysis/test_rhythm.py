"""Hour and weekday of events known as intervals."""

import os
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vicus.analysis import aoristic
from vicus.analysis.errors import BadParameter, LengthMismatch, MissingTimes, SwappedTimes, UnknownTimeZone

BRUSSELS = "Europe/Brussels"


def test_worked_value_of_ratcliffe() -> None:
    week = aoristic(["2024-03-04 10:55"], ["2024-03-04 11:55"], tz=BRUSSELS)
    assert week[0, 10] == pytest.approx(1 / 12, abs=1e-15)
    assert week[0, 11] == pytest.approx(11 / 12, abs=1e-15)
    assert week.sum() == pytest.approx(1)


def test_the_week_starts_on_monday() -> None:
    days = pd.date_range("2024-03-04 15:30", periods=7)  # a Monday
    assert np.array_equal(np.argwhere(aoristic(days, days, tz=BRUSSELS)), [[d, 15] for d in range(7)])


def test_a_skipped_hour_gets_nothing() -> None:
    week = aoristic(["2024-03-31 01:00"], ["2024-03-31 04:00"], tz=BRUSSELS)
    assert week[6, 1:4].tolist() == [0.5, 0.0, 0.5]


def test_a_repeated_hour_gets_two() -> None:
    week = aoristic(["2024-10-27 01:00"], ["2024-10-27 04:00"], tz=BRUSSELS)
    assert week[6, 1:4].tolist() == [0.25, 0.5, 0.25]


def test_a_wall_time_in_the_skipped_hour_is_the_moment_of_the_change() -> None:
    week = aoristic(["2024-03-31 02:30"], ["2024-03-31 04:00"], tz=BRUSSELS)
    assert week[6, 2:5].tolist() == [0.0, 1.0, 0.0]


def test_an_end_in_the_second_pass_of_the_repeated_hour_is_no_swap() -> None:
    week = aoristic(["2024-10-27 02:45"], ["2024-10-27 02:15"], tz=BRUSSELS)
    assert week[6, 2] == 1.0


def test_results_do_not_change_with_the_time_zone_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for session in ("UTC", "America/Los_Angeles", "Asia/Kolkata"):
        monkeypatch.setenv("TZ", session)
        time.tzset()
        found.append(aoristic(["2024-07-01 23:10"], ["2024-07-02 00:40"], tz=BRUSSELS))
    monkeypatch.undo()
    time.tzset()
    assert os.environ.get("TZ") != "Asia/Kolkata"
    assert all(np.array_equal(found[0], other) for other in found[1:])
    assert found[0][0, 23] == pytest.approx(50 / 90)


def test_aware_times_keep_their_instant() -> None:
    week = aoristic([datetime(2024, 7, 1, 22, 30, tzinfo=UTC)], [pd.NaT], tz=BRUSSELS)
    assert week[1, 0] == 1.0  # 00:30 on Tuesday in Brussels


def test_a_missing_end_is_a_known_moment() -> None:
    start = pd.Series(pd.to_datetime(["2024-03-04 10:55", "2024-03-05 08:00"]))
    end = pd.Series([pd.NaT, pd.Timestamp("2024-03-05 09:30")])
    week = aoristic(start, end, tz=BRUSSELS)
    assert week[0, 10] == 1.0
    assert week[1, 8:10] == pytest.approx([2 / 3, 1 / 3])


def test_an_interval_of_years_spreads_over_every_hour() -> None:
    week = aoristic(["2015-01-01"], ["2022-01-06 00:00"], tz="UTC")
    weeks = (datetime(2022, 1, 6) - datetime(2015, 1, 1)) / timedelta(days=7)
    assert weeks == int(weeks) == 366
    assert week == pytest.approx(np.full((7, 24), 1 / 168), rel=1e-12)


def test_zones_with_half_hours_are_exact() -> None:
    week = aoristic(
        [datetime(2024, 3, 4, 0, 0, tzinfo=UTC)], [datetime(2024, 3, 4, 1, 0, tzinfo=UTC)], tz="Asia/Kolkata"
    )
    assert week[0, 5:7].tolist() == [0.5, 0.5]
    # Lord Howe moves its clocks by half an hour: 1:30 to 3:00 on the wall is one hour, 30 + 30 minutes.
    week = aoristic(["2024-10-06 01:30"], ["2024-10-06 03:00"], tz="Australia/Lord_Howe")
    assert week[6, 1:3].tolist() == [0.5, 0.5]


def test_totals_by_hour_and_by_day_are_sums_of_the_week() -> None:
    start = pd.date_range("2024-01-01", periods=50, freq="37h")
    end = start + pd.Timedelta("5h")
    week = aoristic(start, end, tz=BRUSSELS)
    assert aoristic(start, end, tz=BRUSSELS, bins="hour_of_day") == pytest.approx(week.sum(axis=0))
    assert aoristic(start, end, tz=BRUSSELS, bins="day_of_week") == pytest.approx(week.sum(axis=1))


def test_no_events_is_a_week_of_zeros() -> None:
    assert not aoristic([], [], tz=BRUSSELS).any()
    empty = pd.Series([], dtype="datetime64[us, UTC]")
    assert aoristic(empty, empty, tz=BRUSSELS).shape == (7, 24)


minutes = st.integers(0, 60 * 24 * 365 * 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(minutes, st.integers(0, 60 * 24 * 20)), min_size=1, max_size=8))
def test_shares_equal_a_count_minute_by_minute(events: list[tuple[int, int]]) -> None:
    zone = ZoneInfo(BRUSSELS)
    origin = datetime(2022, 1, 1, tzinfo=UTC)
    starts = [origin + timedelta(minutes=m) for m, _ in events]
    ends = [s + timedelta(minutes=d) for s, (_, d) in zip(starts, events, strict=True)]
    expected = np.zeros((7, 24))
    for (_, duration), begin in zip(events, starts, strict=True):
        stamps = pd.date_range(begin, periods=max(duration, 1), freq="min").tz_convert(zone)
        np.add.at(expected, (stamps.day_of_week, stamps.hour), 1 / max(duration, 1))
    found = aoristic(starts, ends, tz=BRUSSELS)
    assert found == pytest.approx(expected, abs=1e-9)
    assert found.sum() == pytest.approx(len(events))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(minutes, st.integers(0, 5000), st.floats(0, 10)), min_size=1, max_size=10),
    st.randoms(),
)
def test_the_order_of_rows_does_not_matter_and_weights_add_up(events, random) -> None:
    def week(rows):
        start = pd.to_datetime([60 * m for m, _, _ in rows], unit="s", utc=True)
        end = start + pd.to_timedelta([60 * d for _, d, _ in rows], unit="s")
        return aoristic(start, end, tz=BRUSSELS, weights=[w for _, _, w in rows])

    shuffled = events[:]
    random.shuffle(shuffled)
    assert week(events) == pytest.approx(week(shuffled), abs=1e-9)
    assert week(events).sum() == pytest.approx(sum(w for _, _, w in events))


def test_swapped_ends_are_refused_or_repaired() -> None:
    start, end = ["2024-03-04 11:55", "2024-03-04 09:00"], ["2024-03-04 10:55", "2024-03-04 09:30"]
    with pytest.raises(SwappedTimes, match=r"1 of 2 .*position 0.*repair"):
        aoristic(start, end, tz=BRUSSELS)
    week = aoristic(start, end, tz=BRUSSELS, swapped="repair")
    assert week[0, 9:12] == pytest.approx([1, 1 / 12, 11 / 12])


@pytest.mark.parametrize(
    ("start", "end", "options", "error", "words"),
    [
        (
            [pd.NaT, "2024-01-01"],
            ["2024-01-01", "2024-01-01"],
            {},
            MissingTimes,
            "1 of 2 events have no start",
        ),
        (["soon"], ["later"], {}, MissingTimes, "no dates and times"),
        (["2024-01-01"], [], {}, LengthMismatch, "start has 1, end has 0"),
        (["2024-01-01"], [pd.NaT], {"tz": "Brussels"}, UnknownTimeZone, "Europe/Brussels"),
        (["2024-01-01"], [pd.NaT], {"bins": "month"}, BadParameter, "hour_of_week"),
        (["2024-01-01"], [pd.NaT], {"swapped": "ignore"}, BadParameter, "repair"),
        (["2024-01-01"], [pd.NaT], {"weights": [np.nan]}, BadParameter, "weights"),
    ],
)
def test_bad_input_is_named_with_advice(start, end, options, error, words) -> None:
    with pytest.raises(error, match=words):
        aoristic(start, end, **{"tz": BRUSSELS, **options})


@pytest.mark.real_data
def test_real_intervals_of_new_york_add_up(real_data) -> None:
    table = pd.read_csv(real_data / "crime" / "nyc_vehicle_thefts_2014_2017_aoristic_wgs84.csv.gz")
    start, end = pd.to_datetime(table["date_start"]), pd.to_datetime(table["date_end"])
    week = aoristic(start, end, tz="America/New_York", swapped="repair")
    assert week.sum() == pytest.approx(len(table))
    assert week.min() > 0
    assert week[:, [22, 23, 0, 1]].sum() > week[:, [10, 11, 12, 13]].sum()  # cars are stolen at night

"""Figures of a place: counted again by hand with geopandas, and honest where the data cannot answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shapely.geometry import box

from vicus.analysis import expected_range
from vicus.incidents import Selection, Store, questions
from vicus.incidents.figures import Count, zone_figures
from vicus.incidents.months import month_after, months_before
from vicus.incidents.ranking import rank, ties
from vicus.incidents.schema import SCHEMA

PLACES = gpd.GeoDataFrame(
    {"geometry": [box(0, 0, 400, 400), box(1000, 0, 1300, 300), box(5000, 5000, 5100, 5100)]},
    index=["busy", "quiet", "empty"],
    crs=31370,
)


def world(months: int, last: str, *, seed: int = 1) -> pd.DataFrame:
    """Incidents on a plane of 2 by 1 km, local times, over whole months that end with `last`."""
    rng = np.random.default_rng(seed)
    period = pd.period_range(end=last, periods=months, freq="M")
    rows = []
    for month in period:
        n = rng.poisson(300)
        seconds = rng.integers(0, month.days_in_month * 86400, n)
        rows.append(
            pd.DataFrame(
                {
                    "at": (month.start_time + pd.to_timedelta(seconds, unit="s")).tz_localize(
                        "Europe/Brussels", ambiguous=True, nonexistent="shift_forward"
                    ),
                    "x": np.round(rng.uniform(0, 2000, n), 1),
                    "y": np.round(rng.uniform(0, 1000, n), 1),
                    "category": rng.choice(["A", "B", "C"], n, p=[0.6, 0.3, 0.1]),
                    "source": rng.choice(["reported", "discovered", "unknown"], n, p=[0.7, 0.2, 0.1]),
                }
            )
        )
    found = pd.concat(rows, ignore_index=True)
    found.loc[rng.random(len(found)) < 0.05, ["x", "y"]] = np.nan
    found.insert(0, "id", [f"i{number}" for number in range(len(found))])
    return found


def stored(folder: Path, incidents: pd.DataFrame) -> Store:
    store = Store.create(folder, crs=31370, timezone="Europe/Brussels")
    n = len(incidents)
    instants = pa.array(incidents["at"].dt.tz_convert("UTC").dt.as_unit("us"))
    columns = {
        "id": incidents["id"].to_list(),
        "category": incidents["category"].to_list(),
        "occurred_from": instants,
        "occurred_to": instants,
        "occurred_on": pa.array(incidents["at"].dt.date.to_list(), pa.date32()),
        "reported_at": pa.nulls(n, pa.timestamp("us", "UTC")),
        "x": pa.array(incidents["x"].to_numpy(), from_pandas=True),
        "y": pa.array(incidents["y"].to_numpy(), from_pandas=True),
        "quality": ["exact"] * n,
        "source": incidents["source"].to_list(),
        "sector": pa.nulls(n, pa.string()),
        "status": pa.nulls(n, pa.string()),
        "precision": ["minute"] * n,
        "year": pa.array(incidents["at"].dt.year.to_list(), pa.int32()),
    }
    store.merge(pa.table({name: columns[name] for name in SCHEMA.names}), origin="test")
    return store


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    return world(40, "2026-03")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, incidents: pd.DataFrame) -> Store:
    return stored(tmp_path_factory.mktemp("store"), incidents)


def by_hand(incidents: pd.DataFrame, place: str, start: str, end: str) -> dict[str, int]:
    """The same count with geopandas and pandas alone."""
    located = incidents.dropna(subset=["x"])
    inside = gpd.GeoSeries.from_xy(located["x"], located["y"], crs=31370).within(PLACES.geometry[place])
    day = located["at"].dt.tz_localize(None)
    rows = located[inside & (day >= start) & (day < end)]
    return {source: int((rows["source"] == source).sum()) for source in ("reported", "discovered", "unknown")}


def test_counts_equal_a_direct_count_with_geopandas(store: Store, incidents: pd.DataFrame) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 15))["busy"]
    for count, start in (
        (figures.this_month, "2026-03-01"), (figures.three_months, "2026-01-01"), (figures.twelve_months, "2025-04-01"),
    ):  # fmt: skip
        found = by_hand(incidents, "busy", start, "2026-04-01")
        assert {name: getattr(count, name) for name in found} == found
        assert count.n == found["reported"] + found["unknown"]
    last_year = by_hand(incidents, "busy", "2025-03-01", "2025-04-01")
    assert figures.same_month_last_year is not None
    assert figures.same_month_last_year.reported == last_year["reported"]


def test_discovered_incidents_count_only_when_asked_for(store: Store) -> None:
    reported = zone_figures(store, PLACES, date(2026, 3, 1))["busy"].this_month
    everything = zone_figures(store, PLACES, date(2026, 3, 1), sources=("reported", "discovered", "unknown"))[
        "busy"
    ].this_month
    assert everything.n == reported.n + reported.discovered
    assert everything.reported == reported.reported


def test_categories_and_series_add_up_to_the_whole(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    assert sum(c.twelve_months.n for c in figures.categories) == figures.twelve_months.n
    assert [c.category for c in figures.categories] == ["A", "B", "C"]
    assert sum(m.n for m in figures.series[-12:]) == figures.twelve_months.n
    assert len(figures.series) == 36
    assert figures.series[-1].month == date(2026, 3, 1)


def test_the_ring_leaves_out_other_perimeters(store: Store, incidents: pd.DataFrame) -> None:
    pair = gpd.GeoDataFrame(
        {"geometry": [box(0, 0, 400, 400), box(450, 0, 900, 400)]}, index=["a", "b"], crs=31370
    )
    ring = zone_figures(store, pair, date(2026, 3, 1), buffer=100)["a"].buffer
    assert ring is not None
    shape = box(0, 0, 400, 400).buffer(100).difference(pair.union_all())
    located = incidents.dropna(subset=["x"])
    inside = gpd.GeoSeries.from_xy(located["x"], located["y"]).within(shape)
    march = located["at"].dt.strftime("%Y-%m") == "2026-03"
    assert ring.this_month.n == int((inside & march & (located["source"] != "discovered")).sum())
    assert zone_figures(store, pair, date(2026, 3, 1), buffer=0)["a"].buffer is None


def test_hours_of_the_week_hold_every_incident_of_twelve_months(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    assert figures.hour_of_week.shape == (7, 24)
    assert figures.hour_of_week.sum() == pytest.approx(figures.twelve_months.n)
    assert figures.hour_of_week_n == figures.twelve_months.n


def test_an_empty_place_has_zeros_and_no_invented_figures(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 1))["empty"]
    assert figures.this_month.n == 0
    assert figures.categories == ()
    assert figures.hour_of_week.sum() == 0


def test_a_short_history_gives_not_enough_data_and_why(tmp_path: Path) -> None:
    store = stored(tmp_path / "short", world(3, "2026-03"))
    figures = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    assert figures.state == "not enough data"
    assert not figures.expected.enough_data
    assert figures.expected.why
    assert figures.same_month_last_year is None
    assert figures.twelve_months_before is None


def test_a_month_that_is_not_complete_is_not_compared(tmp_path: Path) -> None:
    incidents = world(40, "2026-03")
    cut = incidents[incidents["at"] < "2026-03-20"]
    figures = zone_figures(stored(tmp_path / "cut", cut), PLACES, date(2026, 3, 1))["busy"]
    assert not figures.complete
    assert figures.state == "not enough data"
    assert rank([figures])[0].ratio is None


def test_figures_of_an_older_version_stay_what_they_were(tmp_path: Path) -> None:
    incidents = world(40, "2026-03")
    store = stored(tmp_path / "versions", incidents)
    first = store.version().number
    before = zone_figures(store, PLACES, date(2026, 3, 1), version=first)["busy"]
    late = incidents.iloc[:50].assign(
        id=[f"late{n}" for n in range(50)], x=100.0, y=100.0, source="reported",
        at=pd.Timestamp("2026-03-05 12:00", tz="Europe/Brussels"),
    )  # fmt: skip
    table = stored(tmp_path / "late", late)
    rows = pa.Table.from_pandas(pd.read_parquet(next((tmp_path / "late" / "incidents").rglob("*.parquet"))))
    assert table.version().rows == 50
    columns = {
        name: rows[name].cast(SCHEMA.field(name).type)
        if name in rows.column_names
        else pa.array([2026] * 50, pa.int32())
        for name in SCHEMA.names
    }
    store.merge(pa.table(columns), origin="late")
    again = zone_figures(store, PLACES, date(2026, 3, 1), version=first)["busy"]
    newest = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    assert again.as_dict() == before.as_dict()
    assert newest.this_month.n == before.this_month.n + 50


def test_ranking_says_which_places_cannot_be_told_apart(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 1))
    ranked = rank(list(figures.values()))
    known = [r for r in ranked if r.ratio is not None]
    assert [r.ratio for r in known] == sorted((r.ratio for r in known), reverse=True)
    for r in known:
        assert r.low is not None
        assert r.high is not None
        assert r.low <= r.ratio <= r.high
        assert 1 <= r.rank_low <= r.rank_high <= len(known)
    assert len(ties(ranked)) == len(ranked) - 1


def test_figures_are_plain_values_in_json(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 1))["quiet"]
    plain = json.loads(json.dumps(figures.as_dict()))
    assert plain["month"] == "2026-03-01"
    assert plain["version"]["number"] == store.version().number
    assert datetime.fromisoformat(plain["version"]["known_at"]).tzinfo == UTC


@pytest.mark.parametrize(("month", "after", "before"), [
    (date(2026, 12, 1), date(2027, 1, 1), date(2025, 12, 1)), (date(2026, 1, 1), date(2026, 2, 1), date(2025, 1, 1)),
])  # fmt: skip
def test_months_are_counted_across_the_new_year(month: date, after: date, before: date) -> None:
    assert month_after(month) == after
    assert months_before(month, 12) == before
    assert months_before(month_after(month), 1) == month


def test_data_known_to_the_month_only_cover_their_month_to_the_last_day(
    tmp_path: Path, many: Callable[..., pa.Table]
) -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    rows = many(3, occurred_from=first, occurred_on=first.date(), precision="month", year=2026)
    store = Store.create(tmp_path / "months", crs=31370, timezone="Europe/Brussels")
    store.merge(rows, origin="test")
    assert questions.quality(store, Selection()).last_day == date(2026, 3, 31)
    place = gpd.GeoDataFrame({"geometry": [box(146_000, 170_000, 149_000, 173_000)]}, index=["p"], crs=31370)
    assert zone_figures(store, place, date(2026, 3, 1))["p"].complete


def test_equal_places_are_hardly_ever_told_apart(store: Store) -> None:
    """Twenty-one places with one true level, judged by their own histories: at most one month in twenty."""
    one = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    rng = np.random.default_rng(5)
    months, apart = 120, 0
    for _month in range(months):
        places = []
        for place in range(21):
            history = rng.poisson(20, 60)
            count = Count(n=int(rng.poisson(20)), reported=0, discovered=0, unknown=0)
            places.append(replace(one, place=place, this_month=count, expected=expected_range(history)))
        ranked = rank(places)
        apart += any(r.rank_low > 1 or r.rank_high < 21 for r in ranked)
    assert apart / months <= 0.05


def test_a_place_far_above_the_others_is_ranked_alone(store: Store) -> None:
    one = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    history = np.full(60, 20)
    counts = [20, 20, 100]
    places = [
        replace(
            one,
            place=n,
            this_month=Count(n=c, reported=c, discovered=0, unknown=0),
            expected=expected_range(history),
        )
        for n, c in enumerate(counts)
    ]
    ranked = rank(places)
    assert [(r.place, r.rank_low, r.rank_high) for r in ranked] == [(2, 1, 1), (0, 2, 3), (1, 2, 3)]
    assert ties(ranked) == [False, True]


def test_a_month_is_provisional_until_most_late_registrations_are_in(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(2026, 3, 1))["busy"]
    slow = replace(figures.quality, lag_p90_days=9.0)
    for day, provisional in ((5, True), (12, False)):
        version = replace(figures.version, known_at=datetime(2026, 4, day, tzinfo=UTC))
        assert replace(figures, quality=slow, version=version).provisional is provisional


def test_a_month_the_data_do_not_reach_has_no_facts_and_is_not_judged(store: Store) -> None:
    figures = zone_figures(store, PLACES, date(1990, 1, 1))["busy"]
    assert (figures.this_month.n, figures.twelve_months.n, figures.categories) == (0, 0, ())
    assert figures.state == "not enough data"

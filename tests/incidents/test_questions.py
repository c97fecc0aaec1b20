"""Questions to the store, against answers worked out another way."""

import os
import threading
from datetime import UTC, date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Polygon, box

from vicus.incidents import questions
from vicus.incidents.engine import KEPT, engine
from vicus.incidents.errors import AreaError, EngineUnknown, QuestionError, VersionErased, VersionUnknown
from vicus.incidents.selection import Selection

EVERYTHING = Selection()


@pytest.fixture
def filled(store, incidents, incident):
    """A thousand incidents of two years: some discovered, some without a place, some without a day."""
    rng = np.random.default_rng(11)
    rows = []
    for n in range(1000):
        changes = {"x": 147_000 + rng.uniform(0, 1000), "y": 171_000 + rng.uniform(0, 1000)}
        if n % 5 == 0:
            changes |= {"source": "discovered", "sector": f"S{n % 3}"}
        if n % 10 == 3:
            changes |= {"x": None, "y": None, "quality": "unknown"}
        if n % 50 == 7:
            changes |= {"occurred_from": None, "occurred_on": None, "year": 0, "precision": "month"}
        rows.append(incident(n, **changes))
    store.merge(incidents(*rows), origin="a")
    return store, pd.DataFrame(rows)


@pytest.fixture
def areas():
    """Two areas that overlap, one of them with a hole."""
    holed = Polygon(
        [(147_000, 171_000), (147_600, 171_000), (147_600, 171_700), (147_000, 171_700)],
        holes=[[(147_100, 171_100), (147_300, 171_100), (147_200, 171_300)]],
    )
    shapes = [holed, box(147_400, 171_300, 148_000, 172_000)]
    return gpd.GeoDataFrame(geometry=shapes, index=["Canal", "Ninove"], crs=31370)


def same(ours, frame, by):
    """Our counts are those of pandas on the rows themselves."""
    theirs = frame.groupby(by, dropna=False).size().rename("n").reset_index()
    left, right = (
        table.astype(dict.fromkeys(by, "string")).sort_values(by).reset_index(drop=True)
        for table in (ours, theirs)
    )
    pd.testing.assert_frame_equal(left[[*by, "n"]], right[[*by, "n"]], check_dtype=False)


def with_areas(frame, areas):
    """The rows with the area they lie in, by geopandas."""
    placed = frame[frame["x"].notna()]
    located = gpd.GeoDataFrame(placed, geometry=gpd.points_from_xy(placed["x"], placed["y"]), crs=31370)
    return located.sjoin(areas.rename_axis("area"), predicate="within")


def dated(frame):
    day = pd.to_datetime(frame["occurred_on"])
    return frame.assign(day=day, month=day.dt.to_period("M").dt.start_time)


def test_counts_by_month_category_and_source_are_those_of_the_rows(filled):
    store, frame = filled
    ours = questions.count(store, EVERYTHING)
    assert list(ours.columns) == ["month", "category", "source", "n"]
    same(ours, dated(frame), ["month", "category", "source"])
    assert ours["month"].dtype == "datetime64[us]"
    assert ours["n"].sum() == 1000


@pytest.mark.parametrize("by", ["year", "month", "day", "category", "source", "quality", "status", "sector"])
def test_counts_by_any_one_thing_are_those_of_the_rows(filled, by):
    store, frame = filled
    same(questions.count(store, EVERYTHING, by=[by]), dated(frame), [by])


def test_counts_by_area_are_those_of_geopandas(filled, areas):
    store, frame = filled
    ours = questions.count(store, EVERYTHING, areas=areas)
    same(ours, dated(with_areas(frame, areas)), ["area", "month", "category", "source"])
    assert set(ours["area"]) == {"Canal", "Ninove"}


def test_a_selection_limits_days_categories_sources_and_place_at_once(filled, areas):
    store, frame = filled
    selection = Selection(
        start=date(2023, 3, 5),
        end=date(2024, 2, 2),
        categories=("theft", "burglary"),
        sources=("reported",),
        area=areas.geometry.iloc[0],
    )
    rows = dated(with_areas(frame, areas.iloc[:1]))
    rows = rows[
        rows["day"].between("2023-03-05", "2024-02-01") & rows["category"].isin(["theft", "burglary"])
    ]
    rows = rows[rows["source"] == "reported"]
    assert len(rows) > 50
    same(
        questions.count(store, selection, by=["day", "category", "sector"]),
        rows,
        ["day", "category", "sector"],
    )
    found = questions.points(store, selection)
    assert sorted(found["id"]) == sorted(rows["id"])


def test_the_first_day_counts_and_the_end_does_not(store, incidents, incident):
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1)]
    store.merge(incidents(*(incident(n, occurred_on=day) for n, day in enumerate(days))), origin="a")
    january = questions.count(store, Selection(start=date(2024, 1, 1), end=date(2024, 2, 1)), by=["day"])
    assert list(january["day"].dt.date) == days[1:3]


def test_a_count_of_everything_is_one_number(filled):
    store, _ = filled
    assert questions.count(store, EVERYTHING, by=()).to_dict("records") == [{"n": 1000}]


def test_labels_of_areas_come_back_as_they_are(filled, areas):
    store, _ = filled
    numbered = areas.set_axis([17, 4])
    assert set(questions.count(store, EVERYTHING, areas=numbered, by=["area"])["area"]) == {17, 4}


def test_an_empty_store_answers_every_question(store, areas):
    assert questions.count(store, EVERYTHING).empty
    assert questions.count(store, EVERYTHING, areas=areas).empty
    assert questions.points(store, EVERYTHING).empty
    assert questions.intervals(store, EVERYTHING, areas=areas).empty
    quality = questions.quality(store, EVERYTHING)
    assert (quality.rows, quality.geocoding_rate, quality.first_day) == (0, None, None)
    assert quality.sources == {"reported": 0, "discovered": 0, "unknown": 0}


def test_points_are_the_located_rows_as_they_were_stored(filled):
    store, frame = filled
    found = questions.points(store, EVERYTHING).set_index("id").sort_index()
    rows = frame[frame["x"].notna()].set_index("id").sort_index()
    assert found.crs.to_epsg() == 31370
    assert list(found.index) == list(rows.index)
    assert (shapely.get_x(found.geometry.values) == rows["x"].astype(float)).all()
    assert (shapely.get_y(found.geometry.values) == rows["y"].astype(float)).all()
    assert (found["reported_at"] == rows["reported_at"]).all()


def test_a_limit_gives_the_oldest_points(filled):
    store, _ = filled
    every = questions.points(store, EVERYTHING)
    assert list(questions.points(store, EVERYTHING, limit=9)["id"]) == list(every["id"][:9])


def test_blocks_count_every_located_incident_once(store):
    every = questions.points(store, EVERYTHING).geometry
    found = questions.blocks(store, EVERYTHING, side=500.0)
    assert found["n"].sum() == len(every)
    expected = (
        every.to_frame("at")
        .assign(east=every.x // 500, north=every.y // 500)
        .groupby(["east", "north"])
        .size()
    )
    assert found.set_index(["east", "north"])["n"].to_dict() == expected.to_dict()


def test_intervals_are_those_registered_to_the_minute_only(store, incidents, incident, areas):
    night = [datetime(2023, 6, 1, 20, tzinfo=UTC), datetime(2023, 6, 2, 6, tzinfo=UTC)]
    both = {"x": 147_500.0, "y": 171_500.0}
    store.merge(
        incidents(
            incident(1, occurred_from=night[0], occurred_to=night[1], **both),
            incident(2, precision="day", **both),
            incident(3, precision="month", **both),
            incident(4, occurred_from=None, **both),
            incident(5, x=None, y=None),
        ),
        origin="a",
    )
    found = questions.intervals(store, EVERYTHING)
    assert len(found) == 2
    placed = questions.intervals(store, EVERYTHING, areas=areas)
    assert placed.columns.tolist() == ["area", "source", "occurred_from", "occurred_to"]
    assert placed["area"].tolist() == ["Canal", "Ninove"]  # it lies in both
    assert placed["occurred_from"].tolist() == [night[0]] * 2
    assert placed["occurred_to"].tolist() == [night[1]] * 2


def test_quality_counts_what_is_located_dated_and_timely(filled):
    store, frame = filled
    quality = questions.quality(store, EVERYTHING)
    assert (quality.rows, quality.located, quality.missing_dates) == (1000, 900, 20)
    assert (quality.geocoding_rate, quality.undated_share) == (0.9, 0.02)
    assert quality.sources == {"reported": 800, "discovered": 200, "unknown": 0}
    assert (quality.lag_median_days, quality.lag_p90_days) == (2.0, 2.0)
    assert (quality.first_day, quality.last_day) == (frame["occurred_on"].min(), date(2024, 12, 30))
    assert quality.last_reported == frame["reported_at"].max()


def test_the_lag_runs_from_the_end_of_the_interval_and_leaves_out_months(store, incidents, incident):
    end = datetime(2023, 6, 10, tzinfo=UTC)
    rows = [
        incident(n, occurred_to=end, reported_at=datetime(2023, 6, 10 + n, 12, tzinfo=UTC))
        for n in range(1, 4)
    ]
    store.merge(
        incidents(*rows, incident(9, precision="month", reported_at=datetime(2024, 1, 1, tzinfo=UTC))),
        origin="a",
    )
    assert questions.quality(store, EVERYTHING).lag_median_days == 2.5


def test_rows_without_a_day_belong_to_the_period_they_were_reported_in(store, incidents, incident):
    def undated(number, reported):
        return incident(number, occurred_on=None, occurred_from=None, reported_at=reported, year=0)

    store.merge(
        incidents(
            incident(1, occurred_on=date(2024, 1, 10), year=2024),
            undated(2, datetime(2023, 12, 31, 23, 30, tzinfo=UTC)),  # 1 January in Brussels
            undated(3, datetime(2024, 1, 31, 23, 30, tzinfo=UTC)),  # 1 February in Brussels
            undated(4, None),
        ),
        origin="a",
    )
    quality = questions.quality(store, Selection(start=date(2024, 1, 1), end=date(2024, 2, 1)))
    assert (quality.rows, quality.missing_dates, quality.undated_share) == (1, 1, 0.5)


# --- versions --------------------------------------------------------------------------------------


def test_a_question_to_an_older_version_is_answered_from_that_version(store, many, incidents, incident):
    first = store.merge(many(10), origin="a").version
    store.merge(incidents(incident(3, category="arson"), incident(99)), origin="b")
    older = questions.count(store, EVERYTHING.at(first.number), by=["category"])
    newer = questions.count(store, EVERYTHING, by=["category"])
    assert (older["n"].sum(), newer["n"].sum()) == (10, 11)
    assert "arson" in set(newer["category"]) - set(older["category"])


def test_a_new_version_is_seen_by_the_next_question(store, many):
    for n in (5, 9, 14):
        store.merge(many(n), origin="a")
        assert questions.count(store, EVERYTHING, by=())["n"].item() == n


def test_a_version_that_never_was_or_was_erased_is_refused(store, many):
    first = store.merge(many(10), origin="a").version
    store.erase(ids=["i000001"])
    with pytest.raises(VersionErased):
        questions.count(store, EVERYTHING.at(first.number))
    with pytest.raises(VersionUnknown):
        questions.count(store, EVERYTHING.at(77))
    assert questions.count(store, EVERYTHING, by=())["n"].item() == 9


# --- questions that cannot be asked ----------------------------------------------------------------


def test_areas_in_other_coordinates_are_refused(filled, areas):
    store, _ = filled
    with pytest.raises(AreaError, match="EPSG:31370"):
        questions.count(store, EVERYTHING, areas=areas.to_crs(4326))
    with pytest.raises(AreaError, match="no coordinate system"):
        questions.count(store, EVERYTHING, areas=areas.set_crs(None, allow_override=True))


def test_an_unknown_split_is_refused_with_the_choice(filled):
    store, _ = filled
    with pytest.raises(QuestionError, match=r"weather.*Choose among area, year"):
        questions.count(store, EVERYTHING, by=["weather"])
    with pytest.raises(QuestionError, match="needs areas"):
        questions.count(store, EVERYTHING, by=["area"])


def test_an_unknown_engine_is_refused_by_name(filled, monkeypatch):
    store, _ = filled
    monkeypatch.setenv("VICUS_ENGINE", "abacus")
    with pytest.raises(EngineUnknown, match="abacus"):
        questions.count(store, EVERYTHING)


# --- threads and processes -------------------------------------------------------------------------


def test_many_threads_get_the_same_answers_as_one(filled, areas):
    store, _ = filled
    wanted = questions.count(store, EVERYTHING, areas=areas)
    answers, errors = [], []

    def ask():
        try:
            answers.extend(questions.count(store, EVERYTHING, areas=areas) for _ in range(3))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(answers) == 12
    assert all(answer.equals(wanted) for answer in answers)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_worker_has_its_own_engine(filled):
    """As a site server does that loads the program once and then forks its workers."""
    store, _ = filled
    assert questions.count(store, EVERYTHING, by=())["n"].item() == 1000
    parent = id(engine())
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:  # pragma: no cover
        answer = questions.count(store, EVERYTHING, by=())["n"].item() if id(engine()) != parent else -1
        os.write(writing, str(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == "1000"
    os.waitpid(worker, 0)


def test_asking_about_ever_new_areas_does_not_pile_up_tables(filled):
    store, _ = filled
    for n in range(KEPT):
        questions.count(store, Selection(area=box(147_000, 171_000, 147_001 + n, 171_500)), by=())
    views = "SELECT count(*) FROM duckdb_views() WHERE view_name LIKE 'vicus%'"
    ((held,),) = engine().connection.sql(views).fetchall()
    assert 3 <= held <= KEPT

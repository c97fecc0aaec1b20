"""Figures of the hotspots rest on the perimeter of the month and are worked out once for each version of the data."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import hotspot_places
import pytest
from django.test import Client

from vicus.incidents.figures import place_figures
from vicus.incidents.ranking import rank
from vicus.pictures import cells as classes
from vicus.pictures.ground import Ground
from vicus.pictures.sheet import density_places
from vicus.web.facts.queries import find_store
from vicus.web.facts.signals import imported
from vicus.web.hotspots import figures, keeping, queries, rules, services, tasks
from vicus.web.hotspots.figures import Question
from vicus.web.hotspots.showing import charts, layers, maps
from vicus.web.zone.models import Zone


@pytest.fixture
def furnished(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    return zone


def ask(zone: Zone, *, sources: str = "reported", month: date = hotspot_places.MONTH) -> figures.Answer:
    store = find_store(zone)
    assert store is not None
    return figures.of_zone(store, zone, queries.hotspots(zone), Question(month, sources, store.version()))


def test_each_hotspot_is_judged_against_its_own_months(furnished: Zone) -> None:
    found = ask(furnished).figures
    assert {number: f.state for number, f in found.items()} == {
        1: "above",
        2: "within",
        3: "below",
        4: found[4].state,
    }
    assert found[1].this_month.n == 24
    assert found[1].this_month.discovered == 1


def test_the_second_time_nothing_is_counted(furnished: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(furnished)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("counted again")

    assert len(first.figures) == len(dict(first.figures))
    monkeypatch.setattr(figures, "zone_counts", refuse)
    everything = ask(furnished, sources="all")  # the same counts, judged anew
    assert everything.figures[1].this_month.n == first.figures[1].this_month.n + 1
    monkeypatch.setattr(figures, "place_figures", refuse)
    assert ask(furnished).figures == first.figures
    with pytest.raises(AssertionError, match="counted again"):
        ask(furnished, month=date(2025, 9, 1)).figures[1]


def test_a_page_of_one_hotspot_does_not_wait_for_the_others(
    furnished: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def judge(counts: Any, label: int, **more: Any) -> Any:
        judged.append(label)
        return place_figures(counts, label, **more)

    monkeypatch.setattr(figures, "place_figures", judge)
    one = ask(furnished).figures[2]
    assert ask(furnished).figures[2] == one
    assert judged == [2]
    assert dict(ask(furnished).figures)[2] == one
    assert ask(furnished).figures[3].place == 3
    assert sorted(judged) == [1, 2, 2, 3, 4]


def test_new_facts_make_new_figures(furnished: Zone) -> None:
    before = ask(furnished).figures[2].this_month.n
    store = find_store(furnished)
    assert store is not None
    rows = hotspot_places.table().to_pylist()
    late = [{**row, "id": f"late-{i}"} for i, row in enumerate(rows) if row["id"].startswith("2-202510-0")]
    schema = hotspot_places.SCHEMA
    store.merge(
        hotspot_places.pa.Table.from_pylist(late, schema=schema),
        origin="late.csv",
        known_at=datetime(2025, 12, 1, tzinfo=UTC),
    )

    assert ask(furnished).figures[2].this_month.n == before + len(late)
    old = Question(hotspot_places.MONTH, "reported", store.version(date(2025, 11, 10)))
    then = figures.of_zone(store, furnished, queries.hotspots(furnished), old)
    assert then.figures[2].this_month.n == before


def test_new_facts_are_counted_before_anybody_asks(
    furnished: Zone,
    other_zone: Zone,
    analyst: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    asked = []
    monkeypatch.setattr(type(tasks.warm), "enqueue", lambda task, zone_id: asked.append((task, zone_id)))
    with django_capture_on_commit_callbacks(execute=True):
        imported.send(sender=None, zone=furnished)
        imported.send(sender=None, zone=other_zone)  # no hotspots there
    assert (tasks.warm, furnished.pk) in asked
    assert other_zone.pk not in {zone_id for _task, zone_id in asked}
    tasks.warm.func(furnished.pk)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("counted or drawn while the reader waits")

    monkeypatch.setattr(figures, "zone_counts", refuse)
    monkeypatch.setattr(figures, "place_figures", refuse)
    monkeypatch.setattr(charts.drawing, "svg", refuse)
    assert analyst.get("/west/").status_code == 200


def test_a_zone_without_facts_or_hotspots_has_nothing_to_warm(zone: Zone) -> None:
    tasks.warm.func(zone.pk)
    hotspot_places.facts(zone)
    tasks.warm.func(zone.pk)
    tasks.warm.func(0)


def test_the_server_has_its_pages_loaded_before_the_first_reader_asks(vicus_home: Any) -> None:
    code = "import sys, vicus.web.site.wsgi; sys.exit('vicus.web.hotspots.views.zone' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={**os.environ}).returncode == 0


def test_a_broken_file_in_the_cache_is_worked_out_again(furnished: Zone, vicus_home: Any) -> None:
    first = ask(furnished)
    for path in (vicus_home / "cache" / "figures").rglob("*.djcache"):
        path.write_bytes(b"\x00broken")
    assert ask(furnished).figures == first.figures


def test_the_key_changes_with_every_part_and_with_the_software(monkeypatch: pytest.MonkeyPatch) -> None:
    one = keeping.key("method", {"month": date(2025, 10, 1)})
    assert one == keeping.key("method", {"month": date(2025, 10, 1)})
    assert one != keeping.key("method", {"month": date(2025, 9, 1)})
    assert one != keeping.key("other", {"month": date(2025, 10, 1)})
    monkeypatch.setattr(keeping, "software", lambda *rooms: "next")
    assert one != keeping.key("method", {"month": date(2025, 10, 1)})


def test_the_software_is_named_by_its_code_and_by_the_versions_of_its_libraries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every ingredient changed alone gives another name."""
    for room in ("analysis", "incidents", "pictures"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "method.py").write_text("one", encoding="utf-8")
    monkeypatch.setattr(keeping.vicus, "__file__", str(tmp_path / "__init__.py"))
    named = keeping.software.__wrapped__
    before = named()
    (tmp_path / "pictures" / "method.py").write_text("two", encoding="utf-8")
    assert named() == before  # pictures decide no figure
    (tmp_path / "analysis" / "method.py").write_text("two", encoding="utf-8")
    assert named() not in (before, named("pictures"))
    after = named()
    monkeypatch.setattr(keeping, "version", lambda name: "99" if name == "numpy" else "1")
    newer = named()
    monkeypatch.setattr(keeping, "version", lambda name: "1")
    assert len({before, after, newer, named()}) == 4


def test_figures_of_other_ingredients_have_another_name(furnished: Zone) -> None:
    def name(zone: Zone = furnished, **parts: Any) -> str:
        store = find_store(zone)
        assert store is not None
        question = replace(Question(hotspot_places.MONTH, "reported", store.version()), **parts)
        return figures.of_zone(store, zone, queries.hotspots(zone), question).key

    one = name()
    assert one == name()
    version = find_store(furnished).version()  # type: ignore[union-attr]
    asked = [
        name(month=date(2025, 9, 1)),
        name(sources="all"),
        name(version=replace(version, rows=version.rows + 1)),
        name(version=replace(version, known_at=datetime(2026, 1, 1, tzinfo=UTC))),
    ]
    furnished.timezone = "Europe/Lisbon"
    asked.append(name())
    furnished.refresh_from_db()
    services.change_perimeter(
        hotspot=queries.hotspots(furnished)[0],
        geometry=hotspot_places.outline(hotspot_places.PLACES[0], size=150),
        decision=services.Decision(decided_by="zone direction", valid_from=date(2025, 10, 15)),
        actor="tests",
    )
    asked.append(name())
    assert len({one, *asked}) == 7


def test_discovered_facts_never_enter_the_ranking_by_default(furnished: Zone) -> None:
    """Rights R14 and R16: attention that finds more facts in one place must not move it up."""
    default = ask(furnished)
    assert all(
        f.this_month.n == f.this_month.reported + f.this_month.unknown for f in default.figures.values()
    )
    ranked = rank(list(default.figures.values()))
    assert [r.place for r in ranked][:3] == [1, 2, 3]
    everything = ask(furnished, sources="all")
    assert everything.figures[2].this_month.n == default.figures[2].this_month.n + 3


def test_a_month_uses_the_perimeter_in_force_at_its_end(furnished: Zone) -> None:
    hotspot = queries.hotspots(furnished)[0]
    services.change_perimeter(
        hotspot=hotspot,
        geometry=hotspot_places.outline(hotspot_places.PLACES[0], size=150),
        decision=services.Decision(decided_by="zone direction", valid_from=date(2025, 10, 15)),
        actor="tests",
    )
    assert ask(furnished).used[1].perimeter.version == 2
    september = ask(furnished, month=date(2025, 9, 1))
    assert (september.used[1].perimeter.version, september.used[1].why) == (1, "in force")
    early = ask(furnished, month=date(2024, 3, 1))
    assert (early.used[1].perimeter.version, early.used[1].why) == (1, "not yet in force")
    assert ask(furnished).figures[1].this_month.n < 24


def test_an_order_that_has_run_out_is_no_longer_the_perimeter_of_the_month(furnished: Zone) -> None:
    hotspot = queries.hotspots(furnished)[3]
    services.change_perimeter(
        hotspot=hotspot,
        geometry=hotspot_places.outline(hotspot_places.PLACES[3], size=400),
        decision=services.Decision(
            decided_by="municipal council",
            designation="municipal",
            valid_from=date(2025, 2, 1),
            order_reference="Order 7",
            ends_on=date(2025, 6, 30),
        ),
        actor="tests",
    )
    versions = list(queries.hotspots(furnished)[3].perimeters.all())
    # The zonal outline goes before the municipal one; where only the order is left, it ends on its day.
    assert rules.perimeter_for(versions, date(2025, 3, 31)).perimeter.version == 1  # type: ignore[union-attr]
    order = [versions[1]]
    assert rules.perimeter_for(order, date(2025, 6, 30)).why == "in force"  # type: ignore[union-attr]
    assert rules.perimeter_for(order, date(2025, 7, 31)).why == "no longer in force"  # type: ignore[union-attr]


def test_cells_hold_the_facts_of_the_table_and_no_point(furnished: Zone) -> None:
    store = find_store(furnished)
    assert store is not None
    answer = ask(furnished)
    cells = figures.cells(store, furnished, answer, 1)
    found = answer.figures[1]
    assert found.buffer is not None
    assert int(cells.loc[cells["inside"], "n"].sum()) == found.twelve_months.n
    assert int(cells.loc[~cells["inside"], "n"].sum()) == found.buffer.twelve_months.n
    assert set(cells.geometry.geom_type) == {"Polygon"}
    assert cells.geometry.area.max() == pytest.approx(figures.CELL_METRES**2)


def test_the_moving_map_has_the_classes_of_the_document(furnished: Zone) -> None:
    store, answer = find_store(furnished), ask(furnished)
    assert store is not None
    cells = figures.cells(store, furnished, answer, 1)
    hotspot = queries.hotspots(furnished)[0]
    shown = maps.place_layers(hotspot, answer.used[1], answer.figures[1], cells, Ground())
    moving = next(layer for layer in layers.place(furnished, shown)["layers"] if layer["id"] == "cells")
    upper = classes.bounds(cells["n"])
    assert len(upper) > 1
    found = {(f["properties"]["n"], f["properties"]["step"]) for f in moving["data"]["features"]}
    assert found == {
        (n, density_places(len(upper))[classes.place(n, upper)]) for n in map(int, cells["n"]) if n
    }
    key = maps.place(furnished, hotspot, answer.used[1], answer.figures[1], cells, "en")["map"]["legend"]
    assert [item["label"] for item in key] == classes.words(upper, "en")
    assert {int(item["colour"].removeprefix("density-")) for item in key} >= {step for _n, step in found}


def test_reviews_and_ends_of_orders_wait_a_month_before(furnished: Zone) -> None:
    found = queries.hotspots(furnished)
    assert queries.waiting(found, date(2025, 11, 30)) == []
    due = queries.waiting(found, date(2025, 12, 5))
    assert [d.hotspot.number for d in due] == [1, 2, 3, 4]
    assert {d.kind for d in due} == {"review"}
    assert all(d.late for d in queries.waiting(found, date(2026, 1, 1)))

"""Vicus proposes perimeters where facts cluster, says how much they capture, and takes its own file back."""

import json
from pathlib import Path

import hotspot_places
import pytest
import shapely

from vicus.web.audit.models import Record
from vicus.web.hotspots import outlines
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.proposing import ProposalError, propose
from vicus.web.hotspots.services import Decision, import_perimeters
from vicus.web.zone.models import Zone


@pytest.fixture
def with_facts(zone: Zone) -> Zone:
    hotspot_places.areas(zone)
    hotspot_places.facts(zone)
    return zone


def test_the_busy_places_are_found_and_the_capture_is_their_share(with_facts: Zone) -> None:
    found = propose(zone=with_facts, actor="tests", count=3, cell_size=100)

    assert len(found.table) == 3
    busy = [hotspot_places.outline(place) for place in hotspot_places.PLACES[:3]]
    for shape in found.table.geometry:
        assert max(shape.intersection(place).area / shape.area for place in busy) > 0.4
    assert found.about["share_events"] == pytest.approx(found.table["n"].sum() / found.about["total_n"])
    assert found.about["pai"] == pytest.approx(found.about["share_events"] / found.about["share_area"])
    assert "3 perimeters hold" in found.sentence("en")
    assert "of the facts that chose them" in found.sentence("en")
    assert Record.objects.filter(object_type="hotspots.proposal").count() == 1


def test_outlines_are_also_measured_on_a_year_that_did_not_choose_them(with_facts: Zone) -> None:
    found = propose(zone=with_facts, actor="tests", count=3, cell_size=100)
    held = found.about["held_out"]
    assert held["pai"] == pytest.approx(held["share_events"] / held["share_area"])
    assert held["pai"] > 1
    assert "of the facts of the last year" in found.sentence("en")
    alone = propose(zone=with_facts, actor="tests", count=3, cell_size=100, years=1)
    assert alone.about["held_out"] is None
    assert "last year" not in alone.sentence("en")


def test_the_file_is_taken_as_it_is_with_its_figures(with_facts: Zone, tmp_path: Path) -> None:
    found = propose(zone=with_facts, actor="tests", count=3, cell_size=100)
    path = tmp_path / "proposal.geojson"
    path.write_text(found.geojson(), encoding="utf-8")

    result = import_perimeters(zone=with_facts, path=path, actor="tests")

    assert result.added == [1, 2, 3]
    for hotspot, (_index, row) in zip(
        Hotspot.objects.order_by("number"), found.table.iterrows(), strict=True
    ):
        perimeter = hotspot.perimeters.get()
        assert outlines.same(perimeter.shape, row.geometry)
        assert perimeter.entry_criteria["n"] == row["n"]
        assert perimeter.entry_criteria["proposal"]["share_events"] == pytest.approx(
            found.about["share_events"]
        )
    assert import_perimeters(zone=with_facts, path=path, actor="tests").unchanged == [1, 2, 3]


def test_a_proposal_on_the_ground_of_a_hotspot_is_its_next_version(with_facts: Zone, tmp_path: Path) -> None:
    hotspot_places.hotspots(with_facts)
    found = propose(zone=with_facts, actor="tests", count=3, cell_size=100)
    path = tmp_path / "proposal.geojson"
    path.write_text(found.geojson(), encoding="utf-8")

    result = import_perimeters(
        zone=with_facts, path=path, actor="tests", decision=Decision(decided_by="zone direction")
    )

    assert sorted(result.changed) == [1, 2, 3]
    assert result.added == []


def test_discovered_facts_do_not_make_a_proposal_unless_asked(with_facts: Zone) -> None:
    found = propose(zone=with_facts, actor="tests", count=3, cell_size=100)
    assert found.about["sources"] == ["reported", "unknown"]
    everything = propose(zone=with_facts, actor="tests", count=3, cell_size=100, sources="all")
    assert everything.about["total_n"] > found.about["total_n"]


def test_without_territory_the_ground_is_where_facts_were_registered(zone: Zone) -> None:
    hotspot_places.facts(zone)
    found = propose(zone=zone, actor="tests", count=3, cell_size=100)
    assert len(found.table) == 3
    assert any("no territory" in line for line in found.about["automatic"])


def test_without_facts_nothing_is_proposed(zone: Zone) -> None:
    with pytest.raises(ProposalError, match="imported"):
        propose(zone=zone, actor="tests", count=3)


def test_no_weights_no_harm(with_facts: Zone) -> None:
    hotspot_places.categories(with_facts)
    without = propose(zone=with_facts, actor="tests", count=3, cell_size=100)
    assert without.table["harm"].isna().all()
    with_facts.categories.filter(code="THEFT").update(harm_weight=2.5, harm_source="made up for this test")
    weighted = propose(zone=with_facts, actor="tests", count=3, cell_size=100)
    assert weighted.table["harm"].astype(float).tolist() == pytest.approx(
        (weighted.table["n"] * 2.5).tolist()
    )
    assert weighted.about["harm_weights_cover"] == 1.0


def test_the_file_is_longitude_and_latitude_and_plain_json(with_facts: Zone) -> None:
    document = json.loads(propose(zone=with_facts, actor="tests", count=2, cell_size=100).geojson())
    for feature in document["features"]:
        west, south, east, north = shapely.geometry.shape(feature["geometry"]).bounds
        assert 4 < west < east < 5
        assert 50 < south < north < 52

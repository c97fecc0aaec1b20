"""Whoever subtracts the figures of two drawn outlines leaves both in the audit trail (decision 7)."""

import json
from typing import Any

import hotspot_places
import pytest
import shapely
from django.test import Client
from hotspot_places import X, Y

from vicus.web.audit.models import Action, Record
from vicus.web.audit.services import verify
from vicus.web.perimeters import reading
from vicus.web.zone.models import Zone

BOX = shapely.box(X + 150, Y + 150, X + 450, Y + 450)
LESS = BOX.difference(shapely.box(X + 440, Y + 440, X + 450, Y + 450))
BOW_TIE = shapely.Polygon([(X, Y), (X + 300, Y + 300), (X + 300, Y), (X, Y + 300)])


@pytest.fixture
def town(zone: Zone) -> Zone:
    """Areas, facts and hotspots."""
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    return zone


def text(shape: Any) -> str:
    return json.dumps(reading.geojson(shape, 31370))


def of_outlines() -> list[Record]:
    return list(Record.objects.filter(object_type="perimeters.outline").order_by("number"))


def test_two_outlines_that_differ_by_a_house_are_two_records(town: Zone, analyst: Client) -> None:
    for shape in (BOX, LESS, BOX):
        analyst.post("/west/perimeters/figures/", {"outline": text(shape), "hotspot": "1"})
    first, second, third = of_outlines()
    assert {one.action for one in (first, second, third)} == {Action.CONSULTATION}
    assert (first.actor, first.zone, first.object_id) == (second.actor, "west", "1")
    assert first.details["outline"] == third.details["outline"] != second.details["outline"]
    assert first.details["area_m2"] - second.details["area_m2"] == pytest.approx(100, abs=2)
    assert first.details["within"] == [X + 150, Y + 150, X + 450, Y + 450]
    assert verify().whole


def test_pasted_outlines_are_recorded_too_and_what_was_refused_is_not(town: Zone, analyst: Client) -> None:
    analyst.post("/west/perimeters/figures/", {"outline": text(BOW_TIE)})
    assert of_outlines() == []
    analyst.post("/west/perimeters/new/", {"outline": text(BOX), "check": "1"})
    (one,) = of_outlines()
    assert one.object_id == "-"


def test_who_may_not_draw_is_not_answered_and_leaves_no_record(town: Zone, auditor: Client) -> None:
    assert auditor.post("/west/perimeters/figures/", {"outline": text(BOX)}).status_code == 404
    assert of_outlines() == []

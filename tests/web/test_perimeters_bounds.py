"""What drawing may not tell or take: areas of others, the place of a single fact, outlines without end."""

import json
from collections.abc import Callable
from typing import Any

import hotspot_places
import numpy as np
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hotspot_places import X, Y

from vicus.web.accounts.models import User
from vicus.web.perimeters import measuring, reading
from vicus.web.zone.models import Area, Membership, Zone

HERE = shapely.box(X + 150, Y + 150, X + 450, Y + 450)
ELSEWHERE = shapely.box(X + 2400, Y + 300, X + 2700, Y + 600)


@pytest.fixture
def town(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    return zone


@pytest.fixture
def bound(town: Zone, users: dict[str, User], client_for: Callable[[str], Client]) -> Client:
    """An analyst of the first commune alone."""
    Membership.objects.get(user=users["analyst"]).areas.set([Area.objects.get(code="C1")])
    return client_for("analyst")


def degrees(shape: Any) -> str:
    return json.dumps(reading.geojson(shape, 31370))


def test_who_is_bound_to_areas_counts_and_draws_in_these_alone(bound: Client) -> None:
    here, there = (
        bound.post("/west/perimeters/figures/", {"outline": degrees(shape)}).json()
        for shape in (HERE, ELSEWHERE)
    )
    assert "refused" not in here
    assert there["refused"] == "outside"
    sent = {"outline": degrees(ELSEWHERE), "reason": "It moved.", "designation": "zonal", "buffer_m": "150"}
    assert bound.post("/west/perimeters/1/draw/", sent).status_code == 422


def test_maps_show_the_hotspots_that_the_reader_sees(bound: Client, town: Zone) -> None:
    for path in ("/west/perimeters/1/", "/west/perimeters/1/draw/"):
        page = bound.get(path).content.decode()
        assert "Gare" in page
        assert "Marché" not in page, path


def test_facts_are_not_counted_in_less_than_a_cell(town: Zone) -> None:
    bump = shapely.box(X + 500, Y + 300, X + 501, Y + 301)
    told = measuring.compared(town, HERE, HERE.union(bump.buffer(60)).difference(bump))
    assert told["entering"] is not None
    told = measuring.compared(town, HERE, HERE.union(shapely.box(X + 450, Y + 300, X + 460, Y + 310)))
    assert (told["entering"], told["leaving"]) == (None, None)
    assert told["entering_m2"] == pytest.approx(100)


def test_a_file_has_no_more_corners_than_a_text(town: Zone, analyst: Client) -> None:
    around = np.linspace(0, 2 * np.pi, reading.MOST_CORNERS + 10, endpoint=False)
    many = shapely.Polygon(np.column_stack((X + 300 + 150 * np.cos(around), Y + 300 + 150 * np.sin(around))))
    file = SimpleUploadedFile("o.geojson", degrees(many).encode())
    sent = {"file": file, "reason": "So it is", "designation": "zonal", "buffer_m": "100"}
    answer = analyst.post("/west/perimeters/new/", sent)
    assert answer.status_code == 422
    assert "corners" in answer.content.decode()


@pytest.mark.parametrize("act", ["union", "split"])
def test_what_crosses_itself_is_refused_before_anything_is_added_or_cut(
    town: Zone, analyst: Client, act: str
) -> None:
    crossing = shapely.Polygon([(X, Y), (X + 300, Y + 300), (X + 300, Y), (X, Y + 300)])
    other = HERE if act == "union" else shapely.LineString([(X, Y + 100), (X + 600, Y + 100)])
    sent = {"outline": degrees(crossing), "act": act, "other": degrees(other)}
    assert analyst.post("/west/perimeters/figures/", sent).json()["refused"] == "crossing"


def test_a_file_that_is_no_map_is_refused_in_words(town: Zone, analyst: Client) -> None:
    lines = "\n".join(json.dumps({"type": "Feature", "geometry": None, "properties": {}}) for _ in range(3))
    for name, content in (("o.geojson", lines.encode()), ("o.zip", b"PK\x03\x04 broken")):
        sent = {
            "file": SimpleUploadedFile(name, content), "reason": "So it is", "designation": "zonal", "buffer_m": "100",
        }  # fmt: skip
        assert analyst.post("/west/perimeters/new/", sent).status_code == 422

"""Drawing an outline: figures while it is drawn, errors in words, and the way without scripts."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import hotspot_places
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hotspot_places import X, Y

from vicus.incidents import questions
from vicus.incidents.selection import Selection
from vicus.web.accounts.models import User
from vicus.web.facts.queries import find_store
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import Decision, change_perimeter, today
from vicus.web.perimeters import measuring, reading
from vicus.web.perimeters.models import Proposal
from vicus.web.zone.models import Area, Membership, Zone

BOX = shapely.box(X + 150, Y + 150, X + 450, Y + 450)
BOW_TIE = shapely.Polygon([(X, Y), (X + 300, Y + 300), (X + 300, Y), (X, Y + 300)])


@pytest.fixture
def town(zone: Zone) -> Zone:
    """Areas, facts and hotspots."""
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    return zone


def degrees(shape: Any) -> str:
    return json.dumps(reading.geojson(shape, 31370))


def corners(shape: Any, *, turned: bool = False) -> str:
    pairs = json.loads(degrees(shape))["coordinates"][0][:-1]
    return "\n".join(f"{y} {x}" if turned else f"{x} {y}" for x, y in pairs)


def asked(client: Client, **sent: str) -> dict[str, Any]:
    answer = client.post("/west/perimeters/figures/", sent)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_figures_of_an_outline_are_those_of_the_store(town: Zone, analyst: Client) -> None:
    hotspot = Hotspot.objects.get(number=1)
    measured = measuring.measure(
        town, BOX, buffer_m=150, hotspots=list(Hotspot.objects.all()), without=hotspot, on=date(2025, 11, 5)
    )
    store = find_store(town)
    assert store is not None
    rows = questions.points(store, Selection(start=date(2024, 11, 1), end=date(2025, 11, 1)))
    reported = rows[rows["source"] == "reported"]
    inside = reported.geometry.within(BOX).sum()
    ring = reported.geometry.within(BOX.buffer(150).difference(BOX)).sum()
    assert (measured.n, measured.around) == (inside, ring)
    assert inside > 20
    assert measured.share == pytest.approx(inside / len(reported))
    assert measured.pai == pytest.approx(inside / len(reported) / (90_000 / 8_000_000))
    html = asked(analyst, outline=corners(BOX), hotspot="1")["html"]
    assert f">{inside}<" in html
    assert "November 2024 to October 2025" in html


def test_inhabitants_are_not_known_until_every_sector_carries_them(town: Zone) -> None:
    assert measuring.inhabitants(town, BOX) is None
    Area.objects.filter(kind="sector").update(population=4000)
    assert measuring.inhabitants(town, BOX) == round(4000 * 0.09 / 4)


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        ("", "There is no outline yet"),
        ("somewhere", "cannot be read"),
        ('{"type": "Polygon"}', "cannot be read"),
        (corners(BOX).rsplit("\n", 2)[0], "three corners"),
        (corners(BOW_TIE), "crosses itself"),
        (corners(BOX, turned=True), "seem exchanged"),
        (corners(shapely.box(X - 9000, Y, X - 8800, Y + 200)), "outside the zone"),
        (corners(shapely.box(X - 300, Y, X + 100, Y + 200)), "More than half"),
        (corners(shapely.box(X + 10, Y + 10, X + 15, Y + 15)), "smaller than"),
        (corners(shapely.box(X, Y, X + 1900, Y + 1900)), "two square kilometres"),
        (json.dumps({"type": "Point", "coordinates": [4.3, 50.85]}), "point or a line"),
    ],
)
def test_what_cannot_be_an_outline_is_refused_in_words(
    zone: Zone, analyst: Client, outline: str, words: str
) -> None:
    hotspot_places.areas(zone)
    assert words in asked(analyst, outline=outline)["html"]


def test_corners_may_be_in_the_coordinates_of_the_zone_too(zone: Zone) -> None:
    text = "\n".join(f"{x:.0f};{y:.0f}" for x, y in shapely.get_coordinates(BOX))
    assert reading.read(text, 31370, None).equals(BOX)


def test_a_cell_is_added_and_a_line_splits(zone: Zone, analyst: Client) -> None:
    hotspot_places.areas(zone)
    beside = shapely.box(X + 440, Y + 150, X + 500, Y + 200)
    united = asked(analyst, outline=degrees(BOX), act="union", other=degrees(beside))["outline"]
    assert reading.shape_of(json.dumps(united), 31370).area == pytest.approx(90_000 + 50 * 50, rel=1e-3)
    line = shapely.LineString([(X + 100, Y + 300), (X + 600, Y + 300)])
    split = asked(analyst, outline=degrees(BOX), act="split", other=degrees(line))
    assert split["outline"]["type"] == "MultiPolygon"
    assert "The outline has 2 parts" in split["html"]
    short = shapely.LineString([(X + 200, Y + 300), (X + 300, Y + 300)])
    assert asked(analyst, outline=degrees(BOX), act="split", other=degrees(short))["refused"] == "not split"


def test_without_scripts_it_is_pasted_checked_kept_and_proposed(town: Zone, analyst: Client) -> None:
    sent = {"outline": corners(BOX), "reason": "The stop moved.", "designation": "zonal", "buffer_m": "150"}
    shown = analyst.post("/west/perimeters/1/draw/", sent | {"check": "1"})
    assert shown.status_code == 200
    assert "Facts in twelve months" in shown.content.decode()
    assert not Proposal.objects.exists()
    answer = analyst.post("/west/perimeters/1/draw/", sent | {"propose": "1"})
    proposal = Proposal.objects.get()
    assert answer.headers["Location"] == f"/west/perimeters/proposals/{proposal.pk}/"
    assert proposal.state == Proposal.State.PROPOSED
    assert proposal.shape.symmetric_difference(BOX).area < 20
    assert proposal.evidence["compared"]["leaving_m2"] > 0
    assert (proposal.evidence["data_version"], proposal.evidence["sources"]) == (1, ["reported", "unknown"])
    page = analyst.get(answer.headers["Location"]).content.decode()
    assert "facts enter with" in page


def test_a_file_takes_the_place_of_what_was_drawn(town: Zone, analyst: Client) -> None:
    file = SimpleUploadedFile("o.geojson", degrees(BOX).encode())
    sent = {
        "outline": "nothing",
        "file": file,
        "reason": "So it is",
        "designation": "zonal",
        "buffer_m": "100",
    }
    analyst.post("/west/perimeters/new/", sent)
    assert Proposal.objects.get().shape.symmetric_difference(BOX).area < 20


def test_who_is_bound_to_areas_sees_the_new_hotspot_that_was_drawn(
    town: Zone, users: dict[str, User], analyst: Client
) -> None:
    Membership.objects.get(user=users["analyst"]).areas.set([Area.objects.get(code="C1")])
    sent = {"outline": corners(BOX), "reason": "A new stop.", "designation": "zonal", "buffer_m": "150"}
    answer = analyst.post("/west/perimeters/new/", sent | {"propose": "1"})
    assert analyst.get(answer.headers["Location"]).status_code == 200


def test_an_order_is_prolonged_over_its_own_outline(town: Zone, analyst: Client) -> None:
    hotspot, day = Hotspot.objects.get(number=1), today(town)
    order = Decision(
        decided_by="mayor", valid_from=day, designation="municipal", order_reference="2026/7", ends_on=day
    )
    change_perimeter(hotspot=hotspot, geometry=BOX, decision=order, actor="tests")
    assert (
        "/west/perimeters/1/draw/?designation=municipal"
        in analyst.get("/west/perimeters/1/").content.decode()
    )
    shown = analyst.get("/west/perimeters/1/draw/?designation=municipal").context["form"].instance
    assert (shown.designation, shown.order_reference) == ("municipal", "2026/7")
    assert shown.shape.equals(BOX)
    assert analyst.get("/west/perimeters/1/draw/").context["form"].instance.designation == "zonal"
    # The figures compare with the version that it would replace.
    same = asked(analyst, outline=corners(BOX), hotspot="1", designation="municipal")["html"]
    assert "0.0 ha enter, 0.0 ha leave" in same or "the same as the one in force" in same


def test_a_width_that_is_no_number_is_the_usual_one(town: Zone, analyst: Client) -> None:
    assert "Facts in the 150 m around it" in asked(analyst, outline=corners(BOX), buffer_m="²")["html"]


def test_texts_are_scanned_for_persons(town: Zone, analyst: Client) -> None:
    sent = {
        "outline": corners(BOX),
        "reason": "Call 0470 12 34 56",
        "designation": "zonal",
        "buffer_m": "150",
    }
    answer = analyst.post("/west/perimeters/1/draw/", sent)
    assert answer.status_code == 422
    assert "may name a person" in answer.content.decode()


def test_another_zone_neither_sees_nor_takes_a_proposal(
    town: Zone,
    other_zone: Zone,
    make_user: Callable[..., Any],
    sign_in: Callable[..., Client],
    analyst: Client,
) -> None:
    sent = {"outline": corners(BOX), "reason": "The stop moved.", "designation": "zonal", "buffer_m": "150"}
    analyst.post("/west/perimeters/1/draw/", sent | {"propose": "1"})
    pk = Proposal.objects.get().pk
    client = sign_in(make_user("direction", other_zone))
    for path in (f"/east/perimeters/proposals/{pk}/", f"/west/perimeters/proposals/{pk}/"):
        assert client.get(path).status_code == 404
    assert str(pk) not in [line["url"] for line in client.get("/east/perimeters/").context["waiting"]]

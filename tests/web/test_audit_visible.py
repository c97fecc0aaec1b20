"""What an auditor must be able to see: what exactly was taken, what was refused, and who tried."""

from collections.abc import Callable
from typing import Any

import hotspot_places
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vicus.incidents import Selection
from vicus.web.accounts.models import User
from vicus.web.audit import door
from vicus.web.audit.models import Record
from vicus.web.audit.services import verify
from vicus.web.facts import queries
from vicus.web.zone.models import Zone

WHY = {"door_reason": "Monthly platform", "door_recipient": "Commune"}


@pytest.fixture
def places(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    return zone


@pytest.mark.parametrize(
    "address",
    [
        "/west/hotspots/1/facts/",
        "/west/hotspots/1/facts.csv",
        "/west/hotspots/1/figures.csv",
        "/west/ranking.csv",
    ],
)
def test_a_reason_holds_for_the_month_the_sources_and_the_version_that_were_asked(
    places: Zone, analyst: Client, address: str
) -> None:
    analyst.post(f"{address}?month=2025-09", WHY)
    assert analyst.get(f"{address}?month=2025-09&sources=all").status_code == 403
    assert analyst.get(f"{address}?month=2025-08").status_code == 403
    assert analyst.get(f"{address}?month=2025-09").status_code == 200
    entry = Record.objects.filter(reason=WHY["door_reason"]).latest("number")
    details = entry.details
    assert (details["month"], details["sources"], details["version"]) == ("2025-09", "reported", 1)


def test_the_trail_says_what_an_export_read(
    places: Zone, analyst: Client, users: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    analyst.post("/west/hotspots/1/figures.csv?sources=all", WHY)
    analyst.get("/west/hotspots/1/figures.csv?sources=all")
    auditor = sign_in(users["auditor"])
    auditor.cookies["vicus_language"] = "nl"
    page = auditor.get("/audit/?action=disclosure").content.decode()
    assert "cijfers van een hotspot; bronnen: alle; gegevensversie 1" in page


def test_the_reader_of_facts_refuses_a_grant_for_another_version(
    places: Zone, users: dict[str, User]
) -> None:
    what = door.Restricted(queries.POINTS, "hotspot 1", said=(("version", 1),))
    grant = door.grant(actor=users["analyst"], what=what, zone=places, reason="Weekly analysis")
    assert len(queries.points(users["analyst"], places, Selection(version=1), grant=grant))
    with pytest.raises(door.NoGrant, match="version"):
        queries.points(users["analyst"], places, Selection(), grant=grant)


def test_a_file_with_persons_leaves_a_trace_without_what_it_held(zone: Zone, analyst: Client) -> None:
    content = b"date,kind,name\n2026-01-01,BIKE,Jan Peeters\n2026-01-02,BIKE,Marie Dubois\n"
    upload = SimpleUploadedFile("persons.csv", content, content_type="text/csv")
    assert analyst.post("/west/imports/new/", {"file": upload}).status_code == 422
    entry = Record.objects.filter(object_type="facts.import").latest("number")
    assert (entry.action, entry.object_id, entry.zone) == ("collection", "persons.csv", "west")
    assert (entry.details["event"], entry.details["why"]) == ("file refused", "personal data")
    assert "Peeters" not in " ".join(map(str, Record.objects.values_list()))


@pytest.mark.parametrize(
    ("role", "address", "code"),
    [
        ("hotspot_manager", "/west/imports/", 404),
        ("partner", "/audit/", 404),
        ("hotspot_manager", "/west/territory/import/", 403),
    ],
)
def test_whoever_tries_what_is_not_theirs_is_seen_by_the_auditor(
    zone: Zone, client_for: Callable[[str], Client], auditor: Client, role: str, address: str, code: int
) -> None:
    assert client_for(role).get(f"{address}?secret=typed").status_code == code
    entry = Record.objects.get(object_type="site.page")
    assert (entry.action, entry.object_id, entry.details["event"]) == ("access", address, "page refused")
    assert entry.actor.startswith(role.title().split("_")[0])
    assert address in auditor.get("/audit/?object_type=site.page").content.decode()
    assert verify().whole


def test_a_member_of_another_zone_who_looks_in_is_seen_by_the_zone_looked_into(
    zone: Zone,
    other_zone: Zone,
    make_user: Callable[..., User],
    sign_in: Callable[[User], Client],
    auditor: Client,
) -> None:
    sign_in(make_user("analyst", other_zone, username="elsewhere")).get("/west/territory/")
    assert Record.objects.get(object_type="site.page").zone == "west"
    assert "elsewhere" in auditor.get("/audit/?object_type=site.page").content.decode()


def test_pages_that_nobody_has_and_strangers_leave_no_such_record(
    client: Client, analyst: Client, zone: Zone
) -> None:
    analyst.get("/no/such/page/at/all")
    client.get("/west/imports/")
    assert not Record.objects.filter(object_type="site.page").exists()


def test_two_grants_of_different_parts_do_not_share_a_reason() -> None:
    def key(*said: Any) -> str:
        return door._key(door.Restricted("facts.points", "1", said=said), "west", door.Action.DISCLOSURE)

    assert key(("a", 1), ("b", 2)) == key(("b", 2), ("a", 1))
    assert len({key(), key(("a", 1)), key(("a", "1")), key(("b", 1))}) == 4

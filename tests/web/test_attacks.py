"""What somebody with an account, or with none, would try."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import hotspot_places
import matrix
import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vicus.incidents import Selection
from vicus.incidents.checks import Flag
from vicus.incidents.rejects import Rejects
from vicus.web.accounts.models import User
from vicus.web.audit import door
from vicus.web.audit.models import Record
from vicus.web.audit.services import record
from vicus.web.audit.spreadsheets import stamp
from vicus.web.facts import queries
from vicus.web.facts.models import Import, SavedMapping
from vicus.web.hotspots.views import sheets
from vicus.web.zone import services
from vicus.web.zone.models import Zone

MAPPING = """
name = "ours"
[columns]
id = "id"
category = "kind"
occurred_from = "date"
[dates]
formats = ["%Y-%m-%d %H:%M"]
timezone = "Europe/Brussels"
"""

ROWS = "id,kind,date\nA1,BIKE,2026-01-03 10:00\nA2,BIKE,never\n"


@pytest.fixture
def mapping(zone: Zone) -> SavedMapping:
    return SavedMapping.objects.create(zone=zone, name="ours", text=MAPPING)


def send(client: Client, zone: Zone, text: str, name: str = "facts.csv", mapping: str = "ours") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("facts:receive", args=[zone.slug]), {"file": file, "mapping": mapping})


# --- files with persons -----------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["ours", ""])
def test_a_file_with_persons_is_not_kept_whatever_mapping_is_chosen(
    analyst: Client, zone: Zone, mapping: SavedMapping, chosen: str, vicus_home: Any
) -> None:
    text = "id,kind,date,voornaam\nA1,BIKE,2026-01-03 10:00,Katrien\n"
    response = send(analyst, zone, text, mapping=chosen)
    assert response.status_code == 422
    assert "Katrien" not in response.content.decode()
    kept = [path for path in (vicus_home / "files").rglob("*") if path.is_file()]
    assert not kept


def test_the_page_of_an_import_never_shows_persons(
    analyst: Client, zone: Zone, mapping: SavedMapping
) -> None:
    """The rows that a mapping skips are part of the file too: another mapping would show them."""
    vouched = MAPPING + '[no_persons]\nvoornaam = "first names of streets"\n'
    SavedMapping.objects.create(zone=zone, name="vouched", text=vouched)
    text = "id,kind,date,voornaam\nA1,BIKE,2026-01-03 10:00,Katrien\n"
    send(analyst, zone, text, mapping="vouched")
    received = Import.objects.latest("pk")
    address = reverse("facts:import", args=[zone.slug, received.pk])
    vouched_for = analyst.get(address).content.decode()
    assert "A1" in vouched_for
    assert "Katrien" not in vouched_for
    Import.objects.filter(pk=received.pk).update(mapping_text=MAPPING)
    assert "Katrien" not in analyst.get(address).content.decode()


# --- names of files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "rejects.csv",
        "refused rows.csv",
        "refused_rows.csv",
        "../../../secret_key.csv",
        "é" * 240 + ".csv",
        ".csv",
    ],
)
def test_no_name_of_a_file_reaches_another_file(
    analyst: Client, zone: Zone, mapping: SavedMapping, name: str, vicus_home: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    assert send(analyst, zone, ROWS, name=name).status_code == 302
    received = Import.objects.latest("pk")
    assert received.file.resolve().parent == received.folder.resolve()
    assert not received.rejects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(reverse("facts:step", args=[zone.slug, received.pk]), {"step": "check"})
    assert received.file.read_text() == ROWS
    assert "bad_date" in received.rejects.read_text()


def test_faults_do_not_tell_where_files_lie(
    analyst: Client, zone: Zone, mapping: SavedMapping, monkeypatch: pytest.MonkeyPatch, vicus_home: Any
) -> None:
    def fails(received: Import) -> None:
        raise OSError(28, "No space left on device", str(received.file))

    monkeypatch.setattr("vicus.web.facts.receiving.look", fails)
    with pytest.raises(OSError, match="No space"):
        send(analyst, zone, ROWS)
    assert str(vicus_home) not in Import.objects.latest("pk").message


# --- formulas in what leaves the house --------------------------------------------------------------

FORMULAS = ("=1+1", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\n=1", "\uff1d1+1")


def runs(cell: str) -> bool:
    return cell.lstrip("\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_refused_rows_hold_no_formula(formula: str, tmp_path: Any) -> None:
    import numpy
    import pyarrow

    rejects = Rejects()
    values = pyarrow.array([formula, "-1.5", "+32"], pyarrow.string())
    rejects.add([Flag(numpy.array([2, 3, 4]), "bad_date", True, formula, values)])
    rejects.write(tmp_path / "rejects.csv")
    written = (tmp_path / "rejects.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert not any(runs(cell) for row in rows for cell in row if cell not in ("-1.5", "+32"))
    assert [row[2] for row in rows[1:]] == ["-1.5", "+32"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "why,", "why;", "why\n", 'why",', "why\t"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_a_file_says_of_itself_is_no_formula(formula: str, before: str, delimiter: str) -> None:
    """A reason is typed by people; a spreadsheet may cut lines at commas or at semicolons."""
    text = stamp([("purpose", before + formula)])
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]
    assert cells[0].startswith("# purpose")
    assert not any(runs(cell.strip()) for cell in cells)
    assert text.count("\n") == 1


@pytest.mark.parametrize("formula", FORMULAS)
def test_tables_hold_no_formula(formula: str) -> None:
    sheet = sheets.Sheet("t", [formula], [[formula, -3, -1.5]])
    answer = sheets.answer("csv", "name", [sheet], [("Hotspot", f"12, {formula}")])
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[-1][1:] == ["-3", "-1.5"]
    assert not any(runs(cell) for row in rows for cell in row if cell not in ("-3", "-1.5"))


# --- files nobody asked for -------------------------------------------------------------------------


class Watched(MemoryFileUploadHandler):
    """The handler that keeps files, and how much came through to it."""

    taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        Watched.taken += len(raw_data)
        return super().receive_data_chunk(raw_data, start)


@pytest.fixture
def watched(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Watched]:
    settings.FILE_UPLOAD_HANDLERS = [settings.FILE_UPLOAD_HANDLERS[0], f"{__name__}.Watched"]
    monkeypatch.setattr(Watched, "taken", 0)
    return Watched


def test_files_of_strangers_are_not_stored_even_for_a_moment(db: None, watched: type[Watched]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    file = SimpleUploadedFile("fill.csv", b"x" * 100_000)
    token = client.cookies["vicus_csrf"].value
    client.post("/accounts/login/", {"csrfmiddlewaretoken": token, "file": file})
    assert watched.taken == 0


@pytest.mark.parametrize("role", ["partner", "planner", "mayor", "hotspot_manager", "direction", "auditor"])
def test_files_of_roles_that_import_nothing_are_not_stored(
    client_for: Any, zone: Zone, role: str, watched: type[Watched]
) -> None:
    client_for(role).post("/language/", {"language": "nl", "file": SimpleUploadedFile("a.csv", b"x" * 1000)})
    assert watched.taken == 0


def test_files_of_an_analyst_come_in_up_to_a_size(
    analyst: Client,
    zone: Zone,
    mapping: SavedMapping,
    watched: type[Watched],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert send(analyst, zone, ROWS).status_code == 302
    assert watched.taken == len(ROWS)
    monkeypatch.setattr("vicus.web.site.uploads.LARGEST", 1000)
    assert send(analyst, zone, ROWS + "x" * 1000).status_code == 400
    assert watched.taken == len(ROWS)


# --- what is asked in an address --------------------------------------------------------------------


def test_days_at_the_ends_of_time_are_no_fault(zone: Zone, analyst: Client) -> None:
    hotspot_places.furnish(zone)
    days = ("0001-01-01", "9999-12-31", "9999-12-31T23:59", "-1", "", "\x00", "2026-W01")
    for day, month in zip(
        days, ("9999-12", "0000-00", "0001-01", "2025-10", "", "x", "2025-13"), strict=True
    ):
        query = {"known": day, "month": month, "perimeter": day, "sources": day, "sort": day, "page": day}
        for address in ("/west/", "/west/hotspots/1/"):
            assert analyst.get(address, query).status_code == 200
        # Not there, or there behind the door; never a fault, and never another month in its place.
        assert analyst.get("/west/hotspots/1/facts/", query).status_code in (403, 404)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_audit_trail_takes_days_at_the_ends_of_time(auditor: Client, day: str) -> None:
    assert auditor.get("/audit/", {"since": day, "until": day}).status_code == 200


def test_a_file_known_on_the_first_day_of_all_is_refused(
    analyst: Client, zone: Zone, mapping: SavedMapping
) -> None:
    data = {"file": SimpleUploadedFile("a.csv", ROWS.encode()), "mapping": "ours", "known_at": "0001-01-01"}
    assert analyst.post(reverse("facts:receive", args=[zone.slug]), data).status_code == 422


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "x" * 300_000])
def test_a_mapping_made_to_exhaust_is_refused(
    analyst: Client, zone: Zone, mapping: SavedMapping, text: str
) -> None:
    send(analyst, zone, ROWS)
    address = reverse("facts:import", args=[zone.slug, Import.objects.latest("pk").pk])
    assert analyst.post(address, {"text": text}).status_code == 422


@pytest.mark.parametrize(
    "line",
    [
        "BIKE,a,b,c,inf,x",
        "BIKE,a,b,c,nan,x",
        "BIKE,a,b,c,-1,x",
        ",a,b,c,,",
        "B" * 61 + ",a,b,c,,",
        "B",
        "BIKE,,,,,",
    ],
)
def test_categories_that_cannot_be_kept_are_refused(analyst: Client, zone: Zone, line: str) -> None:
    file = SimpleUploadedFile("c.csv", f"code,nl,fr,en,harm_weight,harm_source\n{line}\n".encode())
    response = analyst.post(reverse("facts:categories", args=[zone.slug]), {"file": file})
    assert response.status_code == 422
    assert not zone.categories.exists()


# --- the audit trail --------------------------------------------------------------------------------

REASON = {"door_reason": "yearly check of the trail", "door_recipient": "supervisory authority"}


def test_an_export_of_the_trail_is_recorded_as_what_it_was(auditor: Client, zone: Zone) -> None:
    """A reason given for one part of the trail opens no other, however the address is dressed up."""
    padding = "a" * 300
    address = f"/audit/export/?x={padding}&actor=somebody"
    auditor.post(address, REASON)
    assert auditor.get(address).status_code == 200
    assert Record.objects.filter(action="disclosure").latest("number").object_id == "actor=somebody"
    assert auditor.get(f"/audit/export/?x={padding}").status_code == 403


def test_a_filter_that_cannot_be_read_does_not_open_the_whole_trail(auditor: Client, zone: Zone) -> None:
    auditor.post("/audit/export/?since=yesterday", REASON)
    assert auditor.get("/audit/export/?since=yesterday").status_code == 404


def test_who_ends_a_membership_does_not_end_its_traces(
    users: dict[str, User], zone: Zone, administrator: Client, auditor: Client
) -> None:
    services.assign_role(actor="a test", zone=zone, user=users["partner"], role="analyst")
    record(actor=users["partner"], action="access", object_type="accounts.user", object_id="partner",
           details={"event": "signed in at night"})  # fmt: skip
    administrator.post("/users/partner/act/?zone=west", {"act": "end_membership"})
    assert not zone.memberships.filter(user=users["partner"]).exists()
    assert "signed in at night" in auditor.get("/audit/", {"actor": "partner"}).content.decode()


def test_the_trail_of_another_zone_stays_closed(
    auditor: Client, zone: Zone, other_zone: Zone, make_user: Any
) -> None:
    stranger = make_user("analyst", other_zone, username="elsewhere")
    record(actor=stranger, action="access", object_type="accounts.user", object_id="elsewhere")
    record(
        actor=stranger, action="change", object_type="zone.membership", object_id="elsewhere", zone=other_zone
    )
    assert "elsewhere" not in auditor.get("/audit/").content.decode()
    assert "elsewhere" not in auditor.get("/audit/", {"zone": "east"}).content.decode()


# --- sessions and grants ----------------------------------------------------------------------------


def test_a_session_ends_twelve_hours_after_signing_in_however_busy_it_is(
    users: dict[str, User], sign_in: Any, zone: Zone
) -> None:
    began = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with time_machine.travel(began, tick=False) as clock:
        client = sign_in(users["analyst"])
        for hour in range(11):
            clock.shift(timedelta(hours=1))
            session = client.session
            session["busy"] = hour
            session.save()
            assert client.get("/west/territory/").status_code == 200
        clock.shift(timedelta(hours=1, minutes=1))
        answer = client.get("/west/territory/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert SESSION_KEY not in client.session


def test_a_grant_for_one_zone_opens_no_points_of_another(
    zone: Zone, other_zone: Zone, make_user: Any
) -> None:
    analyst = make_user("analyst", zone, other_zone)
    what = door.Restricted(queries.POINTS, "hotspot 1 2026-01")
    grant = door.grant(actor=analyst, what=what, zone=other_zone, reason="the monthly meeting")
    with pytest.raises(door.NoGrant, match="another zone"):
        queries.points(analyst, zone, Selection(start=None, end=None), grant=grant)


def test_a_reason_ends_with_the_role_the_quarter_of_an_hour_and_the_session(
    zone: Zone, users: dict[str, User], sign_in: Any
) -> None:
    hotspot_places.furnish(zone)
    points = "/west/hotspots/1/facts/"
    client = sign_in(users["analyst"])
    client.post(points, REASON)
    assert client.get(points).status_code == 200
    assert client.get("/west/hotspots/2/facts/").status_code == 403
    assert client.get(points, {"month": "2025-09"}).status_code == 403
    assert client.get("/west/hotspots/1/facts.csv").status_code == 403
    services.assign_role(actor="a test", zone=zone, user=users["analyst"], role="planner")
    assert client.get(points).status_code == 404
    services.assign_role(actor="a test", zone=zone, user=users["analyst"], role="analyst")
    client.post("/accounts/logout/")
    client = sign_in(users["analyst"])
    assert client.get(points).status_code == 403
    client.post(points, REASON)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get(points).status_code == 403


# --- what browsers get ------------------------------------------------------------------------------


def test_restricted_answers_are_never_stored(zone: Zone, analyst: Client) -> None:
    hotspot_places.furnish(zone)
    addresses = ("/west/hotspots/1/facts/", "/west/hotspots/1/facts.csv", "/west/ranking.xlsx")
    for address in ("/west/", "/west/hotspots/1/", *addresses):
        if address in addresses:
            assert "no-store" in analyst.get(address)["Cache-Control"]
            analyst.post(address, REASON)
        answer = analyst.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer["Content-Security-Policy"]


MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_names_that_hold_markup_stay_words(zone: Zone, analyst: Client) -> None:
    hotspot_places.furnish(zone)
    for thing in (*zone.hotspots.all(), *zone.areas.all(), *zone.categories.all()):
        thing.names = dict.fromkeys(("nl", "fr", "en"), MARKUP)
        thing.save()
    zone.names = {"en": MARKUP}
    zone.save()
    reason = {**REASON, "door_reason": f"because {MARKUP}"}
    analyst.post("/west/hotspots/1/facts/", reason)
    for address in (
        "/west/",
        "/west/hotspots/",
        "/west/hotspots/1/",
        "/west/hotspots/1/facts/",
        "/west/territory/",
    ):
        page = analyst.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1"]
)
def test_no_address_leads_out_of_the_site(zone: Zone, analyst: Client, elsewhere: str) -> None:
    for address, data in (
        ("/language/", {"language": "nl"}),
        ("/styleguide/appearance/", {"scheme": "dark"}),
        ("/accounts/reauthenticate/", {"password": "correct-horse-battery"}),
    ):
        answer = analyst.post(address, {**data, "next": elsewhere})
        assert "evil" not in answer.headers.get("Location", "")
        assert not answer.headers.get("Location", "").startswith("javascript")


def test_no_form_of_another_site_is_taken(zone: Zone, users: dict[str, User], sign_in: Any) -> None:
    """Every address of the site, posted to from elsewhere by the browser of somebody who has signed in."""
    client = sign_in(users["analyst"])
    client.handler.enforce_csrf_checks = True
    # The link of an organisation rests on no cookie: a browser that has signed in is nobody in particular there.
    rows = [row for row in matrix.every_row() if row.name != "promise"]
    addresses = {reverse(row.name, kwargs=row.kwargs) for row in rows}
    assert len(addresses) > 40
    assert not [
        address for address in sorted(addresses) if client.post(address, {"a": "b"}).status_code != 403
    ]

"""The auditor's pages, and the door."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from vicus.web.accounts.models import User
from vicus.web.audit import door, triggers
from vicus.web.audit.models import Action, Record
from vicus.web.audit.services import record, verify
from vicus.web.audit.spreadsheets import harmless
from vicus.web.zone.models import Zone

REASON = {"door_reason": "Yearly control", "door_recipient": "Supervisory authority"}


def fill(zone: str, n: int = 1, **fields: Any) -> None:
    for number in range(n):
        said = {
            "actor": "someone",
            "action": Action.CHANGE,
            "object_type": "thing",
            "object_id": f"no-{number}",
        }
        record(zone=zone, **said | fields)


def test_an_auditor_sees_the_own_zone_and_no_other(auditor: Client, other_zone: Zone) -> None:
    fill("west", object_id="ours")
    fill("east", object_id="theirs")
    page = auditor.get("/audit/").content.decode()
    assert "ours" in page
    assert "theirs" not in page


def test_the_list_is_filtered_and_paged(auditor: Client) -> None:
    fill("west", 60)
    fill("west", action=Action.DISCLOSURE, actor="Ann", object_type="facts.points", object_id="special")
    assert auditor.get("/audit/").context["table"]["pages"]["last"] == 2
    page = auditor.get("/audit/?action=disclosure&actor=ann&object_type=facts.points")
    assert page.context["total"] == 1
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert auditor.get(f"/audit/?since={tomorrow}").context["total"] == 0
    assert auditor.get(f"/audit/?until={tomorrow}&zone=west").context["total"] == 61


def test_the_state_of_the_chain_is_shown_whole_and_broken(auditor: Client) -> None:
    fill("west", 3)
    assert "The chain is whole" in auditor.get("/audit/chain/").content.decode()
    from django.db import connection

    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_record SET reason = 'x' WHERE object_id = 'no-1'")
    triggers.install(connection)
    assert "The chain is broken" in auditor.get("/audit/chain/").content.decode()


def test_the_export_asks_why_and_for_whom_and_says_so_in_the_file(auditor: Client) -> None:
    fill("west", 3, object_id="=cmd|calc")
    assert auditor.get("/audit/export/").status_code == 403
    assert auditor.post("/audit/export/", {"door_reason": "Yearly control"}).status_code == 403
    assert auditor.post("/audit/export/", REASON).status_code == 302
    response = auditor.get("/audit/export/")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(text.splitlines()))
    said = dict(row for row in rows if row[0].startswith("#"))
    assert said["# purpose"] == "Yearly control"
    assert said["# recipient"] == "Supervisory authority"
    assert said["# exported by"] == "Auditor"
    assert said["# at"]
    assert "'=cmd|calc" in text
    entry = Record.objects.get(action=Action.DISCLOSURE)
    assert (entry.object_type, entry.reason, entry.zone) == ("audit.trail", "Yearly control", "west")
    assert verify().whole


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_an_export_is_taken_for_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


def ask(user: User, session: Any, what: door.Restricted, *, data: dict[str, str] | None = None) -> Any:
    make = RequestFactory()
    request: HttpRequest = (
        make.post("/here/?month=2026-01", data) if data else make.get("/here/?month=2026-01")
    )
    request.user, request.session = user, session
    return door.require_reason(request, what=what, zone="west")


@pytest.fixture
def session(analyst: Client) -> Any:
    return analyst.session


POINTS = door.Restricted("facts.points", "hotspot 1", "Incident points of hotspot 1")


def test_the_door_asks_then_lets_through_and_records_every_opening(
    users: dict[str, User], session: Any
) -> None:
    user, before = users["analyst"], Record.objects.count()
    question = ask(user, session, POINTS)
    assert isinstance(question, HttpResponse)
    assert question.status_code == 403
    back = ask(user, session, POINTS, data={"door_reason": "Weekly analysis"})
    assert back["Location"] == "/here/?month=2026-01"
    assert Record.objects.count() == before
    for _ in range(2):
        grant = ask(user, session, POINTS)
        assert isinstance(grant, door.Grant)
        assert grant.reason == "Weekly analysis"
    opened = Record.objects.filter(action=Action.CONSULTATION, object_type="facts.points")
    assert [(entry.reason, entry.role) for entry in opened] == [("Weekly analysis", "analyst")] * 2


def test_a_reason_holds_for_this_object_this_user_and_a_quarter_of_an_hour(
    users: dict[str, User], session: Any
) -> None:
    user = users["analyst"]
    ask(user, session, POINTS, data={"door_reason": "Weekly analysis"})
    assert isinstance(ask(user, session, POINTS), door.Grant)
    assert isinstance(ask(user, session, door.Restricted("facts.points", "hotspot 2")), HttpResponse)
    assert isinstance(ask(users["direction"], session, POINTS), HttpResponse)
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert isinstance(ask(user, session, POINTS), door.Grant)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert isinstance(ask(user, session, POINTS), HttpResponse)


def test_opening_again_does_not_make_the_reason_last_longer(users: dict[str, User], session: Any) -> None:
    user = users["analyst"]
    ask(user, session, POINTS, data={"door_reason": "Weekly analysis"})
    first = ask(user, session, POINTS)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert ask(user, session, POINTS).until == first.until


def test_a_reason_for_consulting_is_none_for_exporting(users: dict[str, User], session: Any) -> None:
    ask(users["analyst"], session, POINTS, data={"door_reason": "Weekly analysis"})
    request = RequestFactory().get("/here/")
    request.user, request.session = users["analyst"], session
    answer = door.require_reason(request, what=POINTS, zone="west", action=Action.DISCLOSURE)
    assert isinstance(answer, HttpResponse)


def test_an_auditor_of_one_zone_does_not_learn_who_signs_in_elsewhere(
    auditor: Client, other_zone: Zone, make_user: Callable[..., User], users: dict[str, User]
) -> None:
    elsewhere = make_user("partner", other_zone, username="elsewhere")
    Client().force_login(elsewhere)
    Client().force_login(users["partner"])
    page = auditor.get("/audit/?action=access").content.decode()
    assert "partner" in page
    assert "elsewhere" not in page

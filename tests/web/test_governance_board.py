"""The coordination board and the weekly letter."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import action_stories
import hotspot_places
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from governance_bodies import furnish, meeting

from vicus.web.accounts.models import User
from vicus.web.actions.models import Action
from vicus.web.audit.models import Record
from vicus.web.decisions import digest
from vicus.web.governance import board, services
from vicus.web.governance.models import Letter
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.meetings.models import Decision, Meeting
from vicus.web.phases import rules
from vicus.web.phases import services as phases
from vicus.web.phases.models import Move
from vicus.web.zone.models import Zone

ClientFor = Callable[[str], Client]
BOARD = "/west/decisions/board/"


@pytest.fixture
def made(zone: Zone, users: dict[str, User]) -> dict[str, Any]:
    """Two communes with four hotspots, bodies of all levels; a move into Clear was asked for hotspot 1."""
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    found = furnish(zone)
    hotspot = Hotspot.objects.get(zone=zone, number=1)
    move = Move.objects.create(hotspot=hotspot, target="clear", drawn_up_on=today(zone))
    for item in rules.gate_of("", "clear").items:
        move.items.create(code=item.code)
    phases.take(move=move, code="ask", actor="a test", on=today(zone))
    return found | {"move": move}


def grant(zone: Zone, move: Move) -> str:
    phases.take(
        move=move, code="grant", actor="a test", on=today(zone), exception="Urgent.", starts_on=today(zone)
    )
    return f"phases.move:{move.pk}"


def test_what_is_decided_flows_into_the_hotspot_and_is_noted_once_in_the_next_meeting(
    zone: Zone, made: dict[str, Any], client_for: ClientFor
) -> None:
    direction = client_for("direction")
    page = direction.get(BOARD).content.decode()
    assert reverse("phases:hotspot", args=["west", 1]) in page
    assert "Note as a decision" not in page
    about = grant(zone, made["move"])
    assert Hotspot.objects.get(zone=zone, number=1).phases.get().kind == "clear"
    assert "Note as a decision of Coordination" in direction.get(BOARD).content.decode()
    for _again in range(2):
        assert direction.post("/west/decisions/board/note/", {"about": about}).status_code == 302
    noted = Decision.objects.get()
    assert (noted.about, noted.hotspot.number) == (about, 1)
    assert noted.meeting == Meeting.objects.get(body=made["coordination"], state="planned")
    # In the language of the minutes, whatever the one who clicks reads.
    assert noted.text.startswith("1 Canal : Passer à Clear, accordé")
    assert Record.objects.filter(object_type="meetings.decision").count() == 1
    page = direction.get(BOARD).content.decode()
    assert "noted in the minutes of" in page
    assert "Note as a decision" not in page


def test_minutes_that_are_closed_take_no_decision_and_what_was_not_decided_is_none(
    zone: Zone, made: dict[str, Any]
) -> None:
    planned = Meeting.objects.get(body=made["coordination"], state="planned")
    with pytest.raises(ValidationError, match="Nothing was decided"):
        board.note(meeting=planned, about=f"phases.move:{made['move'].pk}", actor="a test")
    about = grant(zone, made["move"])
    Meeting.objects.filter(pk=planned.pk).update(state="minuted")
    with pytest.raises(ValidationError, match="closed"):
        board.note(meeting=planned, about=about, actor="a test")
    for strange in ("phases.move:x", "zone.zone:1", "phases.move", ""):
        assert board._find(zone, strange) is None


def test_each_role_sees_the_board_of_its_own_places(
    zone: Zone, other_zone: Zone, made: dict[str, Any], client_for: ClientFor
) -> None:
    head = client_for("division_head").get(BOARD).content.decode()
    assert "Commune C1" in head
    assert "Commune C2" not in head
    assert client_for("mayor").get(BOARD).status_code == 404
    about = grant(zone, made["move"])
    assert "Note as a decision" not in client_for("analyst").get(BOARD).content.decode()
    assert client_for("analyst").post("/west/decisions/board/note/", {"about": about}).status_code == 403


def test_an_action_that_plans_more_than_its_capacity_is_named_with_the_hours(
    zone: Zone, made: dict[str, Any], client_for: ClientFor
) -> None:
    day = today(zone)
    action_stories.plan(zone, 1, starts_on=day, ends_on=day + timedelta(days=27), pk=7)
    planned = {"visits_a_week": 7, "minutes": 120, "days": [], "from_hour": None, "to_hour": None}
    Action.objects.filter(pk=7).update(**planned, capacity_hours=None)
    assert "beyond its capacity" not in client_for("direction").get(BOARD).content.decode()
    Action.objects.filter(pk=7).update(capacity_hours=4)
    page = client_for("direction").get(BOARD).content.decode()
    # 56 hours planned in four weeks, and four hours to do them.
    assert "52 hours planned beyond its capacity" in page


def test_the_weekly_letter_says_in_ones_language_what_waits_and_comes_and_leaves_once(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    for role, spoken in (("mayor", "fr"), ("direction", "nl"), ("analyst", "en"), ("partner", "fr")):
        User.objects.filter(pk=users[role].pk).update(email=f"{role}@example.org", language=spoken)
        services.choose_weekly(user=users[role], zone=zone, wanted=True)
    services.choose_weekly(user=users["analyst"], zone=zone, wanted=False)
    day = today(zone)
    # A partner that nothing was asked of gets no letter.
    assert digest.write(zone, day) == {"weekly letters": 2}
    assert digest.write(zone, day) == {"weekly letters": 0}
    letters = {letter.user.username: letter for letter in Letter.objects.filter(kind="weekly")}
    assert {name: letter.language for name, letter in letters.items()} == {"mayor": "fr", "direction": "nl"}
    assert "Lamps of the square" in letters["mayor"].body
    assert "Commune C2" not in letters["mayor"].body
    assert "Coordination" in letters["direction"].body
    assert digest.write(zone, day + timedelta(days=7))["weekly letters"] == 2


def test_who_left_or_has_no_address_gets_no_letter(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    for role in ("mayor", "direction"):
        services.choose_weekly(user=users[role], zone=zone, wanted=True)
    User.objects.filter(pk=users["mayor"].pk).update(email="mayor@example.org")
    User.objects.filter(pk=users["mayor"].pk).update(is_active=False, deactivated_at=timezone.now())
    assert digest.write(zone, date(2026, 11, 24)) == {"weekly letters": 0}


def test_the_meeting_of_decisions_is_the_next_of_the_fourth_level(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    from vicus.web.governance.queries import reader

    who = reader(users["direction"], "west")
    planned = Meeting.objects.get(body=made["coordination"], state="planned")
    meeting(made["municipal"], today(zone) + timedelta(days=1), "planned")
    assert board.coming(who) == planned
    Meeting.objects.filter(pk=planned.pk).update(state="cancelled")
    assert board.coming(who) is None

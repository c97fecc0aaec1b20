"""States of an action: every role, in every state, takes exactly the steps that the one table allows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import action_stories
import hotspot_places
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.actions import rules, services
from vicus.web.actions.models import Action
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Area, Membership, Zone

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "actions.md"
STATES = list(Action.State)
WITHOUT_ACTIONS = {"mayor", "partner", "youth_coordinator", "planner", "auditor", "administrator"}


@pytest.fixture
def places(zone: Zone, users: dict[str, User]) -> Zone:
    """A zone where the manager has hotspot 1 and the division head the first commune."""
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    Membership.objects.get(user=users["division_head"]).areas.set([Area.objects.get(code="C1")])
    return zone


def brought_to(zone: Zone, state: Action.State, *, begun: bool, number: int = 1) -> Action:
    """An action that stands in a state, whichever way it came there."""
    action = action_stories.plan(zone, number)
    Action.objects.filter(pk=action.pk).update(
        state=state,
        blocker="budget" if state == Action.State.BLOCKED else "",
        begun_on=action_stories.START if begun else None,
    )
    return Action.objects.select_related("hotspot__zone").get(pk=action.pk)


def allowed(role: str, step: rules.Step, state: Action.State, *, begun: bool) -> bool:
    """What the table says, read here without the code that follows it."""
    if not ROLES[role].permissions & step.by or state not in step.sources:
        return False
    return ("begun" not in step.needs or begun) and ("not begun" not in step.needs or not begun)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("begun", [False, True])
def test_each_role_takes_exactly_the_steps_of_the_table(
    places: Zone, client_for: Callable[[str], Client], role: str, begun: bool
) -> None:
    client = client_for(role)
    for state in STATES:
        for step in rules.STEPS:
            action = brought_to(places, state, begun=begun)
            answer = client.post(
                f"/west/actions/{action.pk}/step/{step.code}/", {"blocker": "budget", "note": "because"}
            )
            expected = allowed(role, step, state, begun=begun)
            if role in WITHOUT_ACTIONS:
                assert answer.status_code == 404
            elif not ROLES[role].permissions & step.by:
                assert answer.status_code == 403
            else:
                assert answer.status_code == (302 if expected else 422), (role, state, step.code)
            after = Action.objects.get(pk=action.pk).state
            assert after == (step.target if expected else state), (role, state, step.code)


@pytest.mark.parametrize("step", rules.STEPS, ids=lambda step: step.code)
def test_a_manager_takes_no_step_in_the_hotspot_of_another(
    places: Zone, client_for: Callable[[str], Client], step: rules.Step
) -> None:
    action = brought_to(places, step.sources[0], begun="begun" in step.needs, number=2)
    answer = client_for("hotspot_manager").post(
        f"/west/actions/{action.pk}/step/{step.code}/", {"note": "x", "blocker": "budget"}
    )
    assert answer.status_code == 403
    assert Action.objects.get(pk=action.pk).state == step.sources[0]


@pytest.mark.parametrize(
    "step", [s for s in rules.STEPS if {"note", "blocker"} & set(s.needs)], ids=lambda s: s.code
)
def test_a_step_that_needs_words_is_refused_without_them(places: Zone, step: rules.Step) -> None:
    action = brought_to(places, step.sources[0], begun=True)
    with pytest.raises(ValidationError):
        services.take(action=action, code=step.code, on=date(2025, 8, 1), hotspots=[], actor="a test")


def test_buttons_are_those_of_the_table(places: Zone, client_for: Callable[[str], Client]) -> None:
    action = brought_to(places, Action.State.BLOCKED, begun=True)
    shown = client_for("hotspot_manager").get(f"/west/actions/{action.pk}/").context["steps"]
    assert [str(step["label"]) for step in shown] == ["Go on with it", "Give it up"]
    assert not client_for("analyst").get(f"/west/actions/{action.pk}/").context["steps"]


def test_each_step_stands_in_the_audit_trail(places: Zone) -> None:
    action = brought_to(places, Action.State.RUNNING, begun=True)
    services.take(
        action=action, code="block", on=date(2025, 8, 1), hotspots=[], actor="a test", blocker="weather"
    )
    entry = Record.objects.order_by("-number")[0]
    assert (entry.action, entry.object_type, entry.object_id) == ("change", "actions.action", str(action.pk))
    assert entry.details == {"event": "action moved", "hotspot": 1, "step": "block", "blocker": "weather"}


def test_the_diagram_in_the_docs_is_the_table() -> None:
    assert rules.diagram() in DOCS.read_text(encoding="utf-8")

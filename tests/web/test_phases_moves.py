"""Moves between phases: every role, in every state, takes exactly the steps that the one table allows."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import hotspot_places
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot, Phase
from vicus.web.hotspots.rules import PHASES
from vicus.web.hotspots.services import pass_to_phase
from vicus.web.phases import queries, rules, services
from vicus.web.phases.forms import GrantForm
from vicus.web.phases.models import Item, Move
from vicus.web.phases.services import Answer
from vicus.web.zone.models import Area, Membership, Zone

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "phases.md"
DAY = date(2025, 11, 3)
SEEN = Answer(done=True, evidence="Counted on the square.", nature="fact", reliability="confirmed")
SEES_NOTHING = {"mayor", "partner", "youth_coordinator", "planner", "auditor", "administrator"}


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Zone:
    """The manager has hotspot 1 and the division head the first commune; hotspot 4 lies in the other."""
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    Membership.objects.get(user=users["division_head"]).areas.set([Area.objects.get(code="C1")])
    return zone


def in_phase(zone: Zone, kind: str, number: int = 1) -> Hotspot:
    hotspot = Hotspot.objects.get(zone=zone, number=number)
    pass_to_phase(
        hotspot=hotspot, kind=kind, started_on=date(2025, 1, 1), decided_by="a test", actor="a test"
    )
    return hotspot


def brought_to(zone: Zone, state: str, number: int = 1) -> Move:
    """A move into Clear that stands in a state, whichever way it came there, nothing of its gate done."""
    hotspot = Hotspot.objects.get(zone=zone, number=number)
    Move.objects.filter(hotspot=hotspot).delete()
    Phase.objects.filter(hotspot=hotspot).delete()
    move = services.draw_up(hotspot=hotspot, target="clear", actor="a test", on=DAY)
    Move.objects.filter(pk=move.pk).update(state=state)
    return Move.objects.get(pk=move.pk)


def complete(move: Move) -> Move:
    answers = {item.code: SEEN for item in move.items.all()}
    return services.write(move=move, answers=answers, revision=move.revision, actor="a test")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_takes_exactly_the_steps_of_the_table(
    town: Zone, client_for: Callable[[str], Client], role: str
) -> None:
    client = client_for(role)
    given = {"starts_on": "2025-11-03", "exception": "Urgent.", "comment": "Because."}
    for state in Move.State:
        for step in rules.STEPS:
            move = brought_to(town, state)
            answer = client.post(f"/west/phases/1/moves/{move.pk}/step/{step.code}/", given)
            holds = bool(ROLES[role].permissions & step.by)
            expected = (
                404 if role in SEES_NOTHING else 403 if not holds else 302 if state in step.sources else 422
            )
            assert answer.status_code == expected, (role, state, step.code)
            move.refresh_from_db()
            assert move.state == (step.target if expected == 302 else state), (role, state, step.code)


@pytest.mark.parametrize("step", rules.STEPS, ids=lambda step: step.code)
def test_own_hotspots_and_own_communes_only(
    town: Zone, client_for: Callable[[str], Client], step: rules.Step
) -> None:
    move = brought_to(town, step.sources[0], number=4)
    address = f"/west/phases/4/moves/{move.pk}/step/{step.code}/"
    assert client_for("hotspot_manager").post(address, {"comment": "x"}).status_code == 403
    assert client_for("division_head").post(address, {"comment": "x"}).status_code == 404
    move.refresh_from_db()
    assert move.state == step.sources[0]


def test_a_move_is_refused_with_a_comment_only(town: Zone) -> None:
    move = brought_to(town, "asked")
    with pytest.raises(ValidationError, match="few words"):
        services.take(move=move, code="refuse", actor="a test", on=DAY, comment="  ")
    services.take(move=move, code="refuse", actor="a test", on=DAY, comment="Too early.")
    assert move.steps.get(code="refuse").comment == "Too early."


def test_the_reference_of_a_decision_names_nobody(db: None) -> None:
    form = GrantForm({"starts_on": DAY, "reference": "Bel 0470 12 34 56"}, complete=True, today=DAY)
    assert "reference" in form.errors
    assert GrantForm({"starts_on": DAY, "reference": "12/2025"}, complete=True, today=DAY).is_valid()


def test_granting_closes_the_open_phase_and_opens_the_next(town: Zone) -> None:
    hotspot = in_phase(town, "clear")
    move = complete(services.draw_up(hotspot=hotspot, target="hold", actor="a test", on=DAY))
    services.take(move=move, code="ask", actor="a test", on=DAY)
    services.take(move=move, code="grant", actor="a test", on=DAY, reference="12/2025")
    before, after = hotspot.phases.order_by("started_on")
    assert (before.kind, before.ended_on) == ("clear", DAY)
    assert (after.kind, after.started_on, after.ended_on) == ("hold", DAY, None)
    assert (after.decided_by, after.decision_reference) == ("zone direction", "12/2025")
    told = Record.objects.filter(object_type="phases.move").order_by("number")
    assert [entry.details["event"] for entry in told] == [
        "move drawn up", "checklist written", "move passed on", "move passed on",
    ]  # fmt: skip


def test_a_gate_with_items_missing_opens_with_a_reason_that_is_kept(town: Zone) -> None:
    move = brought_to(town, "asked")
    with pytest.raises(ValidationError, match="Items are missing"):
        services.take(move=move, code="grant", actor="a test", on=DAY)
    services.take(move=move, code="grant", actor="a test", on=DAY, exception="The bridge closes on Monday.")
    move.refresh_from_db()
    assert move.exception == "The bridge closes on Monday."
    assert Record.objects.order_by("-number")[0].details["missing"] == ["threat", "impact", "hold_plan"]


def test_a_move_that_was_overtaken_is_not_granted(town: Zone) -> None:
    move = brought_to(town, "asked")
    in_phase(town, "hold")
    with pytest.raises(ValidationError, match="passed to another phase"):
        services.take(move=move, code="grant", actor="a test", on=DAY, exception="Urgent.")
    move.refresh_from_db()
    assert (move.state, move.exception) == ("asked", "")


def test_one_open_move_a_hotspot(town: Zone) -> None:
    move = brought_to(town, "draft")
    with pytest.raises(ValidationError, match="still open"):
        services.draw_up(hotspot=move.hotspot, target="clear", actor="a test", on=DAY)


@pytest.mark.parametrize("source", PHASES)
@pytest.mark.parametrize("target", Phase.Kind.values)
def test_moves_follow_the_table_of_phases_each_with_its_gate(town: Zone, source: str, target: str) -> None:
    hotspot = in_phase(town, source) if source else Hotspot.objects.get(zone=town, number=1)
    if target not in PHASES[source]:
        with pytest.raises(ValidationError):
            services.draw_up(hotspot=hotspot, target=target, actor="a test", on=DAY)
        return
    move = services.draw_up(hotspot=hotspot, target=target, actor="a test", on=DAY)
    back = (source, target) in {("hold", "clear"), ("build", "hold"), ("ordinary", "build")}
    gate = rules.GATES["back" if back else target]
    assert [item.code for item in move.items.all()] == [item.code for item in gate.items]


def test_a_text_that_may_name_a_person_is_kept_only_when_vouched_for(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    move = brought_to(town, "draft")
    data = {
        "revision": "0", "threat-done": "on", "threat-evidence": "A car 1-ABC-123 stood there.",
        "threat-nature": "fact", "threat-reliability": "probable",
    }  # fmt: skip
    client, address = client_for("hotspot_manager"), f"/west/phases/1/moves/{move.pk}/checklist/"
    warned = client.post(address, data)
    assert warned.status_code == 422
    assert "1-ABC-123" in warned.context["warning"]["lines"][0]
    assert not Item.objects.exclude(evidence="").exists()
    data["vouched"] = warned.context["warning"]["fingerprint"]
    assert client.post(address, data).status_code == 302
    assert move.items.get(code="threat").done
    events = [entry.details.get("event") for entry in Record.objects.filter(object_type="phases.move")]
    assert "warning of personal data set aside" in events


@pytest.mark.parametrize("lacking", ["evidence", "nature", "reliability"])
def test_what_is_done_says_what_shows_it_and_how_sure_that_is(
    town: Zone, client_for: Callable[[str], Client], lacking: str
) -> None:
    move = brought_to(town, "draft")
    data = {"revision": "0", "threat-done": "on", "threat-evidence": "x", "threat-nature": "fact",
            "threat-reliability": "probable"}  # fmt: skip
    data[f"threat-{lacking}"] = ""
    answer = client_for("analyst").post(f"/west/phases/1/moves/{move.pk}/checklist/", data)
    assert answer.status_code == 422
    assert f"threat-{lacking}" in answer.context["form"].errors


def test_two_people_do_not_write_over_each_other(town: Zone, client_for: Callable[[str], Client]) -> None:
    move = brought_to(town, "draft")
    complete(move)
    answer = client_for("analyst").post(f"/west/phases/1/moves/{move.pk}/checklist/", {"revision": "0"})
    assert answer.status_code == 422
    assert move.items.get(code="impact").evidence == SEEN.evidence


def test_a_move_that_was_asked_waits_for_the_direction(town: Zone, other_zone: Zone) -> None:
    assert queries.waiting(town) == []
    move = complete(brought_to(town, "draft"))
    assert queries.waiting(town) == []
    services.take(move=move, code="ask", actor="a test", on=DAY - timedelta(days=2))
    (waits,) = queries.waiting(town)
    assert (waits.title, waits.hotspot, waits.since) == (
        "Pass to Clear",
        move.hotspot,
        DAY - timedelta(days=2),
    )
    assert waits.url == "/west/phases/1/"
    assert waits.why == "3 of 3 items of the checklist are done."
    assert queries.waiting(other_zone) == []


def test_the_zone_says_how_many_stable_months_it_asks_for(
    town: Zone, other_zone: Zone, client_for: Callable[[str], Client]
) -> None:
    assert client_for("direction").post("/west/phases/setting/", {"stable_months": "9"}).status_code == 302
    assert (queries.stable_months(town), queries.stable_months(other_zone)) == (9, 6)
    assert client_for("direction").post("/west/phases/setting/", {"stable_months": "0"}).status_code == 422


def test_diagram_and_gates_in_the_docs_are_the_tables() -> None:
    told = DOCS.read_text(encoding="utf-8")
    assert rules.diagram() in told
    assert rules.checklists() in told

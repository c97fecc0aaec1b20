"""Yearly evaluations: worked out, written, asked, decided and frozen; a hotspot that is closed leaves the lists."""

from collections.abc import Callable
from datetime import date
from typing import Any

import action_stories
import hotspot_places
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from vicus import documents
from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.actions.models import Action
from vicus.web.audit.texts import Met, Suspected
from vicus.web.decisions import waiting
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import pass_to_phase
from vicus.web.phases import services as phases
from vicus.web.plans import evaluating, papers, rules
from vicus.web.plans.models import Evaluation, Plan
from vicus.web.zone.models import Area, Membership, Zone

DAY = date(2025, 11, 10)
TOLD = {"worked": {"text": "Short visits.", "nature": "assessment", "reliability": "probable"}}
DECIDED = {"decision": "keep", "reason": "It holds."}


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Zone:
    """Division head and mayor's office have the first commune; hotspot 4 lies in the other."""
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    for role in ("division_head", "mayor"):
        Membership.objects.get(user=users[role]).areas.set([Area.objects.get(code="C1")])
    return zone


def begun(zone: Zone, number: int = 1, year: int = 2025) -> Evaluation:
    hotspot = Hotspot.objects.get(zone=zone, number=number)
    found = evaluating.begin(zone=zone, year=year, hotspot=hotspot, actor="a test", on=DAY)
    return evaluating.write(evaluation=found, words=TOLD, revision=0, actor="a test")


def asked(zone: Zone, number: int = 1) -> Evaluation:
    return evaluating.take(evaluation=begun(zone, number), code="ask", actor="a test", on=DAY)


def decided(zone: Zone, number: int = 1, decision: str = "keep") -> Evaluation:
    told = {"decision": decision, "reason": "It holds."}
    return evaluating.take(evaluation=asked(zone, number), code="decide", actor="a test", on=DAY, **told)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_takes_exactly_the_steps_of_the_table(
    zone: Zone, users: dict[str, User], client_for: Callable[[str], Client], role: str
) -> None:
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Membership.objects.get(user=users["division_head"]).areas.set([Area.objects.get(code="C1")])
    client, given = client_for(role), {"comment": "Why?", **DECIDED}
    for state in (Evaluation.State.DRAFT, Evaluation.State.ASKED, Evaluation.State.DECIDED):
        for step in rules.STEPS:
            Evaluation.objects.all().delete()
            found = {"draft": begun, "asked": asked, "decided": decided}[state](zone)
            answer = client.post(f"/west/plan/evaluations/{found.pk}/step/{step.code}/", given)
            reads = role in {"hotspot_manager", "analyst", "division_head", "direction"}
            may = step.by in ROLES[role].permissions
            expected = 404 if not reads else 403 if not may else 302 if state in step.sources else 422
            assert answer.status_code == expected, (role, state, step.code)
            found.refresh_from_db()
            assert found.state == (step.target if expected == 302 else state), (role, state, step.code)


def test_own_communes_only_and_the_mayor_reads_what_is_decided(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    here, there = begun(town), begun(town, 4)
    mayor, head = client_for("mayor"), client_for("division_head")
    assert head.get(f"/west/plan/evaluations/{here.pk}/").status_code == 200
    assert head.get(f"/west/plan/evaluations/{there.pk}/").status_code == 404
    assert mayor.get(f"/west/plan/evaluations/{here.pk}/").status_code == 404
    for one in (here, there):
        evaluating.take(evaluation=one, code="ask", actor="a test", on=DAY)
        evaluating.take(evaluation=one, code="decide", actor="a test", on=DAY, **DECIDED)
    assert mayor.get(f"/west/plan/evaluations/{here.pk}/").status_code == 200
    assert mayor.get(f"/west/plan/evaluations/{there.pk}/").status_code == 404
    listed = mayor.get("/west/plan/evaluations/").content.decode()
    assert "Canal" in listed
    assert "Marché" not in listed


def test_what_is_decided_is_frozen_and_draws_the_same_bytes(town: Zone) -> None:
    found = decided(town)
    assert found.figures is not None
    assert found.figures["facts"]["after"] > 60
    assert found.perimeter is not None
    assert (found.data_version, found.perimeter.version) == (1, 1)
    assert found.software
    before = documents.FORMATS["pdf"](papers.yearly(Evaluation.objects.get(pk=found.pk), "nl"))
    hotspot = Hotspot.objects.get(number=1)
    Hotspot.objects.filter(pk=hotspot.pk).update(names={"fr": "Renamed"})
    action_stories.begin(town, on=date(2025, 2, 1))
    pass_to_phase(hotspot=hotspot, kind="clear", started_on=date(2025, 3, 1), decided_by="x", actor="a test")
    assert documents.FORMATS["pdf"](papers.yearly(Evaluation.objects.get(pk=found.pk), "nl")) == before


def test_the_figures_of_a_draft_follow_the_system(town: Zone) -> None:
    found = begun(town)
    assert not papers.report(found).figures["actions"]
    action = action_stories.begin(town, on=date(2025, 7, 1))
    action_stories.visit(
        action, started_at=hotspot_places.datetime(2025, 7, 2, 18, tzinfo=hotspot_places.UTC)
    )
    (told,) = papers.report(found).figures["actions"]
    assert (told["delivered"], told["verdict"]) == (20, "")
    assert told["planned"] is not None
    assert told["planned"] > 1000
    side = papers.report(found).figures["side"]
    assert side == {"assessments": 0, "complaints": None, "identity_checks": None, "perception": ""}


def test_words_carry_fact_or_assessment_and_are_read_for_persons(town: Zone) -> None:
    found = begun(town)
    with pytest.raises(ValidationError, match="fact or assessment"):
        evaluating.write(
            evaluation=found, words={"next": {"text": "More light."}}, revision=1, actor="a test"
        )
    named = {"next": {**TOLD["worked"], "text": "Bel 0470 12 34 56"}}
    with pytest.raises(Suspected):
        evaluating.write(evaluation=found, words=named, revision=1, actor="a test")
    with pytest.raises(Met):
        evaluating.write(evaluation=found, words=TOLD, revision=0, actor="a test")


def test_nothing_is_decided_without_words_and_reason(town: Zone) -> None:
    hotspot = Hotspot.objects.get(number=1)
    empty = evaluating.begin(zone=town, year=2024, hotspot=hotspot, actor="a test", on=DAY)
    with pytest.raises(ValidationError, match="Write what worked"):
        evaluating.take(evaluation=empty, code="ask", actor="a test", on=DAY)
    found = asked(town)
    with pytest.raises(ValidationError, match="why"):
        evaluating.take(evaluation=found, code="decide", actor="a test", on=DAY, decision="keep", reason=" ")
    with pytest.raises(ValidationError, match="Choose"):
        evaluating.take(evaluation=found, code="decide", actor="a test", on=DAY, decision="adapt", reason="x")


def test_closing_closes_the_hotspot_and_it_leaves_the_lists(
    town: Zone, users: dict[str, User], client_for: Callable[[str], Client]
) -> None:
    hotspot = Hotspot.objects.get(number=1)
    running, planned = action_stories.begin(town), action_stories.plan(town, title="Light")
    phases.draw_up(hotspot=hotspot, target="clear", actor="a test", on=DAY)
    found = decided(town, decision="close")
    hotspot.refresh_from_db()
    assert hotspot.status == "closed"
    assert hotspot.perimeters.get().valid_to == DAY
    assert hotspot.moves.get().state == "withdrawn"
    running.refresh_from_db()
    planned.refresh_from_db()
    assert (running.state, planned.state) == (Action.State.DONE, Action.State.DROPPED)
    with pytest.raises(ValidationError, match="closed"):
        action_stories.plan(town)
    with pytest.raises(ValidationError, match="closed"):
        phases.draw_up(hotspot=hotspot, target="clear", actor="a test", on=DAY)
    manager = client_for("hotspot_manager")
    for page in ("phases/", "perimeters/", "decisions/", "sheets/"):
        assert "Canal" not in manager.get(f"/west/{page}").content.decode(), page
    for role in ("hotspot_manager", "direction"):
        at = waiting.desk(users[role], "west")
        assert not [item for waits in waiting.of(at) for item in waits.items if item.hotspot == hotspot]
    # Its own page, and what was, stay readable.
    assert manager.get("/west/hotspots/1/").status_code == 200
    assert manager.get(f"/west/plan/evaluations/{found.pk}/").status_code == 200
    # The months before it was closed still tell it; the perimeter was then in force.
    assert "Canal" in manager.get("/west/?month=2025-10").content.decode()


def test_shrinking_leads_to_the_page_where_an_outline_is_proposed(town: Zone, analyst: Client) -> None:
    found = decided(town, decision="shrink")
    assert "/west/perimeters/1/draw/" in analyst.get(f"/west/plan/evaluations/{found.pk}/").content.decode()


def test_what_waits_for_the_direction(town: Zone, users: dict[str, User]) -> None:
    found = asked(town)

    def waits(role: str) -> list[Any]:
        kinds = waiting.of(waiting.desk(users[role], "west"))
        return [item for each in kinds if each.kind.code == "years" for item in each.items]

    (item,) = waits("direction")
    assert item.url == f"/west/plan/evaluations/{found.pk}/"
    assert not waits("analyst")


def test_the_plan_is_evaluated_with_its_hotspots(town: Zone, client_for: Callable[[str], Client]) -> None:
    decided(town, decision="shrink")
    plan = Plan.objects.create(zone=town, from_year=2025, to_year=2030, titles={"fr": "Plan", "nl": "Plan"})
    found = evaluating.begin(zone=town, year=2025, plan=plan, actor="a test", on=DAY)
    places = papers.report(found).figures["places"]
    assert [(one["number"], one["decision"]) for one in places][:2] == [(1, "shrink"), (2, "")]
    assert client_for("analyst").get(f"/west/plan/evaluations/{found.pk}/").status_code == 200
    # Of the whole zone: not for a role that is bound to a commune.
    assert client_for("division_head").get(f"/west/plan/evaluations/{found.pk}/").status_code == 404


def test_r07_a_file_asks_for_a_reason_and_carries_it(town: Zone, analyst: Client) -> None:
    address = f"/west/plan/evaluations/{decided(town).pk}/report.pdf"
    assert analyst.get(address).status_code == 403
    given = {"door_reason": "Council of the zone", "door_recipient": "The five mayors"}
    assert analyst.post(address, given).status_code == 302
    answer = analyst.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="2025-hotspot-01-')
    assert analyst.get(address).status_code == 403

"""The Zonal Security Plan: written, put in force, followed; who reads and writes what of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import hotspot_places
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.audit.models import Record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings.models import Commitment
from vicus.web.plans import indicators, queries, rules, services, years
from vicus.web.plans.models import Indicator, Objective, Plan, Priority
from vicus.web.sara.models import Problem
from vicus.web.zone.models import Area, Membership, Organisation, Zone

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "plan.md"
DAY = date(2025, 11, 10)
READ = {"hotspot_manager", "analyst", "direction"}
TITLES = {"fr": "Plan zonal", "nl": "Zonaal plan"}


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Zone:
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    for role in ("division_head", "mayor"):
        Membership.objects.get(user=users[role]).areas.set([Area.objects.get(code="C1")])
    return zone


def write(zone: Zone, *, first: int = 2025, state: str = "in_force") -> Plan:
    """A plan with one priority, one objective and one indicator of hotspot 1."""
    fields = {"titles": TITLES, "from_year": first, "to_year": first + 5}
    plan = services.write_plan(zone=zone, plan=None, fields=fields, revision=0, actor="a test")
    priority = part(plan, "priority", titles={"fr": "Vols", "nl": "Diefstal"}, words={})
    objective = part(
        priority, "objective", titles={"fr": "Moins", "nl": "Minder"}, owner=None, role="coordination"
    )
    part(
        objective, "indicator", titles={"fr": "Faits", "nl": "Feiten"}, code="facts", aim="less", target=90.0
    )
    if state == "in_force":
        services.take(plan=plan, code="adopt", actor="a test", on=DAY)
    return Plan.objects.get(pk=plan.pk)


def part(under: Any, kind: str, **fields: Any) -> Any:
    return services.write_part(kind=kind, under=under, fields=fields, revision=0, actor="a test")


def values(zone: Zone, year: int = 2025) -> list[Any]:
    plan = queries.plans(zone).get()
    return years.values(plan, list(zone.hotspots.prefetch_related("phases", "perimeters")), year)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_takes_exactly_the_steps_of_the_table(
    town: Zone, client_for: Callable[[str], Client], role: str
) -> None:
    client = client_for(role)
    for state in Plan.State:
        for step in rules.PLAN_STEPS:
            Plan.objects.all().delete()
            plan = write(town, state="draft")
            Plan.objects.filter(pk=plan.pk).update(state=state)
            answer = client.post(f"/west/plan/{plan.pk}/step/{step.code}/")
            # A division head bound to a commune reads the plan, which is of the whole zone.
            may = step.by in ROLES[role].permissions and role != "division_head"
            reads = role in READ | {"division_head"}
            expected = 404 if not reads else 403 if not may else 302 if state in step.sources else 422
            assert answer.status_code == expected, (role, state, step.code)
            plan.refresh_from_db()
            assert plan.state == (step.target if expected == 302 else state)


def test_a_plan_put_in_force_ends_the_one_before(town: Zone) -> None:
    before = write(town, first=2020)
    after = write(town)
    before.refresh_from_db()
    assert (before.state, after.state) == ("ended", "in_force")
    with pytest.raises(ValidationError, match="ended"):
        part(before, "priority", titles=TITLES, words={})


def test_two_who_write_at_once_are_told(town: Zone) -> None:
    plan = write(town)
    priority = plan.priorities.get()
    fields = {"titles": {"fr": "Autre", "nl": "Andere"}, "words": {}}
    services.write_part(kind="priority", part=priority, fields=fields, revision=1, actor="one")
    with pytest.raises(Met):
        services.write_part(kind="priority", part=priority, fields=fields, revision=1, actor="another")


def test_r17_words_of_a_plan_are_read_for_persons(town: Zone, analyst: Client) -> None:
    plan = write(town)
    with pytest.raises(Suspected):
        part(plan, "priority", titles={"fr": "Bel 0470 12 34 56", "nl": "x"}, words={})
    address = f"/west/plan/{plan.pk}/priority/new/{plan.pk}/"
    told = {
        "titles_fr": "Vols",
        "titles_nl": "Diefstal",
        "words_fr": "Les Marocains",
        "words_nl": "",
        "revision": 0,
    }
    answer = analyst.post(address, told)
    assert answer.status_code == 422
    assert Priority.objects.count() == 1
    vouched = answer.context["warning"]["fingerprint"]
    assert analyst.post(address, told | {"vouched": vouched}).status_code == 302
    assert Priority.objects.count() == 2


def test_facts_of_what_hangs_on_an_objective_also_by_a_problem(town: Zone) -> None:
    hotspot_places.facts(town)
    write(town)
    (nothing,) = values(town)
    assert nothing["value"] is None
    hotspot = Hotspot.objects.get(number=1)
    problem = Problem.objects.create(hotspot=hotspot, number=1, title="Thefts", pattern="Evenings")
    services.link(objective=Objective.objects.get(), problem=problem, actor="a test")
    (found,) = values(town)
    assert found["value"] is not None
    assert found["value"] > 50
    assert found["low"] < found["value"] < found["high"]


def test_r22_a_share_needs_ten(town: Zone) -> None:
    plan = write(town)
    owner = Organisation.objects.create(zone=town, code="c", names={"fr": "Commune"}, kind="commune")
    Indicator.objects.update(code="kept_on_time", aim="more")
    due = {"zone": town, "level": 2, "owner": owner, "made_on": date(2025, 1, 2)}
    for day in range(1, 10):
        Commitment.objects.create(
            title=f"{day}", due_on=date(2025, 3, day), state="kept", settled_on=date(2025, 3, 4), **due
        )
    (few,) = values(town)
    assert (few["value"], few["part"], few["whole"]) == (None, 6, 9)
    Commitment.objects.create(title="open", due_on=date(2025, 3, 20), **due)
    (enough,) = values(town)
    assert enough["value"] == 60.0
    assert 26 < enough["low"] < 27
    assert plan.state == "in_force"


def test_what_is_typed_carries_its_source(town: Zone, analyst: Client) -> None:
    plan, objective = write(town), Objective.objects.get()
    address = f"/west/plan/{plan.pk}/indicator/new/{objective.pk}/"
    told = {"titles_fr": "Lampes", "titles_nl": "Lampen", "aim": "more", "value_2025": "12", "revision": 0}
    answer = analyst.post(address, told)
    assert "source" in answer.context["form"].errors
    assert analyst.post(address, told | {"source": "Commune"}).status_code == 302
    typed = Indicator.objects.get(source="Commune")
    assert indicators.value_of(typed, years.basis_of(objective, [], town, 2025)).value == 12.0
    assert indicators.value_of(typed, years.basis_of(objective, [], town, 2026)).value is None


def test_what_hangs_on_the_plan_is_shown_as_far_as_the_reader_sees(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    plan, objective = write(town), Objective.objects.get()
    for number in (1, 4):
        services.link(objective=objective, hotspot=Hotspot.objects.get(number=number), actor="a test")
    page = client_for("division_head").get("/west/plan/").content.decode()
    assert "1 Canal" in page or "1 Canal nl" in page
    assert "Marché" not in page
    assert "outside what you may see" in page
    assert client_for("mayor").get("/west/plan/").status_code == 404
    # Adding leads through what the reader sees, too.
    link = objective.links.get(hotspot__number=4)
    assert (
        client_for("hotspot_manager").post(f"/west/plan/{plan.pk}/links/{link.pk}/take-off/").status_code
        == 403
    )
    assert client_for("analyst").post(f"/west/plan/{plan.pk}/links/{link.pk}/take-off/").status_code == 302
    last = Record.objects.filter(object_type="plans.objective").order_by("number").last()
    assert last is not None
    assert last.details["event"] == "link taken off"


def test_a_part_is_taken_out_after_asking_with_what_stands_under_it(town: Zone, analyst: Client) -> None:
    plan = write(town)
    address = f"/west/plan/{plan.pk}/priority/{Priority.objects.get().pk}/remove/"
    assert analyst.get(address).status_code == 200
    assert Priority.objects.count() == 1
    assert analyst.post(address).status_code == 302
    assert (Priority.objects.count(), Indicator.objects.count()) == (0, 0)


def test_the_diagrams_in_the_docs_are_drawn_from_the_tables() -> None:
    told = DOCS.read_text(encoding="utf-8")
    assert rules.diagram() in told
    assert rules.diagram(rules.PLAN_STEPS) in told

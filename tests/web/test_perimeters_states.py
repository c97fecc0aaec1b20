"""States of a proposal: every role, in every state, takes exactly the steps that the one table allows."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import hotspot_places
import matrix_perimeters
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.test import Client
from undoing import undone

from vicus.web.accounts.rules import ROLES
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.perimeters import queries, rules, services
from vicus.web.perimeters.models import Proposal
from vicus.web.zone.models import Zone

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "perimeters.md"
READERS = {"hotspot_manager", "analyst", "direction"}


@pytest.fixture
def waiting(zone: Zone) -> Proposal:
    """A proposal on hotspot 2 of a zone without facts."""
    matrix_perimeters.proposals(zone)
    return Proposal.objects.get(pk=72)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_takes_exactly_the_steps_of_the_table(
    waiting: Proposal, client_for: Callable[[str], Client], role: str
) -> None:
    client = client_for(role)
    for state in Proposal.State:
        for step in rules.STEPS:
            with undone():
                Proposal.objects.filter(pk=72).update(state=state, comment="so it was decided")
                answer = client.post(
                    f"/west/perimeters/proposals/72/step/{step.code}/", {"comment": "because"}
                )
                after = Proposal.objects.get(pk=72).state
            permitted = step.by in ROLES[role].permissions
            seen = role in READERS and (state != Proposal.State.DRAFT or role == "analyst")
            expected = permitted and state in step.sources
            code = 404 if not seen else 403 if not permitted else 302 if expected else 422
            assert answer.status_code == code, (role, state, step.code)
            assert after == (step.target if expected else state), (role, state, step.code)


@pytest.mark.parametrize("code", ["accept", "refuse"])
def test_a_decision_without_a_comment_is_not_taken(
    waiting: Proposal, client_for: Callable[[str], Client], code: str
) -> None:
    answer = client_for("direction").post(f"/west/perimeters/proposals/72/step/{code}/", {"comment": " "})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert Proposal.objects.get(pk=72).state == Proposal.State.PROPOSED


def test_accepting_makes_the_next_version_and_the_one_before_keeps_its_dates(
    waiting: Proposal, zone: Zone, client_for: Callable[[str], Client]
) -> None:
    before = Hotspot.objects.get(number=2).perimeters.get()
    client_for("direction").post(
        "/west/perimeters/proposals/72/step/accept/", {"comment": "yes", "decision_reference": "2026/7"}
    )
    old, new = Hotspot.objects.get(number=2).perimeters.order_by("version")
    assert (old.pk, old.valid_from, bytes(old.geometry)) == (
        before.pk,
        before.valid_from,
        bytes(before.geometry),
    )
    assert old.valid_to == new.valid_from == today(zone)
    assert new.shape.equals(waiting.shape)
    assert (new.decision_reference, new.purpose) == ("2026/7", "The stop moved.")
    assert new.entry_criteria["area_m2"] == 115_600.0
    assert Proposal.objects.get(pk=72).perimeter == new
    entry = Record.objects.filter(object_type="perimeters.proposal").order_by("-number")[0]
    assert entry.details["step"] == "accept"
    assert entry.details["state"] == "accepted"


def test_a_proposal_over_a_version_that_is_gone_is_not_accepted(waiting: Proposal, zone: Zone) -> None:
    hotspot_places.change_perimeter(
        hotspot=Hotspot.objects.get(number=2),
        geometry=shapely.box(*waiting.shape.buffer(5).bounds),
        decision=hotspot_places.Decision(decided_by="zone direction", valid_from=today(zone)),
        actor="tests",
    )
    with pytest.raises(ValidationError, match="Another version"):
        services.take(proposal=waiting, code="accept", actor="tests", on=today(zone), comment="yes")
    assert Hotspot.objects.get(number=2).perimeters.count() == 2


def test_an_accepted_new_hotspot_gets_the_next_number_and_its_sector(zone: Zone) -> None:
    matrix_perimeters.places(zone)
    west, south = hotspot_places.X + 2200, hotspot_places.Y + 1200
    proposal = services.draw(
        zone=zone, hotspot=None, geometry=shapely.box(west, south, west + 200, south + 200),
        evidence=matrix_perimeters.evidence(), actor="tests", on=today(zone), reason="A new stop.", name="Halte",
    )  # fmt: skip
    proposal = services.take(proposal=proposal, code="propose", actor="tests", on=today(zone))
    assert [one.title for one in queries.waiting_proposals(zone, today(zone))] == ["New hotspot: Halte"]
    proposal = services.take(proposal=proposal, code="accept", actor="tests", on=today(zone), comment="yes")
    hotspot = Hotspot.objects.get(zone=zone, number=5)
    assert proposal.hotspot == hotspot
    assert hotspot.sector is not None
    assert (hotspot.sector.code, hotspot.names["nl"]) == ("C2-1", "Halte")
    assert hotspot.perimeters.get().review_due > today(zone) + timedelta(days=360)


def test_the_diagram_in_the_docs_is_the_table() -> None:
    assert rules.diagram() in DOCS.read_text(encoding="utf-8")

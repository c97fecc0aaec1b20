"""States of a proposal: every role, in every state, takes exactly the steps that the one table allows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import hotspot_places
import matrix_perimeters
import pytest
import shapely
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
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


def municipal(zone: Zone, metres: float, **fields: Any) -> Proposal:
    """A municipal proposal on hotspot 2, which has a zonal version, that waits for a decision."""
    hotspot = Hotspot.objects.get(number=2)
    proposal = services.draw(
        zone=zone, hotspot=hotspot, geometry=shapely.box(*hotspot.perimeters.all()[0].shape.buffer(metres).bounds),
        evidence=matrix_perimeters.evidence(), actor="tests", on=today(zone), reason="An order.",
        designation="municipal", **fields,
    )  # fmt: skip
    return services.take(proposal=proposal, code="propose", actor="tests", on=today(zone))


def test_of_two_proposals_of_one_designation_the_second_is_refused(zone: Zone) -> None:
    matrix_perimeters.places(zone)
    first, second = municipal(zone, 10), municipal(zone, 20)
    services.take(proposal=first, code="accept", actor="tests", on=today(zone), comment="yes")
    with pytest.raises(ValidationError, match="Another version"):
        services.take(proposal=second, code="accept", actor="tests", on=today(zone), comment="yes")
    # One that is drawn now is drawn over the order, not over the zonal version.
    third = municipal(zone, 30)
    assert third.replaces is not None
    assert third.replaces.designation == "municipal"
    services.take(proposal=third, code="accept", actor="tests", on=today(zone), comment="yes")
    assert Hotspot.objects.get(number=2).perimeters.filter(valid_to=None).count() == 2


def test_a_version_that_ended_meanwhile_is_told_apart(zone: Zone) -> None:
    matrix_perimeters.places(zone)
    hotspot = Hotspot.objects.create(zone=zone, number=9)
    day, shape = (
        today(zone),
        shapely.box(hotspot_places.X, hotspot_places.Y, hotspot_places.X + 99, hotspot_places.Y + 99),
    )
    hotspot_places.change_perimeter(
        hotspot=hotspot, geometry=shape, actor="tests",
        decision=hotspot_places.Decision(
            decided_by="mayor", valid_from=day, order_reference="2026/1", ends_on=day, designation="municipal"
        ),
    )  # fmt: skip
    proposal = services.draw(
        zone=zone, hotspot=hotspot, geometry=shape.buffer(9), evidence=matrix_perimeters.evidence(), actor="tests",
        on=day, reason="Longer.", designation="municipal",
    )  # fmt: skip
    services.take(proposal=proposal, code="propose", actor="tests", on=day)
    with pytest.raises(ValidationError, match="no longer in force"):
        services.take(
            proposal=proposal, code="accept", actor="tests", on=day + timedelta(days=1), comment="yes"
        )


def test_a_draft_that_is_changed_is_drawn_over_the_version_in_force_by_then(zone: Zone) -> None:
    matrix_perimeters.proposals(zone)
    draft = Proposal.objects.get(pk=71)
    newer = hotspot_places.change_perimeter(
        hotspot=Hotspot.objects.get(number=1),
        geometry=draft.shape.buffer(5),
        decision=hotspot_places.Decision(decided_by="zone direction", valid_from=today(zone)),
        actor="tests",
    )
    draft = services.change(
        proposal=draft, geometry=draft.shape, evidence=draft.evidence, actor="tests", on=today(zone)
    )
    assert draft.replaces == newer
    services.take(proposal=draft, code="propose", actor="tests", on=today(zone))
    services.take(proposal=draft, code="accept", actor="tests", on=today(zone), comment="yes")
    assert Hotspot.objects.get(number=1).perimeters.count() == 3


def test_who_decided_is_kept_in_one_language_and_shown_in_the_reader_s(
    waiting: Proposal, zone: Zone, client_for: Callable[[str], Client]
) -> None:
    with translation.override("nl"):
        services.take(proposal=waiting, code="accept", actor="tests", on=today(zone), comment="ja")
    made = Hotspot.objects.get(number=2).perimeters.latest("version")
    assert (made.decided_by, made.origin) == ("zone direction", "accepted proposal")
    client = client_for("direction")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    page = client.get("/west/perimeters/2/").content.decode()
    assert "direction de la zone" in page
    assert "proposition acceptée" in page


def test_days_are_those_of_the_clock_of_the_zone(zone: Zone) -> None:
    late = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    assert Proposal(zone=zone, created_at=late).drawn_on == date(2026, 7, 15)


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

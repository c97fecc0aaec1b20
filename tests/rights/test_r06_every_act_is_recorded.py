"""R06: collection, change, consultation, disclosure … are logged; the log is append-only and for auditors only."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.audit import door, queries
from vicus.web.audit.models import Action, Record
from vicus.web.audit.services import verify
from vicus.web.zone import services
from vicus.web.zone.models import Membership, Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone(db: None) -> Zone:
    return services.create_zone(actor="a test", slug="west", names={"fr": "Ouest"})


def member(zone: Zone, role: str) -> User:
    user = User.objects.create_user(role, name=role)
    Membership.objects.create(user=user, zone=zone, role=role)
    return user


def test_the_six_acts_of_the_directive_are_there() -> None:
    directive = {"collection", "change", "consultation", "disclosure", "combination", "erasure"}
    assert directive <= set(Action.values)


def test_making_a_zone_and_giving_a_role_are_recorded(zone: Zone) -> None:
    services.assign_role(actor="a test", zone=zone, user=member(zone, "partner"), role="planner")
    assert list(Record.objects.order_by("number").values_list("action", "object_type", "zone")) == [
        ("collection", "zone.zone", "west"),
        ("change", "zone.membership", "west"),
    ]
    assert verify().whole


@pytest.mark.parametrize("action", [Action.CONSULTATION, Action.DISCLOSURE])
def test_consultation_and_disclosure_carry_reason_time_user_and_recipient(zone: Zone, action: Action) -> None:
    grant = door.grant(
        actor=member(zone, "analyst"), what=door.Restricted("facts.points", "hotspot 1"), zone=zone,
        action=action, reason="Meeting of the platform", recipient="Commune of Jette",
    )  # fmt: skip
    entry = Record.objects.get(number=grant.record_number)
    assert entry.action == action
    assert entry.reason == "Meeting of the platform"
    assert entry.recipient == "Commune of Jette"
    assert (entry.role, entry.zone, entry.object_id) == ("analyst", "west", "hotspot 1")
    assert entry.at is not None


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"auditor"}))
def test_no_role_but_the_auditor_reads_the_log(zone: Zone, role: str) -> None:
    with pytest.raises(Http404):
        queries.trail(member(zone, role))


def test_an_auditor_reads_own_zones_only(zone: Zone) -> None:
    services.create_zone(actor="a test", slug="east", names={"fr": "Est"})
    assert set(queries.trail(member(zone, "auditor")).values_list("zone", flat=True)) == {"west"}


def test_even_the_auditor_exports_only_with_a_grant(zone: Zone) -> None:
    with pytest.raises(PermissionDenied):
        queries.trail_to_export(member(zone, "auditor"), grant=None)  # type: ignore[arg-type]

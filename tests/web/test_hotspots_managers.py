"""Who looks after which hotspot: said by the direction and the division head, and kept in the audit trail."""

from collections.abc import Callable
from typing import Any

import hotspot_places
import pytest
from django.test import Client
from typer.testing import CliRunner

from vicus.cli.app import load
from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Area, Membership, Zone

ADDRESS = "/west/hotspots/managers/"
FACTS = "/west/hotspots/1/facts/"


@pytest.fixture
def direction(zone: Zone, client_for: Callable[[str], Client]) -> Client:
    hotspot_places.furnish(zone)
    return client_for("direction")


@pytest.fixture
def deputy(zone: Zone, make_user: Callable[..., User]) -> User:
    return make_user("hotspot_manager", zone, username="deputy")


def seen_now(client: Client) -> dict[str, Any]:
    """The form as a browser would send it back untouched."""
    fields = client.get(ADDRESS).context["form"]
    shown = {name: field.value() or "" for name, field in ((field.name, field) for field in fields)}
    return shown | {f"initial-{name}": value for name, value in shown.items()}


def test_a_manager_and_a_deputy_are_chosen_and_then_open_the_facts(
    direction: Client, users: dict[str, User], deputy: User, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(deputy).get(FACTS).status_code == 404
    form = seen_now(direction) | {"manager_1": users["hotspot_manager"].pk, "deputy_1": deputy.pk}
    assert direction.post(ADDRESS, form).status_code == 302
    hotspot = Hotspot.objects.get(number=1)
    assert (hotspot.manager, hotspot.deputy) == (users["hotspot_manager"], deputy)
    assert sign_in(deputy).get(FACTS).status_code == 403, "the door asks for a reason"
    (entry,) = Record.objects.filter(object_type="hotspots.hotspot")
    assert (entry.action, entry.object_id, entry.role) == ("change", "1", "direction")
    assert entry.details == {
        "event": "manager assigned", "manager": "hotspot_manager", "deputy": "deputy", "before": ["", ""],
    }  # fmt: skip


def test_nobody_is_a_choice_too(direction: Client, users: dict[str, User]) -> None:
    Hotspot.objects.filter(number=2).update(manager=users["hotspot_manager"])
    direction.post(ADDRESS, seen_now(direction) | {"manager_2": ""})
    assert Hotspot.objects.get(number=2).manager is None
    assert Record.objects.get(object_type="hotspots.hotspot").details["before"] == ["hotspot_manager", ""]


def test_an_old_page_undoes_nothing_that_was_chosen_meanwhile(
    direction: Client, users: dict[str, User], deputy: User
) -> None:
    old = seen_now(direction)
    Hotspot.objects.filter(number=3).update(manager=deputy)
    direction.post(ADDRESS, old | {"manager_1": users["hotspot_manager"].pk})
    assert Hotspot.objects.get(number=3).manager == deputy
    assert Record.objects.filter(object_type="hotspots.hotspot").count() == 1


def test_one_person_does_not_hold_both_posts(direction: Client, deputy: User) -> None:
    Hotspot.objects.filter(number=1).update(manager=deputy)
    answer = direction.post(ADDRESS, seen_now(direction) | {"deputy_1": deputy.pk})
    assert answer.status_code == 422
    assert "somebody else than the manager" in answer.content.decode()
    assert Hotspot.objects.get(number=1).deputy is None


@pytest.mark.parametrize("role", ["partner", "analyst"])
def test_only_hotspot_managers_of_the_zone_are_offered(
    direction: Client, users: dict[str, User], other_zone: Zone, make_user: Callable[..., User], role: str
) -> None:
    elsewhere = make_user("hotspot_manager", other_zone, username="elsewhere")
    for wrong in (users[role].pk, elsewhere.pk, 999_999, "x"):
        assert direction.post(ADDRESS, seen_now(direction) | {"manager_1": wrong}).status_code == 422
    assert not Hotspot.objects.exclude(manager=None).exists()


def test_a_division_head_assigns_in_own_communes_only(
    direction: Client, users: dict[str, User], client_for: Callable[[str], Client]
) -> None:
    head, manager = client_for("division_head"), users["hotspot_manager"]
    Membership.objects.get(user=users["division_head"]).areas.set([Area.objects.get(code="C2")])
    page = head.get(ADDRESS).content.decode()
    assert "Marché" in page
    assert "Canal" not in page
    head.post(ADDRESS, {"manager_1": manager.pk, "manager_4": manager.pk})
    assert [hotspot.number for hotspot in Hotspot.objects.filter(manager=manager)] == [4]


def test_the_list_leads_there_for_those_who_may(direction: Client, analyst: Client) -> None:
    assert ADDRESS in direction.get("/west/hotspots/").content.decode()
    assert ADDRESS not in analyst.get("/west/hotspots/").content.decode()


def test_a_command_assigns_too_and_refuses_whoever_is_no_hotspot_manager(
    direction: Client, users: dict[str, User]
) -> None:
    def vicus(*words: str) -> Any:
        return CliRunner().invoke(load(), ["hotspots", "assign", *words])

    said = vicus("1", "--manager", "hotspot_manager")
    assert (said.exit_code, said.output.strip()) == (0, "1 Canal: manager Hotspot_Manager, deputy nobody")
    assert "Hotspot managers: hotspot_manager" in str(vicus("1", "--deputy", "partner").exception)
    assert "no hotspot 99" in str(vicus("99").exception)
    assert Hotspot.objects.get(number=1).manager == users["hotspot_manager"]
    vicus("1", "--manager", "")
    assert Hotspot.objects.get(number=1).manager is None
    entries = Record.objects.filter(object_type="hotspots.hotspot")
    assert [entry.actor.split(" (")[0] for entry in entries] == ["command line"] * 2

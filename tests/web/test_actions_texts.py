"""R17: what is typed about an action is read for persons and special categories before it is kept."""

from collections.abc import Callable

import hotspot_places
import pytest
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.actions.models import Action
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone

FORM = {
    "title": "Evening presence", "kind": "social", "lead": "Police zone", "objective": "A quarter fewer",
    "mechanism": "Help for drug addicts in the square", "starts_on": "2027-01-04", "ends_on": "2027-04-30",
}  # fmt: skip


@pytest.fixture
def manager(zone: Zone, users: dict[str, User], client_for: Callable[[str], Client]) -> Client:
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    FORM["hotspot"] = str(Hotspot.objects.get(zone=zone, number=1).pk)
    return client_for("hotspot_manager")


def vouchers() -> list[list[str]]:
    told = Record.objects.filter(object_type="actions.action").order_by("number")
    event = "warning of personal data set aside"
    return [one.details["kinds"] for one in told if one.details.get("event") == event]


def test_a_special_category_is_warned_about_and_kept_when_vouched_for(manager: Client) -> None:
    answer = manager.post("/west/actions/new/", FORM)
    assert answer.status_code == 422
    warning = answer.context["form"].warning
    assert warning["lines"] == ["drug addicts"]
    assert f'name="vouched" value="{warning["fingerprint"]}"' in answer.content.decode()
    assert not Action.objects.exists()
    # What was vouched for is this text and no other.
    other = FORM | {"problem": "Les Marocains", "vouched": warning["fingerprint"]}
    assert manager.post("/west/actions/new/", other).status_code == 422
    assert manager.post("/west/actions/new/", FORM | {"vouched": warning["fingerprint"]}).status_code == 302
    assert vouchers() == [["health"]]


def test_a_number_that_names_somebody_is_refused_all_the_same(manager: Client) -> None:
    answer = manager.post("/west/actions/new/", FORM | {"mechanism": "Bel 0470 12 34 56"})
    assert "mechanism" in answer.context["form"].errors


def test_a_calm_plan_asks_nothing(manager: Client) -> None:
    assert manager.post("/west/actions/new/", FORM | {"mechanism": "Being seen"}).status_code == 302
    assert vouchers() == []


def test_the_note_of_a_step_is_warned_about_too(manager: Client) -> None:
    manager.post("/west/actions/new/", FORM | {"mechanism": "Being seen"})
    address = f"/west/actions/{Action.objects.get().pk}/step/drop/"
    note = {"note": "The psychiatric service withdrew."}
    answer = manager.post(address, note)
    assert answer.status_code == 422
    warned = note | {"vouched": answer.context["form"].warning["fingerprint"]}
    assert manager.post(address, warned).status_code == 302
    assert vouchers() == [["health"]]

"""A promise of a sheet becomes an action, and the review of the next month shows what became of that action."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import action_stories
import hotspot_places
import pytest
import sheets
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.actions.models import Action
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import services
from vicus.web.sara.models import Promise
from vicus.web.zone.models import Zone

SEPTEMBER, OCTOBER = date(2025, 9, 1), date(2025, 10, 1)
TOWARDS = "/west/sheets/1/2025-09/promise/{}/action/"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def promise(zone: Zone, users: dict[str, User]) -> Promise:
    hotspot_places.furnish(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    sheet = sheets.draft(Hotspot.objects.get(zone=zone, number=1), SEPTEMBER)
    return Promise.objects.create(
        sheet=sheet, title="Presence at the school gate", objective="Half as many thefts by spring",
        mechanism="Adults who know the pupils", expected="Six fewer a month", lead="Community wardens",
        due=date(2026, 3, 31),
    )  # fmt: skip


def test_a_promise_becomes_an_action_that_says_what_it_said(
    hotspot_manager: Client, promise: Promise
) -> None:
    address = TOWARDS.format(promise.pk)
    assert address in hotspot_manager.get("/west/sheets/1/2025-09/").content.decode()
    form = hotspot_manager.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    assert filled["title"] == promise.title
    assert filled["objective"] == "Half as many thefts by spring\nExpected: Six fewer a month"
    assert (filled["lead"], filled["ends_on"]) == ("Community wardens", promise.due)
    sent = {name: value for name, value in filled.items() if value not in (None, "", [])}
    answer = hotspot_manager.post(address, {**sent, "kind": "prevention"})
    action = Action.objects.get()
    assert answer["Location"] == f"/west/actions/{action.pk}/"
    assert Promise.objects.get().action == action
    assert action.design.figures, "its design is worked out as for any action"
    kept = Record.objects.filter(object_type="sara.sheet").latest("number").details
    assert (kept["event"], kept["planned"]) == ("promise linked to an action", action.pk)


def test_a_promise_sent_twice_becomes_one_action(hotspot_manager: Client, promise: Promise) -> None:
    address = TOWARDS.format(promise.pk)
    form = hotspot_manager.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in filled.items() if value not in (None, "", [])}
    sent["kind"] = "prevention"
    first, second = (hotspot_manager.post(address, sent)["Location"] for _time in range(2))
    assert first == second == f"/west/actions/{Action.objects.get().pk}/"
    page = hotspot_manager.get(address).content.decode()
    assert 'name="link"' in page
    assert 'name="title"' not in page, "what has its action is linked to another, not made again"


def test_the_next_review_shows_state_and_dose_of_the_action(
    hotspot_manager: Client, promise: Promise, zone: Zone
) -> None:
    action = action_stories.begin(zone, 1, on=date(2025, 10, 6), ends_on=date(2026, 3, 31))
    for month, day in ((10, 7), (10, 14), (11, 4)):
        action_stories.visit(action, started_at=datetime(2025, month, day, 16, tzinfo=UTC), minutes=30)
    page = "/west/sheets/1/2025-10/"

    def review() -> dict[str, Any]:
        parts = hotspot_manager.get(page).context["parts"]
        found: dict[str, Any] = next(part for part in parts if part.section.key == "promises").items[0]
        return found

    assert set(review()["action"]) == {"change_url"}
    assert hotspot_manager.post(TOWARDS.format(promise.pk), {"link": action.pk}).status_code == 302
    shown = review()
    assert (shown["action"]["title"], shown["action"]["state"]) == ("Evening presence", "running")
    assert "60 min delivered of" in shown["action"]["dose"]
    assert "in 2 visits" in shown["action"]["dose"]
    assert shown["form"]["dose"].value() == shown["action"]["dose"][:200]
    assert hotspot_manager.post(TOWARDS.format(promise.pk), {"link": ""}).status_code == 302
    assert Promise.objects.get().action is None


def test_a_promise_is_kept_by_an_action_of_its_own_hotspot(
    hotspot_manager: Client, promise: Promise, zone: Zone
) -> None:
    elsewhere = action_stories.plan(zone, 2)
    assert hotspot_manager.post(TOWARDS.format(promise.pk), {"link": elsewhere.pk}).status_code == 404
    with pytest.raises(ValidationError, match="own hotspot"):
        services.link(promise=promise, action=elsewhere, actor="a test")


def test_a_division_head_reads_the_link_and_does_not_change_it(
    client_for: Callable[[str], Client], users: dict[str, User], promise: Promise, zone: Zone
) -> None:
    membership = zone.memberships.get(user=users["division_head"])
    membership.areas.set([zone.areas.get(kind="commune", code="C1")])
    services.link(promise=promise, action=action_stories.plan(zone, 1), actor="a test")
    division_head = client_for("division_head")
    page = division_head.get("/west/sheets/1/2025-09/").content.decode()
    assert "Evening presence" in page
    assert TOWARDS.format(promise.pk) not in page
    assert division_head.get(TOWARDS.format(promise.pk)).status_code == 403

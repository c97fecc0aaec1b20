"""Visits: one tap, once; planned beside delivered; files line by line; never a person."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import action_stories
import hotspot_places
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.actions import doses
from vicus.web.actions.models import Action, Visit
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def action(zone: Zone, users: dict[str, User]) -> Action:
    """Running for two weeks: 3 visits of 30 minutes, Friday and Saturday from 18:00 past midnight to 2:00."""
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    return action_stories.begin(
        zone, on=date(2025, 10, 20), days=[4, 5], from_hour=18, to_hour=2, ends_on=date(2026, 3, 1)
    )


@pytest.fixture
def send(action: Action, hotspot_manager: Client) -> Callable[..., Any]:
    def send(**told: str) -> Any:
        form = {"key": str(uuid.uuid4()), "unit": "bicycle", "minutes": "30", **told}
        return hotspot_manager.post(
            f"/west/actions/{action.pk}/visits/", form, headers={"accept": "application/json"}
        )

    return send


def test_one_tap_is_one_visit_however_often_it_is_sent(send: Callable[..., Any]) -> None:
    key = str(uuid.uuid4())
    assert send(key=key).json() == {"noted": True, "new": True}
    assert send(key=key).json() == {"noted": True, "new": False}
    visit = Visit.objects.get()
    assert visit.started_at == datetime(2025, 11, 6, 8, 30, tzinfo=UTC), (
        "it ended when the button was pressed"
    )
    assert Record.objects.filter(object_type="actions.visit").count() == 1


def test_what_waited_in_the_browser_keeps_its_moment(send: Callable[..., Any]) -> None:
    assert send(started_at="2025-11-05T20:10:00.000Z", source="queue").status_code == 200
    visit = Visit.objects.get()
    assert (visit.started_at, visit.source) == (datetime(2025, 11, 5, 20, 10, tzinfo=UTC), "queue")


def test_the_clock_of_the_form_is_that_of_the_zone(send: Callable[..., Any]) -> None:
    assert send(started_at="2025-11-05T20:10").status_code == 200
    assert Visit.objects.get().started_at == datetime(2025, 11, 5, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"started_at": "2025-11-06T11:00:00Z"}, "still to come"),
        ({"started_at": "2025-10-10T11:00:00Z"}, "before the action began"),
        ({"started_at": "2025-08-10T11:00:00Z"}, "too old"),
        ({"unit": "Inspector Janssens"}, "not one of the available choices"),
        ({"observation": "call 0475 12 34 56"}, "0475 12 34 56"),
        ({"observation": "seen 1-ABC-123 again"}, "1-ABC-123"),
        ({"minutes": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_a_visit_is_refused_and_says_why(
    send: Callable[..., Any], told: dict[str, str], why: str
) -> None:
    answer = send(**told)
    assert answer.status_code == 422
    assert why in " ".join(answer.json()["why"])
    assert not Visit.objects.exists()


def test_a_visit_that_runs_past_midnight_into_the_first_day_is_of_the_action(
    send: Callable[..., Any],
) -> None:
    # 23:50 to 0:20 of 20 October, on the zone's clock; the other ends at 23:40.
    assert send(started_at="2025-10-19T21:50:00Z").status_code == 200
    assert send(started_at="2025-10-19T21:10:00Z").status_code == 422


def test_the_phone_page_works_without_scripts(action: Action, hotspot_manager: Client) -> None:
    page = hotspot_manager.get("/west/actions/visits/")
    minutes, key = page.context["rows"][0]["taps"][1]
    form = {"key": str(key), "unit": "bicycle", "minutes": str(minutes), "from": "visits"}
    assert (
        hotspot_manager.post(f"/west/actions/{action.pk}/visits/", form)["Location"]
        == "/west/actions/visits/"
    )
    assert Visit.objects.get().minutes == 30


def test_a_visit_noted_by_mistake_is_taken_back(action: Action, hotspot_manager: Client) -> None:
    visit = action_stories.visit(action, started_at=datetime(2025, 10, 24, 17, tzinfo=UTC))
    hotspot_manager.post(f"/west/actions/{action.pk}/visits/{visit.pk}/remove/")
    assert not Visit.objects.exists()
    assert Record.objects.latest("number").action == "erasure"


def test_planned_and_delivered_stand_side_by_side_with_gaps(action: Action) -> None:
    for day, hour in ((24, 18), (25, 22), (26, 1)):
        action_stories.visit(
            action, started_at=datetime(2025, 10, day, hour, tzinfo=UTC) - timedelta(hours=1)
        )
    found = doses.dose(action, list(action.visits.all()), date(2025, 11, 9))
    assert (found.planned_minutes, found.delivered_minutes) == (3 * 3 * 30, 60)
    assert [(w.planned, w.delivered, w.visits) for w in found.weeks] == [(90, 60, 3), (90, 0, 0), (90, 0, 0)]
    assert found.behind
    assert [(gap.since, gap.days) for gap in found.gaps] == [(date(2025, 10, 26), 14)]


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2025-10-24T18:00", True),
        ("2025-10-24T17:59", False),
        ("2025-10-26T01:59", True),
        ("2025-10-24T01:00", False),
    ],
)
def test_a_window_past_midnight_belongs_to_the_evening_it_opens(
    action: Action, at: str, inside: bool
) -> None:
    assert doses.in_window(action, datetime.fromisoformat(at)) is inside


def file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("visits.csv", "\n".join(lines).encode())


def test_a_file_brings_visits_once_and_refuses_line_by_line(
    action: Action, zone: Zone, hotspot_manager: Client
) -> None:
    others = action_stories.begin(zone, 2, on=date(2025, 10, 20))
    lines = (
        "action;start;minutes;unit;remark",
        f"{action.pk};2025-10-24 18:30;25;bicycle;x",
        f"{action.pk};2025-10-25 18:30;25;nobody;x",
        f"{action.pk};yesterday;25;bicycle;x",
        f"{others.pk};2025-10-25 18:30;25;bicycle;x",
    )
    for added, there in ((1, 0), (0, 1)):
        answer = hotspot_manager.post("/west/actions/visits/import/", {"file": file(*lines)})
        found = answer.context["found"]
        assert found is not None, answer.context["form"].errors
        assert (found.added, found.there) == (added, there)
        assert [line for line, _why in found.refused] == [3, 4, 5]
    assert Visit.objects.get().started_at == datetime(2025, 10, 24, 16, 30, tzinfo=UTC)


def test_a_file_with_names_of_officers_is_refused_as_a_whole(action: Action, hotspot_manager: Client) -> None:
    lines = ("action,start,minutes,unit,naam", f"{action.pk},2025-10-24 18:30,25,bicycle,Janssens")
    answer = hotspot_manager.post("/west/actions/visits/import/", {"file": file(*lines)})
    assert answer.status_code == 422
    assert "naam" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_file_too_large_for_visits_is_not_even_stored(action: Action, hotspot_manager: Client) -> None:
    large = SimpleUploadedFile("visits.csv", b"x" * (4 * 1024**2))
    answer = hotspot_manager.post("/west/actions/visits/import/", {"file": large})
    assert (answer.status_code, bool(answer.wsgi_request.FILES)) == (422, False)

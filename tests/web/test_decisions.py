"""Pages for those who decide: what waits for whom, what differs, what moves, what may be taken away."""

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import action_stories
import hotspot_places
import pytest
import sheets
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from vicus.web.accounts.models import User
from vicus.web.actions import counting
from vicus.web.actions import services as actions
from vicus.web.audit.models import Record
from vicus.web.decisions import tasks, waiting
from vicus.web.hotspots.models import Hotspot
from vicus.web.phases.models import Move
from vicus.web.zone.models import Area, Membership, Zone

BASE = "/west/decisions/"
REASON = {"door_reason": "Preparing the monthly meeting", "door_recipient": "Own service"}
ClientFor = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def furnished(zone: Zone, users: dict[str, User]) -> Zone:
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    return zone


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def kinds(user: User) -> dict[str, int]:
    return {
        waits.kind.code: len(waits.items) for waits in waiting.of(waiting.desk(user, "west")) if waits.items
    }


def blocked(zone: Zone, number: int = 1) -> None:
    action = action_stories.plan(zone, number, ends_on=date(2026, 6, 30))
    actions.take(
        action=action, code="block", on=date(2025, 10, 1), hotspots=(), actor="a test", blocker="budget",
        note="No money before January",
    )  # fmt: skip


def test_each_role_finds_what_it_can_answer_and_nothing_else(
    furnished: Zone, users: dict[str, User], client_for: ClientFor
) -> None:
    blocked(furnished)
    move = Move.objects.create(
        hotspot=Hotspot.objects.get(number=2), target="clear", drawn_up_on=date(2025, 11, 1), state="asked",
        asked_on=date(2025, 11, 2),
    )  # fmt: skip
    assert move.pk
    of = {role: kinds(users[role]) for role in ("direction", "analyst", "hotspot_manager")}
    assert of["direction"] == {"moves": 1, "blocked": 1}
    assert of["analyst"] == {}
    assert of["hotspot_manager"] == {"write": 1, "blocked": 1}
    page = text(client_for("direction"), BASE)
    assert "2 things wait for you." in page
    assert "No money before January" in page
    assert "No proposal of a perimeter waits for a decision." in page
    assert "Sheets to validate" not in page
    assert "Nothing waits for you." in text(client_for("analyst"), BASE)


def test_reviews_and_their_lateness(furnished: Zone, users: dict[str, User], client_for: ClientFor) -> None:
    with time_machine.travel("2025-12-15T09:00:00Z", tick=False):
        assert kinds(users["direction"])["reviews"] == 4
        assert "by 31 December 2025" in text(client_for("direction"), BASE)
    with time_machine.travel("2026-01-02T09:00:00Z", tick=False):
        assert "overdue since 31 December 2025" in text(client_for("direction"), BASE)


def test_a_sheet_waits_for_the_head_of_its_own_commune(
    furnished: Zone, users: dict[str, User], client_for: ClientFor
) -> None:
    sheets.frozen(Hotspot.objects.get(number=1), date(2025, 10, 1), "submitted")
    head = Membership.objects.get(user=users["division_head"], zone=furnished)
    assert kinds(users["division_head"]) == {}, "no commune, no sheet"
    head.areas.add(Area.objects.get(zone=furnished, kind="commune", code="C1"))
    assert kinds(users["division_head"]) == {"validate": 1}
    page = text(client_for("division_head"), BASE)
    assert "1 Canal, October 2025" in page
    assert "/west/sheets/1/2025-10/" in page


def test_who_decides_begins_with_what_waits_and_the_navigation_counts_it(
    furnished: Zone, client_for: ClientFor
) -> None:
    direction = client_for("direction")
    assert direction.get("/")["Location"] == BASE
    assert client_for("analyst").get("/")["Location"] == "/west/"
    count = re.compile(r'What waits\s*<span class="count">(\d+)</span>')
    assert not count.search(text(direction, "/west/actions/"))
    blocked(furnished)
    found = count.search(text(direction, "/west/actions/"))
    assert found
    assert found[1] == "1", "the count follows what is recorded"


def test_those_who_differ_are_named_with_how_many_of_them_are_chance(
    furnished: Zone, client_for: ClientFor
) -> None:
    page = text(client_for("direction"), BASE + "differences/")
    assert "2 hotspots differ from what was expected: 1 Canal and 3 Parvis." in page
    assert "of those named in this way, on average at most 5% differ by chance." in page
    assert "Listed by the count divided by what was expected." in page
    early = text(client_for("direction"), BASE + "differences/?month=2023-06")
    assert "No hotspot can be compared this month" in early
    assert "not enough data" in early[early.index('id="funnel-table"') :]
    assert "If facts discovered by police activity were counted too: " in page
    assert "If only what the public reports" in text(
        client_for("direction"), BASE + "differences/?sources=all"
    )


def test_dose_plays_no_part_in_who_is_named(furnished: Zone, client_for: ClientFor) -> None:
    """Rights R16: visits noted on a hotspot change nothing on the page that names and ranks."""
    direction = client_for("direction")
    page = BASE + "differences/"

    def said() -> str:
        return re.sub(r'<span class="count">\d+</span>|csrf\w+.{0,120}', "", text(direction, page))

    before = said()
    action = action_stories.begin(furnished, 2, on=date(2025, 10, 1))
    visit = action_stories.visit(action, started_at=datetime(2025, 10, 3, 20, tzinfo=UTC), minutes=60)
    assert visit.action.hotspot.number == 2
    main = re.compile(r"<main.*</main>", re.S)
    assert main.findall(said()) == main.findall(before)


def test_around_says_when_nothing_can_be_said(furnished: Zone, client_for: ClientFor) -> None:
    direction = client_for("direction")
    assert "fewer than 10 facts inside or around" in text(direction, BASE + "around/")
    assert "no earlier year" in text(direction, BASE + "around/?month=2023-06")


def test_an_address_says_what_is_compared(furnished: Zone, client_for: ClientFor) -> None:
    direction = client_for("direction")
    page = text(direction, BASE + "compare/?one=1&other=3&months=1&until=2025-10&then=2025-10")
    assert "The first has more, by more than chance." in page
    assert "times as many" not in page, "24 against 1: no ratio on a base under 10 (rights R22)"
    page = text(direction, BASE + "compare/?one=2&other=2&months=6&until=2025-10&then=2025-04")
    assert re.search(r"They do not clearly differ: \d\.\d\d times as many, between", page)
    assert "part of a difference may be the season" in page
    assert "fewer than 10 facts together" in text(
        direction, BASE + "compare/?one=4&other=4&months=1&until=2025-10&then=2024-10"
    )


def test_a_head_compares_own_hotspots_only(
    furnished: Zone, users: dict[str, User], client_for: ClientFor
) -> None:
    head = Membership.objects.get(user=users["division_head"], zone=furnished)
    head.areas.add(Area.objects.get(zone=furnished, kind="commune", code="C2"))
    for page in ("differences/", "around/", "compare/?one=1&other=4"):
        shown = text(client_for("division_head"), BASE + page)
        assert "4 Marché" in shown
        assert "Canal" not in shown


@pytest.mark.parametrize("table", ["waiting", "differences", "around", "compare"])
def test_a_table_is_taken_with_a_reason_and_the_file_says_so(
    furnished: Zone, client_for: ClientFor, table: str
) -> None:
    blocked(furnished)
    direction, url = client_for("direction"), f"{BASE}{table}.csv"
    assert direction.get(url).status_code == 403, "no reason, no file"
    answer = direction.post(url, REASON)
    page = direction.get(answer["Location"]).content.decode()
    start = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert start
    file = direction.get(html.unescape(start[1]))
    assert file["Content-Disposition"].endswith('.csv"')
    content = file.content.decode("utf-8-sig")
    assert "Preparing the monthly meeting" in content
    assert "Canal" in content
    assert Record.objects.filter(action="disclosure", object_type=f"decisions.{table}").count() == 1


def test_the_reason_for_one_pair_opens_no_other(furnished: Zone, client_for: ClientFor) -> None:
    direction, url = client_for("direction"), f"{BASE}compare.csv?one=1&other="
    direction.post(f"{url}2", REASON)
    assert direction.get(f"{url}3").status_code == 403
    assert direction.get(f"{url}2")["Content-Disposition"].endswith('.csv"')
    told = Record.objects.get(action="disclosure", object_type="decisions.compare").details["compared"]
    assert "one=1" in told
    assert "other=2" in told


@pytest.mark.parametrize("page", ["", "differences/", "around/", "compare/"])
def test_a_page_asks_at_most_thirty_questions(furnished: Zone, client_for: ClientFor, page: str) -> None:
    blocked(furnished)
    for role in ("direction", "hotspot_manager"):
        client = client_for(role)
        text(client, BASE + page)
        with CaptureQueriesContext(connection) as asked:
            text(client, BASE + page)
        assert len(asked) <= 30, role


def test_after_an_import_the_watch_is_counted_before_it_is_asked_for(
    furnished: Zone, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.warm.func(furnished.pk)

    def never(*_args: Any) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr(counting, "_count", never)
    assert "Every hotspot and the ring around it" in text(client_for("direction"), BASE + "around/")

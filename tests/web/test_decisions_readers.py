"""What is said of a hotspot is the same whoever reads, and what waits follows the days and changes of the zone."""

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import hotspot_places
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import sheets
import time_machine
from django.conf import settings
from django.test import Client

from vicus.incidents.months import months_between
from vicus.incidents.store import Store
from vicus.web.accounts.models import User
from vicus.web.actions.counting import Monthly
from vicus.web.actions.queries import reader
from vicus.web.audit import services as audit
from vicus.web.audit.models import Action
from vicus.web.decisions import differing, waiting, watching
from vicus.web.decisions.showing.pages import Asking
from vicus.web.decisions.views import differences
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Area, Membership, Zone

BASE = "/west/decisions/"
ClientFor = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def furnished(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    return zone


@pytest.fixture
def head(furnished: Zone, users: dict[str, User]) -> User:
    """A head who sees hotspot 4 alone."""
    found = Membership.objects.get(user=users["division_head"], zone=furnished)
    found.areas.add(Area.objects.get(zone=furnished, kind="commune", code="C2"))
    return users["division_head"]


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def row(page: str, title: str) -> list[str]:
    """The cells of a hotspot in the table."""
    rows = [found for found in re.findall(r"<tr>.*?</tr>", page, re.S) if title in found]
    assert len(rows) == 1
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", rows[0], re.S)]


def counted(_store: Any, _zone: Any, outlines: Any, start: date, end: date, *, version: Any) -> Monthly:
    """Steady facts everywhere; around hotspot 4 they double in the last three months."""
    months = months_between(start, end)

    def table(mean: int, factor: int) -> dict[int, list[int]]:
        last = range(len(months) - 3, len(months))
        return {
            n: [(mean + i % 3) * (factor if n == 4 and i in last else 1) for i in range(len(months))]
            for n in outlines
        }

    return Monthly(months, table(30, 1), table(20, 2), table(1, 1))


def test_the_watch_says_the_same_of_a_hotspot_whoever_reads(
    head: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "monthly", counted)
    page = text(client_for("division_head"), BASE + "around/")
    assert "Canal" not in page
    assert row(page, "4 Marché") == row(text(client_for("direction"), BASE + "around/"), "4 Marché")
    assert row(page, "4 Marché")[-1] == "More facts around; inside, no clear change."
    assert "8 changes were judged together; of those called clear" in page


def test_a_closed_hotspot_is_neither_watched_nor_named(
    furnished: Zone, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "monthly", counted)
    Hotspot.objects.filter(number=3).update(status=Hotspot.Status.CLOSED)
    for page in ("around/", "differences/"):
        shown = text(client_for("direction"), BASE + page)
        assert "1 Canal" in shown
        assert "3 Parvis" not in shown


def test_whether_a_hotspot_differs_is_the_same_whoever_reads(
    furnished: Zone, users: dict[str, User], client_for: ClientFor
) -> None:
    member = Membership.objects.get(user=users["division_head"], zone=furnished)
    member.areas.add(Area.objects.get(zone=furnished, kind="commune", code="C1"))
    Hotspot.objects.filter(number=3).update(commune=Area.objects.get(zone=furnished, code="C2"), sector=None)
    store = find_store(furnished)
    assert store is not None
    asked = asking.read({}, store, furnished)
    assert asked is not None
    every, own = (
        differences.find(reader(users[role], "west"), Asking(store, asked)) for role in ("direction", "division_head")
    )  # fmt: skip
    assert every is not None
    assert own is not None
    assert set(own.figures) == {1, 2}
    assert own.differing == differing.seen_of(every.differing, {1, 2})
    assert own.differing.adjusted[1] == every.differing.adjusted[1]
    assert own.differing.tests == every.differing.tests > 2
    judged = {point.label: point for point in differences._points(every)}
    assert [point.low for point in differences._points(own)] == [judged["1"].low, judged["2"].low]
    page = text(client_for("division_head"), BASE + "differences/")
    assert f"{every.differing.tests} hotspots of the zone were judged together" in page
    assert "Parvis" not in page


def test_part_of_one_month_is_not_enough_to_compare(zone: Zone, client_for: ClientFor) -> None:
    for part in (hotspot_places.areas, hotspot_places.categories, hotspot_places.hotspots):
        part(zone)
    store = Store.create(settings.STORE_ROOT / zone.slug, crs=zone.crs, timezone=zone.timezone)
    facts = hotspot_places.table()
    days = pc.field("occurred_on")
    store.merge(
        facts.filter((days >= pa.scalar(date(2025, 10, 10))) & (days <= pa.scalar(date(2025, 10, 20)))),
        origin="tests.csv",
    )
    assert "There is nothing to compare yet" in text(client_for("direction"), BASE + "compare/")
    assert "the data end before the month does" in text(client_for("direction"), BASE + "around/")


def test_what_waits_is_dated_by_the_day_in_the_zone(furnished: Zone, users: dict[str, User]) -> None:
    Membership.objects.get(user=users["division_head"]).areas.add(Area.objects.get(code="C1"))
    sheet = sheets.frozen(Hotspot.objects.get(number=1), date(2025, 10, 1), "submitted")
    with time_machine.travel("2025-11-05T23:30:00Z", tick=False):
        sheet.steps.create(name="submit", before="draft", after="submitted", by=users["hotspot_manager"])
    found = waiting.of(waiting.desk(users["division_head"], "west"))
    assert [item.day for waits in found for item in waits.items] == [date(2025, 11, 6)]


def test_the_count_follows_the_day_in_the_zone_and_what_is_combined(
    zone: Zone, users: dict[str, User]
) -> None:
    Zone.objects.filter(pk=zone.pk).update(timezone="Europe/Helsinki")
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)

    def count() -> int:
        return waiting.count(users["direction"], "west")

    with time_machine.travel("2025-11-30T21:55:00Z", tick=False):
        assert count() == 0
    with time_machine.travel("2025-11-30T22:01:00Z", tick=False):
        assert count() == 4, "reviews are due soon from 1 December on, which has begun in the zone"
        Hotspot.objects.filter(number=4).update(status=Hotspot.Status.CLOSED)
        audit.record(actor="a test", action=Action.CONSULTATION, object_type="a test", object_id=1, zone=zone)
        assert count() == 4, "looking changes nothing"
        audit.record(actor="a test", action=Action.COMBINATION, object_type="a test", object_id=1, zone=zone)
        assert count() == 3

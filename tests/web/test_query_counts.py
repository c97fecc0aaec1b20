"""A main page asks the database a fixed number of things, however much there is to show."""

from collections.abc import Callable
from datetime import date

import action_stories
import hotspot_places
import pytest
import sheets
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from vicus.incidents.months import months_before
from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone

MOST = 30
MONTH = date(2025, 10, 1)
PAGES = (
    ("analyst", "hotspots:zone", ()),
    ("analyst", "hotspots:hotspot", (1,)),
    ("analyst", "hotspots:facts", (1,)),
    ("direction", "sara:list", ()),
    ("hotspot_manager", "sara:sheet", (1, "2025-10")),
    ("analyst", "actions:board", ()),
    ("analyst", "actions:action", (1,)),
    ("analyst", "actions:evaluations", ()),
    ("analyst", "facts:imports", ()),
    ("direction", "decisions:waiting", ()),
    ("direction", "decisions:board", ()),
    ("direction", "governance:clock", ()),
    ("mayor", "governance:commune", ()),
    ("analyst", "decisions:differences", ()),
    ("analyst", "perimeters:list", ()),
    ("analyst", "phases:list", ()),
    ("analyst", "phases:hotspot", (1,)),
)


@pytest.fixture
def furnished(zone: Zone, users: dict[str, User]) -> Zone:
    """Hotspots with a year of sheets each, and an action for each season of it."""
    hotspot_places.furnish(zone)
    Hotspot.objects.filter(zone=zone).update(manager=users["hotspot_manager"])
    for hotspot in Hotspot.objects.filter(zone=zone):
        for back in range(12):
            sheets.draft(hotspot, months_before(MONTH, back))
        for back in (0, 3, 6):
            start = months_before(MONTH, back)
            action_stories.plan(zone, hotspot.number, starts_on=start, pk=back * 100 + hotspot.number)
    return zone


@pytest.mark.parametrize(("role", "name", "more"), PAGES, ids=[name for _, name, _ in PAGES])
def test_a_main_page_asks_at_most_thirty_things(
    furnished: Zone,
    client_for: Callable[[str], Client],
    role: str,
    name: str,
    more: tuple[object, ...],
) -> None:
    client = client_for(role)
    url = reverse(name, args=[furnished.slug, *more])
    if name == "hotspots:facts":
        client.post(url, {"door_reason": "Counting what is asked"})
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    assert len(asked) <= MOST, "\n".join(query["sql"] for query in asked)

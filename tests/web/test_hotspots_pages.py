"""The pages of the zone and of a hotspot: what they say, who may open them, and what they never show."""

from collections.abc import Callable
from typing import Any

import hotspot_places
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Area, Membership, Zone

ZONE = "/west/"
HOTSPOT = "/west/hotspots/1/"
REASON = {"door_reason": "Preparing the monthly meeting", "door_recipient": "Own service"}

ClientFor = Callable[[str], Client]


@pytest.fixture
def furnished(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    return zone


@pytest.fixture
def of_commune(furnished: Zone, users: dict[str, User]) -> None:
    """The division head and the mayor's office belong to the second commune, with hotspot 4 only."""
    commune = Area.objects.get(zone=furnished, kind="commune", code="C2")
    for role in ("division_head", "mayor"):
        Membership.objects.get(user=users[role], zone=furnished).areas.add(commune)


def text(client: Client, url: str, **extra: Any) -> str:
    response = client.get(url, **extra)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_zone_page_says_what_the_month_means(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, ZONE)
    assert "October 2025. 1 hotspot above what was expected, 1 below" in page
    assert "<svg" in page

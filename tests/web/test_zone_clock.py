"""Days and times are those of the zone, wherever the machine stands."""

from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from vicus.web.accounts.models import User
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.zone.models import Zone
from vicus.web.zone.services import create_zone


@pytest.fixture
def far(zone: Zone) -> Zone:
    zone.timezone = "Pacific/Auckland"
    zone.save()
    return zone


def test_the_trail_shows_and_filters_by_the_clock_of_the_zone(
    far: Zone, users: dict[str, User], sign_in: Any
) -> None:
    with time_machine.travel("2026-06-30T20:15:00Z", tick=False):
        auditor = sign_in(users["auditor"])
        record(actor="a test", action=Action.CHANGE, object_type="zone.zone", object_id="x", zone=far)
        page = auditor.get("/audit/?object_type=zone.zone")
        assert "08:15:00" in page.content.decode()
        assert "1 Jul 2026" in page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert auditor.get("/audit/?object_type=zone.zone&since=2026-07-01").context["total"] == 1
        assert auditor.get("/audit/?object_type=zone.zone&until=2026-06-30").context["total"] == 0


def test_the_next_reader_gets_the_own_clock_again(far: Zone, auditor: Client, client: Client) -> None:
    before = timezone.get_current_timezone_name()
    auditor.get("/audit/")
    assert timezone.get_current_timezone_name() == before
    client.get("/health/")
    assert timezone.get_current_timezone_name() == before


@pytest.mark.parametrize(
    "wrong",
    [{"timezone": "Europe/Brussel"}, {"timezone": "../../etc/passwd"}, {"slug": "west\n"}, {"slug": "wést"}],
)
def test_a_zone_with_a_name_that_is_none_is_refused(db: None, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        create_zone(actor="a test", **{"slug": "north", "names": {"fr": "Nord"}, **wrong})  # type: ignore[arg-type]
    assert not Zone.objects.exists()

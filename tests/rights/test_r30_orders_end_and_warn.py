"""R30: anything with legal force carries an end date, and is announced before it."""

from datetime import date, timedelta

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import Decision, change_perimeter
from vicus.web.perimeters import queries, rules, services
from vicus.web.perimeters.models import Proposal
from vicus.web.zone.models import Zone

START, END = date(2026, 1, 1), date(2026, 12, 31)
BOX = shapely.box(147_000, 171_000, 147_300, 171_300)


@pytest.fixture
def hotspot(db: None) -> Hotspot:
    zone = Zone.objects.create(slug="west", names={"nl": "West"}, crs=31370)
    return Hotspot.objects.create(zone=zone, number=1)


def order(hotspot: Hotspot, ends_on: date | None) -> Proposal:
    return services.draw(
        zone=hotspot.zone, hotspot=hotspot, geometry=BOX, evidence={"n": 1}, actor="tests", on=START, reason="An order",
        designation="municipal", order_reference="2026/3", ends_on=ends_on,
    )  # fmt: skip


def test_an_order_without_an_end_is_refused_everywhere(hotspot: Hotspot) -> None:
    with pytest.raises(ValidationError):
        order(hotspot, None)
    proposal = order(hotspot, END)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(ends_on=None)
    decision = Decision(decided_by="commune", order_reference="2026/3", valid_from=START)
    with pytest.raises(ValidationError):
        change_perimeter(hotspot=hotspot, geometry=BOX, decision=decision, actor="tests")


def test_it_is_announced_before_its_end_each_time_more_pressing(hotspot: Hotspot) -> None:
    proposal = services.take(proposal=order(hotspot, END), code="propose", actor="tests", on=START)
    services.take(proposal=proposal, code="accept", actor="tests", on=START, comment="yes")
    far, near, last = rules.ALERT_DAYS
    urgencies = {
        days: [alert.urgency for alert in queries.alerts(hotspot.zone, END - timedelta(days=days))]
        for days in (far + 1, far, near + 1, near, last + 1, last, 0, -1)
    }
    assert urgencies == {
        far + 1: [], far: [1], near + 1: [1], near: [2], last + 1: [2], last: [3], 0: [3], -1: [],
    }  # fmt: skip
    (alert,) = queries.alerts(hotspot.zone, END - timedelta(days=last))
    assert alert.date == END
    assert alert.url == "/west/perimeters/1/"
    assert "2026/3" in alert.why


def test_without_an_order_nothing_is_announced(hotspot: Hotspot) -> None:
    decision = Decision(decided_by="zone direction", valid_from=START, ends_on=END)
    change_perimeter(hotspot=hotspot, geometry=BOX, decision=decision, actor="tests")
    assert queries.alerts(hotspot.zone, END) == []

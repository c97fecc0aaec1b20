"""Organisations and commitments for tests: two partners, a commune, one open commitment each."""

from datetime import date, timedelta
from typing import Any

import hotspot_places

from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.meetings import promises
from vicus.web.meetings.models import Commitment
from vicus.web.zone.models import Area, Membership, Organisation, Zone

TITLES = {"housing": "Light the halls", "transport": "Clean the stop", "town": "Move the bins"}
KINDS = {"housing": "housing", "transport": "transport", "town": "commune"}


def places(zone: Zone) -> None:
    """Two communes and four hotspots; the manager has the first, commune roles the first commune."""
    if not Hotspot.objects.filter(zone=zone).exists():
        hotspot_places.areas(zone)
        hotspot_places.hotspots(zone)
    first = Area.objects.get(zone=zone, kind="commune", code="C1")
    for role in ("division_head", "mayor"):
        for membership in Membership.objects.filter(zone=zone, role=role):
            membership.areas.set([first])
    manager = User.objects.filter(memberships__zone=zone, memberships__role="hotspot_manager").first()
    Hotspot.objects.filter(zone=zone, number=1).update(manager=manager)


def organisation(zone: Zone, code: str, **fields: Any) -> Organisation:
    """One of the three, made once."""
    made, _ = Organisation.objects.get_or_create(
        zone=zone,
        code=code,
        defaults={"names": {"en": code.title()}, "kind": KINDS.get(code, "other"), **fields},
    )
    return made


def promise(zone: Zone, code: str = "housing", *, number: int | None = 1, **given: Any) -> Commitment:
    """A commitment of this organisation for a hotspot, made thirty days ago and due in ten."""
    day = today(zone)
    hotspot = Hotspot.objects.get(zone=zone, number=number) if number else None
    fields: dict[str, Any] = {
        "title": TITLES.get(code, "Do it"), "made_on": day - timedelta(days=30), "due_on": day + timedelta(days=10),
        "level": 3, "hotspot": hotspot, "meeting": None, "actor": "a test",
    }  # fmt: skip
    return promises.make(zone=zone, owner=organisation(zone, code), **{**fields, **given})


def promised(zone: Zone) -> dict[str, Commitment]:
    """One open commitment of each, in hotspot 1; the partner is of the housing company."""
    places(zone)
    made = {code: promise(zone, code) for code in TITLES}
    organisation(zone, "town").areas.set([Area.objects.get(zone=zone, kind="commune", code="C1")])
    Membership.objects.filter(zone=zone, role="partner").update(organisation=organisation(zone, "housing"))
    return made


def settle(commitment: Commitment, code: str, on: date, **given: Any) -> Commitment:
    """Take a step on a day, with whatever it needs."""
    return promises.take(
        commitment=commitment,
        code=code,
        actor="a test",
        on=on,
        **{"reason": "Rain.", "evidence": "Seen.", **given},
    )

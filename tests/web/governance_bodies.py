"""Bodies and meetings of the small zone, for tests of the clock."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vicus.web.governance.clock import period
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.meetings.models import Body, Commitment, Meeting
from vicus.web.zone.models import Area, Membership, Organisation, Zone


def body(zone: Zone, code: str, levels: list[int], **fields: Any) -> Body:
    return Body.objects.create(
        zone=zone, code=code, names={"en": code.title(), "fr": code}, levels=levels, **fields
    )


def meeting(body: Body, day: date, state: str = "minuted", *, hour: int = 10, **fields: Any) -> Meeting:
    starts = datetime.combine(day, time(hour), ZoneInfo(body.zone.timezone))
    return Meeting.objects.create(
        zone=body.zone, body=body, starts_at=starts, language="fr", state=state, **fields
    )


def promise(zone: Zone, owner: Organisation, due_on: date, **fields: Any) -> Commitment:
    made = fields.pop("made_on", due_on - timedelta(days=30))
    title = fields.pop("title", "Lamps of the square")
    return Commitment.objects.create(
        zone=zone,
        owner=owner,
        level=fields.pop("level", 3),
        title=title,
        made_on=made,
        due_on=due_on,
        **fields,
    )


def commune(zone: Zone, code: str = "C1") -> Area:
    return Area.objects.get(zone=zone, kind="commune", code=code)


def organisation(zone: Zone, code: str = "commune-c1", **fields: Any) -> Organisation:
    fields = {"kind": "commune", "names": {"en": "Commune C1", "fr": "Commune C1"}} | fields
    return Organisation.objects.create(zone=zone, code=code, **fields)


def bind(zone: Zone, code: str = "C1") -> None:
    """Division head and mayor's office of the first commune; an organisation for partners."""
    area = commune(zone, code)
    for membership in Membership.objects.filter(zone=zone, role__in=("division_head", "mayor")):
        membership.areas.set([area])
    partner = Organisation.objects.filter(zone=zone, code="prevention").first() or organisation(
        zone, "prevention", kind="prevention", names={"en": "Prevention"}
    )
    Membership.objects.filter(zone=zone, role="partner").update(organisation=partner)


def furnish(zone: Zone) -> dict[str, Any]:
    """Bodies of all levels. Municipal of C1 was last held three months ago; coordination last quarter; partners now."""
    bind(zone)
    day = today(zone)
    first, second = commune(zone), commune(zone, "C2")
    made = {
        "municipal": body(zone, "municipal", [3], commune=first),
        "municipal-2": body(zone, "municipal-2", [3], commune=second),
        "coordination": body(zone, "coordination", [4]),
        "partners": body(zone, "partners", [2, 3], commune=second),
    }
    meeting(made["municipal"], day - timedelta(days=100))
    meeting(made["partners"], day)
    meeting(made["coordination"], period(day, 3)[0] - timedelta(days=1))
    meeting(made["coordination"], day + timedelta(days=9), "planned")
    owner = organisation(zone)
    owner.areas.set([first])
    spot = Hotspot.objects.filter(zone=zone, commune=first).first()
    made["late"] = promise(zone, owner, day - timedelta(days=3), commune=first, hotspot=spot)
    made["open"] = promise(zone, owner, day + timedelta(days=20), commune=first, title="Cut the hedge")
    return made

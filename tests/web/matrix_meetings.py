"""Addresses of meetings, organisations and bodies. Here nobody is bound to a place, and the partner speaks for one."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings.models import Aside, Body, Decision, Meeting, Passage, Presence
from vicus.web.zone.models import Organisation, Zone

# A division head and a mayor's office without a commune find the list empty, and no meeting.
LIST = POLICE | {"mayor", "partner"}
INSIDE = LIST - {"partner"}
READ = frozenset({"hotspot_manager", "analyst", "direction", "partner"})
DIRECTION = frozenset({"direction"})
NOT_WRITERS = dict.fromkeys({"hotspot_manager", "analyst", "partner"}, 403)
NOT_DIRECTION = dict.fromkeys(INSIDE - DIRECTION, 403)


def meeting(zone: Zone, state: str = Meeting.State.PLANNED) -> None:
    """A meeting of level 4 about the manager's hotspot, to which the partner's organisation came."""
    places(zone)
    organisation = Organisation.objects.create(
        pk=70, zone=zone, code="tram", names={"fr": "Tram"}, kind="transport"
    )
    Organisation.objects.create(pk=71, zone=zone, code="unused", names={"fr": "Rien"}, kind="other")
    partner = User.objects.filter(username="partner").first()
    if partner is not None:
        partner.memberships.filter(zone=zone).update(organisation=organisation)
    here = Hotspot.objects.get(zone=zone, number=1)
    Hotspot.objects.filter(pk=here.pk).update(manager=User.objects.filter(username="hotspot_manager").first())
    body = Body.objects.create(pk=72, zone=zone, code="platform", names={"fr": "Plateforme"}, levels=[4])
    begun = timezone.now() - timedelta(hours=1)
    held = Meeting.objects.create(
        pk=73, zone=zone, body=body, levels=[4], starts_at=begun, language="fr", state=state
    )
    held.hotspots.add(here)
    Presence.objects.create(pk=74, meeting=held, organisation=organisation, state=Presence.State.PRESENT)
    Decision.objects.create(pk=75, meeting=held, text="Deux passages par semaine.")
    passage = Passage.objects.create(pk=76, meeting=held, key="minutes")
    Aside.objects.create(pk=77, passage=passage, text="Autre texte.")


def held(zone: Zone) -> None:
    """The same, held."""
    meeting(zone, Meeting.State.HELD)


def minuted(zone: Zone) -> None:
    """The same, minuted."""
    meeting(zone, Meeting.State.MINUTED)


def elsewhere(zone: Zone) -> None:
    """A meeting of another zone."""
    other = Zone.objects.create(slug="north", names={"fr": "Nord"})
    body = Body.objects.create(zone=other, code="platform", names={"fr": "Plateforme"}, levels=[4])
    Meeting.objects.create(
        pk=79, zone=other, body=body, starts_at=datetime(2026, 1, 1, 9, tzinfo=UTC), language="fr"
    )


ONE = WEST | {"pk": 73}
ORGANISATION, BODY = WEST | {"pk": 71}, WEST | {"pk": 72}
DAY = {"ended_on": "2026-01-01"}
ROWS = (
    Row("meetings:list", LIST, WEST, prepare=meeting),
    Row("meetings:plan", INSIDE - {"analyst"}, WEST, prepare=meeting,
        exceptions={"analyst": 403, "partner": 403}),
    Row("meetings:pulse", INSIDE, WEST, prepare=meeting),
    Row("meetings:organisations", INSIDE, WEST, prepare=meeting),
    Row("meetings:add_organisation", {"direction", "division_head", "mayor"}, WEST, prepare=meeting,
        exceptions={"analyst": 403, "hotspot_manager": 403}),
    Row("meetings:organisation", {"direction", "division_head", "mayor"}, ORGANISATION, prepare=meeting,
        exceptions={"analyst": 403, "hotspot_manager": 403}),
    Row("meetings:end_organisation", {"direction", "division_head", "mayor"}, ORGANISATION, method="post", data=DAY,
        ok=302, prepare=meeting, exceptions={"analyst": 403, "hotspot_manager": 403}),
    Row("meetings:delete_organisation", {"direction", "division_head", "mayor"}, ORGANISATION, method="post", ok=302,
        prepare=meeting, exceptions={"analyst": 403, "hotspot_manager": 403}),
    # The one that was asked to a meeting is not deleted.
    Row("meetings:delete_organisation", {"direction", "division_head", "mayor"}, WEST | {"pk": 70}, method="post",
        ok=422, prepare=meeting, exceptions={"analyst": 403, "hotspot_manager": 403}),
    Row("meetings:bodies", INSIDE, WEST, prepare=meeting),
    Row("meetings:add_body", DIRECTION, WEST, prepare=meeting, exceptions=NOT_DIRECTION),
    Row("meetings:body", DIRECTION, BODY, prepare=meeting, exceptions=NOT_DIRECTION),
    Row("meetings:meeting", READ, ONE, prepare=meeting),
    Row("meetings:meeting", READ, ONE, prepare=held),
    Row("meetings:meeting", (), WEST | {"pk": 79}, prepare=elsewhere),
    Row("meetings:change", DIRECTION, ONE, prepare=meeting, exceptions=NOT_WRITERS),
    # The files ask for the reason first; partners have none, nor has anybody before the meeting.
    Row("meetings:paper", READ - {"partner"}, ONE | {"kind": "pdf"}, ok=403, prepare=held),
    Row("meetings:paper", (), ONE | {"kind": "pdf"}, prepare=meeting),
    Row("meetings:paper", (), ONE | {"kind": "xlsx"}, prepare=held),
    Row("meetings:write", DIRECTION, ONE | {"key": "minutes"}, method="post", data={"text": "Calme.", "revision": "0"},
        ok=302, prepare=held, exceptions=NOT_WRITERS),
    # Once the minutes are closed a text is kept beside them.
    Row("meetings:write", DIRECTION, ONE | {"key": "minutes"}, method="post", data={"text": "Calme.", "revision": "0"},
        ok=409, prepare=minuted, exceptions=NOT_WRITERS),
    Row("meetings:write", (), ONE | {"key": "unheard-of"}, method="post", prepare=held),
    Row("meetings:settle", DIRECTION, ONE | {"aside": 77}, method="post", data={"choice": "drop"}, ok=302,
        prepare=held, exceptions=NOT_WRITERS),
    Row("meetings:step", DIRECTION, ONE | {"code": "hold"}, method="post", ok=302, prepare=meeting,
        exceptions=NOT_WRITERS),
    Row("meetings:step", DIRECTION, ONE | {"code": "minute"}, method="post", ok=422, prepare=held,
        exceptions=NOT_WRITERS),
    Row("meetings:step", (), ONE | {"code": "unheard-of"}, method="post", prepare=held),
    Row("meetings:group", DIRECTION, ONE | {"kind": "seen"}, method="post", ok=422, prepare=held,
        exceptions=NOT_WRITERS),
    Row("meetings:group", DIRECTION, ONE | {"kind": "seen"}, ok=403, prepare=minuted, exceptions=NOT_WRITERS),
    Row("meetings:add_row", DIRECTION, ONE | {"kind": "decision"}, method="post", ok=422, prepare=held,
        exceptions=NOT_WRITERS),
    # Level 4 has no answers to residents.
    Row("meetings:add_row", (), ONE | {"kind": "answer"}, prepare=held, exceptions=NOT_WRITERS),
    Row("meetings:change_row", DIRECTION, ONE | {"kind": "decision", "row": 75}, prepare=held, exceptions=NOT_WRITERS),
    Row("meetings:remove_row", DIRECTION, ONE | {"kind": "decision", "row": 75}, method="post", ok=302, prepare=held,
        exceptions=NOT_WRITERS),
)  # fmt: skip

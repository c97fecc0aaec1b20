"""Addresses of letters: the administrator sees kinds and counts; who minutes a meeting sends its commitments."""

import commitment_stories as stories
from django.utils import timezone
from matrix import ADMINISTRATOR, WEST, Row

from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings.models import Body, Meeting
from vicus.web.zone.models import Zone


def held(zone: Zone) -> None:
    """A meeting of the first hotspot, held, with a commitment; it counts for level 2."""
    stories.places(zone)
    hotspot = Hotspot.objects.get(zone=zone, number=1)
    body = Body.objects.create(
        zone=zone, code="quarter", names={"en": "Quarter"}, levels=[2], hotspot=hotspot
    )
    meeting = Meeting.objects.create(
        pk=91, zone=zone, body=body, starts_at=timezone.now(), language="nl", state="held"
    )
    meeting.hotspots.add(hotspot)
    stories.promise(zone, meeting=meeting)


ROWS = (
    Row("letters:list", ADMINISTRATOR, stranger=200),
    Row("letters:again", ADMINISTRATOR, method="post", ok=302, stranger=302),
    Row("letters:meeting", {"hotspot_manager", "division_head", "mayor", "direction"}, WEST | {"pk": 91},
        method="post", ok=302, prepare=held),
)  # fmt: skip

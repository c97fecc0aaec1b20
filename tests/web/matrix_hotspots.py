"""Addresses of hotspots. The commune-bound roles have no commune here: they see the zone page, without hotspots."""

from pathlib import Path

import hotspot_places
from django.conf import settings
from matrix import POLICE, WEST, Row

from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone

FIRST = WEST | {"number": 1}
# Aggregated figures: the mayor's office of its commune, the planner of the zone (domain.md, Roles).
AGGREGATED = frozenset({"mayor", "planner"})
WHOLE_ZONE = POLICE - {"division_head"}
WITH_FILES = POLICE


def places(zone: Zone) -> None:
    """Areas and hotspots; the pages open without facts too."""
    if not Hotspot.objects.filter(zone=zone).exists():
        hotspot_places.areas(zone)
        hotspot_places.hotspots(zone)


def furnish(zone: Zone) -> None:
    """The same with facts, which stay on disk when the database is rolled back."""
    places(zone)
    if not (Path(settings.STORE_ROOT) / zone.slug).exists():
        hotspot_places.facts(zone)


ROWS = (
    Row("hotspots:zone", POLICE | AGGREGATED, WEST),
    Row("hotspots:list", POLICE | AGGREGATED, WEST),
    # Of its own commune only: a division head without a commune sees no hotspot.
    Row("hotspots:hotspot", WHOLE_ZONE | {"planner"}, FIRST, prepare=places),
    Row("hotspots:managers", {"division_head", "direction"}, WEST, prepare=places),
    Row("hotspots:managers", {"division_head", "direction"}, WEST, method="post", ok=302, prepare=places),
    Row("hotspots:hotspot", (), WEST | {"number": 99}, prepare=places),
    # The door asks for a reason before anything leaves: 403 and the question.
    Row("hotspots:ranking_file", WITH_FILES, WEST | {"kind": "csv"}, prepare=furnish, ok=403),
    Row("hotspots:ranking_file", WITH_FILES, WEST | {"kind": "xlsx"}, method="post", prepare=furnish, ok=403),
    Row("hotspots:ranking_file", (), WEST | {"kind": "exe"}, prepare=furnish),
    Row("hotspots:figures_file", WHOLE_ZONE, FIRST | {"kind": "csv"}, prepare=furnish, ok=403),
    Row("hotspots:report", WHOLE_ZONE, FIRST | {"kind": "pdf"}, prepare=furnish, ok=403),
    Row("hotspots:report", (), FIRST | {"kind": "exe"}, prepare=furnish),
    # A hotspot manager opens the facts of own hotspots only, and is nobody's manager here.
    Row("hotspots:facts", {"analyst", "direction"}, FIRST, prepare=furnish, ok=403),
    Row("hotspots:facts_file", {"analyst", "direction"}, FIRST | {"kind": "csv"}, prepare=furnish, ok=403),
)

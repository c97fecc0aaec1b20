"""Addresses of sheets and problems. Hotspot 1 is managed by the hotspot manager of the zone; the division head and the
mayor's office have its commune; hotspot 2 is nobody's, in a commune of theirs too; hotspot 4 lies in another commune.
"""

from datetime import date

import sheets
from matrix import WEST, Row
from matrix_hotspots import furnish, places

from vicus.web.hotspots.models import Hotspot
from vicus.web.sara.models import Observation, Problem, Promise
from vicus.web.zone.models import Area, Membership, Zone

MONTH = "2025-10"
OWN = WEST | {"number": 1}
OF_OTHERS = WEST | {"number": 2}
ELSEWHERE = WEST | {"number": 4}
SHEET, OF_OTHERS_SHEET, ELSEWHERE_SHEET = (where | {"month": MONTH} for where in (OWN, OF_OTHERS, ELSEWHERE))
READERS = frozenset({"hotspot_manager", "division_head", "direction"})
HEADS = READERS - {"hotspot_manager"}
WRITER = frozenset({"hotspot_manager"})
# They see the sheet and may not write it.
READ_ONLY = {"division_head": 403, "direction": 403}
LISTS = READERS | {"mayor"}
TEXT = {"text": "Quiet by day.", "revision": "0", "page": "p"}


def manned(zone: Zone) -> None:
    """Hotspots with a manager; a division head and a mayor's office with their commune."""
    places(zone)
    manager = zone.memberships.filter(role="hotspot_manager").first()
    Hotspot.objects.filter(zone=zone, number=1).update(manager=manager.user if manager else None)
    commune = Area.objects.get(zone=zone, kind="commune", code="C1")
    for membership in Membership.objects.filter(zone=zone, role__in=("division_head", "mayor")):
        membership.areas.set([commune])


def written(zone: Zone) -> None:
    """The same with a draft of October, one observation and a problem."""
    manned(zone)
    hotspot = Hotspot.objects.get(zone=zone, number=1)
    sheet = sheets.draft(hotspot, date(2025, 10, 1))
    Observation.objects.create(
        pk=7, sheet=sheet, source="officer", nature="fact", reliability="confirmed", text="Calm.",
        seen_on=date(2025, 10, 3),
    )  # fmt: skip
    Problem.objects.create(hotspot=hotspot, number=1, title="Noise", pattern="Noise at night.")


def promised(zone: Zone) -> None:
    """The same with a promise."""
    written(zone)
    sheet = Hotspot.objects.get(zone=zone, number=1).sheets.get()
    Promise.objects.create(
        pk=9, sheet=sheet, title="Lamps", objective="Light", mechanism="Seen", expected="Fewer",
        due=date(2025, 12, 31),
    )  # fmt: skip


def submitted(zone: Zone) -> None:
    manned(zone)
    sheets.frozen(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1), "submitted")


def validated(zone: Zone) -> None:
    manned(zone)
    sheets.frozen(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1), "validated")


def with_facts(zone: Zone) -> None:
    """A validated sheet, and the facts of the zone for its map."""
    furnish(zone)
    validated(zone)


ROWS = (
    Row("sara:list", LISTS, WEST, prepare=manned),
    Row("sara:list", (), WEST, query="month=2999-01", prepare=manned),
    Row("sara:mine", LISTS, OWN, ok=302, prepare=manned),
    Row("sara:mine", HEADS | {"mayor"}, OF_OTHERS, ok=302, prepare=manned),
    Row("sara:sheet", READERS, SHEET, prepare=manned),
    Row("sara:sheet", HEADS, OF_OTHERS_SHEET, prepare=manned),
    Row("sara:sheet", {"direction"}, ELSEWHERE_SHEET, prepare=manned),
    # The mayor's office reads a sheet once it is validated, and not before.
    Row("sara:sheet", READERS, SHEET, query="submitted", prepare=submitted),
    Row("sara:sheet", READERS | {"mayor"}, SHEET, query="validated", prepare=validated),
    Row("sara:sheet", (), OWN | {"month": "2025-13"}, prepare=manned),
    Row("sara:sheet", (), OWN | {"month": "2999-01"}, prepare=manned),
    # The door asks for a reason before anything leaves: 403 and the question.
    Row("sara:paper", READERS | {"mayor"}, SHEET, ok=403, prepare=with_facts),
    Row("sara:paper", (), SHEET, query="draft", prepare=written),
    Row("sara:write", WRITER, SHEET | {"key": "situation"}, method="post", data=TEXT, ok=302, prepare=manned,
        exceptions=READ_ONLY),
    Row("sara:write", HEADS, OF_OTHERS_SHEET | {"key": "situation"}, method="post", data=TEXT, ok=403, prepare=manned),
    Row("sara:write", WRITER, SHEET | {"key": "situation"}, method="post", data=TEXT, ok=409, query="submitted",
        prepare=submitted, exceptions=READ_ONLY),
    Row("sara:promise_action", WRITER, SHEET | {"pk": 9}, prepare=promised, exceptions=READ_ONLY),
    Row("sara:promise_action", WRITER, SHEET | {"pk": 9}, method="post", ok=422, prepare=promised, exceptions=READ_ONLY),
    Row("sara:promise_action", (), SHEET | {"pk": 10}, prepare=promised),
    Row("sara:settle", (), SHEET | {"aside": 99}, method="post", prepare=written, exceptions=READ_ONLY),
    Row("sara:step", WRITER, SHEET | {"name": "submit"}, prepare=written, exceptions=READ_ONLY),
    Row("sara:step", {"division_head"}, SHEET | {"name": "return"}, method="post", ok=422, prepare=submitted,
        exceptions={"hotspot_manager": 403, "direction": 403}),
    Row("sara:step", (), SHEET | {"name": "burn"}, prepare=written),
    Row("sara:add", WRITER, SHEET | {"kind": "observation"}, prepare=manned, exceptions=READ_ONLY),
    Row("sara:add", WRITER, SHEET | {"kind": "observation"}, method="post", ok=422, prepare=manned,
        exceptions=READ_ONLY),
    Row("sara:add", (), SHEET | {"kind": "observation"}, query="submitted", prepare=submitted,
        exceptions=dict.fromkeys(READERS, 403)),
    Row("sara:add", (), SHEET | {"kind": "problem"}, prepare=manned, exceptions=READ_ONLY),
    Row("sara:change", WRITER, SHEET | {"kind": "observation", "pk": 7}, prepare=written, exceptions=READ_ONLY),
    Row("sara:change", (), SHEET | {"kind": "observation", "pk": 8}, prepare=written, exceptions=READ_ONLY),
    Row("sara:remove", WRITER, SHEET | {"kind": "observation", "pk": 7}, method="post", ok=302, prepare=written,
        exceptions=READ_ONLY),
    Row("sara:problems", READERS, OWN, prepare=written),
    Row("sara:add_problem", WRITER, OWN, prepare=manned, exceptions=READ_ONLY),
    Row("sara:add_problem", WRITER, OWN, method="post", ok=422, prepare=manned, exceptions=READ_ONLY),
    Row("sara:problem", READERS, OWN | {"problem": 1}, prepare=written),
    Row("sara:problem", (), OWN | {"problem": 9}, prepare=written),
    Row("sara:change_problem", WRITER, OWN | {"problem": 1}, prepare=written, exceptions=READ_ONLY),
)  # fmt: skip

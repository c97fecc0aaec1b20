"""Addresses of phases. Whoever sees figures reads them; a manager asks of own hotspots, the direction decides."""

from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.phases import rules, services
from vicus.web.phases.models import Move
from vicus.web.zone.models import Zone

# A division head without a commune sees the list without hotspots, and no hotspot.
READ = POLICE - {"division_head"}
ASK = frozenset({"hotspot_manager", "analyst"})
DIRECTION = frozenset({"direction"})
OWN, OTHERS = WEST | {"number": 1}, WEST | {"number": 2}
NOT_DIRECTION = dict.fromkeys(READ - DIRECTION, 403)


def managed(zone: Zone) -> None:
    """The manager has hotspot 1; hotspot 2 is nobody's."""
    places(zone)
    manager = User.objects.get(username="hotspot_manager")
    Hotspot.objects.filter(zone=zone, number=1).update(manager=manager)


def drafts(zone: Zone) -> None:
    """A draft into Clear on each, with addresses that are known beforehand."""
    managed(zone)
    for number in (1, 2):
        hotspot = Hotspot.objects.get(zone=zone, number=number)
        move = Move.objects.create(pk=60 + number, hotspot=hotspot, target="clear", drawn_up_on=today(zone))
        for item in rules.gate_of("", "clear").items:
            move.items.create(code=item.code)


def asked(zone: Zone) -> None:
    """The same, asked."""
    drafts(zone)
    for move in Move.objects.filter(hotspot__zone=zone):
        services.take(move=move, code="ask", actor="a test", on=today(zone))


ONE, TWO = OWN | {"pk": 61}, OTHERS | {"pk": 62}
EMPTY = {"revision": "0"}
REASON = {"starts_on": "2025-01-01", "exception": "Urgent."}
ROWS = (
    Row("phases:list", POLICE, WEST),
    Row("phases:setting", DIRECTION, WEST, method="post", data={"stable_months": "9"}, ok=302,
        exceptions=dict.fromkeys(POLICE - DIRECTION, 403)),
    Row("phases:hotspot", READ, OWN, prepare=asked),
    Row("phases:hotspot", READ, OTHERS, prepare=drafts),
    Row("phases:hotspot", (), WEST | {"number": 99}, prepare=managed),
    Row("phases:draw_up", ASK, OWN, method="post", data={"target": "clear"}, ok=302, prepare=managed,
        exceptions={"direction": 403}),
    Row("phases:draw_up", {"analyst"}, OTHERS, method="post", data={"target": "clear"}, ok=302, prepare=managed,
        exceptions={"hotspot_manager": 403, "direction": 403}),
    Row("phases:checklist", ASK, ONE, method="post", data=EMPTY, ok=302, prepare=drafts,
        exceptions={"direction": 403}),
    Row("phases:checklist", {"analyst"}, TWO, method="post", data=EMPTY, ok=302, prepare=drafts,
        exceptions={"hotspot_manager": 403, "direction": 403}),
    # A move of another hotspot is not found under this one.
    Row("phases:checklist", (), OWN | {"pk": 62}, method="post", data=EMPTY, prepare=drafts),
    Row("phases:step", ASK, ONE | {"code": "ask"}, method="post", ok=302, prepare=drafts,
        exceptions={"direction": 403}),
    Row("phases:step", DIRECTION, TWO | {"code": "grant"}, method="post", data=REASON, ok=302, prepare=asked,
        exceptions=NOT_DIRECTION),
    Row("phases:step", DIRECTION, ONE | {"code": "refuse"}, method="post", ok=422, prepare=asked,
        exceptions=NOT_DIRECTION),
    Row("phases:step", (), ONE | {"code": "unheard-of"}, method="post", prepare=drafts),
)  # fmt: skip

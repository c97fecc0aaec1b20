"""Addresses of actions. Whoever sees figures reads them; a hotspot manager writes of own hotspots only."""

import uuid
from datetime import date, timedelta

from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.web.accounts.models import User
from vicus.web.actions import services
from vicus.web.actions.models import Action, Visit
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.zone.models import Zone

# A division head without a commune sees the board without actions, and no action.
READ = POLICE - {"division_head"}
MANAGER = frozenset({"hotspot_manager"})
ONE, OTHERS = WEST | {"pk": 41}, WEST | {"pk": 42}
VISIT = {"unit": "bicycle", "minutes": "30"}


def actions(zone: Zone) -> None:
    """One action on a hotspot that the manager manages, one on a hotspot of nobody."""
    places(zone)
    manager = User.objects.get(username="hotspot_manager")
    Hotspot.objects.filter(zone=zone, number=1).update(manager=manager)
    for pk, number in ((41, 1), (42, 2)):
        services.plan(
            hotspot=Hotspot.objects.get(zone=zone, number=number), actor="a test", pk=pk, title="Presence",
            kind="enforcement", lead="Police zone", objective="Fewer", mechanism="Seen",
            starts_on=today(zone), ends_on=today(zone) + timedelta(days=90), visits_a_week=3, minutes=30,
        )  # fmt: skip


def running(zone: Zone) -> None:
    """The same, begun some days ago, each with a visit."""
    actions(zone)
    for action in Action.objects.filter(hotspot__zone=zone):
        begun: date = today(zone) - timedelta(days=9)
        services.take(action=action, code="start", on=begun, hotspots=[], actor="a test")
        services.log_visit(
            action=Action.objects.get(pk=action.pk),
            key=uuid.uuid4(),
            unit=Visit.Unit.BICYCLE,
            minutes=20,
            actor="a test",
        )
        Visit.objects.filter(action=action).update(id=action.pk + 100)


def note(**extra: str) -> dict[str, str]:
    return {**VISIT, "key": str(uuid.uuid4()), **extra}


FORBIDDEN = dict.fromkeys(READ - MANAGER, 403)
EVALUATORS = {"hotspot_manager", "analyst"}
ROWS = (
    Row("actions:board", POLICE, WEST),
    Row("actions:week", POLICE, WEST),
    Row("actions:file", POLICE, WEST | {"kind": "csv"}, ok=403),
    Row("actions:file", POLICE, WEST | {"kind": "xlsx"}, method="post", ok=403),
    Row("actions:file", (), WEST | {"kind": "exe"}),
    Row("actions:evaluations", POLICE, WEST),
    Row("actions:action", READ, ONE, prepare=actions),
    Row("actions:action", READ, OTHERS, prepare=running),
    Row("actions:action", (), WEST | {"pk": 99}, prepare=actions),
    Row("actions:plan", MANAGER, WEST, prepare=actions),
    Row("actions:plan", MANAGER, WEST, method="post", ok=422, prepare=actions),
    Row("actions:change", MANAGER, ONE, prepare=actions, exceptions=FORBIDDEN),
    Row("actions:change", (), OTHERS, prepare=actions, exceptions=dict.fromkeys(READ, 403)),
    Row("actions:step", MANAGER, ONE | {"code": "start"}, prepare=actions, exceptions=FORBIDDEN),
    Row("actions:step", MANAGER, ONE | {"code": "start"}, method="post", ok=302, prepare=actions, exceptions=FORBIDDEN),
    Row("actions:step", MANAGER | {"direction"}, ONE | {"code": "drop"}, method="post", data={"note": "no"}, ok=302,
        prepare=actions, exceptions={"analyst": 403}),
    Row("actions:step", (), OTHERS | {"code": "start"}, method="post", prepare=actions,
        exceptions=dict.fromkeys(READ, 403)),
    Row("actions:step", (), ONE | {"code": "unheard-of"}, prepare=actions),
    Row("actions:lesson", MANAGER, ONE, prepare=running, exceptions=FORBIDDEN),
    Row("actions:lesson", MANAGER, ONE, method="post", data={"lesson": "Earlier"}, ok=302, prepare=running,
        exceptions=FORBIDDEN),
    Row("actions:lesson", (), OTHERS, method="post", data={"lesson": "Earlier"}, prepare=running,
        exceptions=dict.fromkeys(READ, 403)),
    Row("actions:visits", MANAGER, WEST, prepare=running),
    Row("actions:import_visits", MANAGER, WEST, prepare=running),
    Row("actions:import_visits", MANAGER, WEST, method="post", ok=422, prepare=running),
    Row("actions:note_visit", MANAGER, ONE, method="post", data=note(), ok=302, prepare=running, exceptions=FORBIDDEN),
    Row("actions:note_visit", (), OTHERS, method="post", data=note(), prepare=running,
        exceptions=dict.fromkeys(READ, 403)),
    Row("actions:remove_visit", MANAGER, ONE | {"visit": 141}, method="post", ok=302, prepare=running,
        exceptions=FORBIDDEN),
    Row("actions:remove_visit", (), ONE | {"visit": 142}, method="post", prepare=running, exceptions=FORBIDDEN),
    Row("actions:design", EVALUATORS, ONE, prepare=actions, exceptions={"direction": 403}),
    Row("actions:design", EVALUATORS, ONE, method="post", ok=302, prepare=actions,
        data={"months_before": "12", "months_after": "6"}, exceptions={"direction": 403}),
    Row("actions:design", (), ONE, prepare=running, exceptions=dict.fromkeys(READ, 403)),
    Row("actions:assess", READ, ONE, prepare=running),
    Row("actions:assess", READ, ONE, method="post", ok=422, prepare=running),
    Row("actions:assess", READ - MANAGER, OTHERS, prepare=running, exceptions={"hotspot_manager": 403}),
)  # fmt: skip

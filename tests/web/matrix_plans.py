"""Addresses of the plan and of yearly evaluations: figures' readers see them, the mayor's office what is decided."""

from datetime import date

from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.web.hotspots.models import Hotspot
from vicus.web.plans import evaluating, services
from vicus.web.plans.models import Evaluation, Indicator, Link, Objective, Plan, Priority
from vicus.web.zone.models import Zone

DAY = date(2025, 11, 10)
NAMES = {"fr": "Moins", "nl": "Minder"}
# A division head without a commune sees the plan, and no hotspot; the plan is of the whole zone.
READ = POLICE
WRITE = frozenset({"analyst", "direction"})
DIRECTION = frozenset({"direction"})
WHOLE = POLICE - {"division_head"}
NOT_WRITE = dict.fromkeys(READ - WRITE, 403)
NOT_DIRECTION = dict.fromkeys(READ - DIRECTION, 403)


def written(zone: Zone) -> None:
    """A draft of a plan with one of each part, with addresses that are known beforehand."""
    places(zone)
    plan = Plan.objects.create(pk=81, zone=zone, from_year=2025, to_year=2030, titles=NAMES)
    priority = Priority.objects.create(pk=82, plan=plan, number=1, titles=NAMES)
    objective = Objective.objects.create(
        pk=83, priority=priority, number=1, titles=NAMES, role="coordination"
    )
    Indicator.objects.create(pk=84, objective=objective, titles=NAMES, code="in_build")
    Link.objects.create(pk=85, objective=objective, hotspot=Hotspot.objects.get(zone=zone, number=1))


def in_force(zone: Zone) -> None:
    """The same, put in force."""
    written(zone)
    services.take(plan=Plan.objects.get(pk=81), code="adopt", actor="a test", on=DAY)


def drafts(zone: Zone) -> None:
    """Evaluations of hotspot 1 and of the plan, written."""
    written(zone)
    told = {"next": {"text": "More light.", "nature": "fact", "reliability": "confirmed"}}
    hotspot = Hotspot.objects.get(zone=zone, number=1)
    for pk, thing in ((91, {"hotspot": hotspot}), (92, {"plan": Plan.objects.get(pk=81)})):
        Evaluation.objects.create(pk=pk, zone=zone, year=2025, words=told, **thing)


def asked(zone: Zone) -> None:
    """The same, asked."""
    drafts(zone)
    for pk in (91, 92):
        evaluating.take(evaluation=Evaluation.objects.get(pk=pk), code="ask", actor="a test", on=DAY)


PLAN = WEST | {"plan": 81}
PRIORITY = {"titles_fr": "Vols", "titles_nl": "Diefstal", "revision": "0"}
BEGIN = {"of": "2", "year": "2025"}
REASON = {"decision": "keep", "reason": "It holds."}
ROWS = (
    Row("plans:plan", READ, WEST),
    Row("plans:plan", READ, WEST, prepare=in_force),
    Row("plans:new", WRITE, WEST, exceptions=NOT_WRITE),
    Row("plans:new", WRITE, WEST, method="post", ok=422, exceptions=NOT_WRITE),
    Row("plans:one", READ, WEST | {"pk": 81}, prepare=written),
    Row("plans:one", (), WEST | {"pk": 99}, prepare=written),
    Row("plans:change", WRITE, WEST | {"pk": 81}, prepare=written, exceptions=NOT_WRITE),
    Row("plans:step", DIRECTION, WEST | {"pk": 81, "code": "adopt"}, method="post", ok=302, prepare=written,
        exceptions=NOT_DIRECTION),
    Row("plans:new_part", WRITE, PLAN | {"kind": "priority", "above": 81}, method="post", data=PRIORITY, ok=302,
        prepare=written, exceptions=NOT_WRITE),
    Row("plans:new_part", (), PLAN | {"kind": "objective", "above": 99}, prepare=written, exceptions=NOT_WRITE),
    Row("plans:part", WRITE, PLAN | {"kind": "indicator", "pk": 84}, prepare=written, exceptions=NOT_WRITE),
    Row("plans:part", (), PLAN | {"kind": "unheard-of", "pk": 84}, prepare=written, exceptions=NOT_WRITE),
    Row("plans:remove_part", WRITE, PLAN | {"kind": "objective", "pk": 83}, method="post", ok=302, prepare=written,
        exceptions=NOT_WRITE),
    Row("plans:link", WRITE, PLAN | {"objective": 83}, method="post", data={"thing": "hotspot-0"}, ok=422,
        prepare=written, exceptions=NOT_WRITE),
    Row("plans:unlink", WRITE, PLAN | {"pk": 85}, method="post", ok=302, prepare=written, exceptions=NOT_WRITE),
    Row("plans:evaluations", READ | {"mayor"}, WEST, prepare=drafts),
    Row("plans:begin", WRITE, WEST, method="post", data=BEGIN, ok=302, prepare=places,
        exceptions={"hotspot_manager": 403}),
    Row("plans:evaluation", WHOLE, WEST | {"pk": 91}, prepare=drafts),
    Row("plans:evaluation", WHOLE, WEST | {"pk": 92}, prepare=drafts),
    Row("plans:evaluation", WRITE, WEST | {"pk": 91}, method="post", data={"revision": "0"}, ok=302, prepare=drafts,
        exceptions={"hotspot_manager": 403}),
    Row("plans:evaluation_step", WRITE, WEST | {"pk": 91, "code": "ask"}, method="post", ok=302, prepare=drafts,
        exceptions={"hotspot_manager": 403}),
    Row("plans:evaluation_step", DIRECTION, WEST | {"pk": 91, "code": "decide"}, method="post", data=REASON, ok=302,
        prepare=asked, exceptions=dict.fromkeys(WHOLE - DIRECTION, 403)),
    # Asks for the reason first.
    Row("plans:paper", (), WEST | {"pk": 91, "kind": "pdf"}, prepare=drafts, exceptions=dict.fromkeys(WHOLE, 403)),
    Row("plans:paper", (), WEST | {"pk": 91, "kind": "exe"}, prepare=drafts),
)  # fmt: skip

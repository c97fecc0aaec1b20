"""Writing plans and what stands in them. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.plans import rules
from vicus.web.plans.models import Indicator, Link, Objective, Part, Plan, Priority
from vicus.web.zone.models import Zone

PARTS: dict[str, tuple[type[Part], str]] = {
    "priority": (Priority, "plan"),
    "objective": (Objective, "priority"),
    "indicator": (Indicator, "objective"),
}
"""What a plan is made of: the model, and the field that names what it stands under."""


@transaction.atomic
def write_plan(
    *, zone: Zone, plan: Plan | None, fields: Mapping[str, Any], revision: int, actor: Any, vouched: str = ""
) -> Plan:
    """A new plan, or the head of one there is. Raises `Suspected` and `Met`."""
    thing = _locked(plan) if plan is not None else Plan(zone=zone)
    new = thing.pk is None
    if not new:
        _open(thing)
    _write(thing, fields, revision=revision, vouched=vouched)
    _record(thing, thing, actor, "plan written", Action.COLLECTION if new else Action.CHANGE)
    return thing


@transaction.atomic
def write_part(
    *, kind: str, under: Any = None, part: Part | None = None, fields: Mapping[str, Any], revision: int, actor: Any,
    vouched: str = "",
) -> Part:  # fmt: skip
    """A priority, an objective or an indicator: a new one under something, or one there is, with these fields."""
    model, above = PARTS[kind]
    thing: Part = _locked(part) if part is not None else model(**{above: under})
    new = thing.pk is None
    plan = plan_of(thing)
    _open(plan)
    if new and kind != "indicator":
        thing.number = _next(thing, above)  # type: ignore[attr-defined]  # priorities and objectives have one
    _write(thing, fields, revision=revision, vouched=vouched)
    _record(plan, thing, actor, f"{kind} written", Action.COLLECTION if new else Action.CHANGE)
    return thing


@transaction.atomic
def remove_part(*, part: Part, actor: Any) -> None:
    """Take a part out, with all that stands under it."""
    plan = plan_of(part)
    _open(plan)
    kind = type(part)._meta.model_name
    _record(plan, part, actor, f"{kind} taken out", Action.ERASURE)
    part.delete()


@transaction.atomic
def link(*, objective: Objective, actor: Any, **thing: Any) -> Link:
    """Hang a hotspot, a problem or an action on an objective; what hangs there already stays as it is."""
    _open(plan_of(objective))
    (name, value), *more = thing.items()
    place = value if name == "hotspot" else value.hotspot
    if more or place.zone_id != objective.priority.plan.zone_id:
        raise ValidationError(_("This does not belong to the zone of the plan."))
    found, new = Link.objects.get_or_create(objective=objective, **{name: value})
    if new:
        _record(plan_of(objective), objective, actor, "link added", Action.CHANGE, to=_told(name, value))
    return found


@transaction.atomic
def unlink(*, link: Link, actor: Any) -> None:
    """Take what hangs on an objective off again."""
    plan = plan_of(link.objective)
    _open(plan)
    name = next(one for one in ("hotspot", "problem", "action") if getattr(link, f"{one}_id"))
    told = _told(name, getattr(link, name))
    _record(plan, link.objective, actor, "link taken off", Action.CHANGE, to=told)
    link.delete()


@transaction.atomic
def take(*, plan: Plan, code: str, actor: Any, on: date, reference: str = "") -> Plan:
    """One step of the table of plans. Putting one in force ends the one before it."""
    thing: Plan = _locked(plan)
    step = rules.PLAN_BY_CODE[code]
    if thing.state not in step.sources:
        raise ValidationError(_("Meanwhile this plan is %(state)s.") % {"state": thing.get_state_display()})
    if code == "adopt":
        for before in Plan.objects.select_for_update().filter(zone=thing.zone, state=Plan.State.IN_FORCE):
            take(plan=before, code="end", actor=actor, on=on)
        thing.decided_on, thing.reference = on, reference
    thing.state = step.target
    thing.full_clean()
    thing.save()
    _record(thing, thing, actor, "plan passed on", Action.CHANGE, step=code)
    return thing


def plan_of(part: Any) -> Plan:
    """The plan in which a part stands."""
    if isinstance(part, Plan):
        return part
    return plan_of(
        next(getattr(part, name) for name in ("plan", "priority", "objective") if hasattr(part, name))
    )


def read_texts(texts: Iterable[str], vouched: Iterable[str]) -> tuple[str, list[str]]:
    """What the findings in these texts are called, and their kinds; `Suspected` unless somebody vouched for them."""
    findings = freetext.find("\n".join(texts))
    if not findings:
        return "", []
    named = freetext.fingerprint(findings)
    if named not in set(vouched):
        raise Suspected(findings)
    return named, sorted({finding.what for finding in findings})


def _write(thing: Part, fields: Mapping[str, Any], *, revision: int, vouched: str) -> None:
    if revision != thing.revision:
        raise Met(thing)
    thing.vouched, _kinds = read_texts(_texts(fields.values()), (vouched, thing.vouched))
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.revision += 1
    thing.full_clean()
    thing.save()


def _texts(values: Iterable[Any]) -> list[str]:
    """Every text among values, those by language included."""
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, Mapping):
            found += [one for one in value.values() if isinstance(one, str)]
    return found


def _next(thing: Any, above: str) -> int:
    last = (
        type(thing)
        ._default_manager.filter(**{above: getattr(thing, above)})
        .aggregate(last=models.Max("number"))
    )
    return (last["last"] or 0) + 1


def _open(plan: Plan) -> None:
    if plan.state == Plan.State.ENDED:
        raise ValidationError(_("This plan has ended; it is kept as it was."))


def _locked(thing: Any) -> Any:
    return type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)


def _told(name: str, value: Any) -> str:
    return f"{name} {value.number if name in ('hotspot', 'problem') else value.pk}"


def _record(plan: Plan, thing: Any, actor: Any, event: str, action: Action, **details: Any) -> None:
    kind = type(thing)._meta.model_name
    record(
        actor=actor, action=action, object_type=f"plans.{kind}", object_id=thing.pk, zone=plan.zone,
        details={"event": event, "plan": plan.pk, **details},
    )  # fmt: skip

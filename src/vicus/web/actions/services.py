"""Writing actions and visits. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.web.actions import designing, rules
from vicus.web.actions.models import Action, Visit
from vicus.web.audit.models import Action as Act
from vicus.web.audit.services import record
from vicus.web.audit.texts import set_aside
from vicus.web.hotspots.models import Hotspot

LATEST = timedelta(minutes=10)
"""Clocks of phones may run ahead by so much."""

OLDEST = timedelta(days=62)
"""Visits noted longer ago than this are not taken from a page: a file is the way for old ones."""

NEEDS = {
    "blocker": gettext_lazy("Say what blocks it."),
    "note": gettext_lazy("Say why in a few words."),
    "begun": gettext_lazy("This action has not begun."),
    "not begun": gettext_lazy("This action has begun."),
}


@transaction.atomic
def plan(*, hotspot: Hotspot, actor: Any, **fields: Any) -> Action:
    """A new action on a hotspot, with the state planned."""
    if hotspot.status == Hotspot.Status.CLOSED:
        raise ValidationError(_("This hotspot is closed."))
    action = Action(hotspot=hotspot, **fields)
    action.full_clean()
    action.save()
    _record(action, actor, "action planned")
    _set_aside(action, actor, fields.values())
    return action


@transaction.atomic
def change(*, action: Action, actor: Any, **fields: Any) -> Action:
    """Change the plan of an action that has not begun; afterwards only the lesson and the note change."""
    action = _locked(action)
    free = {"lesson", "note"}
    changed = {name for name, value in fields.items() if getattr(action, name) != value}
    if changed - free and not rules.plan_may_change(action):
        raise ValidationError(
            _("The plan was fixed when the action began; only the lesson can still change.")
        )
    for name in changed:
        setattr(action, name, fields[name])
    action.full_clean()
    if changed:
        action.save(update_fields=changed)
        _record(action, actor, "action changed", fields=sorted(changed))
        _set_aside(action, actor, (fields[name] for name in changed))
    return action


@transaction.atomic
def take(
    *,
    action: Action,
    code: str,
    on: date,
    hotspots: Sequence[Hotspot],
    actor: Any,
    blocker: str = "",
    note: str = "",
) -> Action:
    """Take one step of the table in `rules`. Starting fixes the design of the evaluation that very day."""
    action = _locked(action)
    step = rules.BY_CODE[code]
    if action.state not in step.sources:
        raise ValidationError(
            _("Meanwhile this action is %(state)s.") % {"state": action.get_state_display()}
        )
    needed = rules.missing(step, action, blocker=blocker, note=note)
    if needed:
        raise ValidationError(NEEDS[needed])
    if code == "start":
        action.begun_on = on
        designing.freeze(action=action, hotspots=hotspots, on=on, actor=actor)
    action.state, action.moved_on = step.target, on
    action.blocker = blocker if step.target == Action.State.BLOCKED else ""
    action.note = note.strip() or action.note
    action.closed_on = on if step.target in (Action.State.DONE, Action.State.DROPPED) else None
    action.full_clean(exclude=["hotspot"])
    action.save()
    _record(action, actor, "action moved", step=code, blocker=action.blocker)
    _set_aside(action, actor, [note])
    return action


@transaction.atomic
def log_visit(
    *,
    action: Action,
    key: uuid.UUID,
    unit: str,
    minutes: int,
    actor: Any,
    started_at: datetime | None = None,
    kind: str = Visit.Kind.PRESENCE,
    observation: str = "",
    source: str = Visit.Source.PAGE,
) -> tuple[Visit, bool]:
    """Note one visit; the same key again gives the visit there is, and False.

    Without a start the visit ended now.
    """
    there = Visit.objects.filter(key=key).select_related("action").first()
    if there is not None:
        if there.action_id != action.pk:
            raise ValidationError(_("This visit was noted of another action."))
        return there, False
    visit = Visit(
        action=action,
        key=key,
        unit=unit,
        kind=kind,
        minutes=minutes,
        started_at=started_at or timezone.now() - timedelta(minutes=minutes),
        observation=observation,
        source=source,
    )
    visit.full_clean()
    _in_its_time(visit)
    visit.save()
    record(
        actor=actor,
        action=Act.COLLECTION,
        object_type="actions.visit",
        object_id=action.pk,
        zone=action.hotspot.zone,
        details={"event": "visit noted", "minutes": minutes, "source": source},
    )
    return visit, True


def _in_its_time(visit: Visit) -> None:
    action, now = visit.action, timezone.now()
    if action.begun_on is None or action.state not in rules.VISITED:
        raise ValidationError(_("Visits are noted once the action has begun."))
    if visit.started_at > now + LATEST:
        raise ValidationError(_("This visit is still to come."))
    if visit.source != Visit.Source.FILE and visit.started_at < now - OLDEST:
        raise ValidationError(_("This visit is too old to be noted here; bring it in with a file."))
    # A visit that runs past midnight into the first day was of the action.
    clock, ended = _clock(action), visit.started_at + timedelta(minutes=visit.minutes)
    if ended.astimezone(clock).date() < action.begun_on:
        raise ValidationError(_("This visit was before the action began."))
    if action.closed_on is not None and visit.started_at.astimezone(clock).date() > action.closed_on:
        raise ValidationError(_("This visit was after the action was closed."))


def _clock(action: Action) -> Any:
    return ZoneInfo(action.hotspot.zone.timezone)


@transaction.atomic
def remove_visit(*, visit: Visit, actor: Any) -> None:
    """Take back a visit that was noted by mistake."""
    record(
        actor=actor,
        action=Act.ERASURE,
        object_type="actions.visit",
        object_id=visit.action_id,
        zone=visit.action.hotspot.zone,
        details={"event": "visit taken back", "minutes": visit.minutes},
    )
    visit.delete()


def _locked(action: Action) -> Action:
    """The action as it stands now. Two people at once: the second finds the state the first left."""
    found = Action.objects.select_for_update(of=("self",)).select_related("hotspot__zone")
    return found.get(pk=action.pk)


def _set_aside(action: Action, actor: Any, texts: Iterable[object]) -> None:
    set_aside(
        actor=actor, object_type="actions.action", object_id=action.pk, zone=action.hotspot.zone, texts=texts
    )


def _record(action: Action, actor: Any, event: str, **details: Any) -> None:
    record(
        actor=actor,
        action=Act.CHANGE,
        object_type="actions.action",
        object_id=action.pk,
        zone=action.hotspot.zone,
        details={"event": event, "hotspot": action.hotspot.number, **details},
    )

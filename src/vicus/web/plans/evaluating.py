"""Writing yearly evaluations: begun, written, asked, decided. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vicus.web.actions import rules as action_rules
from vicus.web.actions import services as actions
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met
from vicus.web.hotspots import keeping
from vicus.web.hotspots import services as hotspots
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import DIRECTION
from vicus.web.phases import rules as phase_rules
from vicus.web.phases import services as phases
from vicus.web.phases.models import Move
from vicus.web.plans import rules, years
from vicus.web.plans.models import Evaluation, Plan, Step
from vicus.web.plans.services import read_texts
from vicus.web.zone.models import Zone

PARTS = ("text", "nature", "reliability")


@transaction.atomic
def begin(
    *, zone: Zone, year: int, actor: Any, on: date, hotspot: Hotspot | None = None, plan: Plan | None = None
) -> Evaluation:
    """A draft for a year; the one that is there already when there is one."""
    if year > on.year:
        raise ValidationError(_("This year has not begun yet."))
    found, new = Evaluation.objects.get_or_create(zone=zone, year=year, hotspot=hotspot, plan=plan)
    if new:
        _step(found, "begin", on, actor, "")
        _record(found, actor, "evaluation begun", Action.COLLECTION)
    return found


@transaction.atomic
def write(
    *,
    evaluation: Evaluation,
    words: Mapping[str, Mapping[str, str]],
    revision: int,
    actor: Any,
    vouched: str = "",
) -> Evaluation:
    """Keep the words around the figures. Raises `Suspected` when a text may speak of a person, `Met` when another saved."""
    found = _locked(evaluation)
    if found.state != Evaluation.State.DRAFT:
        raise ValidationError(_("The words were fixed when the decision was asked."))
    if revision != found.revision:
        raise Met(found)
    kept = {
        key: {part: words[key].get(part, "").strip() for part in PARTS} for key in rules.TEXTS if key in words
    }
    for told in kept.values():
        if told["text"] and not (told["nature"] and told["reliability"]):
            raise ValidationError(_("Say of each text whether it is fact or assessment, and how reliable."))
    named, kinds = read_texts((told["text"] for told in kept.values()), (vouched, found.vouched))
    if named and named != found.vouched:
        _record(found, actor, "warning of personal data set aside", Action.CHANGE, kinds=kinds)
    found.words, found.vouched, found.revision = kept, named, found.revision + 1
    found.full_clean()
    found.save(update_fields=["words", "vouched", "revision"])
    _record(found, actor, "evaluation written", Action.CHANGE)
    return found


@transaction.atomic
def take(
    *, evaluation: Evaluation, code: str, actor: Any, on: date, comment: str = "", decision: str = "",
    reason: str = "", reference: str = "", decided_by: str = DIRECTION,
) -> Evaluation:  # fmt: skip
    """Take one step of the table in `rules`. Deciding freezes the figures; closing closes the hotspot."""
    found = _locked(evaluation)
    step = rules.BY_CODE[code]
    if found.state not in step.sources:
        raise ValidationError(
            _("Meanwhile this evaluation is: %(state)s.") % {"state": found.get_state_display()}
        )
    _needs(step, found, comment=comment, decision=decision, reason=reason)
    found.state = step.target
    if code == "ask":
        found.asked_on = on
    if code == "decide":
        found.decision, found.reason, found.reference = decision, reason.strip(), reference.strip()
        found.decided_by, found.decided_on = decided_by, on
        _freeze(found, on)
    found.full_clean()
    found.save()
    _step(found, code, on, actor, comment.strip())
    _record(found, actor, "evaluation passed on", Action.CHANGE, step=code, decision=decision)
    if found.decision == Evaluation.Decision.CLOSE and found.hotspot is not None and code == "decide":
        _close(found.hotspot, actor, on, decided_by, found.reference)
    return found


def _needs(step: rules.Step, found: Evaluation, *, comment: str, decision: str, reason: str) -> None:
    if "words" in step.needs and not any(told.get("text") for told in found.words.values()):
        raise ValidationError(_("Write what worked, what did not, what we learn or what comes next first."))
    if "comment" in step.needs and not comment.strip():
        raise ValidationError(_("Say why in a few words."))
    if "decision" in step.needs and decision not in rules.decisions(found):
        raise ValidationError(_("Choose what is decided."))
    if "reason" in step.needs and not reason.strip():
        raise ValidationError(_("Say why this is decided."))
    read_texts((comment, reason), ())


def _freeze(found: Evaluation, on: date) -> None:
    """The figures as known that day, with every version they rest on."""
    figures, counted, perimeter = years.work_out(found, known=on)
    found.figures, found.perimeter = dict(figures), perimeter
    found.data_version = counted.version.number if counted else None
    found.known_at = counted.version.known_at if counted else timezone.now()
    found.software = keeping.software()


def _close(hotspot: Hotspot, actor: Any, on: date, decided_by: str, reference: str) -> None:
    """Close the hotspot with what is still open in it: moves are withdrawn, actions closed or given up."""
    open_actions = hotspot.actions.filter(state__in=action_rules.OPEN)
    for action in open_actions:
        code = "finish" if action.state == action_rules.State.RUNNING else "drop"
        note = _("The hotspot was closed.")
        actions.take(action=action, code=code, on=on, hotspots=(), actor=actor, note=note)
    for move in Move.objects.filter(hotspot=hotspot, state__in=phase_rules.OPEN):
        phases.take(move=move, code="withdraw", actor=actor, on=on)
    hotspots.close(hotspot=hotspot, on=on, decided_by=decided_by, reference=reference, actor=actor)


def _locked(evaluation: Evaluation) -> Evaluation:
    found = Evaluation.objects.select_for_update(of=("self",)).select_related("hotspot", "plan", "zone")
    return found.get(pk=evaluation.pk)


def _step(evaluation: Evaluation, code: str, on: date, actor: Any, comment: str) -> None:
    by = str(getattr(actor, "username", actor))
    Step.objects.create(evaluation=evaluation, code=code, taken_on=on, by=by, comment=comment)


def _record(evaluation: Evaluation, actor: Any, event: str, action: Action, **details: Any) -> None:
    hotspot = evaluation.hotspot.number if evaluation.hotspot else None
    record(
        actor=actor, action=action, object_type="plans.evaluation", object_id=evaluation.pk, zone=evaluation.zone,
        details={"event": event, "year": evaluation.year, "hotspot": hotspot, **details},
    )  # fmt: skip

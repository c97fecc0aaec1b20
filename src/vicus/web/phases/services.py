"""Writing moves between phases. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots import services as hotspots
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import DIRECTION
from vicus.web.phases import rules
from vicus.web.phases.models import Item, Move, Setting, Step
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of an item: done or not, the evidence, fact or assessment, how reliable."""

    done: bool = False
    evidence: str = ""
    nature: str = ""
    reliability: str = ""


@transaction.atomic
def draw_up(*, hotspot: Hotspot, target: str, actor: Any, on: date) -> Move:
    """A new draft of a move, with an empty checklist."""
    Hotspot.objects.select_for_update(of=("self",)).get(pk=hotspot.pk)
    if hotspot.status == Hotspot.Status.CLOSED:
        raise ValidationError(_("This hotspot is closed."))
    if hotspot.moves.filter(state__in=rules.OPEN).exists():
        raise ValidationError(_("Another move of this hotspot is still open."))
    source = _source(hotspot)
    if target not in rules.targets(source):
        raise ValidationError(_("This phase cannot follow the one the hotspot is in."))
    move = Move.objects.create(hotspot=hotspot, source=source, target=target, drawn_up_on=on)
    Item.objects.bulk_create(Item(move=move, code=item.code) for item in rules.gate_of(source, target).items)
    _step(move, "draw_up", on, actor, "")
    _record(move, actor, "move drawn up", Action.COLLECTION)
    return move


@transaction.atomic
def write(*, move: Move, answers: Mapping[str, Answer], revision: int, actor: Any, vouched: str = "") -> Move:
    """Keep the checklist. Raises `Suspected` when a text may speak of a person, `Met` when somebody wrote meanwhile."""
    move = _locked(move)
    if move.state != Move.State.DRAFT:
        raise ValidationError(_("The checklist was fixed when the move was asked."))
    if revision != move.revision:
        raise Met(move)
    texts = "\n".join(answer.evidence for answer in answers.values())
    findings = freetext.find(texts)
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, move.vouched):
        raise Suspected(findings)
    if findings and named != move.vouched:
        kinds = sorted({finding.what for finding in findings})
        _record(move, actor, "warning of personal data set aside", Action.CHANGE, kinds=kinds)
    for item in move.items.all():
        answer = answers.get(item.code)
        if answer is None:
            continue
        item.done, item.evidence = answer.done, answer.evidence.strip()
        item.nature, item.reliability = answer.nature, answer.reliability
        item.full_clean(exclude=["move"])
        item.save()
    move.vouched, move.revision = named, move.revision + 1
    move.save(update_fields=["vouched", "revision"])
    _record(move, actor, "checklist written", Action.CHANGE)
    return move


@transaction.atomic
def take(
    *,
    move: Move,
    code: str,
    actor: Any,
    on: date,
    comment: str = "",
    exception: str = "",
    reference: str = "",
    starts_on: date | None = None,
    figures: Mapping[str, Any] | None = None,
    decided_by: str = DIRECTION,
) -> Move:
    """Take one step of the table in `rules`. Granting closes the phase the hotspot is in and opens the next.

    `figures` is what the system worked out for the gate; it is kept when the move is asked.
    """
    # Two people at once: the second finds the state the first left.
    move = _locked(move)
    step = rules.BY_CODE[code]
    if move.state not in step.sources:
        raise ValidationError(_("Meanwhile this move is %(state)s.") % {"state": move.get_state_display()})
    if "comment" in step.needs and not comment.strip():
        raise ValidationError(_("Say why in a few words."))
    if "complete" in step.needs:
        if missing(move) and not exception.strip():
            raise ValidationError(_("Items are missing. Say why the gate is opened nevertheless."))
        move.exception = exception.strip() if missing(move) else ""
    move.state = step.target
    if code == "ask":
        move.asked_on, move.figures = on, dict(figures or {})
    if code in ("grant", "refuse"):
        move.decided_on, move.reference = on, reference
    if code == "grant":
        move.starts_on = starts_on or on
        _open_phase(move, actor, on, decided_by)
    move.full_clean(exclude=["hotspot"])
    move.save()
    _step(move, code, on, actor, comment.strip())
    _record(
        move, actor, "move passed on", Action.CHANGE,
        step=code, missing=[item.code for item in missing(move)],
    )  # fmt: skip
    return move


def missing(move: Move) -> list[Item]:
    """Items of the checklist that are not done."""
    return [item for item in move.items.all() if not item.done]


@transaction.atomic
def set_stable_months(*, zone: Zone, months: int, actor: Any) -> None:
    """How many stable months the gate to Build asks for."""
    setting = Setting.objects.filter(zone=zone).first() or Setting(zone=zone)
    before, setting.stable_months = setting.stable_months, months
    setting.full_clean()
    setting.save()
    record(
        actor=actor, action=Action.CHANGE, object_type="phases.setting", object_id=zone.slug, zone=zone,
        details={"event": "stable months set", "months": months, "before": before},
    )  # fmt: skip


def _open_phase(move: Move, actor: Any, on: date, decided_by: str) -> None:
    if _source(move.hotspot) != move.source:
        raise ValidationError(_("Meanwhile the hotspot passed to another phase; draw up a new move."))
    assert move.starts_on is not None
    if move.starts_on > on:
        raise ValidationError(_("The phase does not start after the day of the decision."))
    hotspots.pass_to_phase(
        hotspot=move.hotspot,
        kind=move.target,
        started_on=move.starts_on,
        decided_by=decided_by,
        decision_reference=move.reference,
        evidence="\n\n".join(item.evidence for item in move.items.all() if item.evidence),
        actor=actor,
    )


def _source(hotspot: Hotspot) -> str:
    current = hotspot.phases.filter(ended_on=None).first()
    return current.kind if current else ""


def _locked(move: Move) -> Move:
    found = Move.objects.select_for_update(of=("self",)).select_related("hotspot__zone")
    return found.get(pk=move.pk)


def _step(move: Move, code: str, on: date, actor: Any, comment: str) -> None:
    by = str(getattr(actor, "username", actor))
    Step.objects.create(move=move, code=code, taken_on=on, by=by, comment=comment)


def _record(move: Move, actor: Any, event: str, action: Action, **details: Any) -> None:
    record(
        actor=actor, action=action, object_type="phases.move", object_id=move.pk, zone=move.hotspot.zone,
        details={
            "event": event, "hotspot": move.hotspot.number, "from": move.source, "to": move.target, **details,
        },
    )  # fmt: skip

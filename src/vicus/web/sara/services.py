"""Writing sheets and problems. Each act is recorded; no text is lost, and none with a person in it slips by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.incidents.freetext import Finding
from vicus.web.actions.models import Action as Planned
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import frozen, queries, rules, writing
from vicus.web.sara.models import Aside, Entry, Passage, Problem, Promise, SaraSheet, Step
from vicus.web.sara.shape import Kind
from vicus.web.sara.writing import Choice, Desk, Written, account


@transaction.atomic
def open_sheet(*, hotspot: Hotspot, month: date, actor: Any, at: datetime | None = None) -> SaraSheet:
    """The sheet of a month, made when it is first written on."""
    sheet, made = SaraSheet.objects.get_or_create(
        hotspot=hotspot, month=month.replace(day=1), defaults={"opened_at": at or timezone.now()}
    )
    if made:
        _tell(actor, Action.COLLECTION, sheet, "sheet opened")
    return sheet


@transaction.atomic
def write(
    *,
    sheet: SaraSheet,
    key: str,
    text: str,
    revision: int,
    actor: Any,
    page: str = "",
    vouched: str = "",
    at: datetime | None = None,
) -> Written:
    """Save one text of a sheet.

    `revision` is the one the writer started from. When somebody else saved meanwhile, their text stays and this
    one is set aside for the writers to choose; so it is when the sheet is no longer a draft.
    """
    state = SaraSheet.objects.select_for_update().values_list("state", flat=True).get(pk=sheet.pk)
    passage, _made = Passage.objects.select_for_update().get_or_create(
        sheet=sheet, key=key, defaults={"written_at": at or timezone.now()}
    )
    return writing.write(
        _desk(sheet, state, actor), passage,
        text=text, revision=revision, actor=actor, page=page, vouched=vouched, at=at,
    )  # fmt: skip


@transaction.atomic
def settle(*, aside: Aside, choice: Choice, actor: Any) -> Passage:
    """Choose between two texts: take the one that was set aside, join the two, or let the one aside go.

    A text that gives way to another is itself set aside, so that taking one is never losing one.
    """
    passage = Passage.objects.select_for_update().select_related("sheet").get(pk=aside.passage_id)
    sheet = passage.sheet
    writing.settle(_desk(sheet, sheet.state, actor), passage, aside, choice=choice, actor=actor)
    return passage


@transaction.atomic
def keep(
    *,
    kind: Kind,
    thing: Any,
    values: Mapping[str, Any],
    actor: Any,
    revision: int = 0,
    vouched: str = "",
    at: datetime | None = None,
) -> Any:
    """Save an entry of a sheet or a problem, new or changed.

    Raises `Suspected` when a text may speak of a person and nobody vouched for it, `Met` when somebody else
    changed the entry meanwhile.
    """
    assert isinstance(thing, Entry)
    new = thing.pk is None
    sheet: SaraSheet | None = getattr(thing, "sheet", None)
    if sheet is not None and not _is_draft(sheet):
        raise ValidationError(_("The sheet is no longer a draft."))
    if not new:
        current: Any = kind.model._default_manager.select_for_update().get(pk=thing.pk)
        if current.revision != revision and any(
            field.value(current) != values.get(field.key) for field in kind.fields if field.key in values
        ):
            raise Met(current)
        thing = current
    findings = freetext.find(texts_of(kind, values))
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, thing.vouched):
        raise Suspected(findings)
    before = {field.key: field.value(thing) for field in kind.fields}
    for field in kind.fields:
        if field.key in values:
            field.put(thing, values[field.key])
    changed = sorted(key for key, value in values.items() if before.get(key) != value)
    if not new and not changed:
        return thing
    if isinstance(thing, Problem) and new:
        highest = thing.hotspot.problems.aggregate(highest=Max("number"))["highest"] or 0
        thing.number = highest + 1
    if findings and named != thing.vouched:
        _vouch(actor, sheet or thing.hotspot, findings, kind.key)
    thing.revision = thing.revision + 1
    thing.vouched, thing.written_by, thing.written_at = named, account(actor), at or timezone.now()
    thing.full_clean()
    thing.save()
    record(
        actor=actor,
        action=Action.COLLECTION if new else Action.CHANGE,
        object_type=f"sara.{kind.key}",
        object_id=_name(thing),
        zone=_hotspot(thing).zone,
        details={"fields": changed},
    )
    return thing


@transaction.atomic
def remove(*, kind: Kind, thing: Any, actor: Any) -> None:
    """Take an entry out of a draft."""
    if not _is_draft(thing.sheet):
        raise ValidationError(_("The sheet is no longer a draft."))
    name = _name(thing)
    thing.delete()
    record(
        actor=actor, action=Action.ERASURE, object_type=f"sara.{kind.key}", object_id=name,
        zone=thing.sheet.hotspot.zone,
    )  # fmt: skip


@transaction.atomic
def step(
    *,
    sheet: SaraSheet,
    name: str,
    actor: Any,
    comment: str = "",
    vouched: str = "",
    at: datetime | None = None,
) -> Step:
    """Pass a sheet from one state to the next, when the table in `rules` allows it."""
    now, transition = at or timezone.now(), rules.BY_NAME[name]
    sheet = SaraSheet.objects.select_for_update(of=("self",)).select_related("hotspot__zone").get(pk=sheet.pk)
    if sheet.state != transition.before:
        raise ValidationError(_("The sheet is no longer in the state this starts from. Load the page again."))
    comment = comment.strip()
    if transition.comment == "must" and not comment:
        raise ValidationError(_("Say why, so that the writer can go on."))
    findings = freetext.find(comment)
    if findings and freetext.fingerprint(findings) != vouched:
        raise Suspected(findings)
    wanting = rules.missing(transition, _standing(sheet, now))
    if wanting:
        raise ValidationError([str(condition.missing) for condition in wanting])
    if transition.after == SaraSheet.State.SUBMITTED:
        _freeze(sheet, now)
    elif transition.after == SaraSheet.State.DRAFT:
        sheet.figures = None
        sheet.data_version = sheet.known_at = sheet.perimeter = sheet.geocoding_rate = None
        sheet.software = ""
    sheet.state = transition.after
    sheet.save()
    taken = Step.objects.create(
        sheet=sheet, name=name, before=transition.before, after=transition.after, comment=comment,
        by=account(actor), at=now,
    )  # fmt: skip
    _tell(actor, Action.CHANGE, sheet, f"sheet: {name}", data_version=sheet.data_version)
    return taken


@transaction.atomic
def link(*, promise: Promise, action: Planned | None, actor: Any) -> None:
    """Say which action of the hotspot keeps a promise; no word of the sheet changes, so it may be frozen."""
    if action is not None and action.hotspot_id != promise.sheet.hotspot_id:
        raise ValidationError(_("A promise is kept by an action of its own hotspot."))
    Promise.objects.filter(pk=promise.pk).update(action=action)
    _tell(
        actor, Action.CHANGE, promise.sheet, "promise linked to an action",
        promise=promise.pk, planned=action.pk if action is not None else None,
    )  # fmt: skip


def texts_of(kind: Kind, values: Mapping[str, Any]) -> str:
    """All free text among the values of an entry."""
    return "\n".join(
        str(values[field.key])
        for field in kind.fields
        if field.kind in ("text", "line") and values.get(field.key)
    )


def _standing(sheet: SaraSheet, at: datetime) -> rules.Standing:
    """How far the sheet is, on the figures that would be frozen or are."""
    zone = sheet.hotspot.zone
    shown = (
        frozen.of_sheet(zone, [], sheet.hotspot, sheet)
        if sheet.figures is not None
        else frozen.to_freeze(zone, places.hotspots(zone), sheet.hotspot, sheet.month, at)
    )
    reviewed = set(sheet.reviews.values_list("promise_id", flat=True))
    promised = set(queries.open_promises(sheet.hotspot, sheet.month).values_list("pk", flat=True))
    return queries.standing(
        list(sheet.passages.prefetch_related("asides")), open_promises=len(promised - reviewed), shown=shown
    )


def _freeze(sheet: SaraSheet, at: datetime) -> None:
    """Put the figures and the versions they rest on into the sheet."""
    zone = sheet.hotspot.zone
    shown = frozen.to_freeze(zone, places.hotspots(zone), sheet.hotspot, sheet.month, at)
    assert shown is not None  # a condition of the transition
    found = shown.figures
    sheet.figures = json.loads(json.dumps(found.as_dict(), cls=DjangoJSONEncoder))
    sheet.data_version, sheet.known_at = found.version.number, found.version.known_at
    sheet.perimeter, sheet.software = shown.used.perimeter, found.software
    sheet.geocoding_rate = found.quality.geocoding_rate


@transaction.atomic
def consult(*, problem: Problem, code: str, actor: Any) -> Problem:
    """Note that a card of what is known was looked at for this problem."""
    problem = (
        Problem.objects.select_for_update(of=("self",)).select_related("hotspot__zone").get(pk=problem.pk)
    )
    if code not in problem.consulted:
        problem.consulted = [*problem.consulted, code]
        problem.save(update_fields=["consulted"])
        record(
            actor=actor, action=Action.CHANGE, object_type="sara.problem", object_id=_name(problem),
            zone=problem.hotspot.zone, details={"event": "card consulted", "card": code},
        )  # fmt: skip
    return problem


def _is_draft(sheet: SaraSheet) -> bool:
    return SaraSheet.objects.filter(pk=sheet.pk, state=SaraSheet.State.DRAFT).select_for_update().exists()


def _desk(sheet: SaraSheet, state: str, actor: Any) -> Desk:
    """Where a text of a sheet is written."""
    return Desk(
        is_open=state == SaraSheet.State.DRAFT,
        closed=_("The sheet is no longer a draft."),
        tell=lambda event, **details: _tell(actor, Action.CHANGE, sheet, event, **details),
    )


def _vouch(actor: Any, where: SaraSheet | Hotspot, findings: Sequence[Finding], part: str) -> None:
    """Somebody says that what looks like a person is none. What was found is not repeated in the trail."""
    hotspot = where.hotspot if isinstance(where, SaraSheet) else where
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="sara.sheet",
        object_id=_name(where),
        zone=hotspot.zone,
        details={
            "event": "warning of personal data set aside",
            "part": part,
            "kinds": sorted({finding.what for finding in findings}),
        },
    )


def _tell(actor: Any, action: Action, sheet: SaraSheet, event: str, **details: Any) -> None:
    record(
        actor=actor, action=action, object_type="sara.sheet", object_id=_name(sheet), zone=sheet.hotspot.zone,
        details={"event": event, **details},
    )  # fmt: skip


def _hotspot(thing: models.Model) -> Hotspot:
    sheet: SaraSheet | None = getattr(thing, "sheet", None)
    found: Hotspot = sheet.hotspot if sheet is not None else thing.hotspot  # type: ignore[attr-defined]
    return found


def _name(thing: Any) -> str:
    """What a record of the trail calls it: "12 2026-10", with a number for what stands in a sheet."""
    if isinstance(thing, Hotspot):
        return str(thing.number)
    if isinstance(thing, SaraSheet):
        return f"{thing.hotspot.number} {thing.month:%Y-%m}"
    if isinstance(thing, Problem):
        return f"{thing.hotspot.number} problem {thing.number}"
    return f"{_name(thing.sheet)} #{thing.pk}"

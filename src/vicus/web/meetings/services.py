"""Writing meetings: planned, prepared, minuted, closed. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings import pack, promises, rules, shape
from vicus.web.meetings.models import Aside, Body, Commitment, Meeting, Passage, Shared
from vicus.web.sara import writing
from vicus.web.sara.shape import Kind
from vicus.web.sara.writing import Choice, Desk, Written
from vicus.web.zone.models import Area, Organisation


@dataclass(frozen=True, kw_only=True)
class When:
    """What is said of a meeting itself."""

    starts_at: datetime
    minutes: int = 90
    place: str = ""
    chair: str = ""
    language: str = "fr"
    levels: Sequence[int] = ()
    communes: Sequence[Area] = ()
    hotspots: Sequence[Hotspot] = ()


@transaction.atomic
def plan(*, actor: Any, body: Body, when: When) -> Meeting:
    """A meeting that is to come, or that is written down afterwards; its agenda begins as its levels ask."""
    meeting = Meeting(zone=body.zone, body=body)
    _fill(meeting, when)
    meeting.words = {"agenda": first_agenda(rules.levels(meeting), meeting.language)}
    meeting.save()
    _places(meeting, when)
    _tell(actor, Action.COLLECTION, meeting, "meeting planned", levels=list(meeting.levels))
    return meeting


@transaction.atomic
def change(*, actor: Any, meeting: Meeting, when: When) -> Meeting:
    """Another day, place, language or chair, while the minutes are open."""
    meeting = _locked(meeting)
    _refuse_closed(meeting)
    _fill(meeting, when)
    meeting.save()
    _places(meeting, when)
    _tell(actor, Action.CHANGE, meeting, "meeting changed")
    return meeting


@transaction.atomic
def write(
    *,
    meeting: Meeting,
    key: str,
    text: str,
    revision: int,
    actor: Any,
    page: str = "",
    vouched: str = "",
    at: datetime | None = None,
) -> Written:
    """Save one text of the minutes; what met another one is kept beside it (`sara.writing`)."""
    meeting = _locked(meeting)
    return writing.write(
        _desk(meeting, actor), _passage(meeting, key),
        text=text, revision=revision, actor=actor, page=page, vouched=vouched, at=at,
    )  # fmt: skip


@transaction.atomic
def settle(*, meeting: Meeting, aside: Aside, choice: Choice, actor: Any) -> None:
    """Choose between two texts that met."""
    meeting = _locked(meeting)
    passage = _passage(meeting, aside.passage.key)
    writing.settle(_desk(meeting, actor), passage, aside, choice=choice, actor=actor)


@transaction.atomic
def keep_group(
    *, meeting: Meeting, kind: Kind, values: Mapping[str, Any], revision: int, actor: Any, vouched: str = ""
) -> Meeting:
    """Save fields that are kept together. Raises `Suspected`, or `Met` when somebody else changed them meanwhile."""
    meeting = _locked(meeting)
    _refuse_closed(meeting)
    passage = _passage(meeting, kind.key)
    changed = sorted(key for key, value in values.items() if meeting.words.get(key) != value)
    if not changed:
        return meeting
    if revision != passage.revision:
        raise Met(meeting)
    named = _read(meeting, actor, _texts(kind, values), passage.vouched, vouched, kind.key)
    meeting.words = {**meeting.words, **values}
    passage.meeting, passage.vouched = meeting, named
    passage.revision += 1
    passage.written_by, passage.written_at = writing.account(actor), timezone.now()
    passage.save()
    _tell(actor, Action.CHANGE, meeting, "text written", part=kind.key, fields=changed)
    return meeting


@transaction.atomic
def keep(
    *, meeting: Meeting, kind: Kind, thing: Any, values: Mapping[str, Any], actor: Any, vouched: str = ""
) -> Any:
    """Save a row of a meeting, new or changed. What is shared is recorded as a disclosure, each time it changes."""
    meeting = _locked(meeting)
    _refuse_closed(meeting)
    new = thing.pk is None
    if kind is shape.COMMITMENT:
        return _promise(meeting, values, actor, vouched)
    named = _read(meeting, actor, _texts(kind, values), getattr(thing, "vouched", ""), vouched, kind.key)
    changed = sorted(field.key for field in kind.fields if field.value(thing) != values.get(field.key))
    if not new and not changed:
        return thing
    thing.meeting = meeting
    for field in kind.fields:
        field.put(thing, values[field.key])
    _refuse_strangers(meeting, thing)
    if hasattr(thing, "vouched"):
        thing.vouched = named
    thing.full_clean(exclude=["meeting"])
    thing.save()
    if isinstance(thing, Shared):
        _disclose(thing, actor)
    else:
        _tell(actor, Action.COLLECTION if new else Action.CHANGE, meeting, f"{kind.key} noted", row=thing.pk)
    return thing


@transaction.atomic
def remove(*, meeting: Meeting, kind: Kind, thing: models.Model, actor: Any) -> None:
    """Take a row out. What was shared stays on record: it cannot be unsaid."""
    meeting = _locked(meeting)
    _refuse_closed(meeting)
    if kind in (shape.SHARED, shape.COMMITMENT):
        raise ValidationError(_("What was shared or promised stays on record."))
    row = thing.pk
    thing.delete()
    _tell(actor, Action.ERASURE, meeting, f"{kind.key} removed", row=row)


@transaction.atomic
def step(*, meeting: Meeting, code: str, actor: Any, why: str = "") -> Meeting:
    """Take one step of the table in `rules`."""
    meeting, taken = _locked(meeting), rules.BY_CODE[code]
    if meeting.state not in taken.sources:
        raise ValidationError(
            _("Meanwhile this meeting is %(state)s.") % {"state": meeting.get_state_display()}
        )
    wanting = rules.missing(meeting, taken)
    if wanting:
        raise ValidationError([str(condition.missing) for condition in wanting])
    why = why.strip()
    if taken.why and not why:
        raise ValidationError(_("Say why in a few words."))
    findings = freetext.find(why)
    if findings:
        raise Suspected(findings)
    meeting.state = taken.target
    meeting.why = why if taken.why else ""
    meeting.save(update_fields=["state", "why", "changed_at"])
    _tell(actor, Action.CHANGE, meeting, "meeting passed on", step=code, state=meeting.state)
    return meeting


def first_agenda(levels: Sequence[int], language: str) -> str:
    """The points every meeting of these levels begins with, in the language of its minutes."""
    from django.utils.translation import override

    with override(language):
        points = [_("What became of earlier promises") if 1 in levels else _("Open commitments")]
        points += {
            1: [_("What you see and ask"), _("Three priorities"), _("What we agree")],
            2: [_("What each organisation sees"), _("Who does what"), _("How the partnership goes")],
            3: [_("Situation of each hotspot"), _("Decisions asked"), _("Orders that expire")],
            4: [_("Ranking with its uncertainty"), _("Phases and perimeters asked"), _("Capacity and displacement")],
            5: [_("Evaluation of the year"), _("Priorities"), _("Know-how to keep")],
        }[max(levels, default=3)]  # fmt: skip
        return "\n".join(f"{number}. {point}" for number, point in enumerate(points, 1))


def _fill(meeting: Meeting, when: When) -> None:
    found = freetext.find(f"{when.place}\n{when.chair}")
    if found:
        raise Suspected(found)
    meeting.starts_at, meeting.minutes = when.starts_at, when.minutes
    meeting.place, meeting.chair, meeting.language = (
        when.place,
        when.chair or meeting.body.chair,
        when.language,
    )
    meeting.levels = sorted(when.levels or meeting.body.levels)
    meeting.full_clean(exclude=["zone", "body", "words"])


def _places(meeting: Meeting, when: When) -> None:
    placed: list[Any] = [*when.communes, *when.hotspots]
    if any(place.zone_id != meeting.zone_id for place in placed):
        raise ValidationError(_("The places belong to another zone."))
    communes = list(when.communes) or [area for area in (meeting.body.commune,) if area is not None]
    hotspots = list(when.hotspots) or [place for place in (meeting.body.hotspot,) if place is not None]
    meeting.communes.set(communes)
    meeting.hotspots.set(hotspots)


def _promise(meeting: Meeting, values: Mapping[str, Any], actor: Any, vouched: str) -> Commitment:
    """A commitment as it falls; it belongs to the places of the meeting."""
    owner = Organisation.objects.filter(pk=values.get("owner") or 0, zone=meeting.zone).first()
    hotspot = Hotspot.objects.filter(pk=values.get("hotspot") or 0, zone=meeting.zone).first()
    if hotspot is None and meeting.hotspots.count() == 1:
        hotspot = meeting.hotspots.first()
    communes = list(meeting.communes.all()[:2])
    return promises.make(
        actor=actor, zone=meeting.zone, meeting=meeting, owner=owner, title=values["title"], due_on=values["due_on"],
        made_on=min(pack.day_of(meeting), values["due_on"]), level=max(rules.levels(meeting)), hotspot=hotspot,
        commune=communes[0] if len(communes) == 1 else None, detail=values.get("detail") or "", vouched=vouched,
    )  # fmt: skip


def _disclose(thing: Shared, actor: Any) -> None:
    """What leaves the house goes through the door: to whom, what for, on what basis (R06, R07, R08)."""
    what = door.Restricted(
        "meetings.shared", str(thing.pk), str(thing.meeting), (("basis", str(thing.basis)),)
    )
    door.grant(
        actor=actor, what=what, zone=thing.meeting.zone, action=Action.DISCLOSURE,
        reason=f"{thing.purpose} ({thing.get_basis_display()})", recipient=thing.organisation.name,
        details={"meeting": thing.meeting_id, "organisation": thing.organisation.code},
    )  # fmt: skip


def _refuse_strangers(meeting: Meeting, thing: Any) -> None:
    """Nothing of another zone, nobody who ended, and nothing is shared with whom was not asked."""
    organisation = getattr(thing, "organisation", None)
    if organisation is not None:
        if organisation.zone_id != meeting.zone_id:
            raise ValidationError({"organisation": _("This organisation belongs to another zone.")})
        if organisation.ended_on is not None and organisation.ended_on <= pack.day_of(meeting):
            raise ValidationError({"organisation": _("This organisation has ended; choose another one.")})
        there = type(thing)._default_manager.filter(meeting=meeting, organisation=organisation)
        if not isinstance(thing, Shared) and there.exclude(pk=thing.pk).exists():
            raise ValidationError({"organisation": _("This organisation is in the list already.")})
        if isinstance(thing, Shared) and not meeting.presences.filter(organisation=organisation).exists():
            raise ValidationError({"organisation": _("Ask the organisation to the meeting first.")})
    hotspot = getattr(thing, "hotspot", None)
    if hotspot is not None and hotspot.zone_id != meeting.zone_id:
        raise ValidationError({"hotspot": _("The places belong to another zone.")})


def _read(meeting: Meeting, actor: Any, text: str, before: str, vouched: str, part: str) -> str:
    """The text read for persons; what the writer vouches for, or `Suspected`."""
    findings = freetext.find(text)
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, before):
        raise Suspected(findings)
    if findings and named != before:
        writing.vouch(_desk(meeting, actor), findings, part)
    return named


def _texts(kind: Kind, values: Mapping[str, Any]) -> str:
    return "\n".join(
        str(values[field.key])
        for field in kind.fields
        if field.kind in ("text", "line") and values.get(field.key)
    )


def _refuse_closed(meeting: Meeting) -> None:
    if meeting.state not in rules.OPEN:
        raise ValidationError(_("The minutes are closed."))


def _desk(meeting: Meeting, actor: Any) -> Desk:
    return Desk(
        is_open=meeting.state in rules.OPEN,
        closed=_("The minutes are closed."),
        tell=lambda event, **details: _tell(actor, Action.CHANGE, meeting, event, **details),
    )


def _passage(meeting: Meeting, key: str) -> Passage:
    """The part of a meeting whose row is locked."""
    passage = Passage.objects.filter(meeting=meeting, key=key).first()
    if passage is None:
        passage = Passage(meeting=meeting, key=key)
        # The row alone: the words of the meeting do not change.
        models.Model.save(passage)
    passage.meeting = meeting
    return passage


def _locked(meeting: Meeting) -> Meeting:
    found = Meeting.objects.select_for_update(of=("self",)).select_related(
        "zone", "body__commune", "body__hotspot"
    )
    return found.get(pk=meeting.pk)


def _tell(actor: Any, action: Action, meeting: Meeting, event: str, **details: Any) -> None:
    record(
        actor=actor, action=action, object_type="meetings.meeting", object_id=meeting.pk, zone=meeting.zone,
        details={"event": event, "body": meeting.body.code, **details},
    )  # fmt: skip

"""Writing commitments: made, corrected, kept, postponed, dropped. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.meetings import commitment_rules as rules
from vicus.web.meetings.models import Commitment, Level, Meeting, Step
from vicus.web.zone.models import Area, Organisation, Zone

BOTH = ("nl", "fr")
"""Residents read these two languages at the same time (R25)."""


@transaction.atomic
def make(
    *,
    actor: Any,
    zone: Zone,
    meeting: Meeting | None,
    owner: Organisation | None,
    title: str,
    due_on: date,
    made_on: date,
    level: int,
    hotspot: Hotspot | None = None,
    commune: Area | None = None,
    detail: str = "",
    public: bool = False,
    public_words: Mapping[str, str] | None = None,
    vouched: str = "",
) -> Commitment:
    """A new commitment of an organisation, made in a meeting or (`meeting` None) outside one.

    Raises
    ------
    ValidationError
        Without an owner, with one that ended, due before it is made, of another zone, public without both languages.
    Suspected
        A text may speak of a person and nobody vouched for it.
    """
    wrong: dict[str, str] = {}
    if owner is None:
        wrong["owner"] = _("Say which organisation promises this.")
    elif owner.zone_id != zone.pk:
        wrong["owner"] = _("This organisation belongs to another zone.")
    elif owner.ended_on is not None and owner.ended_on <= made_on:
        wrong["owner"] = _(
            "%(name)s has ended and takes no new commitments; choose another organisation."
        ) % {"name": owner.name}
    homes = {meeting and meeting.zone_id, hotspot and hotspot.zone_id, commune and commune.zone_id}
    if homes - {None, zone.pk}:
        wrong["hotspot"] = _("The meeting or the place belongs to another zone.")
    if level not in Level.values:
        wrong["level"] = _("Choose one of the five levels.")
    if wrong:
        raise ValidationError(wrong)
    assert owner is not None
    if commune is None and hotspot is not None:
        commune = hotspot.commune
    commitment = Commitment(
        zone=zone, meeting=meeting, owner=owner, level=level, hotspot=hotspot, commune=commune, made_on=made_on,
    )  # fmt: skip
    _fill(commitment, title=title, detail=detail, due_on=due_on, public=public, public_words=public_words)
    kinds = _read(commitment, vouched)
    commitment.full_clean(exclude=["zone", "meeting", "owner", "hotspot", "commune"])
    commitment.save()
    _step(commitment, "make", made_on, actor)
    _record(commitment, actor, "commitment made", Action.COLLECTION)
    _told(commitment, actor, kinds)
    return commitment


@transaction.atomic
def correct(
    *,
    commitment: Commitment,
    actor: Any,
    revision: int,
    title: str,
    detail: str = "",
    public: bool = False,
    public_words: Mapping[str, str] | None = None,
    vouched: str = "",
) -> Commitment:
    """Correct the words and say whether residents read them; the due day moves by a step only.

    Raises `Met` when somebody wrote meanwhile, `Suspected` when a text may speak of a person.
    """
    commitment = locked(commitment)
    if revision != commitment.revision:
        raise Met(commitment)
    before = (commitment.title, commitment.detail, commitment.public, dict(commitment.public_words))
    _fill(
        commitment, title=title, detail=detail, due_on=commitment.due_on, public=public,
        public_words=public_words,
    )  # fmt: skip
    if before == (commitment.title, commitment.detail, commitment.public, commitment.public_words):
        return commitment
    kinds = _read(commitment, vouched)
    _save(commitment)
    _step(commitment, "correct", today(commitment.zone), actor)
    _record(commitment, actor, "commitment corrected", Action.CHANGE, public=commitment.public)
    _told(commitment, actor, kinds)
    return commitment


@transaction.atomic
def take(
    *,
    commitment: Commitment,
    code: str,
    actor: Any,
    on: date,
    reason: str = "",
    evidence: str = "",
    due_on: date | None = None,
    revision: int | None = None,
    vouched: str = "",
) -> Commitment:
    """Take one step of the table in `commitment_rules`.

    `revision` is the one that was read: `Met` is raised when somebody wrote meanwhile. Without it the state decides.
    """
    # Two people at once: the second finds the state the first left.
    commitment = locked(commitment)
    step = rules.BY_CODE[code]
    if commitment.state not in step.sources:
        raise ValidationError(
            _("Meanwhile this commitment is %(state)s.") % {"state": commitment.get_state_display()}
        )
    if revision is not None and revision != commitment.revision:
        raise Met(commitment)
    reason, evidence = reason.strip(), evidence.strip()
    given = {"reason": reason, "evidence": evidence, "due_on": due_on}
    missing = {need: str(NEEDED[need]()) for need in step.needs if not given[need]}
    if missing:
        raise ValidationError(missing)
    if on < commitment.made_on:
        raise ValidationError(_("This was promised later than the day of this step."))
    if code == "postpone":
        _postpone(commitment, due_on)
    commitment.state = step.target
    commitment.settled_on = on if step.target in rules.SETTLED else None
    commitment.reason = reason if code != "keep" else ""
    commitment.evidence = evidence if step.target in rules.SETTLED else ""
    kinds = _read(commitment, vouched)
    _save(commitment)
    _step(commitment, code, on, actor, evidence if code == "keep" else reason)
    _record(commitment, actor, "commitment moved", Action.CHANGE, step=code, due_on=commitment.due_on)
    _told(commitment, actor, kinds)
    return commitment


NEEDED = {
    "evidence": lambda: _("Say in a line what shows that it is kept."),
    "reason": lambda: _("Say why in a few words."),
    "due_on": lambda: _("Say by which day."),
}


def locked(commitment: Commitment) -> Commitment:
    """The commitment as it stands now, for whoever writes on it."""
    found = Commitment.objects.select_for_update(of=("self",)).select_related("zone", "owner", "hotspot")
    return found.get(pk=commitment.pk)


def _postpone(commitment: Commitment, due_on: date | None) -> None:
    assert due_on is not None
    if due_on <= commitment.due_on:
        raise ValidationError({"due_on": _("Choose a day later than the one that was promised.")})
    commitment.first_due_on = commitment.first_due_on or commitment.due_on
    commitment.due_on = due_on


def _fill(
    commitment: Commitment,
    *,
    title: str,
    detail: str,
    due_on: date,
    public: bool,
    public_words: Mapping[str, str] | None,
) -> None:
    words = {code: text.strip() for code, text in (public_words or {}).items() if text.strip()}
    wrong: dict[str, str] = {}
    if not title.strip():
        wrong["title"] = _("Say what is promised, in a line.")
    if due_on < commitment.made_on:
        wrong["due_on"] = _("The due day lies before the day it was promised.")
    if public and not all(words.get(code) for code in BOTH):
        wrong["public"] = _(
            "Residents read it in Dutch and in French: write both, or leave it closed to them."
        )
    if wrong:
        raise ValidationError(wrong)
    commitment.title, commitment.detail, commitment.due_on = title.strip(), detail.strip(), due_on
    commitment.public, commitment.public_words = public, words


def _read(commitment: Commitment, vouched: str) -> list[str]:
    """Read every text for persons (R17). The kinds of findings that somebody vouches for only now."""
    texts = [commitment.title, commitment.detail, commitment.reason, commitment.evidence]
    findings = freetext.find("\n".join([*texts, *commitment.public_words.values()]))
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, commitment.vouched):
        raise Suspected(findings)
    fresh = bool(findings) and named != commitment.vouched
    commitment.vouched = named
    return sorted({finding.what for finding in findings}) if fresh else []


def _save(commitment: Commitment) -> None:
    commitment.revision += 1
    commitment.full_clean(exclude=["zone", "meeting", "owner", "hotspot", "commune"])
    commitment.save()


def _step(commitment: Commitment, code: str, on: date, actor: Any, comment: str = "") -> None:
    by = str(getattr(actor, "username", actor))
    at = timezone.now()
    if on != today(commitment.zone):
        at = datetime.combine(on, time(12), ZoneInfo(commitment.zone.timezone))
    Step.objects.create(commitment=commitment, code=code, at=at, by=by, comment=comment)


def _record(commitment: Commitment, actor: Any, event: str, action: Action, **details: Any) -> None:
    record(
        actor=actor, action=action, object_type="meetings.commitment", object_id=commitment.pk, zone=commitment.zone,
        details={
            "event": event, "organisation": commitment.owner.code, "state": str(commitment.state), **details,
        },
    )  # fmt: skip


def _told(commitment: Commitment, actor: Any, kinds: list[str]) -> None:
    if kinds:
        _record(commitment, actor, "warning of personal data set aside", Action.CHANGE, kinds=kinds)

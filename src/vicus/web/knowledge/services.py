"""Writing cards. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected, refuse_personal
from vicus.web.knowledge.models import Card
from vicus.web.knowledge.rules import TEXTS, may_change
from vicus.web.zone.models import Zone


@transaction.atomic
def write(
    *,
    zone: Zone,
    values: Mapping[str, Any],
    actor: Any,
    vouched: str = "",
    origin: str = "",
    code: str = "",
    at: datetime | None = None,
) -> Card:
    """A new card of the zone; with the code of another it is that one in another language.

    Raises `Suspected` when a text may speak of a person and nobody vouched for it (R17); a pattern that may is refused
    whoever vouches.
    """
    card = Card(zone=zone, origin=origin, **values)
    card.code = code or _code(card)
    _scan(card, vouched)
    _keep(card, at)
    _tell(card, actor, "lesson made a card" if origin else "card written", Action.COLLECTION)
    return card


@transaction.atomic
def change(*, card: Card, values: Mapping[str, Any], revision: int, actor: Any, vouched: str = "") -> Card:
    """Change a card of the zone. Raises `Met` when somebody else changed it meanwhile, and `Suspected`."""
    card = _locked(card)
    changed = sorted(name for name, value in values.items() if getattr(card, name) != value)
    if changed and card.revision != revision:
        raise Met(card)
    if not changed:
        return card
    for name in changed:
        setattr(card, name, values[name])
    _scan(card, vouched)
    _keep(card)
    _tell(card, actor, "card changed", fields=changed)
    return card


@transaction.atomic
def take_out(*, card: Card, actor: Any) -> Card:
    """Take a card out: it is no longer listed nor found; its address stays, and it can be put back."""
    card = _locked(card)
    if card.ended_on is None:
        card.ended_on = timezone.now().astimezone(ZoneInfo(card.zone.timezone)).date() if card.zone else None
        card.save(update_fields=["ended_on"])
        _tell(card, actor, "card taken out")
    return card


@transaction.atomic
def put_back(*, card: Card, actor: Any) -> Card:
    """The reverse of taking it out."""
    card = _locked(card)
    if card.ended_on is not None:
        card.ended_on = None
        card.save(update_fields=["ended_on"])
        _tell(card, actor, "card put back")
    return card


def learn(
    *, zone: Zone, origin: str, title: str, lesson: str, action_kind: str, language: str, source: str, actor: Any,
    more: Mapping[str, str] | None = None,
) -> Card:  # fmt: skip
    """The lesson of an action as a card; the one there is when the same action gave one before."""
    there = Card.objects.filter(zone=zone, origin=origin).first()
    if there is not None:
        return there
    values = {
        "kind": Card.Kind.LESSON,
        "language": language,
        "title": title[:150],
        "done": lesson,
        "action_kinds": [action_kind],
        "grade": Card.Grade.PRACTICE,
        "source": source,
        **(more or {}),
    }
    # What was read in the lesson when it was written is not asked again; what names somebody never passes.
    findings = freetext.find("\n".join([title, lesson, source, *(more or {}).values()]))
    return write(zone=zone, values=values, actor=actor, origin=origin, vouched=freetext.fingerprint(findings))


def _scan(card: Card, vouched: str) -> None:
    texts = "\n".join(str(getattr(card, name)) for name in TEXTS)
    if card.kind == Card.Kind.PATTERN:
        refuse_personal(texts)
    findings = freetext.find(texts)
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, card.vouched):
        raise Suspected(findings)
    card.vouched = named


def _keep(card: Card, at: datetime | None = None) -> None:
    card.revision += 1
    card.written_at = at or timezone.now()
    # A lesson that just became a card has no types of problems yet: the form asks for them.
    card.full_clean(exclude=["problem_types"])
    card.save()


def _locked(card: Card) -> Card:
    if not may_change(card):
        raise ValidationError(
            _("Cards that come with Vicus are the same for everybody. Write one of your own.")
        )
    return Card.objects.select_for_update(of=("self",)).select_related("zone").get(pk=card.pk)


def _code(card: Card) -> str:
    """A short name from the title that no other card carries."""
    base = slugify(card.title)[:70] or "card"
    taken = set(Card.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(
        code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken
    )


def _tell(card: Card, actor: Any, event: str, action: Action = Action.CHANGE, **details: Any) -> None:
    record(
        actor=actor,
        action=action,
        object_type="knowledge.card",
        object_id=card.code,
        zone=card.zone,
        details={"event": event, "language": card.language, **details},
    )

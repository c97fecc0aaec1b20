"""Adding to the audit trail, and checking that it is whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.models import Action, Head, Record

SYSTEM = "system"
FIRST_SEAL = "0" * 64


@dataclass(frozen=True)
class Chain:
    """What checking the whole audit trail found."""

    whole: bool
    records: int
    seal: str
    broken_at: int | None = None
    why: str = ""

    @property
    def explanation(self) -> str:
        """What is wrong, in the reader's language."""
        return str(REASONS.get(self.why, ""))


REASONS = {
    "gap": _("A record is missing before this one."),
    "link": _("It does not continue the record before it."),
    "seal": _("Its content does not match its seal."),
    "end": _("Records are missing after this one."),
}


@transaction.atomic
def record(
    *,
    actor: Any,
    action: Action | str,
    object_type: str,
    object_id: object,
    zone: Any = None,
    reason: str = "",
    recipient: str = "",
    details: Mapping[str, Any] | None = None,
) -> Record:
    """Add one record. It belongs to the transaction it is called in: what is undone was not done.

    `actor` is a user, or a name for what has no account ("system", "command line of …"); `zone` a zone
    or its slug. Values that do not fit raise: a record is never silently cut.
    """
    slug = _slug(zone)
    # Whoever comes second waits here until the first has committed, so the chain never forks.
    # On SQLite the transaction itself has waited already (BEGIN IMMEDIATE).
    Head.objects.get_or_create(id=Head.ONLY)
    head = Head.objects.select_for_update().get(id=Head.ONLY)
    entry = Record(
        number=head.number + 1,
        at=timezone.now(),
        action=Action(action).value,
        object_type=object_type,
        object_id=_clean(str(object_id)),
        zone=slug,
        reason=_clean(reason),
        recipient=_clean(recipient),
        details_text=json.dumps(dict(details or {}), sort_keys=True, cls=DjangoJSONEncoder),
        previous=head.seal,
        **_who(actor, slug),
    )
    entry.seal = seal_of(entry)
    entry.full_clean(validate_unique=False, validate_constraints=False)
    entry.save()
    Head.objects.filter(id=Head.ONLY).update(number=entry.number, seal=entry.seal)
    return entry


def seal_of(entry: Record) -> str:
    """SHA-256 over the record and the seal before it."""
    content = [
        entry.number, entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
        entry.action, entry.actor_id, entry.actor, entry.role, entry.zone, entry.object_type, entry.object_id,
        entry.reason, entry.recipient, entry.details_text, entry.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode("ascii")).hexdigest()


@transaction.atomic
def verify() -> Chain:
    """Walk the chain from the first record to the head."""
    previous, number = FIRST_SEAL, 0
    for entry in _in_order():
        number += 1
        why = ""
        if entry.number != number:
            why = "gap"
        elif entry.previous != previous:
            why = "link"
        elif entry.seal != seal_of(entry):
            why = "seal"
        if why:
            return Chain(False, number, previous, entry.number, why)
        previous = entry.seal
    head = Head.objects.filter(id=Head.ONLY).first()
    expected = (head.number, head.seal) if head else (0, FIRST_SEAL)
    if expected != (number, previous):
        return Chain(False, number, previous, number, "end")
    return Chain(True, number, previous)


def _in_order() -> Iterator[Record]:
    return Record.objects.order_by("number").iterator(chunk_size=2000)


def _who(actor: Any, slug: str) -> dict[str, str]:
    if actor is None or isinstance(actor, str):
        return {"actor_id": "", "actor": _clean(actor or SYSTEM), "role": ""}
    role = actor.role_in(slug) if slug else ", ".join(sorted(set(actor.role_by_zone.values())))
    return {"actor_id": str(actor.pk), "actor": _clean(f"{actor.name} ({actor.username})"), "role": role}


def _slug(zone: Any) -> str:
    return "" if zone is None else str(getattr(zone, "slug", zone))


def _clean(text: str) -> str:
    """Without what no database can hold: NUL, and halves of broken characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()

"""The audit door on the command line: what leaves says who took it, why and for whom (rights R07, R08)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vicus.cli.app import Refused
from vicus.cli.installation import operator

if TYPE_CHECKING:
    from vicus.web.audit.door import Grant
    from vicus.web.zone.models import Zone

ReasonOption = Annotated[
    str | None,
    typer.Option(help="Why it is taken; stands in the file and in the audit trail. A terminal asks for it."),
]
RecipientOption = Annotated[
    str | None,
    typer.Option(help="Service or organisation that receives it; your own when it stays with you."),
]


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why something is taken, and for whom."""

    reason: str
    recipient: str


def purpose(reason: str | None, recipient: str | None) -> Purpose:
    """What was given, or what the person at the terminal answers; refused without words to record."""
    from vicus.web.audit.forms import ReasonForm

    if sys.stdin.isatty():
        reason = reason or typer.prompt("Reason", err=True)
        recipient = recipient or typer.prompt("Recipient", err=True)
    if not reason or not recipient:
        raise Refused(
            "This takes figures or facts out of the store: say why and for whom, "
            "with --reason and --recipient. Both stand in the audit trail.",
            code=2,
        )
    form = ReasonForm({"door_reason": reason, "door_recipient": recipient}, disclosure=True)
    if not form.is_valid():
        raise Refused(" ".join(str(sentence) for field in form.errors.values() for sentence in field), code=2)
    return Purpose(reason, recipient)


def hand_over(
    zone: Zone, object_type: str, object_id: str, for_: Purpose, details: Mapping[str, Any] | None = None
) -> Grant:
    """Record the disclosure, and give the proof that readers of restricted records ask for."""
    from vicus.web.audit import door
    from vicus.web.audit.models import Action

    return door.grant(
        actor=operator(),
        what=door.Restricted(object_type, object_id),
        zone=zone,
        action=Action.DISCLOSURE,
        reason=for_.reason,
        recipient=for_.recipient,
        details=details,
    )


def stamp(grant: Grant) -> dict[str, Any]:
    """Who took it, when, why and for whom, as it stands with what is taken (rights R08)."""
    from django.utils import timezone

    return {
        "user": str(operator()),
        "at": timezone.now().isoformat(timespec="minutes"),
        "purpose": grant.reason,
        "recipient": grant.recipient,
        "record": grant.record_number,
    }

"""Links of organisations: an address that opens the organisation's own open commitments and nothing else.

Only a fingerprint of the address is stored, so it is shown once, when it is made. Every use stands in the trail.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from vicus.web.accounts.addresses import digest, secret
from vicus.web.accounts.rules import Permission
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.hotspots.services import today
from vicus.web.meetings import promises
from vicus.web.meetings.models import Commitment, CommitmentLink
from vicus.web.meetings.queries import Reader
from vicus.web.zone.models import Organisation

DAYS = 90
"""How long a link works."""

WINDOW_SECONDS = 300
MOST_WRONG, MOST_USES = 20, 60
"""In one window: unknown addresses asked for from one place, and uses of one link."""


def may_write(who: Reader) -> bool:
    """Links are made by those who write meetings and read the whole zone: a link shows all its organisation promised."""
    return Permission.WRITE_MEETINGS in who.role.permissions and who.areas is None


@transaction.atomic
def make(*, organisation: Organisation, actor: Any, on: date | None = None) -> tuple[CommitmentLink, str]:
    """A new link, and the secret part of its address, which nobody can ask for again.

    Raises
    ------
    ValidationError
        The organisation has ended.
    """
    on = on or today(organisation.zone)
    if organisation.ended_on is not None and organisation.ended_on <= on:
        raise ValidationError(_("%(name)s has ended; it gets no link.") % {"name": organisation.name})
    token = secret()
    link = CommitmentLink.objects.create(
        organisation=organisation, digest=digest(token), made_on=on, ends_on=on + timedelta(days=DAYS)
    )
    _record(link, actor, "link made", Action.COLLECTION)
    return link, token


@transaction.atomic
def revoke(*, link: CommitmentLink, actor: Any) -> None:
    """The link stops working at once. Doing it again changes nothing."""
    link = (
        CommitmentLink.objects.select_for_update(of=("self",))
        .select_related("organisation__zone")
        .get(pk=link.pk)
    )
    if link.revoked_on is not None:
        return
    link.revoked_on = today(link.organisation.zone)
    link.save(update_fields=["revoked_on"])
    _record(link, actor, "link revoked", Action.CHANGE)


def found(token: str) -> CommitmentLink | None:
    """The link of an address, when it works today: made, not ended, not revoked."""
    link = CommitmentLink.objects.select_related("organisation__zone").filter(digest=digest(token)).first()
    if link is None or link.revoked_on is not None or link.ends_on < today(link.organisation.zone):
        return None
    ended = link.organisation.ended_on
    return None if ended is not None and ended <= today(link.organisation.zone) else link


def working(organisation: Organisation) -> QuerySet[CommitmentLink]:
    """The links of an organisation that work today, newest first."""
    return organisation.links.filter(revoked_on=None, ends_on__gte=today(organisation.zone))


def actor(link: CommitmentLink) -> str:
    """Who acts by a link, as the trail and the history of a commitment name it."""
    return f"{link.organisation.code} (link)"


def promised(link: CommitmentLink) -> QuerySet[Commitment]:
    """All that a link opens: the open commitments of its organisation."""
    organisation = link.organisation
    return Commitment.objects.filter(
        zone=organisation.zone, owner=organisation, state=Commitment.State.OPEN
    ).select_related("hotspot__zone", "commune", "zone", "owner")


@transaction.atomic
def opened(link: CommitmentLink) -> None:
    """Note that the link was used: in the trail, and on the link itself."""
    CommitmentLink.objects.filter(pk=link.pk).update(last_used=timezone.now())
    _record(link, actor(link), "link used", Action.CONSULTATION, recipient=link.organisation.name)


def keep(*, link: CommitmentLink, pk: int, evidence: str, vouched: str = "") -> Commitment | None:
    """Say that an open commitment of the link's own organisation is kept; None for any other number.

    Raises `ValidationError` without a line of evidence and `Suspected` for a text that may speak of a person.
    """
    commitment = promised(link).filter(pk=pk).first()
    if commitment is None:
        return None
    CommitmentLink.objects.filter(pk=link.pk).update(last_used=timezone.now())
    return promises.take(
        commitment=commitment, code="keep", actor=actor(link), on=today(commitment.zone), evidence=evidence,
        vouched=vouched,
    )  # fmt: skip


def _record(link: CommitmentLink, who: Any, event: str, action: Action, *, recipient: str = "") -> None:
    record(
        actor=who, action=action, object_type="meetings.link", object_id=link.pk, zone=link.organisation.zone,
        recipient=recipient, details={"event": event, "organisation": link.organisation.code},
    )  # fmt: skip

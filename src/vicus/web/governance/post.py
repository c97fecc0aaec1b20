"""The post of a zone: letters are queued in the database and leave through the SMTP server of the house.

A letter leaves at least once, and as far as a sender can see to it only once. It is claimed before the server is
spoken to, so that two processes never send the same one, and marked as sent the moment the server has taken it. A
process killed in the instant between those two cannot know whether the server took the letter: then it leaves again,
with the same Message-ID, by which mail programs know it for the same letter.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from vicus.web.audit.models import Action
from vicus.web.audit.services import SYSTEM, record
from vicus.web.governance.models import Letter
from vicus.web.meetings import links
from vicus.web.meetings.models import CommitmentLink
from vicus.web.zone.models import Organisation, Zone

logger = logging.getLogger(__name__)

LINK = "{link}"
"""Where this stands in a text, a fresh link of the organisation takes its place as the letter leaves."""

CLAIM = timedelta(minutes=15)
"""After this long a claimed letter is taken to be left behind by a process that was killed."""

WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440, 1440, 2880, 2880, 2880, 2880, 4320)
)
"""Between two attempts, growing to two weeks in all; then the letter counts as failed and waits for somebody."""

KINDS: dict[str, Promise] = {
    "commitments": _("commitments of a meeting"),
    "soon": _("a commitment is due within a week"),
    "late": _("commitments are late"),
    "weekly": _("weekly letter"),
}

State = Letter.State


class NoAddress(Exception):
    """The account or the organisation has no address to write to."""


def queue(
    *,
    key: str,
    zone: Zone,
    kind: str,
    language: str,
    subject: str,
    body: str,
    user: Any = None,
    organisation: Organisation | None = None,
) -> bool:
    """Put a letter in the outbox, to a user or to an organisation; False when one with this key is there already."""
    _letter, fresh = Letter.objects.get_or_create(
        key=key,
        defaults={
            "zone": zone, "kind": kind, "language": language, "title": " ".join(subject.split())[:200],
            "body": body, "user": user, "organisation": organisation,
        },
    )  # fmt: skip
    return fresh


def configured() -> bool:
    """Is there a server to hand letters to?"""
    return settings.SMTP is not None


def deliver(now: datetime | None = None) -> Mapping[str, int]:
    """Send what is queued and due. Says how many left and how many did not; without a server all stay queued.

    Letters of a demonstration never leave.
    """
    now = now or timezone.now()
    if not configured():
        return {}
    outcome: Counter[str] = Counter()
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    due = Letter.objects.filter(unclaimed, state=State.QUEUED, due_at__lte=now, zone__is_demo=False)
    for pk in list(due.order_by("created_at", "pk").values_list("pk", flat=True)):
        claimed = Letter.objects.filter(unclaimed, pk=pk, state=State.QUEUED).update(
            claimed_at=now, tries=F("tries") + 1
        )
        if not claimed:
            continue
        letter = Letter.objects.select_related("zone", "user", "organisation__zone").get(pk=pk)
        try:
            _hand_over(letter)
        except Exception as error:  # whatever it was: the letter is kept, with the reason
            _note_failure(letter, error, now)
            outcome["letters not sent"] += 1
            if _nobody_answers(error):
                # The next one would wait as long for the same silence; the others stay due.
                break
        else:
            outcome["letters sent"] += 1
    return outcome


@task()
def deliver_soon() -> None:
    """The same in the background, right after letters were queued by hand."""
    deliver()


def message_id(letter: Letter) -> str:
    """The same for every attempt, so that a letter that arrives twice is known for one."""
    return f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{settings.MAIL_FROM.rpartition('@')[2].rstrip('>')}>"


@transaction.atomic
def again(*, zones: Sequence[str], actor: Any) -> int:
    """Queue the failed letters of these zones once more; says how many."""
    failed = Letter.objects.select_for_update().filter(zone__slug__in=zones, state=State.FAILED)
    n = 0
    for slug in sorted(set(failed.values_list("zone__slug", flat=True))):
        found = failed.filter(zone__slug=slug).update(
            state=State.QUEUED, tries=0, due_at=timezone.now(), claimed_at=None
        )
        record(
            actor=actor, action=Action.CHANGE, object_type="governance.letters", object_id=slug, zone=slug,
            details={"event": "letters queued again", "letters": found},
        )  # fmt: skip
        n += found
    return n


def _hand_over(letter: Letter) -> None:
    """Give the letter to the server, and note at once that it left."""
    address = _address(letter)
    body, link = letter.body, None
    if LINK in body and letter.organisation is not None:
        link, token = links.make(organisation=letter.organisation, actor=SYSTEM)
        body = body.replace(LINK, f"{settings.ADDRESS}/promise/{token}/")
    mail = EmailMessage(
        letter.title, body, settings.MAIL_FROM, [address],
        headers={
            "Message-ID": message_id(letter), "Auto-Submitted": "auto-generated", "Content-Language": letter.language,
        },
    )  # fmt: skip
    try:
        get_connection(
            "django.core.mail.backends.smtp.EmailBackend", timeout=30, **(settings.SMTP or {})
        ).send_messages([mail])
    except Exception:
        if link is not None:
            links.revoke(link=link, actor=SYSTEM)
        raise
    _note_sent(letter, link)


@transaction.atomic
def _note_sent(letter: Letter, link: CommitmentLink | None) -> None:
    Letter.objects.filter(pk=letter.pk).update(
        state=State.SENT, sent_at=timezone.now(), claimed_at=None, last_error=""
    )
    organisation = letter.organisation
    record(
        actor=SYSTEM, action=Action.DISCLOSURE, object_type="governance.letters", object_id=letter.pk, zone=letter.zone,
        recipient=organisation.name if organisation else str(letter.user), reason=f"letter: {letter.kind}",
        details={"event": "letter sent", "kind": letter.kind, "link": link.pk if link else None},
    )  # fmt: skip


def _note_failure(letter: Letter, error: Exception, now: datetime) -> None:
    logger.warning("Letter %s did not leave: %s", letter.pk, type(error).__name__)
    lost = _refused_for_good(error) or letter.tries > len(WAITS)
    Letter.objects.filter(pk=letter.pk).update(
        state=State.FAILED if lost else State.QUEUED,
        claimed_at=None,
        due_at=letter.due_at if lost else now + WAITS[letter.tries - 1],
        last_error=_told(error)[:300],
    )


def _address(letter: Letter) -> str:
    """Where the letter goes today: the mailbox may have changed since it was written."""
    if letter.organisation is not None:
        address, ended = letter.organisation.mailbox, letter.organisation.ended_on is not None
    elif letter.user is not None:
        address, ended = letter.user.email, not letter.user.is_active
    else:
        raise NoAddress
    if not address or ended:
        raise NoAddress
    return str(address)


def _nobody_answers(error: Exception) -> bool:
    """Is it the server that does not answer, or lets nobody in, rather than this letter?"""
    return isinstance(
        error,
        smtplib.SMTPConnectError | smtplib.SMTPServerDisconnected | smtplib.SMTPAuthenticationError
        | smtplib.SMTPHeloError | smtplib.SMTPNotSupportedError,
    ) or (isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException))  # fmt: skip


def _refused_for_good(error: Exception) -> bool:
    """Did the server say that this letter will never pass? Codes from 500 on are for good (RFC 5321, 4.2.1)."""
    if isinstance(error, NoAddress | ValidationError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False


def _told(error: Exception) -> str:
    """What went wrong, without the address of anybody."""
    if isinstance(error, NoAddress):
        return "no address"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_plain(said)}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _plain(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(word for word in text.split() if "@" not in word)


def letters_of(zones: Sequence[str]) -> list[Letter]:
    """What is queued or failed in these zones, the oldest first; no text is read."""
    waiting = Letter.objects.filter(zone__slug__in=zones).exclude(state=State.SENT)
    return list(
        waiting.select_related("zone", "organisation").defer("body", "title").order_by("created_at", "pk")
    )


def counts(zones: Sequence[str]) -> dict[str, Counter[str]]:
    """How many letters of each kind are in each state."""
    found: dict[str, Counter[str]] = {}
    for kind, state in Letter.objects.filter(zone__slug__in=zones).values_list("kind", "state"):
        found.setdefault(kind, Counter())[state] += 1
    return found

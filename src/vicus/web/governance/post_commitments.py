"""Letters about commitments: those of a meeting to their owners, a reminder before the day, a letter a week when late."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from vicus.pictures import words
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.governance import post
from vicus.web.meetings.commitment_rules import SOON_DAYS
from vicus.web.meetings.links import DAYS
from vicus.web.meetings.models import Commitment, Meeting
from vicus.web.meetings.showing.commitments import place
from vicus.web.zone.models import Organisation, Zone


@dataclass(frozen=True)
class Posted:
    """Organisations that a letter is queued for, those that had it already, and those without a mailbox."""

    queued: list[Organisation]
    before: list[Organisation]
    unreachable: list[Organisation]


@transaction.atomic
def commitments_of(*, meeting: Meeting, actor: Any) -> Posted:
    """Send the open commitments of a meeting to the mailboxes of their owners, each with a link.

    The same commitments leave once, however often this is asked; one that was added since leaves with the others.
    """
    posted = Posted([], [], [])
    found = meeting.commitments.filter(state=Commitment.State.OPEN)
    for owner, promised in _by_owner(found.select_related("owner", "hotspot__zone", "commune")):
        if not owner.mailbox or owner.ended_on is not None:
            posted.unreachable.append(owner)
            continue
        which = hashlib.sha256(",".join(str(one.pk) for one in promised).encode()).hexdigest()[:16]
        fresh = _queue(
            key=f"commitments:{meeting.pk}:{owner.pk}:{which}", kind="commitments", owner=owner, promised=promised,
            meeting=meeting,
        )  # fmt: skip
        (posted.queued if fresh else posted.before).append(owner)
    record(
        actor=actor, action=Action.CHANGE, object_type="governance.letters", object_id=meeting.pk, zone=meeting.zone,
        details={"event": "commitments sent", "organisations": [owner.code for owner in posted.queued]},
    )  # fmt: skip
    if posted.queued:
        transaction.on_commit(post.deliver_soon.enqueue)
    return posted


def remind(zone: Zone, day: date) -> Mapping[str, int]:
    """Queue what is due: one letter for a commitment due within a week, one a week for all that an organisation has late."""
    promised = Commitment.objects.filter(
        zone=zone,
        state=Commitment.State.OPEN,
        owner__ended_on=None,
        due_on__lte=day + timedelta(days=SOON_DAYS),
    ).exclude(owner__mailbox="")
    n = 0
    year, week, _weekday = day.isocalendar()
    for owner, found in _by_owner(promised.select_related("owner", "hotspot__zone", "commune")):
        late = [one for one in found if one.due_on < day]
        if late:
            n += _queue(key=f"late:{owner.pk}:{year}-W{week:02}", kind="late", owner=owner, promised=late)
        for one in found:
            if one.due_on >= day:
                n += _queue(key=f"soon:{one.pk}:{one.due_on}", kind="soon", owner=owner, promised=[one])
    return {"letters about commitments": n}


def _by_owner(found: Iterable[Commitment]) -> list[tuple[Organisation, list[Commitment]]]:
    by_owner: dict[int, list[Commitment]] = {}
    for one in sorted(found, key=lambda one: (one.due_on, one.pk)):
        by_owner.setdefault(one.owner_id, []).append(one)
    return [(promised[0].owner, promised) for promised in by_owner.values()]


def _queue(
    *, key: str, kind: str, owner: Organisation, promised: list[Commitment], meeting: Meeting | None = None
) -> bool:
    zone = owner.zone
    language = owner.language or next(iter(zone.languages), "en")
    with override(language):
        subject, opening = _opening(kind, owner, promised, meeting, language)
        body = "\n\n".join(
            [
                opening,
                "\n".join(_line(one, language) for one in promised),
                _("Say that it is kept, with a line and without an account, from this address:")
                + f"\n{post.LINK}",
                _("The address is for %(name)s alone and works for %(days)s days.")
                % {"name": owner.name, "days": words.number(DAYS, language)},
                zone.name,
            ]
        )
    return post.queue(
        key=key, zone=zone, kind=kind, language=language, subject=subject, body=body, organisation=owner
    )


def _opening(
    kind: str, owner: Organisation, promised: list[Commitment], meeting: Meeting | None, language: str
) -> tuple[str, str]:
    """Subject and first sentence."""
    n, said = len(promised), {"n": words.number(len(promised), language), "name": owner.name}
    if kind == "commitments" and meeting is not None:
        day = words.day(timezone.localtime(meeting.starts_at).date(), language)
        subject = ngettext("%(n)s commitment of %(day)s", "%(n)s commitments of %(day)s", n) % {
            **said,
            "day": day,
        }
        told = _("At the meeting of %(body)s on %(day)s, %(name)s promised:")
        return subject, told % {**said, "body": meeting.body.name, "day": day}
    if kind == "soon":
        day = words.day(promised[0].due_on, language)
        return _("Due on %(day)s: a commitment") % {"day": day}, _("%(name)s promised for %(day)s:") % {
            **said, "day": day
        }  # fmt: skip
    subject = ngettext("%(n)s commitment is late", "%(n)s commitments are late", n) % said
    return subject, _("What %(name)s promised and is still open after its day:") % said


def _line(commitment: Commitment, language: str) -> str:
    told = [_("by %(day)s") % {"day": words.day(commitment.due_on, language)}, place(commitment)]
    return f"- {commitment.title} ({', '.join(part for part in told if part)})"

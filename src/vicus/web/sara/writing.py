"""A text saved while it is written: by several people, from several pages, over a bad connection. Nothing is lost.

It knows a text only by what `Writing` gives it, so sheets and minutes share it. Whoever calls holds the lock and says
whether the text is still open to writing and how the trail is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone

from vicus.incidents import freetext
from vicus.incidents.freetext import Finding
from vicus.web.accounts.models import User

RECORDED_AGAIN_AFTER = timedelta(minutes=15)
"""A text that one person goes on writing is in the audit trail once in this time."""

Choice = Literal["take", "join", "drop"]
Outcome = Literal["saved", "unchanged", "suspected", "met", "closed"]
CHOICES: dict[str, Choice] = {"take": "take", "join": "join", "drop": "drop"}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a text that was sent."""

    outcome: Outcome
    passage: Any
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where a text is written: open or closed, why it is closed, and how the trail is told of it."""

    is_open: bool
    closed: Any
    tell: Callable[..., None]
    """tell(event, **details)"""


def write(
    desk: Desk,
    passage: Any,
    *,
    text: str,
    revision: int,
    actor: Any,
    page: str = "",
    vouched: str = "",
    at: datetime | None = None,
) -> Written:
    """Save a text whose row is locked.

    `revision` is the one the writer started from. When somebody else saved meanwhile, their text stays and this
    one is set aside for the writers to choose; so it is when the text is no longer open.
    """
    now = at or timezone.now()
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if text == passage.text:
        _let_go(passage, page, text)
        return Written("unchanged", passage)
    findings = freetext.find(text)
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, passage.vouched):
        return Written("suspected", passage, tuple(findings))
    # The answer to an earlier save may have been lost on its way: a page does not meet itself.
    behind = revision != passage.revision and not (page and passage.page == page)
    if not desk.is_open or behind:
        passage.asides.update_or_create(
            page=page, written_by=account(actor), defaults={"text": text, "written_at": now}
        )
        return Written("met" if desk.is_open else "closed", passage)
    if findings and named != passage.vouched:
        vouch(desk, findings, passage.key)
    _place(desk, passage, text, actor, now, named, page)
    _let_go(passage, page, text)
    return Written("saved", passage)


def settle(desk: Desk, passage: Any, aside: Any, *, choice: Choice, actor: Any) -> None:
    """Choose between two texts: take the one that was set aside, join the two, or let the one aside go.

    A text that gives way to another is itself set aside, so that taking one is never losing one.
    """
    before = passage.text.rstrip()
    if choice != "drop":
        if not desk.is_open:
            raise ValidationError(desk.closed)
        if choice == "take" and before:
            passage.asides.create(
                text=passage.text, written_by=passage.written_by, written_at=passage.written_at
            )
        chosen = f"{before}\n\n{aside.text.strip()}".strip() if choice == "join" else aside.text
        named = freetext.fingerprint(freetext.find(chosen))
        _place(desk, passage, chosen, actor, timezone.now(), named, "")
    aside.delete()
    event = "text let go" if choice == "drop" else "text chosen"
    desk.tell(event, part=passage.key, characters=len(aside.text))


def vouch(desk: Desk, findings: Sequence[Finding], part: str) -> None:
    """Somebody says that what looks like a person is none. What was found is not repeated in the trail."""
    kinds = sorted({finding.what for finding in findings})
    desk.tell("warning of personal data set aside", part=part, kinds=kinds)


def account(actor: Any) -> User | None:
    """The account that acts, if it is one."""
    return actor if isinstance(actor, User) else None


def _place(desk: Desk, passage: Any, text: str, actor: Any, now: datetime, vouched: str, page: str) -> None:
    """Put a text in its place, and into the audit trail unless its writer is still at it."""
    writer = account(actor)
    going_on = (
        passage.recorded_at is not None
        and now - passage.recorded_at < RECORDED_AGAIN_AFTER
        and passage.written_by == writer
    )
    passage.text, passage.vouched, passage.page = text, vouched, page
    passage.revision += 1
    passage.written_by, passage.written_at = writer, now
    if not going_on:
        passage.recorded_at = now
        desk.tell("text written", part=passage.key)
    passage.save()


def _let_go(passage: Any, page: str, text: str) -> None:
    """What a page had set aside has found its place, when it is the text that now stands there."""
    if page:
        passage.asides.filter(page=page, text=text).delete()

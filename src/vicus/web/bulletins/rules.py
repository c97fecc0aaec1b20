"""Who writes and publishes bulletins, and what the state of one allows: one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import Permission
from vicus.web.bulletins.models import Bulletin

State = Bulletin.State
WRITE, PUBLISH = Permission.WRITE_BULLETINS, Permission.PUBLISH_BULLETINS


@dataclass(frozen=True, kw_only=True)
class Step:
    """A bulletin passes from one state to the next: who does it, and what must hold.

    `needs`: "both" that every text is there in both languages (rights R25), "reason" that a reason is given.
    """

    code: str
    before: State
    after: State
    by: Permission
    label: Promise
    done: Promise
    needs: frozenset[str] = frozenset()
    primary: bool = False


STEPS = (
    Step(
        code="finish", before=State.DRAFT, after=State.READY, by=WRITE, label=_("It is ready to publish"),
        done=_("The bulletin is ready to publish."), needs=frozenset({"both"}), primary=True,
    ),
    Step(
        code="reopen", before=State.READY, after=State.DRAFT, by=WRITE, label=_("Write on"),
        done=_("The bulletin is a draft again."),
    ),
    Step(
        code="publish", before=State.READY, after=State.PUBLISHED, by=PUBLISH, label=_("Publish in both languages"),
        done=_("The bulletin is published in French and Dutch."), needs=frozenset({"both"}), primary=True,
    ),
    Step(
        code="renew", before=State.PUBLISHED, after=State.PUBLISHED, by=PUBLISH,
        label=_("Bring promises and meetings up to date"), needs=frozenset({"both"}),
        done=_("Promises, meetings and what readers wrote are up to date."),
    ),
    Step(
        code="withdraw", before=State.PUBLISHED, after=State.WITHDRAWN, by=PUBLISH, label=_("Withdraw it"),
        done=_("The bulletin is withdrawn; its address says so."), needs=frozenset({"reason"}),
    ),
)  # fmt: skip
"""Every way a bulletin can go. Pages and tests are drawn from this table."""

BY_CODE: Mapping[str, Step] = {step.code: step for step in STEPS}

TONES = {State.DRAFT: "quiet", State.READY: "warn", State.PUBLISHED: "good", State.WITHDRAWN: "bad"}


def open_steps(bulletin: Bulletin, permissions: frozenset[Permission]) -> list[Step]:
    """What may happen to it now, for somebody with these permissions."""
    return [step for step in STEPS if step.before == bulletin.state and step.by in permissions]

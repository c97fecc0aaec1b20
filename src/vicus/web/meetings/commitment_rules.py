"""States of a commitment as one table: the steps between them, who takes each, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.hotspots.rules import is_own
from vicus.web.meetings.models import Commitment
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.rules import WRITES
from vicus.web.zone.models import Organisation

State = Commitment.State
KEEP, WRITE = Permission.KEEP_COMMITMENTS, Permission.WRITE_MEETINGS
SETTLED = (State.KEPT, State.PARTLY, State.DROPPED)

SOON_DAYS = 7
"""An open commitment is due soon from this many days before its day."""


@dataclass(frozen=True)
class Step:
    """One step from some states to another; whoever holds one of the permissions `by`, within reach, takes it.

    `needs` names what must be given: "evidence", "reason", "due_on".
    """

    code: str
    verb: Promise
    done: Promise
    past: Promise
    sources: tuple[Commitment.State, ...]
    target: Commitment.State
    by: frozenset[Permission]
    needs: tuple[str, ...]


# fmt: off
STEPS: tuple[Step, ...] = (
    Step("keep", _("It is kept"), _("The commitment is kept."), _("kept"),
         (State.OPEN,), State.KEPT, frozenset({KEEP, WRITE}), ("evidence",)),
    Step("keep_partly", _("It is kept in part"), _("The commitment is kept in part."), _("kept in part"),
         (State.OPEN,), State.PARTLY, frozenset({KEEP, WRITE}), ("reason",)),
    Step("postpone", _("Postpone it"), _("The commitment has a later day."), _("postponed"),
         (State.OPEN,), State.OPEN, frozenset({KEEP, WRITE}), ("due_on", "reason")),
    Step("drop", _("Drop it"), _("The commitment was dropped."), _("dropped"),
         (State.OPEN,), State.DROPPED, frozenset({KEEP, WRITE}), ("reason",)),
    Step("reopen", _("Open it again"), _("The commitment is open again."), _("opened again"),
         SETTLED, State.OPEN, frozenset({WRITE}), ("reason",)),
)
# fmt: on
BY_CODE = {step.code: step for step in STEPS}

HAPPENED: dict[str, Promise] = {
    "make": _("promised"),
    "correct": _("words corrected"),
    **{step.code: step.past for step in STEPS},
}
"""What a step did, as the history of a commitment tells it."""

TONES = {State.OPEN: "info", State.KEPT: "good", State.PARTLY: "warn", State.DROPPED: "bad"}


def standing(commitment: Commitment, day: date) -> str:
    """Where a commitment stands on a day: open, soon or late while open; else kept, partly or dropped."""
    if commitment.state != State.OPEN:
        return str(commitment.state)
    if commitment.due_on < day:
        return "late"
    return "soon" if (commitment.due_on - day).days <= SOON_DAYS else "open"


def owns(who: Reader, owner: Organisation) -> bool:
    """Is this the reader's own organisation? A mayor's office acts for the organisation of its commune."""
    if who.is_partner:
        return who.organisation is not None and owner.pk == who.organisation.pk
    if who.areas is None or owner.kind != Organisation.Kind.COMMUNE:
        return False
    return bool(who.areas & set(owner.areas.values_list("pk", flat=True)))


def writes(who: Reader, commitment: Commitment) -> bool:
    """Does the reader write on this commitment, as somebody who minutes the meetings of its place?

    A hotspot manager: those of own hotspots. The others: of what they read, the levels whose meetings they write.
    """
    if WRITE not in who.role.permissions:
        return False
    if not who.role.own_points:
        return commitment.level in WRITES.get(who.role.code, ())
    return commitment.hotspot is not None and is_own(commitment.hotspot, who.user.pk)


def may(who: Reader, step: Step, commitment: Commitment) -> bool:
    """May the reader take this step of a commitment that they read?"""
    if WRITE in step.by and writes(who, commitment):
        return True
    return KEEP in step.by and KEEP in who.role.permissions and owns(who, commitment.owner)


def open_steps(who: Reader, commitment: Commitment) -> list[Step]:
    """The steps that the state of a commitment and the role of the reader allow."""
    return [step for step in STEPS if commitment.state in step.sources and may(who, step, commitment)]


def diagram() -> str:
    """The states of a commitment as a Mermaid diagram: states, steps, who takes each, what it needs."""
    lines = ["stateDiagram-v2", f"    [*] --> open: make ({_holders(frozenset({WRITE}))})"]
    for step in STEPS:
        needs = ", ".join(need.replace("due_on", "new day") for need in step.needs)
        lines += [
            f"    {source.value} --> {step.target.value}: {step.code} ({_holders(step.by)}; needs {needs})"
            for source in step.sources
        ]
    return "\n".join(lines)


def _holders(permissions: frozenset[Permission]) -> str:
    return ", ".join(str(role.name) for role in ROLES.values() if role.permissions & permissions)

"""Phases as data: who leads each, the checklist of each gate, and the steps of a move. Docs and tests read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission, Role
from vicus.web.hotspots.models import Hotspot, Phase
from vicus.web.hotspots.rules import Sight, is_own, next_phases
from vicus.web.phases.models import Move

Kind, State = Phase.Kind, Move.State
ASK, DECIDE = Permission.ASK_PHASES, Permission.DECIDE_PHASES

LEADS: dict[str, tuple[Promise, ...]] = {
    Kind.CLEAR: (_("the police zone"), _("the federal police"), _("the federal judicial police")),
    Kind.HOLD: (_("the police zone"),),
    Kind.BUILD: (_("the police zone"), _("the partners")),
    Kind.ORDINARY: (_("the ordinary services"), _("the partners")),
}
"""Lead agencies of each phase; the first is in charge."""

ORDER = (Kind.CLEAR, Kind.HOLD, Kind.BUILD, Kind.ORDINARY)


@dataclass(frozen=True)
class Asked:
    """An item of a checklist: its words, what evidence is looked for, and what is worked out beside it."""

    code: str
    title: Promise
    hint: Promise
    computed: str = ""


@dataclass(frozen=True)
class Gate:
    """What must be in place before a phase begins."""

    code: str
    title: Promise
    items: tuple[Asked, ...]


# fmt: off
GATES: dict[str, Gate] = {gate.code: gate for gate in (
    Gate("clear", _("Gate into Clear"), (
        Asked("threat", _("Evidence of the threat"),
              _("What recurs here, how often, with what harm; about the place, never about persons."), "above"),
        Asked("impact", _("Community impact assessment"),
              _("What clearing may do to those who live and work here, and how that is softened.")),
        Asked("hold_plan", _("A plan for Hold is already written"),
              _("Where it stands, and who keeps the ground once the threat is disrupted.")),
    )),
    Gate("hold", _("Gate from Clear to Hold"), (
        Asked("disrupted", _("The threat is disrupted"),
              _("What no longer happens, and since when."), "stable"),
        Asked("presence", _("Presence is planned"),
              _("Visits a week times minutes, and in which windows."), "presence"),
        Asked("warnings", _("Early-warning indicators are named"),
              _("What would show that it comes back, and from which value.")),
    )),
    Gate("build", _("Gate from Hold to Build"), (
        Asked("stable", _("The figures have been stable for long enough"),
              _("Months in a row that were not above their expected range, since Hold began."), "stable"),
        Asked("drivers", _("The drivers are listed"),
              _("What makes this place attract harm: one a line.")),
        Asked("owners", _("Each driver has an owner among the partners"),
              _("An organisation a driver, never a named person.")),
        Asked("budget", _("There is a budget"),
              _("How much, from whom, until when.")),
    )),
    Gate("ordinary", _("Gate from Build to ordinary work"), (
        Asked("standing", _("Each driver has a standing owner"),
              _("Who keeps it from coming back once the strategy ends here.")),
        Asked("exit", _("The exit criteria are met"),
              _("Those of the perimeter, one by one."), "stable"),
    )),
    Gate("back", _("Falling back one phase"), (
        Asked("reason", _("Why the hotspot falls back"),
              _("What no longer holds.")),
        Asked("showed", _("What the early warning showed"),
              _("Which indicator, its value and since when."), "above"),
    )),
)}


@dataclass(frozen=True)
class Step:
    """One step of a move from some states to another; any of the permissions `by` takes it, within reach.

    `needs`: "comment" must be given; "complete" asks for a reason when items of the checklist are missing.
    """

    code: str
    verb: Promise
    done: Promise
    sources: tuple[Move.State, ...]
    target: Move.State
    by: frozenset[Permission]
    needs: tuple[str, ...] = ()


STEPS: tuple[Step, ...] = (
    Step("ask", _("Ask the zone direction"), _("The zone direction is asked."),
         (State.DRAFT,), State.ASKED, frozenset({ASK})),
    Step("withdraw", _("Withdraw it"), _("The move was withdrawn."),
         (State.DRAFT, State.ASKED), State.WITHDRAWN, frozenset({ASK})),
    Step("grant", _("Grant the move"), _("The move is granted; the phase is noted."),
         (State.ASKED,), State.GRANTED, frozenset({DECIDE}), ("complete",)),
    Step("refuse", _("Refuse the move"), _("The move was refused."),
         (State.ASKED,), State.REFUSED, frozenset({DECIDE}), ("comment",)),
)
# fmt: on
BY_CODE = {step.code: step for step in STEPS}
OPEN = (State.DRAFT, State.ASKED)
TONES = {
    State.DRAFT: "quiet",
    State.ASKED: "warn",
    State.GRANTED: "good",
    State.REFUSED: "bad",
    State.WITHDRAWN: "quiet",
}


def falls_back(source: str, target: str) -> bool:
    """Is this one phase back? From ordinary work to Clear is a new start, with the gate into Clear."""
    if not source:
        return False
    return ORDER.index(Kind(target)) == ORDER.index(Kind(source)) - 1


def gate_of(source: str, target: str) -> Gate:
    """The gate between two phases."""
    return GATES["back"] if falls_back(source, target) else GATES[target]


def targets(source: str) -> tuple[str, ...]:
    """Phases that a move may be drawn up to."""
    return next_phases(source)


def within_reach(role: Role, sight: Sight, hotspot: Hotspot, user_id: int | None) -> bool:
    """Own hotspots for a hotspot manager, those they see for the others."""
    return is_own(hotspot, user_id) if role.own_points else sight.covers(hotspot)


def may(permission: Permission, role: Role, sight: Sight, hotspot: Hotspot, user_id: int | None) -> bool:
    """Whether this permission is the reader's, for this hotspot."""
    return permission in role.permissions and within_reach(role, sight, hotspot, user_id)


def open_steps(move: Move) -> Iterator[Step]:
    """The steps that the state of a move allows."""
    return (step for step in STEPS if move.state in step.sources)


def diagram() -> str:
    """The states of a move as a Mermaid diagram: states, steps and who takes each."""
    lines = ["stateDiagram-v2", f"    [*] --> draft: draw up ({_holders(frozenset({ASK}))})"]
    for step in STEPS:
        needs = {"comment": ", with a comment", "complete": ", with a reason when items are missing"}
        more = "".join(needs[need] for need in step.needs)
        lines += [
            f"    {source.value} --> {step.target.value}: {step.code} ({_holders(step.by)}{more})"
            for source in step.sources
        ]
    ends = {state for state in State if not any(state in step.sources for step in STEPS)}
    return "\n".join([*lines, *(f"    {state.value} --> [*]" for state in State if state in ends)])


def checklists() -> str:
    """The gates and who leads after them as Markdown, for the documentation."""
    lines = []
    for gate in GATES.values():
        lead = ""
        if gate.code in LEADS:
            lead = f" Then leads: {', '.join(str(name) for name in LEADS[gate.code])}."
        lines += [
            f"**{gate.title}.**{lead}",
            "",
            *(f"- {item.title}. {item.hint}" for item in gate.items),
            "",
        ]
    return "\n".join(lines).rstrip()


def _holders(permissions: frozenset[Permission]) -> str:
    return ", ".join(str(role.name) for role in ROLES.values() if role.permissions & permissions)

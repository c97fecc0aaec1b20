"""Who may do what with actions, and what their state allows: one table, from which docs and tests are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission, Role
from vicus.web.actions.models import Action, Assessment, Visit
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Sight

State = Action.State
PLAN, EVALUATE, DECIDE = (
    Permission.PLAN_ACTIONS,
    Permission.EVALUATE_ACTIONS,
    Permission.DECIDE_ACTIONS,
)


@dataclass(frozen=True)
class Step:
    """One step from some states to another; any of the permissions `by` takes it, in a hotspot within reach.

    `needs`: "begun" and "not begun" ask for what was; "blocker" and "note" must be given with the step.
    """

    code: str
    verb: Promise
    sources: tuple[Action.State, ...]
    target: Action.State
    by: frozenset[Permission]
    needs: tuple[str, ...] = ()


# fmt: off
STEPS: tuple[Step, ...] = (
    Step("start", _("Start the action"), (State.PLANNED,), State.RUNNING, frozenset({PLAN})),
    Step("block", _("Say it is blocked"), (State.PLANNED, State.RUNNING), State.BLOCKED,
         frozenset({PLAN, DECIDE}), ("blocker",)),
    Step("resume", _("Go on with it"), (State.BLOCKED,), State.RUNNING, frozenset({PLAN, DECIDE}), ("begun",)),
    Step("replan", _("Plan it again"), (State.BLOCKED,), State.PLANNED, frozenset({PLAN, DECIDE}), ("not begun",)),
    Step("finish", _("Close the action"), (State.RUNNING,), State.DONE, frozenset({PLAN, DECIDE})),
    Step("reopen", _("Open it again"), (State.DONE,), State.RUNNING, frozenset({DECIDE}), ("note",)),
    Step("drop", _("Give it up"), (State.PLANNED, State.BLOCKED), State.DROPPED,
         frozenset({PLAN, DECIDE}), ("note",)),
)
# fmt: on
BY_CODE = {step.code: step for step in STEPS}

TONES = {
    State.PLANNED: "quiet",
    State.RUNNING: "good",
    State.BLOCKED: "bad",
    State.DONE: "phase",
    State.DROPPED: "quiet",
}

CHANGEABLE = frozenset({State.PLANNED, State.BLOCKED})
"""While an action stands here and has not begun, its plan and its design may change."""

OPEN = frozenset({State.PLANNED, State.RUNNING, State.BLOCKED})
"""An action in one of these is neither done nor given up."""

VISITED = frozenset({State.RUNNING, State.DONE, State.BLOCKED})
"""Visits are noted of actions that have begun; those sent late arrive after the end."""

MAY_ASSESS = frozenset({PLAN, EVALUATE, DECIDE})
MAY_DESIGN = frozenset({PLAN, EVALUATE})

RIVALS: dict[str, Promise] = {
    "season": _("The season, or an event"),
    "recording": _("A change in how facts are reported or recorded"),
    "actions": _("Other actions here or in the comparison areas"),
    "works": _("Works, or another change of the neighbourhood"),
}
ANSWERS: dict[str, Promise] = {"no": _("no"), "possible": _("possible"), "likely": _("likely")}


def within_reach(role: Role, sight: Sight, hotspot: Hotspot, user_id: int | None) -> bool:
    """Whether a role writes about this hotspot: a hotspot manager about own ones, others where they see them."""
    if role.own_points:
        return user_id is not None and user_id in (hotspot.manager_id, hotspot.deputy_id)
    return sight.covers(hotspot)


def may(
    permissions: Iterable[Permission], role: Role, sight: Sight, hotspot: Hotspot, user_id: int | None
) -> bool:
    """Whether any of these permissions is the reader's, for this hotspot."""
    return bool(role.permissions & frozenset(permissions)) and within_reach(role, sight, hotspot, user_id)


def missing(step: Step, action: Action, *, blocker: str = "", note: str = "") -> str:
    """What a step still needs; empty when nothing."""
    here = {
        "begun": action.begun_on is not None,
        "not begun": action.begun_on is None,
        "blocker": blocker in Action.Blocker.values,
        "note": bool(note.strip()),
    }
    return next((need for need in step.needs if not here[need]), "")


def open_steps(action: Action) -> Iterator[Step]:
    """The steps that the state of an action allows; what must be given with a step is asked later."""
    for step in STEPS:
        asked = {"blocker": Action.Blocker.CAPACITY, "note": "."}
        if action.state in step.sources and not missing(step, action, **asked):
            yield step


def plan_may_change(action: Action) -> bool:
    """Whether the plan and the design may still be changed."""
    return action.state in CHANGEABLE and action.begun_on is None


def diagram() -> str:
    """The states of an action as a Mermaid diagram: states, verbs and who takes each step."""
    lines = ["stateDiagram-v2", "    [*] --> planned: plan (hotspot manager)"]
    for step in STEPS:
        who = ", ".join(str(role.name) for role in ROLES.values() if role.permissions & step.by)
        needs = f", needs {' and '.join(step.needs)}" if step.needs else ""
        lines += [
            f"    {source.value} --> {step.target.value}: {step.code} ({who}{needs})"
            for source in step.sources
        ]
    return "\n".join([*lines, "    dropped --> [*]"])


UNITS = frozenset(Visit.Unit.values)
CLOSING = frozenset({Assessment.Decision.STOP, Assessment.Decision.CLOSE})

"""The plan and its evaluations as data: who may do what, the steps each takes, the texts that are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.plans.models import Evaluation, Plan

WRITE, DECIDE = Permission.WRITE_PLAN, Permission.DECIDE_PLAN
State, PlanState = Evaluation.State, Plan.State
Decision = Evaluation.Decision


@dataclass(frozen=True)
class Step:
    """One step from some states to another; whoever holds `by` takes it, within reach. `needs`: what goes with it."""

    code: str
    verb: Promise
    done: Promise
    sources: tuple[str, ...]
    target: str
    by: Permission
    needs: tuple[str, ...] = ()


# fmt: off
PLAN_STEPS: tuple[Step, ...] = (
    Step("adopt", _("Put the plan in force"), _("The plan is in force."),
         (PlanState.DRAFT,), PlanState.IN_FORCE, DECIDE),
    Step("end", _("End the plan"), _("The plan has ended."),
         (PlanState.IN_FORCE,), PlanState.ENDED, DECIDE),
)

STEPS: tuple[Step, ...] = (
    Step("ask", _("Ask for the decision"), _("The zone direction is asked."),
         (State.DRAFT,), State.ASKED, WRITE, ("words",)),
    Step("return", _("Send it back"), _("The evaluation went back to those who write it."),
         (State.ASKED,), State.DRAFT, DECIDE, ("comment",)),
    Step("decide", _("Decide"), _("It is decided; the figures are frozen."),
         (State.ASKED,), State.DECIDED, DECIDE, ("decision", "reason")),
)

TEXTS: dict[str, tuple[Promise, Promise]] = {
    "worked": (_("What worked"), _("Which of what was done seems to have helped, and what shows it.")),
    "not_worked": (_("What did not work"), _("What cost effort without a result, or could not be done.")),
    "learned": (_("What we learn"), _("What another hotspot or the next year can take from it.")),
    "next": (_("What comes next"), _("What goes on, what stops, what is new; about the place, never about persons.")),
}
"""The words around the figures: title and hint by key."""
# fmt: on

BY_CODE = {step.code: step for step in STEPS}
PLAN_BY_CODE = {step.code: step for step in PLAN_STEPS}
TONES = {State.DRAFT: "quiet", State.ASKED: "warn", State.DECIDED: "good"}
PLAN_TONES = {PlanState.DRAFT: "quiet", PlanState.IN_FORCE: "good", PlanState.ENDED: "quiet"}
OF_HOTSPOT = (Decision.KEEP, Decision.SHRINK, Decision.CLOSE)
OF_PLAN = (Decision.KEEP, Decision.ADAPT)


def decisions(evaluation: Evaluation) -> tuple[Decision, ...]:
    """What may be decided: of a hotspot keep, shrink or close; of the plan keep or adapt."""
    return OF_HOTSPOT if evaluation.hotspot_id else OF_PLAN


def open_steps(thing: Plan | Evaluation) -> Iterator[Step]:
    """The steps that the state of a plan or an evaluation allows."""
    table = PLAN_STEPS if isinstance(thing, Plan) else STEPS
    return (step for step in table if thing.state in step.sources)


def diagram(steps: Sequence[Step] = STEPS, first: str = State.DRAFT) -> str:
    """The states as a Mermaid diagram: states, steps and who takes each. A plan is of the whole zone."""
    whole = steps is PLAN_STEPS
    lines = ["stateDiagram-v2", f"    [*] --> {first}: begin ({_holders(WRITE, whole=whole)})"]
    for step in steps:
        needs = f", with {' and '.join(step.needs)}" if step.needs else ""
        lines += [
            f"    {source} --> {step.target}: {step.code} ({_holders(step.by, whole=whole)}{needs})"
            for source in step.sources
        ]
    reached: list[Any] = [step.target for step in steps]
    ends = {state for state in reached if not any(state in step.sources for step in steps)}
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in sorted(ends))])


def _holders(permission: Permission, *, whole: bool) -> str:
    holders = [
        role for role in ROLES.values() if permission in role.permissions and (role.whole_zone or not whole)
    ]
    return ", ".join(str(role.name) for role in holders)

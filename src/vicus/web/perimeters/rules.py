"""Proposals of perimeters: their states and who takes which step; when a perimeter no longer fits; when to warn.

Everything here is data that the person who signs it off can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vicus.web.accounts.rules import ROLES, Permission, Role
from vicus.web.perimeters.models import Proposal

State = Proposal.State
PROPOSE, DECIDE = Permission.PROPOSE_PERIMETERS, Permission.DECIDE_PERIMETERS

ALERT_DAYS = (60, 30, 7)
"""An order that ends is announced so many days before, more pressing each time (rights R30)."""
ORIGIN = gettext_noop("accepted proposal")
"""Where the outline of that version comes from, kept and shown in the same way."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table of states: who takes a proposal from which state to which; `comment` must be given or not."""

    code: str
    verb: Promise
    sources: tuple[Proposal.State, ...]
    target: Proposal.State
    by: Permission
    comment: bool = False


# fmt: off
STEPS: tuple[Step, ...] = (
    Step("propose", _("Propose it to the zone direction"), (State.DRAFT,), State.PROPOSED, PROPOSE),
    Step("accept", _("Accept the proposal"), (State.PROPOSED,), State.ACCEPTED, DECIDE, comment=True),
    Step("refuse", _("Refuse the proposal"), (State.PROPOSED,), State.REFUSED, DECIDE, comment=True),
    Step("withdraw", _("Withdraw it"), (State.DRAFT, State.PROPOSED), State.WITHDRAWN, PROPOSE),
)
# fmt: on
BY_CODE = {step.code: step for step in STEPS}

TONES = {
    State.DRAFT: "quiet",
    State.PROPOSED: "warn",
    State.ACCEPTED: "good",
    State.REFUSED: "bad",
    State.WITHDRAWN: "quiet",
}


def open_steps(proposal: Proposal, role: Role) -> Iterator[Step]:
    """The steps that this role may take with a proposal in its present state."""
    for step in STEPS:
        if proposal.state in step.sources and step.by in role.permissions:
            yield step


def diagram() -> str:
    """The states of a proposal as a Mermaid diagram: states, verbs and who takes each step."""
    lines = [
        "stateDiagram-v2",
        f"    [*] --> draft: draw ({', '.join(_who(PROPOSE))})",
    ]
    for step in STEPS:
        needs = ", with a comment" if step.comment else ""
        lines += [
            f"    {source.value} --> {step.target.value}: {step.code} ({', '.join(_who(step.by))}{needs})"
            for source in step.sources
        ]
    return "\n".join([*lines, "    accepted --> [*]", "    refused --> [*]", "    withdrawn --> [*]"])


def _who(permission: Permission) -> list[str]:
    return [str(role.name) for role in ROLES.values() if permission in role.permissions]


REACH_METRES = 150.0
"""How far around a perimeter a better outline is looked for; further lies another problem."""
FEWEST_FACTS = 30
"""With fewer reported facts in a perimeter and its surroundings in a year, its fit is not judged."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A perimeter no longer fits when `figure` lies beyond `limit` and, where `chance` names one, chance does not explain it.

    `chance` is a figure that is true when the difference is beyond what chance alone would bring.
    """

    code: str
    figure: str
    limit: float
    below: bool
    words: Promise
    chance: str = ""

    def broken(self, figures: Mapping[str, Any]) -> bool:
        """Is the rule broken? A figure that could not be worked out breaks none."""
        value = figures.get(self.figure)
        if value is None or (self.chance and not figures.get(self.chance)):
            return False
        return bool(value < self.limit) if self.below else bool(value > self.limit)


RULES: tuple[Rule, ...] = (
    Rule("share", "inside_share", 0.5, True, _("more facts lie around the perimeter than in it")),
    Rule("density", "pai", 1.0, True, _("the perimeter is no denser than the zone as a whole")),
    Rule("drift", "drift_m", 75.0, False, _("the centre of the facts moved more than 75 m"), "drift_is_real"),
    Rule(
        "outline",
        "best_gain",
        0.25,
        False,
        _("an outline nearby of the same surface holds at least a quarter more facts"),
        "best_is_better",
    ),
)
RULE_WORDS = {rule.code: rule.words for rule in RULES}


def broken(figures: Mapping[str, Any]) -> list[str]:
    """Codes of the rules a perimeter no longer meets; none while there are too few facts to judge."""
    return [rule.code for rule in RULES if rule.broken(figures)] if judged(figures) else []


def judged(figures: Mapping[str, Any]) -> bool:
    """Are there enough facts in and around a perimeter to say whether it fits?"""
    return bool(figures.get("n_near", 0) >= FEWEST_FACTS)

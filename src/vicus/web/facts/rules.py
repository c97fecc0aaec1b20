"""What may happen to an import: one table of states and steps."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import Permission
from vicus.web.facts.models import Import

State = Import.State


@dataclass(frozen=True)
class Step:
    """One step from some states to another; `permission` is None for steps the system takes by itself."""

    code: str
    verb: Promise
    sources: frozenset[Import.State]
    target: Import.State
    permission: Permission | None


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step(
            "check",
            _("Check the file"),
            frozenset({State.RECEIVED, State.CHECKED, State.FAILED}),
            State.CHECKING,
            Permission.IMPORT_FACTS,
        ),
        Step("found", _("Report what was found"), frozenset({State.CHECKING}), State.CHECKED, None),
        Step(
            "import",
            _("Import the facts"),
            frozenset({State.CHECKED}),
            State.IMPORTING,
            Permission.IMPORT_FACTS,
        ),
        Step("finish", _("Report what was imported"), frozenset({State.IMPORTING}), State.IMPORTED, None),
        Step("fail", _("Report a failure"), frozenset({State.CHECKING, State.IMPORTING}), State.FAILED, None),
        Step(
            "discard",
            _("Discard the file"),
            frozenset({State.RECEIVED, State.CHECKED, State.FAILED}),
            State.DISCARDED,
            Permission.IMPORT_FACTS,
        ),
    )
}


def allowed(code: str, state: str) -> bool:
    """Whether a step is open in a state."""
    return state in STEPS[code].sources

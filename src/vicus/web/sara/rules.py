"""Who may read and write sheets, and what the state of a sheet allows: one table of transitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from vicus.pictures.sentences import LOCATED_ENOUGH
from vicus.web.accounts.rules import Permission, Role
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Sight
from vicus.web.sara.models import SaraSheet

Words = str | Lazy
State = SaraSheet.State
Who = Literal["writer", "validator"]

READABLE_BY_ALL = frozenset({State.VALIDATED, State.ARCHIVED})
"""What those see who only see validated sheets."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a reader may do with the sheets of one hotspot."""

    reads: bool
    reads_drafts: bool
    writer: bool
    validator: bool

    def sees(self, state: str) -> bool:
        """May a sheet in this state be opened?"""
        return self.reads and (self.reads_drafts or state in READABLE_BY_ALL)

    def is_a(self, who: Who) -> bool:
        """Does the reader hold this part?"""
        return self.writer if who == "writer" else self.validator


NOTHING = Access(False, False, False, False)


def access(role: Role, sight: Sight, hotspot: Hotspot, user_id: int | None) -> Access:
    """Managers write the sheets of own hotspots; division heads validate in own communes; others read or do not."""
    if not sight.covers(hotspot):
        return NOTHING
    may = role.permissions
    own = user_id is not None and user_id in (hotspot.manager_id, hotspot.deputy_id)
    writer = Permission.WRITE_SHEETS in may and own
    drafts = writer or Permission.READ_SHEETS in may
    return Access(
        reads=drafts or Permission.READ_VALIDATED_SHEETS in may,
        reads_drafts=drafts,
        writer=writer,
        validator=Permission.VALIDATE_SHEETS in may,
    )


def reads_sheets(role: Role) -> bool:
    """Are there sheets for this role at all, its own hotspots or communes left aside?"""
    return bool(
        role.permissions & {Permission.READ_SHEETS, Permission.READ_VALIDATED_SHEETS, Permission.WRITE_SHEETS}
    )


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A sheet passes from one state to the next: who does it, and what must hold.

    `needs` names conditions of `CONDITIONS`; each says in words what is missing.
    """

    name: str
    before: State
    after: State
    who: Who
    label: Words
    done: Words
    needs: tuple[str, ...] = ()
    comment: Literal["none", "may", "must"] = "none"
    primary: bool = False


TRANSITIONS = (
    Transition(
        name="submit", before=State.DRAFT, after=State.SUBMITTED, who="writer", label=_("Submit the sheet"),
        done=_("The sheet is submitted and its figures are frozen."),
        needs=("written", "promises reviewed", "nothing aside", "figures", "month complete"), primary=True,
    ),
    Transition(
        name="withdraw", before=State.SUBMITTED, after=State.DRAFT, who="writer", label=_("Take the sheet back"),
        done=_("The sheet is a draft again."),
    ),
    Transition(
        name="return", before=State.SUBMITTED, after=State.DRAFT, who="validator",
        label=_("Return it with a comment"), done=_("The sheet went back to its writer."), comment="must",
    ),
    Transition(
        name="validate", before=State.SUBMITTED, after=State.VALIDATED, who="validator",
        label=_("Validate the sheet"), done=_("The sheet is validated."), needs=("located",), comment="may",
        primary=True,
    ),
    Transition(
        name="archive", before=State.VALIDATED, after=State.ARCHIVED, who="validator",
        label=_("Archive the sheet"), done=_("The sheet is archived."),
    ),
)  # fmt: skip
"""Every way a sheet can go. Pages, tests and the diagram in the documentation are drawn from this table."""

BY_NAME: Mapping[str, Transition] = {transition.name: transition for transition in TRANSITIONS}

TONES = {
    State.DRAFT: "quiet", State.SUBMITTED: "warn", State.VALIDATED: "good", State.ARCHIVED: "phase",
}  # fmt: skip

WHO_WORDS: dict[Who, Words] = {
    "writer": _("hotspot manager or deputy of the hotspot"),
    "validator": _("division head of the commune"),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the conditions of transitions look at."""

    missing_texts: tuple[str, ...] = ()
    open_promises: int = 0
    asides: int = 0
    has_figures: bool = False
    complete: bool = False
    geocoding_rate: float | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Something that must hold before a transition, and the words for when it does not."""

    holds: Callable[[Standing], bool]
    missing: Words
    anchor: str
    """Where on the page it is mended."""


CONDITIONS: Mapping[str, Condition] = {
    "written": Condition(
        holds=lambda s: not s.missing_texts, missing=_("The texts are not all written."), anchor="seen"
    ),
    "promises reviewed": Condition(
        holds=lambda s: not s.open_promises,
        missing=_("Not all promises say what became of them."),
        anchor="promises",
    ),
    "nothing aside": Condition(
        holds=lambda s: not s.asides,
        missing=_("Two texts met each other; choose what stays."),
        anchor="seen",
    ),
    "figures": Condition(
        holds=lambda s: s.has_figures, missing=_("There are no figures to freeze."), anchor="figures"
    ),
    "month complete": Condition(
        holds=lambda s: s.complete,
        missing=_("The data end before the month does, so its figures cannot be frozen."),
        anchor="figures",
    ),
    "located": Condition(
        holds=lambda s: s.geocoding_rate is not None and s.geocoding_rate >= LOCATED_ENOUGH,
        missing=_("Too few facts have a place (under 85%): a sheet on such figures is not validated."),
        anchor="figures",
    ),
}


def missing(transition: Transition, standing: Standing) -> list[Condition]:
    """What still stands in the way."""
    return [
        condition
        for condition in map(CONDITIONS.__getitem__, transition.needs)
        if not condition.holds(standing)
    ]


def offered(state: str, access: Access) -> list[Transition]:
    """The transitions that the reader may make from this state."""
    return [t for t in TRANSITIONS if t.before == state and access.is_a(t.who)]


def may_write(state: str, access: Access) -> bool:
    """Is the sheet open to this reader's pen?"""
    return access.writer and state == State.DRAFT


def has_a_sheet(month: date, today: date) -> bool:
    """Months have a sheet once they have begun."""
    return month.day == 1 and month <= today

"""Who may write which meeting, and how one passes from planned to minuted: two tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.rules import is_own
from vicus.web.meetings.models import Meeting, Presence
from vicus.web.meetings.queries import Reader

State = Meeting.State

WRITES: dict[str, frozenset[int]] = {
    "hotspot_manager": frozenset({1, 2}),
    "division_head": frozenset({1, 2, 3}),
    "mayor": frozenset({1, 2, 3}),
    "direction": frozenset({1, 2, 3, 4, 5}),
}
"""Levels whose meetings a role writes: a hotspot manager of own hotspots, the others of the places they see."""

CHAIRS = frozenset({"division_head", "mayor", "direction"})
WRITERS = frozenset(WRITES)
OPEN = (State.PLANNED, State.HELD)
"""While a meeting is in one of these states it is written on."""


@dataclass(frozen=True)
class Condition:
    """What a step asks of the meeting, and what to say when it is missing."""

    holds: Callable[[Meeting], bool]
    missing: Promise
    anchor: str


@dataclass(frozen=True)
class Step:
    """One step from some states to another: who takes it, what it needs first, whether it asks for words."""

    code: str
    verb: Promise
    done: Promise
    sources: tuple[Meeting.State, ...]
    target: Meeting.State
    by: frozenset[str]
    needs: tuple[str, ...] = ()
    why: bool = False


# fmt: off
CONDITIONS: dict[str, Condition] = {
    "begun": Condition(lambda m: m.starts_at <= timezone.now(), _("The meeting has not begun yet."), "during"),
    "minutes": Condition(lambda m: bool(str(m.words.get("minutes", "")).strip()),
                         _("Write the minutes first."), "minutes"),
    "presences": Condition(lambda m: not m.presences.filter(state=Presence.State.ASKED).exists(),
                           _("Say of each organisation whether it came."), "organisations"),
    "counted": Condition(lambda m: 1 not in levels(m) or m.words.get("residents") is not None,
                         _("Count the residents who came."), "attendance"),
    "settled": Condition(lambda m: not m.passages.filter(asides__isnull=False).exists(),
                         _("Two texts met: choose what stays."), "minutes"),
}

STEPS: tuple[Step, ...] = (
    Step("hold", _("The meeting was held"), _("The meeting was held."),
         (State.PLANNED,), State.HELD, WRITERS, ("begun",)),
    Step("minute", _("Close the minutes"), _("The minutes are closed."),
         (State.HELD,), State.MINUTED, WRITERS, ("minutes", "presences", "counted", "settled")),
    Step("reopen", _("Open the minutes again"), _("The minutes are open again."),
         (State.MINUTED,), State.HELD, CHAIRS, (), why=True),
    Step("cancel", _("Cancel the meeting"), _("The meeting is cancelled."),
         (State.PLANNED,), State.CANCELLED, WRITERS, (), why=True),
    Step("restore", _("Plan it again"), _("The meeting is planned again."),
         (State.CANCELLED,), State.PLANNED, WRITERS),
)
# fmt: on
BY_CODE = {step.code: step for step in STEPS}
TONES = {State.PLANNED: "", State.HELD: "warn", State.MINUTED: "good", State.CANCELLED: "quiet"}


def levels(meeting: Meeting) -> list[int]:
    """The levels a meeting counts for."""
    found: list[int] = meeting.levels or meeting.body.levels
    return found


def writes(who: Reader, meeting: Meeting) -> bool:
    """May this reader write on the meeting: its levels, and every place it is about?"""
    mine = WRITES.get(who.role.code, frozenset())
    if Permission.WRITE_MEETINGS not in who.role.permissions or not set(levels(meeting)) <= mine:
        return False
    hotspots = list(meeting.hotspots.all())
    if meeting.body.hotspot is not None:
        hotspots.append(meeting.body.hotspot)
    if who.role.own_points:
        return bool(hotspots) and all(is_own(hotspot, who.user.pk) for hotspot in hotspots)
    if who.areas is None:
        return True
    communes = {commune.pk for commune in meeting.communes.all()}
    if meeting.body.commune_id is not None:
        communes.add(meeting.body.commune_id)
    if communes:
        return communes <= who.areas
    return bool(hotspots) and all(who.covers(hotspot) for hotspot in hotspots)


def may_plan(who: Reader) -> frozenset[int]:
    """Levels this reader may plan meetings on."""
    if Permission.WRITE_MEETINGS not in who.role.permissions:
        return frozenset()
    return WRITES.get(who.role.code, frozenset())


def missing(meeting: Meeting, step: Step) -> list[Condition]:
    """What still stands in the way of a step."""
    return [CONDITIONS[name] for name in step.needs if not CONDITIONS[name].holds(meeting)]


def offered(who: Reader, meeting: Meeting) -> Iterator[Step]:
    """The steps that the state allows and this reader may take."""
    if not writes(who, meeting):
        return iter(())
    return (step for step in STEPS if meeting.state in step.sources and who.role.code in step.by)


def keeps_organisations(who: Reader) -> bool:
    """Organisations and bodies are data of the zone: those who see all of it keep them, and chairs of their commune."""
    return who.role.code in CHAIRS


def keeps_bodies(who: Reader) -> bool:
    """Which bodies meet on which level is for the zone direction to say."""
    return who.role.code == "direction"


def diagram() -> str:
    """The states of a meeting as a Mermaid diagram."""
    lines = ["stateDiagram-v2", "    [*] --> planned: plan"]
    for step in STEPS:
        needs = f" [{', '.join(step.needs)}]" if step.needs else ""
        why = ", saying why" if step.why else ""
        lines += [
            f"    {source.value} --> {step.target.value}: {step.code}{needs}{why}" for source in step.sources
        ]
    return "\n".join(lines)

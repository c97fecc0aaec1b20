"""What waits for whom: one table of kinds, each with a question, who it is for, and the words for none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.pictures import words
from vicus.web.accounts.rules import Permission, permissions_of
from vicus.web.actions import queries as actions
from vicus.web.actions.queries import Reader, reader
from vicus.web.actions.queries import Waiting as WaitingAction
from vicus.web.audit.models import Action, Record
from vicus.web.governance import queries as governance
from vicus.web.governance import showing as clock
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings.queries import Reader as Member
from vicus.web.perimeters import queries as perimeters
from vicus.web.phases import queries as phases
from vicus.web.plans import queries as plans
from vicus.web.sara import queries as sheets
from vicus.web.sara.queries import Line
from vicus.web.zone.models import Zone

KEPT_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: what, of which hotspot, where it is answered, since or until when, and why."""

    title: str
    hotspot: Hotspot | None
    url: str
    day: date | None
    why: str


@dataclass
class Desk:
    """A reader with the questions that several kinds share, each asked once."""

    who: Reader
    day: date

    @cached_property
    def sheets(self) -> Sequence[Line]:
        """Sheets that wait for this reader."""
        who = self.who
        return sheets.listed(who.user, who.zone, who.sight, who.hotspots).waiting

    @cached_property
    def actions(self) -> Sequence[WaitingAction]:
        """Actions that wait for this reader."""
        return actions.waiting(self.who.zone, self.who.user, self.who)

    @cached_property
    def member(self) -> Member:
        """The same reader, as somebody who takes part in meetings."""
        who = self.who
        return Member(who.user, who.zone, who.role, who.sight.areas, None, who.hotspots)

    def seen(self, hotspot: Hotspot | None) -> bool:
        """Does the reader see this hotspot? What has none yet, only who sees the whole zone."""
        return self.who.sight.areas is None if hotspot is None else self.who.sight.covers(hotspot)


@dataclass(frozen=True)
class Kind:
    """A kind of thing that waits. `day` says whether its date is one since which it waits, or by which it is due.

    Where `bounded`, the question itself keeps to the places of the reader.
    """

    code: str
    title: Promise
    permissions: frozenset[Permission]
    find: Callable[[Desk], Iterable[Item]]
    empty: Promise
    day: Literal["since", "due"] = "since"
    bounded: bool = False


def _sheets(*waits: str, returned: bool | None = None) -> Callable[[Desk], Iterable[Item]]:
    def find(desk: Desk) -> Iterable[Item]:
        for line in desk.sheets:
            taken = list(line.sheet.steps.all()) if line.sheet is not None else []
            last = taken[-1] if taken else None
            back = last is not None and last.name == "return"
            if line.waits not in waits or (returned is not None and back is not returned):
                continue
            month = words.month_name(line.month, language(), year=True)
            yield Item(
                _("%(hotspot)s, %(month)s") % {"hotspot": line.hotspot.title, "month": month},
                line.hotspot,
                reverse("sara:sheet", args=[desk.who.zone.slug, line.hotspot.number, f"{line.month:%Y-%m}"]),
                timezone.localdate(last.at, ZoneInfo(desk.who.zone.timezone)) if last else None,
                last.comment if last else "",
            )

    return find


def _proposals(desk: Desk) -> Iterable[Item]:
    for one in perimeters.waiting_proposals(desk.who.zone, desk.day):
        yield Item(one.title, one.hotspot, one.url, one.date, one.why)


def _moves(desk: Desk) -> Iterable[Item]:
    for one in phases.waiting(desk.who.zone):
        yield Item(f"{one.hotspot.title}: {one.title}", one.hotspot, one.url, one.since, one.why)


def _reviews(desk: Desk) -> Iterable[Item]:
    for one in perimeters.reviews_due(desk.who.zone, desk.day):
        yield Item(one.hotspot.title, one.hotspot, one.url, one.date, one.why)


def _orders(desk: Desk) -> Iterable[Item]:
    for one in perimeters.alerts(desk.who.zone, desk.day):
        yield Item(one.hotspot.title, one.hotspot, one.url, one.date, one.why)


def _evaluations(desk: Desk) -> Iterable[Item]:
    for one in plans.waiting(desk.who.zone):
        yield Item(one.title, one.hotspot, one.url, one.since, one.why)


def _actions(kind: str) -> Callable[[Desk], Iterable[Item]]:
    def find(desk: Desk) -> Iterable[Item]:
        for one in desk.actions:
            if one.kind == kind:
                yield Item(f"{one.hotspot.title}: {one.title}", one.hotspot, one.url, one.since, one.why)

    return find


def _clock(desk: Desk) -> Iterable[Item]:
    found = governance.duties(desk.member)
    bodies = governance.bodies(desk.who.zone) if found else []
    for cell, place in found:
        url = clock.prepare_url(desk.member, cell, bodies) or reverse(
            "governance:clock", args=[desk.who.zone.slug]
        )
        yield Item(clock.duty(cell, place), None, url, cell.standing.due_on, clock.why(cell.standing))


def _commitments(desk: Desk) -> Iterable[Item]:
    for one in governance.late(desk.member, desk.day):
        url = reverse("commitments:commitment", args=[desk.who.zone.slug, one.pk])
        why = ", ".join(filter(None, (one.owner.name, clock.place_of(one))))
        yield Item(one.title, one.hotspot, url, one.due_on, why)


WRITERS = frozenset({Permission.WRITE_SHEETS})
MEETINGS = frozenset({Permission.WRITE_MEETINGS})
VALIDATORS = frozenset({Permission.VALIDATE_SHEETS})
PERIMETERS = frozenset({Permission.PROPOSE_PERIMETERS, Permission.DECIDE_PERIMETERS})
ACTIONS = frozenset({Permission.PLAN_ACTIONS, Permission.DECIDE_ACTIONS, Permission.EVALUATE_ACTIONS})

KINDS: tuple[Kind, ...] = (
    Kind(
        "returned", gettext_lazy("Sheets that came back to you"), WRITERS, _sheets("submit", returned=True),
        gettext_lazy("No sheet came back."),
    ),
    Kind(
        "validate", gettext_lazy("Sheets to validate or return"), VALIDATORS, _sheets("validate"),
        gettext_lazy("No sheet waits to be validated."),
    ),
    Kind(
        "write", gettext_lazy("Sheets to write"), WRITERS, _sheets("submit", returned=False),
        gettext_lazy("No sheet waits to be written."),
    ),
    Kind(
        "moves", gettext_lazy("Moves to another phase to decide"), frozenset({Permission.DECIDE_PHASES}), _moves,
        gettext_lazy("No move to another phase waits for a decision."),
    ),
    Kind(
        "proposals", gettext_lazy("Perimeters proposed, to decide"), frozenset({Permission.DECIDE_PERIMETERS}),
        _proposals, gettext_lazy("No proposal of a perimeter waits for a decision."),
    ),
    Kind(
        "years", gettext_lazy("Yearly evaluations to decide"), frozenset({Permission.DECIDE_PLAN}), _evaluations,
        gettext_lazy("No yearly evaluation waits for a decision."),
    ),
    Kind(
        "orders", gettext_lazy("Orders that end soon"), PERIMETERS | VALIDATORS, _orders,
        gettext_lazy("No order ends soon."), "due",
    ),
    Kind(
        "reviews", gettext_lazy("Perimeters to review"), PERIMETERS, _reviews,
        gettext_lazy("No review of a perimeter is due."), "due",
    ),
    Kind(
        "clock", gettext_lazy("Meetings that are overdue"), MEETINGS, _clock,
        gettext_lazy("No meeting that you drive is overdue."), "due", bounded=True,
    ),
    Kind(
        "commitments", gettext_lazy("Commitments past their day"), MEETINGS, _commitments,
        gettext_lazy("No commitment is past its day."), "due", bounded=True,
    ),
    Kind(
        "blocked", gettext_lazy("Actions that are blocked"), ACTIONS, _actions("blocked"),
        gettext_lazy("No action is blocked."),
    ),
    Kind(
        "evaluations", gettext_lazy("Evaluations to make"), ACTIONS, _actions("evaluation due"),
        gettext_lazy("No evaluation waits to be made."),
    ),
    Kind(
        "ended", gettext_lazy("Actions past their end"), ACTIONS, _actions("past its end"),
        gettext_lazy("No action is past its end."), "due",
    ),
)  # fmt: skip
"""The page, the file and the count in the navigation are read from this table."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A kind with what waits of it for one reader."""

    kind: Kind
    items: tuple[Item, ...]


def desk(user: Any, slug: str) -> Desk:
    """The desk of a reader; 404 for strangers and for roles that see counts only."""
    who = reader(user, slug)
    return Desk(who, today(who.zone))


def of(at: Desk) -> list[Waits]:
    """Every kind that this reader can answer, with what waits of it, in the order of the table."""
    held = at.who.role.permissions
    return [
        Waits(kind, tuple(item for item in kind.find(at) if kind.bounded or at.seen(item.hotspot)))
        for kind in KINDS
        if kind.permissions & held
    ]


def count(user: Any, slug: str) -> int:
    """How much waits for this reader.

    Kept until something is recorded in the audit trail, as every change is, or until the next day in the zone.
    """
    if not any(kind.permissions & permissions_of(user.role_in(slug)) for kind in KINDS):
        return 0
    found = cache.get(_key(user, slug))
    if found is not None:
        return int(found)
    at = desk(user, slug)
    return remember(at, of(at))


def remember(at: Desk, found: Iterable[Waits]) -> int:
    """Keep how much waits, for the navigation of the next pages."""
    total = sum(len(waits.items) for waits in found)
    cache.set(_key(at.who.user, at.who.zone.slug), total, min(KEPT_SECONDS, _until_midnight(at.who.zone)))
    return total


def _until_midnight(zone: Zone) -> float:
    """Seconds left of the day in the zone."""
    now = timezone.localtime(timezone=ZoneInfo(zone.timezone))
    return (datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo) - now).total_seconds()


def _key(user: Any, slug: str) -> str:
    # Looking at restricted records changes nothing that waits; what is combined (a fit of perimeters) may.
    changes = Record.objects.exclude(action__in=(Action.CONSULTATION, Action.DISCLOSURE))
    last = changes.order_by("-number").values_list("number", flat=True).first()
    return f"waits-{slug}-{user.pk}-{last}"

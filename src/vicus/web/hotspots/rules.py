"""Who may see and do what with hotspots, and what the state of a perimeter or a phase allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import Permission, Role
from vicus.web.hotspots.models import Hotspot, Perimeter, Phase

DUE_SOON_DAYS = 30
"""Reviews and ends of orders stand under "what waits" from this many days before."""

DIRECTION = "zone direction"
"""Who decides perimeters and phases, as it stands in a version; shown in the reader's language."""

# Lists made by different authorities overlap; figures rest on the first of these that is in force.
PRECEDENCE = (
    Perimeter.Designation.ZONAL,
    Perimeter.Designation.MUNICIPAL,
    Perimeter.Designation.REGIONAL,
    Perimeter.Designation.FEDERAL,
)

# From phase -> phases it may pass to. A hotspot can fall back a phase; "" is before the first.
PHASES: dict[str, tuple[str, ...]] = {
    "": (Phase.Kind.CLEAR, Phase.Kind.HOLD, Phase.Kind.BUILD, Phase.Kind.ORDINARY),
    Phase.Kind.CLEAR: (Phase.Kind.HOLD,),
    Phase.Kind.HOLD: (Phase.Kind.BUILD, Phase.Kind.CLEAR),
    Phase.Kind.BUILD: (Phase.Kind.ORDINARY, Phase.Kind.HOLD),
    Phase.Kind.ORDINARY: (Phase.Kind.CLEAR, Phase.Kind.BUILD),
}


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a reader sees of the hotspots of a zone.

    `areas` are the areas the role is bound to (their parts included); None is the whole zone. Without
    `detail` only counts, expectations and ranking are shown: no density cells, no documents, no downloads.
    """

    areas: frozenset[int] | None
    detail: bool
    points: Literal["none", "own", "all"]
    exports: bool
    reports: bool

    def covers(self, hotspot: Hotspot) -> bool:
        """Is this hotspot within what the reader sees?"""
        return self.areas is None or bool(self.areas & {hotspot.sector_id, hotspot.commune_id})


def sight(role: Role, areas: frozenset[int] | None) -> Sight | None:
    """What a role sees, read from the table of roles alone; None when hotspots do not exist for it."""
    may = role.permissions
    if Permission.READ_FIGURES in may:
        points: Literal["none", "own", "all"] = "none"
        if Permission.OPEN_INCIDENT_POINTS in may:
            points = "own" if role.own_points else "all"
        return Sight(
            areas=areas, detail=True, points=points, exports=True, reports=Permission.DRAW_REPORTS in may
        )
    if Permission.READ_COUNTS in may:
        return Sight(areas=areas, detail=False, points="none", exports=False, reports=False)
    return None


def is_own(hotspot: Hotspot, user_id: int | None) -> bool:
    """Does this user look after the hotspot, as its manager or deputy?"""
    return user_id is not None and user_id in (hotspot.manager_id, hotspot.deputy_id)


def may_open_points(sight: Sight, hotspot: Hotspot, user_id: int | None) -> bool:
    """Incident points of a hotspot: the analyst's and the direction's everywhere, a manager's in own hotspots."""
    if sight.points == "own":
        return is_own(hotspot, user_id)
    return sight.points == "all" and sight.covers(hotspot)


@dataclass(frozen=True, slots=True)
class Used:
    """The version of a perimeter that figures of a month rest on, and why this one."""

    perimeter: Perimeter
    why: Literal["in force", "not yet in force", "no longer in force", "chosen"]


WHY_USED = {
    "in force": _("in force at the end of the month"),
    "not yet in force": _("first version; the month lies before it came into force"),
    "no longer in force": _("last version; none was in force in this month"),
    "chosen": _("chosen by the reader for all months"),
}


def perimeter_for(versions: Sequence[Perimeter], last_day: date) -> Used | None:
    """The version that figures of a month rest on: in force on its last day, or else the nearest in time."""
    if not versions:
        return None
    in_force = [p for p in versions if p.in_force_on(last_day)]
    if in_force:
        return Used(
            min(in_force, key=lambda p: (PRECEDENCE.index(Perimeter.Designation(p.designation)), -p.version)),
            "in force",
        )
    real = [p for p in versions if p.valid_to is None or p.valid_to > p.valid_from] or list(versions)
    earlier = [p for p in real if p.valid_from <= last_day]
    if earlier:
        return Used(max(earlier, key=lambda p: (p.valid_from, p.version)), "no longer in force")
    return Used(min(real, key=lambda p: (p.valid_from, p.version)), "not yet in force")


def has_left(hotspot: Hotspot, used: Used | None) -> bool:
    """Was the hotspot closed before the month that is looked at? Of the months before it is still told."""
    closed = hotspot.status == Hotspot.Status.CLOSED
    return closed and (used is None or used.why == "no longer in force")


def latest_review(valid_from: date) -> date:
    """The last day on which a perimeter may be reviewed: twelve months after it came into force."""
    if (valid_from.month, valid_from.day) == (2, 29):
        return date(valid_from.year + 1, 2, 28)
    return valid_from.replace(year=valid_from.year + 1)


def next_phases(current: str) -> tuple[str, ...]:
    """The phases that may follow; none are skipped forward."""
    return PHASES[current]

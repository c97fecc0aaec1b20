"""Reading the plan and evaluations. Every question takes the user; what somebody may not see does not exist (404)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.web.accounts.rules import ROLES, Permission, Role
from vicus.web.actions.models import Action
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Sight
from vicus.web.plans import rules
from vicus.web.plans.models import Evaluation, Link, Objective, Plan
from vicus.web.sara import rules as sheets
from vicus.web.sara.models import Problem
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the zone, what is seen of its hotspots, and the role that says what may be written."""

    user: Any
    zone: Zone
    sight: Sight
    role: Role
    hotspots: list[Hotspot]

    @property
    def whole(self) -> bool:
        """Does the reader see the whole zone, with its figures?"""
        return self.sight.areas is None and self.sight.detail

    def reads_problems(self, hotspot: Hotspot) -> bool:
        """Problems have no state of their own: only those who read sheets that are not validated see them."""
        return sheets.access(self.role, self.sight, hotspot, self.user.pk).reads_drafts

    def may_plan(self, permission: Permission) -> bool:
        """Whether the reader holds this permission for the plan, which is of the whole zone."""
        return self.whole and permission in self.role.permissions

    def may(self, permission: Permission, evaluation: Evaluation) -> bool:
        """Whether the reader holds this permission for an evaluation."""
        if evaluation.hotspot is None:
            return self.may_plan(permission)
        return permission in self.role.permissions and self.sight.covers(evaluation.hotspot)

    def seen(self) -> list[Hotspot]:
        """The hotspots the reader sees."""
        return [hotspot for hotspot in self.hotspots if self.sight.covers(hotspot)]


def reader(user: Any, slug: str) -> Reader:
    """The reader of evaluations: whoever sees figures; the mayor's office, which sees what is decided."""
    zone, sight = places.zone_and_sight(user, slug)
    role = ROLES[user.role_in(zone.slug)]
    if not sight.detail and Permission.READ_VALIDATED_SHEETS not in role.permissions:
        raise Http404
    return Reader(user, zone, sight, role, places.hotspots(zone))


def plan_reader(user: Any, slug: str) -> Reader:
    """The reader of the plan: whoever sees figures."""
    who = reader(user, slug)
    if not who.sight.detail:
        raise Http404
    return who


def plans(zone: Zone) -> QuerySet[Plan]:
    """The plans of a zone with all that stands in them; the one in force first."""
    links = Link.objects.select_related("hotspot", "problem__hotspot", "action__hotspot")
    objectives = Objective.objects.select_related("owner").prefetch_related(
        "indicators", Prefetch("links", queryset=links)
    )
    return (
        Plan.objects.filter(zone=zone)
        .select_related("zone")
        .prefetch_related("priorities", Prefetch("priorities__objectives", queryset=objectives))
    )


def plan(who: Reader, pk: int | None = None) -> Plan | None:
    """The plan with that number, or 404; without a number the one in force, else the newest there is."""
    found = list(plans(who.zone))
    if pk is None:
        in_force = [one for one in found if one.state == Plan.State.IN_FORCE]
        return next(iter(in_force or found), None)
    for one in found:
        if one.pk == pk:
            return one
    raise Http404


def evaluations(who: Reader) -> QuerySet[Evaluation]:
    """The evaluations the reader may open: of the hotspots they see, of the plan whoever sees the whole zone."""
    allowed = Q(hotspot__in=[hotspot.pk for hotspot in who.seen()])
    if who.whole:
        allowed |= Q(plan__isnull=False)
    found = Evaluation.objects.filter(allowed, zone=who.zone)
    if not who.sight.detail:
        found = found.filter(state=Evaluation.State.DECIDED)
    return found.select_related("zone", "hotspot", "plan", "perimeter")


def evaluation(who: Reader, pk: int) -> Evaluation:
    """One of them, or 404."""
    found = evaluations(who).filter(pk=pk).prefetch_related("steps").first()
    if found is None:
        raise Http404
    return found


def linkable(who: Reader) -> dict[str, list[tuple[int, str]]]:
    """What the reader can hang on an objective: hotspots, problems and actions within sight, as choices."""
    seen = [hotspot for hotspot in who.seen() if hotspot.status == Hotspot.Status.ACTIVE]
    keys = [hotspot.pk for hotspot in seen]
    found: dict[str, list[tuple[int, str]]] = {
        "hotspot": [(hotspot.pk, hotspot.title) for hotspot in seen],
        "problem": [],
        "action": [
            (action.pk, f"{action.hotspot.label}: {action.title}")
            for action in Action.objects.filter(hotspot__in=keys)
            .select_related("hotspot")
            .order_by("hotspot__number", "-starts_on")
        ],
    }
    read = [hotspot.pk for hotspot in seen if who.reads_problems(hotspot)]
    problems = (
        Problem.objects.filter(hotspot__in=read)
        .select_related("hotspot")
        .order_by("hotspot__number", "number")
    )
    found["problem"] = [(one.pk, f"{one.hotspot.label}: {one.title}") for one in problems]
    return found


def shown_links(who: Reader, objective: Objective) -> list[dict[str, Any]]:
    """What hangs on an objective, as far as the reader may see it."""
    found = []
    for link in objective.links.all():
        if not who.sight.covers(link.place) or (link.problem_id and not who.reads_problems(link.place)):
            continue
        if link.hotspot is not None:
            url = reverse("hotspots:hotspot", args=[who.zone.slug, link.hotspot.number])
            found.append({"pk": link.pk, "kind": _("hotspot"), "title": link.hotspot.title, "url": url})
        elif link.problem is not None:
            args = [who.zone.slug, link.problem.hotspot.number, link.problem.number]
            title = f"{link.problem.hotspot.label}: {link.problem.title}"
            url = reverse("sara:problem", args=args)
            found.append({"pk": link.pk, "kind": _("problem"), "title": title, "url": url})
        elif link.action is not None:
            title = f"{link.action.hotspot.label}: {link.action.title}"
            url = reverse("actions:action", args=[who.zone.slug, link.action.pk])
            found.append({"pk": link.pk, "kind": _("action"), "title": title, "url": url})
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """An evaluation that waits for the zone direction; without hotspot it is the one of the plan."""

    title: str
    hotspot: Hotspot | None
    url: str
    since: date | None
    why: str


def waiting(zone: Zone) -> Sequence[Waiting]:
    """The evaluations that wait for a decision, the longest waiting first."""
    found = (
        Evaluation.objects.filter(zone=zone, state=Evaluation.State.ASKED)
        .select_related("hotspot", "plan")
        .order_by("asked_on", "pk")
    )
    return [
        Waiting(
            title=_("%(subject)s, evaluation of %(year)s") % {"subject": one.subject, "year": one.year},
            hotspot=one.hotspot,
            url=reverse("plans:evaluation", args=[zone.slug, one.pk]),
            since=one.asked_on,
            why=one.words.get("next", {}).get("text", ""),
        )
        for one in found
    ]


def missing(who: Reader, year: int) -> list[Hotspot]:
    """Hotspots the reader may evaluate that have no evaluation of a year yet."""
    if rules.WRITE not in who.role.permissions:
        return []
    begun = set(Evaluation.objects.filter(zone=who.zone, year=year).values_list("hotspot_id", flat=True))
    return [h for h in who.seen() if h.pk not in begun and h.status == Hotspot.Status.ACTIVE]

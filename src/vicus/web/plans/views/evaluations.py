"""Every yearly evaluation the reader may open, by year; a new one is begun here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.plans import evaluating, queries, rules, showing
from vicus.web.plans.models import Evaluation
from vicus.web.plans.queries import Reader


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The list, newest year first."""
    who = queries.reader(request.user, zone)
    found = list(queries.evaluations(who).order_by("-year", "hotspot__number", "pk"))
    waiting = sum(one.state == Evaluation.State.ASKED for one in found)
    year = today(who.zone).year
    context: dict[str, Any] = {
        "zone": who.zone,
        "crumbs": crumbs(who),
        "sentence": ngettext(
            "%(n)s evaluation waits for the zone direction.",
            "%(n)s evaluations wait for the zone direction.",
            waiting,
        )
        % {"n": words.number(waiting, language())}
        if waiting
        else _("No evaluation waits for the zone direction."),
        "table": showing.evaluations(who, found, language()),
        "begin": [
            {"year": n, "hotspots": queries.missing(who, n), "plan": _plan_missing(who, n)}
            for n in (year, year - 1)
        ]
        if rules.WRITE in who.role.permissions
        else [],
    }
    return render(request, "plans/evaluations.html", context)


@require_POST
def begin(request: HttpRequest, zone: str) -> HttpResponse:
    """A draft for a hotspot or for the plan."""
    who = queries.plan_reader(request.user, zone)
    told, year = request.POST.get("of", ""), request.POST.get("year", "")
    if not year.isdigit() or not 2000 <= int(year) <= today(who.zone).year:
        raise Http404
    if told == "plan":
        plan = queries.plan(who)
        if plan is None:
            raise Http404
        if not who.may_plan(rules.WRITE):
            raise PermissionDenied
        thing: dict[str, Any] = {"plan": plan}
    else:
        hotspot = places.one(who.hotspots, who.sight, int(told) if told.isdigit() else 0)
        if rules.WRITE not in who.role.permissions:
            raise PermissionDenied
        thing = {"hotspot": hotspot}
    found = evaluating.begin(zone=who.zone, year=int(year), actor=request.user, on=today(who.zone), **thing)
    return redirect("plans:evaluation", who.zone.slug, found.pk)


def _plan_missing(who: Reader, year: int) -> bool:
    plan = queries.plan(who)
    if plan is None or not who.may_plan(rules.WRITE) or not plan.from_year <= year <= plan.to_year:
        return False
    return not plan.evaluations.filter(year=year).exists()


def crumbs(who: Reader, *more: str) -> list[dict[str, str]]:
    """The way to a page of an evaluation."""
    way = [{"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])}]
    if who.sight.detail:
        way.append({"label": _("Plan"), "url": reverse("plans:plan", args=[who.zone.slug])})
    way.append({"label": _("Yearly evaluations"), "url": reverse("plans:evaluations", args=[who.zone.slug])})
    way += [{"label": label, "url": ""} for label in more]
    way[-1]["url"] = ""
    return way

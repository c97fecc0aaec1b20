"""Priorities, objectives and indicators are added, changed and taken out; hotspots, problems and actions hung on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vicus.web.actions.models import Action
from vicus.web.hotspots.models import Hotspot
from vicus.web.plans import queries, services
from vicus.web.plans.forms import LinkForm, PartForm
from vicus.web.plans.models import Link, Objective, Part, Plan
from vicus.web.plans.queries import Reader
from vicus.web.plans.views.plan import crumbs, shown, writer
from vicus.web.plans.views.saving import save
from vicus.web.sara.models import Problem

HEADINGS = {
    "priority": (lambda: _("New priority"), lambda: _("Change the priority")),
    "objective": (lambda: _("New objective"), lambda: _("Change the objective")),
    "indicator": (lambda: _("New indicator"), lambda: _("Change the indicator")),
}
LINKED: dict[str, Any] = {"hotspot": Hotspot, "problem": Problem, "action": Action}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, zone: str, plan: int, kind: str, above: int) -> HttpResponse:
    """A new part under the plan, a priority or an objective."""
    who, found = _plan(request, zone, plan)
    if kind not in services.PARTS:
        raise Http404
    under = _above(found, kind, above)
    return _written(request, who, found, kind, None, under)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, plan: int, kind: str, pk: int) -> HttpResponse:
    """One part of the plan."""
    who, found = _plan(request, zone, plan)
    return _written(request, who, found, kind, _part(found, kind, pk), None)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, zone: str, plan: int, kind: str, pk: int) -> HttpResponse:
    """Take a part out, after asking."""
    who, found = _plan(request, zone, plan)
    part = _part(found, kind, pk)
    if request.method == "POST":
        services.remove_part(part=part, actor=request.user)
        messages.success(request, _("It is taken out of the plan."))
        return redirect("plans:one", who.zone.slug, found.pk)
    context = {
        "zone": who.zone,
        "part": part,
        "crumbs": crumbs(who, found, _("Take out")),
        "cancel_url": reverse("plans:one", args=[who.zone.slug, found.pk]),
    }
    return render(request, "plans/remove.html", context)


@require_POST
def link(request: HttpRequest, zone: str, plan: int, objective: int) -> HttpResponse:
    """Hang something the reader sees on an objective."""
    who, found = _plan(request, zone, plan)
    under = _part(found, "objective", objective)
    assert isinstance(under, Objective)
    form = LinkForm(queries.linkable(who), request.POST)
    if not form.is_valid():
        return shown(request, who, found, wrong=[_("Choose a hotspot, a problem or an action.")])
    kind, pk = form.chosen()
    services.link(objective=under, actor=request.user, **{kind: LINKED[kind].objects.get(pk=pk)})
    messages.success(request, _("It now hangs on the objective."))
    return _back(who, found, under)


@require_POST
def unlink(request: HttpRequest, zone: str, plan: int, pk: int) -> HttpResponse:
    """Take something off an objective again; it can be hung on again at once."""
    who, found = _plan(request, zone, plan)
    link = Link.objects.filter(pk=pk, objective__priority__plan=found).select_related("objective").first()
    if link is None or pk not in {shown["pk"] for shown in queries.shown_links(who, link.objective)}:
        raise Http404
    services.unlink(link=link, actor=request.user)
    messages.success(request, _("It no longer hangs on the objective."))
    return _back(who, found, link.objective)


def _plan(request: HttpRequest, zone: str, pk: int) -> tuple[Reader, Plan]:
    who = writer(request, zone)
    found = queries.plan(who, pk)
    assert found is not None
    if found.state == Plan.State.ENDED:
        raise PermissionDenied
    return who, found


def _part(plan: Plan, kind: str, pk: int) -> Part:
    model = services.PARTS[kind][0] if kind in services.PARTS else None
    part = model._default_manager.filter(pk=pk).first() if model else None
    if part is None or services.plan_of(part).pk != plan.pk:
        raise Http404
    return part


def _above(plan: Plan, kind: str, pk: int) -> Any:
    above = services.PARTS[kind][1]
    if above == "plan":
        if pk != plan.pk:
            raise Http404
        return plan
    return _part(plan, above, pk)


def _back(who: Reader, plan: Plan, objective: Objective) -> HttpResponse:
    answer = redirect("plans:one", who.zone.slug, plan.pk)
    answer["Location"] += f"#objective-{objective.pk}"
    return answer


def _written(
    request: HttpRequest, who: Reader, plan: Plan, kind: str, part: Part | None, under: Any
) -> HttpResponse:
    form = PartForm(kind, who.zone, part, plan, request.POST if request.method == "POST" else None)
    warning: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        kept, warning = save(
            form,
            lambda: services.write_part(
                kind=kind, under=under, part=part, fields=form.values(), revision=form.cleaned_data["revision"],
                vouched=form.cleaned_data["vouched"], actor=request.user,
            ),
        )  # fmt: skip
        if kept is not None:
            messages.success(request, _("The plan is kept."))
            return redirect("plans:one", who.zone.slug, plan.pk)
    title = HEADINGS[kind][part is not None]()
    here = [who.zone.slug, plan.pk, kind]
    context = {
        "remove_url": reverse("plans:remove_part", args=[*here, part.pk]) if part else "",
        "zone": who.zone, "form": form, "warning": warning, "heading": title, "crumbs": crumbs(who, plan, title),
        "cancel_url": reverse("plans:one", args=[who.zone.slug, plan.pk]),
    }  # fmt: skip
    return render(request, "plans/part.html", context, status=422 if form.is_bound else 200)

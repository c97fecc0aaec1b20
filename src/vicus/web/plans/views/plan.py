"""The plan: priorities, objectives, indicators, what hangs on them; its head is written and it passes on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.web.audit.texts import refuse_personal
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.plans import queries, rules, services, showing
from vicus.web.plans.forms import PartForm
from vicus.web.plans.models import Plan
from vicus.web.plans.queries import Reader
from vicus.web.plans.views.saving import save


@require_safe
def current(request: HttpRequest, zone: str) -> HttpResponse:
    """The plan in force, or the newest; without any what to do about it."""
    who = queries.plan_reader(request.user, zone)
    return shown(request, who, queries.plan(who))


@require_safe
def one(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """One plan."""
    who = queries.plan_reader(request.user, zone)
    return shown(request, who, queries.plan(who, pk))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, zone: str) -> HttpResponse:
    """A new plan, as a draft."""
    who = writer(request, zone)
    return _written(request, who, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The titles and years of a plan."""
    who = writer(request, zone)
    found = queries.plan(who, pk)
    assert found is not None
    if found.state == Plan.State.ENDED:
        raise PermissionDenied
    return _written(request, who, found)


@require_POST
def step(request: HttpRequest, zone: str, pk: int, code: str) -> HttpResponse:
    """One step of the table of plans."""
    who = queries.plan_reader(request.user, zone)
    found, wanted = queries.plan(who, pk), rules.PLAN_BY_CODE.get(code)
    if wanted is None or found is None:
        raise Http404
    if not who.may_plan(wanted.by):
        raise PermissionDenied
    try:
        reference = refuse_personal(request.POST.get("reference", "").strip()[:200])
        services.take(plan=found, code=code, actor=request.user, on=today(who.zone), reference=reference)
    except ValidationError as error:
        return shown(request, who, found, wrong=error.messages)
    messages.success(request, str(wanted.done))
    return redirect("plans:one", who.zone.slug, found.pk)


def writer(request: HttpRequest, zone: str) -> Reader:
    """The reader, when they write the plan."""
    who = queries.plan_reader(request.user, zone)
    if not who.may_plan(rules.WRITE):
        raise PermissionDenied
    return who


def shown(request: HttpRequest, who: Reader, found: Plan | None, **more: Any) -> HttpResponse:
    """The page of a plan, with what was wrong if something was."""
    spoken, day = language(), today(who.zone)
    writes = who.may_plan(rules.WRITE) and (found is None or found.state != Plan.State.ENDED)
    context: dict[str, Any] = {
        "zone": who.zone,
        "crumbs": crumbs(who),
        "plan": found,
        "writes": writes,
        "others": [one for one in queries.plans(who.zone) if found is None or one.pk != found.pk],
        "sentence": _("No plan is written yet."),
    }
    if found is not None:
        year = showing.year_asked(request.GET.get("year", ""), found, day)
        context |= showing.plan(who, found, year, spoken, links=queries.linkable(who) if writes else None)
        context |= {
            "tone": rules.PLAN_TONES[Plan.State(found.state)],
            "years": [
                {"label": str(n), "url": f"?year={n}", "current": n == year}
                for n in range(found.from_year, min(found.to_year, day.year) + 1)
            ],
            "steps": [
                {"label": one.verb, "url": reverse("plans:step", args=[who.zone.slug, found.pk, one.code])}
                for one in rules.open_steps(found)
                if who.may_plan(one.by)
            ],
        }
    return render(request, "plans/plan.html", {**context, **more}, status=422 if more else 200)


def crumbs(who: Reader, plan: Plan | None = None, *more: str) -> list[dict[str, str]]:
    """The way to a page of the plan."""
    way = [
        {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])},
        {"label": _("Plan"), "url": reverse("plans:plan", args=[who.zone.slug])},
    ]
    if plan is not None:
        way.append({"label": plan.title, "url": reverse("plans:one", args=[who.zone.slug, plan.pk])})
    way += [{"label": label, "url": ""} for label in more]
    way[-1]["url"] = ""
    return way


def _written(request: HttpRequest, who: Reader, found: Plan | None) -> HttpResponse:
    form = PartForm("plan", who.zone, found, found, request.POST if request.method == "POST" else None)
    warning: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        kept, warning = save(
            form,
            lambda: services.write_plan(
                zone=who.zone, plan=found, fields=form.values(), revision=form.cleaned_data["revision"],
                vouched=form.cleaned_data["vouched"], actor=request.user,
            ),
        )  # fmt: skip
        if kept is not None:
            messages.success(request, _("The plan is kept."))
            return redirect("plans:one", who.zone.slug, kept.pk)
    title = _("Change the plan") if found else _("New plan")
    context = {
        "zone": who.zone, "form": form, "warning": warning, "heading": title, "crumbs": crumbs(who, found, title),
        "cancel_url": reverse("plans:plan", args=[who.zone.slug]),
    }  # fmt: skip
    return render(request, "plans/part.html", context, status=422 if form.is_bound else 200)

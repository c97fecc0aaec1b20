"""One action: its plan, where it stands, its dose, its design and what came of it."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vicus.web.actions import assessing, covered, designing, queries, rules, services
from vicus.web.actions.doses import dose
from vicus.web.actions.forms import ActionForm, LessonForm, StepForm, VisitForm, spoken
from vicus.web.actions.models import Action, Design
from vicus.web.actions.queries import Reader
from vicus.web.actions.showing import compared, coverage, pages, sentences
from vicus.web.actions.views import learning
from vicus.web.facts.queries import category_names
from vicus.web.hotspots.services import today
from vicus.web.knowledge import showing as cards


@require_safe
def page(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The page of an action."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    language, day = spoken(), today(who.zone)
    visits = list(action.visits.all())
    design = design_of(action)
    noting = action.state == Action.State.RUNNING and may_note(who, action)
    context: dict[str, Any] = {
        "zone": who.zone,
        "action": action,
        "crumbs": crumbs(who, action),
        "tone": rules.TONES[Action.State(action.state)],
        "due": pages.due(action, day, language),
        "facts": pages.facts(action, language),
        "steps": pages.steps(who, action),
        "dose": pages.dose_figure(action, dose(action, visits, day), language),
        "covered": coverage.figure(
            covered.of_hotspot(who.zone, who.hotspots, action.hotspot, [action], day), language
        ),
        "visits": pages.visits_table(action, visits, language),
        "visit_form": VisitForm() if noting else None,
        "last_visit": visits[0] if visits and noting else None,
        "may_change": rules.plan_may_change(action) and who.may({rules.PLAN}, action.hotspot),
        "may_learn": action.begun_on is not None and who.may({rules.PLAN}, action.hotspot),
        "may_assess": who.may(rules.MAY_ASSESS, action.hotspot) and design is not None and design.frozen_on,
        "may_design": who.may(rules.MAY_DESIGN, action.hotspot) and rules.plan_may_change(action),
        "design": design,
        "lesson_card": cards.origin_card_url(who.zone, request.user, learning.origin(action)),
        "may_make_card": learning.may_make_card(who, action),
        "assessments": pages.past_assessments(action, language),
    }
    if design is not None:
        context["detectable"] = sentences.detectable(design, language)
        context["trends"] = pages.trends(design, who.hotspots, language)
        context["compared"] = compared.figure(design, who.hotspots, language)
        context["design_items"] = pages.design_items(
            design, category_names(who.zone, language), who.hotspots, language
        )
    if design is not None and design.frozen_on:
        judged = judged_of(who, action)
        context["result"] = sentences.result(judged, language)
        context["result_trends"] = pages.result_trends(judged, who.hotspots, language)
        context["together"] = sentences.corrected([judged])
        if judged.found.effects:
            context["discovered"] = sentences.discovered(judged.found, language)
        context["side_effects"] = pages.side_effects(action.assessments.first())
    return render(request, "actions/action.html", context)


def design_of(action: Action) -> Design | None:
    """The design of an action, if it has one."""
    return getattr(action, "design", None)


def judged_of(who: Reader, action: Action) -> assessing.Judged:
    """The result of one action, corrected together with all others of the zone."""
    every = assessing.of_zone(who.zone, who.hotspots, queries.begun(who))
    return next(one for one in every if one.found.action.pk == action.pk)


def may_note(who: Reader, action: Action) -> bool:
    """Whether this reader notes visits of this action now."""
    return (
        action.begun_on is not None
        and action.state in rules.VISITED
        and who.may({rules.PLAN}, action.hotspot)
    )


def crumbs(who: Reader, action: Action | None = None, *more: str) -> list[dict[str, str]]:
    """The way to a page of an action."""
    board = reverse("actions:board", args=[who.zone.slug])
    way = [
        {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])},
        {"label": _("Actions"), "url": board},
    ]
    if action is not None:
        number = action.hotspot.number
        way.append({"label": action.hotspot.title, "url": f"{board}?hotspot={number}"})
        way.append({"label": action.title, "url": reverse("actions:action", args=[who.zone.slug, action.pk])})
    way += [{"label": label, "url": ""} for label in more]
    way[-1]["url"] = ""
    return way


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, zone: str) -> HttpResponse:
    """Plan an action on a hotspot of one's own."""
    who = queries.reader(request.user, zone)
    own = who.writes()
    if not own:
        raise Http404
    first = next((h.pk for h in own if str(h.number) == request.GET.get("hotspot")), own[0].pk)
    form = ActionForm(
        request.POST if request.method == "POST" else None, hotspots=own, initial={"hotspot": first}
    )
    if request.method == "POST" and form.is_valid():
        action = services.plan(actor=request.user, **form.values())
        designing.prepare(action=action, hotspots=who.hotspots, on=today(who.zone), actor=request.user)
        messages.success(request, _("The action is planned. Look at its design before it starts."))
        return redirect("actions:action", who.zone.slug, action.pk)
    context = {
        "zone": who.zone,
        "form": form,
        "crumbs": crumbs(who, None, _("Plan an action")),
        **learning.beside(who, form),
        "cancel_url": reverse("actions:board", args=[who.zone.slug]),
    }
    return render(request, "actions/plan.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Change the plan of an action that has not begun."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not who.may({rules.PLAN}, action.hotspot):
        raise PermissionDenied
    if not rules.plan_may_change(action):
        raise PermissionDenied(_("The plan was fixed when the action began."))
    # The form writes on the record it is given; what the service compares with stays as it is.
    form = ActionForm(
        request.POST if request.method == "POST" else None, hotspots=who.writes(), instance=copy.copy(action)
    )
    if request.method == "POST" and form.is_valid():
        action = services.change(action=action, actor=request.user, **form.values())
        designing.prepare(action=action, hotspots=who.hotspots, on=today(who.zone), actor=request.user)
        messages.success(request, _("The plan was changed."))
        return redirect("actions:action", who.zone.slug, action.pk)
    context = {
        "zone": who.zone,
        "action": action,
        "form": form,
        "crumbs": crumbs(who, action, _("Change the plan")),
        **learning.beside(who, form),
        "cancel_url": reverse("actions:action", args=[who.zone.slug, action.pk]),
    }
    return render(request, "actions/plan.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, zone: str, pk: int, code: str) -> HttpResponse:
    """One step of the table of states; asks for what it needs."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    wanted = rules.BY_CODE.get(code)
    if wanted is None:
        raise Http404
    if not who.may(wanted.by, action.hotspot):
        raise PermissionDenied
    form = StepForm(request.POST if request.method == "POST" else None, step=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            services.take(
                action=action, code=code, on=today(who.zone), hotspots=who.hotspots, actor=request.user,
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            learns = code == "finish" and who.may({rules.PLAN}, action.hotspot)
            return redirect("actions:lesson" if learns else "actions:action", who.zone.slug, action.pk)
    context = {
        "zone": who.zone,
        "action": action,
        "step": wanted,
        "form": form,
        "crumbs": crumbs(who, action, str(wanted.verb)),
        "cancel_url": reverse("actions:action", args=[who.zone.slug, action.pk]),
        "detectable": sentences.detectable(design, spoken())
        if wanted.code == "start" and (design := design_of(action)) is not None
        else "",
    }
    return render(request, "actions/step.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """What was learned, asked when an action is closed; it can be written at any time."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not who.may({rules.PLAN}, action.hotspot):
        raise PermissionDenied
    form = LessonForm(request.POST if request.method == "POST" else None, instance=copy.copy(action))
    if request.method == "POST" and form.is_valid():
        services.change(action=action, actor=request.user, lesson=form.cleaned_data["lesson"])
        messages.success(request, _("The lesson is kept."))
        return redirect("actions:action", who.zone.slug, action.pk)
    context = {
        "zone": who.zone,
        "action": action,
        "form": form,
        "crumbs": crumbs(who, action, _("Lesson")),
        "cancel_url": reverse("actions:action", args=[who.zone.slug, action.pk]),
    }
    return render(request, "actions/lesson.html", context, status=422 if form.is_bound else 200)

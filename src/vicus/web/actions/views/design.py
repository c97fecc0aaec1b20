"""The design of an evaluation: looked at and changed before the action begins, with a reason."""

from __future__ import annotations

import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus.web.actions import designing, queries, rules
from vicus.web.actions.forms import DesignForm, spoken
from vicus.web.actions.models import Design
from vicus.web.actions.showing import compared, pages, sentences
from vicus.web.actions.views.action import crumbs, design_of
from vicus.web.facts.queries import category_names
from vicus.web.hotspots.services import today


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Windows, categories and comparison areas, with what they would let us see."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not who.may(rules.MAY_DESIGN, action.hotspot) or not rules.plan_may_change(action):
        raise PermissionDenied
    day, language = today(who.zone), spoken()
    design = design_of(action) or Design(action=action)
    names = category_names(who.zone, language)
    start = max(day, action.starts_on)
    form = DesignForm(
        request.POST if request.method == "POST" else None,
        instance=copy.copy(design),
        candidates=designing.candidates(action, design, who.hotspots, start),
        names=names,
    )
    if request.method == "POST" and form.is_valid():
        designing.prepare(
            action=action, hotspots=who.hotspots, on=day, actor=request.user,
            **{name: form.cleaned_data[name] for name in form.Meta.fields},
        )  # fmt: skip
        messages.success(request, _("The design was worked out again."))
        return redirect("actions:design", who.zone.slug, action.pk)
    context = {
        "zone": who.zone,
        "action": action,
        "form": form,
        "crumbs": crumbs(who, action, _("Design of the evaluation")),
        "sentence": sentences.detectable(design, language),
        "trends": pages.trends(design, who.hotspots, language),
        "compared": compared.figure(design, who.hotspots, language),
        "items": pages.design_items(design, names, who.hotspots, language),
        "cancel_url": reverse("actions:action", args=[who.zone.slug, action.pk]),
    }
    return render(request, "actions/design.html", context, status=422 if form.is_bound else 200)

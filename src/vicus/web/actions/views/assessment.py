"""Did it work: all evaluations of the zone together, and the assessment of one action."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vicus.pictures import words
from vicus.web.actions import assessing, queries, rules
from vicus.web.actions.doses import dose
from vicus.web.actions.forms import AssessmentForm, spoken
from vicus.web.actions.showing import pages, sentences
from vicus.web.actions.views.action import crumbs, design_of, judged_of
from vicus.web.actions.views.board import tabs
from vicus.web.hotspots.services import today


@require_safe
def of_zone(request: HttpRequest, zone: str) -> HttpResponse:
    """Every evaluation that has begun on the hotspots the reader sees, corrected with all of the zone."""
    who = queries.reader(request.user, zone)
    language = spoken()
    every = assessing.of_zone(who.zone, who.hotspots, queries.begun(who))
    seen = [one for one in every if who.sight.covers(one.found.action.hotspot)]
    clear = sum(bool(one.found.effects) and one.verdict("inside") != "no clear change" for one in seen)
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, None, _("Evaluations")),
        "tabs": tabs(who, "evaluations"),
        "sentence": ngettext(
            "In %(n)s of %(all)s perimeters with an evaluation, facts changed clearly against the comparison areas.",
            "In %(n)s of %(all)s perimeters with an evaluation, facts changed clearly against the comparison areas.",
            clear,
        )
        % {"n": words.number(clear, language), "all": words.number(len(seen), language)},
        "together": sentences.corrected(every) if every else "",
        "table": pages.results_table(seen, language),
    }
    return render(request, "actions/evaluations.html", context)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The result, what else could explain it, side effects, and the decision."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not who.may(rules.MAY_ASSESS, action.hotspot):
        raise PermissionDenied
    design = design_of(action)
    if design is None or design.frozen_on is None:
        raise Http404
    language, day = spoken(), today(who.zone)
    judged = judged_of(who, action)
    form = AssessmentForm(
        request.POST if request.method == "POST" else None, initial={"decided_by": str(who.role.name)}
    )
    if request.method == "POST" and form.is_valid():
        assessing.assess(judged=judged, made_on=day, rivals=form.rivals(), actor=request.user, **form.told())
        messages.success(request, _("The assessment is kept."))
        return redirect("actions:action", who.zone.slug, action.pk)
    titles = {h.number: h.title for h in who.hotspots}
    busy = [titles.get(number, str(number)) for number in judged.found.busy_since]
    context = {
        "zone": who.zone,
        "action": action,
        "crumbs": crumbs(who, action, _("Assess the action")),
        "sentence": sentences.result(judged, language),
        "dose": sentences.dose(action, dose(action, list(action.visits.all()), day), language),
        "busy": _("Meanwhile an action began in a comparison area: %(names)s.")
        % {"names": words.listed(busy, language)}
        if busy
        else "",
        "trends": pages.result_trends(judged, who.hotspots, language),
        "together": sentences.corrected([judged]),
        "discovered": sentences.discovered(judged.found, language) if judged.found.effects else "",
        "form": form,
        "cancel_url": reverse("actions:action", args=[who.zone.slug, action.pk]),
    }
    return render(request, "actions/assess.html", context, status=422 if form.is_bound else 200)

"""One yearly evaluation: what the figures say, the words around them, asking and deciding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.plans import evaluating, papers, queries, rules, showing
from vicus.web.plans.forms import CommentForm, DecisionForm, WordsForm
from vicus.web.plans.models import Evaluation
from vicus.web.plans.queries import Reader
from vicus.web.plans.views.evaluations import crumbs
from vicus.web.plans.views.saving import save


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The evaluation; sent, its words are kept, with "ask" the zone direction is asked too."""
    who, found = _one(request, zone, pk)
    if request.method != "POST":
        return _shown(request, who, found)
    if not who.may(rules.WRITE, found) or not who.sight.detail:
        raise PermissionDenied
    form = WordsForm(found, request.POST)
    warning: dict[str, Any] = {}
    if form.is_valid():
        kept, warning = save(
            form,
            lambda: evaluating.write(
                evaluation=found, words=form.words(), revision=form.cleaned_data["revision"],
                vouched=form.cleaned_data["vouched"], actor=request.user,
            ),
        )  # fmt: skip
        if kept is not None and "ask" not in request.POST:
            messages.success(request, _("The evaluation is kept."))
            return redirect("plans:evaluation", who.zone.slug, pk)
        if kept is not None and _took(form, request, who, kept, "ask", {}):
            return redirect("plans:evaluation", who.zone.slug, pk)
    return _shown(request, who, found, form=form, warning=warning)


@require_POST
def step(request: HttpRequest, zone: str, pk: int, code: str) -> HttpResponse:
    """One step of the table of evaluations."""
    who, found = _one(request, zone, pk)
    wanted = rules.BY_CODE.get(code)
    if wanted is None:
        raise Http404
    if not who.may(wanted.by, found):
        raise PermissionDenied
    if code == "ask":
        plain = forms.Form({})
        plain.is_valid()
        if _took(plain, request, who, found, code, {}):
            return redirect("plans:evaluation", who.zone.slug, pk)
        return _shown(request, who, found, wrong=plain.non_field_errors())
    form = DecisionForm(found, request.POST) if code == "decide" else CommentForm(request.POST)
    if form.is_valid() and _took(form, request, who, found, code, form.cleaned_data):
        return redirect("plans:evaluation", who.zone.slug, pk)
    return _shown(request, who, found, **{"decide" if code == "decide" else "back": form})


def _took(
    form: Any, request: HttpRequest, who: Reader, found: Evaluation, code: str, given: dict[str, Any]
) -> bool:
    kept, warning = save(
        form,
        lambda: evaluating.take(evaluation=found, code=code, actor=request.user, on=today(who.zone), **given),
    )
    if warning:
        form.add_error(
            None,
            _("This may name a person: %(found)s. Leave it out.") % {"found": ", ".join(warning["lines"])},
        )
    if kept is not None:
        messages.success(request, str(rules.BY_CODE[code].done))
    return kept is not None


def _one(request: HttpRequest, zone: str, pk: int) -> tuple[Reader, Evaluation]:
    who = queries.reader(request.user, zone)
    return who, queries.evaluation(who, pk)


def _shown(request: HttpRequest, who: Reader, found: Evaluation, **bound: Any) -> HttpResponse:
    """The page, with the forms that were just sent in place of empty ones."""
    report, spoken = papers.report(found), language()
    open_to = {step.code for step in rules.open_steps(found) if who.may(step.by, found)}
    writes = found.state == Evaluation.State.DRAFT and who.may(rules.WRITE, found)
    here = [who.zone.slug, found.pk]
    context: dict[str, Any] = {
        "zone": who.zone,
        "evaluation": found,
        "crumbs": crumbs(who, f"{found.subject}, {found.year}"),
        "tone": rules.TONES[Evaluation.State(found.state)],
        "form": WordsForm(found) if writes else None,
        "may_ask": "ask" in open_to,
        "decide": DecisionForm(found) if "decide" in open_to else None,
        "back": CommentForm() if "return" in open_to else None,
        "decide_url": reverse("plans:evaluation_step", args=[*here, "decide"]),
        "back_url": reverse("plans:evaluation_step", args=[*here, "return"]),
        "files": [
            {"label": label, "url": reverse("plans:paper", args=[*here, kind])}
            for kind, label in (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"))
        ],
        "after": showing.after(who, found),
        **showing.evaluation(report, found, spoken),
    }
    return render(request, "plans/evaluation.html", {**context, **bound}, status=422 if bound else 200)

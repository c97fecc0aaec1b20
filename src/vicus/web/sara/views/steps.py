"""A sheet passes from one state to the next."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from vicus.web.audit.texts import Suspected
from vicus.web.sara import queries, rules, services, showing


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, zone: str, number: int, month: str, name: str) -> HttpResponse:
    """Submit, take back, return, validate or archive: what the table of transitions names, by those it names."""
    opened = queries.sheet(request.user, zone, number, month)
    transition = rules.BY_NAME.get(name)
    if transition is None:
        raise Http404
    if not opened.access.is_a(transition.who):
        raise PermissionDenied
    form = showing.comment_form(transition, request.POST if request.method == "POST" else None)
    context = {
        "zone": opened.zone, "hotspot": opened.hotspot, "sheet": opened.sheet, "transition": transition, "form": form,
        "back": showing.address(opened),
        "crumbs": showing.crumbs(opened, (str(transition.label), "")),
        "month": opened.sheet.month,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "sara/step.html", context)
    if form is not None and not form.is_valid():
        return render(request, "sara/step.html", context, status=422)
    try:
        sheet = opened.sheet
        if sheet.pk is None:
            raise ValidationError([str(c.missing) for c in rules.missing(transition, opened.standing)])
        services.step(
            sheet=sheet,
            name=name,
            actor=request.user,
            comment=form.cleaned_data["comment"] if form is not None else "",
            vouched=form.cleaned_data["vouched"] if form is not None else "",
        )
    except Suspected as suspected:
        context["warning"] = showing.warning(suspected.findings)
        return render(request, "sara/step.html", context, status=422)
    except ValidationError as error:
        context["refused"] = error.messages
        return render(request, "sara/step.html", context, status=422)
    messages.success(request, str(transition.done))
    return redirect(showing.address(opened))

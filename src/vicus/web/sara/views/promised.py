"""A promise becomes an action, or is linked to one that is there: then its dose and state stand beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus.web.accounts.rules import Permission
from vicus.web.actions import designing
from vicus.web.actions import queries as action_queries
from vicus.web.actions import services as action_services
from vicus.web.actions.forms import ActionForm
from vicus.web.hotspots.services import today
from vicus.web.sara import queries, services, showing
from vicus.web.sara.models import Promise
from vicus.web.sara.queries import Open

USUAL_DAYS = 90
"""How long a prefilled action runs when its promise was due before today."""


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str, number: int, month: str, pk: int) -> HttpResponse:
    """The plan of an action filled in from the promise, and the actions of the hotspot it can be linked to."""
    opened = queries.sheet(request.user, zone, number, month)
    promise = _promise(opened, pk)
    who = action_queries.reader(request.user, zone)
    if not opened.access.writer or not who.may({Permission.PLAN_ACTIONS}, opened.hotspot):
        raise PermissionDenied
    there = [a for a in action_queries.actions(who) if a.hotspot_id == opened.hotspot.pk]
    back = showing.address(opened) + f"#promise-{promise.pk}"
    if request.method == "POST" and "link" in request.POST:
        chosen = next((a for a in there if str(a.pk) == request.POST["link"]), None)
        if chosen is None and request.POST["link"]:
            raise Http404
        services.link(promise=promise, action=chosen, actor=request.user)
        messages.success(request, _("The promise and the action stand together."))
        return redirect(back)
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        hotspots=[opened.hotspot],
        initial=_filled_in(opened, promise),
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            # Sent twice, or by two people at once: the second finds the action of the first.
            held = Promise.objects.select_for_update().get(pk=promise.pk)
            if held.action_id is not None:
                return redirect("actions:action", who.zone.slug, held.action_id)
            action = action_services.plan(actor=request.user, **form.values())
            designing.prepare(action=action, hotspots=who.hotspots, on=today(who.zone), actor=request.user)
            services.link(promise=promise, action=action, actor=request.user)
        messages.success(request, _("The action is planned. Look at its design before it starts."))
        return redirect("actions:action", who.zone.slug, action.pk)
    context = {
        "zone": opened.zone,
        "form": form,
        "promise": promise,
        "there": there,
        "crumbs": showing.crumbs(
            opened, (showing.month_words(opened.sheet.month), showing.address(opened)), (promise.title, "")
        ),
        "cancel_url": back,
    }
    return render(request, "sara/promise_action.html", context, status=422 if form.is_bound else 200)


def _promise(opened: Open, pk: int) -> Promise:
    """A promise of this sheet, or one of those that it reviews."""
    for promise in [*opened.entries("promise"), *(promise for promise, _review in opened.promises)]:
        if promise.pk == pk:
            found: Promise = promise
            return found
    raise Http404


def _filled_in(opened: Open, promise: Promise) -> dict[str, Any]:
    """What the promise says, as the plan of an action asks for it."""
    start = today(opened.zone)
    expected = _("Expected: %s") % promise.expected
    return {
        "hotspot": opened.hotspot.pk,
        "title": promise.title[:120],
        "problem": promise.problem.title if promise.problem else "",
        "objective": f"{promise.objective}\n{expected}"[:1000],
        "mechanism": promise.mechanism[:1000],
        "lead": promise.lead,
        "starts_on": start,
        "ends_on": max(promise.due, start) if promise.due >= start else start + timedelta(days=USUAL_DAYS),
    }

"""Visits: noted in one tap on a phone, sent later when the connection fails, or brought in from a file."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.web.actions import importing, queries, rules, services
from vicus.web.actions.forms import VisitFileForm, VisitForm, spoken
from vicus.web.actions.models import Action, Visit
from vicus.web.actions.queries import Reader
from vicus.web.actions.showing import pages
from vicus.web.actions.views.action import crumbs, may_note
from vicus.web.actions.views.board import tabs
from vicus.web.hotspots.services import today

USUAL = (15, 30, 60)


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The running actions of one's own hotspots, each with buttons that note a visit."""
    who = queries.reader(request.user, zone)
    if not who.writes():
        raise Http404
    running = [a for a in queries.actions(who) if a.state == Action.State.RUNNING and may_note(who, a)]
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, None, _("Note a visit")),
        "tabs": tabs(who, "visits"),
        "rows": [_row(action, today(who.zone)) for action in running],
        "units": Visit.Unit.choices,
        "unit": request.session.get("visit_unit", Visit.Unit.NEIGHBOURHOOD),
        "queue": queue_name(request),
    }
    return render(request, "actions/visits.html", context)


def _row(action: Action, day: Any) -> dict[str, Any]:
    wanted = action.minutes or USUAL[1]
    usual = USUAL if wanted in USUAL else sorted({wanted, USUAL[0], USUAL[-1]})
    return {
        "card": pages.card(action, day, spoken()),
        "action": action,
        "taps": [(minutes, uuid.uuid4()) for minutes in usual],
    }


def queue_name(request: HttpRequest) -> str:
    """Under which name a browser keeps visits that wait: its own for each account, and telling nothing of it."""
    return salted_hmac("vicus.actions.queue", str(request.user.pk), algorithm="sha256").hexdigest()[:16]


@require_POST
def note(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Note one visit; what was sent twice is one visit. Scripts get the answer as JSON."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not who.may({rules.PLAN}, action.hotspot):
        raise PermissionDenied
    form = VisitForm(request.POST)
    asked_by_script = request.headers.get("Accept", "").startswith("application/json")
    if form.is_valid():
        try:
            _visit, new = _noted(request, who, action, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if asked_by_script:
                return JsonResponse({"noted": True, "new": new})
            text = _("The visit is noted.") if new else _("This visit was noted already.")
            messages.success(request, text)
            if request.POST.get("from") == "visits":
                return redirect("actions:visits", who.zone.slug)
            return redirect("actions:action", who.zone.slug, action.pk)
    said = [str(error) for errors in form.errors.values() for error in errors]
    if asked_by_script:
        return JsonResponse({"noted": False, "why": said}, status=422)
    context = {
        "zone": who.zone,
        "action": action,
        "form": form,
        "crumbs": crumbs(who, action, _("Note a visit")),
    }
    return render(request, "actions/visit.html", context, status=422)


def _noted(request: HttpRequest, who: Reader, action: Action, told: dict[str, Any]) -> tuple[Visit, bool]:
    at = told["started_at"]
    # The clock of a form is the zone's; what a script sends carries its own.
    raw = request.POST.get("started_at", "")
    if at is not None and (is_naive(at) or len(raw) <= len("2026-10-31T18:30")):
        at = make_aware(at.replace(tzinfo=None), ZoneInfo(who.zone.timezone))
    request.session["visit_unit"] = told["unit"]
    late = request.POST.get("source") == Visit.Source.QUEUE
    return services.log_visit(
        action=action, key=told["key"], unit=told["unit"], minutes=told["minutes"], kind=told["kind"],
        started_at=at, observation=told["observation"], actor=request.user,
        source=Visit.Source.QUEUE if late else Visit.Source.PAGE,
    )  # fmt: skip


@require_POST
def remove(request: HttpRequest, zone: str, pk: int, visit: int) -> HttpResponse:
    """Take back a visit noted by mistake."""
    who = queries.reader(request.user, zone)
    action = queries.one(who, pk)
    if not who.may({rules.PLAN}, action.hotspot):
        raise PermissionDenied
    services.remove_visit(visit=get_object_or_404(action.visits, pk=visit), actor=request.user)
    messages.success(request, _("The visit was taken back."))
    return redirect("actions:action", who.zone.slug, action.pk)


@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest, zone: str) -> HttpResponse:
    """Bring in the visits of a file."""
    who = queries.reader(request.user, zone)
    if not who.writes():
        raise Http404
    posted = request.method == "POST"
    form = VisitFileForm(request.POST if posted else None, request.FILES if posted else None)
    found = None
    if posted and form.is_valid():
        mine = {a.pk: a for a in queries.actions(who) if who.may({rules.PLAN}, a.hotspot)}
        try:
            found = importing.import_visits(
                zone=who.zone, content=form.cleaned_data["file"].read(), actions=mine, actor=request.user
            )
        except ValidationError as error:
            form.add_error("file", error)
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, None, _("Visits from a file")),
        "form": form,
        "found": found,
        "said": _said(found) if found else "",
        "refused": _refused(found) if found and found.refused else None,
        "units": Visit.Unit.choices,
        "kinds": Visit.Kind.choices,
    }
    return render(request, "actions/import_visits.html", context, status=422 if form.errors else 200)


def _said(found: importing.Read) -> str:
    text = ngettext("%(n)d visit was added.", "%(n)d visits were added.", found.added) % {"n": found.added}
    if found.there:
        text += " " + ngettext("%(n)d was there already.", "%(n)d were there already.", found.there) % {
            "n": found.there
        }
    return text


def _refused(found: importing.Read) -> dict[str, Any]:
    return {
        "id": "refused",
        "caption": _("Lines that were refused"),
        "columns": [{"key": "line", "label": _("Line")}, {"key": "why", "label": _("Why")}],
        "rows": [{"cells": [line, why]} for line, why in found.refused[:200]],
    }

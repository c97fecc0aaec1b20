"""A move is drawn up, its checklist written, and steps of the table taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vicus.incidents import freetext
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.phases import queries, rules, services
from vicus.web.phases.forms import ChecklistForm, CommentForm, GrantForm
from vicus.web.phases.models import Move
from vicus.web.phases.queries import Reader
from vicus.web.phases.views.place import shown, worked_out


@require_POST
def draw_up(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """A draft of a move to the phase that the form names."""
    who, hotspot = _place(request, zone, number)
    if not who.may(rules.ASK, hotspot):
        raise PermissionDenied
    try:
        services.draw_up(
            hotspot=hotspot, target=request.POST.get("target", ""), actor=request.user, on=today(who.zone)
        )
    except ValidationError as error:
        return shown(request, who, hotspot, wrong=error.messages)
    return _back(who, hotspot)


@require_POST
def checklist(request: HttpRequest, zone: str, number: int, pk: int) -> HttpResponse:
    """Keep the checklist; with "ask" also ask the zone direction."""
    who, hotspot = _place(request, zone, number)
    move = queries.move(who, hotspot, pk)
    if not who.may(rules.ASK, hotspot):
        raise PermissionDenied
    form = ChecklistForm(rules.gate_of(move.source, move.target), move, request.POST)
    if not form.is_valid():
        return shown(request, who, hotspot, form=form)
    try:
        move = services.write(
            move=move,
            answers=form.answers(),
            revision=form.cleaned_data["revision"],
            actor=request.user,
            vouched=form.cleaned_data["vouched"],
        )
    except Suspected as suspected:
        found = list(suspected.findings)
        warning = {
            "lines": [finding.found for finding in found],
            "fingerprint": freetext.fingerprint(found),
        }
        return shown(request, who, hotspot, form=form, warning=warning)
    except Met:
        form.add_error(
            None,
            _(
                "Somebody else wrote this checklist meanwhile. Open the page again beside this one and compare."
            ),
        )
        return shown(request, who, hotspot, form=form)
    except ValidationError as error:
        return shown(request, who, hotspot, wrong=error.messages)
    if "ask" in request.POST:
        return _take(request, who, hotspot, move, rules.BY_CODE["ask"], {})
    messages.success(request, _("The checklist is kept."))
    return _back(who, hotspot, "gate")


@require_POST
def step(request: HttpRequest, zone: str, number: int, pk: int, code: str) -> HttpResponse:
    """One step of the table of moves."""
    who, hotspot = _place(request, zone, number)
    move = queries.move(who, hotspot, pk)
    wanted = rules.BY_CODE.get(code)
    if wanted is None:
        raise Http404
    if not any(who.may(permission, hotspot) for permission in wanted.by):
        raise PermissionDenied
    given: dict[str, Any] = {}
    if code == "grant" and move.state == Move.State.ASKED:
        grant = GrantForm(request.POST, complete=not services.missing(move), today=today(who.zone))
        if not grant.is_valid():
            return shown(request, who, hotspot, grant=grant)
        given = grant.cleaned_data
    if code == "refuse" and move.state == Move.State.ASKED:
        refuse = CommentForm(request.POST)
        if not refuse.is_valid():
            return shown(request, who, hotspot, refuse=refuse)
        given = refuse.cleaned_data
    return _take(request, who, hotspot, move, wanted, given)


def _take(
    request: HttpRequest, who: Reader, hotspot: Hotspot, move: Move, wanted: rules.Step, given: dict[str, Any]
) -> HttpResponse:
    gate = rules.gate_of(move.source, move.target)
    try:
        services.take(
            move=move,
            code=wanted.code,
            actor=request.user,
            on=today(who.zone),
            figures=worked_out(who, hotspot, gate) if wanted.code == "ask" else None,
            **given,
        )
    except ValidationError as error:
        return shown(request, who, hotspot, wrong=error.messages)
    messages.success(request, str(wanted.done))
    return _back(who, hotspot)


def _place(request: HttpRequest, zone: str, number: int) -> tuple[Reader, Hotspot]:
    who = queries.reader(request.user, zone)
    return who, hotspot_queries.one(who.hotspots, who.sight, number)


def _back(who: Reader, hotspot: Hotspot, anchor: str = "") -> HttpResponse:
    answer = redirect("phases:hotspot", who.zone.slug, hotspot.number)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer

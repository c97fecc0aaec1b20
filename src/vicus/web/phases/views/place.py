"""One hotspot: its phases through time, the checklist of the gate, ask and decide, what was before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.hotspots.showing import history, methods
from vicus.web.hotspots.showing import place as drawn
from vicus.web.hotspots.views.hotspot import about
from vicus.web.hotspots.views.reader import language
from vicus.web.phases import computed, queries, rules, services, showing
from vicus.web.phases.computed import Basis
from vicus.web.phases.forms import ChecklistForm, CommentForm, GrantForm
from vicus.web.phases.models import Move
from vicus.web.phases.queries import Reader
from vicus.web.phases.rules import Gate


@require_safe
def page(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """The page of the phases of a hotspot."""
    who = queries.reader(request.user, zone)
    return shown(request, who, hotspot_queries.one(who.hotspots, who.sight, number))


def shown(request: HttpRequest, who: Reader, hotspot: Hotspot, **bound: Any) -> HttpResponse:
    """The page, with the forms that were just sent in place of empty ones."""
    spoken, day = language(), today(who.zone)
    moves = list(queries.moves(who.zone).filter(hotspot=hotspot))
    current = next((move for move in moves if move.state in rules.OPEN), None)
    phase = queries.present(hotspot)
    source = phase.kind if phase else ""
    asks = who.may(rules.ASK, hotspot)
    context: dict[str, Any] = {
        "zone": who.zone,
        "hotspot": hotspot,
        "phase": showing.told(source),
        "crumbs": _crumbs(who, hotspot),
        "sentence": showing.sentence(hotspot, spoken),
        "strip": showing.strip(hotspot, day, spoken),
        "series": _series(who, hotspot),
        "move": current,
        "history": showing.history(hotspot, spoken),
        "past": showing.past(moves, spoken),
        "steps_taken": showing.steps(current, spoken) if current else [],
        "targets": _targets(hotspot, source) if asks and current is None else [],
    }
    if current is not None:
        context |= _gate(who, hotspot, current, asks=asks)
    elif phase is None or phase.kind in rules.ORDER[:-1]:
        context |= _next(who, hotspot, source)
    status = 422 if bound else 200
    return render(request, "phases/hotspot.html", {**context, **bound}, status=status)


def worked_out(who: Reader, hotspot: Hotspot, gate: Gate) -> dict[str, Any]:
    """What the system works out for a gate now."""
    answered = computed.answer(who.zone, who.hotspots)
    figures = answered[1].figures.get(hotspot.number) if answered else None
    return computed.work_out(gate, Basis(hotspot, figures, queries.stable_months(who.zone)))


def _gate(who: Reader, hotspot: Hotspot, move: Move, *, asks: bool) -> dict[str, Any]:
    """The open move: its checklist, and what this reader may do with it."""
    spoken = language()
    gate = rules.gate_of(move.source, move.target)
    draft = move.state == Move.State.DRAFT
    figures = worked_out(who, hotspot, gate) if draft else move.figures
    decides = who.may(rules.DECIDE, hotspot)
    missing = services.missing(move)
    open_to = {step.code for step in rules.open_steps(move) if any(who.may(p, hotspot) for p in step.by)}
    context: dict[str, Any] = {
        "gate": gate,
        "tone": rules.TONES[Move.State(move.state)],
        "move_title": queries.title(move),
        "items": showing.checklist(gate, move, figures, spoken),
        "missing": len(missing),
        "form": ChecklistForm(gate, move) if draft and asks else None,
        "may_ask": "ask" in open_to,
        "may_withdraw": "withdraw" in open_to,
        "ask_url": step_url(who, move, "ask"),
        "withdraw_url": step_url(who, move, "withdraw"),
    }
    if decides and not draft:
        context |= {
            "grant": GrantForm(complete=not missing, today=today(who.zone)),
            "refuse": CommentForm(),
            "grant_url": step_url(who, move, "grant"),
            "refuse_url": step_url(who, move, "refuse"),
        }
    return context


def _next(who: Reader, hotspot: Hotspot, source: str) -> dict[str, Any]:
    """Without an open move: what the gate ahead will ask."""
    ahead = rules.ORDER[rules.ORDER.index(source) + 1] if source else rules.ORDER[0]
    gate = rules.gate_of(source, ahead)
    return {
        "gate": gate,
        "items": showing.checklist(gate, None, worked_out(who, hotspot, gate), language()),
    }


def _targets(hotspot: Hotspot, source: str) -> list[dict[str, Any]]:
    """The moves that may be drawn up, forward first."""
    found = rules.targets(source)
    return [
        {
            "kind": target,
            "label": queries.title(Move(hotspot=hotspot, source=source, target=target)),
            "primary": place == 0,
        }
        for place, target in enumerate(found)
    ]


def step_url(who: Reader, move: Move, code: str) -> str:
    """The address of a step of a move."""
    return reverse("phases:step", args=[who.zone.slug, move.hotspot.number, move.pk, code])


def _series(who: Reader, hotspot: Hotspot) -> dict[str, Any] | None:
    """The monthly counts with the phases under them."""
    answered = computed.answer(who.zone, who.hotspots)
    if answered is None or hotspot.number not in answered[1].figures:
        return None
    asked, answer = answered
    spoken = language()
    figures = answer.figures[hotspot.number]
    subject = drawn.Subject(figures, spoken, about(who.zone, hotspot), answer.key)
    method = methods.expectation(figures, asked, who.zone, answer.used[hotspot.number], spoken)
    return drawn.series(subject, history.drawn_phases(list(hotspot.phases.all())), method)


def _crumbs(who: Reader, hotspot: Hotspot) -> list[dict[str, str]]:
    return [
        {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])},
        {"label": _("Phases"), "url": reverse("phases:list", args=[who.zone.slug])},
        {"label": hotspot.title, "url": ""},
    ]

"""Problems of a hotspot: patterns that come back, tested with CHEERS, taken apart with the triangle."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.knowledge import showing as cards
from vicus.web.knowledge.rules import PROBLEM_TYPES
from vicus.web.sara import queries, services, shape, showing
from vicus.web.sara.forms import EntryForm
from vicus.web.sara.models import Problem
from vicus.web.sara.queries import Desk
from vicus.web.sara.views.entries import handle


@require_safe
def page(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """The problems of a hotspot."""
    desk = queries.problems_desk(request.user, zone, number)
    open_ones = sum(problem.status == Problem.Status.OPEN for problem in desk.problems)
    context = {
        "zone": desk.zone,
        "hotspot": desk.hotspot,
        "crumbs": showing.crumbs(desk, (_("Problems"), "")),
        "sentence": ngettext("%(n)s problem is open.", "%(n)s problems are open.", open_ones)
        % {"n": words.number(open_ones, language())},
        "problems": [_line(desk, problem) for problem in desk.problems],
        "empty": shape.PROBLEM.empty,
        "writes": desk.access.writer,
    }
    return render(request, "sara/problems.html", context)


@require_safe
def one(request: HttpRequest, zone: str, number: int, problem: int) -> HttpResponse:
    """A problem with its tests, its triangle and its months."""
    desk = queries.problems_desk(request.user, zone, number)
    found = desk.problem(problem)
    context = {
        "zone": desk.zone,
        "hotspot": desk.hotspot,
        "problem": found,
        "crumbs": showing.crumbs(desk, (_("Problems"), _list(desk)), (str(found), "")),
        "cheers": _cheers(found),
        "triangle": [(label, hint, found.answers.get(key, "")) for key, label, hint in shape.TRIANGLE],
        "texts": [
            (field.label, field.value(found))
            for field in shape.PROBLEM.fields
            if not field.within and field.kind == "text"
        ],
        "months": [
            {
                "month": note.sheet.month,
                "url": reverse("sara:sheet", args=[desk.zone.slug, number, f"{note.sheet.month:%Y-%m}"]),
                "changed": note.changed,
                "standing": note.get_standing_display(),
                "update": note.update,
            }
            for note in found.notes.select_related("sheet").order_by("-sheet__month")
        ],
        "promises": [
            {"title": promise.title, "month": promise.sheet.month, "due": promise.due}
            for promise in found.promises.select_related("sheet").order_by("-sheet__month", "due")
        ],
        "writes": desk.access.writer,
        "type": PROBLEM_TYPES.get(found.problem_type, ""),
        "near": cards.beside(desk.zone, request.user, problem_type=found.problem_type),
        "consult_url": reverse("sara:consult", args=[desk.zone.slug, number, problem])
        if desk.access.writer
        else "",
        "consulted": found.consulted,
        "consulted_cards": cards.of_codes(desk.zone, request.user, found.consulted),
    }
    return render(request, "sara/problem.html", context)


@require_POST
def consult(request: HttpRequest, zone: str, number: int, problem: int) -> HttpResponse:
    """Note that a card was looked at for a problem."""
    desk = _to_write(request, zone, number)
    found = desk.problem(problem)
    known = cards.of_codes(desk.zone, request.user, [request.POST.get("card", "")])
    if not known:
        raise Http404
    services.consult(problem=found, code=known[0]["code"], actor=request.user)
    messages.success(request, _("Noted: %s") % known[0]["title"])
    return redirect("sara:problem", desk.zone.slug, number, problem)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """A new problem."""
    desk = _to_write(request, zone, number)
    form = EntryForm(
        shape.PROBLEM,
        request.POST if request.method == "POST" else None,
        initial={"status": Problem.Status.OPEN},
    )
    fresh = Problem(hotspot=desk.hotspot)
    return handle(
        request, desk, shape.PROBLEM, form, lambda: fresh, title=str(shape.PROBLEM.add), back=_list(desk),
        **_beside(request, desk, form),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, number: int, problem: int) -> HttpResponse:
    """A problem that is there."""
    desk = _to_write(request, zone, number)
    found = desk.problem(problem)
    form = EntryForm(shape.PROBLEM, request.POST if request.method == "POST" else None, thing=found)
    back = reverse("sara:problem", args=[desk.zone.slug, number, problem])
    return handle(
        request, desk, shape.PROBLEM, form, lambda: found, title=str(shape.PROBLEM.change), back=back,
        **_beside(request, desk, form),
    )  # fmt: skip


def _beside(request: HttpRequest, desk: Desk, form: EntryForm) -> dict[str, Any]:
    """The cards on the type that is chosen in a form, and where those on another type are asked for."""
    chosen = str(form["problem_type"].value() or "")
    return {
        "near": cards.beside(desk.zone, request.user, problem_type=chosen),
        "near_url": cards.near_url(desk.zone, request.user),
    }


def _to_write(request: HttpRequest, zone: str, number: int) -> Desk:
    desk = queries.problems_desk(request.user, zone, number)
    if not desk.access.writer:
        raise PermissionDenied
    return desk


def _list(desk: Desk) -> str:
    return reverse("sara:problems", args=[desk.zone.slug, desk.hotspot.number])


def _line(desk: Desk, problem: Problem) -> dict[str, Any]:
    tested = [problem.answers.get(key) for key, _label, _question in shape.CHEERS]
    return {
        "problem": problem,
        "url": reverse("sara:problem", args=[desk.zone.slug, desk.hotspot.number, problem.number]),
        "yes": sum(answer is True for answer in tested),
        "looked": sum(answer is not None for answer in tested),
        "of": len(tested),
    }


def _cheers(problem: Problem) -> list[dict[str, Any]]:
    """The six tests with their answers."""
    tones = {True: ("good", _("yes")), False: ("bad", _("no")), None: ("quiet", _("not looked at yet"))}
    return [
        {
            "label": label,
            "question": question,
            "tone": tones[problem.answers.get(key)][0],
            "answer": tones[problem.answers.get(key)][1],
            "why": problem.answers.get(f"{key}_why", ""),
        }
        for key, label, question in shape.CHEERS
    ]

"""Schedules: what is drawn when, for whom, and the next date; add, change, stop."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.pictures import words
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.reports import queries, services, showing
from vicus.web.reports.forms import ScheduleForm
from vicus.web.reports.kinds import KINDS, Kind
from vicus.web.reports.models import Schedule
from vicus.web.reports.queries import Reader
from vicus.web.reports.views.archive import crumbs
from vicus.web.reports.views.build import kind_for


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """Every schedule, and the kinds that can be planned."""
    who = queries.planner(request.user, zone)
    found = queries.schedules(who)
    running = sum(one.stopped_on is None for one in found)
    names = {
        kind.code: dict(who.places(kind))
        for kind in who.kinds()
        if any(one.kind == kind.code for one in found)
    }
    told = ngettext(
        "%(n)s schedule draws reports at night.", "%(n)s schedules draw reports at night.", running
    )
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, _("Schedules")),
        "sentence": told % {"n": words.number(running, language())}
        if running
        else _("No report is drawn by itself yet."),
        "rows": showing.schedule_rows(found, names, today(who.zone)),
        "kinds": _plannable(who),
    }
    return render(request, "reports/schedules.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, zone: str, kind: str) -> HttpResponse:
    """A new schedule of a kind."""
    who = queries.planner(request.user, zone)
    wanted = kind_for(who, kind)
    if wanted not in _plannable(who):
        raise Http404
    return _form(request, who, wanted, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Change one; what it drew stays."""
    who = queries.planner(request.user, zone)
    schedule = queries.schedule(who, pk)
    return _form(request, who, KINDS[schedule.kind], schedule)


@require_POST
def stop(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """It draws no more."""
    who = queries.planner(request.user, zone)
    services.stop_schedule(schedule=queries.schedule(who, pk), actor=request.user)
    messages.success(request, _("The schedule is stopped. What it drew stays in the archive."))
    return redirect("reports:schedules", who.zone.slug)


def _plannable(who: Reader) -> list[Kind]:
    """What is drawn for the whole zone is planned by who sees all of it."""
    found = [kind for kind in who.kinds() if kind.rhythms]
    return [kind for kind in found if who.who.areas is None or kind.needs in ("hotspot", "commune")]


def _form(request: HttpRequest, who: Reader, kind: Kind, schedule: Schedule | None) -> HttpResponse:
    bound = request.POST if request.method == "POST" else None
    form = ScheduleForm(bound, initial=_beginning(kind, schedule), kind=kind, reader=who)
    if bound is not None and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("audience", "rhythm", "day")}
        services.keep_schedule(
            zone=who.zone, kind=kind, actor=request.user, schedule=schedule, **given, **form.wanted()
        )
        messages.success(request, _("The schedule is kept."))
        return redirect("reports:schedules", who.zone.slug)
    context = {
        "zone": who.zone, "crumbs": crumbs(who, _("Schedules"), kind.title), "kind": kind, "form": form,
        "schedule": schedule, "cancel_url": reverse("reports:schedules", args=[who.zone.slug]),
    }  # fmt: skip
    return render(request, "reports/schedule.html", context, status=422 if form.is_bound else 200)


def _beginning(kind: Kind, schedule: Schedule | None) -> dict[str, object]:
    if schedule is None:
        day = 7 if "before" in kind.rhythms else 5
        return ScheduleForm.beginning(kind, languages=[language()], day=day)
    return ScheduleForm.beginning(
        kind, places=schedule.places, languages=schedule.languages, formats=schedule.formats, left_out=schedule.left_out,
        audience=schedule.audience, rhythm=schedule.rhythm, day=schedule.day,
    )  # fmt: skip

"""Meetings: the list, one of them, planning and changing one, and the steps from planned to minuted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vicus.web.audit.texts import Suspected
from vicus.web.hotspots.rules import is_own
from vicus.web.meetings import pack, queries, rules, services
from vicus.web.meetings.forms import MeetingForm, WhyForm, of_meeting
from vicus.web.meetings.models import Body, Meeting
from vicus.web.meetings.opened import Opened, opened
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.showing import listing
from vicus.web.meetings.showing import meeting as showing
from vicus.web.sara.showing import Draft, warning
from vicus.web.zone.models import Area


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The meetings the reader takes part in: those to come, and those that were."""
    who = queries.reader(request.user, zone)
    return render(request, "meetings/list.html", listing.page(who, request.GET))


@require_safe
def one(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """A meeting: before, during, after."""
    return show(request, opened(request.user, zone, pk))


def show(
    request: HttpRequest,
    it: Opened,
    *,
    status: int = 200,
    drafts: Mapping[str, Draft] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page, with texts that were sent and not saved."""
    return render(request, "meetings/meeting.html", showing.page(it, drafts) | more, status=status)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, zone: str) -> HttpResponse:
    """A new meeting."""
    who = queries.reader(request.user, zone)
    if not rules.may_plan(who):
        raise PermissionDenied
    bodies = bodies_of(who)
    initial = {"language": who.user.language if who.user.language in ("nl", "fr") else who.zone.languages[0]}
    chosen = next((body for body in bodies if str(body.pk) == request.GET.get("body")), None)
    if chosen is not None:
        initial["body"] = chosen.pk
    form = _form(request, who, bodies, initial=initial)
    context = {
        "zone": who.zone, "form": form, "bodies": bodies, "title": _("Plan a meeting"),
        "crumbs": showing.crumbs(who, (_("Plan a meeting"), "")),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan(actor=request.user, body=form.cleaned_data["body"], when=form.when())
        except ValidationError as error:
            _told(form, error)
        else:
            return _saved(request, who, made, _("The meeting is planned."))
    return render(request, "meetings/plan.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Another day, place or chair."""
    it = opened(request.user, zone, pk)
    if not it.writes:
        raise PermissionDenied
    form = _form(request, it.who, [], meeting=it.meeting, initial=of_meeting(it.meeting, it.zone))
    context = {
        "zone": it.zone, "form": form, "title": _("Change the meeting"), "meeting": it.meeting,
        "back": showing.address(it.meeting),
        "crumbs": showing.crumbs(it.who, (it.meeting.body.name, showing.address(it.meeting)), (_("Change"), "")),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.change(actor=request.user, meeting=it.meeting, when=form.when())
        except ValidationError as error:
            _told(form, error)
        else:
            return _saved(request, it.who, kept, _("Saved."))
    return render(request, "meetings/plan.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, zone: str, pk: int, code: str) -> HttpResponse:
    """Held, minuted, opened again, cancelled: what the table names, by those it names."""
    it = opened(request.user, zone, pk)
    taken = rules.BY_CODE.get(code)
    if taken is None:
        raise Http404
    if not it.may_write or it.who.role.code not in taken.by:
        raise PermissionDenied
    form = WhyForm(request.POST if request.method == "POST" else None) if taken.why else None
    context: dict[str, Any] = {
        "zone": it.zone, "meeting": it.meeting, "step": taken, "form": form, "back": showing.address(it.meeting),
        "crumbs": showing.crumbs(it.who, (it.meeting.body.name, showing.address(it.meeting)), (str(taken.verb), "")),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "meetings/step.html", context)
    if form is not None and not form.is_valid():
        return render(request, "meetings/step.html", context, status=422)
    why = form.cleaned_data["why"] if form is not None else ""
    try:
        services.step(meeting=it.meeting, code=code, actor=request.user, why=why)
    except Suspected as suspected:
        context["refused"] = warning(suspected.findings)["lines"]  # type: ignore[index]
        return render(request, "meetings/step.html", context, status=422)
    except ValidationError as error:
        context["refused"] = error.messages
        return render(request, "meetings/step.html", context, status=422)
    messages.success(request, str(taken.done))
    return redirect(showing.address(it.meeting))


def bodies_of(who: Reader) -> list[Body]:
    """Bodies whose meetings this reader plans: of their levels and places, not ended."""
    mine = rules.may_plan(who)
    found = Body.objects.filter(zone=who.zone, ended_on=None).select_related("commune", "hotspot__zone")
    return [body for body in found if set(body.levels) <= mine and _reaches(who, body)]


def _reaches(who: Reader, body: Body) -> bool:
    if who.role.own_points:
        return body.hotspot is not None and is_own(body.hotspot, who.user.pk)
    if who.areas is None:
        return True
    if body.hotspot is not None:
        return who.covers(body.hotspot)
    return body.commune_id in who.areas


def _form(request: HttpRequest, who: Reader, bodies: list[Body], **more: Any) -> MeetingForm:
    hotspots = who.own() if who.role.own_points else who.seen()
    communes = Area.objects.filter(zone=who.zone, kind=Area.Kind.COMMUNE, in_zone=True)
    if who.role.own_points:
        communes = communes.filter(pk__in=[h.commune_id for h in hotspots if h.commune_id])
    elif who.areas is not None:
        communes = communes.filter(pk__in=who.areas)
    return MeetingForm(
        request.POST if request.method == "POST" else None,
        zone=who.zone, bodies=bodies, communes=list(communes), hotspots=hotspots,
        levels=rules.may_plan(who), **more,
    )  # fmt: skip


def _told(form: MeetingForm, error: ValidationError) -> None:
    for message in error.messages:
        form.add_error(None, message)


def _saved(request: HttpRequest, who: Reader, meeting: Meeting, said: str) -> HttpResponse:
    messages.success(request, said)
    for line in showing.overlap_words(pack.overlapping(who, meeting)):
        messages.warning(request, line)
    return redirect(showing.address(meeting))

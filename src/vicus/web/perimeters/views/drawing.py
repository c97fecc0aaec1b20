"""Drawing an outline: on the map, from a file or from pasted coordinates, with its figures beside it."""

from __future__ import annotations

import json
from typing import Any

import shapely
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from shapely.geometry.base import BaseGeometry

from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.perimeters import measuring, queries, reading, services
from vicus.web.perimeters.forms import ProposalForm
from vicus.web.perimeters.models import Proposal
from vicus.web.perimeters.queries import Reader
from vicus.web.perimeters.reading import OutlineRefused
from vicus.web.perimeters.showing import maps, sentences
from vicus.web.perimeters.showing.maps import Shown
from vicus.web.perimeters.views.listing import crumbs
from vicus.web.zone.models import Area
from vicus.web.zone.queries import outline as ground_of

WIDEST_BUFFER = 2000


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, zone: str) -> HttpResponse:
    """Draw a hotspot that is not there yet."""
    who = _drawing_reader(request, zone)
    return _page(request, who, Proposal(zone=who.zone))


@require_http_methods(["GET", "POST"])
def redraw(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """Draw another outline for a hotspot, over the one in force; `?designation=` asks for that of another list."""
    who = _drawing_reader(request, zone)
    hotspot = who.one(number)
    proposal = Proposal(zone=who.zone, hotspot=hotspot, designation=request.GET.get("designation", ""))
    current = queries.replaced(proposal, today(who.zone))
    proposal.designation = Perimeter.Designation.ZONAL
    if current is not None:
        proposal.shape = current.shape
        for name in (
            "designation",
            "legal_basis",
            "buffer_m",
            "exit_criteria",
            "order_reference",
            "controls",
        ):
            setattr(proposal, name, getattr(current, name))
    return _page(request, who, proposal)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Change a draft."""
    who = queries.reader(request.user, zone)
    proposal = queries.one(who, pk)
    if not who.may(Permission.PROPOSE_PERIMETERS):
        raise PermissionDenied
    if proposal.state != Proposal.State.DRAFT:
        raise PermissionDenied(_("Only a draft can be changed. Withdraw it and draw another."))
    return _page(request, who, proposal)


@require_POST
def figures(request: HttpRequest, zone: str) -> JsonResponse:
    """The figures of an outline while it is drawn; united with another shape, or split along a line, when asked."""
    who = _drawing_reader(request, zone)
    ground, crs = _ground(who), who.zone.crs
    hotspot = next((h for h in who.seen() if str(h.number) == request.POST.get("hotspot")), None)
    asked, other = request.POST.get("act", ""), request.POST.get("other", "")
    answer: dict[str, Any] = {}
    try:
        shape = reading.shape_of(request.POST.get("outline", ""), crs, ground)
        if asked == "union":
            shape = reading.united(shape, reading.shape_of(other, crs))
        elif asked == "split":
            shape = reading.split(shape, reading.shape_of(other, crs))
        shape = _within(who, reading.checked(shape, ground), ground)
        if asked:
            answer["outline"] = reading.geojson(shape, crs)
        proposal = Proposal(hotspot=hotspot, designation=request.POST.get("designation", ""))
        services.tell_asked(zone=who.zone, hotspot=hotspot, shape=shape, actor=request.user)
        context = _live(who, proposal, shape, _buffer(request.POST.get("buffer_m", "")))
    except OutlineRefused as refusal:
        context = {"refusal": str(refusal)}
        answer["refused"] = refusal.code
    answer["html"] = render_to_string("perimeters/live.html", context, request)
    return JsonResponse(answer)


def _page(request: HttpRequest, who: Reader, proposal: Proposal) -> HttpResponse:
    hotspot, ground = proposal.hotspot, _ground(who)
    drawn = proposal.shape if proposal.geometry else None
    given = {"outline": json.dumps(reading.geojson(drawn, who.zone.crs))} if drawn is not None else {}
    posted = request.method == "POST"
    form = ProposalForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        instance=proposal,
        initial=given,
        zone=who.zone,
        hotspots=who.seen(),
        ground=ground,
    )
    context: dict[str, Any] = {}
    valid = posted and form.is_valid()
    if form.shape is not None:
        try:
            _within(who, form.shape, ground)
        except OutlineRefused as refusal:
            form.add_error("outline", str(refusal))
            form.shape, valid = None, False
    if posted and form.shape is not None:
        buffer = form.cleaned_data.get("buffer_m") or proposal.buffer_m
        services.tell_asked(zone=who.zone, hotspot=hotspot, shape=form.shape, actor=request.user)
        context["live"] = _live(who, proposal, form.shape, buffer)
    elif drawn is not None and not posted:
        context["live"] = _live(who, proposal, drawn, proposal.buffer_m)
    if valid and "check" not in request.POST:
        kept = _keep(request, who, form, proposal)
        if kept is not None:
            return redirect("perimeters:proposal", who.zone.slug, kept.pk)
    if posted:
        shown = request.POST.copy()
        shown["outline"] = form.outline_text()
        form.data = shown
    title = _("Draw a new hotspot") if hotspot is None else _("Draw the perimeter of %s anew") % hotspot.title
    context |= {
        "zone": who.zone,
        "hotspot": hotspot,
        "form": form,
        "title": title,
        "crumbs": crumbs(who, *([(hotspot.title, _place(who, hotspot))] if hotspot else []), (title, "")),
        "map": _map(who, proposal, ground),
        "cancel_url": _place(who, hotspot) if hotspot else reverse("perimeters:list", args=[who.zone.slug]),
    }
    invalid = posted and not (valid and "check" in request.POST)
    return render(request, "perimeters/draw.html", context, status=422 if invalid else 200)


def _keep(request: HttpRequest, who: Reader, form: ProposalForm, proposal: Proposal) -> Proposal | None:
    """Keep the draft, and propose it when that was asked; None when it cannot be, the form then says why."""
    assert form.shape is not None
    day, values = today(who.zone), form.values()
    evidence = evidence_of(who, proposal, form.shape, values["buffer_m"])
    given: dict[str, Any] = {
        "geometry": form.shape,
        "evidence": evidence,
        "actor": request.user,
        "on": day,
        **values,
    }
    try:
        if proposal._state.adding:
            kept = services.draw(zone=who.zone, hotspot=proposal.hotspot, **given)
        else:
            kept = services.change(proposal=proposal, **given)
        if "propose" in request.POST:
            kept = services.take(proposal=kept, code="propose", actor=request.user, on=day)
            messages.success(request, _("Proposed. The zone direction decides."))
        else:
            messages.success(request, _("Kept as a draft; nobody decides on it yet."))
    except ValidationError as error:
        form.add_error(None, error)
        return None
    return kept


def evidence_of(who: Reader, proposal: Proposal, shape: BaseGeometry, buffer_m: int) -> dict[str, Any]:
    """The figures that are frozen with a proposal: of the outline, and of what enters and leaves."""
    day = today(who.zone)
    measured = measuring.measure(
        who.zone, shape, buffer_m=buffer_m, hotspots=who.hotspots, without=proposal.hotspot, on=day
    )
    evidence = measured.as_dict()
    current = queries.replaced(proposal, day)
    if current is not None:
        evidence["compared"] = measuring.compared(who.zone, current.shape, shape)
    return evidence


def _live(who: Reader, proposal: Proposal, shape: BaseGeometry, buffer_m: int) -> dict[str, Any]:
    spoken, evidence = language(), evidence_of(who, proposal, shape, buffer_m)
    return {
        "measures": sentences.measures(evidence, spoken),
        "compared": sentences.compared(evidence, spoken),
        "overlap": sentences.overlap(evidence, spoken),
        "period": sentences.period(evidence, spoken),
        "parts": len(shapely.get_parts(shape)),
    }


def _map(who: Reader, proposal: Proposal, ground: BaseGeometry | None) -> dict[str, Any] | None:
    day, spoken = today(who.zone), language()
    current = queries.replaced(proposal, day)
    others = maps.neighbours(who.zone, who.seen(), proposal.hotspot, day)
    near = current.shape if current is not None else None
    extent = near.buffer(maps.NEAR_METRES) if near is not None else ground
    if extent is None:
        extent = shapely.union_all([one.shape for one in others]) if others else None
    if extent is None:
        return None
    cells = maps.density(who.zone, measuring.window(who.zone), ground, near)
    shown = [*others, *([Shown("outline", near)] if near is not None else [])]
    legend = [{"kind": "line", "colour": "muted", "label": _("other hotspots")}]
    if near is not None:
        legend.insert(0, {"kind": "line", "colour": "ink", "label": _("perimeter in force")})
    return maps.drawn(
        who.zone,
        shown,
        extent,
        _("Map to draw on: perimeters, sectors, and where reported facts lie"),
        spoken,
        cells=cells,
        legend=legend,
        note=_("Colours: reported facts of twelve months a cell."),
    )


def _ground(who: Reader) -> BaseGeometry | None:
    """Where this reader draws: the zone, or the areas that the account is bound to."""
    if who.sight.areas is None:
        return ground_of(who.zone)
    return shapely.union_all([a.shape for a in Area.objects.filter(zone=who.zone, pk__in=who.sight.areas)])


def _within(who: Reader, shape: BaseGeometry, ground: BaseGeometry | None) -> BaseGeometry:
    """The outline; whoever is bound to areas neither draws nor counts beyond them."""
    if who.sight.areas is not None and (ground is None or not ground.buffer(1).covers(shape)):
        raise OutlineRefused("outside")
    return shape


def _place(who: Reader, hotspot: Hotspot) -> str:
    return reverse("perimeters:hotspot", args=[who.zone.slug, hotspot.number])


def _buffer(text: str) -> int:
    return min(int(text), WIDEST_BUFFER) if text.isdecimal() else 150


def _drawing_reader(request: HttpRequest, zone: str) -> Reader:
    who = queries.reader(request.user, zone)
    if not who.may(Permission.PROPOSE_PERIMETERS):
        raise Http404
    return who

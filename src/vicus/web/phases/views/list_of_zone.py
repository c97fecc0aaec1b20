"""All hotspots of the zone: phase, since when, how far the next gate is, what waits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.phases import computed, queries, rules, services, showing
from vicus.web.phases.computed import Basis
from vicus.web.phases.forms import SettingForm
from vicus.web.phases.models import Move
from vicus.web.phases.queries import Reader


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The list of hotspots with their phases."""
    who = queries.reader(request.user, zone)
    return _shown(request, who, SettingForm(initial={"stable_months": queries.stable_months(who.zone)}))


@require_POST
def setting(request: HttpRequest, zone: str) -> HttpResponse:
    """How many stable months the gate to Build asks for; the zone direction says."""
    who = queries.reader(request.user, zone)
    if rules.DECIDE not in who.role.permissions:
        raise PermissionDenied
    form = SettingForm(request.POST)
    if not form.is_valid():
        return _shown(request, who, form)
    services.set_stable_months(zone=who.zone, months=form.cleaned_data["stable_months"], actor=request.user)
    messages.success(request, _("The number of stable months is kept."))
    return redirect("phases:list", who.zone.slug)


def _shown(request: HttpRequest, who: Reader, form: SettingForm) -> HttpResponse:
    spoken = language()
    found = {move.hotspot_id: move for move in queries.moves(who.zone).filter(state__in=rules.OPEN)}
    seen = {hotspot.pk for hotspot in who.seen()}
    asked = [move for pk, move in found.items() if pk in seen and move.state == Move.State.ASKED]
    context: dict[str, Any] = {
        "zone": who.zone,
        "crumbs": [
            {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])},
            {"label": _("Phases"), "url": ""},
        ],
        "sentence": ngettext(
            "%(n)s move to another phase waits for the zone direction.",
            "%(n)s moves to another phase wait for the zone direction.",
            len(asked),
        )
        % {"n": words.number(len(asked), spoken)}
        if asked
        else _("No move to another phase waits for the zone direction."),
        "table": showing.table(who, found, _figures(who), spoken),
        "leads": [(showing.told(kind), showing.leads(kind, spoken)) for kind in rules.ORDER],
        "wanted": words.number(queries.stable_months(who.zone), spoken),
        "form": form if rules.DECIDE in who.role.permissions else None,
    }
    return render(request, "phases/list.html", context, status=422 if form.is_bound else 200)


def _figures(who: Reader) -> dict[int, dict[str, Any]]:
    """What figures say of the next gate, by hotspot."""
    answered = computed.answer(who.zone, who.hotspots)
    wanted = queries.stable_months(who.zone)
    if answered is None:
        return {}
    shown = answered[1].figures
    return {
        hotspot.pk: {"stable": computed.stable(Basis(hotspot, shown.get(hotspot.number), wanted))}
        for hotspot in who.seen()
    }

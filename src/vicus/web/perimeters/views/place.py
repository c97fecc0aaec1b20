"""The perimeter of one hotspot: its fit, the best outline nearby over it, and the history of its versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.services import today
from vicus.web.hotspots.showing.history import decision
from vicus.web.hotspots.views.reader import language
from vicus.web.perimeters import queries, rules
from vicus.web.perimeters.models import Fit, Proposal
from vicus.web.perimeters.queries import Reader
from vicus.web.perimeters.showing import maps, sentences
from vicus.web.perimeters.showing.maps import Shown
from vicus.web.perimeters.views.listing import crumbs


@require_safe
def page(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """Map, figures and versions."""
    who = queries.reader(request.user, zone)
    hotspot = who.one(number)
    day, spoken = today(who.zone), language()
    perimeter = queries.in_force(hotspot, day)
    fits = queries.fits_of(hotspot)
    # The fit of a version that was replaced says nothing about the one in force.
    latest = fits[0] if fits and perimeter is not None and fits[0].perimeter_id == perimeter.pk else None
    proposals = [p for p in queries.proposals(who) if p.hotspot_id == hotspot.pk]
    context: dict[str, Any] = {
        "zone": who.zone,
        "hotspot": hotspot,
        "perimeter": perimeter,
        "crumbs": crumbs(who, (hotspot.title, "")),
        "sentence": sentences.fit(latest, spoken) if perimeter else _("No perimeter is in force."),
        "fits": latest is None or latest.fits,
        "judged": latest is not None and rules.judged(latest.figures),
        "measures": sentences.fit_measures(latest, spoken) if latest else [],
        "fit_table": _fits(fits, spoken) if len(fits) > 1 else None,
        "versions": _versions(hotspot, day, spoken),
        "decision": decision(perimeter, spoken) if perimeter else [],
        "alerts": [
            {
                "tone": "warn",
                "title": f"{a.title}: {words.day(a.date, spoken)}",
                "text": a.why,
                "action": {
                    "label": _("Prolong this order"),
                    "url": reverse("perimeters:redraw", args=[who.zone.slug, hotspot.number])
                    + f"?designation={a.designation}",
                }
                if who.may(Permission.PROPOSE_PERIMETERS)
                else None,
            }
            for a in queries.alerts(who.zone, day)
            if a.hotspot.pk == hotspot.pk
        ],
        "waiting": [p for p in proposals if p.state in (Proposal.State.DRAFT, Proposal.State.PROPOSED)],
        "may_propose": who.may(Permission.PROPOSE_PERIMETERS),
        "reach": words.number(rules.REACH_METRES, spoken),
    }
    if perimeter is not None:
        context["map"] = _map(who, hotspot, perimeter, latest, spoken)
    return render(request, "perimeters/place.html", context)


def _map(who: Reader, hotspot: Hotspot, perimeter: Perimeter, fit: Fit | None, spoken: str) -> dict[str, Any]:
    shape = perimeter.shape
    around = shape.buffer(perimeter.buffer_m)
    shown = [
        *maps.neighbours(who.zone, who.seen(), hotspot, today(who.zone)),
        Shown("buffer", around),
        Shown("outline", shape, {"number": str(hotspot.number), "name": hotspot.name}),
    ]
    legend = [
        {"kind": "line", "colour": "ink", "label": _("perimeter in force")},
        {"kind": "dash", "colour": "muted", "label": _("its surroundings")},
    ]
    best = fit.best_shape if fit is not None else None
    if best is not None:
        shown.append(Shown("proposal", best))
        legend.append(
            {"kind": "dash", "colour": "accent", "label": _("best outline nearby of the same surface")}
        )
    return maps.drawn(
        who.zone,
        shown,
        shapely.union_all([around, *([best] if best is not None else [])]),
        _("Perimeter of %(hotspot)s with its surroundings and the best outline nearby")
        % {"hotspot": hotspot.title},
        spoken,
        legend=legend,
    )


def _versions(hotspot: Hotspot, day: Any, spoken: str) -> dict[str, Any]:
    versions: Sequence[Perimeter] = sorted(hotspot.perimeters.all(), key=lambda p: -p.version)

    def until(perimeter: Perimeter) -> dict[str, Any]:
        end = perimeter.valid_to or perimeter.ends_on
        return {"value": words.day(end, spoken, style="medium") if end else None, "missing": "–"}

    return {
        "id": "versions",
        "caption": _("Versions, each as it was decided"),
        "columns": [
            {"key": "version", "label": _("Version")},
            {"key": "from", "label": _("In force from")},
            {"key": "until", "label": _("Until")},
            {"key": "designation", "label": _("Designation")},
            {"key": "surface", "label": _("Surface")},
            {"key": "by", "label": _("Decided by")},
        ],
        "rows": [
            {
                "selected": p.in_force_on(day),
                "cells": [
                    str(p.version),
                    words.day(p.valid_from, spoken, style="medium"),
                    until(p),
                    p.get_designation_display(),
                    sentences.surface(p.area_m2, spoken),
                    ", ".join(filter(None, (_(p.decided_by), p.decision_reference))),
                ],
            }
            for p in versions
        ],
    }


def _fits(fits: Sequence[Fit], spoken: str) -> dict[str, Any]:
    def cell(value: float | None, text: str) -> dict[str, Any]:
        return {"value": text if value is not None else None, "missing": _("not enough data")}

    rows = []
    for fit in fits[:24]:
        share, pai, drift = (fit.figures[name] for name in ("inside_share", "pai", "drift_m"))
        why = words.listed([str(rules.RULE_WORDS[code]) for code in fit.reasons], spoken)
        rows.append(
            {
                "cells": [
                    words.capital(words.month_name(fit.month, spoken, year=True)),
                    fit.figures["n"],
                    cell(share, words.percent(share or 0, spoken)),
                    cell(pai, words.number(pai or 0, spoken, decimals=1)),
                    cell(drift, f"{words.number(drift or 0, spoken)} m"),
                    why
                    or (
                        _("it fits") if rules.judged(fit.figures) else _("cannot be judged: not enough data")
                    ),
                ]
            }
        )
    return {
        "id": "fits",
        "caption": _("Fit, month by month: each counts the twelve months up to then"),
        "columns": [
            {"key": "month", "label": _("Month")},
            {"key": "n", "label": _("Facts inside"), "numeric": True},
            {"key": "share", "label": _("Inside"), "numeric": True},
            {"key": "pai", "label": "PAI", "numeric": True},
            {"key": "drift", "label": _("Drift"), "numeric": True},
            {"key": "verdict", "label": _("Verdict")},
        ],
        "rows": rows,
    }

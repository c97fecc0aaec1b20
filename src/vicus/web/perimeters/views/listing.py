"""All perimeters of the zone: orders that end, proposals that wait, and whether each still fits its problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.models import Perimeter
from vicus.web.hotspots.queries import active
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.perimeters import queries, rules
from vicus.web.perimeters.models import Fit, Proposal
from vicus.web.perimeters.queries import Reader
from vicus.web.perimeters.showing import sentences


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What waits on top, every perimeter below."""
    who = queries.reader(request.user, zone)
    day, spoken = today(who.zone), language()
    seen = {hotspot.pk for hotspot in who.seen()}
    alerts = [alert for alert in queries.alerts(who.zone, day) if alert.hotspot.pk in seen]
    proposals = queries.proposals(who)
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who),
        "sentence": _sentence(who, spoken),
        "alerts": [
            {
                "tone": "bad" if alert.urgency == len(rules.ALERT_DAYS) else "warn",
                "title": f"{alert.title}: {words.day(alert.date, spoken)}",
                "text": alert.why,
                "action": {"label": _("Look at the perimeter"), "url": alert.url},
            }
            for alert in alerts
        ],
        "waiting": [
            _line(proposal, spoken) for proposal in proposals if proposal.state == Proposal.State.PROPOSED
        ],
        "drafts": [
            _line(proposal, spoken) for proposal in proposals if proposal.state == Proposal.State.DRAFT
        ],
        "decided": [
            _line(proposal, spoken)
            for proposal in proposals
            if proposal.state in (Proposal.State.ACCEPTED, Proposal.State.REFUSED)
        ][:8],
        "table": _table(who, spoken),
        "rules": [str(rule.words) for rule in rules.RULES],
        "may_propose": who.may(Permission.PROPOSE_PERIMETERS),
    }
    return render(request, "perimeters/list.html", context)


def crumbs(who: Reader, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page about perimeters."""
    way = [
        {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])},
        {"label": _("Perimeters"), "url": reverse("perimeters:list", args=[who.zone.slug])},
        *({"label": label, "url": url} for label, url in more),
    ]
    way[-1]["url"] = ""
    return way


def _sentence(who: Reader, spoken: str) -> str:
    day, latest = today(who.zone), queries.latest_fits(who.zone)
    fits = [fit for h in who.seen() if (fit := _fit(latest, h.pk, queries.in_force(h, day)))]
    if not fits:
        return _("Each month Vicus works out whether a perimeter still holds its problem.")
    judged = [fit for fit in fits if rules.judged(fit.figures)]
    wrong, few = sum(not fit.fits for fit in judged), len(fits) - len(judged)
    month = words.month_name(max(fit.month for fit in fits), spoken, year=True)
    told = ngettext(
        "%(wrong)s of %(n)s perimeters no longer fits its problem, up to %(month)s.",
        "%(wrong)s of %(n)s perimeters no longer fit their problem, up to %(month)s.",
        wrong,
    )
    if not wrong:
        told = _("All %(n)s perimeters fit their problem, up to %(month)s.")
    told %= {"wrong": words.number(wrong, spoken), "n": words.number(len(judged), spoken), "month": month}
    unjudged = ngettext(
        "%(n)s perimeter cannot be judged: not enough data.",
        "%(n)s perimeters cannot be judged: not enough data.",
        few,
    ) % {"n": words.number(few, spoken)}
    return " ".join([*([told] if judged else []), *([unjudged] if few else [])])


def _fit(latest: Mapping[int, Fit], hotspot: int, perimeter: Perimeter | None) -> Fit | None:
    """The fit of the version in force; that of the one before says nothing about it."""
    fit = latest.get(hotspot)
    return fit if fit is not None and perimeter is not None and fit.perimeter_id == perimeter.pk else None


def _line(proposal: Proposal, spoken: str) -> dict[str, Any]:
    day = proposal.decided_on or proposal.proposed_on or proposal.drawn_on
    return {
        "label": proposal.title,
        "url": reverse("perimeters:proposal", args=[proposal.zone.slug, proposal.pk]),
        "due": f"{proposal.get_state_display()}, {words.day(day, spoken, style='medium')}",
        "late": False,
    }


def _table(who: Reader, spoken: str) -> dict[str, Any]:
    """One line a hotspot, those that no longer fit first."""
    day, fits = today(who.zone), queries.latest_fits(who.zone)
    rows = []
    for hotspot in active(who.seen()):
        perimeter = queries.in_force(hotspot, day)
        fit = _fit(fits, hotspot.pk, perimeter)
        ends = min(
            (p.ends_on for p in hotspot.perimeters.all() if p.ends_on and p.in_force_on(day)), default=None
        )
        rows.append(
            (
                fit is None or fit.fits,
                hotspot.number,
                {
                    "url": reverse("perimeters:hotspot", args=[who.zone.slug, hotspot.number]),
                    "cells": [
                        hotspot.title,
                        sentences.fit(fit, spoken) if perimeter else _("No perimeter is in force."),
                        {
                            "value": words.day(perimeter.review_due, spoken, style="medium")
                            if perimeter
                            else None,
                            "missing": "–",
                        },
                        {"value": words.day(ends, spoken, style="medium") if ends else None, "missing": "–"},
                    ],
                },
            )
        )
    rows.sort(key=lambda row: row[:2])
    return {
        "id": "perimeters",
        "caption": _("Every perimeter"),
        "columns": [
            {"key": "hotspot", "label": _("Hotspot")},
            {"key": "fit", "label": _("Does it still hold its problem?")},
            {"key": "review", "label": _("Review due")},
            {"key": "end", "label": _("Order ends on")},
        ],
        "rows": [row[2] for row in rows],
        "whole": True,
        "state": "" if rows else "empty",
        "message": {"title": _("No hotspot yet"), "text": _("Draw the first one, or import outlines.")},
    }

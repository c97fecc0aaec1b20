"""All hotspots of the zone: number, name, where, who, which version, which phase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.hotspots import queries, rules
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.hotspots.showing import history
from vicus.web.hotspots.views.managers import may_assign
from vicus.web.hotspots.views.reader import language
from vicus.web.zone.models import Zone


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The register of hotspots."""
    here, sight = queries.zone_and_sight(request.user, zone)
    seen = [hotspot for hotspot in queries.hotspots(here) if sight.covers(hotspot)]
    spoken = language()
    all_seen, due = seen, _due(request, seen, here)
    if due:
        seen = [item.hotspot for item in due]
    active = [hotspot for hotspot in seen if hotspot.status == Hotspot.Status.ACTIVE]
    context = {
        "zone": here,
        "crumbs": [
            {"label": here.name, "url": reverse("hotspots:zone", args=[here.slug])},
            {"label": _("Hotspots"), "url": ""},
        ],
        "sentence": _waiting(due, spoken)
        or ngettext("%(n)s hotspot is followed.", "%(n)s hotspots are followed.", len(active))
        % {"n": words.number(len(active), spoken)},
        "whole": reverse("hotspots:list", args=[here.slug]) if len(seen) < len(all_seen) else "",
        "table": _table(here, seen, spoken, request.user.pk),
        "may_assign": may_assign(request.user, here),
    }
    return render(request, "hotspots/list.html", context)


def _due(request: HttpRequest, seen: list[Hotspot], here: Zone) -> list[queries.Due]:
    """What waits on the day that the address names (review=2026-12-31 or end=…), one line a hotspot."""
    found = queries.waiting(seen, today(here))
    return [item for item in found if request.GET.get(item.kind) == item.day.isoformat()]


def _waiting(due: Sequence[queries.Due], spoken: str) -> str:
    if not due:
        return ""
    if due[0].kind == "review":
        text = ngettext(
            "%(n)s perimeter is to be reviewed by %(day)s.",
            "%(n)s perimeters are to be reviewed by %(day)s.",
            len(due),
        )
    else:
        text = ngettext("%(n)s order ends on %(day)s.", "%(n)s orders end on %(day)s.", len(due))
    return text % {"n": words.number(len(due), spoken), "day": words.day(due[0].day, spoken)}


def _table(here: Zone, seen: list[Hotspot], spoken: str, reader: int | None) -> dict[str, Any]:
    areas = queries.area_names(here)
    day = today(here)

    def row(hotspot: Hotspot) -> dict[str, Any]:
        used = rules.perimeter_for(list(hotspot.perimeters.all()), day)
        sector, commune = areas.get(hotspot.sector_id or 0), areas.get(hotspot.commune_id or 0)
        phase, since = history.present_phase(list(hotspot.phases.all()), spoken)
        late = used is not None and used.perimeter.review_due < day
        return {
            "cells": [
                {
                    "value": hotspot.title,
                    "minor": _("your hotspot") if rules.is_own(hotspot, reader) else "",
                },
                {"value": sector.name if sector else None, "missing": _("not known")},
                {"value": commune.name if commune else None, "missing": _("not known")},
                {"value": str(hotspot.manager) if hotspot.manager else None, "missing": _("nobody yet")},
                {"value": phase, "minor": since},
                {
                    "value": _("version %d") % used.perimeter.version if used else None,
                    "missing": _("none yet"),
                },
                {
                    "value": words.day(used.perimeter.review_due, spoken, style="medium") if used else None,
                    "minor": _("overdue") if late else "",
                    "missing": _("none yet"),
                },
                hotspot.get_status_display(),
            ],
            "url": reverse("hotspots:hotspot", args=[here.slug, hotspot.number]),
        }

    labels = [
        _("Hotspot"), _("Sector"), _("Commune"), _("Hotspot manager"), _("Phase"), _("Perimeter"), _("Review due"),
        _("Status"),
    ]  # fmt: skip
    return {
        "id": "hotspots",
        "caption": _("Hotspots of the zone"),
        "caption_hidden": True,
        "columns": [{"key": f"c{i}", "label": label} for i, label in enumerate(labels)],
        "rows": [row(hotspot) for hotspot in seen],
        "state": "" if seen else "empty",
        "message": {
            "title": _("No hotspots yet"),
            "text": _("They come with their outlines: vicus hotspots import."),
        },
    }

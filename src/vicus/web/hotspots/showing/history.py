"""The versions of a perimeter, its present decision, and the phases of a hotspot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vicus.pictures import words
from vicus.pictures.figures import Phase as DrawnPhase
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.models import Hotspot, Perimeter, Phase
from vicus.web.hotspots.queries import Due
from vicus.web.hotspots.rules import Used

MANY = 3
"""More than this many reviews of one day are told in one line."""


def versions(
    hotspot: Hotspot, used: Used | None, asked: Asked | None, url: str, today: date, language: str
) -> dict[str, Any]:
    """The table of versions, newest first; each links to the figures on that outline."""
    found = sorted(hotspot.perimeters.all(), key=lambda p: -p.version)
    return {
        "id": "versions",
        "caption": _("Versions of the perimeter"),
        "columns": [
            {"key": "version", "label": _("Version")},
            {"key": "designation", "label": _("Designation")},
            {"key": "from", "label": _("In force from")},
            {"key": "to", "label": _("Until")},
            {"key": "area", "label": _("Area, km²"), "numeric": True},
            {"key": "decided", "label": _("Decided by"), "wide": True},
            {"key": "review", "label": _("Review due")},
        ],
        "rows": [
            {
                "cells": [
                    _("version %d") % p.version,
                    p.get_designation_display(),
                    words.day(p.valid_from, language, style="medium"),
                    _until(p, language),
                    {"value": p.area_m2 / 1e6, "decimals": 3},
                    {"value": _(p.decided_by), "minor": p.decision_reference},
                    {
                        # A version that was replaced is not reviewed any more.
                        "value": None
                        if p.valid_to and p.valid_to <= today
                        else words.day(p.review_due, language, style="medium"),
                        "minor": _("overdue") if p.review_due < today and p.in_force_on(today) else "",
                        "missing": _("replaced"),
                    },
                ],
                "url": url + asked.address(perimeter=str(p.version)) if asked is not None else "",
                "selected": used is not None and p.pk == used.perimeter.pk,
            }
            for p in found
        ],
        "note": _("Choose a version to see the figures of all months on that outline."),
    }


def decision(perimeter: Perimeter, language: str) -> list[tuple[str, Any]]:
    """What was decided with a version, as terms and their values; empty ones are left out."""
    items: list[tuple[str, Any]] = [
        (_("Purpose"), perimeter.purpose),
        (_("Legal basis"), perimeter.legal_basis),
        (_("Order"), perimeter.order_reference),
        (_("Ends on"), words.day(perimeter.ends_on, language) if perimeter.ends_on else ""),
        (_("Leaves the list when"), perimeter.exit_criteria),
        (_("Surroundings"), _("%s m") % words.number(perimeter.buffer_m, language)),
        (_("Origin of the outline"), perimeter.origin and _(perimeter.origin)),
        *_entry(perimeter.entry_criteria, language),
    ]
    return [(name, value) for name, value in items if value]


def drawn_phases(found: Sequence[Phase]) -> list[DrawnPhase]:
    """The phases under the series; ordinary work is the ground, not a phase of the strategy."""
    return [
        DrawnPhase(phase.kind, phase.started_on, phase.ended_on)  # type: ignore[arg-type]
        for phase in found
        if phase.kind != Phase.Kind.ORDINARY
    ]


def present_phase(found: Sequence[Phase], language: str) -> tuple[str, str]:
    """The phase a hotspot is in and since when; words for none."""
    current = next((phase for phase in found if phase.ended_on is None), None)
    if current is None:
        return _("no phase decided"), ""
    since = _("since %(day)s") % {"day": words.day(current.started_on, language)}
    return current.get_kind_display(), since


def waiting(found: Sequence[Due], address: Any, register: str, language: str) -> list[dict[str, Any]]:
    """Reviews and orders, as the list of what waits wants them; many of one day are one line."""
    lines = []
    for (_kind, day), group in groupby(
        sorted(found, key=lambda d: (d.day, d.kind)), key=lambda d: (d.kind, d.day)
    ):
        items = list(group)
        when = words.day(day, language)
        # Red alone would not say it.
        due = {"due": f"{when}, {_('overdue')}" if items[0].late else when, "late": items[0].late}
        if len(items) > MANY:
            url = f"{register}?{items[0].kind}={day.isoformat()}"
            lines.append({"label": _many(items, language), "url": url, **due})
            continue
        lines += [{"label": _one(item), "url": address(item.hotspot), **due} for item in items]
    return lines


def _one(item: Due) -> str:
    text = (
        _("Review the perimeter of %(hotspot)s")
        if item.kind == "review"
        else _("The order on %(hotspot)s ends")
    )
    return text % {"hotspot": item.hotspot.title}


def _many(items: Sequence[Due], language: str) -> str:
    text = (
        _("Review %(n)s perimeters: %(numbers)s")
        if items[0].kind == "review"
        else _("%(n)s orders end: %(numbers)s")
    )
    numbers = words.listed([str(item.hotspot.number) for item in items], language)
    return text % {"n": words.number(len(items), language), "numbers": numbers}


def _until(perimeter: Perimeter, language: str) -> str:
    end = perimeter.valid_to or perimeter.ends_on
    return words.day(end, language, style="medium") if end else pgettext("end of a perimeter", "open")


def _entry(criteria: dict[str, Any], language: str) -> list[tuple[str, Any]]:
    """The figures an entry rests on, those that a proposal carries."""
    labels = {
        "n": (_("Facts when proposed"), 0),
        "density": (_("Facts per km² when proposed"), 0),
        "gi_max": (_("Strongest Gi* of its cells"), 1),
        "p_adjusted_min": (_("Smallest adjusted p"), 4),
    }
    return [
        (label, words.number(float(criteria[name]), language, decimals=decimals))
        for name, (label, decimals) in labels.items()
        if isinstance(criteria.get(name), int | float)
    ]

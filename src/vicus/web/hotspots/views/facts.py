"""The facts of a hotspot one by one: restricted, opened with a reason that stands in the audit trail (rights R07)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from vicus.incidents.months import month_after
from vicus.incidents.selection import Selection
from vicus.pictures import words
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.facts import queries as facts
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, queries, rules
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Used
from vicus.web.hotspots.showing import maps, pickers
from vicus.web.hotspots.views import sheets
from vicus.web.hotspots.views.downloads import about, may_export_facts
from vicus.web.hotspots.views.hotspot import with_perimeter
from vicus.web.hotspots.views.reader import language
from vicus.web.hotspots.views.sheets import Sheet
from vicus.web.zone.models import Zone

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """Map and list of the facts of a month."""
    here, hotspot, asked, used = _opened(request, zone, number)
    what = _restricted(hotspot, asked, used)
    grant = door.require_reason(request, what=what, zone=here, action=Action.CONSULTATION)
    if isinstance(grant, HttpResponse):
        return grant
    found = facts.points(request.user, here, _selection(asked, used), grant=grant)
    part = Paginator(range(len(found)), PER_PAGE).get_page(request.GET.get("page"))
    url = reverse("hotspots:facts", args=[here.slug, number])
    spoken = language()
    context = {
        "zone": here,
        "hotspot": hotspot,
        "crumbs": [
            {"label": here.name, "url": reverse("hotspots:zone", args=[here.slug]) + asked.address()},
            {
                "label": hotspot.title,
                "url": reverse("hotspots:hotspot", args=[here.slug, number]) + asked.address(),
            },
            {"label": _("Facts one by one"), "url": ""},
        ],
        "sentence": ngettext(
            "%(n)s fact with a place in the perimeter, %(month)s.",
            "%(n)s facts with a place in the perimeter, %(month)s.",
            len(found),
        )
        % {"n": words.number(len(found), spoken), "month": _month(asked)},
        "reason": grant.reason,
        "map": maps.points(here, hotspot, used, found, spoken),
        "table": _table(request, here, hotspot, found, part, asked, url),
        "month_picker": pickers.month(asked, url, spoken),
    }
    return render(request, "hotspots/facts.html", context)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, zone: str, number: int, kind: str) -> HttpResponse:
    """The same as a file that leaves the house."""
    here, hotspot, asked, used = _opened(request, zone, number)
    if kind not in sheets.KINDS or not may_export_facts(request.user, here):
        raise Http404
    what = _restricted(hotspot, asked, used)
    back = reverse("hotspots:facts", args=[here.slug, number]) + asked.address()
    grant = door.require_reason(request, what=what, zone=here, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    found = facts.points(request.user, here, _selection(asked, used), grant=grant)
    rows = [list(_plain(row, here)) for row in found.itertuples()]
    sheet = Sheet(_("Facts"), [str(label) for label in _labels()], rows)
    name = f"{here.slug}-{asked.question.month:%Y-%m}-hotspot-{number}-facts"
    return sheets.answer(
        kind, name, [sheet], [(_("Hotspot"), hotspot.label), *about(request, here, asked, grant)]
    )


def _opened(request: HttpRequest, zone: str, number: int) -> tuple[Zone, Hotspot, Asked, Used]:
    """What is asked for, when the reader may open points of this hotspot; otherwise it does not exist.

    Nor does it where the address names a month or a version that is not there: a reason is given for what was asked.
    """
    here, sight = queries.zone_and_sight(request.user, zone)
    hotspot = queries.one(queries.hotspots(here), sight, number)
    store = find_store(here)
    asked = asking.read(request.GET, store, here) if store is not None else None
    if asked is None or not rules.may_open_points(sight, hotspot, request.user.pk):
        raise Http404
    asked, chosen = with_perimeter(request, hotspot, asked)
    if asked.missing:
        raise Http404
    if chosen is not None:
        return here, hotspot, asked, Used(chosen, "chosen")
    used = rules.perimeter_for(list(hotspot.perimeters.all()), asked.question.last_day)
    if used is None:
        raise Http404
    return here, hotspot, asked, used


def _restricted(hotspot: Hotspot, asked: Asked, used: Used) -> door.Restricted:
    said = (*asked.said(), ("perimeter", used.perimeter.version))
    title = _("Facts of hotspot %(hotspot)s one by one, %(month)s") % {
        "hotspot": hotspot.label,
        "month": _month(asked),
    }
    return door.Restricted(
        facts.POINTS, f"hotspot {hotspot.number} {asked.question.month:%Y-%m}", title, said
    )


def _selection(asked: Asked, used: Used) -> Selection:
    return Selection(
        start=asked.question.month,
        end=month_after(asked.question.month),
        sources=figures.SOURCES[asked.question.sources],
        area=used.perimeter.shape,
        version=asked.question.version.number,
    )


def _labels() -> list[Any]:
    return [
        _("Fact"), _("Category"), _("Source"), _("From"), _("To"), _("Registered"), _("Place known to"), _("x"), _("y"),
    ]  # fmt: skip


def _plain(row: Any, here: Zone) -> tuple[Any, ...]:
    """The values of a fact, times in the zone's own."""
    clock = ZoneInfo(here.timezone)

    def moment(value: Any) -> str | None:
        if value is None or pd.isna(value):
            return None
        stamp = pd.Timestamp(value)
        local = stamp.tz_convert(clock) if stamp.tzinfo else stamp.tz_localize("UTC").tz_convert(clock)
        return str(local.strftime("%Y-%m-%d %H:%M"))

    return (
        str(row.id),
        str(row.category),
        str(row.source),
        moment(row.occurred_from),
        moment(row.occurred_to),
        moment(row.reported_at),
        str(row.quality),
        round(float(row.geometry.x), 1),
        round(float(row.geometry.y), 1),
    )


def _table(
    request: HttpRequest,
    here: Zone,
    hotspot: Hotspot,
    found: gpd.GeoDataFrame,
    part: Page[int],
    asked: Asked,
    url: str,
) -> dict[str, Any]:
    names = facts.category_names(here, language())
    spoken = language()
    source = {"reported": _("reported"), "discovered": _("discovered"), "unknown": _("not told")}
    quality = {
        "exact": _("address"),
        "street": _("street"),
        "area": pgettext("how well a place is known", "area"),
        "unknown": _("not told"),
    }

    def cells(position: int) -> list[Any]:
        row = _plain(found.iloc[position : position + 1].reset_index().iloc[0], here)
        shown: list[Any] = list(row)
        shown[1] = names.get(row[1], row[1])
        shown[2], shown[6] = source.get(row[2], row[2]), quality.get(row[6], row[6])
        return [{"value": v, "missing": _("not known")} if v is None else v for v in shown]

    labels = _labels()
    downloads = []
    if may_export_facts(request.user, here):
        downloads = [
            {
                "label": kind.upper(),
                "url": reverse("hotspots:facts_file", args=[here.slug, hotspot.number, kind])
                + asked.address(),
            }
            for kind in sheets.KINDS
        ]
    return {
        "id": "facts",
        "caption": _("Facts one by one"),
        "columns": [{"key": str(i), "label": label, "numeric": i > 6} for i, label in enumerate(labels)],
        "rows": [{"cells": cells(position)} for position in part],
        "state": "" if len(found) else "empty",
        "message": {"title": _("No fact with a place in this month")},
        "downloads": downloads,
        "note": _("Only facts with a place. Rows %(first)s to %(last)s of %(all)s.")
        % {
            "first": words.number(part.start_index(), spoken),
            "last": words.number(part.end_index(), spoken),
            "all": words.number(len(found), spoken),
        },
        "pages": _pages(part, asked, url) if part.paginator.num_pages > 1 else None,
    }


def _pages(part: Page[int], asked: Asked, url: str) -> dict[str, Any]:
    def link(number: int) -> str:
        return url + asked.address(page=str(number))

    return {
        "items": [
            {"number": number, "url": link(number), "current": number == part.number}
            if isinstance(number, int) else {"gap": True}
            for number in part.paginator.get_elided_page_range(part.number)
        ],
        "previous_url": link(part.previous_page_number()) if part.has_previous() else "",
        "next_url": link(part.next_page_number()) if part.has_next() else "",
    }  # fmt: skip


def _month(asked: Asked) -> str:
    return words.month_name(asked.question.month, language(), year=True)

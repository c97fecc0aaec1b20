"""One hotspot in one month: what was registered, what was to be expected, when, where, what kind, how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.incidents.store import Store
from vicus.pictures import sentences, words
from vicus.pictures.figures import About
from vicus.web.accounts.rules import Permission
from vicus.web.facts.queries import category_names, find_store, overlapping_categories
from vicus.web.hotspots import asking, figures, queries, rules
from vicus.web.hotspots.asking import Asked, Missing
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import Sight, Used
from vicus.web.hotspots.services import today
from vicus.web.hotspots.showing import history, instead, maps, methods, pickers, place
from vicus.web.hotspots.views.reader import language
from vicus.web.zone.models import Zone

REPORT_KINDS = ("pdf", "docx", "xlsx")


@require_safe
def page(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """The page of a hotspot."""
    here, sight = queries.zone_and_sight(request.user, zone)
    found = queries.hotspots(here)
    hotspot = queries.one(found, sight, number)
    store = find_store(here)
    asked = asking.read(request.GET, store, here) if store is not None else None
    spoken = language()
    url = reverse("hotspots:hotspot", args=[here.slug, number])
    used = rules.perimeter_for(list(hotspot.perimeters.all()), today(here))
    context: dict[str, Any] = {
        "zone": here,
        "sight": sight,
        "hotspot": hotspot,
        "crumbs": _crumbs(here, hotspot, asked),
        "facts_table": _who(here, hotspot, used, spoken),
        "around": _neighbours(here, found, sight, hotspot, asked),
        "sheets": _sheets(request.user, here, hotspot, asked),
        "points_url": _points_url(request, here, hotspot, sight, asked),
    }
    if store is not None and asked is not None and used is not None:
        # Links keep the chosen version of the perimeter, as they keep month and sources.
        asked, chosen = with_perimeter(request, hotspot, asked)
        answer = figures.of_zone(
            store, here, found, asked.question, chosen={number: chosen} if chosen else None
        )
        used = answer.used[number]
        subject = place.Subject(answer.figures[number], spoken, about(here, hotspot), answer.key)
        context |= _shown(here, sight, hotspot, store, asked, subject, answer, url)
    if sight.detail:
        context["versions"] = history.versions(hotspot, used, asked, url, today(here), spoken)
        context["decision"] = history.decision(used.perimeter, spoken) if used is not None else []
    return render(request, "hotspots/hotspot.html", context)


def with_perimeter(request: HttpRequest, hotspot: Hotspot, asked: Asked) -> tuple[Asked, Perimeter | None]:
    """The version of the perimeter that the address names, for all months; None for the one in force."""
    wanted = request.GET.get("perimeter", "")
    chosen = next((p for p in hotspot.perimeters.all() if str(p.version) == wanted), None)
    if chosen is not None:
        return asked.keeping(perimeter=wanted), chosen
    return (asked.lacking(Missing("perimeter", wanted)) if wanted else asked), None


def about(here: Zone, hotspot: Hotspot) -> About:
    """What pictures print of a hotspot."""
    return About(place=_("Hotspot %s") % hotspot.label, zone=here.name, timezone=here.timezone)


def _shown(
    here: Zone,
    sight: Sight,
    hotspot: Hotspot,
    store: Store,
    asked: Asked,
    subject: place.Subject,
    answer: figures.Answer,
    url: str,
) -> dict[str, Any]:
    """Everything that rests on figures."""
    found, spoken, used = subject.figures, subject.language, answer.used[hotspot.number]
    method = methods.expectation(found, asked, here, used, spoken)
    shown: dict[str, Any] = {
        "asked": asked,
        "instead": instead.lines(asked, here, spoken, used),
        "figures": found,
        "sentence": sentences.sentence(found, spoken),
        "measures": place.measures(found, spoken),
        "series": place.series(subject, history.drawn_phases(list(hotspot.phases.all())), method),
        "surroundings": place.surroundings(found, spoken),
        "categories": place.categories(subject, category_names(here, spoken), overlapping_categories(here)),
        "quality": place.quality(found, spoken),
        "perimeter_words": methods.perimeter_words(used, spoken),
        "used": used,
        "month_picker": pickers.month(asked, url, spoken),
        "sources": pickers.sources(asked, url),
        "known": pickers.known(asked, url, here, spoken),
        "print_version": pickers.version_words(asked, here, spoken),
        "print_subject": f"{hotspot.title} · {words.month_name(asked.question.month, spoken, year=True)}",
    }
    if sight.detail:
        shown["hours"] = place.hours(subject)
        cells = figures.cells(store, here, answer, hotspot.number)
        shown["map"] = maps.place(here, hotspot, used, found, cells, spoken)
    if sight.exports:
        shown["series"]["table"]["downloads"] = [
            {"label": kind.upper(), "url": _file(here, hotspot, "figures_file", kind, asked)}
            for kind in ("csv", "xlsx")
        ]
    if sight.reports:
        shown["reports"] = [
            {"label": label, "url": _file(here, hotspot, "report", kind, asked)}
            for kind, label in zip(REPORT_KINDS, ("PDF", "Word", "Excel"), strict=True)
        ]
    return shown


def _file(here: Zone, hotspot: Hotspot, name: str, kind: str, asked: Asked) -> str:
    return reverse(f"hotspots:{name}", args=[here.slug, hotspot.number, kind]) + asked.address()


def _crumbs(here: Zone, hotspot: Hotspot, asked: Asked | None) -> list[dict[str, str]]:
    query = asked.address() if asked is not None else ""
    return [
        {"label": here.name, "url": reverse("hotspots:zone", args=[here.slug]) + query},
        {"label": _("Hotspots"), "url": reverse("hotspots:list", args=[here.slug]) + query},
        {"label": hotspot.title, "url": ""},
    ]


def _who(here: Zone, hotspot: Hotspot, used: Used | None, spoken: str) -> list[tuple[str, str]]:
    """Who looks after the hotspot, where it lies and where it stands."""
    areas = queries.area_names(here)
    sector, commune = areas.get(hotspot.sector_id or 0), areas.get(hotspot.commune_id or 0)
    phase, since = history.present_phase(list(hotspot.phases.all()), spoken)
    items = [
        (_("Hotspot manager"), str(hotspot.manager) if hotspot.manager else _("nobody yet")),
        (_("Deputy"), str(hotspot.deputy) if hotspot.deputy else ""),
        (_("Phase"), f"{phase}, {since}" if since else phase),
        (_("Sector"), sector.name if sector else ""),
        (_("Commune"), commune.name if commune else ""),
        (_("Perimeter now"), _("version %d") % used.perimeter.version if used else _("none yet")),
        (_("Review due"), words.day(used.perimeter.review_due, spoken) if used else ""),
    ]
    return [(name, value) for name, value in items if value]


def _neighbours(
    here: Zone, found: Sequence[Hotspot], sight: Sight, hotspot: Hotspot, asked: Asked | None
) -> dict[str, Any]:
    """The hotspots before and after this one, for turning pages."""
    seen = [h for h in found if sight.covers(h)]
    place_in_list = seen.index(hotspot)
    query = asked.address() if asked is not None else ""

    def link(index: int) -> dict[str, str] | None:
        if not 0 <= index < len(seen):
            return None
        other = seen[index]
        return {
            "label": other.title,
            "url": reverse("hotspots:hotspot", args=[here.slug, other.number]) + query,
        }

    return {"previous": link(place_in_list - 1), "next": link(place_in_list + 1)}


def _sheets(user: Any, here: Zone, hotspot: Hotspot, asked: Asked | None) -> dict[str, str] | None:
    """The way to the sheet of the month, or to the sheets of the month for those who read validated ones alone."""
    if asked is None:
        return None
    month = asked.question.month
    told = {"month": words.month_name(month, language(), year=True)}
    writes = user.pk in (hotspot.manager_id, hotspot.deputy_id)
    may = {Permission.READ_SHEETS, *({Permission.WRITE_SHEETS} if writes else ())}
    if any(user.permits(permission, here.slug) for permission in may):
        address = reverse("sara:sheet", args=[here.slug, hotspot.number, f"{month:%Y-%m}"])
        return {"url": address, "label": _("Sheet of %(month)s") % told}
    if user.permits(Permission.READ_VALIDATED_SHEETS, here.slug):
        address = f"{reverse('sara:list', args=[here.slug])}?month={month:%Y-%m}"
        return {"url": address, "label": _("Sheets of %(month)s") % told}
    return None


def _points_url(request: HttpRequest, here: Zone, hotspot: Hotspot, sight: Sight, asked: Asked | None) -> str:
    if asked is None or not rules.may_open_points(sight, hotspot, request.user.pk):
        return ""
    return reverse("hotspots:facts", args=[here.slug, hotspot.number]) + asked.address()

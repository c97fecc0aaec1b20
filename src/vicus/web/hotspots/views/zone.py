"""The zone: which hotspots differ from what was expected, and which only seem to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.incidents.ranking import rank
from vicus.pictures import sentences, words
from vicus.web.accounts.rules import Permission
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, queries
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Sight, has_left
from vicus.web.hotspots.services import today
from vicus.web.hotspots.showing import history, instead, maps, methods, pickers, ranking
from vicus.web.hotspots.views.reader import language
from vicus.web.zone.models import Area, Zone


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """Map, ranking and what waits."""
    here, sight = queries.zone_and_sight(request.user, zone)
    found = queries.hotspots(here)
    seen = [hotspot for hotspot in found if sight.covers(hotspot)]
    areas = queries.area_names(here)
    store = find_store(here)
    asked = asking.read(request.GET, store, here) if store is not None else None
    context: dict[str, Any] = {"zone": here, "sight": sight, "waiting": _waiting(here, seen, sight)}
    if store is None or asked is None or not any(h.perimeters.all() for h in seen):
        context["steps"] = _first_steps(request.user, here, areas, seen, has_data=asked is not None)
        return render(request, "hotspots/zone_empty.html", context)
    answer = figures.of_zone(store, here, found, asked.question)
    other = figures.of_zone(store, here, found, asked.question.counting(_other(asked)))
    context |= _shown(request, here, sight, seen, areas, asked, answer, other)
    return render(request, "hotspots/zone.html", context)


def rows(
    zone: Zone,
    seen: Sequence[Hotspot],
    areas: dict[int, Area],
    asked: Asked,
    answer: Answer,
    reader: int | None = None,
) -> list[ranking.Row]:
    """The ranking of the hotspots a reader sees, own ones marked."""
    by_number = {h.number: h for h in seen if not has_left(h, answer.used.get(h.number))}
    ranked = rank([found for number, found in answer.figures.items() if number in by_number])
    return ranking.rows(zone, ranked, by_number, areas, asked, reader)


def _shown(
    request: HttpRequest,
    here: Zone,
    sight: Sight,
    seen: Sequence[Hotspot],
    areas: dict[int, Area],
    asked: Asked,
    answer: Answer,
    other: Answer,
) -> dict[str, Any]:
    """Everything the page shows once there are data and perimeters."""
    url, spoken = reverse("hotspots:zone", args=[here.slug]), language()
    mine = rows(here, seen, areas, asked, answer, request.user.pk)
    theirs = rows(here, seen, areas, asked, other)
    sort = asking.sort_order(request.GET, ranking.BY_KEY)
    first = mine[0].figures if mine else None
    return {
        "asked": asked,
        "instead": instead.lines(asked, here, spoken),
        "month": asked.question.month,
        "sentence": _sentence(mine, spoken),
        "provisional": any(row.figures.provisional and row.figures.complete for row in mine),
        "map": maps.zone(here, answer, mine, spoken),
        "ranked": ranking.listed(mine, asked, spoken),
        "other_choice": ranking.other_choice(mine, theirs, _counting(_other(asked)), spoken),
        "table": ranking.table(
            mine, asked, sort, url, _downloads(here, asked) if sight.exports else [], spoken
        ),
        "table_open": bool(sort[0]),
        "method": methods.expectation(first, asked, here, None, spoken),
        "month_picker": pickers.month(asked, url, spoken),
        "sources": pickers.sources(asked, url),
        "known": pickers.known(asked, url, here, spoken),
        "print_version": pickers.version_words(asked, here, spoken),
        "print_subject": words.capital(words.month_name(asked.question.month, spoken, year=True)),
    }


def _sentence(mine: Sequence[ranking.Row], spoken: str) -> str:
    """The month in one sentence; an unfinished month is not compared and says so."""
    if mine and not mine[0].figures.complete:
        return _("The data end before the month does, so no hotspot is compared.")
    return sentences.states_sentence({row.hotspot.number: row.figures.state for row in mine}, spoken)


def _waiting(here: Zone, seen: Sequence[Hotspot], sight: Sight) -> list[dict[str, Any]]:
    if not sight.detail:
        return []

    register = reverse("hotspots:list", args=[here.slug])

    def address(hotspot: Hotspot) -> str:
        return reverse("hotspots:hotspot", args=[here.slug, hotspot.number]) + "#versions"

    due = queries.waiting(list(seen), today(here))
    return history.waiting(due, address, register, language())


def _other(asked: Asked) -> str:
    """The choice of sources that the page compares with."""
    return "all" if asked.question.sources == "reported" else "reported"


def _counting(sources: str) -> str:
    return {
        "all": _("facts discovered by police activity too"),
        "reported": _("only what the public reports"),
    }[sources]


def _downloads(here: Zone, asked: Asked) -> list[dict[str, str]]:
    return [
        {
            "label": kind.upper(),
            "url": reverse("hotspots:ranking_file", args=[here.slug, kind]) + asked.address(),
        }
        for kind in ("csv", "xlsx")
    ]


def _first_steps(
    user: Any, here: Zone, areas: dict[int, Area], seen: Sequence[Hotspot], *, has_data: bool
) -> list[dict[str, Any]]:
    """What is still missing before the page can say something, and where it is done."""

    def may(permission: Permission) -> bool:
        return bool(user.permits(permission, here.slug))

    return [
        {
            "label": _("Import the areas of the zone"),
            "done": bool(areas),
            "url": reverse("zone:territory", args=[here.slug]) if may(Permission.IMPORT_TERRITORY) else "",
        },
        {
            "label": _("Import registered facts"),
            "done": has_data,
            "url": reverse("facts:imports", args=[here.slug]) if may(Permission.IMPORT_FACTS) else "",
        },
        {
            "label": _("Import the outlines of the hotspots, or let Vicus propose them"),
            "done": any(h.perimeters.all() for h in seen),
            "command": "vicus hotspots import --help",
        },
    ]

"""What the pages of this app share: their tabs, the question in the address, what stands beside a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.incidents.store import Store
from vicus.pictures import words
from vicus.web.actions.queries import Reader
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.showing import instead, pickers
from vicus.web.hotspots.views.reader import language
from vicus.web.zone.models import Zone

TABS = (
    ("waiting", gettext_lazy("What waits for me")),
    ("board", gettext_lazy("Coordination")),
    ("differences", gettext_lazy("Which hotspots differ")),
    ("around", gettext_lazy("Around the hotspots")),
    ("compare", gettext_lazy("Compare")),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """The facts of the zone and what the address asks of them."""

    store: Store
    asked: Asked


def frame(who: Reader, current: str, query: str = "") -> dict[str, Any]:
    """Zone, path and tabs; the month in the address goes along between pages of figures."""
    slug = who.zone.slug
    titles = dict(TABS)
    return {
        "zone": who.zone,
        "crumbs": [
            {"label": who.zone.name, "url": reverse("hotspots:zone", args=[slug])},
            {"label": titles[current], "url": ""},
        ],
        "tabs": [
            {
                "label": title,
                "url": reverse(f"decisions:{name}", args=[slug]) + ("" if name == "waiting" else query),
                "current": name == current,
            }
            for name, title in TABS
        ],
    }


def ask(request: HttpRequest, zone: Zone) -> Asking | None:
    """The store and the question; None while nothing was imported."""
    store = find_store(zone)
    asked = asking.read(request.GET, store, zone) if store is not None else None
    return None if store is None or asked is None else Asking(store, asked)


def month_of(asked: Asked, zone: Zone, name: str) -> dict[str, Any]:
    """The picker of the month, what the address names that is not there, and what a print says."""
    spoken = language()
    url = reverse(f"decisions:{name}", args=[zone.slug])
    return {
        "asked": asked,
        "instead": instead.lines(asked, zone, spoken),
        "month_picker": pickers.month(asked, url, spoken),
        "known": pickers.known(asked, url, zone, spoken),
        "print_version": pickers.version_words(asked, zone, spoken),
        "print_subject": words.capital(words.month_name(asked.question.month, spoken, year=True)),
    }


def nothing_yet() -> dict[str, str]:
    """The words for a zone without facts of a whole month, or without outlines."""
    return {
        "title": _("There is nothing to compare yet"),
        "text": _("This page fills once facts of a whole month are imported and hotspots have a perimeter."),
    }


def names(hotspots: list[Hotspot], numbers: list[int]) -> str:
    """Hotspots by name, in one line."""
    titles = {hotspot.number: hotspot.title for hotspot in hotspots}
    return words.listed([titles[number] for number in numbers], language())

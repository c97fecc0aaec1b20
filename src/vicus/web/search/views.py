"""The page of results."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.search import queries
from vicus.web.search.queries import Found
from vicus.web.search.rules import may_search
from vicus.web.search.sources import KINDS
from vicus.web.zone.models import Zone
from vicus.web.zone.queries import zones_of

EACH_PAGE = 20
LONGEST = 200


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What was found, by kind, the best first."""
    the = zones_of(request.user).filter(slug=zone).first()
    if the is None or not may_search(request.user, the.slug):
        raise Http404
    asked = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in KINDS else ""
    first = _offset(request.GET.get("from", ""))
    language = (get_language() or "en")[:2]
    found = queries.find(request.user, the, asked, language, EACH_PAGE, kind=kind, offset=first)
    total = found.counts.get(kind, 0) if kind else found.total
    context: dict[str, Any] = {
        "zone": the,
        "crumbs": [
            {"label": the.name, "url": reverse("home")},
            {"label": _("Search"), "url": ""},
        ],
        "search_query": asked,
        "sentence": _sentence(asked, found, language),
        "tabs": _tabs(the, asked, found, kind),
        "hits": [(hit, str(KINDS[hit.kind])) for hit in found.hits],
        "asked": asked,
        "before": _address(the, asked, kind, max(0, first - EACH_PAGE)) if first else "",
        "after": _address(the, asked, kind, first + EACH_PAGE)
        if first + EACH_PAGE < min(total, queries.MOST)
        else "",
    }
    return render(request, "search/page.html", context)


def _sentence(asked: str, found: Found, language: str) -> str:
    if not asked:
        return _("Type a word of what you look for; the last one may be unfinished.")
    n = words.number(found.total, language)
    if found.at_least:
        return _("More than %(n)s texts with “%(asked)s”; one more word finds less.") % {
            "n": n,
            "asked": asked,
        }
    return ngettext("%(n)s text with “%(asked)s”.", "%(n)s texts with “%(asked)s”.", found.total) % {
        "n": n, "asked": asked,
    }  # fmt: skip


def _tabs(zone: Zone, asked: str, found: Found, kind: str) -> list[dict[str, Any]]:
    """All results, then each kind that has some."""
    if not found.total:
        return []
    every = {"label": _("All"), "url": _address(zone, asked), "current": not kind, "count": found.total}
    return [
        every,
        *(
            {
                "label": label,
                "url": _address(zone, asked, name),
                "current": name == kind,
                "count": found.counts[name],
            }
            for name, label in KINDS.items()
            if found.counts.get(name)
        ),
    ]


def _address(zone: Zone, asked: str, kind: str = "", first: int = 0) -> str:
    said = {"q": asked, "kind": kind, "from": first or ""}
    chosen = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('search:page', args=[zone.slug])}?{chosen}"


def _offset(given: str) -> int:
    return min(int(given), queries.MOST) if given.isascii() and given.isdigit() and len(given) < 6 else 0

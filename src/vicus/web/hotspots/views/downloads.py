"""Files that leave the house: through the audit door, and each says who took it, when and what for (rights R08)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus import documents
from vicus.documents import Export
from vicus.incidents.store import Store
from vicus.pictures import sentences, words
from vicus.web.accounts.rules import Permission
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.facts.queries import category_names, find_store
from vicus.web.hotspots import asking, queries, reports
from vicus.web.hotspots import figures as of_places
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import Sight
from vicus.web.hotspots.showing import methods, pickers
from vicus.web.hotspots.showing import ranking as shown_ranking
from vicus.web.hotspots.showing.windows import windows
from vicus.web.hotspots.views import sheets
from vicus.web.hotspots.views.hotspot import with_perimeter
from vicus.web.hotspots.views.reader import language
from vicus.web.hotspots.views.sheets import Sheet
from vicus.web.hotspots.views.zone import rows
from vicus.web.zone.models import Zone

RANKING, FIGURES, REPORT = "hotspots.ranking", "hotspots.figures", "hotspots.report"
REPORT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": sheets.KINDS["xlsx"],
}


@require_http_methods(["GET", "POST"])
def ranking(request: HttpRequest, zone: str, kind: str) -> HttpResponse:
    """The ranking of the zone as a table."""
    here, sight = queries.zone_and_sight(request.user, zone)
    if kind not in sheets.KINDS or not sight.exports:
        raise Http404
    store, asked = _data(request, here)
    month = f"{asked.question.month:%Y-%m}"
    what = door.Restricted(RANKING, month, _("Ranking of the hotspots, %s") % _month(asked), asked.said())
    back = reverse("hotspots:zone", args=[here.slug]) + asked.address()
    grant = door.require_reason(request, what=what, zone=here, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    found = queries.hotspots(here)
    seen = [hotspot for hotspot in found if sight.covers(hotspot)]
    answer = of_places.of_zone(store, here, found, asked.question)
    mine = rows(here, seen, queries.area_names(here), asked, answer)
    columns = shown_ranking.columns(mine)
    sheet = Sheet(
        _("Ranking"),
        [str(column.label) for column in columns],
        [[_value(column, row) for column in columns] for row in mine],
    )
    return sheets.answer(kind, f"{here.slug}-{month}-ranking", [sheet], about(request, here, asked, grant))


@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, zone: str, number: int, kind: str) -> HttpResponse:
    """The months and the categories of a hotspot as tables."""
    here, sight, hotspot, found = _hotspot(request, zone, number)
    if kind not in sheets.KINDS or not sight.exports:
        raise Http404
    store, asked, chosen = _data_of(request, here, hotspot)
    month = f"{asked.question.month:%Y-%m}"
    title = _("Figures of hotspot %(hotspot)s, %(month)s") % {
        "hotspot": hotspot.label,
        "month": _month(asked),
    }
    what = door.Restricted(FIGURES, f"{number} {month}", title, asked.said())
    back = reverse("hotspots:hotspot", args=[here.slug, number]) + asked.address()
    grant = door.require_reason(request, what=what, zone=here, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    answer = _answer(here, store, asked, hotspot, chosen, found)
    head = [
        (_("Hotspot"), hotspot.label),
        (_("Perimeter"), methods.perimeter_words(answer.used[number], language())),
        *about(request, here, asked, grant),
    ]
    return sheets.answer(kind, f"{here.slug}-{month}-hotspot-{number}", _sheets(answer, number, here), head)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, zone: str, number: int, kind: str) -> HttpResponse:
    """The monthly report of a hotspot as PDF, Word or Excel, in the reader's language."""
    here, sight, hotspot, found = _hotspot(request, zone, number)
    if kind not in REPORT_TYPES or not sight.reports:
        raise Http404
    store, asked, chosen = _data_of(request, here, hotspot)
    month = f"{asked.question.month:%Y-%m}"
    title = _("Monthly report of hotspot %(hotspot)s, %(month)s") % {
        "hotspot": hotspot.label,
        "month": _month(asked),
    }
    what = door.Restricted(REPORT, f"{number} {month}", title, asked.said())
    back = reverse("hotspots:hotspot", args=[here.slug, number]) + asked.address()
    grant = door.require_reason(request, what=what, zone=here, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    answer = _answer(here, store, asked, hotspot, chosen, found)
    export = Export(str(request.user), grant.recipient, at=timezone.now(), purpose=grant.reason)
    drawn = reports.month_report(store, here, hotspot, answer, export=export)
    content = documents.FORMATS[kind](documents.content(drawn, language()))
    name = f"{month}-hotspot-{number:02d}-{language()}.{kind}"
    return sheets.attachment(content, name, REPORT_TYPES[kind])


def may_export_facts(user: Any, here: Zone) -> bool:
    """Facts one by one leave the house only with the permission for it."""
    return bool(user.permits(Permission.EXPORT_FACTS, here.slug))


def _hotspot(request: HttpRequest, zone: str, number: int) -> tuple[Zone, Sight, Hotspot, list[Hotspot]]:
    here, sight = queries.zone_and_sight(request.user, zone)
    found = queries.hotspots(here)
    return here, sight, queries.one(found, sight, number), found


def _data(request: HttpRequest, here: Zone) -> tuple[Store, Asked]:
    """The store and the question; there is nothing to take away while nothing was imported."""
    store = find_store(here)
    asked = asking.read(request.GET, store, here) if store is not None else None
    # A file of another month than the address names would be taken for that month.
    if store is None or asked is None or asked.missing:
        raise Http404
    return store, asked


def _data_of(request: HttpRequest, here: Zone, hotspot: Hotspot) -> tuple[Store, Asked, Perimeter | None]:
    """The same with the version of the perimeter that was chosen, if one was."""
    store, asked = _data(request, here)
    asked, chosen = with_perimeter(request, hotspot, asked)
    if asked.missing:
        raise Http404
    return store, asked, chosen


def _answer(
    here: Zone,
    store: Store,
    asked: Asked,
    hotspot: Hotspot,
    chosen: Perimeter | None,
    found: Sequence[Hotspot],
) -> Answer:
    answer = of_places.of_zone(
        store, here, found, asked.question, chosen={hotspot.number: chosen} if chosen else None
    )
    if hotspot.number not in answer.figures:
        raise Http404
    return answer


def _sheets(answer: Answer, number: int, here: Zone) -> list[Sheet]:
    found, names = answer.figures[number], category_names(here, language())
    shown = windows(found)
    months = Sheet(
        _("Months"),
        [
            _("Month"), _("Count"), _("Expected, low"), _("Expected, mean"), _("Expected, high"), _("Reported"),
            _("Discovered"), _("Not told"),
        ],
        [
            [
                f"{m.month:%Y-%m}", m.n, _rounded(m.low), _rounded(m.mean, 1), _rounded(m.high), m.reported,
                m.discovered, m.unknown,
            ]
            for m in found.series
        ],
    )  # fmt: skip
    categories = Sheet(
        _("Categories"),
        [
            _("Code"), _("Category"), _("This month"), _("Expected, low"), _("Expected, high"), _("Compared"),
            *(window.label for window in shown), _("Discovered this month"),
        ],
        [
            [
                c.category,
                names.get(c.category, c.category),
                c.this_month.n,
                _rounded(c.expected.low) if c.state != "not enough data" else None,
                _rounded(c.expected.high) if c.state != "not enough data" else None,
                sentences.state_words(c.state, language()),
                *(window.count(c).n for window in shown),
                c.this_month.discovered,
            ]
            for c in found.categories
        ],
    )  # fmt: skip
    return [months, categories]


def about(request: HttpRequest, here: Zone, asked: Asked, grant: door.Grant) -> list[tuple[str, str]]:
    """What a file says of itself: period, sources, versions, and who took it when and for what."""
    return [
        (_("Zone"), here.name),
        (_("Month"), f"{asked.question.month:%Y-%m}"),
        (_("Facts counted"), methods.counted(asked.question.sources)),
        (_("Data"), pickers.version_words(asked, here, language())),
        *taken(request, grant),
    ]


def taken(request: HttpRequest, grant: door.Grant) -> list[tuple[str, str]]:
    """Who took a file, when, what for and for whom."""
    now = timezone.localtime()
    return [
        (_("Taken by"), str(request.user)),
        (_("Taken on"), f"{words.day(now, language())}, {now:%H:%M}"),
        (_("Purpose"), grant.reason),
        (_("Recipient"), grant.recipient),
    ]


def _month(asked: Asked) -> str:
    return words.month_name(asked.question.month, language(), year=True)


def _rounded(value: float | None, decimals: int = 0) -> float | int | None:
    """With the decimals that say something; a whole number has none."""
    return None if value is None else round(value, decimals) if decimals else round(value)


def _value(column: shown_ranking.Column, row: shown_ranking.Row) -> Any:
    value = column.value(row)
    if isinstance(value, float):
        return _rounded(value, column.decimals)
    return sentences.state_words(value, language()) if column.key == "state" else value

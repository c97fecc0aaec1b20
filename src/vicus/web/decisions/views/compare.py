"""Two hotspots, or two periods of one, on the same scale: an address says which, so that it can be shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.incidents.months import months_before
from vicus.pictures import words
from vicus.web.actions.queries import Reader, reader
from vicus.web.decisions import comparing
from vicus.web.decisions.comparing import LENGTHS, Difference, Side
from vicus.web.decisions.showing import drawn, explained, pages, tables, told
from vicus.web.decisions.showing.pages import Asking
from vicus.web.decisions.showing.tables import Column, Table
from vicus.web.hotspots import asking, figures
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.showing import methods
from vicus.web.hotspots.views.reader import language

DEFAULT_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides, what can be said, the months and hotspots there are to choose from, and the query that says all this."""

    one: Side
    other: Side
    difference: Difference
    months: Sequence[date]
    hotspots: Mapping[int, Hotspot]
    query: str


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The form, the sentence, both series, the table."""
    who = reader(request.user, zone)
    at = pages.ask(request, who.zone)
    found = find(request, who, at) if at is not None else None
    if at is None or found is None:
        context = pages.frame(who, "compare") | {"empty": pages.nothing_yet()}
        return render(request, "decisions/compare.html", context)
    sides = (found.one, found.other)
    top = max([4.0, *(v for s in sides for m in s.series for v in (m.n, m.high or 0))])
    month = pages.month_of(at.asked, who.zone, "compare")
    context = pages.frame(who, "compare") | {
        "sentence": told.compared(found.one, found.other, found.difference, found.hotspots),
        "instead": [line for line in month["instead"] if not request.GET.get("one")],
        "print_version": month["print_version"],
        "sides": [_side(side, top, who, found) for side in sides],
        "form": _form(found),
        "form_url": reverse("decisions:compare", args=[who.zone.slug]),
        "season": _season(found),
        "table": table(found).shown("compare-table", tables.links(who.zone, "compare", found.query)),
        "method": explained.comparison(methods.counted(at.asked.question.sources), month["print_version"]),
    }
    return render(request, "decisions/compare.html", context)


def find(request: HttpRequest, who: Reader, at: Asking) -> Compared | None:
    """Both sides as the address names them; what it does not name is the first hotspot that there is, now and a year ago.

    None while no hotspot that the reader sees has a perimeter, or the data hold no whole month.
    """
    question = at.asked.question
    latest = asking.last_month(at.asked.span)
    answer = figures.of_zone(
        at.store, who.zone, who.hotspots, figures.Question(latest, question.sources, question.version)
    )
    seen = {h.number: h for h in who.seen() if h.number in answer.figures}
    if not seen:
        return None
    months = [m.month for m in answer.figures[next(iter(seen))].series]
    if not months:
        return None
    get = request.GET

    def hotspot(name: str, otherwise: int) -> int:
        value = get.get(name, "")
        return int(value) if value.isdecimal() and int(value) in seen else otherwise

    def month(name: str, otherwise: date) -> date:
        value = asking.month_named(get.get(name, ""))
        return value if value in months else otherwise

    length = get.get("months", "")
    many = int(length) if length in map(str, LENGTHS) else DEFAULT_LENGTH
    first = hotspot("one", next(iter(seen)))
    second = hotspot("other", first)
    end = month("until", latest)
    year_ago = months_before(end, 12)
    otherwise = end if second != first else year_ago if year_ago in months else months[0]
    then = month("then", otherwise)
    one = comparing.side(answer.figures, first, end, many)
    other = comparing.side(answer.figures, second, then, many)
    query = f"?one={first}&until={end:%Y-%m}&other={second}&then={then:%Y-%m}&months={many}"
    return Compared(one, other, comparing.difference(one, other), months, seen, query)


def table(found: Compared) -> Table:
    """Every month shown: count and expected range of both sides."""
    columns: list[Column] = [Column(_("Month"))]
    rows: list[list[Any]] = []
    for which, side in ((_("First"), found.one), (_("Second"), found.other)):
        name = f"{which}: {found.hotspots[side.number].title}"
        columns += [
            Column(name, True), Column(_("%(which)s, expected, low") % {"which": which}, True),
            Column(_("%(which)s, expected, high") % {"which": which}, True),
            Column(_("%(which)s, in the period") % {"which": which}),
        ]  # fmt: skip
    for one, other in zip(found.one.series, found.other.series, strict=True):
        row: list[Any] = [words.capital(words.month_name(one.month, language(), year=True))]
        for side, m in ((found.one, one), (found.other, other)):
            row += [m.n, m.low, m.high, _("yes") if side.holds(m.month) else _("no")]
        rows.append(row)
    return Table(_("Months of both sides"), columns, rows)


def _side(side: Side, top: float, who: Reader, found: Compared) -> dict[str, Any]:
    title = found.hotspots[side.number].title
    n = "" if side.n is None else words.number(side.n, language())
    label = _("%(name)s, facts by month; %(n)s in %(period)s") % {
        "name": title, "n": n or _("not known"), "period": told.period(side),
    }  # fmt: skip
    return {
        "title": title,
        "url": reverse("hotspots:hotspot", args=[who.zone.slug, side.number]),
        "count": ngettext("%(n)s fact", "%(n)s facts", side.n or 0) % {"n": n} if n else _("not known"),
        "period": told.period(side),
        "svg": drawn.series(side, top, label, language()),
    }


def _season(found: Compared) -> str:
    if found.one.month.month == found.other.month.month:
        return ""
    return _("The periods lie in different months of the year: part of a difference may be the season.")


def _form(found: Compared) -> list[dict[str, Any]]:
    """The fields of the form, in groups."""

    def places(name: str, chosen: int) -> dict[str, Any]:
        return {
            "name": name, "label": _("Hotspot"),
            "choices": [(str(n), h.title, n == chosen) for n, h in found.hotspots.items()],
        }  # fmt: skip

    def until(name: str, chosen: date) -> dict[str, Any]:
        return {
            "name": name, "label": _("Last month"),
            "choices": [
                (f"{m:%Y-%m}", words.capital(words.month_name(m, language(), year=True)), m == chosen)
                for m in reversed(found.months)
            ],
        }  # fmt: skip

    lengths = [
        (str(n), ngettext("%(n)d month", "%(n)d months", n) % {"n": n}, n == found.one.months)
        for n in LENGTHS
    ]
    return [
        {"legend": _("First"), "fields": [places("one", found.one.number), until("until", found.one.month)]},
        {"legend": _("Second"), "fields": [places("other", found.other.number), until("then", found.other.month)]},
        {"legend": _("Both"), "fields": [{"name": "months", "label": _("Length"), "choices": lengths}]},
    ]  # fmt: skip

"""Which hotspots differ from expectation, which only seem to, how they rank, and all of them in a funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.incidents.figures import PlaceFigures
from vicus.pictures import funnels, sentences, words
from vicus.web.actions.queries import Reader, reader
from vicus.web.decisions import differing
from vicus.web.decisions.differing import Differing
from vicus.web.decisions.showing import explained, pages, tables, told
from vicus.web.decisions.showing.pages import Asking
from vicus.web.decisions.showing.tables import Column, Table
from vicus.web.hotspots import figures, queries
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.showing import charts, methods, pickers, ranking
from vicus.web.hotspots.views import zone as zone_page
from vicus.web.hotspots.views.reader import language


@dataclass(frozen=True, slots=True)
class Found:
    """The open hotspots the reader sees: their figures and what is said of them, as counted and with the other choice.

    `every` holds the figures of all open hotspots of the zone, with which those were judged.
    """

    answer: Answer
    every: Mapping[int, PlaceFigures]
    figures: Mapping[int, PlaceFigures]
    differing: Differing
    other: Answer
    otherwise: Differing
    titles: Mapping[int, str]


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The list, the funnel, the ranking."""
    who = reader(request.user, zone)
    at = pages.ask(request, who.zone)
    found = find(who, at) if at is not None else None
    if at is None or found is None:
        context = pages.frame(who, "differences") | {"empty": pages.nothing_yet()}
        return render(request, "decisions/differences.html", context)
    asked, spoken = at.asked, language()
    url = reverse("decisions:differences", args=[who.zone.slug])
    areas = queries.area_names(who.zone)
    seen = [hotspot for hotspot in who.seen() if hotspot.number in found.titles]
    mine = zone_page.rows(who.zone, seen, areas, asked, found.answer, who.user.pk)
    theirs = zone_page.rows(who.zone, seen, areas, asked, found.other)
    reported = asked.question.sources == "reported"
    counting = _("facts discovered by police activity too") if reported else _("only what the public reports")
    context = (
        pages.frame(who, "differences", asked.address())
        | pages.month_of(asked, who.zone, "differences")
        | {
            "sources": pickers.sources(asked, url),
            "sentence": told.differ(found.differing, found.titles),
            "provisional": any(f.provisional and f.complete for f in found.figures.values()),
            "named": [
                {
                    "title": found.titles[n],
                    "url": reverse("hotspots:hotspot", args=[who.zone.slug, n]) + asked.address(),
                    "told": told.of_place(found.figures[n]),
                    "state": found.figures[n].state,
                }
                for n in found.differing.named
            ],
            "seeming": told.seeming(found.differing, found.titles),
            "unknown": told.unknown(found.differing, found.titles),
            "if_otherwise": _("If facts discovered by police activity were counted too:")
            if reported
            else _("If only what the public reports were counted:"),
            "otherwise": told.otherwise(found.differing, found.otherwise, found.titles),
            "figure": _figure(who, at, found),
            "ranked": ranking.listed(mine, asked, spoken),
            "other_choice": ranking.other_choice(mine, theirs, counting, spoken),
            "method": methods.expectation(
                next(iter(found.figures.values()), None), asked, who.zone, None, spoken
            ),
        }
    )
    return render(request, "decisions/differences.html", context)


def find(who: Reader, at: Asking) -> Found | None:
    """What can be said of the hotspots the reader sees; None while none has a perimeter."""
    question = at.asked.question
    answer = figures.of_zone(at.store, who.zone, who.hotspots, question)
    other = figures.of_zone(
        at.store, who.zone, who.hotspots, question.counting("all" if question.sources == "reported" else "reported")
    )  # fmt: skip
    opened = {h.number for h in who.hotspots if h.status != Hotspot.Status.CLOSED}
    titles = {h.number: h.title for h in who.seen() if h.number in opened}
    every = {n: f for n, f in answer.figures.items() if n in opened}
    mine = {n: f for n, f in every.items() if n in titles}
    if not mine:
        return None
    now = differing.differing(every)
    then = differing.differing({n: f for n, f in other.figures.items() if n in opened})
    return Found(
        answer, every, mine, differing.seen_of(now, titles), other, differing.seen_of(then, titles), titles
    )


def table(found: Found, urls: Sequence[str] = ()) -> Table:
    """Every hotspot in the funnel: counts first, then the ratio, its limits, and whether it is named."""
    labels = [
        Column(_("Hotspot")), Column(_("Facts"), True), Column(_("Expected"), True, 1),
        Column(_("Count / expected"), True, 2), Column(_("Limit, low"), True, 2),
        Column(_("Limit, high"), True, 2), Column(_("Compared")), Column(_("By more than chance")),
    ]  # fmt: skip
    judged = {p.label: p for p in _points(found)}
    rows: list[list[Any]] = []
    for number, f in sorted(found.figures.items()):
        point = judged.get(str(number))
        named = (_("yes") if number in found.differing.named else _("no")) if point else None
        rows.append(
            [
                found.titles[number], f.this_month.n, *(
                    (point.expected, point.ratio, point.low, point.high) if point else (None,) * 4
                ), sentences.state_words(f.state, language()), named,
            ]
        )  # fmt: skip
    return Table(_("Hotspots in the funnel"), labels, rows, urls)


def _points(found: Found) -> list[funnels.Point]:
    numbers = [n for n, f in sorted(found.every.items()) if differing.judged(f)]
    if not numbers:
        return []
    limits = differing.funnel_of([found.every[n] for n in numbers])
    return [
        funnels.Point(
            label=str(n),
            expected=float(limits.expected[i]),
            ratio=float(limits.ratio[i]),
            low=float(limits.low[i]),
            high=float(limits.high[i]),
            state=found.figures[n].state,
            named=n in found.differing.named,
            told=f"{found.titles[n]}: {told.of_place(found.figures[n])}.",
        )
        for i, n in enumerate(numbers)
        if n in found.figures
    ]


def _figure(who: Reader, at: Asking, found: Found) -> dict[str, Any]:
    spoken, points = language(), _points(found)
    beyond = [p for p in points if not p.low <= p.ratio <= p.high]
    finding = _("%(n)s of %(all)s hotspots lie outside the funnel.") % {
        "n": words.number(len(beyond), spoken), "all": words.number(len(points), spoken),
    }  # fmt: skip
    said = funnels.Words(
        across=_("facts expected"),
        upwards=_("facts counted, over expected"),
        as_expected=_("as expected"),
        band=_("In the band lie 95 of 100 hotspots that do not differ; it narrows where more is expected."),
        place=_("Hotspot"),
        finding=finding,
    )
    urls = [
        reverse("hotspots:hotspot", args=[who.zone.slug, n]) + at.asked.address()
        for n in sorted(found.figures)
    ]
    shown = table(found, urls).shown(
        "funnel-table", tables.links(who.zone, "differences", at.asked.address())
    )
    base = {"id": "funnel", "level": 3, "finding": finding, "table": shown}
    if not points:
        return base | {
            "finding": _("All hotspots in a funnel"), "state": "not_enough",
            "message": {"title": _("Not enough data"), "text": _("No hotspot can be compared this month.")},
        }  # fmt: skip
    return base | {
        "measured": f"{words.capital(methods.counted(at.asked.question.sources))}. {said.band}",
        "chart": charts.chart(
            "funnel-chart",
            {"points": repr(points), "words": repr(said), "language": spoken},
            lambda **look: funnels.funnel(points, spoken, said, **look),
        ),
        "method": explained.funnel(),
    }

"""Displacement watch: inside every hotspot and in the ring around it, this period against the same of earlier years."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.actions.queries import Reader, reader
from vicus.web.decisions import watching
from vicus.web.decisions.showing import explained, pages, tables, told
from vicus.web.decisions.showing.pages import Asking
from vicus.web.decisions.showing.tables import Column, Table
from vicus.web.decisions.watching import Watch
from vicus.web.hotspots.views.reader import language


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """A sentence, the hotspots with a clear change, the table of all."""
    who = reader(request.user, zone)
    at = pages.ask(request, who.zone)
    found = find(who, at) if at is not None else None
    if at is None or found is None or not found.places:
        context = pages.frame(who, "around") | {"empty": pages.nothing_yet()}
        return render(request, "decisions/around.html", context)
    titles = {h.number: h.title for h in who.seen()}
    clear = [one for one in found.places if one.reading != "unclear"]
    query = at.asked.address()
    context = (
        pages.frame(who, "around", query)
        | pages.month_of(at.asked, who.zone, "around")
        | {
            "sentence": told.watched_all(found.places, titles),
            "named": [
                {
                    "title": titles[one.number],
                    "url": reverse("hotspots:hotspot", args=[who.zone.slug, one.number]) + query,
                    "told": told.watched(one),
                    "inside": told.change(one.effects.get("inside")),
                    "around": told.change(one.effects.get("around")),
                }
                for one in clear
            ],
            "chance": told.changes_by_chance(found.tests) if clear else "",
            "table": table(who, at, found).shown("around-table", tables.links(who.zone, "around", query)),
            "method": explained.around(found),
        }
    )
    return render(request, "decisions/around.html", context)


def find(who: Reader, at: Asking) -> Watch:
    """All hotspots of the zone are compared and corrected together; the reader gets those that they see."""
    found = watching.watch(at.store, who.zone, who.hotspots, at.asked)
    return watching.seen_of(found, {hotspot.number for hotspot in who.seen()})


def table(who: Reader, at: Asking, found: Watch) -> Table:
    """Every hotspot: facts inside and around now and before, the changes with their ranges, what they say."""
    titles = {h.number: h.title for h in who.seen()}
    columns = [
        Column(_("Hotspot")), Column(_("Inside, now"), True), Column(_("Inside, mean of earlier years"), True, 1),
        Column(_("Around, now"), True), Column(_("Around, mean of earlier years"), True, 1),
        Column(_("Change inside")), Column(_("Change around")), Column(_("What it says")),
    ]  # fmt: skip
    rows = [
        [
            titles[one.number], one.now[0], one.before[0], one.now[1], one.before[1],
            told.change(one.effects.get("inside")), told.change(one.effects.get("around")), told.watched(one),
        ]
        if one.why not in ("no earlier year", "month not complete")
        else [titles[one.number], *(None,) * 6, told.watched(one)]
        for one in found.places
    ]  # fmt: skip
    urls = [
        reverse("hotspots:hotspot", args=[who.zone.slug, one.number]) + at.asked.address()
        for one in found.places
    ]
    title = _("Inside and around, %(first)s to %(last)s") % {
        "first": words.month_name(found.start, language(), year=True),
        "last": words.month_name(at.asked.question.month, language(), year=True),
    }
    return Table(title, columns, rows, urls)

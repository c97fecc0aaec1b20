"""The sheets of the zone in a month, where each stands, and what waits for the reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.sara import queries, rules, showing
from vicus.web.sara.models import SaraSheet
from vicus.web.sara.queries import Line, Listing
from vicus.web.sara.words import EVENTS


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The list."""
    listing = queries.listing(request.user, zone, request.GET.get("month", ""))
    url = reverse("sara:list", args=[listing.zone.slug])
    done = sum(line.state in rules.READABLE_BY_ALL for line in listing.lines)
    sentence = ngettext(
        "%(done)s of %(n)s sheet of %(month)s is validated.",
        "%(done)s of %(n)s sheets of %(month)s are validated.",
        len(listing.lines),
    ) % {
        "done": words.number(done, language()),
        "n": words.number(len(listing.lines), language()),
        "month": showing.month_words(listing.month),
    }
    context = {
        "zone": listing.zone,
        "crumbs": [
            {"label": listing.zone.name, "url": reverse("hotspots:zone", args=[listing.zone.slug])},
            {"label": _("Sheets"), "url": ""},
        ],
        "sentence": sentence,
        "month_picker": _picker(listing, url),
        "table": _table(listing),
        "waiting": [_waits(listing, line) for line in listing.waiting],
        "asks": any(line.access.writer or line.access.validator for line in listing.lines),
        "print_subject": words.capital(showing.month_words(listing.month)),
    }
    return render(request, "sara/list.html", context)


def _address(listing: Listing, line: Line) -> str:
    return reverse("sara:sheet", args=[listing.zone.slug, line.hotspot.number, f"{line.month:%Y-%m}"])


def _waits(listing: Listing, line: Line) -> dict[str, Any]:
    texts = {
        "submit": _("Write the sheet of %(hotspot)s, %(month)s"),
        "validate": _("Validate or return the sheet of %(hotspot)s, %(month)s"),
    }
    taken = list(line.sheet.steps.all()) if line.sheet is not None else []
    due = ""
    if taken:
        day = words.day(taken[-1].at, language(), timezone=listing.zone.timezone)
        due = f"{EVENTS[f'sheet: {taken[-1].name}']}, {day}"
    return {
        "label": texts[line.waits]
        % {"hotspot": line.hotspot.title, "month": showing.month_words(line.month)},
        "url": _address(listing, line),
        "due": due,
    }


def _table(listing: Listing) -> dict[str, Any]:
    def row(line: Line) -> dict[str, Any]:
        sheet = line.sheet
        taken = list(sheet.steps.all()) if sheet is not None else []
        last = taken[-1] if taken else None
        opened = sheet is not None
        return {
            "cells": [
                line.hotspot.title,
                {
                    "value": SaraSheet.State(line.state).label if opened else None,
                    "missing": _("not begun"),
                },
                {
                    "value": words.day(last.at, language(), style="medium", timezone=listing.zone.timezone)
                    if last
                    else None,
                    "minor": str(last.by or "") if last and line.access.reads_drafts else "",
                    "missing": "–",
                },
                {
                    "value": words.percent(sheet.geocoding_rate, language())
                    if sheet is not None and sheet.geocoding_rate is not None
                    else None,
                    "missing": _("not frozen"),
                },
                {
                    "value": str(line.hotspot.manager) if line.hotspot.manager else None,
                    "missing": _("nobody yet"),
                },
            ],
            "url": _address(listing, line),
        }

    labels = [_("Hotspot"), _("State"), _("Since"), _("Facts with a place"), _("Hotspot manager")]
    return {
        "id": "sheets",
        "caption": _("Sheets of %(month)s") % {"month": showing.month_words(listing.month)},
        "columns": [{"key": f"c{i}", "label": label} for i, label in enumerate(labels)],
        "rows": [row(line) for line in listing.lines],
        "state": "" if listing.lines else "empty",
        "message": {
            "title": _("No sheets to show"),
            "text": _("Sheets appear here for the hotspots that you manage, or that lie in your communes."),
        },
    }


def _picker(listing: Listing, url: str) -> dict[str, Any]:
    """Months that have sheets, and the one that is due."""
    at = listing.months.index(listing.month)

    def step(to: int) -> dict[str, str] | None:
        if not 0 <= to < len(listing.months):
            return None
        month = listing.months[to]
        return {"url": f"{url}?month={month:%Y-%m}", "label": words.capital(showing.month_words(month))}

    return {
        "id": "month",
        "name": "month",
        "value": f"{listing.month:%Y-%m}",
        "choices": [
            {"value": f"{m:%Y-%m}", "label": words.capital(showing.month_words(m))}
            for m in reversed(listing.months)
        ],
        "previous": step(at - 1),
        "next": step(at + 1),
        "url": url,
        "hidden": [],
    }

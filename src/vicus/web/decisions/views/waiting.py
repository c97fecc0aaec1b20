"""What waits for me: the first page of those who decide."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.decisions import waiting
from vicus.web.decisions.showing import pages, tables
from vicus.web.decisions.showing.tables import Column, Table
from vicus.web.decisions.waiting import Desk, Item, Waits
from vicus.web.hotspots.views.reader import language


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """Everything that waits for the reader, by kind; kinds with nothing are named at the end."""
    desk = waiting.desk(request.user, zone)
    found = waiting.of(desk)
    total = waiting.remember(desk, found)
    context: dict[str, Any] = pages.frame(desk.who, "waiting") | {
        "sentence": _sentence(total),
        "groups": [_group(waits, desk) for waits in found if waits.items],
        "nothing": [waits.kind.empty for waits in found if not waits.items],
        "downloads": tables.links(desk.who.zone, "waiting") if total else [],
    }
    return render(request, "decisions/waiting.html", context)


def table(desk: Desk) -> Table:
    """The same as a table."""
    labels = [_("Kind"), _("Hotspot"), _("What"), _("Date"), _("Why")]
    rows = [
        [
            str(waits.kind.title), item.hotspot.number if item.hotspot else "", item.title,
            item.day.isoformat() if item.day else "", item.why,
        ]
        for waits in waiting.of(desk)
        for item in waits.items
    ]  # fmt: skip
    return Table(_("What waits"), [Column(label) for label in labels], rows)


def _sentence(total: int) -> str:
    if not total:
        return _("Nothing waits for you.")
    return ngettext("%(n)s thing waits for you.", "%(n)s things wait for you.", total) % {
        "n": words.number(total, language())
    }


def _group(waits: Waits, desk: Desk) -> dict[str, Any]:
    return {
        "code": waits.kind.code,
        "title": waits.kind.title,
        "items": [_item(item, waits, desk) for item in waits.items],
    }


def _item(item: Item, waits: Waits, desk: Desk) -> dict[str, Any]:
    told, late = "", False
    if item.day is not None:
        day = words.day(item.day, language())
        late = waits.kind.day == "due" and item.day < desk.day
        told = (
            _("by %(day)s") % {"day": day} if waits.kind.day == "due" else _("since %(day)s") % {"day": day}
        )
        told = _("overdue since %(day)s") % {"day": day} if late else told
    return {"title": item.title, "url": item.url, "when": told, "late": late, "why": item.why}

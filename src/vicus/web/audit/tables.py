"""The audit trail as a table of the site."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vicus.pictures.words import day, number
from vicus.web.audit import words
from vicus.web.audit.models import Record


def trail(page: Page[Record], query: QueryDict) -> dict[str, Any]:
    labels = (
        ("number", _("No.")), ("at", _("Time")), ("actor", _("User")), ("role", _("Role")), ("action", _("Act")),
        ("object", _("Object")), ("zone", _("Zone")), ("reason", _("Reason")), ("recipient", _("Recipient")),
    )  # fmt: skip
    total = page.paginator.count
    return {
        "id": "trail",
        "caption": _("Records, newest first"),
        "columns": [{"key": key, "label": label} for key, label in labels],
        "rows": [{"cells": _cells(entry)} for entry in page],
        "note": _range(page),
        "state": "" if total else "empty",
        "message": {"text": _("No record answers to this filter. Leave a field empty to see more.")},
        "pages": _pages(page, query) if page.has_other_pages() else None,
    }


def _cells(entry: Record) -> list[Any]:
    at = timezone.localtime(entry.at)
    return [
        str(entry.number),
        {"value": f"{at:%H:%M:%S}", "minor": day(at, _language(), style="medium")},
        words.who(entry.actor),
        words.roles(entry.role),
        {"value": entry.get_action_display(), "minor": words.event(entry.details.get("event", ""))},
        {
            "value": entry.object_id,
            "minor": "; ".join([words.kind(entry.object_type), *words.asked(entry.details)]),
        },
        entry.zone,
        entry.reason,
        entry.recipient,
    ]


def _range(page: Page[Record]) -> str:
    first, last, total = page.start_index(), page.end_index(), page.paginator.count
    told = {name: number(n, _language()) for name, n in (("first", first), ("last", last), ("total", total))}
    return (
        ngettext(
            "Record %(first)s of %(total)s", "Records %(first)s to %(last)s of %(total)s", last - first + 1
        )
        % told
    )


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _pages(page: Page[Record], query: QueryDict) -> dict[str, Any]:
    def address(number: int) -> str:
        asked = query.copy()
        asked["page"] = str(number)
        return f"?{asked.urlencode()}"

    gap = str(page.paginator.ELLIPSIS)
    return {
        "current": page.number,
        "last": page.paginator.num_pages,
        "items": [
            {"gap": True}
            if str(number) == gap
            else {"number": number, "url": address(int(number)), "current": number == page.number}
            for number in page.paginator.get_elided_page_range(page.number)
        ],
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }

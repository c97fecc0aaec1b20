"""The audit trail as a table of the site."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vicus.pictures import words
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
        "note": _("Records %(first)d to %(last)d of %(total)d")
        % {"first": page.start_index(), "last": page.end_index(), "total": total},
        "state": "" if total else "empty",
        "message": {"text": _("No record answers to this filter. Leave a field empty to see more.")},
        "pages": _pages(page, query) if page.has_other_pages() else None,
    }


def _cells(entry: Record) -> list[Any]:
    at = timezone.localtime(entry.at)
    when = words.day(at, (get_language() or settings.LANGUAGE_CODE)[:2], style="medium")
    return [
        str(entry.number),
        {"value": f"{at:%H:%M:%S}", "minor": when},
        entry.actor,
        entry.role,
        entry.get_action_display(),
        {"value": entry.object_id, "minor": entry.details.get("event") or entry.object_type},
        entry.zone,
        entry.reason,
        entry.recipient,
    ]


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

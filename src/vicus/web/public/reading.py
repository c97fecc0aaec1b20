"""A published bulletin as a page shows it: the public side, and the preview of those who write it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vicus.pictures import words
from vicus.web.public.models import Snapshot

ORDER = ("late", "open", "dropped", "partly", "kept")
"""What waits stands first, what was kept last."""
HELD = 4
"""So many of the meetings that were held are named, the last ones."""
TONES = {"kept": "good", "partly": "warn", "late": "warn", "open": "quiet", "dropped": "bad"}


def page(snapshot: Snapshot, language: str, today: date) -> dict[str, Any]:
    """What the template of a bulletin needs; the language is the one that is active."""
    content = snapshot.in_language(language)
    return {
        "snapshot": snapshot,
        "bulletin": content,
        "place": snapshot.place["place"].get(language),
        "commune": snapshot.place["commune"].get(language),
        "zone_name": snapshot.place["zone"].get(language),
        "published": words.day(snapshot.published_on, language),
        "renewed": words.day(snapshot.renewed_on, language),
        "withdrawn": words.day(snapshot.withdrawn_on, language) if snapshot.withdrawn_on else "",
        "sections": [
            {"heading": heading, "paragraphs": content["texts"][key].split("\n\n")}
            for key, heading in headings()
            if content["texts"].get(key)
        ],
        "meetings": meetings(content["meetings"], language, today),
        "promises": sorted(
            (promise(it, language, today) for it in content["promises"]),
            key=lambda it: ORDER.index(it["code"]),
        ),
        "table": table(content["table"], language) if content["table"] else None,
        "heard": [
            {"topic": topic(it["topic"]), "n": words.number(it["n"], language)} for it in content["heard"]
        ],
    }


def headings() -> tuple[tuple[str, str], ...]:
    """The parts of a bulletin in their order."""
    return (
        ("said", _("You said")),
        ("done", _("We did")),
        ("not_possible", _("We could not, because")),
    )


def meetings(found: list[dict[str, Any]], language: str, today: date) -> dict[str, list[dict[str, str]]]:
    """Days of meetings, those to come first."""
    days = sorted({(date.fromisoformat(it["day"]), it["time"], it["place"]) for it in found})
    coming = [
        {"day": words.day(day, language), "time": time, "place": place}
        for day, time, place in days
        if day >= today
    ]
    held = sorted({day for day, _time, _place in days if day < today})[-HELD:]
    return {"coming": coming, "past": [{"day": words.day(day, language)} for day in held]}


def promise(it: dict[str, Any], language: str, today: date) -> dict[str, str]:
    """A promise and how far it is; one that is open past its day is late."""
    due = date.fromisoformat(it["due_on"])
    state = "late" if it["state"] == "open" and due < today else it["state"]
    return {
        "code": state,
        "words": it["words"],
        "owner": it["owner"],
        "due": words.day(due, language),
        "state": state_words()[state],
        "tone": TONES[state],
        "reason": it["reason"],
        "late": it["late"],
    }


def state_words() -> dict[str, str]:
    """What residents read of a promise."""
    return {
        "kept": pgettext("promise to residents", "kept"),
        "partly": pgettext("promise to residents", "kept in part"),
        "late": pgettext("promise to residents", "late"),
        "open": pgettext("promise to residents", "under way"),
        "dropped": pgettext("promise to residents", "not possible"),
    }


def table(found: dict[str, Any], language: str) -> dict[str, Any]:
    """The counts as words; what may not be shown is said, never left white."""
    return {
        "columns": [*found["columns"], *([_("Together")] if found["totals"] else [])],
        "rows": [{"name": row["name"], "cells": _cells(row["cells"], language)} for row in found["rows"]],
        "hidden": any(value is None for row in found["rows"] for value in row["cells"]),
        "k": words.number(found["k"], language),
    }


def _cells(cells: list[int | None], language: str) -> list[str]:
    return [_("not shown") if value is None else words.number(value, language) for value in cells]


TOPICS = (
    "safety", "traffic", "cleanliness", "noise", "lighting", "youth", "presence", "contact", "other",
)  # fmt: skip


def topic(code: str) -> str:
    """The topic of a feedback in words."""
    return {
        "safety": _("feeling safe"),
        "traffic": _("traffic and parking"),
        "cleanliness": _("cleanliness"),
        "noise": _("noise"),
        "lighting": _("lighting"),
        "youth": _("places for young people"),
        "presence": _("presence in the street"),
        "contact": _("contact with services"),
        "other": _("something else"),
    }[code]

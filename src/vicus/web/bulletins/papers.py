"""A published bulletin as a bilingual PDF, from the very snapshot that residents read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

import vicus
from vicus.documents import bulletin as paper
from vicus.documents.content import Document
from vicus.web.bulletins.models import Bulletin
from vicus.web.public import reading
from vicus.web.public.models import LANGUAGES, Snapshot


def document(bulletin: Bulletin, snapshot: Snapshot, day: date) -> Document:
    """What the paper says: French and Dutch in one document, in the order of the zone."""
    zone = ZoneInfo(bulletin.zone.timezone)
    content = snapshot.content
    table = content[LANGUAGES[0]]["table"]
    first = next((code for code in bulletin.zone.languages if code in LANGUAGES), LANGUAGES[0])

    def both(of: Callable[[dict[str, Any]], str]) -> dict[str, str]:
        return {code: of(content[code]) for code in LANGUAGES}

    def told(i: int, key: str) -> dict[str, str]:
        found = {}
        for code in LANGUAGES:
            with translation.override(code):
                found[code] = reading.promise(content[code]["promises"][i], code, day)[key]
        return found

    return paper.content(
        paper.Bulletin(
            zone=snapshot.place["zone"],
            place=snapshot.place["place"],
            heading=both(lambda it: it["title"]),
            texts={code: content[code]["texts"] for code in LANGUAGES},
            starts_on=snapshot.starts_on,
            ends_on=snapshot.ends_on,
            published_at=datetime.combine(snapshot.published_on, time(12), zone),
            software=vicus.__version__,
            timezone=bulletin.zone.timezone,
            columns=_columns(content) if table else (),
            counts=tuple(
                paper.Counted(both(lambda it, i=i: it["table"]["rows"][i]["name"]), tuple(row["cells"]))  # type: ignore[misc]
                for i, row in enumerate(table["rows"] if table else [])
            ),
            least=table["k"] if table else 5,
            gatherings=tuple(
                paper.Gathering(
                    datetime.combine(date.fromisoformat(it["day"]), time.fromisoformat(it["time"]), zone), it["place"]
                )
                for it in content[first]["meetings"]
                if date.fromisoformat(it["day"]) >= day
            ),
            promises=tuple(
                paper.Promise(
                    told(i, "words"), told(i, "owner"), date.fromisoformat(it["due_on"]), told(i, "state"),
                    told(i, "reason"),
                )
                for i, it in enumerate(content[first]["promises"])
            ),
            first=first,
        )
    )  # fmt: skip


def _columns(content: dict[str, Any]) -> tuple[dict[str, str], ...]:
    """Headings of the counts in both languages, the sum of a row last."""
    headings: dict[str, list[str]] = {}
    for code in LANGUAGES:
        with translation.override(code):
            headings[code] = reading.table(content[code]["table"], code)["columns"]
    return tuple(dict(zip(LANGUAGES, pair, strict=True)) for pair in zip(*headings.values(), strict=True))

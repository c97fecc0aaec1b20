"""A bulletin as it is published: data in both languages, without markup and without anything that points back."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.bulletins import queries
from vicus.web.bulletins.disclosure import OTHER, Counted, least_count, quarter
from vicus.web.bulletins.models import Bulletin, month_of
from vicus.web.facts.queries import category_names
from vicus.web.meetings.models import Commitment
from vicus.web.public.models import LANGUAGES, Snapshot
from vicus.web.zone.models import in_language

TEXTS = ("title", "said", "done", "not_possible")
NEEDED = ("title", "said", "done")
"""Texts without which a bulletin says nothing; what was not possible may be left empty, in both languages or none."""
SETTLED_WITH_A_REASON = (Commitment.State.DROPPED, Commitment.State.PARTLY)


def missing(bulletin: Bulletin) -> list[str]:
    """What is not there in both languages yet, in the reader's language (rights R25)."""
    names = {"fr": _("French"), "nl": _("Dutch")}
    labels = {"title": _("title"), "said": _("what was said"), "done": _("what was done"),
              "not_possible": _("what was not possible and why")}  # fmt: skip
    found = []
    for key in TEXTS:
        there = {code for code in LANGUAGES if bulletin.words(code).get(key, "").strip()}
        if key in NEEDED or there:
            found += [f"{labels[key]} ({names[code]})" for code in LANGUAGES if code not in there]
    for it in queries.promises(bulletin):
        lacking = [code for code in LANGUAGES if not it.public_words.get(code, "").strip()]
        found += [_("promise “%(title)s”") % {"title": it.title} + f" ({names[code]})" for code in lacking]
        if it.state in SETTLED_WITH_A_REASON:
            why = bulletin.reasons.get(str(it.pk), {})
            found += [
                _("why “%(title)s” was not kept") % {"title": it.title} + f" ({names[code]})"
                for code in LANGUAGES
                if not why.get(code, "").strip()
            ]
    return found


def snapshot(bulletin: Bulletin, counted: Counted | None, *, table: dict[str, Any] | None = None) -> Snapshot:
    """What residents would read, not saved. With `table`, the counts of the earlier snapshot stay as they were."""
    found = Snapshot.objects.filter(slug=bulletin.slug).first() or Snapshot(slug=bulletin.slug)
    commune = queries.commune(bulletin)
    found.zone = bulletin.zone.slug
    found.starts_on, found.ends_on = bulletin.starts_on, bulletin.ends_on
    found.place = {
        "zone": _names(bulletin.zone.names),
        "commune": _names(commune.names if commune else bulletin.zone.names),
        "place": _names(_place_names(bulletin)),
    }
    found.content = {
        code: _content(bulletin, code) | {"table": table[code] if table else _table(bulletin, counted, code)}
        for code in LANGUAGES
    }
    return found


def _content(bulletin: Bulletin, language: str) -> dict[str, Any]:
    zone = ZoneInfo(bulletin.zone.timezone)
    said = {key: text.replace("\r\n", "\n").strip() for key, text in bulletin.words(language).items()}
    return {
        "title": said.get("title", ""),
        "period": period(bulletin, language),
        "texts": {key: said.get(key, "") for key in TEXTS[1:]},
        "meetings": [
            {
                "day": it.starts_at.astimezone(zone).date().isoformat(),
                "time": f"{it.starts_at.astimezone(zone):%H:%M}",
                "place": it.place,
            }
            for it in queries.meetings(bulletin)
        ],
        "promises": [_promise(bulletin, it, language) for it in queries.promises(bulletin)],
        "heard": queries.heard(bulletin, least_count(bulletin.zone)),
    }


def _promise(bulletin: Bulletin, it: Commitment, language: str) -> dict[str, Any]:
    return {
        "words": it.public_words.get(language, ""),
        "owner": in_language(it.owner.names, language),
        "due_on": it.due_on.isoformat(),
        "state": str(it.state),
        "late": bool(it.settled_on and it.settled_on > it.due_on and it.state == Commitment.State.KEPT),
        "reason": bulletin.reasons.get(str(it.pk), {}).get(language, "")
        if it.state in SETTLED_WITH_A_REASON
        else "",
    }


def _table(bulletin: Bulletin, counted: Counted | None, language: str) -> dict[str, Any] | None:
    if counted is None or not counted.values:
        return None
    names = category_names(bulletin.zone, language)
    with translation.override(language):
        told = {OTHER: _("Other facts"), "*": _("All facts")}
    return {
        "k": counted.k,
        "columns": [_column(months, language) for months in counted.columns],
        "totals": len(counted.columns) > 1,
        "rows": [
            {"name": told.get(code) or names.get(code, code), "cells": cells}
            for code, cells in zip(counted.rows, counted.values, strict=True)
        ],
    }


def _column(months: tuple[str, ...], language: str) -> str:
    first, last = month_of(months[0]), month_of(months[-1])
    if len(months) == 1:
        return words.month_name(first, language, year=True)
    if len(months) == 3 and quarter(months[0]) == quarter(months[-1]):
        year, n = quarter(months[0])
        with translation.override(language):
            return _("quarter %(n)s of %(year)s") % {"n": n, "year": year}
    return _span(first, last, language)


def period(bulletin: Bulletin, language: str) -> str:
    """The months it is about: "July 2026 to September 2026"."""
    return _span(bulletin.starts_on, bulletin.ends_on, language)


def _span(first: Any, last: Any, language: str) -> str:
    begins = words.month_name(first, language, year=first.year != last.year)
    ends = words.month_name(last, language, year=True)
    if (first.year, first.month) == (last.year, last.month):
        return ends
    with translation.override(language):
        return _("%(first)s to %(last)s") % {"first": begins, "last": ends}


def _names(names: dict[str, str]) -> dict[str, str]:
    return {code: in_language(names, code) for code in LANGUAGES}


def _place_names(bulletin: Bulletin) -> dict[str, str]:
    """The name of the place; a hotspot is called by its name, since "hotspot" is a word of the police."""
    if bulletin.area is not None:
        return dict(bulletin.area.names)
    assert bulletin.hotspot is not None
    if any(bulletin.hotspot.names.values()):
        return dict(bulletin.hotspot.names)
    sector = bulletin.hotspot.sector or bulletin.hotspot.commune
    return dict(sector.names) if sector else {"fr": str(bulletin.hotspot.number)}

"""Finding: one question to the database, which answers only with what the reader may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.safestring import SafeString

from vicus.web.search import asking, snippets
from vicus.web.search.asking import Term
from vicus.web.search.models import Document
from vicus.web.search.sources import BY_NAME, KINDS, SOURCES, Searcher
from vicus.web.zone.models import Zone

MOST = 200
"""Results shown of one question; beyond these a narrower question helps more than another page."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: what it is, where it stands, and the piece of it that answers, with marks (safe to print)."""

    kind: str
    title: SafeString
    snippet: SafeString
    url: str
    place: str
    day: date | None
    language: str
    row: Any


@dataclass(frozen=True, slots=True)
class Found:
    """The best results, and how many there are of each kind."""

    hits: tuple[Hit, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Results of all kinds together."""
        return sum(self.counts.values())


def find(
    user: Any, zone: Zone, words: str, language: str, limit: int = 30, *, kind: str = "", offset: int = 0
) -> Found:
    """What somebody may read in a zone that holds all these words, the best first.

    Parameters
    ----------
    user
        Who asks; what they may not read is not found, nor counted.
    zone
        The zone; cards that come with the product belong to all.
    words
        Words, and phrases between double quotes; the last word may be unfinished.
    language
        Of the reader: cards that stand in several are found in this one. Texts are found in every language.
    limit, offset
        How many results, after how many.
    kind
        One of `sources.KINDS`; the counts are of all kinds.
    """
    asked = asking.terms(words)
    who = Searcher(user, zone, language)
    allowed = readable(who)
    if not asked or not allowed:
        return Found((), {})
    matching = _matching(allowed, asked)
    counts: dict[str, int] = defaultdict(int)
    for row in matching.order_by().values("source").annotate(n=Count("pk")):
        counts[BY_NAME[row["source"]].kind] += row["n"]
    shown = matching.filter(source__in=_names(kind)) if kind else matching
    return Found(tuple(_hits(_ranked(shown, asked)[offset : offset + limit], zone, asked)), dict(counts))


def readable(who: Searcher) -> Q | None:
    """The documents somebody may read, as one condition; None when there are none at all."""
    allowed: Q | None = None
    for source in SOURCES:
        rows = source.may(who)
        if rows is not None:
            mine = Q(source=source.name, object_id__in=rows.order_by().values("pk"))
            allowed = mine if allowed is None else allowed | mine
    return allowed


def kinds(who: Searcher) -> list[str]:
    """The kinds of results there are for somebody."""
    mine = {source.kind for source in SOURCES if source.may(who) is not None}
    return [kind for kind in KINDS if kind in mine]


def _names(kind: str) -> list[str]:
    return [source.name for source in SOURCES if source.kind == kind]


def _matching(allowed: Q, asked: Sequence[Term]) -> QuerySet[Document]:
    """The documents that hold every term. Terms are letters and digits only, and go as a parameter all the same."""
    found = Document.objects.filter(allowed)
    if connection.vendor == "postgresql":
        return found.extra(where=["stem_vector @@ %s::tsquery"], params=[asking.for_postgres(asked)])
    return found.extra(
        tables=["search_index"],
        where=["search_index.rowid = search_document.id", "search_index MATCH %s"],
        params=[asking.for_sqlite(asked)],
    )


def _ranked(found: QuerySet[Document], asked: Sequence[Term]) -> QuerySet[Document]:
    """The best first: a word in a title counts more than one in the text; then the newest."""
    if connection.vendor == "postgresql":
        score = "ts_rank('{0.1, 0.1, 0.1, 1.0}', stem_vector, %s::tsquery, 1)"
        ranked = found.extra(  # noqa: S610
            select={"score": score}, select_params=[asking.for_postgres(asked)]
        )
        return ranked.order_by("-score", "-day", "pk")
    return found.extra(select={"score": "bm25(search_index, 8.0, 1.0)"}).order_by("score", "-day", "pk")


def _hits(documents: Iterable[Document], zone: Zone, asked: Sequence[Term]) -> Iterable[Hit]:
    found = list(documents)
    rows: dict[str, dict[int, Any]] = {}
    for name in {each.source for each in found}:
        source = BY_NAME[name]
        numbers = [each.object_id for each in found if each.source == name]
        rows[name] = source.model._default_manager.select_related(*source.related).in_bulk(numbers)
    for each in found:
        source, row = BY_NAME[each.source], rows[each.source][each.object_id]
        yield Hit(
            kind=source.kind,
            title=snippets.marked(each.title, snippets.hits(each.title, each.language, asked)),
            snippet=snippets.snippet(each.text, snippets.hits(each.text, each.language, asked)),
            url=source.url(zone.slug, row),
            place=each.hotspot.title if each.hotspot is not None else "",
            day=each.day,
            language=each.language,
            row=row,
        )

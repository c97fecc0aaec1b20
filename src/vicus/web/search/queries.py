"""Finding: one question to the database, which answers only with what the reader may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.safestring import SafeString

from vicus.web.search import asking, snippets
from vicus.web.search.asking import Term
from vicus.web.search.models import Document
from vicus.web.search.sources import BY_NAME, KINDS, SOURCES, Searcher
from vicus.web.zone.models import Zone

MOST = 200
"""Results shown of one question; beyond these a narrower question helps more than another page."""

RANKED = 5000
"""Of a word that stands in more texts than this, the last ones indexed are ranked; counts then say "at least"."""


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
    def at_least(self) -> bool:
        """Are there more than were looked at?"""
        return self.total >= RANKED

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
    candidates = _candidates(allowed, asked)
    counts = Counter(BY_NAME[source].kind for _pk, source, _score in candidates)
    if kind:
        wanted = {source.name for source in SOURCES if source.kind == kind}
        if len(candidates) == RANKED:
            candidates = _candidates(allowed & Q(source__in=wanted), asked)
        candidates = [each for each in candidates if each[1] in wanted]
    best = sorted(candidates, key=lambda each: (each[2], -each[0]))[offset : offset + limit]
    return Found(tuple(_hits([pk for pk, _source, _score in best], zone, asked)), dict(counts))


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


def _candidates(allowed: Q, asked: Sequence[Term]) -> list[tuple[int, str, float]]:
    """Documents that hold every term: number, source, and a score that is lower for a better one.

    A word in a title counts more than one in the text. Terms are letters and digits only, and go as a parameter all
    the same.
    """
    # Any: the types of models know nothing of columns that `extra` adds.
    found: Any = Document.objects.filter(allowed)
    if connection.vendor == "postgresql":
        question = asking.for_postgres(asked)
        last = found.extra(where=["stem_vector @@ %s::tsquery"], params=[question]).order_by("-pk")
        sources = dict(last.values_list("pk", "source")[:RANKED])
        score = "-ts_rank('{0.1, 0.1, 0.1, 1.0}', stem_vector, %s::tsquery, 1)"
        ranked: Any = Document.objects.filter(pk__in=sources).order_by()
        ranked = ranked.extra(select={"score": score}, select_params=[question])  # noqa: S610
        return [(pk, sources[pk], score) for pk, score in ranked.values_list("pk", "score")]
    matching = found.extra(
        tables=["search_index"],
        where=["search_index.rowid = search_document.id", "search_index MATCH %s"],
        params=[asking.for_sqlite(asked)],
        select={"score": "bm25(search_index, 8.0, 1.0)"},
        order_by=["-search_index.rowid"],
    )
    return list(matching.values_list("pk", "source", "score")[:RANKED])


def _hits(numbers: Sequence[int], zone: Zone, asked: Sequence[Term]) -> Iterable[Hit]:
    documents = Document.objects.select_related("hotspot").in_bulk(numbers)
    found = [documents[number] for number in numbers if number in documents]
    rows: dict[str, dict[int, Any]] = {}
    for name in {each.source for each in found}:
        source = BY_NAME[name]
        wanted = [each.object_id for each in found if each.source == name]
        rows[name] = source.model._default_manager.select_related(*source.related).in_bulk(wanted)
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

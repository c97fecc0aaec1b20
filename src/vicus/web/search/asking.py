"""What somebody typed, as terms: words by their stem, phrases between quotes, the last word also by its beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from vicus.web.search.stems import LANGUAGES, SMALL, stem, words

MOST_TERMS = 12
SHORTEST_BEGINNING = 2
_PIECES = re.compile(r'"([^"]*)"|([^\s"]+)')


class Term(NamedTuple):
    """Something a document must have: any of these rows of stems; `begins`: longer words count too."""

    rows: tuple[tuple[str, ...], ...]
    begins: bool = False


def terms(asked: str) -> tuple[Term, ...]:
    """The terms of a question; all of them must be met.

    A word is looked for by its stem in each language, since a Dutch question may be answered by a French text.
    """
    found: list[Term] = []
    pieces = [match.groups() for match in _PIECES.finditer(asked)]
    loose = [word.folded for phrase, word_s in pieces if word_s for word in words(word_s)]
    only_small = all(word in SMALL for word in loose)
    last = len(pieces) - 1
    for place, (phrase, single) in enumerate(pieces):
        folded = [word.folded for word in words(phrase or single or "")]
        if not folded:
            continue
        if phrase:
            found.append(Term(_rows(folded)))
            continue
        for n, word in enumerate(folded):
            final = place == last and n == len(folded) - 1 and asked[-1:] != '"'
            if word in SMALL and not final and not only_small:
                continue
            begins = final and len(word) >= SHORTEST_BEGINNING
            found.append(Term((*_rows([word]), (word,)) if begins else _rows([word]), begins))
    return tuple(found[:MOST_TERMS])


def _rows(folded: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(stem(word, language) for word in folded) for language in LANGUAGES))


def for_sqlite(asked: Sequence[Term]) -> str:
    """The question in the words of FTS5."""

    def row(stems: Sequence[str], begins: bool) -> str:
        return f'"{" ".join(stems)}"' + ("*" if begins else "")

    return " AND ".join(
        "(" + " OR ".join(row(stems, term.begins) for stems in dict.fromkeys(term.rows)) + ")"
        for term in asked
    )


def for_postgres(asked: Sequence[Term]) -> str:
    """The question as a `tsquery`."""

    def row(stems: Sequence[str], begins: bool) -> str:
        return "(" + " <-> ".join(f"'{stem}'" + (":*" if begins else "") for stem in stems) + ")"

    return " & ".join(
        "(" + " | ".join(row(stems, term.begins) for stems in dict.fromkeys(term.rows)) + ")"
        for term in asked
    )

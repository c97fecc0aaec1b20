"""The piece of a text that answers a question, with what was found marked; always safe to print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vicus.web.search.asking import Term
from vicus.web.search.stems import Word, stem, words

LENGTH = 220
"""Characters of a piece, about three lines on a phone."""


def hits(text: str, language: str, asked: Sequence[Term]) -> list[Word]:
    """The words of a text that a question is about."""
    exact = {part for term in asked for row in term.rows for part in row if not term.begins}
    begins = tuple({row[0] for term in asked for row in term.rows if term.begins})

    @cache
    def is_hit(folded: str) -> bool:
        cut = stem(folded, language)
        return cut in exact or (bool(begins) and (cut.startswith(begins) or folded.startswith(begins)))

    return [word for word in words(text) if is_hit(word.folded)]


def marked(text: str, found: Sequence[Word], start: int = 0, end: int | None = None) -> SafeString:
    """A piece of a text with its hits between <mark>; everything else is escaped."""
    end = len(text) if end is None else end
    pieces: list[tuple[str, str]] = []
    at = start
    for word in found:
        if word.start >= at and word.end <= end:
            pieces.append((text[at : word.start], text[word.start : word.end]))
            at = word.end
    body = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}{}{}", "… " if start else "", body, text[at:end], " …" if end < len(text) else "")


def snippet(text: str, found: Sequence[Word]) -> SafeString:
    """The stretch of a text with most hits, from the beginning of a word to the end of one."""
    if len(text) <= LENGTH:
        return marked(text, found)
    first = 0
    if found:
        starts = [word.start for word in found]
        best = max(starts, key=lambda at: (sum(at <= other < at + LENGTH for other in starts), -at))
        first = max(0, min(best - LENGTH // 5, len(text) - LENGTH))
    start = _after_space(text, first) if first else 0
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = text.rfind(" ", start, end) if " " in text[start:end] else end
    return marked(text, found, start, end)


def _after_space(text: str, at: int) -> int:
    space = text.find(" ", at, at + 40)
    return space + 1 if space >= 0 else at

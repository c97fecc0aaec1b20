"""Words of a text and their stems: the same for what is indexed and for what is asked.

Accents are folded before a word is cut, so that "securite" finds "sécurité". The stemmers are those of Snowball
(Porter 2001, https://snowballstem.org), one per language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

STEMMERS = {
    language: snowballstemmer.stemmer(name)
    for language, name in (("nl", "dutch"), ("fr", "french"), ("en", "english"))
}
LANGUAGES = tuple(STEMMERS)

SMALL_WORDS = {
    "nl": "de het een en van in op te dat die is voor met zijn niet aan er om door bij ook naar uit over nog wordt werd",
    "fr": "le la les des du un une et en est que qui dans pour sur par au aux avec ne pas se ce plus sont ou l d",
    "en": "the a an and of to in is that for it with as on was by at from be this are or which were not",
}
"""The commonest words: they tell a language, and are left out of a question that has others."""

_SMALL = {language: frozenset(words.split()) for language, words in SMALL_WORDS.items()}
SMALL = frozenset().union(*_SMALL.values())
_WORD = re.compile(r"[^\W_]+")


class Word(NamedTuple):
    """A word of a text: where it stands, and how it is written without accents."""

    start: int
    end: int
    folded: str


def words(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), fold(found.group()))


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Small letters without accents: "Sécurité" becomes "securite", "œuvre" "oeuvre"."""
    plain = word.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


@lru_cache(maxsize=400_000)
def stem(folded: str, language: str) -> str:
    """What remains of a folded word when its ending is cut off."""
    return str(STEMMERS[language].stemWord(folded))


def stems(text: str, language: str) -> str:
    """The stems of all words of a text, in order, with a space between."""
    return " ".join(stem(word.folded, language) for word in words(text))


def language_of(text: str, otherwise: str) -> str:
    """The language whose small words a text has most of; `otherwise` when none stands out."""
    counted = Counter(word.folded for word in words(text[:2000]))
    scores = {language: sum(counted[word] for word in small) for language, small in _SMALL.items()}
    best = max(scores, key=lambda language: scores[language])
    ties = sum(score == scores[best] for score in scores.values())
    return best if scores[best] >= 2 and ties == 1 else otherwise

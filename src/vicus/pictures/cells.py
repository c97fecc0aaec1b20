"""Cells of a map in classes of colour: one rule for the page, its moving map and the document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from vicus.pictures.words import number, translator

CLASSES = 5


def bounds(counts: Iterable[int]) -> list[int]:
    """Upper bounds of the classes: the last of 1, 2, 5, 10, 20, 50 ... well under the fullest cell, and its own count.

    Steps that grow keep one crowded cell from making all others look alike. Empty without facts.

    >>> bounds([0, 3, 12, 43]), bounds([102]), bounds([1, 2]), bounds([0])
    ([2, 5, 10, 20, 43], [5, 10, 20, 50, 102], [1, 2], [])
    """
    highest = max(counts, default=0)
    if highest <= 0:
        return []
    steps = [size * 10**power for power in range(len(str(highest))) for size in (1, 2, 5)]
    return [*[step for step in steps if step < 0.8 * highest][1 - CLASSES :], highest]


def place(n: int, upper: Sequence[int]) -> int:
    """Which class a count falls in, 0 for the first.

    >>> [place(n, [2, 5, 10, 20, 43]) for n in (1, 2, 3, 43)]
    [0, 0, 1, 4]
    """
    return bisect_left(upper, n)


def words(upper: Sequence[int], language: str) -> list[str]:
    """The classes in words: ``1–2``, ``3–5``; a class of one count is that count."""
    pairs = pairwise([0, *upper])
    return [
        number(high, language) if high == low + 1 else f"{number(low + 1, language)}–{number(high, language)}"
        for low, high in pairs
    ]


def unit(side: float, months: int, language: str) -> str:
    """What is counted in a cell."""
    return (
        translator(language)
        .gettext("facts per cell of {side} × {side} m in {months} months")
        .format(side=number(side, language), months=number(months, language))
    )

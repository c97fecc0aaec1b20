"""Windows that end with the month shown: three and twelve months, or as many as the data reach back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from vicus.incidents.figures import Count, PlaceFigures


@dataclass(frozen=True, slots=True)
class Window:
    """A window of figures: `key` names it, `months` is how many of its months there are data of."""

    key: str
    months: int

    @property
    def label(self) -> str:
        """ "12 months"; fewer while the data are younger."""
        return ngettext("%(n)d month", "%(n)d months", self.months) % {"n": self.months}

    def count(self, of: Any) -> Count:
        """The count of a place, a category or the surroundings in this window."""
        found: Count = getattr(of, f"{self.key}_months")
        return found


def windows(figures: PlaceFigures) -> list[Window]:
    """The windows that say more than the month alone, each longer than the one before."""
    first = figures.quality.first_day or figures.month
    known = max(1, 12 * (figures.month.year - first.year) + figures.month.month - first.month + 1)
    three, twelve = Window("three", min(3, known)), Window("twelve", min(12, known))
    if known == 1:
        return []
    return [three, twelve] if three.months < twelve.months else [twelve]


def year(figures: PlaceFigures) -> str:
    """The longest window in words, for what rests on the whole of it."""
    found = windows(figures)
    return (found[-1] if found else Window("twelve", 1)).label

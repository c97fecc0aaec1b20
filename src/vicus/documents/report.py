"""What a monthly report is drawn from: figures, names and versions as they stood, nothing looked up later."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vicus.documents.voice import Voice
    from vicus.incidents.figures import PlaceFigures
    from vicus.pictures.figures import Action, Phase
    from vicus.pictures.maps import PlaceLayers

Names = str | Mapping[str, str]
"""One name for all languages, or a name per language: {"fr": "Bruxelles-Ouest", "nl": "Brussel-West"}."""

Designation = Literal["zonal", "municipal", "regional", "federal"]


@dataclass(frozen=True, slots=True)
class PerimeterVersion:
    """The version of the outline that the figures rest on."""

    number: int
    valid_from: date
    valid_to: date | None = None
    review_due: date | None = None
    decided_by: Names = ""
    decision: str = ""
    designation: Designation | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """Who took the report, for whom, when and for what: a file that leaves the zone carries it (rule R08)."""

    user: str
    recipient: str
    at: datetime
    purpose: str


@dataclass(frozen=True)
class MonthReport:
    """Everything the monthly report of a hotspot says; equal reports give equal bytes.

    Attributes
    ----------
    number : int
        Number of the hotspot in its zone.
    name, zone, commune, sector : Names
        Names of the hotspot and of where it lies.
    figures : PlaceFigures
        The figures of the month, with their data version.
    perimeter : PerimeterVersion
        The outline they were counted in.
    categories : mapping
        Code of a category to its names; a code that is missing is shown as it is.
    overlapping : frozenset of str
        Codes of categories whose facts may stand under another one as well.
    phases, actions : tuple
        What stands on the time axis of the series: Clear, Hold, Build, and what was done.
    manager : str
        The function or service in charge, as the zone writes it; empty leaves it out.
    timezone : str
        Time zone in which moments are told.
    layers : PlaceLayers, or a mapping of language to PlaceLayers, optional
        Layers of the map, their names in the reader's language; None when the zone has no map. Geocoding rate
        and width of the ring are those of the figures.
    attribution : str
        Origin of the layers, as their licence asks it to be printed.
    caution : Names
        What the reader must know before anything else: that a zone is invented, that a map is schematic.
    export : Export, optional
        Set when the file is handed to somebody.
    """

    number: int
    name: Names
    zone: Names
    commune: Names
    sector: Names
    figures: PlaceFigures
    perimeter: PerimeterVersion
    categories: Mapping[str, Names] = field(default_factory=dict)
    overlapping: frozenset[str] = frozenset()
    phases: tuple[Phase, ...] = ()
    actions: tuple[Action, ...] = ()
    manager: str = ""
    timezone: str = "Europe/Brussels"
    layers: PlaceLayers | Mapping[str, PlaceLayers] | None = None
    attribution: str = ""
    caution: Names = ""
    export: Export | None = None

    def category(self, code: str, voice: Voice) -> str:
        """The name of a category, or its code."""
        return voice.named(self.categories.get(code, code))

    @property
    def drawn_at(self) -> datetime:
        """The moment printed in the files: of the data, not of the clock, so that a report can be drawn again."""
        return self.figures.version.known_at

    @property
    def phase(self) -> Phase | None:
        """The phase at the end of the month, if the hotspot was in one."""
        last = self.figures.month.replace(
            day=monthrange(self.figures.month.year, self.figures.month.month)[1]
        )
        present = [p for p in self.phases if p.start <= last and (p.end is None or p.end > last)]
        return max(present, key=lambda p: p.start, default=None)

    def layers_in(self, language: str) -> PlaceLayers | None:
        """The map in a language, with the rate and the ring that the figures have."""
        shown = self.layers.get(language) if isinstance(self.layers, Mapping) else self.layers
        if shown is None:
            return None
        ring = self.figures.buffer
        return replace(
            shown,
            number=self.number,
            buffer_m=ring.width_m if ring else 0.0,
            geocoding_rate=self.figures.quality.geocoding_rate,
        )


def in_language(names: Names, language: str) -> str:
    """The name in a language; where it has none, its official names side by side.

    >>> in_language({"fr": "Bruxelles-Ouest", "nl": "Brussel-West"}, "nl")
    'Brussel-West'
    >>> in_language({"fr": "Bruxelles-Ouest", "nl": "Brussel-West"}, "en")
    'Bruxelles-Ouest / Brussel-West'
    """
    if isinstance(names, str):
        return names
    if names.get(language):
        return names[language]
    return " / ".join(dict.fromkeys(name for _, name in sorted(names.items()) if name))

"""Which incidents: the one object that maps, charts, reports, the command line and the interface share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import shapely
from shapely.geometry.base import BaseGeometry

from vicus.incidents.schema import SOURCES

if TYPE_CHECKING:
    from vicus.incidents.selected import Selected
    from vicus.incidents.store import Store


@dataclass(frozen=True, slots=True)
class Selection:
    """Which incidents a question is about.

    Parameters
    ----------
    start, end : date, optional
        Local days, half-open: an incident on `end` is outside. None leaves that side open.
    categories : tuple of str
        Codes of the zone's nomenclature; empty means all.
    sources : tuple of str
        Out of "reported", "discovered", "unknown"; empty means all.
    area : shapely geometry, optional
        Polygon or multipolygon in the coordinate reference system of the store; None means everywhere,
        incidents without a location included.
    version : int, optional
        Version of the store; None means the newest.

    Raises
    ------
    ValueError
        When the period is empty, a source is unknown or the area is not an area.
    """

    start: date | None = None
    end: date | None = None
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    area: BaseGeometry | None = None
    version: int | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError(f"The period is empty: it starts on {self.start} and ends before {self.end}.")
        unknown = sorted(set(self.sources) - set(SOURCES))
        if unknown:
            raise ValueError(f"Unknown source {', '.join(unknown)}: choose among {', '.join(SOURCES)}.")
        if self.area is not None and self.area.geom_type not in ("Polygon", "MultiPolygon"):
            raise ValueError(f"An area is a polygon or a multipolygon, not a {self.area.geom_type}.")
        object.__setattr__(self, "categories", tuple(sorted(set(self.categories))))
        object.__setattr__(self, "sources", tuple(s for s in SOURCES if s in self.sources))

    def at(self, version: int) -> Self:
        """The same selection on one version of the store."""
        return replace(self, version=version)

    def of(self, store: Store) -> Selected:
        """The incidents of a store that are meant, for the functions of `vicus.analysis`."""
        from vicus.incidents.selected import Selected

        return Selected(store, self)

    def to_json(self) -> str:
        """The selection as text, in one canonical form."""
        return json.dumps(
            {
                "start": self.start.isoformat() if self.start else None,
                "end": self.end.isoformat() if self.end else None,
                "categories": list(self.categories),
                "sources": list(self.sources),
                "area": shapely.to_wkb(self.area, hex=True) if self.area is not None else None,
                "version": self.version,
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The selection that `to_json` wrote."""
        fields: Mapping[str, Any] = json.loads(text)
        return cls(
            start=date.fromisoformat(fields["start"]) if fields["start"] else None,
            end=date.fromisoformat(fields["end"]) if fields["end"] else None,
            categories=tuple(fields["categories"]),
            sources=tuple(fields["sources"]),
            area=shapely.from_wkb(fields["area"]) if fields["area"] else None,
            version=fields["version"],
        )

    def key(self) -> str:
        """Hash of the canonical form: equal for equal selections, part of every key of a stored result."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

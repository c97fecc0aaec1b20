"""Which sector and commune an outline belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from vicus.web.zone.models import Area, Zone


@dataclass(frozen=True)
class Territory:
    """The areas of a zone, ready to be asked which one holds most of an outline."""

    areas: dict[int, Area]
    shapes: dict[int, BaseGeometry]

    @classmethod
    def of(cls, zone: Zone) -> Territory:
        """The sectors and communes inside the zone, with their parents."""
        found = {area.pk: area for area in Area.objects.filter(zone=zone, in_zone=True)}
        return cls(found, {pk: area.shape for pk, area in found.items()})

    def outline(self) -> BaseGeometry | None:
        """The outline of the zone; None while its territory has not been imported."""
        for kind in (Area.Kind.COMMUNE, Area.Kind.SECTOR):
            shapes = [self.shapes[pk] for pk, area in self.areas.items() if area.kind == kind]
            if shapes:
                return shapely.union_all(shapes)
        return None

    def meets(self, shape: BaseGeometry) -> bool:
        """Does the outline lie at least partly in the zone? Always, while its territory is unknown."""
        return not self.shapes or any(known.intersects(shape) for known in self.shapes.values())

    def sector_named(self, name: str) -> Area | None:
        """The sector with that code or name, when there is exactly one."""
        wanted = name.casefold()
        sectors = [a for a in self.areas.values() if a.kind == Area.Kind.SECTOR]
        by_code = [a for a in sectors if a.code.casefold() == wanted]
        by_name = [a for a in sectors if wanted and wanted in {n.casefold() for n in a.names.values()}]
        found = by_code or by_name
        return found[0] if len(found) == 1 else None

    def sector_of(self, shape: BaseGeometry) -> Area | None:
        """The sector that holds most of an outline."""
        return self._holding(shape, Area.Kind.SECTOR)

    def commune_of(self, shape: BaseGeometry, sector: Area | None) -> Area | None:
        """The commune above the sector, or else the one that holds most of the outline."""
        above = sector
        while above is not None and above.kind != Area.Kind.COMMUNE:
            above = self.areas.get(above.parent_id) if above.parent_id else None
        return above or self._holding(shape, Area.Kind.COMMUNE)

    def _holding(self, shape: BaseGeometry, kind: str) -> Area | None:
        keys = [pk for pk, area in self.areas.items() if area.kind == kind]
        if not keys:
            return None
        tree = STRtree([self.shapes[pk] for pk in keys])
        hits = [keys[i] for i in tree.query(shape, predicate="intersects")]
        shared = {pk: self.shapes[pk].intersection(shape).area for pk in hits}
        best = max(shared, key=lambda pk: shared[pk], default=None)
        return self.areas[best] if best is not None and shared[best] > 0 else None

"""What an outline holds: facts of twelve months, share of the zone, accuracy index, surroundings, inhabitants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from vicus.incidents import questions
from vicus.incidents.months import first_full_month, month_after, months_before
from vicus.incidents.selection import Selection
from vicus.incidents.store import Store
from vicus.web.hotspots import asking, figures, keeping
from vicus.web.hotspots.models import Hotspot
from vicus.web.perimeters.queries import in_force
from vicus.web.zone.models import Area, Zone
from vicus.web.zone.queries import outline

MONTHS = 12
SMALLEST_COUNTED_M2 = 2_500.0
"""A cell of the density map: facts entering or leaving less than this are not told, or their places would be."""
SOURCES = figures.SOURCES["reported"]


@dataclass(frozen=True, slots=True)
class Window:
    """Which facts are counted: twelve months up to the last whole one, reported by the public, of one version.

    `first` is the first month that the data cover whole.
    """

    store: Store
    start: date
    end: date
    version: int
    first: date

    def selection(self, **more: Any) -> Selection:
        """The same as a selection of the store."""
        return Selection(
            **{"start": self.start, "end": self.end, "sources": SOURCES, "version": self.version, **more}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Figures of one outline. None is "not known", never nought.

    n             reported facts inside, in the months from `start` up to `end` (not included)
    share         n over the facts of the zone that have a place
    pai           share of facts over share of surface (Chainey, Tompson and Uhlig 2008)
    around        reported facts in the ring of `buffer_m` metres around it
    inhabitants   people of the sectors, by the share of each sector's surface inside; None when one carries none
    overlaps      numbers of other hotspots whose perimeter shares ground with it
    """

    area_m2: float
    buffer_m: int
    n: int | None
    share: float | None
    pai: float | None
    around: int | None
    inhabitants: int | None
    overlaps: tuple[int, ...]
    start: date | None
    end: date | None
    data_version: int | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, as they are frozen with a proposal."""
        plain = asdict(self)
        for name in ("start", "end"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        return plain | {
            "overlaps": list(self.overlaps),
            "sources": list(SOURCES),
            "software": keeping.software(),
        }


def window(zone: Zone) -> Window | None:
    """The last twelve whole months of the newest version; None without facts."""
    latest = asking.latest(zone)
    if latest is None:
        return None
    store, asked = latest
    if asked.span.first_day is None:
        return None
    last = asking.last_month(asked.span)
    return Window(
        store,
        months_before(last, MONTHS - 1),
        month_after(last),
        asked.question.version.number,
        first_full_month(asked.span.first_day),
    )


def measure(
    zone: Zone,
    shape: BaseGeometry,
    *,
    buffer_m: int,
    hotspots: Sequence[Hotspot],
    without: Hotspot | None,
    on: date,
) -> Measured:
    """The figures of an outline in the zone's coordinates; `without` is the hotspot it is drawn for."""
    others = _others(hotspots, without, on)
    overlaps = tuple(number for number, other in others.items() if other.intersection(shape).area > 1.0)
    known: dict[str, Any] = dict.fromkeys(("n", "share", "pai", "around", "start", "end", "data_version"))
    found = window(zone)
    if found is not None:
        ring = shape.buffer(buffer_m).difference(shape)
        inside, around = counts(found, [shape, ring], zone.crs)
        known |= {
            "n": inside,
            "around": around,
            "start": found.start,
            "end": found.end,
            "data_version": found.version,
        }
        known |= concentration(inside, shape.area, *ground_of(zone, found))
    return Measured(
        area_m2=shape.area,
        buffer_m=buffer_m,
        inhabitants=inhabitants(zone, shape),
        overlaps=overlaps,
        **known,
    )


def counts(found: Window, shapes: Sequence[BaseGeometry], crs: int) -> list[int]:
    """Reported facts in each shape."""
    areas = gpd.GeoDataFrame(geometry=list(shapes), crs=crs)
    full = areas[~areas.geometry.is_empty]
    counted = questions.count(found.store, found.selection(), areas=full, by=("area",))
    by_area: Mapping[Any, Any] = dict(zip(counted["area"], counted["n"], strict=True))
    return [int(by_area.get(place, 0)) for place in areas.index]


def compared(zone: Zone, old: BaseGeometry, new: BaseGeometry) -> dict[str, Any]:
    """What a new outline takes in and leaves out, in square metres and in facts (None while there are none)."""
    entering, leaving = new.difference(old), old.difference(new)
    found = window(zone)
    n_in: int | None = None
    n_out: int | None = None
    if found is not None and not any(0 < part.area < SMALLEST_COUNTED_M2 for part in (entering, leaving)):
        n_in, n_out = counts(found, [entering, leaving], zone.crs)
    return {
        "entering_m2": float(entering.area),
        "leaving_m2": float(leaving.area),
        "entering": n_in,
        "leaving": n_out,
    }


def concentration(n: int, area: float, zone_n: int, zone_area: float) -> dict[str, float | None]:
    """Share of the zone's facts and prediction accuracy index; None where the zone has neither facts nor outline."""
    if not zone_n or not zone_area:
        return {"share": None, "pai": None}
    share = n / zone_n
    return {"share": share, "pai": share / (area / zone_area)}


def ground_of(zone: Zone, found: Window) -> tuple[int, float]:
    """Reported facts with a place in the zone, and its surface; noughts while the territory is not known."""
    ground = outline(zone)
    if ground is None:
        return 0, 0.0
    name = keeping.key(
        "facts_of_zone",
        {
            "zone": zone.slug,
            "crs": zone.crs,
            "ground": ground.wkb_hex,
            "from": found.start,
            "until": found.end,
            "version": found.version,
            "known_at": found.store.version().known_at,
        },
    )
    return keeping.kept(name, lambda: counts(found, [ground], zone.crs)[0]), float(ground.area)


def inhabitants(zone: Zone, shape: BaseGeometry) -> int | None:
    """People who live inside, as if each sector were evenly peopled; None when a sector it touches carries none."""
    west, south, east, north = shape.bounds
    near = Area.objects.filter(
        zone=zone,
        kind=Area.Kind.SECTOR,
        in_zone=True,
        xmin__lte=east,
        xmax__gte=west,
        ymin__lte=north,
        ymax__gte=south,
    )
    shared = [(area, area.shape.intersection(shape).area) for area in near]
    touched = [(area, part) for area, part in shared if part > 1.0]
    if not touched or any(area.population is None for area, _part in touched):
        return None
    people: float = sum(part / area.area_m2 * (area.population or 0) for area, part in touched)
    return round(people)


def _others(hotspots: Sequence[Hotspot], without: Hotspot | None, on: date) -> dict[int, BaseGeometry]:
    found = {}
    for hotspot in hotspots:
        version = None if without is not None and hotspot.pk == without.pk else in_force(hotspot, on)
        if version is not None:
            found[hotspot.number] = version.shape
    return found

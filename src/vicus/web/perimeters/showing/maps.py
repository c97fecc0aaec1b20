"""Maps of outlines: drawn on the server in the colours of the reader's scheme, and as layers of the map that moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from vicus.analysis import make_grid
from vicus.incidents import questions
from vicus.pictures import cells as classes
from vicus.pictures.sheet import density_places
from vicus.web.hotspots import keeping
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.showing import layers
from vicus.web.hotspots.showing.maps import ground_of
from vicus.web.perimeters.measuring import Window
from vicus.web.perimeters.queries import in_force
from vicus.web.zone.models import Zone

WIDTH, HEIGHT = 720.0, 440.0
NEAR_CELL, FAR_CELL = 50.0, 150.0
NEAR_METRES = 400.0
STREETS_FROM = 3000.0
"""Width in metres up to which the drawn map shows streets; they would be a grey mesh on a wider one."""

# Kind of an outline -> how the drawn map shows it; the moving map has the same kinds (static/site/maps.js).
LOOKS: dict[str, Mapping[str, str]] = {
    "street": {"fill": "none", "stroke": "var(--data-street)", "stroke-width": "1.2"},
    "boundary": {"fill": "none", "stroke": "var(--data-boundary)", "stroke-width": "1"},
    "other": {"fill": "none", "stroke": "var(--muted)", "stroke-width": "1.2"},
    "buffer": {"fill": "none", "stroke": "var(--muted)", "stroke-width": "1.2", "stroke-dasharray": "5 4"},
    "outline": {"fill": "none", "stroke": "var(--ink)", "stroke-width": "2"},
    "proposal": {"fill": "none", "stroke": "var(--accent)", "stroke-width": "3", "stroke-dasharray": "8 3"},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One outline on the map: its kind out of LOOKS, and what is said of it (number, name, url, note)."""

    kind: str
    shape: BaseGeometry
    told: Mapping[str, Any] = field(default_factory=dict)


def drawn(
    zone: Zone,
    shown: Sequence[Shown],
    extent: BaseGeometry,
    alternative: str,
    language: str,
    *,
    cells: gpd.GeoDataFrame | None = None,
    note: str = "",
    legend: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """A map for the component of the site: outlines over the sectors, and over cells where they are given."""
    ground, _mark = ground_of(zone, language, sectors=True, near=extent)
    around = [
        Shown(kind, g)
        for kind, frame in (
            ("street", ground.streets if _is_near(extent) else None),
            ("boundary", ground.sectors),
            ("boundary", ground.communes),
        )
        if frame is not None
        for g in frame.geometry
    ]
    schematic = _("Schematic: these outlines are invented.") if zone.is_demo else ""
    return {
        "id": "map",
        "svg": _svg([*around, *shown], extent, alternative, cells),
        "alternative": alternative,
        "layers": layers.over_ground(
            zone,
            ground,
            [(f"{one.kind}-{place}", one.kind, one.shape, one.told) for place, one in enumerate(shown)],
            extent,
            cells=_classed(cells),
        ),
        "layers_id": "map-layers",
        "legend": [*legend, *_key(cells, language)],
        "note": " ".join(filter(None, (note, schematic))),
    }


def _is_near(extent: BaseGeometry) -> bool:
    west, _south, east, _north = extent.bounds
    return float(east - west) <= STREETS_FROM


def neighbours(zone: Zone, hotspots: Sequence[Hotspot], without: Hotspot | None, on: date) -> list[Shown]:
    """The perimeters of the other hotspots, each with its number."""
    found = []
    for hotspot in hotspots:
        version = None if without is not None and hotspot.pk == without.pk else in_force(hotspot, on)
        if version is not None:
            found.append(Shown("other", version.shape, {"number": str(hotspot.number), "name": hotspot.name}))
    return found


def density(
    zone: Zone, found: Window | None, ground: BaseGeometry | None, near: BaseGeometry | None
) -> gpd.GeoDataFrame | None:
    """Reported facts of twelve months in square cells: small ones around a perimeter, larger ones over the zone.

    Cells are all that leaves the store here: no point and no address (rights R12).
    """
    area = near.buffer(NEAR_METRES) if near is not None else ground
    if found is None or area is None:
        return None
    side = NEAR_CELL if near is not None else FAR_CELL
    name = keeping.key(
        "drawing_cells",
        {
            "zone": zone.slug, "area": area.wkb_hex, "side": side, "from": found.start, "until": found.end,
            "version": found.version, "known_at": found.store.version().known_at,
        },
    )  # fmt: skip

    def count() -> gpd.GeoDataFrame:
        grid = make_grid(gpd.GeoSeries([area], crs=zone.crs), side)[["geometry"]]
        counted = questions.count(found.store, found.selection(), areas=grid, by=("area",))
        by_cell = counted.set_index("area")["n"]
        return grid.assign(n=by_cell.reindex(grid.index).fillna(0).astype("int64")).query("n > 0")

    cells: gpd.GeoDataFrame = keeping.kept(name, count)
    return cells if len(cells) else None


def _classed(cells: gpd.GeoDataFrame | None) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    if cells is None:
        return []
    upper = classes.bounds(cells["n"])
    steps = density_places(len(upper))
    return [
        (shape, {"step": steps[classes.place(int(n), upper)], "n": int(n)})
        for shape, n in zip(cells.geometry, cells["n"], strict=True)
    ]


def _key(cells: gpd.GeoDataFrame | None, language: str) -> list[dict[str, str]]:
    if cells is None:
        return []
    upper = classes.bounds(cells["n"])
    return [
        {"colour": f"density-{step}", "label": label}
        for step, label in zip(density_places(len(upper)), classes.words(upper, language), strict=True)
    ]


def _svg(
    shown: Sequence[Shown], extent: BaseGeometry, alternative: str, cells: gpd.GeoDataFrame | None
) -> SafeString:
    """The same map standing still, for paper and for readers without scripts."""
    west, south, east, north = extent.bounds
    margin = 0.05 * max(east - west, north - south)
    scale = min(WIDTH / (east - west + 2 * margin), HEIGHT / (north - south + 2 * margin))
    x0, y0 = (west + east) / 2 - WIDTH / 2 / scale, (south + north) / 2 + HEIGHT / 2 / scale
    window = shapely.box(x0 - 50, y0 - HEIGHT / scale - 50, x0 + WIDTH / scale + 50, y0 + 50)

    def path(shape: BaseGeometry) -> str:
        parts = [part for part in shapely.get_parts(shape.intersection(window)) if not part.is_empty]
        lines = [(part, "") for part in parts if part.geom_type == "LineString"]
        rings = [
            (ring, "Z")
            for part in parts
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ]
        return " ".join(
            "M"
            + "L".join(
                f"{(x - x0) * scale:.1f} {(y0 - y) * scale:.1f}" for x, y in shapely.get_coordinates(line)
            )
            + close
            for line, close in [*lines, *rings]
        )

    under = format_html_join(
        "",
        '<path d="{}" fill="{}" fill-opacity="0.85"/>',
        ((path(shape), f"var(--density-{told['step']})") for shape, told in _classed(cells)),
    )
    over = format_html_join(
        "", "<path d=\"{}\" {}/>",
        ((path(one.shape), _attributes(LOOKS[one.kind])) for one in shown),
    )  # fmt: skip
    numbers = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" font-size="15" font-weight="600" fill="var(--ink)">{}</text>',
        (
            (f"{(at.x - x0) * scale:.1f}", f"{(y0 - at.y) * scale + 5:.1f}", one.told["number"])
            for one in shown
            if "number" in one.told and window.contains(at := one.shape.representative_point())
        ),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        f"{WIDTH:.0f}", f"{HEIGHT:.0f}", alternative, under, over, numbers,
    )  # fmt: skip


def _attributes(look: Mapping[str, str]) -> SafeString:
    return mark_safe(" ".join(f'{name}="{value}"' for name, value in look.items()))  # noqa: S308 - from LOOKS

"""The map of the style guide: a few invented blocks, drawn on the server and given to the moving map."""

from __future__ import annotations

import math
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WEST, SOUTH, EAST, NORTH = 4.30, 50.84, 4.42, 50.90
WIDE, TALL = 720, 560

Ring = list[list[float]]


def ring(x: float, y: float, size: float, *, sides: int = 7, turn: float = 0.3) -> Ring:
    """A rough outline around a point, closed."""
    points = [
        [
            x + size * (1 + 0.18 * math.sin(3 * k + x * 90)) * math.cos(turn + 2 * math.pi * k / sides),
            y
            + size * 0.64 * (1 + 0.18 * math.cos(2 * k + y * 70)) * math.sin(turn + 2 * math.pi * k / sides),
        ]
        for k in range(sides)
    ]
    return [*points, points[0]]


def polygon(outline: Ring, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [outline]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def path(points: Ring) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": points}, "properties": {}}


def box(west: float, south: float, east: float, north: float) -> Ring:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def layers() -> list[dict[str, Any]]:
    """As `maps.js` reads them; the kinds are described in docs/reference/looks.md."""
    canal = [[4.318, 50.84], [4.331, 50.858], [4.343, 50.868], [4.352, 50.882], [4.357, 50.90]]
    perimeters = [
        polygon(ring(4.336, 50.856, 0.0085), number="7", name="Stationsplein / Place de la Gare", url="#map",
                deviation=0.9, note=_("41 facts, more than the expected 17 to 33")),
        polygon(ring(4.352, 50.873, 0.0075), number="3", name="Kanaalkaai / Quai du Canal", url="#map",
                deviation=0.5, note=_("33 facts, more than the expected 15 to 29")),
        polygon(ring(4.371, 50.862, 0.0070), number="12", name="Markt / Grand-Place", url="#map",
                deviation=0.0, note=_("18 facts, within the expected 11 to 24")),
        polygon(ring(4.396, 50.879, 0.0090), number="5", name="Parkwijk / Quartier du Parc", url="#map",
                deviation=-0.7, note=_("6 facts, fewer than the expected 7 to 18")),
        polygon(ring(4.392, 50.853, 0.0060), number="21", name="Nieuwe wijk / Nouveau quartier", url="#map",
                note=_("2 facts; not enough data")),
    ]  # fmt: skip
    streets = [path([[4.30 + 0.012 * k, 50.84], [4.315 + 0.0115 * k, 50.90]]) for k in range(10)]
    streets += [path([[4.30, 50.845 + 0.008 * k], [4.42, 50.848 + 0.0075 * k]]) for k in range(7)]
    labels = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": at},
         "properties": {"text": text, "minor": minor}}
        for at, text, minor in (
            ([4.322, 50.888], "Noordgemeente / Commune du Nord", False),
            ([4.405, 50.845], "Zuidgemeente / Commune du Sud", False),
            ([4.348, 50.8935], "Kanaal / Canal", True),
        )
    ]  # fmt: skip

    def layer(name: str, kind: str, features: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {"id": name, "kind": kind, "data": {"type": "FeatureCollection", "features": features}, **more}

    return [
        layer("streets", "street", streets),
        layer("parks", "green", [polygon(ring(4.405, 50.885, 0.011)), polygon(ring(4.375, 50.848, 0.006))]),
        layer("water", "water", [polygon([*canal, *[[x + 0.0022, y] for x, y in reversed(canal)], canal[0]])]),
        layer("communes", "boundary", [polygon(box(4.302, 50.841, 4.364, 50.899)),
                                       polygon(box(4.364, 50.841, 4.418, 50.899))]),
        layer("perimeters", "deviation", perimeters, numbered=True),
        layer("names", "label", labels),
    ]  # fmt: skip


LOOKS = {
    "street": 'fill="none" stroke="var(--data-street)" stroke-width="1.5"',
    "green": 'fill="var(--data-green)"',
    "water": 'fill="var(--data-water)"',
    "boundary": 'fill="none" stroke="var(--data-boundary)"',
}


def drawn(label: str) -> SafeString:
    """The same layers as one still picture."""
    shown = layers()
    ground = [
        format_html('<path d="{}" {}/>', _d(feature), SafeString(LOOKS[layer["kind"]]))
        for layer in shown
        if layer["kind"] in LOOKS
        for feature in layer["data"]["features"]
    ]
    places = [
        _place(feature) for feature in next(x for x in shown if x["id"] == "perimeters")["data"]["features"]
    ]
    return format_html(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-label="{label}" font-family="\'Source Sans 3\', sans-serif">'
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="M0 6L6 0" stroke="var(--data-unknown)" stroke-width="1.2"/></pattern></defs>'
        '<rect width="{w}" height="{h}" fill="var(--data-land)"/>{ground}{places}</svg>',
        w=WIDE,
        h=TALL,
        label=label,
        ground=format_html_join("", "{}", ((part,) for part in ground)),
        places=format_html_join("", "{}", ((part,) for part in places)),
    )


def _place(feature: dict[str, Any]) -> SafeString:
    deviation = feature["properties"].get("deviation")
    if deviation is None:
        colour, opacity = "url(#hatch)", 1.0
    elif deviation == 0:
        colour, opacity = "var(--data-expected)", 0.85
    else:
        colour = "var(--data-above)" if deviation > 0 else "var(--data-below)"
        opacity = 0.3 + 0.55 * abs(deviation)
    outline = feature["geometry"]["coordinates"][0][:-1]
    x, y = _xy([sum(p[0] for p in outline) / len(outline), sum(p[1] for p in outline) / len(outline)])
    return format_html(
        '<path d="{}" fill="{}" fill-opacity="{}" stroke="var(--ink)" stroke-width="2"/>'
        '<rect x="{}" y="{}" width="26" height="22" rx="3" fill="var(--paper)" stroke="var(--ink)"/>'
        '<text x="{}" y="{}" font-size="14" font-weight="600" text-anchor="middle" fill="var(--ink)">{}</text>',
        _d(feature), colour, f"{opacity:.2f}", f"{x - 13:.1f}", f"{y - 11:.1f}", f"{x:.1f}", f"{y + 5:.1f}",
        feature["properties"]["number"],
    )  # fmt: skip


def _xy(point: list[float]) -> tuple[float, float]:
    return (point[0] - WEST) / (EAST - WEST) * WIDE, (NORTH - point[1]) / (NORTH - SOUTH) * TALL


def _d(feature: dict[str, Any]) -> str:
    coordinates = feature["geometry"]["coordinates"]
    lines = coordinates if feature["geometry"]["type"] == "Polygon" else [coordinates]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(_xy, line)) for line in lines)


def context(identifier: str, *, small: bool = False, moving: bool = True) -> dict[str, Any]:
    """The context of map.html."""
    alternative = _("Map of five hotspots: two with more facts than expected, one fewer, one as expected, "
                    "one without enough data.")  # fmt: skip
    return {
        "id": identifier,
        "small": small,
        "svg": drawn(alternative),
        "alternative": alternative,
        "layers": {"bounds": [WEST, SOUTH, EAST, NORTH], "layers": layers()} if moving else None,
        "legend": "deviation",
        "note": _("94% of facts could be located. Schematic."),
    }

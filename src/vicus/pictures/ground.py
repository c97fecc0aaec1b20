"""The ground of a map: what it shows, from where to where, at which scale; geometry made light enough to draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, box, mapping
from shapely.geometry.base import BaseGeometry

from vicus.pictures.lettering import width as text_width
from vicus.pictures.sheet import Layer, Style, mark_layer, text_layer
from vicus.pictures.theme import SIZES

ROUND_LENGTHS = (10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000, 20000, 50000)


SMALLEST_PATCH = 6.0
"""px²: green and water smaller than this are left out."""


class MapError(ValueError):
    """A layer cannot be drawn: wrong coordinates, or nothing to show."""


def require_metres(geometry: BaseGeometry) -> None:
    """Refuse what cannot be drawn: nothing, or coordinates that look like degrees."""
    if geometry.is_empty:
        raise MapError("There is nothing to draw on this map: its geometry is empty.")
    west, south, east, north = geometry.bounds
    if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
        raise MapError("Maps are drawn in metres; these coordinates look like degrees. Reproject them first.")


@dataclass(frozen=True)
class Ground:
    """Layers of the zone that lie under the data, all in one metric coordinate system.

    Columns `name` (communes, sectors, streets) are in the reader's language; a layer without is not labelled.
    """

    communes: gpd.GeoDataFrame | None = None
    sectors: gpd.GeoDataFrame | None = None
    streets: gpd.GeoDataFrame | None = None
    green: gpd.GeoDataFrame | None = None
    water: gpd.GeoDataFrame | None = None


@dataclass(frozen=True)
class View:
    """A rectangle of the world on a rectangle of the sheet.

    Attributes
    ----------
    west, south, metres : float
        Lower left corner and width in the metric coordinate system.
    width, height, top : float
        px on the sheet.
    """

    west: float
    south: float
    metres: float
    width: float
    height: float
    top: float

    @classmethod
    def around(cls, what: BaseGeometry, *, width: float, height: float, top: float, margin: float) -> View:
        """The view that shows all of `what` with a margin (a share of its size) around."""
        if what.is_empty:
            raise MapError("There is nothing to draw on this map: its geometry is empty.")
        west, south, east, north = what.bounds
        if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
            raise MapError(
                "Maps are drawn in metres; these coordinates look like degrees. Reproject them first."
            )
        metres = max((east - west), (north - south) * width / height, 50.0) * (1 + 2 * margin)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(middle_x - metres / 2, middle_y - metres * height / width / 2, metres, width, height, top)

    @property
    def scale(self) -> float:
        """px a metre."""
        return self.width / self.metres

    @property
    def frame(self) -> BaseGeometry:
        """The rectangle of the world that is seen."""
        return box(self.west, self.south, self.west + self.metres, self.south + self.height / self.scale)

    def px(self, x: float, y: float) -> tuple[float, float]:
        """A place of the world on the sheet."""
        return (
            round((x - self.west) * self.scale, 1),
            round(self.top + self.height - (y - self.south) * self.scale, 1),
        )

    def projection(self) -> dict[str, Any]:
        """Metres from the lower left corner to px, north up."""
        return {
            "type": "identity",
            "reflectY": True,
            "scale": self.scale,
            "translate": [0, round(self.top + self.height, 2)],
        }

    def seen(self, geometries: Sequence[BaseGeometry]) -> Any:
        """What of some geometries is seen, no finer than half a px, from the lower left corner of the view."""
        whole = np.asarray(geometries, dtype=object)
        near = shapely.intersects(self.frame, shapely.envelope(whole))
        result = np.full(len(whole), shapely.Point(), dtype=object)
        clipped = shapely.intersection(shapely.make_valid(whole[near]), self.frame)
        simple = shapely.simplify(clipped, 0.5 / self.scale, preserve_topology=True)
        result[near] = shapely.transform(simple, lambda xy: xy - (self.west, self.south))
        return result

    def shapes(
        self, items: Iterable[tuple[BaseGeometry, Mapping[str, Any]]], *, tooltip: Any = (), **mark: Any
    ) -> Layer:
        """A layer of outlines with what is told about each."""
        pairs = [(geometry, told) for geometry, told in items if geometry is not None]
        rows = [
            {"type": "Feature", "geometry": _plain(mapping(seen)), "properties": {}, **told}
            for seen, (_, told) in zip(self.seen([g for g, _ in pairs]), pairs, strict=True)
            if not seen.is_empty
        ]
        layer = mark_layer(rows, "geoshape", {}, tooltip=tooltip, clip=False, **mark)
        return {**layer, "projection": self.projection()}

    def hatch(self, geometry: BaseGeometry, *, gap: float = 5.0) -> BaseGeometry:
        """Slanting lines across a geometry, so many px apart."""
        west, south, east, north = geometry.bounds
        height, step = north - south, gap / self.scale * math.sqrt(2)
        count = int((east - west + height) / step) + 1
        start = math.floor((west - height) / step) * step
        lines = [
            LineString([(start + i * step, south), (start + i * step + height, north)])
            for i in range(count + 2)
        ]
        return MultiLineString(lines).intersection(geometry)


def layers(ground: Ground, view: View, style: Style) -> list[Layer]:
    """Water, green, streets, sectors and communes in the greys of the paper, under a plain land."""
    plain = {"stroke": None}
    result = [view.shapes([(view.frame, {})], fill=style.colour("land"), **plain)]
    for frame, name in ((ground.green, "green"), (ground.water, "water")):
        if frame is not None:
            large = frame[frame.geometry.area * view.scale**2 > SMALLEST_PATCH]
            result.append(view.shapes(_rows(large), fill=style.colour(name), stroke=None))
    for frame, name, more in (
        (ground.streets, "street", {"strokeWidth": 2.5 if view.metres < 2500 else 0.7}),
        (ground.sectors, "boundary", {"strokeWidth": 0.6, "strokeDash": [1, 2]}),
        (ground.communes, "boundary", {"strokeWidth": 1.4}),
    ):
        if frame is not None:
            # Lines, not areas: where the map is cut off, the cut is no boundary.
            lines = frame if name == "street" else frame.set_geometry(frame.geometry.boundary)
            result.append(view.shapes(_rows(lines), fill=None, stroke=style.colour(name), **more))
    return result


def furniture(view: View, style: Style, words: Mapping[str, str]) -> list[Layer]:
    """Frame, scale bar and north; `words` gives `m` and `km` in the language."""
    length = max((v for v in ROUND_LENGTHS if v * view.scale <= view.width / 4), default=ROUND_LENGTHS[0])
    label = f"{length} {words['m']}" if length < 1000 else f"{length / 1000:g} {words['km']}"
    x, y = 12.0, view.top + view.height - 12
    back = text_width(label, SIZES["small"])
    end = x + length * view.scale
    ground = style.colour("land")
    plate = {
        "x": {"value": x - 6},
        "x2": {"value": max(end, x + back) + 8},
        "y": {"value": y - 20},
        "y2": {"value": y + 7},
    }
    bar = [
        {"x": {"value": x}, "x2": {"value": end}, "y": {"value": y}},
        {"x": {"value": x}, "y": {"value": y - 3}, "y2": {"value": y + 3}},
        {"x": {"value": end}, "y": {"value": y - 3}, "y2": {"value": y + 3}},
    ]
    ink = style.colour("muted")
    edge = {
        "x": {"value": 0},
        "x2": {"value": view.width},
        "y": {"value": view.top},
        "y2": {"value": view.top + view.height},
    }
    return [
        mark_layer([{}], "rect", edge, fill=None, stroke=style.colour("line"), strokeWidth=1),
        mark_layer([{}], "rect", plate, color=ground, opacity=0.85),
        *(mark_layer([{}], "rule", part, color=ink, strokeWidth=1.5) for part in bar),
        text_layer([{"text": label, "x": x, "y": y - 11}], style, size="small", colour="ink"),
        text_layer(
            [
                {"text": "▲", "x": view.width - 14, "y": view.top + 14},
                {"text": "N", "x": view.width - 14, "y": view.top + 27},
            ],
            style,
            size="small",
            align="center",
        ),
    ]


def written(rows: list[dict[str, Any]], style: Style, **look: Any) -> list[Layer]:
    """Words on a map with a rim of the ground's colour, so that they can be read over anything."""
    rim: dict[str, Any] = {
        "stroke": style.colour("land"),
        "strokeWidth": 3,
        "strokeJoin": "round",
        "strokeOpacity": 0.9,
    }
    result = []
    for extra in (rim, {}):
        layer = text_layer(rows, style, **look, **extra)
        if any("angle" in row for row in rows):
            layer["encoding"]["angle"] = {"field": "angle", "type": "quantitative", "scale": None}
        result.append(layer)
    return result


def _rows(frame: gpd.GeoDataFrame) -> Iterable[tuple[BaseGeometry, Mapping[str, Any]]]:
    return ((geometry, {}) for geometry in frame.geometry)


def _plain(value: Any) -> Any:
    """Coordinates as lists of short numbers."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return round(float(value), 1) if isinstance(value, float) else value

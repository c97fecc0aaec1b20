"""Outlines as people draw or paste them: read, brought to the zone's coordinates, or refused in words that help."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from vicus.web.hotspots.outlines import SMALLEST_M2

LARGEST_M2 = 2_000_000.0
"""Above two square kilometres it is a quarter, not a hotspot."""
LONGEST_TEXT = 400_000
MOST_CORNERS = 5_000
CENTIMETRE = 0.01

REASONS = {
    "empty": _("There is no outline yet: draw one on the map, paste its coordinates, or choose a file."),
    "unreadable": _(
        "This cannot be read. Paste GeoJSON, or one corner a line: longitude and latitude, with a space between."
    ),
    "too few": _("An outline needs three corners at least."),
    "too many": _("The outline has too many corners: simplify it first."),
    "not an area": _("This is a point or a line, not an area: close the outline."),
    "crossing": _("The outline crosses itself: move the corner where its lines cross."),
    "exchanged": _("Longitude and latitude seem exchanged: the longitude comes first."),
    "outside": _("The outline lies outside the zone."),
    "partly outside": _("More than half of the outline lies outside the zone."),
    "too small": _("The outline is smaller than 100 square metres."),
    "too large": _("The outline is larger than two square kilometres: a hotspot is a small place."),
    "nothing left": _("Nothing would be left of the outline."),
    "not split": _("The line does not cut the outline in two: draw it right across."),
}
Pair = tuple[float, float]


class OutlineRefused(ValueError):
    """The outline cannot be taken; `code` is a key of REASONS."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(str(REASONS[code]))


def read(text: str, crs: int, ground: BaseGeometry | None) -> BaseGeometry:
    """The outline of a text (GeoJSON, or corners one a line) in the coordinates `crs`, checked against the zone.

    Numbers beyond what degrees can be are taken for coordinates of the zone. Raises OutlineRefused.
    """
    return checked(shape_of(text, crs, ground), ground)


def shape_of(text: str, crs: int, ground: BaseGeometry | None = None) -> BaseGeometry:
    """What a text describes, in the coordinates `crs`, not yet checked as an outline. Raises OutlineRefused."""
    text = text.strip()
    if not text:
        raise OutlineRefused("empty")
    if len(text) > LONGEST_TEXT:
        raise OutlineRefused("too many")
    try:
        shape = _geojson(json.loads(text)) if text[0] in "{[" else _polygon(_corners(text))
    except OutlineRefused:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, shapely.errors.ShapelyError):
        raise OutlineRefused("unreadable") from None
    if shapely.get_num_coordinates(shape) > MOST_CORNERS:
        raise OutlineRefused("too many")
    if not all(map(_finite, shape.bounds)):
        raise OutlineRefused("unreadable")
    moved = _moved(shape, crs)
    if ground is not None and not moved.intersects(ground) and _moved(_turned(shape), crs).intersects(ground):
        raise OutlineRefused("exchanged")
    return moved


def checked(shape: BaseGeometry, ground: BaseGeometry | None) -> BaseGeometry:
    """The outline, unless it cannot be one: crossing itself, outside the zone, too small or too large."""
    if shape.is_empty:
        raise OutlineRefused("empty")
    if shapely.get_num_coordinates(shape) > MOST_CORNERS:
        raise OutlineRefused("too many")
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise OutlineRefused("not an area")
    if not shape.is_valid:
        raise OutlineRefused("crossing")
    if ground is not None:
        if not shape.intersects(ground):
            raise OutlineRefused("outside")
        if shape.intersection(ground).area < shape.area / 2:
            raise OutlineRefused("partly outside")
    if shape.area < SMALLEST_M2:
        raise OutlineRefused("too small")
    if shape.area > LARGEST_M2:
        raise OutlineRefused("too large")
    return shapely.set_precision(shape, CENTIMETRE)


def united(shape: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Both as one outline."""
    _whole(shape, other)
    return _areas(shape.union(other))


def split(shape: BaseGeometry, line: BaseGeometry) -> BaseGeometry:
    """The outline cut along a line into parts that lie a centimetre apart, so that each can be taken or left."""
    if line.geom_type != "LineString":
        raise OutlineRefused("not split")
    _whole(shape, line)
    before = len(shapely.get_parts(shape))
    parts = _areas(shape.difference(line.buffer(CENTIMETRE, cap_style="flat")))
    if len(shapely.get_parts(parts)) <= before:
        raise OutlineRefused("not split")
    return parts


def _whole(*shapes: BaseGeometry) -> None:
    """Refuse what crosses itself: nothing can be added to it or cut from it."""
    if not all(shape.is_valid for shape in shapes):
        raise OutlineRefused("crossing")


def geojson(shape: BaseGeometry, crs: int) -> dict[str, Any]:
    """The outline in longitude and latitude, to seven decimals (a centimetre)."""
    there = Transformer.from_crs(crs, 4326, always_xy=True)
    moved = shapely.transform(shape, there.transform, interleaved=False)
    found: dict[str, Any] = shapely.geometry.mapping(shapely.set_precision(moved, 1e-7, mode="pointwise"))
    return found


def _areas(shape: BaseGeometry) -> BaseGeometry:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not polygons:
        raise OutlineRefused("nothing left")
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _moved(shape: BaseGeometry, crs: int) -> BaseGeometry:
    west, south, east, north = shape.bounds
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return shape
    here = Transformer.from_crs(4326, crs, always_xy=True)
    return shapely.transform(shape, here.transform, interleaved=False)


def _turned(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda x, y: (y, x), interleaved=False)


def _geojson(document: Any) -> BaseGeometry:
    """A geometry, a feature, a collection, or a bare list of corners."""
    if isinstance(document, list):
        return _polygon([(float(x), float(y)) for x, y, *_height in document])
    if document["type"] == "FeatureCollection":
        shapes = [_geojson(feature) for feature in document["features"]]
        if len(shapes) == 1:
            return shapes[0]
        polygons = [part for shape in shapes for part in shapely.get_parts(shape)]
        if not all(part.geom_type == "Polygon" for part in polygons):
            raise OutlineRefused("not an area")
        if not all(part.is_valid for part in polygons):
            raise OutlineRefused("crossing")
        return shapely.union_all(polygons) if polygons else shapely.Polygon()
    if document["type"] == "Feature":
        return _geojson(document["geometry"])
    return shapely.force_2d(shapely.from_geojson(json.dumps(document)))


def _corners(text: str) -> list[Pair]:
    """Corners one a line; the comma is a decimal sign only where no point is used."""
    corners = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        clean = (
            line.replace(",", " ")
            if "." in line or re.fullmatch(r"-?\d+,-?\d+", line)
            else line.replace(",", ".")
        )
        found = re.split(r"[;\s]+", clean.strip())
        if len(found) != 2:
            raise OutlineRefused("unreadable")
        corners.append((float(found[0]), float(found[1])))
    return corners


def _polygon(corners: Sequence[Pair]) -> BaseGeometry:
    if len(set(corners)) < 3:
        raise OutlineRefused("too few")
    return shapely.Polygon(corners)


def _finite(value: float) -> bool:
    return -1e8 < value < 1e8

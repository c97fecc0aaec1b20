"""Names on a map, where there is room: communes in their middle, streets along their line, numbers beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

from vicus.pictures.ground import View
from vicus.pictures.lettering import width as text_width
from vicus.pictures.theme import SIZES

Box = tuple[float, float, float, float]
MOST_STREETS = 10
_FROM_THE_MIDDLE = sorted((i / 25 for i in range(2, 24)), key=lambda part: (abs(part - 0.5), part))


class Room:
    """Which parts of the sheet are taken by words already."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.taken: list[Box] = []
        self.clear: list[BaseGeometry] = []

    def take(self, place: Box) -> bool:
        """Take a rectangle if it lies on the map and is free."""
        left, top, right, bottom = place
        inside = left >= 2 and right <= self.view.width - 2 and top >= self.view.top + 2
        inside = inside and bottom <= self.view.top + self.view.height - 2
        if not inside or any(_meet(place, other) for other in self.taken) or self._crosses(place):
            return False
        self.taken.append(place)
        return True

    def on_sheet(self, geometry: BaseGeometry) -> Box:
        """The rectangle around a geometry, on the sheet."""
        west, south, east, north = geometry.bounds
        (left, bottom), (right, top) = self.view.px(west, south), self.view.px(east, north)
        return (left, top, right, bottom)

    def keep_clear(self, line: BaseGeometry) -> None:
        """Let no word lie across a line of the world."""
        self.clear.append(line)

    def _crosses(self, place: Box) -> bool:
        if not self.clear:
            return False
        left, top, right, bottom = place
        scale, foot = self.view.scale, self.view.top + self.view.height
        west, east = self.view.west + left / scale, self.view.west + right / scale
        south, north = self.view.south + (foot - bottom) / scale, self.view.south + (foot - top) / scale
        return any(line.intersects(box(west, south, east, north)) for line in self.clear)

    def hold(self, place: Box) -> None:
        """Keep a rectangle free of words, whatever lies there."""
        self.taken.append(place)


def area_names(frame: gpd.GeoDataFrame | None, room: Room, size: str) -> list[dict[str, Any]]:
    """Names of areas in the middle of the part that is seen, or as near to it as the room left allows."""
    if frame is None or "name" not in frame:
        return []
    rows, px = [], SIZES[size]
    for geometry, name in zip(frame.geometry, frame["name"], strict=True):
        seen = geometry.intersection(room.view.frame)
        if seen.is_empty or not name:
            continue
        x, y = room.view.px(*seen.representative_point().coords[0])
        half = text_width(str(name), px) / 2 + 2
        near = [(x, y + down) for down in (0, px * 1.5, -px * 1.5, px * 3, -px * 3)]
        for at_x, at_y in [*near, *_within(seen, room.view, (x, y), px * 1.5)]:
            if room.take((at_x - half, at_y - px * 0.7, at_x + half, at_y + px * 0.7)):
                rows.append({"text": str(name), "x": at_x, "y": at_y})
                break
    return rows


def _within(
    area: BaseGeometry, view: View, middle: tuple[float, float], step: float
) -> list[tuple[float, float]]:
    """Places of the sheet inside an area, so many px apart, the nearest to its middle first."""
    west, south, east, north = area.bounds
    metres = step / view.scale
    xs, ys = np.meshgrid(np.arange(west, east, metres), np.arange(south, north, metres))
    inside = shapely.contains_xy(area, xs, ys)
    spots = [view.px(x, y) for x, y in zip(xs[inside], ys[inside], strict=True)]
    return sorted(spots, key=lambda spot: math.dist(spot, middle))


def street_names(frame: gpd.GeoDataFrame | None, room: Room, size: str) -> list[dict[str, Any]]:
    """Names of the longest streets seen, each along a straight stretch of its own line."""
    if frame is None or "name" not in frame:
        return []
    px, seen = SIZES[size], frame.geometry.intersection(room.view.frame)
    streets: dict[str, list[BaseGeometry]] = {}
    for geometry, name in zip(seen, frame["name"], strict=True):
        if isinstance(name, str) and name and not geometry.is_empty:
            streets.setdefault(name, []).append(geometry)
    merged = [(name, _longest(parts)) for name, parts in streets.items()]
    rows: list[dict[str, Any]] = []
    for name, line in sorted(merged, key=lambda item: (-item[1].length, item[0])):
        if len(rows) == MOST_STREETS:
            break
        row = _along(name, line, room, px)
        if row:
            rows.append(row)
    return rows


def numbers(
    places: Sequence[tuple[str, BaseGeometry]], room: Room, size: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A number for each perimeter: inside where it fits, else beside it with a thin line to it."""
    labels: list[dict[str, Any]] = []
    leaders: list[dict[str, Any]] = []
    boxes, px = [room.on_sheet(geometry) for _, geometry in places], SIZES[size]
    for index, (text, geometry) in enumerate(places):
        x, y = room.view.px(*geometry.representative_point().coords[0])
        half, rise = text_width(text, px, bold=True) / 2 + 2, px * 0.6
        left, top, right, bottom = boxes[index]
        others = boxes[:index] + boxes[index + 1 :]
        spot = (x - half, y - rise, x + half, y + rise)
        if right - left >= 2 * half and bottom - top >= 2 * rise and room.take(spot):
            labels.append({"text": text, "x": x, "y": y, "inside": True})
            continue
        reach = max(right - left, bottom - top) / 2
        for distance, angle in ((d, a) for d in (1.0, 1.6, 2.4) for a in range(-90, 270, 45)):
            away = distance * (reach + px)
            to_x = round(x + away * math.cos(math.radians(angle)), 1)
            to_y = round(y + away * math.sin(math.radians(angle)), 1)
            spot = (to_x - half, to_y - rise, to_x + half, to_y + rise)
            if not any(_meet(spot, other) for other in others) and room.take(spot):
                labels.append({"text": text, "x": to_x, "y": to_y, "inside": False})
                if distance > 1:  # close by, a number needs no line to its place
                    leaders.append(_leader((x, y), (to_x, to_y), reach / away, 1 - px * 0.75 / away))
                break
        else:
            labels.append({"text": text, "x": x, "y": y, "inside": True})
    for place in boxes:
        room.hold(place)
    return labels, leaders


def _leader(
    start: tuple[float, float], stop: tuple[float, float], begin: float, end: float
) -> dict[str, float]:
    """The part of a line that lies between a place and its number."""
    (x, y), (to_x, to_y) = start, stop
    dx, dy = to_x - x, to_y - y
    return {
        "x": round(x + dx * begin, 1),
        "y": round(y + dy * begin, 1),
        "x2": round(x + dx * end, 1),
        "y2": round(y + dy * end, 1),
    }


def _meet(one: Box, other: Box) -> bool:
    """Do two rectangles share anything?"""
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _longest(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """The longest connected stretch of a street."""
    whole = unary_union(parts)
    if whole.geom_type == "MultiLineString":
        whole = linemerge(whole)
    lines = [g for g in getattr(whole, "geoms", [whole]) if g.geom_type == "LineString"]
    return max(lines, key=lambda g: g.length, default=whole)


def _along(name: str, line: BaseGeometry, room: Room, px: float) -> dict[str, Any] | None:
    """The name on its line, if the line is long and straight enough there and the place is free."""
    wide = text_width(name, px) + 6
    length = line.length * room.view.scale
    if line.geom_type != "LineString" or length < wide * 1.1:
        return None
    for middle in _FROM_THE_MIDDLE:
        part = wide / length / 2
        if middle - part < 0 or middle + part > 1:
            continue
        start = room.view.px(*line.interpolate(middle - part, normalized=True).coords[0])
        stop = room.view.px(*line.interpolate(middle + part, normalized=True).coords[0])
        dx, dy = stop[0] - start[0], stop[1] - start[1]
        if math.hypot(dx, dy) < wide * 0.94:
            continue
        angle = math.degrees(math.atan2(dy, dx))
        angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
        x, y = (start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2
        across, down = abs(dx) / 2 + px * 0.5, abs(dy) / 2 + px * 0.5
        if room.take((x - across, y - down, x + across, y + down)):
            return {"text": name, "x": round(x, 1), "y": round(y, 1), "angle": round(angle, 1)}
    return None

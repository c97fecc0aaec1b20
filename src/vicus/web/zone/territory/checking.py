"""Geometry repaired or refused, and the hierarchy looked at: does a sector lie inside its commune?"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy
import shapely
from django.utils.translation import gettext as _

from vicus.web.zone.territory.errors import Problem

# A repair may move this share of an area's surface, and no more.
REPAIR_TOLERANCE = 0.01
OUTSIDE_TOLERANCE = 0.02
OVERLAP_TOLERANCE = 0.01


def repair(shapes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str], list[Problem]]:
    """Shapes as valid polygons, the codes of those repaired, and those that cannot be, with a picture."""
    good: dict[str, Any] = {}
    repaired: list[str] = []
    problems: list[Problem] = []
    for code, shape in shapes.items():
        mended, why = _mend(shape)
        if mended is None:
            problems.append(Problem(code, why, picture(code, shapes)))
        else:
            good[code] = mended
            if mended is not shape:
                repaired.append(code)
    return good, repaired, problems


def _mend(shape: Any) -> tuple[Any, str]:
    if shape is None or shape.is_empty:
        return None, _("It has no outline.")
    if not numpy.isfinite(shape.bounds).all():
        return None, _("Its coordinates cannot exist in this coordinate system.")
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return None, _("It is a %(type)s and not an area.") % {"type": shape.geom_type}
    if shape.is_valid:
        return shape, ""
    mended = _polygons(shapely.make_valid(shape))
    before = shape.area
    if mended.is_empty or abs(mended.area - before) > REPAIR_TOLERANCE * mended.area:
        return None, _("Its outline crosses itself, and more than one area fits it.")
    return mended, ""


def _polygons(shape: Any) -> Any:
    """Only the surfaces: mending may leave lines and points behind."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def sticking_out(shapes: Mapping[str, Any], parents: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Areas that lie partly outside the area they belong to, with the share outside."""
    found = []
    for code, shape in shapes.items():
        parent = parents.get(code)
        if parent is None:
            continue
        share = shape.difference(parent).area / shape.area
        if share > OUTSIDE_TOLERANCE:
            found.append((code, share))
    return found


def overlaps(shapes: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Pairs of areas of one kind that cover the same ground, with the square metres they share."""
    codes: Sequence[str] = list(shapes)
    geometries = numpy.array([shapes[code] for code in codes], dtype=object)
    left, right = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    common = shapely.area(shapely.intersection(geometries[left], geometries[right]))
    smaller = numpy.minimum(shapely.area(geometries[left]), shapely.area(geometries[right]))
    return [
        (codes[a], codes[b], float(shared))
        for a, b, shared, size in zip(left, right, common, smaller, strict=True)
        if shared > OVERLAP_TOLERANCE * size
    ]


def picture(code: str, shapes: Mapping[str, Any], *, width: int = 480) -> str:
    """Where the trouble is: all areas faintly, this one in full, the spot marked. Plain SVG."""
    shape = shapes[code]
    if shape is None or shape.is_empty or not numpy.isfinite(shape.bounds).all():
        return ""
    spot = _spot(shape)
    around = shape.bounds if shape.length else (*spot, *spot)
    margin = max(around[2] - around[0], around[3] - around[1], 1.0) * 0.4
    xmin, ymin, xmax, ymax = (
        around[0] - margin, around[1] - margin, around[2] + margin, around[3] + margin,
    )  # fmt: skip
    scale = width / (xmax - xmin)
    height = round((ymax - ymin) * scale)

    def path(geometry: Any) -> str:
        rings = []
        for line in shapely.get_parts(shapely.boundary(geometry)):
            points = " ".join(f"{(x - xmin) * scale:.1f},{(ymax - y) * scale:.1f}" for x, y in line.coords)
            rings.append(f"M{points}")
        return "".join(rings)

    window = shapely.box(xmin, ymin, xmax, ymax)
    neighbours = [
        other
        for name, other in shapes.items()
        if name != code
        and other is not None
        and not other.is_empty
        and shapely.box(*other.bounds).intersects(window)
    ]
    faint = "".join(path(other) for other in neighbours if other.geom_type in ("Polygon", "MultiPolygon"))
    full = path(shape) if shape.geom_type in ("Polygon", "MultiPolygon") else ""
    x, y = (spot[0] - xmin) * scale, (ymax - spot[1]) * scale
    title = escape(_("Area %(code)s and where its outline goes wrong") % {"code": code})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img"><title>{title}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        f'<path d="{faint}" fill="none" stroke="#9aa0a6" stroke-width="0.8"/>'
        f'<path d="{full}" fill="none" stroke="#202124" stroke-width="1.6"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="#b3261e" stroke-width="2.5"/></svg>'
    )


def _spot(shape: Any) -> tuple[float, float]:
    """The point GEOS names in its explanation, or else one point of the shape."""
    found = re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(shape))
    if found:
        return float(found[1]), float(found[2])
    point = (
        shape.representative_point()
        if shape.is_valid
        else shapely.get_point(shapely.get_exterior_ring(shape), 0)
    )
    return (point.x, point.y) if point is not None else tuple(shape.bounds[:2])

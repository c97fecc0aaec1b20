"""Layers of the map that moves: outlines in degrees, made light, with what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import geopandas as gpd
import shapely
from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from vicus.pictures import cells as classes
from vicus.pictures import sentences
from vicus.pictures.ground import Ground
from vicus.pictures.maps import MappedPlace, PlaceLayers
from vicus.pictures.sheet import density_places
from vicus.web.hotspots.showing.ranking import Row
from vicus.web.zone.models import Zone

SIMPLE_METRES = 4.0
"""Boundaries under the data are drawn no finer than this; perimeters keep their outline."""
STREET_METRES = 2.0
"""Streets are drawn finer: outlines snap to them."""
DEVIATION = {"above": 1, "within": 0, "below": -1}

Layer = dict[str, Any]


def zone(
    here: Zone, places: Sequence[MappedPlace], rows: Sequence[Row], ground: Ground, language: str
) -> Layer:
    """Perimeters coloured by how their month compares, on the communes."""
    links = {row.hotspot.number: row.url for row in rows}
    perimeters = []
    for place in places:
        told: dict[str, Any] = {
            "number": str(place.number),
            "name": f"{place.name} ({_('your hotspot')})" if place.own else place.name,
            "url": links[int(place.number)],
            "note": sentences.sentence(place.figures, language),
        }
        if place.own:
            told["own"] = True
        if place.state in DEVIATION:
            told["deviation"] = DEVIATION[place.state]
        perimeters.append(_feature(place.geometry, here.crs, told))
    extent = [place.geometry for place in places]
    if ground.communes is not None:
        extent += list(ground.communes.geometry)
    return {
        "bounds": _bounds(extent, here.crs),
        "layers": [
            *_ground(ground, here.crs),
            _layer("perimeters", "deviation", perimeters, numbered=True),
            _layer("names", "label", _labels(ground.communes, here.crs)),
        ],
    }


def place(here: Zone, shown: PlaceLayers) -> Layer:
    """The cells of a hotspot under its outline and the line around its surroundings."""
    around = shown.perimeter.buffer(shown.buffer_m)
    cells = []
    if shown.cells is not None:
        upper = classes.bounds(shown.cells["n"])
        for geometry, n in zip(shown.cells.geometry, shown.cells["n"], strict=True):
            if n > 0:
                step = density_places(len(upper))[classes.place(int(n), upper)]
                cells.append(_feature(geometry, here.crs, {"step": step, "n": int(n)}))
    return {
        "bounds": _bounds([around], here.crs),
        "layers": [
            _layer("cells", "density", cells),
            *_ground(_near(shown.ground, around), here.crs),
            _layer("surroundings", "buffer", [_feature(around, here.crs, {}, simple=SIMPLE_METRES)]),
            _layer(
                "perimeter",
                "outline",
                [_feature(shown.perimeter, here.crs, {"number": str(shown.number)})],
                numbered=True,
            ),
        ],
    }


def points(here: Zone, shown: PlaceLayers, found: gpd.GeoDataFrame) -> Layer:
    """Facts one by one inside the outline."""
    spots = [_feature(point, here.crs, {}) for point in found.geometry]
    return {
        "bounds": _bounds([shown.perimeter], here.crs),
        "layers": [
            *_ground(_near(shown.ground, shown.perimeter), here.crs),
            _layer("perimeter", "outline", [_feature(shown.perimeter, here.crs, {})]),
            _layer("facts", "point", spots),
        ],
    }


def over_ground(
    here: Zone,
    ground: Ground,
    shown: Iterable[tuple[str, str, BaseGeometry, Mapping[str, Any]]],
    extent: BaseGeometry,
    *,
    cells: Iterable[tuple[BaseGeometry, Mapping[str, Any]]] = (),
) -> Layer:
    """Outlines over the ground: name, kind (a row of KINDS in maps.js), shape and what is said of it, each a layer."""
    squares = [_feature(shape, here.crs, told) for shape, told in cells]
    return {
        "bounds": _bounds([extent], here.crs),
        "layers": [
            *([_layer("cells", "density", squares)] if squares else []),
            *_ground(ground, here.crs),
            *(
                _layer(name, kind, [_feature(shape, here.crs, told)], numbered="number" in told)
                for name, kind, shape, told in shown
            ),
        ],
    }


def _near(ground: Ground, around: BaseGeometry) -> Ground:
    """The ground where the map of a hotspot can be moved to, no further."""
    window = shapely.box(*around.buffer(max(around.length / 4, 300)).bounds)

    def near(frame: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
        return None if frame is None else frame[frame.intersects(window)].clip(window)

    return Ground(communes=near(ground.communes), sectors=near(ground.sectors), streets=near(ground.streets))


def _ground(ground: Ground, crs: int) -> list[Layer]:
    found = []
    if ground.streets is not None and len(ground.streets):
        found.append(
            _layer("streets", "street", [_feature(_net(ground.streets), crs, {}, simple=STREET_METRES)])
        )
    for name, frame in (("sectors", ground.sectors), ("communes", ground.communes)):
        if frame is not None and len(frame):
            features = [_feature(g, crs, {}, simple=SIMPLE_METRES) for g in frame.geometry if not g.is_empty]
            found.append(_layer(name, "boundary", features))
    return found


def _net(streets: gpd.GeoDataFrame) -> BaseGeometry:
    """Streets as one set of lines, cut where they cross, so that a crossing is a corner."""
    whole = shapely.get_parts(shapely.union_all(streets.geometry))
    return shapely.MultiLineString(
        [line for line in whole if line.geom_type == "LineString" and not line.is_empty]
    )


def _labels(frame: gpd.GeoDataFrame | None, crs: int) -> list[dict[str, Any]]:
    if frame is None:
        return []
    return [
        _feature(g.representative_point(), crs, {"text": name})
        for g, name in zip(frame.geometry, frame["name"], strict=True)
    ]


def _layer(name: str, kind: str, features: Iterable[dict[str, Any]], **more: Any) -> Layer:
    return {
        "id": name,
        "kind": kind,
        "data": {"type": "FeatureCollection", "features": list(features)},
        **more,
    }


def _feature(
    geometry: BaseGeometry, crs: int, told: Mapping[str, Any], *, simple: float = 0.0
) -> dict[str, Any]:
    shape = geometry.simplify(simple) if simple else geometry
    # Six decimals of a degree are about ten centimetres.
    moved = shapely.set_precision(
        shapely.transform(shape, _degrees(crs).transform, interleaved=False), 1e-6, mode="pointwise"
    )
    return {"type": "Feature", "geometry": mapping(moved), "properties": dict(told)}


def _bounds(shapes: Sequence[BaseGeometry], crs: int) -> list[float]:
    west, south, east, north = shapely.total_bounds(shapes)
    return [round(value, 6) for value in _degrees(crs).transform_bounds(west, south, east, north)]


@cache
def _degrees(crs: int) -> Transformer:
    return Transformer.from_crs(crs, 4326, always_xy=True)

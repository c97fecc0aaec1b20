"""Outlines of hotspots as they come in a file: read, brought to the zone's coordinates, repaired or refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from django.utils.translation import gettext_lazy as _
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from vicus.incidents import drivers

SMALLEST_M2 = 100.0
"""Under this an outline is a slip of the pen, not a place."""
SMALL_PART = 0.05
"""A repair may split off loops up to this share of an outline; beyond it the outline is torn."""
PROPOSAL = "vicus:proposal"
"""Marks the collection that `vicus hotspots propose` writes."""

NUMBER_COLUMNS = ("number", "hotspot", "nr", "num", "no", "nummer", "numero", "hotspot_number", "id")
SECTOR_COLUMNS = ("sector", "sector_code", "wijk", "secteur", "quartier")
NAME_COLUMNS = ("name", "naam", "nom", "hotspot_name", "label", "libelle")
NAME_IN_LANGUAGE = re.compile(r"^(?:name|naam|nom|hotspot_name)[_:-]?([a-z]{2})$")
FIGURE_COLUMNS = ("n", "area_km2", "density", "harm", "gi_max", "p_adjusted_min", "cells", "rank")

REASONS = {
    "unreadable": _("The file cannot be read as GeoJSON, GeoPackage or Shapefile."),
    "empty file": _("The file holds no outline."),
    "layers": _("The file holds several layers: name the one with the outlines."),
    "no coordinate system": _(
        "The file does not say its coordinate system: name it (for instance EPSG:31370)."
    ),
    "no geometry": _("There is no outline."),
    "not an area": _("The outline is a point or a line, not an area."),
    "broken outline": _("The outline crosses itself and no repair keeps its shape."),
    "impossible coordinates": _("The coordinates lie outside the coordinate system of the zone."),
    "too small": _("The outline is smaller than 100 square metres."),
    "outside the zone": _("The outline lies outside the zone."),
    "number twice": _("The file holds this number more than once."),
    "number": _("The number is not a whole number above zero."),
    "earlier than the version in force": _("The new outline would start before the version in force does."),
    "history": _("The hotspot has later versions: history is not rewritten."),
}


class OutlinesError(ValueError):
    """The whole file is refused; `code` is a key of REASONS."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{REASONS[code]} {detail}".strip())


@dataclass(frozen=True, slots=True)
class Refusal:
    """One outline that was not taken: why, where (in the zone's coordinates), and a small picture of it."""

    row: int
    number: int | None
    code: str
    detail: str = ""
    at: tuple[float, float] | None = None
    picture: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "row": self.row,
            "number": self.number,
            "code": self.code,
            "reason": str(REASONS[self.code]),
            "detail": self.detail,
            "at": self.at,
            "picture": self.picture,
        }


@dataclass(frozen=True, slots=True)
class Outline:
    """One hotspot of the file, its geometry valid and in the zone's coordinates."""

    row: int
    number: int | None
    names: Mapping[str, str]
    geometry: BaseGeometry
    sector: str = ""
    repaired: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a file holds: outlines that can be taken, and those that cannot."""

    taken: tuple[Outline, ...]
    refused: tuple[Refusal, ...]
    proposal: Mapping[str, Any]


def read(
    path: Path, *, crs: int, languages: Iterable[str], source_crs: str = "", layer: str = ""
) -> Outlines:
    """The outlines of a GeoJSON, GeoPackage or Shapefile (also zipped), in the coordinates `crs`.

    Columns are found by their names (number, name_fr, name_nl, sector, ...), whatever their case. `source_crs`
    tells the coordinate system of a file that does not say it; it never overrules one that does.
    """
    table = _table(path, layer)
    if table.crs is None:
        if not source_crs:
            raise OutlinesError("no coordinate system")
        table = table.set_crs(CRS.from_user_input(source_crs))
    if not len(table):
        raise OutlinesError("empty file")
    shapes = [shapely.force_2d(g) if g is not None else None for g in table.geometry]
    move = Transformer.from_crs(table.crs, CRS.from_epsg(crs), always_xy=True)
    attributes = table.drop(columns=table.geometry.name)
    columns = _columns(attributes.columns)
    proposal = _proposal(path)
    if proposal:
        # The rank of a proposal is not the number of a hotspot.
        columns.pop("number", None)
    taken: list[Outline] = []
    refused: list[Refusal] = []
    for position, (values, shape) in enumerate(zip(attributes.to_dict("records"), shapes, strict=True)):
        row = position + 1
        try:
            number = _number(values.get(columns["number"])) if "number" in columns else None
            geometry, repaired = mend(shape, move)
        except _OutlineError as bad:
            refused.append(Refusal(row, bad.number, bad.code, bad.detail, bad.at, bad.picture))
            continue
        taken.append(
            Outline(
                row=row,
                number=number,
                names=_names(values, columns, tuple(languages)),
                geometry=geometry,
                sector=_text(values.get(columns.get("sector", ""), "")),
                repaired=repaired,
                figures=_figures(values, proposal),
            )
        )
    return Outlines(*_without_twins(taken, refused), proposal)


class _OutlineError(Exception):
    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        at: tuple[float, float] | None = None,
        picture: str = "",
        number: int | None = None,
    ) -> None:
        self.code, self.detail, self.at, self.picture, self.number = code, detail, at, picture, number
        super().__init__(code)


def mend(shape: BaseGeometry | None, move: Transformer) -> tuple[BaseGeometry, bool]:
    """The outline in the zone's coordinates, valid and an area; the flag says whether it had to be repaired."""
    if shape is None or shape.is_empty:
        raise _OutlineError("no geometry")
    if not any(g.geom_type in ("Polygon", "MultiPolygon") for g in shapely.get_parts(shape)):
        raise _OutlineError("not an area", shape.geom_type)
    moved = shapely.transform(shape, move.transform, interleaved=False)
    if not math.isfinite(sum(moved.bounds)):
        raise _OutlineError("impossible coordinates")
    broken = not moved.is_valid
    whole = _areas_of(
        shapely.make_valid(moved, method="structure", keep_collapsed=False) if broken else moved
    )
    if broken and _torn(moved, whole):
        why, at = _where(moved)
        raise _OutlineError("broken outline", why, at=at, picture=picture(moved, at))
    if whole.area < SMALLEST_M2:
        raise _OutlineError("too small", f"{whole.area:.0f} m²")
    return whole, broken


def _torn(before: BaseGeometry, after: BaseGeometry) -> bool:
    """Did the repair leave nothing, or break one area into several (a figure of eight)? Then nobody meant it."""
    parts = [p for p in shapely.get_parts(after) if p.area > SMALL_PART * after.area]
    return not parts or len(parts) > len(shapely.get_parts(before))


def _rings(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    rings = [
        ring for part in parts if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)
    ]
    return shapely.MultiLineString([shapely.get_coordinates(ring) for ring in rings])


def _areas_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a repaired shape; stray lines and points that a repair leaves are dropped."""
    polygons: list[BaseGeometry] = []
    for part in shapely.get_parts(shape):
        polygons += [p for p in shapely.get_parts(part) if p.geom_type == "Polygon" and p.area > 0]
    # Parts of a repair may share an edge, which two parts of one area must not.
    return shapely.union_all(polygons)


def _where(shape: BaseGeometry) -> tuple[str, tuple[float, float] | None]:
    """What is wrong with a shape, and the point the geometry engine names."""
    text = explain_validity(shape)
    found = re.match(r"(.*)\[(-?[\d.eE+-]+) (-?[\d.eE+-]+)\]", text)
    if not found:
        return text, None
    return found[1], (round(float(found[2]), 2), round(float(found[3]), 2))


def picture(shape: BaseGeometry, at: tuple[float, float] | None) -> str:
    """A small SVG of an outline that cannot be taken, with a ring around the place where it goes wrong."""
    left, bottom, right, top = shape.bounds
    size = max(right - left, top - bottom) or 1.0
    margin = size * 0.05
    width, height = right - left + 2 * margin, top - bottom + 2 * margin

    def ring(points: Iterable[tuple[float, float]]) -> str:
        return "M" + " L".join(f"{x - left + margin:.2f},{top + margin - y:.2f}" for x, y in points) + " Z"

    path = " ".join(ring(shapely.get_coordinates(line)) for line in shapely.get_parts(_rings(shape)))
    mark = ""
    if at is not None:
        mark = (
            f'<circle cx="{at[0] - left + margin:.2f}" cy="{top + margin - at[1]:.2f}" r="{size * 0.04:.2f}" '
            f'fill="none" stroke="#9B1C1C" stroke-width="{size * 0.012:.2f}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}" width="320" role="img">'
        f'<path d="{path}" fill="#E9E6DE" fill-rule="evenodd" stroke="#1B1F24" stroke-width="{size * 0.006:.2f}"/>'
        f"{mark}</svg>"
    )


def same(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Is it the same outline, but for the last centimetres that a change of coordinates costs?"""
    difference = float(one.symmetric_difference(other).area)
    return difference <= max(1.0, 1e-4 * float(one.area))


def _table(path: Path, layer: str) -> gpd.GeoDataFrame:
    if not path.is_file() or path.stat().st_size == 0:
        raise OutlinesError("unreadable", path.name)
    try:
        with drivers.opened(path) as source:
            layers = [str(name) for name in pyogrio.list_layers(source)[:, 0]]
            if layer and layer not in layers:
                raise OutlinesError("layers", ", ".join(layers))
            if not layer and len(layers) > 1:
                raise OutlinesError("layers", ", ".join(layers))
            table = gpd.read_file(source, layer=layer or layers[0])
    except (
        drivers.NotALayer,
        drivers.WrongArchive,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        UnicodeDecodeError,
        IndexError,
    ) as error:
        raise OutlinesError("unreadable", path.name) from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise OutlinesError("no geometry", path.name)
    return table


def _columns(names: Iterable[Any]) -> dict[str, str]:
    """Which column plays which part: "number", "sector", "name", "name_fr", ..."""
    by_lower = {str(name).strip().lower(): str(name) for name in names}
    found: dict[str, str] = {}
    for part, candidates in (("number", NUMBER_COLUMNS), ("sector", SECTOR_COLUMNS), ("name", NAME_COLUMNS)):
        for candidate in candidates:
            if candidate in by_lower:
                found[part] = by_lower[candidate]
                break
    for lower, name in by_lower.items():
        in_language = NAME_IN_LANGUAGE.match(lower)
        if in_language:
            found[f"name_{in_language[1]}"] = name
    return found


def _number(value: Any) -> int | None:
    if _missing(value):
        return None
    found = re.fullmatch(r"(?:hotspot|hs|h)?[\s_#-]*0*(\d{1,6})(?:\.0+)?", str(value).strip(), re.IGNORECASE)
    if not found or int(found[1]) == 0:
        raise _OutlineError("number", str(value))
    return int(found[1])


def _names(
    values: Mapping[str, Any], columns: Mapping[str, str], languages: tuple[str, ...]
) -> dict[str, str]:
    names = {
        part.removeprefix("name_"): _text(values.get(column))
        for part, column in columns.items()
        if part.startswith("name_")
    }
    names = {language: name for language, name in names.items() if name and language in languages}
    if not names and "name" in columns:
        plain = _text(values.get(columns["name"]))
        names = dict.fromkeys(languages, plain) if plain else {}
    return names


def _figures(values: Mapping[str, Any], proposal: Mapping[str, Any]) -> dict[str, Any]:
    """The figures a proposed perimeter rests on; other files carry none that could be trusted to mean the same."""
    if not proposal:
        return {}
    return {name: values[name] for name in FIGURE_COLUMNS if not _missing(values.get(name))}


def _proposal(path: Path) -> dict[str, Any]:
    """What a proposal file says of itself (period, method, capture), empty for any other file."""
    if path.suffix.lower() not in (".geojson", ".json"):
        return {}
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    found = document.get(PROPOSAL)
    return found if isinstance(found, dict) else {}


def _without_twins(
    taken: list[Outline], refused: list[Refusal]
) -> tuple[tuple[Outline, ...], tuple[Refusal, ...]]:
    """Two outlines with one number: neither is taken, since nobody can say which is meant."""
    rows: dict[int, list[int]] = {}
    for outline in taken:
        if outline.number is not None:
            rows.setdefault(outline.number, []).append(outline.row)
    twins = {number for number, where in rows.items() if len(where) > 1}
    kept = tuple(o for o in taken if o.number not in twins)
    out = [Refusal(o.row, o.number, "number twice") for o in taken if o.number in twins]
    return kept, tuple(sorted([*refused, *out], key=lambda r: r.row))


def _text(value: Any) -> str:
    return "" if _missing(value) else str(value).strip()


def _missing(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or str(value).strip() in ("", "<NA>", "nan", "None")
    )

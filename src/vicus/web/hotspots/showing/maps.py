"""Maps of a zone and of a hotspot, drawn on the server on the zone's own areas."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from vicus.incidents.figures import PlaceFigures
from vicus.pictures import cells as classes
from vicus.pictures import drawing, sentences, words
from vicus.pictures import maps as drawn_maps
from vicus.pictures.figures import About
from vicus.pictures.ground import Ground
from vicus.pictures.maps import MappedPlace, PlaceLayers
from vicus.pictures.sheet import density_places
from vicus.web.hotspots import figures
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Used
from vicus.web.hotspots.showing import layers
from vicus.web.hotspots.showing.charts import still
from vicus.web.hotspots.showing.ranking import Row
from vicus.web.zone.models import Area, Zone, in_language
from vicus.web.zone.queries import streets

WIDTH = 720
MARGIN_METRES = 150.0


def zone(here: Zone, answer: Answer, rows: Sequence[Row], language: str) -> dict[str, Any]:
    """The perimeters of the zone, coloured by how their month compares with what was expected."""
    shapes = {row.hotspot.number: answer.used[row.hotspot.number].perimeter.shape for row in rows}
    places = [
        MappedPlace(row.hotspot.number, row.hotspot.name, shapes[row.hotspot.number], row.figures, row.own)
        for row in rows
    ]
    rate = rows[0].figures.quality.geocoding_rate if rows else None
    about = About(zone=here.name, timezone=here.timezone)
    caption = drawn_maps.zone_map_caption(places, language, about=about)
    own = _("A second line: your own hotspots.") if any(p.own for p in places) else ""
    ground, mark = ground_of(here, language, sectors=False)
    parts = {
        "ground": mark,
        "places": [
            [
                p.number,
                p.name,
                p.state,
                p.own,
                hashlib.sha256(p.geometry.wkb).hexdigest(),
                sentences.sentence(p.figures, language),
            ]
            for p in places
        ],
        "language": language,
    }

    def draw() -> Any:
        return drawn_maps.zone_map(
            places,
            language,
            ground=ground,
            geocoding_rate=rate,
            about=about,
            width=WIDTH,
            captions=False,
        )

    svg, alternative = still("zone_map", parts, draw)

    return {
        "id": "zone-map",
        "level": 2,
        "finding": _("Where the month differs from what was expected"),
        "measured": caption.subtitle,
        "map": {
            "id": "map",
            "svg": svg,
            "alternative": alternative,
            "layers": layers.zone(here, places, rows, ground, language),
            "layers_id": "map-layers",
            "legend": "deviation",
            "note": f"{_note(here, rate, language)} {own}".strip(),
        },
        "source": caption.source,
    }


def around(used: Used) -> BaseGeometry:
    """What of the ground the map of a hotspot shows: its surroundings and a margin."""
    shown: BaseGeometry = used.perimeter.shape.buffer(used.perimeter.buffer_m + MARGIN_METRES)
    return shown


def place_layers(
    hotspot: Hotspot, used: Used, found: PlaceFigures, cells: gpd.GeoDataFrame, ground: Ground
) -> PlaceLayers:
    """What the map of a hotspot shows, on the page and in its report."""
    first, last = found.quality.first_day or found.month, found.month
    reached = (last.year - first.year) * 12 + last.month - first.month + 1
    return PlaceLayers(
        perimeter=used.perimeter.shape,
        number=hotspot.number,
        buffer_m=float(used.perimeter.buffer_m),
        cells=cells,
        cell_m=figures.CELL_METRES,
        months=min(figures.CELL_MONTHS, reached),
        geocoding_rate=found.quality.geocoding_rate,
        ground=ground,
    )


def place(
    here: Zone, hotspot: Hotspot, used: Used, found: PlaceFigures, cells: gpd.GeoDataFrame, language: str
) -> dict[str, Any]:
    """The perimeter, its surroundings, and how many facts each cell holds; no point is shown."""
    ground, mark = ground_of(here, language, sectors=True, near=around(used))
    shown = place_layers(hotspot, used, found, cells, ground)
    about = About(place=hotspot.title, zone=here.name, timezone=here.timezone)
    caption = drawn_maps.place_map_caption(shown, language, figures=found, about=about)
    parts = {
        "ground": mark,
        "perimeter": hashlib.sha256(bytes(used.perimeter.geometry)).hexdigest(),
        "buffer": used.perimeter.buffer_m,
        "number": hotspot.number,
        "cells": hashlib.sha256(b"".join(cells.geometry.to_wkb())).hexdigest(),
        "counts": [int(n) for n in cells["n"]],
        "inside": [bool(inside) for inside in cells["inside"]],
        "rate": shown.geocoding_rate,
        "told": [caption.title, caption.subtitle, sentences.sentence(found, language)],
        "language": language,
    }

    def draw() -> Any:
        return drawn_maps.place_map(shown, language, figures=found, about=about, width=WIDTH, captions=False)

    svg, alternative = still("place_map", parts, draw)
    unit = classes.unit(shown.cell_m, shown.months, language)

    return {
        "id": "place-map",
        "level": 2,
        "finding": caption.title,
        "measured": caption.subtitle,
        "map": {
            "id": "map",
            "svg": svg,
            "alternative": alternative,
            "layers": layers.place(here, shown),
            "layers_id": "map-layers",
            "legend": _key(cells, language),
            "note": f"{words.capital(unit)}. {_note(here, shown.geocoding_rate, language)}",
        },
        "source": caption.source,
        "method": {
            "paragraphs": [
                _(
                    "Facts of twelve months are counted in square cells, cut at the perimeter and at the line around it; "
                    "no single fact is shown. The counts add up to those of the figures: what lies beyond the line, in "
                    "another hotspot or at a place that is not known is not on the map."
                )
            ],
            "terms": [(_("Side of a cell"), _("%s m") % words.number(figures.CELL_METRES, language))],
        },
    }


def points(
    here: Zone, hotspot: Hotspot, used: Used, found: gpd.GeoDataFrame, language: str
) -> dict[str, Any]:
    """The facts of a hotspot as points, for those who gave a reason; never kept."""
    ground, _mark = ground_of(here, language, sectors=True, near=used.perimeter.shape.buffer(100))
    shown = PlaceLayers(perimeter=used.perimeter.shape, number=hotspot.number, buffer_m=0.0, ground=ground)
    chart = drawn_maps.place_map(shown, language, width=WIDTH, captions=False)
    title = _("Facts one by one in the perimeter of hotspot %s") % hotspot.label
    return {
        "id": "map",
        "svg": drawing.svg(chart),
        "alternative": title,
        "layers": layers.points(here, shown, found),
        "layers_id": "map-layers",
        "note": _("Restricted: do not pass this map on."),
    }


def _key(cells: gpd.GeoDataFrame, language: str) -> list[dict[str, str]]:
    """The classes of the cells: the same as in the document."""
    upper = classes.bounds(cells["n"])
    return (
        [
            {"colour": f"density-{step}", "label": label}
            for step, label in zip(density_places(len(upper)), classes.words(upper, language), strict=True)
        ]
        if upper
        else []
    )


def _note(here: Zone, rate: float | None, language: str) -> str:
    """The geocoding rate under every map (rights R21), and that a demonstration is schematic."""
    note = sentences.located_sentence(rate, language)
    schematic = _("Schematic: these outlines are invented.")
    return f"{note} {schematic}" if here.is_demo else note


def ground_of(
    here: Zone, language: str, *, sectors: bool, near: BaseGeometry | None = None
) -> tuple[Ground, str]:
    """The areas of the zone under a map, the streets `near` a place, and a mark that changes when they do."""
    kinds = [Area.Kind.COMMUNE, Area.Kind.SECTOR] if sectors else [Area.Kind.COMMUNE]
    found = list(Area.objects.filter(zone=here, in_zone=True, kind__in=kinds).order_by("kind", "code"))
    digest = hashlib.sha256()
    for area in found:
        digest.update(bytes(area.geometry))
        digest.update((in_language(area.names, language) or area.code).encode())

    def frame(kind: str) -> gpd.GeoDataFrame | None:
        chosen = [area for area in found if area.kind == kind]
        if not chosen:
            return None
        names = [in_language(area.names, language) or area.code for area in chosen]
        return gpd.GeoDataFrame({"name": names}, geometry=[area.shape for area in chosen], crs=here.crs)

    laid = streets(here, near) if near is not None else []
    for street in laid:
        digest.update(bytes(street.geometry))
        digest.update(in_language(street.names, language).encode())
    lines = None
    if laid:
        names = [in_language(street.names, language) for street in laid]
        lines = gpd.GeoDataFrame({"name": names}, geometry=[street.shape for street in laid], crs=here.crs)
    ground = Ground(communes=frame(Area.Kind.COMMUNE), sectors=frame(Area.Kind.SECTOR), streets=lines)
    return ground, digest.hexdigest()

"""Maps: one place with its cells and surroundings, and the places of a zone by deviation from expectation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import geopandas as gpd
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from vicus.pictures import alternatives, sentences
from vicus.pictures import cells as classes
from vicus.pictures.figures import About, PlaceFigures, State
from vicus.pictures.ground import Ground, View, furniture, layers, require_metres, written
from vicus.pictures.lettering import width as text_width
from vicus.pictures.placenames import Room, area_names, numbers, street_names
from vicus.pictures.sheet import (
    PRINT_WIDTH,
    Caption,
    Layer,
    Sheet,
    Style,
    density,
    mark_layer,
    pixels,
    text_layer,
)
from vicus.pictures.theme import SIZES
from vicus.pictures.tokens import Scheme
from vicus.pictures.words import month_name, number, translator

OWN_RING = 5.0
"""px between the outline of an own place and the line around it."""
SIGNS: dict[str, str] = {"above": "\u202f▲", "below": "\u202f▼"}


@dataclass(frozen=True)
class PlaceLayers:
    """What a map of one place shows; all geometry in one metric coordinate system.

    Attributes
    ----------
    perimeter : Polygon or MultiPolygon
    number : int or str
        What stands beside it.
    buffer_m : float
        Width of the ring around it; 0 for none.
    cells : GeoDataFrame, optional
        Cells with columns `n`, facts in each over the months told, and `inside`, whether they lie in the perimeter
        or in the ring around it.
    cell_m, months : float, int
        Side of a cell, and months that its facts come from: the unit in the legend.
    geocoding_rate : float, optional
        Share of facts that have a place; printed on the map (rule R21).
    """

    perimeter: BaseGeometry
    number: int | str
    buffer_m: float = 150.0
    cells: gpd.GeoDataFrame | None = None
    cell_m: float = 50.0
    months: int = 12
    geocoding_rate: float | None = None
    ground: Ground = field(default_factory=Ground)


@dataclass(frozen=True)
class MappedPlace:
    """A place on the map of a zone; `own` when the reader looks after it, which a second line around it tells."""

    number: int | str
    name: str
    geometry: BaseGeometry
    figures: PlaceFigures
    own: bool = False

    @property
    def state(self) -> State:
        """How its month compares."""
        return self.figures.state


def place_map(
    shown: PlaceLayers,
    language: str,
    *,
    figures: PlaceFigures | None = None,
    about: About | None = None,
    scheme: Scheme = "light",
    width: int = PRINT_WIDTH,
    height: int = 400,
    captions: bool | None = None,
) -> alt.LayerChart:
    """Draw a perimeter with its number, the ring around it, and where in it the facts lie.

    A still picture with a fixed width: a page scales it with its style sheet, or shows a live map instead.

    Parameters
    ----------
    shown : PlaceLayers
    figures : PlaceFigures, optional
        Whose finding and versions the captions tell.

    Other parameters are those of `vicus.pictures.series.series`.
    """
    style, t = Style(scheme, width, captions), translator(language)
    about = about or About()
    caption = place_map_caption(shown, language, figures=figures, about=about)
    described = alternatives.place_map(
        figures,
        language,
        finding=caption.title,
        place_number=shown.number,
        rate=shown.geocoding_rate,
        buffer=shown.buffer_m,
    )
    sheet = Sheet(style, caption, described)
    require_metres(shown.perimeter)
    ring = shown.perimeter.buffer(shown.buffer_m) if shown.buffer_m else shown.perimeter
    view = View.around(ring, width=width, height=height, top=sheet.y, margin=0.06)
    room = Room(view)
    room.hold((0, view.top + height - 36, 190, view.top + height))
    room.hold((width - 26, view.top, width, view.top + 36))
    room.keep_clear(shown.perimeter.boundary)
    sheet.add(*layers(_without_streets(shown.ground), view, style))
    upper = [] if shown.cells is None else classes.bounds(shown.cells["n"])
    if shown.cells is not None and upper:
        sheet.add(*_cells(shown.cells, upper, view, style, t.gettext("Facts")))
    if shown.ground.streets is not None:
        streets = layers(Ground(streets=shown.ground.streets), view, style)[1:]
        sheet.add(*streets)
    sheet.add(*_outline(shown, ring, view, style, room))
    named = street_names(shown.ground.streets, room, "small")
    sheet.add(*written(named, style, size="small", colour="muted", align="center"))
    sheet.add(*furniture(view, style, {"m": "m", "km": "km"}))
    sheet.y = view.top + height
    if upper:
        unit = classes.unit(shown.cell_m, shown.months, language)
        _legend(sheet, style, classes.words(upper, language), unit)
    _rate(sheet, style, shown.geocoding_rate, language, about)
    return sheet.finish("place_map")


def _outline(shown: PlaceLayers, ring: BaseGeometry, view: View, style: Style, room: Room) -> list[Layer]:
    """The perimeter with its number, and the ring around it dashed."""
    grey = {"fill": None, "stroke": style.colour("ink")}
    around = [view.shapes([(ring, {})], strokeWidth=1.2, strokeDash=[5, 4], **grey)] if shown.buffer_m else []
    edge = [
        view.shapes([(shown.perimeter, {})], fill=None, stroke=style.colour(colour), strokeWidth=wide)
        for colour, wide in (("land", 4.5), ("ink", 2))
    ]
    x, y = view.px(*_corner(shown.perimeter))
    half = text_width(str(shown.number), SIZES["mark"], bold=True) / 2 + 4
    room.hold((x - half, y - 26, x + half, y))
    label = [{"text": str(shown.number), "x": x, "y": y - 13}]
    return [*around, *edge, *written(label, style, size="mark", colour="ink", bold=True, align="center")]


def place_map_caption(
    shown: PlaceLayers, language: str, *, figures: PlaceFigures | None = None, about: About | None = None
) -> Caption:
    """Title, subtitle and source of the map of a place."""
    t, about = translator(language), about or About()
    parts = [t.gettext("Perimeter of hotspot {number}.").format(number=shown.number)]
    if shown.buffer_m:
        ring = t.gettext("Dashed: the {metres} m around it.")
        parts.append(ring.format(metres=number(shown.buffer_m, language)))
    inside: list[int] = []
    if shown.cells is not None:
        inside = [int(n) for n in shown.cells.loc[shown.cells["inside"], "n"]]
        facts = t.gettext("Facts in {months} months: {inside} inside.")
        if shown.buffer_m:
            facts = t.gettext(
                "Facts in {months} months: {inside} inside, {outside} around it (without the ground of other hotspots)."
            )
        outside = int(shown.cells["n"].sum()) - sum(inside)
        told = {"months": shown.months, "inside": sum(inside), "outside": outside}
        parts.append(facts.format(**{name: number(value, language) for name, value in told.items()}))
    return Caption(
        sentences.gathered_sentence(inside, shown.number, language),
        sentences.placed(about.place, " ".join(parts)),
        sentences.source(figures, language, about=about) if figures else "",
    )


def zone_map(
    places: Sequence[MappedPlace],
    language: str,
    *,
    ground: Ground | None = None,
    geocoding_rate: float | None = None,
    about: About | None = None,
    scheme: Scheme = "light",
    width: int = PRINT_WIDTH,
    height: int = 460,
    captions: bool | None = None,
) -> alt.LayerChart:
    """Draw the perimeters of a zone, coloured by how their month compares with what was expected.

    Places without enough data are hatched in grey: neither white nor zero. Other parameters are those of
    `place_map`.
    """
    style, ground, about = Style(scheme, width, captions), ground or Ground(), about or About()
    states = {str(p.number): p.state for p in places}
    sheet = Sheet(
        style,
        zone_map_caption(places, language, about=about),
        alternatives.zone_map(states, language, rate=geocoding_rate),
    )
    extent = [p.geometry for p in places]
    if ground.communes is not None:
        extent += list(ground.communes.geometry)
    view = View.around(unary_union(extent), width=width, height=height, top=sheet.y, margin=0.03)
    room = Room(view)
    room.hold((0, view.top + height - 36, 190, view.top + height))
    room.hold((width - 26, view.top, width, view.top + 36))
    sheet.add(*layers(ground, view, style))
    for state in ("within", "not enough data", "below", "above"):
        chosen = [p for p in places if p.state == state]
        sheet.add(*_perimeters(chosen, state, view, style, language))
    rings: list[Any] = [(p.geometry.buffer(OWN_RING / view.scale), {}) for p in places if p.own]
    if rings:
        sheet.add(view.shapes(rings, fill=None, stroke=style.colour("accent"), strokeWidth=2))
    labels, leaders = numbers([(_signed(p), p.geometry) for p in places], room, "label")
    ends = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    sheet.add(mark_layer(leaders, "rule", ends, color=style.colour("muted"), strokeWidth=1))
    names = area_names(ground.communes, room, "label")
    sheet.add(*written(names, style, size="label", colour="muted", align="center"))
    filled = {_signed(p) for p in places if p.state in SIGNS}
    inside = [row for row in labels if row["inside"] and row["text"] in filled]
    beside = [row for row in labels if row not in inside]
    sheet.add(text_layer(inside, style, size="label", colour="paper", bold=True, align="center"))
    sheet.add(*written(beside, style, size="label", colour="ink", bold=True, align="center"))
    sheet.add(*furniture(view, style, {"m": "m", "km": "km"}))
    sheet.y = view.top + height
    _states(sheet, style, states, language)
    _rate(sheet, style, geocoding_rate, language, about)
    return sheet.finish("zone_map")


def zone_map_caption(places: Sequence[MappedPlace], language: str, *, about: About | None = None) -> Caption:
    """Title, subtitle and source of the map of a zone."""
    t, about = translator(language), about or About()
    title = sentences.states_sentence({p.number: p.state for p in places}, language)
    if not places:
        return Caption(title, "")
    figures = places[0].figures
    subtitle = t.gettext(
        "{what} in {month} in each perimeter, compared with what was expected there."
    ).format(what=sentences.counted(figures, language), month=month_name(figures.month, language, year=True))
    return Caption(
        title, sentences.placed(about.place, subtitle), sentences.source(figures, language, about=about)
    )


def _cells(cells: gpd.GeoDataFrame, upper: Sequence[int], view: View, style: Style, word: str) -> list[Layer]:
    """Cells with facts; those without show the ground."""
    result = []
    for index, colour in enumerate(density(len(upper), style.scheme)):
        chosen = [
            (geometry, {"facts": str(int(n))})
            for geometry, n in zip(cells.geometry, cells["n"], strict=True)
            if n > 0 and classes.place(int(n), upper) == index
        ]
        result.append(view.shapes(chosen, tooltip=[("facts", word)], fill=colour, stroke=None, opacity=0.85))
    return result


def _perimeters(
    places: Sequence[MappedPlace], state: str, view: View, style: Style, language: str
) -> list[Layer]:
    t = translator(language)
    told = [("name", t.gettext("Hotspot")), ("finding", t.gettext("Facts"))]
    items = [
        (p.geometry, {"name": f"{p.number} {p.name}", "finding": sentences.sentence(p.figures, language)})
        for p in places
    ]
    line = {"stroke": style.colour("ink"), "strokeWidth": 1.5}
    if state != "not enough data":
        fill = {"above": "above", "below": "below"}.get(state, "expected")
        return [view.shapes(items, tooltip=told, fill=style.colour(fill), **line)]
    hatched: list[tuple[BaseGeometry, Mapping[str, Any]]] = [(view.hatch(p.geometry), {}) for p in places]
    return [
        view.shapes(items, tooltip=told, fill=style.colour("paper"), **{**line, "strokeWidth": 1}),
        view.shapes(hatched, fill=None, stroke=style.colour("unknown"), strokeWidth=1.5),
    ]


def _legend(sheet: Sheet, style: Style, told: Sequence[str], unit: str) -> None:
    """The classes of colour with their counts and the unit."""
    y, x = sheet.y + 12, 0.0
    channels = {"x": pixels("x"), "x2": {"field": "x2"}, "y": pixels("y"), "y2": {"field": "y2"}}
    box = max(38.0, *(text_width(text, SIZES["small"]) + 10 for text in told))
    for text, colour in zip(told, density(len(told), style.scheme), strict=True):
        row = {"x": x, "x2": x + box, "y": y, "y2": y + 10}
        sheet.add(mark_layer([row], "rect", channels, color=colour, stroke=style.colour("line")))
        label = {"text": text, "x": x + box / 2, "y": y + 18}
        sheet.add(text_layer([label], style, size="small", align="center"))
        x += box
    sheet.y = y + 26
    if x + 12 + text_width(unit, SIZES["small"]) <= style.px:
        sheet.add(text_layer([{"text": unit, "x": x + 12, "y": y + 18}], style, size="small"))
    else:
        sheet.lines(unit, "small", "muted", 14)


def _states(sheet: Sheet, style: Style, states: Mapping[str, str], language: str) -> None:
    """The colours of a zone map with their words and how many places have each."""
    x, y = 0.0, sheet.y + 14
    channels = {"x": pixels("x"), "x2": {"field": "x2"}, "y": pixels("y"), "y2": {"field": "y2"}}
    values = list(states.values())
    for state in ("above", "within", "below", "not enough data"):
        sign = SIGNS.get(state, "").strip("\u202f")
        text = f"{sign} {sentences.state_words(state, language)} ({number(values.count(state), language)})".strip()
        if x and x + 26 + text_width(text, SIZES["label"]) > style.px:
            x, y = 0.0, y + 20
        row = {"x": x + 0.5, "x2": x + 18.5, "y": y - 6, "y2": y + 6}
        fill = {"not enough data": "paper", "within": "expected"}.get(state, state)
        grey = style.colour("ink")
        sheet.add(mark_layer([row], "rect", channels, color=style.colour(fill), stroke=grey, strokeWidth=1))
        if state == "not enough data":
            lines = [
                {
                    "x": x + max(0.5, 0.5 + i),
                    "y": y + min(6, 6 + i),
                    "x2": x + min(18.5, i + 12.5),
                    "y2": y - 6 + max(0, i - 6),
                }
                for i in (0, 6)
            ]
            sheet.add(mark_layer(lines, "rule", channels, color=style.colour("unknown"), strokeWidth=1.5))
        sheet.add(text_layer([{"text": text, "x": x + 26, "y": y}], style, colour="ink"))
        x += 26 + text_width(text, SIZES["label"]) + 22
    sheet.y = y + 12


def _rate(sheet: Sheet, style: Style, rate: float | None, language: str, about: About) -> None:
    """The geocoding rate under every map, loud when it is low (rule R21), and whose ground it is."""
    low = rate is None or rate < sentences.LOCATED_ENOUGH
    sheet.y += 6
    sheet.lines(sentences.located_sentence(rate, language), "label", "warn" if low else "muted", 16, bold=low)
    if about.attribution:
        sheet.lines(about.attribution, "small", "muted", 14)


def _signed(place: MappedPlace) -> str:
    """The number of a place, with a sign where its month stands out: colour is not the only witness."""
    return f"{place.number}{SIGNS.get(place.state, '')}"


def _without_streets(ground: Ground) -> Ground:
    return Ground(ground.communes, ground.sectors, None, ground.green, ground.water)


def _corner(perimeter: BaseGeometry) -> tuple[float, float]:
    """The northernmost point of an outline, where its number stands."""
    points: Any = perimeter.convex_hull.exterior.coords
    x, y = max(points, key=lambda p: (p[1], p[0]))[:2]
    return float(x), float(y)

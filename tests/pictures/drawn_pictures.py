"""Every kind of picture once, and ways to ask a specification what is in it."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
from invented_places import LONG_NAMES, PLACE_NAMES, place, ranked
from shapely.geometry import LineString, Point, box

from vicus.pictures import drawing, maps, rankings, rhythm, series, sparkline
from vicus.pictures.figures import About, Action, Phase
from vicus.pictures.ground import Ground

ABOUT = About("Hotspot 12, Ninove", "Brussels-West", "Europe/Brussels", "Statbel; OpenStreetMap contributors")
ACTIONS = (
    Action("Visits at the gate", date(2025, 3, 3), date(2025, 9, 30)),
    Action("Youth workers on Friday evening", date(2026, 9, 1)),
)
PHASES = (
    Phase("clear", date(2024, 9, 1), date(2025, 3, 1)),
    Phase("hold", date(2025, 3, 1), date(2026, 4, 1)),
    Phase("build", date(2026, 4, 1)),
)


def ground():
    """A town of one commune, a few streets and a park."""
    commune = gpd.GeoDataFrame({"name": ["Molenbeek"]}, geometry=[box(0, 0, 3000, 2000)])
    streets = gpd.GeoDataFrame(
        {"name": ["Gentsesteenweg", "Havenlaan"]},
        geometry=[LineString([(0, 900), (3000, 950)]), LineString([(1450, 0), (1460, 2000)])],
    )
    park = gpd.GeoDataFrame(geometry=[Point(800, 500).buffer(150)])
    return Ground(communes=commune, streets=streets, green=park)


def layers(rate=0.94):
    perimeter = box(1300, 800, 1650, 1080)
    cells = [box(x, y, x + 50, y + 50) for x in range(1300, 1650, 50) for y in range(800, 1050, 50)]
    counts = np.random.default_rng(2).poisson(3, len(cells))
    return maps.PlaceLayers(
        perimeter,
        12,
        cells=gpd.GeoDataFrame({"n": counts, "inside": True}, geometry=cells),
        geocoding_rate=rate,
        ground=ground(),
    )


def mapped():
    """Five places in a row, one of each state and one more."""
    states = ["above", "within", "below", "not enough data", "within"]
    return [
        maps.MappedPlace(
            i + 1, f"Place {i + 1}", box(200 + i * 500, 700, 420 + i * 500, 900), place(state=state)
        )
        for i, state in enumerate(states)
    ]


PICTURES = {
    "series": lambda language, **more: series.series(
        place(), language, about=ABOUT, actions=ACTIONS, phases=PHASES, **more
    ),
    "hour_of_week": lambda language, **more: rhythm.hour_of_week(
        place().hour_of_week, language, n=412, figures=place(), about=ABOUT, **more
    ),
    "categories": lambda language, **more: rankings.categories(
        place(), language, names=LONG_NAMES, about=ABOUT, **more
    ),
    "ranking": lambda language, **more: rankings.ranking(
        ranked(), language, names=PLACE_NAMES, about=ABOUT, **more
    ),
    "sparkline": lambda language, **more: sparkline.sparkline(place(), language, **more),
    "place_map": lambda language, **more: maps.place_map(
        layers(), language, figures=place(), about=ABOUT, **more
    ),
    "zone_map": lambda language, **more: maps.zone_map(
        mapped(), language, ground=ground(), geocoding_rate=0.94, about=ABOUT, **more
    ),
}
FLUID = ("series", "hour_of_week", "categories", "ranking")


def marks(spec, kind, **look):
    """Layers of a kind of mark with certain properties."""
    return [
        layer
        for layer in spec["layer"]
        if layer["mark"]["type"] == kind and all(layer["mark"].get(k) == v for k, v in look.items())
    ]


def rows(spec, layer):
    """The data of a layer."""
    data = layer["data"]
    return spec["datasets"][data["name"]] if "name" in data else data["values"]


def words_in(spec):
    """Every word that is drawn."""
    return [row["text"] for layer in marks(spec, "text") for row in rows(spec, layer)]


def picture(kind, language="en", **more):
    """The specification of a picture."""
    return drawing.spec(PICTURES[kind](language, **more))

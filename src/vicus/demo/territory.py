"""Schematic geometry of the demonstration zone: sectors as Voronoi cells, hotspots as rough polygons."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPoint, Point, Polygon

RING_METRES = 150.0
STREET_METRES = (85.0, 110.0, 95.0, 130.0)
"""Between two streets of a sector; between those that cross them it is half as much again."""
LEVELS = ("commune", "division", "commissariat", "sector")
"""Kinds of areas, from the largest to the smallest."""


def plan() -> dict[str, Any]:
    """The hierarchy and the hotspots, as written in places.toml."""
    return tomllib.loads(files("vicus.demo").joinpath("places.toml").read_text(encoding="utf-8"))


def areas(plan: dict[str, Any]) -> gpd.GeoDataFrame:
    """Communes, divisions, commissariats and sectors.

    Returns
    -------
    GeoDataFrame
        Columns kind, code, parent, name_nl, name_fr, name_en, population, geometry; EPSG of the plan.
    """
    origin = np.array(plan["zone"]["origin"], dtype=float)
    sectors = [
        (commune, station, sector)
        for commune in plan["communes"]
        for station in commune["commissariats"]
        for sector in station["sectors"]
    ]
    seeds = np.array([[s["x"], s["y"]] for _, _, s in sectors]) * 1000 + origin
    outline = _outline(seeds)
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline))
    rows: list[dict[str, Any]] = []
    for (commune, station, sector), seed in zip(sectors, seeds, strict=True):
        cell = next(c for c in cells if c.contains(Point(seed))).intersection(outline)
        rows.append(
            _row("sector", sector, station["code"], shapely.set_precision(cell, 0.01), sector["population"])
        )
        rows[-1].update(commune=commune["code"], commissariat=station["code"])
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=plan["zone"]["crs"])
    above = []
    for commune in plan["communes"]:
        of_commune = table[table["commune"] == commune["code"]]
        above.append(
            _row("commune", commune, None, of_commune.union_all(), int(of_commune["population"].sum()))
        )
        division = {"code": f"{commune['code']}-DIV", "names": commune["names"]}
        above.append(_row("division", division, commune["code"], of_commune.union_all(), None))
        for station in commune["commissariats"]:
            shape = of_commune[of_commune["commissariat"] == station["code"]].union_all()
            above.append(_row("commissariat", station, division["code"], shape, None))
    levels = gpd.GeoDataFrame(above, geometry="geometry", crs=plan["zone"]["crs"])
    columns = ["kind", "code", "parent", "name_nl", "name_fr", "name_en", "population", "geometry"]
    return gpd.GeoDataFrame(
        gpd.pd.concat([levels, table])[columns].reset_index(drop=True),
        geometry="geometry",
        crs=plan["zone"]["crs"],
    )


def streets(territory: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Schematic streets: the borders of the sectors, and within each sector a grid of its own direction and width.

    Returns
    -------
    GeoDataFrame
        Column geometry: lines without names.
    """
    sectors = territory[territory["kind"] == "sector"]
    lines = [shapely.union_all(sectors.geometry.boundary)]
    for place, sector in enumerate(sectors.geometry):
        turn, width = place * 17.0 % 90, STREET_METRES[place % len(STREET_METRES)]
        lines.append(_street_grid(sector, turn, width))
    parts = [part for part in shapely.get_parts(shapely.get_parts(lines)) if part.geom_type == "LineString"]
    return gpd.GeoDataFrame(geometry=parts, crs=territory.crs)


def _street_grid(sector: Polygon, turn: float, width: float) -> Any:
    """Parallel lines across a sector both ways, `width` metres apart, turned by `turn` degrees."""
    middle, reach = sector.centroid, shapely.minimum_bounding_radius(sector) * 1.5
    across = np.arange(-reach, reach + width, width)
    grid = [LineString([(-reach, at), (reach, at)]) for at in across]
    grid += [LineString([(at * 1.5, -reach), (at * 1.5, reach)]) for at in across]
    moved = [affinity.translate(affinity.rotate(line, turn, (0, 0)), middle.x, middle.y) for line in grid]
    return shapely.union_all(moved).intersection(sector)


def hotspots(plan: dict[str, Any], territory: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """The 21 perimeters: eleven-sided outlines around a place, clipped to their sector.

    Returns
    -------
    GeoDataFrame
        Columns number, sector, name_nl, name_fr, name_en, monthly (incidents in an ordinary month), geometry.
    """
    sectors = territory[territory["kind"] == "sector"].set_index("code")
    origin = np.array(plan["zone"]["origin"], dtype=float)
    middles = {
        s["code"]: np.array([s["x"], s["y"]])
        for c in plan["communes"]
        for k in c["commissariats"]
        for s in k["sectors"]
    }
    rows = []
    for place in plan["hotspots"]["list"]:
        centre = (middles[place["sector"]] + [place["dx"], place["dy"]]) * 1000 + origin
        angles = np.sort(np.linspace(0, 2 * np.pi, 11, endpoint=False) + rng.uniform(-0.15, 0.15, 11))
        radii = place["radius"] * rng.uniform(0.75, 1.2, 11)
        points = centre + np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None]
        shape = Polygon(np.round(points / 5) * 5).intersection(sectors.geometry[place["sector"]])
        sector, kind = sectors.loc[place["sector"]], plan["hotspots"]["kinds"][place["kind"]]
        rows.append(
            {
                "number": place["number"],
                "sector": place["sector"],
                **{f"name_{lang}": f"{sector[f'name_{lang}']}, {kind[lang]}" for lang in ("nl", "fr", "en")},
                "monthly": place["monthly"],
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=territory.crs)


def decisions(perimeters: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The outlines as they were decided over the years, by the day from which they hold.

    The first outlines of 2020 were a little narrower; they were renewed division by division, as the yearly reviews fell.
    """
    narrower = perimeters.set_geometry(perimeters.geometry.buffer(-8, join_style="mitre"))
    of_molenbeek = perimeters["sector"].str.startswith("MSJ")
    of_jette = perimeters["sector"].str.startswith("JET")
    return {
        "2020-11-01": narrower,
        "2025-12-10": perimeters[of_molenbeek],
        "2026-03-02": perimeters[~of_molenbeek & ~of_jette],
        "2026-06-01": perimeters[of_jette],
    }


def rings(perimeters: gpd.GeoDataFrame, outline: Polygon) -> gpd.GeoSeries:
    """The ring around each perimeter, inside the zone and outside every other perimeter."""
    around = perimeters.geometry.buffer(RING_METRES).intersection(outline)
    return around.difference(perimeters.union_all())


def to_geojson(table: gpd.GeoDataFrame) -> str:
    """GeoJSON in longitude and latitude, as other programs expect it."""
    text: str = table.to_crs(4326).to_json(drop_id=True, to_wgs84=False)
    return json.dumps(json.loads(text), ensure_ascii=False)


def _outline(seeds: np.ndarray[Any, Any]) -> Polygon:
    """A zone of about 17.8 square kilometres around the seeds, with the corners of a schematic drawing."""
    hull = MultiPoint(seeds).convex_hull
    outline = hull.buffer(600, quad_segs=3)
    return shapely.set_precision(outline, 1.0)


def _row(
    kind: str, thing: dict[str, Any], parent: str | None, shape: Polygon, population: int | None
) -> dict[str, Any]:
    names = thing["names"]
    return {
        "kind": kind,
        "code": thing["code"],
        "parent": parent,
        "name_nl": names["nl"],
        "name_fr": names["fr"],
        "name_en": names.get("en", names["fr"]),
        "population": population,
        "geometry": shape,
    }

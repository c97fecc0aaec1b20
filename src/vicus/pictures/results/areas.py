"""Areas of the library as a map: `areas.vicus.map()`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import geopandas as gpd
import numpy as np
import pandas as pd

from vicus.pictures.results.pen import NoPicture, Pen, dressed
from vicus.pictures.tokens import Scheme, tokens

MOST_AREAS = 20_000
"""More shapes than this are slow to draw and too small to see."""

COLOURED_BY = ("kind", "pattern", "quadrant", "ratio", "kde", "gi", "rate", "n")
"""Columns that functions of the library add, in the order in which a map looks for them."""

MEANINGS: Mapping[str, str] = {
    "hot": "above", "cold": "below", "none": "expected", "high-high": "above", "low-low": "below",
}  # fmt: skip
"""Words of the library with a colour of their own."""


def map_of(
    areas: gpd.GeoDataFrame, column: str | None = None, *, width: int = 640, scheme: Scheme = "light"
) -> alt.TopLevelMixin:
    """Draw areas coloured by a column; see `vicus.analysis.results.Drawn.map`."""
    pen = Pen(width, scheme)
    if not isinstance(areas, gpd.GeoDataFrame) or areas.empty:
        raise NoPicture("A map needs a GeoDataFrame with at least one row.")
    if len(areas) > MOST_AREAS:
        raise NoPicture(
            f"{len(areas):,} areas are too many for a drawn map (at most {MOST_AREAS:,}): take larger cells, or"
            " areas.plot(column)."
        )
    name = column or next((known for known in COLOURED_BY if known in areas.columns), None)
    if name is None or name not in areas.columns:
        raise NoPicture(f"Say which column colours the map; there are {', '.join(map(str, areas.columns))}.")
    west, south, east, north = areas.total_bounds
    values = areas[name]
    shown = gpd.GeoDataFrame({"value": _plain(values)}, geometry=areas.geometry.values)
    words = not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)
    picture = (
        alt.Chart({"values": _features(shown)})
        .mark_geoshape(strokeWidth=0.2, stroke=pen.colour("line"))
        .encode(color=_words(values, pen) if words else _ramp(values, name, pen))
        .project(type="identity", reflectY=True)
        .properties(width=pen.width, height=round(pen.width * min(1.2, (north - south) / max(east - west, 1e-9))))
    )  # fmt: skip
    return dressed(picture, f"{name} of {len(areas):,} areas", pen)


def _features(shown: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "geometry": shape.__geo_interface__, "properties": {"value": value}}
        for shape, value in zip(shown.geometry, shown["value"], strict=True)
    ]


def _plain(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value.item() if hasattr(value, "item") else value for value in values]


def _ramp(values: pd.Series, name: str, pen: Pen) -> Any:
    """More lies further from the paper, in both schemes; nothing has the colour of the ground; scores
    around zero diverge. Counts are so uneven that their square roots are coloured."""
    if values.min() < 0 < values.max():
        reach = float(np.nanmax(np.abs(values)))
        scale = alt.Scale(domain=[-reach, 0, reach], range=pen.diverging(), interpolate="lab")
    else:
        scale = alt.Scale(type="sqrt", range=pen.ramp())
    legend = alt.Legend(orient="bottom", gradientLength=240)
    scored = alt.Color("properties.value:Q", title=name, scale=scale, legend=legend)
    return alt.condition("datum.properties.value != 0", scored, alt.value(pen.colour("land")))


def _words(values: pd.Series, pen: Pen) -> alt.Color:
    found = sorted(map(str, values.dropna().unique()), key=lambda word: (word == "none", word))
    spare = tokens().category_colours(pen.scheme)
    meant = all(word in MEANINGS for word in found)
    colours = [
        pen.colour(MEANINGS[word]) if meant else pen.colour("expected") if word == "none" else spare[i % len(spare)]
        for i, word in enumerate(found)
    ]  # fmt: skip
    return alt.Color(
        "properties.value:N", title=None, scale=alt.Scale(domain=found, range=colours),
        legend=alt.Legend(orient="bottom", columns=4, labelLimit=220),
    )  # fmt: skip

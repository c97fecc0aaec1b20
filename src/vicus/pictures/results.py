"""Results of the analysis library, drawn: `result.chart()`, `areas.vicus.map()`, `table.vicus.chart()`.

A few kinds of picture, and one table that says which result takes which. The finding stands above the picture, in the
words of the result's own `summary()`; colours and type are those of every other picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.special import ndtr

from vicus.pictures.lettering import wrap
from vicus.pictures.theme import SIZES, config
from vicus.pictures.tokens import Scheme, tokens

HEIGHT = 260
MOST_AREAS = 20_000
"""More shapes than this are slow to draw and too small to see."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class NoPicture(TypeError):
    """There is no picture of this kind of result."""


@dataclass(frozen=True)
class _Pen:
    """Size and colours of one drawing."""

    width: int
    scheme: Scheme

    def colour(self, name: str) -> str:
        data = tokens().data(self.scheme)
        return data[name] if name in data else tokens().colours(self.scheme)[name]


def chart(result: Any, *, width: int = 640, scheme: Scheme = "light") -> alt.TopLevelMixin:
    """Draw a result of `vicus.analysis`.

    Parameters
    ----------
    result : result or DataFrame
        What a function of the library returned.
    width : int, default 640
        px.
    scheme : "light" or "dark", default "light"

    Raises
    ------
    NoPicture
        There is no picture of it.
    """
    pen = _Pen(width, scheme)
    if isinstance(result, pd.DataFrame):
        for columns, draw in TABLES.items():
            if set(columns) <= set(result.columns):
                return _dressed(draw(result, pen), _TABLE_WORDS[columns], pen)
        raise NoPicture("This table has no picture; areas have a map: areas.vicus.map(column).")
    kind = type(result).__name__
    if kind not in RESULTS:
        raise NoPicture(f"{kind} has no picture.")
    if not getattr(result, "enough_data", True) and kind not in DRAWN_ANYWAY:
        return _dressed(_nothing(pen), result.summary(), pen)
    return _dressed(RESULTS[kind](result, pen), result.summary(), pen)


def map_of(
    areas: gpd.GeoDataFrame, column: str | None = None, *, width: int = 640, scheme: Scheme = "light"
) -> alt.TopLevelMixin:
    """Draw areas coloured by a column; see `vicus.analysis.results.Drawn.map`."""
    pen = _Pen(width, scheme)
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
    return _dressed(picture, f"{name} of {len(areas):,} areas", pen)


COLOURED_BY = ("kind", "pattern", "quadrant", "ratio", "kde", "gi", "rate", "n")
"""Columns that functions of the library add, in the order in which a map looks for them."""


def _features(shown: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "geometry": shape.__geo_interface__, "properties": {"value": value}}
        for shape, value in zip(shown.geometry, shown["value"], strict=True)
    ]


def _plain(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value.item() if hasattr(value, "item") else value for value in values]


def _ramp(values: pd.Series, name: str, pen: _Pen) -> Any:
    """More lies further from the paper, in both schemes; nothing has the colour of the ground; scores
    around zero diverge. Counts are so uneven that their square roots are coloured."""
    ramp = list(tokens().density)
    if values.min() < 0 < values.max():
        reach = float(np.nanmax(np.abs(values)))
        ends = [pen.colour("below"), pen.colour("expected"), pen.colour("above")]
        scale = alt.Scale(domain=[-reach, 0, reach], range=ends, interpolate="lab")
    else:
        scale = alt.Scale(type="sqrt", range=ramp[::-1] if pen.scheme == "light" else ramp)
    legend = alt.Legend(orient="bottom", gradientLength=240)
    scored = alt.Color("properties.value:Q", title=name, scale=scale, legend=legend)
    return alt.condition("datum.properties.value != 0", scored, alt.value(pen.colour("land")))


MEANINGS: Mapping[str, str] = {
    "hot": "above", "cold": "below", "none": "expected", "high-high": "above", "low-low": "below",
}  # fmt: skip
"""Words of the library with a colour of their own."""


def _words(values: pd.Series, pen: _Pen) -> alt.Color:
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


def _lorenz(result: Any, pen: _Pen) -> Any:
    curve = pd.DataFrame({"x": result.share_of_places, "y": result.share_of_events})
    even = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    axes = {"x": _share("x", "share of places"), "y": _share("y", "share of events")}
    return alt.layer(
        alt.Chart(even).mark_line(strokeDash=[4, 4], strokeWidth=1, color=pen.colour("muted")).encode(**axes),
        alt.Chart(_thinned(curve)).mark_line(color=pen.colour("value")).encode(**axes),
    )


def _hit_rate(table: pd.DataFrame, pen: _Pen) -> Any:
    curve = pd.DataFrame({"x": [0.0, *table["share_area"]], "y": [0.0, *table["share_events"]]})
    even = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    axes = {"x": _share("x", "share of the area"), "y": _share("y", "share of events caught")}
    return alt.layer(
        alt.Chart(even).mark_line(strokeDash=[4, 4], strokeWidth=1, color=pen.colour("muted")).encode(**axes),
        alt.Chart(_thinned(curve)).mark_line(color=pen.colour("value")).encode(**axes),
    )


def _funnel(result: Any, pen: _Pen) -> Any:
    places = pd.DataFrame(
        {"expected": result.expected, "ratio": result.ratio, "low": result.low, "high": result.high,
         "outside": result.outside}
    ).dropna()  # fmt: skip
    x = alt.X("expected:Q", title="expected events", scale=alt.Scale(zero=False))
    limits = alt.Chart(places.sort_values("expected"))
    return alt.layer(
        limits.mark_area(color=pen.colour("band"), interpolate="monotone").encode(x=x, y="low:Q", y2="high:Q"),
        alt.Chart(pd.DataFrame({"y": [1.0]})).mark_rule(color=pen.colour("muted")).encode(y="y:Q"),
        alt.Chart(places).mark_point(size=50, filled=True, opacity=1).encode(
            x=x, y=alt.Y("ratio:Q", title="observed over expected"),
            color=alt.condition("datum.outside", alt.value(pen.colour("above")), alt.value(pen.colour("value"))),
        ),
    )  # fmt: skip


def _intervals(rows: Sequence[tuple[str, float, float, float]], title: str, pen: _Pen) -> Any:
    """Estimates with their intervals under each other, and the line of no difference."""
    table = pd.DataFrame(rows, columns=["name", "value", "low", "high"])
    y = alt.Y("name:N", sort=list(table["name"]), title=None)
    base = alt.Chart(table)
    return alt.layer(
        alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=pen.colour("muted"), strokeDash=[4, 4]).encode(x="x:Q"),
        base.mark_rule(strokeWidth=2, color=pen.colour("value")).encode(
            x=alt.X("low:Q", title=title, scale=alt.Scale(padding=12)), x2="high:Q", y=y
        ),
        base.mark_point(size=70, filled=True, opacity=1, color=pen.colour("value")).encode(x="value:Q", y=y),
    ).properties(height=48 * len(table))  # fmt: skip


def _wdd(result: Any, pen: _Pen) -> Any:
    reach = (result.high - result.low) / 2 / result.total_se if result.total_se else 0.0
    parts = [("at the place", result.local, result.local_se), ("around it", result.displaced, result.displaced_se),
             ("together", result.total, result.total_se)]  # fmt: skip
    rows = [
        (name, value, value - reach * error, value + reach * error)
        for name, value, error in parts
        if value is not None and np.isfinite(value)
    ]
    return _intervals(rows, "events more or fewer than the comparison area foretold", pen)


def _expected(result: Any, pen: _Pen) -> Any:
    return _intervals([("next period", result.mean, result.low, result.high)], "events", pen)


def _null(score: str, name: str) -> Callable[[Any, _Pen], Any]:
    """The score among the scores that chance would give."""

    def draw(result: Any, pen: _Pen) -> Any:
        z = float(getattr(result, score))
        reach = max(4.0, abs(z) + 0.5)
        x = np.linspace(-reach, reach, 241)
        bell = pd.DataFrame({"x": x, "y": np.gradient(ndtr(x), x)})
        return alt.layer(
            alt.Chart(bell).mark_area(color=pen.colour("band")).encode(
                x=alt.X("x:Q", title=f"{name}: what chance gives, and what was found"), y=alt.Y("y:Q", axis=None)
            ),
            alt.Chart(pd.DataFrame({"x": [z]})).mark_rule(color=pen.colour("above"), strokeWidth=3).encode(x="x:Q"),
        ).properties(height=140)  # fmt: skip

    return draw


def _knox(result: Any, pen: _Pen) -> Any:
    near = _bands(result.distances, "m", result.closed)
    soon = _bands(result.days, "days", result.closed)
    rows = [
        {"near": a, "soon": b, "ratio": _number(result.ratio[i, j]), "text": _ratio(result.ratio[i, j]),
         "sure": bool(result.significant[i, j])}
        for i, a in enumerate(near) for j, b in enumerate(soon)
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    base = alt.Chart(table).encode(
        x=alt.X("soon:O", sort=soon, title="days between", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("near:O", sort=near, title="distance between"),
    )
    most = max(1.5, float(np.nanmax(table["ratio"].astype(float))))
    ends = [pen.colour("below"), pen.colour("expected"), pen.colour("above")]
    return alt.layer(
        base.mark_rect().encode(
            color=alt.Color("ratio:Q", title="observed / expected",
                            scale=alt.Scale(domain=[2 - most, 1, most], range=ends))
        ),
        base.transform_filter("datum.sure").mark_rect(filled=False, stroke=pen.colour("ink"), strokeWidth=2),
        base.mark_text(color=pen.colour("ink")).encode(text="text:N"),
    ).properties(height=max(120, 42 * len(near)))  # fmt: skip


def _bands(edges: Sequence[float], unit: str, closed: str) -> list[str]:
    left, right = ("[", ")") if closed == "left" else ("(", "]")
    edges = [float(edge) for edge in edges]
    below = [0.0, *edges[:-1]]
    return [
        f"{'[' if i == 0 else left}{low:g}, {high:g}{right if i or closed == 'left' else ']'} {unit}"
        for i, (low, high) in enumerate(zip(below, edges, strict=True))
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _ratio(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "–"


def _cumulative(table: pd.DataFrame, pen: _Pen) -> Any:
    rows = table.reset_index(drop=True).rename_axis("period").reset_index()
    base = alt.Chart(rows).encode(x=alt.X("period:Q", title="period", axis=alt.Axis(tickMinStep=1)))
    return alt.layer(
        base.mark_area(color=pen.colour("band")).encode(y=alt.Y("low:Q", title="cumulative difference"), y2="high:Q"),
        alt.Chart(pd.DataFrame({"y": [0.0]})).mark_rule(color=pen.colour("muted"), strokeDash=[4, 4]).encode(y="y:Q"),
        base.mark_line(color=pen.colour("value")).encode(y="difference:Q"),
    )  # fmt: skip


def _against_expected(table: pd.DataFrame, pen: _Pen) -> Any:
    base = alt.Chart(table).encode(
        x=alt.X("count:O", title="events in a period", axis=alt.Axis(labelAngle=0))
    )
    return alt.layer(
        base.mark_bar(color=pen.colour("band")).encode(y=alt.Y("observed:Q", title="periods")),
        base.mark_point(color=pen.colour("above"), filled=True, size=60).encode(y="expected:Q"),
    )


def _quotient(result: Any, pen: _Pen) -> Any:
    names = {
        "gross_effect": "gross effect",
        "net_effect": "net effect",
        "total_net_effect": "total net effect",
    }
    rows = [(name, getattr(result, key)) for key, name in names.items() if getattr(result, key) is not None]
    table = pd.DataFrame(rows, columns=["name", "value"])
    return alt.layer(
        alt.Chart(table).mark_bar(color=pen.colour("value"), height=22).encode(
            x=alt.X("value:Q", title="events"), y=alt.Y("name:N", sort=list(names.values()), title=None)
        )
    ).properties(height=48 * max(1, len(table)))  # fmt: skip


def week(hours: np.ndarray, *, width: int = 640, scheme: Scheme = "light") -> alt.TopLevelMixin:
    """Draw what `aoristic` returned: seven days by 24 hours, Monday first."""
    pen = _Pen(width, scheme)
    rows = [
        {"day": DAYS[day], "hour": hour, "events": float(hours[day, hour])}
        for day in range(7) for hour in range(24)
    ]  # fmt: skip
    ramp = list(tokens().density)
    picture = (
        alt.Chart(pd.DataFrame(rows))
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title="hour of the day", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("day:O", sort=list(DAYS), title=None),
            color=alt.Color("events:Q", scale=alt.Scale(range=ramp[::-1] if scheme == "light" else ramp, domainMin=0)),
        )
        .properties(height=190)
    )  # fmt: skip
    busiest = np.unravel_index(int(np.argmax(hours)), hours.shape)
    words = f"Most events on {DAYS[busiest[0]]} between {busiest[1]} and {busiest[1] + 1} h."
    return _dressed(picture, words, pen)


def _nothing(pen: _Pen) -> Any:
    words = alt.Chart(pd.DataFrame({"text": ["not enough data"]}))
    return alt.layer(
        words.mark_text(color=pen.colour("muted"), fontSize=SIZES["subtitle"]).encode(text="text:N")
    ).properties(height=80)


def _share(field: str, title: str) -> Any:
    channel = alt.X if field == "x" else alt.Y
    return channel(f"{field}:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))


def _thinned(curve: pd.DataFrame, most: int = 400) -> pd.DataFrame:
    """As many points of a curve as can be told apart."""
    if len(curve) <= most:
        return curve
    return curve.iloc[np.unique(np.linspace(0, len(curve) - 1, most).round().astype(int))]


def _dressed(picture: Any, words: str, pen: _Pen) -> alt.TopLevelMixin:
    """The finding above, the look of the house, the words for a screen reader."""
    height = HEIGHT if getattr(picture, "height", alt.Undefined) is alt.Undefined else picture.height
    dressed = picture.properties(
        width=pen.width,
        height=height,
        title=alt.TitleParams(
            wrap(words, pen.width - 40, SIZES["title"], bold=True),
            anchor="start", frame="bounds", fontSize=SIZES["title"], offset=14,
        ),
        description=words,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        usermeta={"vicus": {"picture": "result", "scheme": pen.scheme}},
    )  # fmt: skip
    ground = {"background": pen.colour("paper"), "padding": tokens().space["s"]}
    look = config(pen.scheme)
    look["legend"] = {**look["legend"], "titleFontWeight": "normal"}
    dressed.config = alt.Config.from_dict({**look, **ground})
    return dressed  # type: ignore[no-any-return]


RESULTS: Mapping[str, Callable[[Any, _Pen], Any]] = {
    "Lorenz": _lorenz,
    "Funnel": _funnel,
    "WeightedDisplacementDifference": _wdd,
    "HarmWeightedDisplacementDifference": _wdd,
    "Expected": _expected,
    "Moran": _null("z", "Moran's I, standard score"),
    "MannKendall": _null("z", "Mann-Kendall, standard score"),
    "Knox": _knox,
    "DisplacementQuotient": _quotient,
}
"""Which picture a result takes, by the name of its class."""

DRAWN_ANYWAY = ("Funnel",)
"""Results that have figures when something beside them could not be estimated."""

TABLES: Mapping[tuple[str, ...], Callable[[pd.DataFrame, _Pen], Any]] = {
    ("share_area", "share_events", "pai"): _hit_rate,
    ("difference", "low", "high", "irr"): _cumulative,
    ("count", "observed", "expected"): _against_expected,
}
"""Which picture a table takes, by its columns."""
_TABLE_WORDS: Mapping[tuple[str, ...], str] = {
    ("share_area", "share_events", "pai"): "Share of the events caught, by share of the area",
    ("difference", "low", "high", "irr"): "Treated minus comparison area, added up since the start",
    ("count", "observed", "expected"): "Periods by their number of events: bars found, points expected",
}


def notebook() -> None:
    """Show charts in notebooks as still pictures, in the letters of the house, with nothing loaded from elsewhere."""
    from vicus.pictures.drawing import fonts

    fonts()
    alt.renderers.enable("svg")

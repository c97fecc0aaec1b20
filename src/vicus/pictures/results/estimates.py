"""Results as a few numbers: estimates with their intervals, scores among those of chance, bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.special import ndtr

from vicus.pictures.results.pen import Pen


def _intervals(
    rows: Sequence[tuple[str, float, float, float]], title: str, pen: Pen, *, zero: bool = True
) -> Any:
    """Estimates with their intervals under each other, and the line of no difference."""
    table = pd.DataFrame(rows, columns=["name", "value", "low", "high"])
    y = alt.Y("name:N", sort=list(table["name"]), title=None)
    base = alt.Chart(table)
    none = (
        alt.Chart(pd.DataFrame({"x": [0.0]}))
        .mark_rule(color=pen.colour("muted"), strokeDash=[4, 4])
        .encode(x="x:Q")
    )
    return alt.layer(
        *([none] if zero else []),
        base.mark_rule(strokeWidth=2, color=pen.colour("value")).encode(
            x=alt.X("low:Q", title=title, scale=alt.Scale(padding=12)), x2="high:Q", y=y
        ),
        base.mark_point(size=70, filled=True, opacity=1, color=pen.colour("value")).encode(x="value:Q", y=y),
    ).properties(height=48 * len(table))  # fmt: skip


def wdd(result: Any, pen: Pen) -> Any:
    reach = (result.high - result.low) / 2 / result.total_se if result.total_se else 0.0
    parts = [("at the place", result.local, result.local_se), ("around it", result.displaced, result.displaced_se),
             ("together", result.total, result.total_se)]  # fmt: skip
    rows = [
        (name, value, value - reach * error, value + reach * error)
        for name, value, error in parts
        if value is not None and np.isfinite(value)
    ]
    return _intervals(rows, "events more or fewer than the comparison area foretold", pen)


def expected(result: Any, pen: Pen) -> Any:
    return _intervals([("next period", result.mean, result.low, result.high)], "events", pen, zero=False)


def null(score: str, name: str) -> Callable[[Any, Pen], Any]:
    """The score among the scores that chance would give."""

    def draw(result: Any, pen: Pen) -> Any:
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


def quotient(result: Any, pen: Pen) -> Any:
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


def harm(result: Any, pen: Pen) -> Any:
    """Harm that was spared or added."""
    return _intervals(
        [("harm", result.total, result.low, result.high)], "harm more or less than foretold", pen
    )


def bars(rows: Sequence[tuple[str, str, str]], title: str) -> Callable[[Any, Pen], Any]:
    """Pairs of attributes of a result as bars: found, and expected as a point."""

    def draw(result: Any, pen: Pen) -> Any:
        table = pd.DataFrame(
            [(name, getattr(result, found), getattr(result, expected)) for name, found, expected in rows],
            columns=["name", "found", "expected"],
        )
        base = alt.Chart(table).encode(y=alt.Y("name:N", sort=[name for name, *_ in rows], title=None))
        return alt.layer(
            base.mark_bar(color=pen.colour("band"), height=22).encode(x=alt.X("found:Q", title=title)),
            base.mark_point(color=pen.colour("above"), filled=True, size=70, opacity=1).encode(
                x="expected:Q"
            ),
        ).properties(height=48 * len(rows))

    return draw


def centre(result: Any, pen: Pen) -> Any:
    """The ellipse, the mean centre as a point and the median as a ring."""
    shapes = gpd.GeoSeries([result.ellipse]).__geo_interface__["features"]
    spots = pd.DataFrame(
        {"x": [result.x, result.median_x], "y": [result.y, result.median_y], "which": ["mean", "median"]}
    )
    colours = alt.Scale(domain=["mean", "median"], range=[pen.colour("value"), pen.colour("above")])
    return alt.layer(
        alt.Chart({"values": shapes}).mark_geoshape(fill=pen.colour("band"), stroke=pen.colour("value")),
        alt.Chart(spots)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(longitude="x:Q", latitude="y:Q", color=alt.Color("which:N", title=None, scale=colours)),
    ).project("identity", reflectY=True)

"""Results along an axis: shares, distances, periods."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from vicus.pictures.results.pen import Pen


def lorenz(result: Any, pen: Pen) -> Any:
    curve = pd.DataFrame({"x": result.share_of_places, "y": result.share_of_events})
    even = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    axes = {"x": share("x", "share of places"), "y": share("y", "share of events")}
    return alt.layer(
        alt.Chart(even).mark_line(strokeDash=[4, 4], strokeWidth=1, color=pen.colour("muted")).encode(**axes),
        alt.Chart(thinned(curve)).mark_line(color=pen.colour("value")).encode(**axes),
    )


def hit_rate(table: pd.DataFrame, pen: Pen) -> Any:
    curve = pd.DataFrame({"x": [0.0, *table["share_area"]], "y": [0.0, *table["share_events"]]})
    even = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    axes = {"x": share("x", "share of the area"), "y": share("y", "share of events caught")}
    return alt.layer(
        alt.Chart(even).mark_line(strokeDash=[4, 4], strokeWidth=1, color=pen.colour("muted")).encode(**axes),
        alt.Chart(thinned(curve)).mark_line(color=pen.colour("value")).encode(**axes),
    )


def funnel(result: Any, pen: Pen) -> Any:
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


def cumulative(table: pd.DataFrame, pen: Pen) -> Any:
    rows = table.reset_index(drop=True).rename_axis("period").reset_index()
    base = alt.Chart(rows).encode(x=alt.X("period:Q", title="period", axis=alt.Axis(tickMinStep=1)))
    return alt.layer(
        base.mark_area(color=pen.colour("band")).encode(y=alt.Y("low:Q", title="cumulative difference"), y2="high:Q"),
        alt.Chart(pd.DataFrame({"y": [0.0]})).mark_rule(color=pen.colour("muted"), strokeDash=[4, 4]).encode(y="y:Q"),
        base.mark_line(color=pen.colour("value")).encode(y="difference:Q"),
    )  # fmt: skip


def against_expected(table: pd.DataFrame, pen: Pen) -> Any:
    base = alt.Chart(table).encode(
        x=alt.X("count:O", title="events in a period", axis=alt.Axis(labelAngle=0))
    )
    return alt.layer(
        base.mark_bar(color=pen.colour("band")).encode(y=alt.Y("observed:Q", title="periods")),
        base.mark_point(color=pen.colour("above"), filled=True, size=60).encode(y="expected:Q"),
    )


def share(field: str, title: str) -> Any:
    channel = alt.X if field == "x" else alt.Y
    return channel(f"{field}:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))


def thinned(curve: pd.DataFrame, most: int = 400) -> pd.DataFrame:
    """As many points of a curve as can be told apart."""
    if len(curve) <= most:
        return curve
    return curve.iloc[np.unique(np.linspace(0, len(curve) - 1, most).round().astype(int))]


def ripley(result: Any, pen: Pen) -> Any:
    """Pairs beyond those of events thrown at random, at each distance."""
    rows = pd.DataFrame({"d": result.distances, "l": result.l, "low": result.low, "high": result.high})
    for column in ("l", "low", "high"):
        rows[column] -= rows["d"]
    base = alt.Chart(rows).encode(x=alt.X("d:Q", title="distance, m"))
    return alt.layer(
        base.mark_area(color=pen.colour("band")).encode(
            y=alt.Y("low:Q", title="L less distance, m"), y2="high:Q"
        ),
        base.mark_line(color=pen.colour("value"), point=True).encode(y="l:Q"),
    )


def path(column: str) -> Any:
    """What was observed, and what would have been without."""

    def draw(result: Any, pen: Pen) -> Any:
        rows = result.path.reset_index(drop=True).rename_axis("period").reset_index()
        base = alt.Chart(rows).encode(x=alt.X("period:Q", title="period", axis=alt.Axis(tickMinStep=1)))
        return alt.layer(
            base.mark_line(color=pen.colour("muted"), strokeDash=[5, 4]).encode(
                y=alt.Y(f"{column}:Q", title="events")
            ),
            base.mark_line(color=pen.colour("value")).encode(y="observed:Q"),
        )

    return draw


def event_study(result: Any, pen: Pen) -> Any:
    """Difference by periods since the start, with a band that holds for all of them at once."""
    rows = result.by_event.reset_index()
    base = alt.Chart(rows).encode(
        x=alt.X("event:Q", title="periods since the start", axis=alt.Axis(tickMinStep=1))
    )
    return alt.layer(
        base.mark_area(color=pen.colour("band")).encode(
            y=alt.Y("band_low:Q", title="events more or fewer"), y2="band_high:Q"
        ),
        alt.Chart(pd.DataFrame({"y": [0.0]}))
        .mark_rule(color=pen.colour("muted"), strokeDash=[4, 4])
        .encode(y="y:Q"),
        base.mark_line(color=pen.colour("value"), point=True).encode(y="att:Q"),
    )

"""Results in rows and columns: bands of distance by bands of days, days by hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.pictures.results.pen import Pen, dressed
from vicus.pictures.tokens import Scheme

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def knox(result: Any, pen: Pen) -> Any:
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
    return alt.layer(
        base.mark_rect().encode(
            color=alt.Color("ratio:Q", title="observed / expected",
                            scale=alt.Scale(domain=[2 - most, 1, most], range=pen.diverging()))
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


def week(hours: npt.NDArray[np.float64], *, width: int = 640, scheme: Scheme = "light") -> alt.TopLevelMixin:
    """Draw what `aoristic` returned: seven days by 24 hours, Monday first."""
    pen = Pen(width, scheme)
    rows = [
        {"day": DAYS[day], "hour": hour, "events": float(hours[day, hour])}
        for day in range(7) for hour in range(24)
    ]  # fmt: skip
    picture = (
        alt.Chart(pd.DataFrame(rows))
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title="hour of the day", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("day:O", sort=list(DAYS), title=None),
            color=alt.Color("events:Q", scale=alt.Scale(range=pen.ramp(), domainMin=0)),
        )
        .properties(height=190)
    )  # fmt: skip
    busiest = np.unravel_index(int(np.argmax(hours)), hours.shape)
    words = f"Most events on {DAYS[busiest[0]]} between {busiest[1]} and {busiest[1] + 1} h."
    return dressed(picture, words, pen)

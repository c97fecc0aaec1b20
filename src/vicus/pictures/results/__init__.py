"""Results of the analysis library, drawn: `result.chart()`, `areas.vicus.map()`, `table.vicus.chart()`.

A few kinds of picture, and tables that say which result takes which. The finding stands above the picture, in the words of
the result's own `summary()`; colours and type are those of every other picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from vicus.pictures.results import curves, estimates, grids
from vicus.pictures.results.areas import map_of
from vicus.pictures.results.grids import week
from vicus.pictures.results.pen import NoPicture, Pen, dressed, nothing
from vicus.pictures.tokens import Scheme

__all__ = ["NoPicture", "chart", "map_of", "notebook", "week"]

Draw = Callable[[Any, Pen], Any]

RESULTS: Mapping[str, Draw] = {
    "Capture": estimates.bars([("share of events, and of the area", "share_events", "share_area")], "share"),
    "Centre": estimates.centre,
    "DifferenceInDifferences": curves.event_study,
    "DisplacementQuotient": estimates.quotient,
    "Expected": estimates.expected,
    "Funnel": curves.funnel,
    "GearyC": estimates.null("z", "Geary's C, standard score"),
    "GeneralG": estimates.null("z", "general G, standard score"),
    "HarmDifference": estimates.harm,
    "InterruptedSeries": curves.path("expected"),
    "JoinCounts": estimates.bars(
        [
            ("both", "bb", "expected_bb"),
            ("one of two", "bw", "expected_bw"),
            ("neither", "ww", "expected_ww"),
        ],
        "joins found, and expected",
    ),
    "Knox": grids.knox,
    "Lorenz": curves.lorenz,
    "MannKendall": estimates.null("z", "Mann-Kendall, standard score"),
    "Moran": estimates.null("z", "Moran's I, standard score"),
    "NearestNeighbours": estimates.null("z", "nearest neighbours, standard score"),
    "PeriodChange": estimates.bars([("now, and before", "after", "before")], "events"),
    "Ripley": curves.ripley,
    "SyntheticControl": curves.path("synthetic"),
    "WeightedDisplacementDifference": estimates.wdd,
}
"""Which picture a result takes, by the name of its class."""

DRAWN_ANYWAY = ("Funnel",)
"""Results that have figures when something beside them could not be estimated."""

TABLES: Mapping[tuple[str, ...], tuple[str, Draw]] = {
    ("share_area", "share_events", "pai"): (
        "Share of the events caught, by share of the area",
        curves.hit_rate,
    ),
    ("difference", "low", "high", "irr"): (
        "Treated minus comparison area, added up since the start",
        curves.cumulative,
    ),
    ("count", "observed", "expected"): (
        "Periods by their number of events: bars found, points expected",
        curves.against_expected,
    ),
}
"""Which picture a table takes, by its columns."""


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
    pen = Pen(width, scheme)
    if isinstance(result, pd.DataFrame):
        for columns, (words, draw) in TABLES.items():
            if set(columns) <= set(result.columns):
                return dressed(draw(result, pen), words, pen)
        raise NoPicture("This table has no picture; areas have a map: areas.vicus.map(column).")
    kind = type(result).__name__
    if kind not in RESULTS:
        raise NoPicture(f"{kind} has no picture; its summary() says what it found.")
    if not getattr(result, "enough_data", True) and kind not in DRAWN_ANYWAY:
        return dressed(nothing(pen), result.summary(), pen)
    return dressed(RESULTS[kind](result, pen), result.summary(), pen)


def notebook() -> None:
    """Show charts in notebooks as still pictures, in the letters of the house, with nothing loaded from elsewhere."""
    from vicus.pictures.drawing import fonts

    fonts()
    alt.renderers.enable("svg")

"""What every result can do beside carrying its figures: draw itself, and tables with it.

Drawing lives in `vicus.pictures`, a room above this one. It is looked up when a picture is asked for, as pandas does with
its plotting backends, so that the library neither imports it nor needs it for its figures.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    import altair as alt

DRAWING = "vicus.pictures.results"


class Result(ABC):
    """A result of the library: its attributes are the figures, `summary()` is one plain sentence."""

    __slots__ = ()

    @abstractmethod
    def summary(self) -> str:
        """Say the result in one plain sentence."""

    def chart(self, *, width: int = 640, scheme: Literal["light", "dark"] = "light") -> alt.TopLevelMixin:
        """Draw the result.

        Parameters
        ----------
        width : int, default 640
            px.
        scheme : "light" or "dark", default "light"

        Returns
        -------
        altair chart
            Shows itself in a notebook; `vicus.pictures.drawing.svg` and `png` write it to a file.
        """
        return import_module(DRAWING).chart(self, width=width, scheme=scheme)  # type: ignore[no-any-return]


class Drawn:
    """Pictures of tables, as ``table.vicus``: registered with pandas, and so with geopandas."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    def map(
        self, column: str | None = None, *, width: int = 640, scheme: Literal["light", "dark"] = "light"
    ) -> alt.TopLevelMixin:
        """Draw areas, coloured by a column.

        Parameters
        ----------
        column : str, optional
            Its values decide the colour; by default the first found of `kind`, `pattern`, `quadrant`, `kde`, `gi`, `rate`,
            `n`. Words get a colour each, numbers the density scale.
        width : int, default 640
            px.
        scheme : "light" or "dark", default "light"

        Returns
        -------
        altair chart
        """
        return import_module(DRAWING).map_of(self._table, column, width=width, scheme=scheme)  # type: ignore[no-any-return]

    def chart(self, *, width: int = 640, scheme: Literal["light", "dark"] = "light") -> alt.TopLevelMixin:
        """Draw a table that a function of the library returned (`pai`, `cumulative_wdd`, `poisson_fit`)."""
        return import_module(DRAWING).chart(self._table, width=width, scheme=scheme)  # type: ignore[no-any-return]


def offer_pictures() -> None:
    """Register ``table.vicus`` with pandas, once."""
    if not hasattr(pd.DataFrame, "vicus"):
        pd.api.extensions.register_dataframe_accessor("vicus")(Drawn)

"""What a function takes for a layer: a GeoDataFrame or GeoSeries, or whatever can be turned into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@runtime_checkable
class Layer(Protocol):
    """Something that becomes a layer of points when it is asked, such as a selection of a store of incidents."""

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """The points, with their columns."""
        ...


Points: TypeAlias = "gpd.GeoDataFrame | gpd.GeoSeries | Layer"
"""Points in a projected CRS in metres."""


@runtime_checkable
class Intervals(Protocol):
    """Something that knows between which moments its events can have happened."""

    def to_intervals(self) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """First and last moments, the latter missing where there is one moment only."""
        ...


def layer_of(given: Any) -> Any:
    """The layer that was meant; anything else is handed on as it is."""
    return given.to_geodataframe() if isinstance(given, Layer) else given

"""The incidents of a selection in a store, ready to hand to the analysis library."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from vicus.incidents import questions

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from vicus.incidents.selection import Selection
    from vicus.incidents.store import Store

MOMENTS = ("occurred_from", "occurred_to", "reported_at")


@dataclass(frozen=True)
class Selected:
    """A selection of one store, which functions of `vicus.analysis` take where they take points or intervals.

    Nothing is read before it is needed, and then once: what the store holds at that moment.

    Parameters
    ----------
    store : Store
        The zone's incidents.
    selection : Selection
        Which of them.
    """

    store: Store
    selection: Selection

    @cached_property
    def _points(self) -> gpd.GeoDataFrame:
        found = questions.points(self.store, self.selection)
        for name in MOMENTS:
            found[name] = found[name].dt.tz_convert(self.store.timezone)
        return found

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """The incidents that have a location, oldest first; their moments in the time zone of the zone."""
        return self._points.copy()

    def to_intervals(self) -> tuple[pd.Series[pd.Timestamp], pd.Series[pd.Timestamp]]:
        """First and last moment of those known to the minute, located or not; no last where there is one."""
        found = questions.intervals(self.store, self.selection)
        return found["occurred_from"], found["occurred_to"]

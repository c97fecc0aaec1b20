"""A long table of places and periods as a matrix, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import column_of
from vicus.analysis.errors import BadParameter, MissingValues, NotCounts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Outcomes, places by periods, and the position of the first treated period (number of periods: never)."""

    outcomes: Floats
    start: npt.NDArray[np.int64]
    names: list[Any]
    left_out: list[Any]

    @property
    def periods(self) -> int:
        return int(self.outcomes.shape[1])

    @staticmethod
    def read(panel: pd.DataFrame, unit: str, period: str, outcome: str, first_treated: str) -> Panel:
        for column in (unit, period, outcome, first_treated):
            column_of(panel, column, "panel")
        if not len(panel):
            return Panel(np.zeros((0, 0)), np.zeros(0, dtype=np.int64), [], [])
        twice = panel.duplicated([unit, period])
        if twice.any():
            place, when = panel.loc[twice, [unit, period]].iloc[0]
            raise BadParameter(f"panel holds {place!r} in {when!r} more than once; add its rows up first.")
        if (panel.groupby(unit)[first_treated].nunique(dropna=False) > 1).any():
            raise BadParameter(
                f"{first_treated} must be one value per place: the first period with the action."
            )
        wide = panel.pivot(index=unit, columns=period, values=outcome).sort_index(axis=1)
        try:
            values = wide.to_numpy(dtype=float)
        except (TypeError, ValueError) as error:
            raise NotCounts(f"{outcome} must be numbers: {error}.") from None
        gaps = int(np.count_nonzero(~np.isfinite(values)))
        if gaps:
            raise MissingValues(
                f"{gaps} of {values.size} places and periods have no {outcome}. A place and period without events is a"
                " row with 0."
            )
        begins = panel.groupby(unit)[first_treated].first().reindex(wide.index)
        names = list(wide.columns)
        start = np.full(len(wide), len(names), dtype=np.int64)
        known = begins.notna().to_numpy()
        kind: Any = wide.columns.dtype
        start[known] = np.searchsorted(wide.columns.to_numpy(), begins[known].astype(kind).to_numpy())
        kept = start > 0
        return Panel(values[kept], start[kept], names, list(wide.index[~kept]))

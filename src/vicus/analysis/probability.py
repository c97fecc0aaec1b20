"""Corrections of p-values for asking many questions at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def adjust_p(p: Floats, method: str | None) -> Floats:
    """Adjusted p-values; NaN stays NaN and counts as no test."""
    adjusted = p.copy()
    if method is None:
        return adjusted
    known = ~np.isnan(p)
    tested = p[known]
    m = len(tested)
    if method == "bonferroni":
        adjusted[known] = np.minimum(tested * m, 1.0)
    elif method == "fdr" and m:
        order = np.argsort(tested)
        ranked = tested[order] * m / np.arange(1, m + 1)
        ranked = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
        back = np.empty(m)
        back[order] = ranked
        adjusted[known] = back
    return adjusted

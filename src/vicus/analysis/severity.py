"""Harm: events weighted by how grave they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vicus.analysis.checks import not_negative
from vicus.analysis.errors import ColumnMissing, LengthMismatch, MissingValues, NotCounts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]


def harm(counts: ArrayLike | pd.DataFrame, weights: ArrayLike | Mapping[Any, float] | pd.Series[Any]) -> Any:
    r"""Harm of events of several kinds: their counts weighted by how grave each kind is.

    Parameters
    ----------
    counts : DataFrame or array_like, shape (n, m) or (m,)
        Events of m kinds, 0 and more: of n places (or periods), one column per kind; or of one place.
    weights : mapping, Series or array_like, m of them
        Harm of one event of each kind, such as days of the guideline sentence. By name when `counts` has names
        (columns of a DataFrame, index of a Series): a mapping may then hold more kinds than the table.

    Returns
    -------
    float, ndarray of shape (n,) or Series of length n
        Harm of the place, or of each: a Series with the index of `counts` when that is a DataFrame.

    Raises
    ------
    ColumnMissing
        A kind of event has no weight.
    LengthMismatch
        Not as many weights as kinds.
    NotCounts, MissingValues
        Negative or missing counts or weights.

    Notes
    -----
    .. math:: H_i = \sum_k w_k\,n_{ik}

    Harm is a sum of unlike things: one rare and heavy kind decides it. Show the parts beside it, and for a test
    of change use `harm_wdd`. Proactive detections (drugs, weapons found) count police work, not harm suffered, and
    are usually left out.

    References
    ----------
    Sherman, L. W., Neyroud, P. W., & Neyroud, E. (2016). The Cambridge Crime Harm Index: measuring total harm from
    crime based on sentencing guidelines. Policing 10(3), 171-183. :doi:`10.1093/police/paw003`

    Examples
    --------
    >>> import pandas as pd
    >>> from vicus.analysis import harm
    >>> counts = pd.DataFrame({"theft": [10, 2], "robbery": [0, 1]}, index=["square", "station"])
    >>> harm(counts, {"theft": 2, "robbery": 365, "arson": 30})
    square      20.0
    station    369.0
    dtype: float64
    """
    names = (
        counts.columns
        if isinstance(counts, pd.DataFrame)
        else counts.index
        if isinstance(counts, pd.Series)
        else None
    )
    try:
        table = np.asarray(counts, dtype=float)
    except (TypeError, ValueError) as error:
        raise NotCounts(f"counts must be numbers: {error}.") from None
    if table.ndim not in (1, 2):
        raise LengthMismatch(f"counts must have one or two dimensions; its shape is {table.shape}.")
    if not np.isfinite(table).all():
        raise MissingValues("counts holds missing or infinite values; fill in 0 where nothing happened.")
    if table.size and table.min() < 0:
        raise NotCounts(f"counts holds negative values (the lowest is {table.min():g}); counts start at 0.")
    load = _weights(weights, names, table.shape[-1])
    total = table @ load
    if isinstance(counts, pd.DataFrame):
        return pd.Series(total, index=counts.index)
    return float(total) if table.ndim == 1 else total


def _weights(weights: Any, names: pd.Index[Any] | None, kinds: int) -> Floats:
    """One weight per kind, in the order of the table."""
    if isinstance(weights, (Mapping, pd.Series)) and names is not None:
        lost = [name for name in names if name not in weights]
        if lost:
            raise ColumnMissing(
                f"No weight for {', '.join(map(repr, lost))}; give one (0 leaves a kind of event out)."
            )
        weights = [weights[name] for name in names]
    elif isinstance(weights, Mapping):
        raise ColumnMissing("Weights by name need a DataFrame or Series whose kinds have names.")
    load = not_negative(weights, "weights")
    if len(load) != kinds:
        raise LengthMismatch(f"weights must be as many as the kinds of events: {kinds}, not {len(load)}.")
    return load

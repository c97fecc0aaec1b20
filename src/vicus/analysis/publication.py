"""What can be published without telling about single events: suppression of small counts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import csgraph_from_dense, dijkstra, maximum_flow

from vicus.analysis.errors import BadParameter, MissingValues, NotCounts

Counts = npt.NDArray[np.int64]
Hidden = npt.NDArray[np.bool_]


def suppress(table: pd.DataFrame, *, k: int = 5) -> pd.DataFrame:
    """Hide small counts of a table, and enough others that they cannot be found by subtraction.

    Parameters
    ----------
    table : DataFrame of int, shape (rows, columns)
        Counts without totals: one row per place or period, one column per category. The totals of rows and of
        columns are taken to be published beside it.
    k : int, default 5
        Counts from 1 to k - 1 are hidden (primary suppression). A 0 is not hidden for its size, but can be to
        protect another count; see the notes.

    Returns
    -------
    DataFrame of Int64
        The same table with hidden counts missing. `attrs`: `k`, `primary` and `complementary` (how many were
        hidden for their size, and to protect those), and `unprotected`: small counts that the totals alone give
        away (a row or a table with hardly any events). When it is not 0, do not publish the totals.

    Raises
    ------
    NotCounts, MissingValues
        Values are not whole numbers of 0 and more, or missing.
    BadParameter
        `k` below 2.

    Notes
    -----
    A small count is protected when someone who knows every total and every shown count cannot tell that it is
    below k. How large it could be at most, given those, is a maximum flow through the hidden cells: raising one
    cell lowers another of its row, which raises another in that column, and so on back to the column of the
    first. Where it stays below k, the cells of the loop that hides the fewest events are hidden too [1]_.

    A shown 0 says of everyone in its row and column that it did not happen to them, which can tell as much as a small
    count where a group is small and known ("no complaint from this building"): leave such rows out, or join them
    with others. Since zeros are shown, a reader also knows that a count hidden for its size is at least 1.

    Hiding is for two-way tables with one total per row and column. Subtotals, or the same events in a second
    table, may still give counts away.

    References
    ----------
    .. [1] Castro, J. (2012). Recent advances in optimization techniques for statistical tabular data protection.
       European Journal of Operational Research 216(2), 257-269. :doi:`10.1016/j.ejor.2011.03.050`

    Hundepool, A. et al. (2012). Statistical disclosure control. Chichester: Wiley, chapter 4.
    :doi:`10.1002/9781118348239`

    Examples
    --------
    >>> import pandas as pd
    >>> from vicus.analysis import suppress
    >>> counts = pd.DataFrame({"theft": [2, 9, 14], "noise": [8, 11, 30], "fire": [7, 12, 20]})
    >>> suppress(counts)
       theft  noise  fire
    0   <NA>      8  <NA>
    1   <NA>     11  <NA>
    2     14     30    20
    """
    if int(k) != k or k < 2:
        raise BadParameter(f"k must be a whole number of 2 or more; it is {k!r}.")
    counts = _counts(table)
    small = (counts > 0) & (counts < k)
    hidden = small.copy()
    unprotected = 0
    for i, j in np.argwhere(small):
        if not _protect(counts, hidden, int(i), int(j), int(k)):
            unprotected += 1
    result = pd.DataFrame(counts, index=table.index, columns=table.columns).astype("Int64").mask(hidden)
    result.attrs = {
        **table.attrs,
        "k": int(k),
        "primary": int(small.sum()),
        "complementary": int((hidden & ~small).sum()),
        "unprotected": unprotected,
    }
    return result


def _protect(counts: Counts, hidden: Hidden, i: int, j: int, k: int) -> bool:
    """Hide what it takes for a count to look as if it could be k; False when nothing can."""
    need = k - int(counts[i, j])
    if _room(counts, hidden, i, j) >= need:
        return True
    loop = _cheapest_loop(counts, hidden, i, j, need)
    if loop is not None:
        hidden[loop] = True
        return True
    # No single loop carries it: several may, once the whole row and column are hidden, or the whole table.
    hidden[i, :] = True
    hidden[:, j] = True
    if _room(counts, hidden, i, j) < need:
        hidden[:, :] = True
    return _room(counts, hidden, i, j) >= need


def _room(counts: Counts, hidden: Hidden, i: int, j: int) -> int:
    """How much larger a hidden count could be for all that totals and shown counts tell."""
    rows, cols = counts.shape
    others = hidden.copy()
    others[i, j] = False
    r, c = np.nonzero(others)
    plenty = np.full(len(r), max(1, min(int(counts.sum()), 2**30)))
    capacity = sparse.csr_array(
        (
            np.concatenate((counts[r, c], plenty)).astype(np.int32),
            (np.concatenate((r, rows + c)), np.concatenate((rows + c, r))),
        ),
        shape=(rows + cols, rows + cols),
    )
    return int(maximum_flow(capacity, i, rows + j).flow_value)


def _cheapest_loop(
    counts: Counts, hidden: Hidden, i: int, j: int, need: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """Cells that let a count grow by `need`, those that hide the fewest events; None when there is no loop."""
    rows, cols = counts.shape
    cost = np.where(hidden, 1e-6, counts + 1.0)  # hidden already costs (next to) nothing
    down = np.where(counts >= need, cost, np.inf)
    down[i, j] = np.inf
    up = cost.copy()
    up[i, j] = np.inf
    graph = np.full((rows + cols, rows + cols), np.inf)
    graph[:rows, rows:] = down
    graph[rows:, :rows] = up.T
    distance, before = dijkstra(
        csgraph_from_dense(graph, null_value=np.inf), indices=i, return_predecessors=True
    )
    if not np.isfinite(distance[rows + j]):
        return None
    path = [rows + j]
    while path[-1] != i:
        path.append(int(before[path[-1]]))
    steps = [(min(a, b), max(a, b) - rows) for a, b in pairwise(path)]
    return np.array([r for r, _ in steps]), np.array([c for _, c in steps])


def _counts(table: pd.DataFrame) -> Counts:
    if table.isna().to_numpy().any():
        raise MissingValues("The table has missing values; fill in 0 where nothing happened.")
    try:
        values = table.to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise NotCounts("The table must hold counts only; put names of places in the index.") from None
    if (values < 0).any() or (values != np.floor(values)).any():
        raise NotCounts("The table must hold whole counts of 0 and more.")
    return values.astype(np.int64)

"""Hours of the week of events known only as intervals, and two counts compared."""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.peers.work import Work

PAIRS = 20


def intervals(n: int) -> Any:
    """Starts over three years, lengths from minutes to days (median ten hours), as thefts of vehicles have."""
    import pandas as pd

    rng = np.random.default_rng(8)
    start = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 3 * 365 * 1440, n), unit="min")
    length = np.minimum(rng.lognormal(np.log(600), 1.1, n), 14 * 1440).astype(int)
    return start, start + pd.to_timedelta(length, unit="min")


def hours_of_the_week(data: Any) -> Any:
    from vicus.analysis import aoristic

    return aoristic(*data, tz="UTC")


def pandas_loop(data: Any) -> Any:
    """Hour by hour, all events that reach it at once: the usual way in a notebook."""
    import pandas as pd

    start, end = (pd.Series(v) for v in data)
    whole = (end - start) / pd.Timedelta(hours=1)
    table, hour = np.zeros((7, 24)), start.dt.floor("h")
    going = pd.Series(True, index=start.index)
    while going.any():
        at, begin, finish = hour[going], start[going], end[going]
        overlap = (np.minimum(finish, at + pd.Timedelta(hours=1)) - np.maximum(begin, at)) / pd.Timedelta(
            hours=1
        )
        share = (overlap / whole[going]).where(whole[going] > 0, 1.0)
        found = share.groupby([at.dt.dayofweek, at.dt.hour]).sum()
        table[found.index.get_level_values(0), found.index.get_level_values(1)] += found.to_numpy()
        hour = at + pd.Timedelta(hours=1)
        going = hour < finish
        start, end, whole, hour = begin[going], finish[going], whole[going.index][going], hour[going]
        going = pd.Series(True, index=start.index)
    return table


def pairs(count: int) -> Any:
    rng = np.random.default_rng(4)
    return rng.poisson(count, (PAIRS, 2))


def e_tests(data: Any) -> Any:
    from vicus.analysis import e_test

    return np.array([e_test(int(a), 1, int(b), 1) for a, b in data])


def poisson_means_tests(data: Any) -> Any:
    from scipy.stats import poisson_means_test

    return np.array([poisson_means_test(int(a), 1, int(b), 1).pvalue for a, b in data])


WORKS = [
    Work(
        "aoristic",
        "aoristic, 1 million intervals (median 10 h)",
        intervals,
        1_000_000,
        1_000,
        hours_of_the_week,
        {"pandas, hour by hour": pandas_loop},
        {"pandas, hour by hour": 20},
    ),
    Work(
        "e_test",
        f"e_test, {PAIRS} pairs of counts near 3,000",
        pairs,
        3_000,
        30,
        e_tests,
        {"scipy poisson_means_test": poisson_means_tests},
        {"scipy poisson_means_test": 1},
    ),
]

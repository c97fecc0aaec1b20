"""Near repeats, beside pointpats; and a number of events that no peer can do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.peers.counting import clustered
from benchmarks.peers.work import Work

DISTANCES, DAYS = (100.0, 200.0, 300.0, 400.0), (4.0, 8.0, 14.0)
FOOT = 0.3048006096
SHARED = Path(os.environ.get("VICUS_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")
CHICAGO = SHARED / "crime" / "chicago_2013_2018.parquet"


def events(n: int) -> Any:
    """Places and days of events around a few hundred centres, over a year."""
    x, y = clustered(n)
    return np.column_stack((x, y)), np.random.default_rng(6).uniform(0, 365, n).round(3)


def burglaries(n: int) -> Any:
    """Places in metres and days of the first burglaries of Chicago from 2017 on; simulated events without that file."""
    if not CHICAGO.exists():
        return events(n)
    import pandas as pd

    found = pd.read_parquet(CHICAGO, columns=["date", "primary_type", "x", "y"]).dropna()
    found = (
        found[(found.primary_type == "BURGLARY") & (found.date >= "2017-01-01")].sort_values("date").head(n)
    )
    days = (found.date - pd.Timestamp("2017-01-01")) / pd.Timedelta(days=1)
    return found[["x", "y"]].to_numpy(float) * FOOT, days.to_numpy()


def twelve_bands(data: Any) -> None:
    from vicus.analysis import knox

    knox(*data, distances=DISTANCES, days=DAYS, permutations=99, random_state=1)


def one_band(data: Any) -> None:
    from pointpats import Knox

    xy, days = data
    Knox(xy, days[:, None], delta=DISTANCES[0], tau=DAYS[0], permutations=99)


def many(permutations: int) -> Any:
    def run(data: Any) -> None:
        from vicus.analysis import knox

        knox(*data, distances=DISTANCES, days=DAYS, permutations=permutations, random_state=1)

    return run


def a_fifth(data: Any) -> None:
    from vicus.analysis import knox

    xy, days = data
    n = len(xy) // 5
    knox(xy[:n], days[:n], distances=DISTANCES, days=DAYS, permutations=999, random_state=1)


def local(data: Any) -> Any:
    from vicus.analysis import local_knox

    return local_knox(*data, distances=[400.0], days=[14.0], permutations=99, random_state=1).observed.ravel()


def local_peer(data: Any) -> Any:
    from pointpats import KnoxLocal

    xy, days = data
    return KnoxLocal(xy, days[:, None], delta=400.0, tau=14.0, permutations=99).nsti


WORKS = [
    Work(
        "knox",
        f"knox, 11,701 {'burglaries of Chicago' if CHICAGO.exists() else 'simulated events'}, 4 x 3 bands, "
        "99 permutations (the peer: one band)",
        burglaries,
        11_701,
        200,
        twelve_bands,
        {"pointpats.Knox": one_band},
        {"pointpats.Knox": 15.0},
    ),
    Work(
        "knox_100000",
        "knox, 100,000 events, 999 permutations (beside it: a fifth of the events)",
        events,
        100_000,
        200,
        many(999),
        {"20,000 events": a_fifth},
        {"20,000 events": 0.1},
    ),
    Work(
        "local_knox",
        "local_knox, 2,000 events, 99 permutations",
        events,
        2_000,
        200,
        local,
        {"pointpats.KnoxLocal": local_peer},
        {"pointpats.KnoxLocal": 30.0},
    ),
]

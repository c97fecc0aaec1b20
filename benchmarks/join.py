"""Points in areas: Vicus's relational join against geopandas.sjoin, on the same points, in the same run.

    python benchmarks/join.py --points 1000000 --areas 21 10000

Prints for each number of areas the seconds of both, their ratio, and whether they agree on every point. The
index of the areas is built anew for each run and timed apart.
"""

import argparse
import time
from collections.abc import Callable

import duckdb
import geopandas as gpd
import ibis
import numpy as np
import pyarrow as pa
import shapely

from vicus.incidents.areas import AreaIndex, assign

CITY = 40_000.0  # metres


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=1_000_000, help="number of points")
    parser.add_argument(
        "--areas", type=int, nargs="+", default=[21, 10_000], help="numbers of areas, one run each"
    )
    parser.add_argument("--vertices", type=int, default=60, help="vertices of each area")
    parser.add_argument("--repeat", type=int, default=3, help="runs of which the best counts")
    asked = parser.parse_args()
    rng = np.random.default_rng(20)
    x, y = clustered(rng, asked.points)
    print(f"{asked.points:,} points in {CITY / 1000:.0f} x {CITY / 1000:.0f} km, best of {asked.repeat}")
    print(
        f"{'areas':>7} {'cells':>10} {'edges':>10} {'index s':>8} {'join s':>8} {'sjoin s':>8} {'ratio':>7}  pairs"
    )
    for number in asked.areas:
        compare(rng, number, asked.vertices, x, y, asked.repeat)


def clustered(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points around a few hundred centres, as incidents are, and a tenth of them anywhere."""
    centres = rng.uniform(0, CITY, (300, 2))
    around = centres[rng.integers(0, len(centres), n)] + rng.normal(0, 600, (n, 2))
    anywhere = rng.uniform(0, CITY, (n, 2))
    x, y = np.where(rng.random((n, 1)) < 0.1, anywhere, around).T
    return x, y


def stars(rng: np.random.Generator, number: int, vertices: int) -> gpd.GeoDataFrame:
    """Areas that together cover about half the city, some overlapping."""
    radius = CITY * np.sqrt(0.5 / number / np.pi) if number > 100 else 300.0
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = radius * rng.uniform(0.7, 1.2, (number, vertices))
    centre = rng.uniform(0, CITY, (number, 1, 2))
    rings = centre + np.stack([np.cos(angles) * reach, np.sin(angles) * reach], axis=-1)
    return gpd.GeoDataFrame(geometry=shapely.polygons(rings))


def best(run: Callable[[], pa.Table], repeat: int) -> tuple[float, pa.Table]:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), result


def compare(
    rng: np.random.Generator, number: int, vertices: int, x: np.ndarray, y: np.ndarray, repeat: int
) -> None:
    areas = stars(rng, number, vertices)
    start = time.perf_counter()
    index = AreaIndex.build(areas)
    built = time.perf_counter() - start
    connection = duckdb.connect()
    points = pa.table({"id": np.arange(len(x)), "x": x, "y": y})
    tables = {"points": points, "cells": index.cells, "edges": index.edges}
    named = {name: ibis.table(ibis.Schema.from_pyarrow(t.schema), name=name) for name, t in tables.items()}
    for name, table in tables.items():
        connection.register(name, table)

    def relational() -> pa.Table:
        found = assign(named["points"], named["cells"], named["edges"], index.cell_size).select("id", "area")
        return connection.sql(str(ibis.to_sql(found, dialect="duckdb"))).to_arrow_table()

    def geopandas() -> pa.Table:
        located = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
        found = located.sjoin(areas, predicate="within")
        return pa.table({"id": found.index.to_numpy(), "area": found["index_right"].to_numpy()})

    ours, mine = best(relational, repeat)
    theirs, other = best(geopandas, 1)
    equal = pairs(mine, number) == pairs(other, number)
    print(
        f"{number:>7,} {index.cells.num_rows:>10,} {index.edges.num_rows:>10,} {built:>8.2f} {ours:>8.2f}"
        f" {theirs:>8.2f} {theirs / ours:>6.1f}x  {mine.num_rows:,} {'equal' if equal else 'DIFFERENT'}"
    )


def pairs(found: pa.Table, number: int) -> bytes:
    return np.sort(found["id"].to_numpy() * np.int64(number) + found["area"].to_numpy()).tobytes()


if __name__ == "__main__":
    main()

"""The Parquet files of a version: the rows of one year, sorted by place and time, written two at a time."""

from __future__ import annotations

import json
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction
from pyarrow import parquet

from vicus.incidents.schema import PARTITION, SCHEMA

SORT_CELL: Final = 2000.0
"""Metres: rows of a file are sorted by cells of this size, then by time, so a small area reads little."""
ROW_GROUP: Final = 122_880
PORTION: Final = 1_000_000
"""Rows of one file at most: what is sorted stands in memory."""
_WRITERS: Final = 2
_STORED: Final = pa.schema([field for field in SCHEMA if field.name != PARTITION])
_FEW_VALUES: Final = ["category", "occurred_on", "quality", "source", "sector", "status", "precision"]
_LAST: Final = np.iinfo(np.int64).max
_FAR: Final = 1e9

Part = tuple[Path, AddAction]


def written(folder: Path, years: Iterable[tuple[int, pa.RecordBatchReader]]) -> Iterator[Part]:
    """Write the rows of each year into files in a folder; give each file and what the commit says of it.

    A year without rows gives no file, one with very many rows several.
    """
    with ThreadPoolExecutor(_WRITERS) as pool:
        waiting: deque[Future[Part]] = deque()
        for year, reader in years:
            for rows in _portions(reader):
                waiting.append(pool.submit(_part, folder, year, rows))
                if len(waiting) > _WRITERS:
                    yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _portions(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    batches: list[pa.RecordBatch] = []
    size = 0
    for batch in reader:
        batches.append(batch)
        size += batch.num_rows
        if size >= PORTION:
            yield pa.Table.from_batches(batches)
            batches, size = [], 0
    if size:
        yield pa.Table.from_batches(batches)


def _part(folder: Path, year: int, rows: pa.Table) -> Part:
    name = f"part-{uuid.uuid4()}.parquet"
    target = folder / name
    rows = rows.combine_chunks().cast(_STORED)
    parquet.write_table(
        rows.take(pa.array(_order(rows))),
        str(target),
        compression="zstd",
        row_group_size=ROW_GROUP,
        use_dictionary=_FEW_VALUES,  # a column of different values would be counted in vain
        store_schema=False,
    )
    action = AddAction(
        path=f"{PARTITION}={year}/{name}",
        size=target.stat().st_size,
        partition_values={PARTITION: str(year)},
        modification_time=time.time_ns() // 1_000_000,
        data_change=True,
        stats=_stats(rows),
    )
    return target, action


def _order(rows: pa.Table) -> Any:
    """Positions of the rows by cell, those without a place first, then by time, those without one last."""
    row, column = (_steps(rows[name].to_numpy()) for name in ("y", "x"))
    cells = row * (column.max() + 1) + column
    if cells.max() <= np.iinfo(np.uint16).max:  # as good as always, and sorted in one pass
        cells = cells.astype(np.uint16)
    moments = pc.fill_null(rows["occurred_from"].cast(pa.int64()), _LAST).to_numpy()
    by_time = np.argsort(moments)
    return by_time[np.argsort(cells[by_time], kind="stable")]


def _steps(metres: Any) -> Any:
    """Number the rows or columns of cells from 1; 0 is no place."""
    steps = np.clip(np.floor(metres / SORT_CELL), -_FAR, _FAR)
    known = np.isfinite(steps)
    if not known.any():
        return np.zeros(len(steps), np.int64)
    return np.where(known, steps - steps[known].min() + 1, 0).astype(np.int64)


def _stats(rows: pa.Table) -> str:
    """Statistics for the log: rows and days only, so that no erased place or identifier lives on in it."""
    days = rows["occurred_on"]
    told: dict[str, Any] = {"numRecords": rows.num_rows}
    if days.null_count < len(days):
        found = pc.min_max(days).as_py()
        told |= {
            "minValues": {"occurred_on": found["min"].isoformat()},
            "maxValues": {"occurred_on": found["max"].isoformat()},
        }
    return json.dumps(told | {"nullCount": {"occurred_on": days.null_count}})

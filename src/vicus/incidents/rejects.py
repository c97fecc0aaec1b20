"""The rows that were refused or flagged: counted, and written to a file people can open."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from vicus.incidents.checks import Flag
from vicus.incidents.reasons import ORDER, REASONS

_EXAMPLES: Final = 5
_CODES: Final = tuple(REASONS)
HEADER: Final = ("row", "column", "value", "reason", "explanation", "outcome")
"""Columns of the reject file; ``outcome`` is "refused" or "kept"."""


class Rejects:
    """Collects the flags of an import."""

    def __init__(self) -> None:
        self._flags: list[Flag] = []

    def add(self, flags: Iterable[Flag]) -> None:
        """Note the flags of a batch."""
        self._flags.extend(flags)

    def __len__(self) -> int:
        """Count the lines of the reject file."""
        return sum(len(flag.rows) for flag in self._flags)

    def refused(self) -> dict[str, int]:
        """Count refused rows, each once, under the first of its reasons in :data:`REASONS`."""
        rows, reasons = self._of([flag for flag in self._flags if flag.refused])
        order = np.lexsort((reasons, rows))
        rows, reasons = rows[order], reasons[order]
        first = np.concatenate(([True], rows[1:] != rows[:-1])) if len(rows) else np.zeros(0, np.bool_)
        return _counted(reasons[first])

    def kept(self) -> dict[str, int]:
        """Count what was flagged in rows that were kept; a row counts once under each of its reasons."""
        rows, reasons = self._of([flag for flag in self._flags if not flag.refused])
        pairs = np.unique(np.stack([rows, reasons]), axis=1)
        return _counted(pairs[1][~np.isin(pairs[0], self._refused_rows())])

    def examples(self) -> dict[str, list[dict[str, Any]]]:
        """Return a few rows for each reason: row, column, value."""
        found: dict[str, list[dict[str, Any]]] = {}
        for flag in self._flags:
            shown = found.setdefault(flag.reason, [])
            room = _EXAMPLES - len(shown)
            if room > 0:
                values = flag.values.slice(0, room).to_pylist()
                rows = flag.rows[:room].tolist()
                shown.extend(
                    {"row": row, "column": flag.column, "value": value}
                    for row, value in zip(rows, values, strict=True)
                )
        return {reason: found[reason] for reason in _CODES if reason in found}

    def write(self, path: Path) -> None:
        """Write the reject file: one line for each row and reason, in the order of the rows.

        UTF-8 with a mark, so that Excel shows accents. A value that a spreadsheet would run as a formula is
        written behind an apostrophe.
        """
        table = self._table()
        path.parent.mkdir(parents=True, exist_ok=True)
        working = path.with_name(f".{path.name}.{os.getpid()}")
        with working.open("wb") as stream:
            stream.write(b"\xef\xbb\xbf" + ",".join(HEADER).encode() + b"\n")
            if table.num_rows:
                options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
                pa.csv.write_csv(table, stream, options)
        working.replace(path)

    def _table(self) -> Any:
        if not self._flags:
            return pa.table({name: [] for name in HEADER})
        refused_rows = self._refused_rows()
        parts = [_part(flag, refused_rows) for flag in self._flags]
        return pa.concat_tables(parts).sort_by([("row", "ascending")])

    def _of(self, flags: list[Flag]) -> tuple[Any, Any]:
        if not flags:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        rows = np.concatenate([flag.rows for flag in flags])
        reasons = np.concatenate([np.full(len(flag.rows), ORDER[flag.reason], np.int64) for flag in flags])
        return rows, reasons

    def _refused_rows(self) -> Any:
        rows = [flag.rows for flag in self._flags if flag.refused]
        return np.unique(np.concatenate(rows)) if rows else np.zeros(0, np.int64)


def _counted(reasons: Any) -> dict[str, int]:
    counts = Counter(
        dict(zip(*(found.tolist() for found in np.unique(reasons, return_counts=True)), strict=True))
    )
    return {_CODES[reason]: counts[reason] for reason in sorted(counts)}


def _part(flag: Flag, refused_rows: Any) -> Any:
    size = len(flag.rows)
    outcome = np.where(np.isin(flag.rows, refused_rows), "refused", "kept")
    columns = [
        pa.array(flag.rows),
        _harmless(pa.array([flag.column] * size, pa.string())),
        _harmless(flag.values),
        pa.array([flag.reason] * size, pa.string()),
        pa.array([REASONS[flag.reason]] * size, pa.string()),
        pa.array(outcome.tolist(), pa.string()),
    ]
    return pa.table(columns, names=list(HEADER))


def _harmless(values: Any) -> Any:
    """Put an apostrophe before what a spreadsheet would run: -1.5 is a number, -1+cmd|... is not."""
    formula = pc.match_substring_regex(values, r"^[=@+\-\t\r\n＝＋－＠]")
    number = pc.match_substring_regex(values, r"^[+-]?[0-9.,]+([eE][+-]?[0-9]+)?$")
    runs = pc.and_not(formula, number)
    return pc.if_else(runs, pc.binary_join_element_wise("'", values, ""), values)

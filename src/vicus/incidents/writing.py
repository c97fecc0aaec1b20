"""Rows on their way into the store: taken in, compared with what is stored, written as sorted Parquet files.

Everything happens in a working folder beside the table. Files move into the table only just before the commit
that names them, so a process killed at any moment leaves the table as it was.
"""

# ruff: noqa: S608  (names of columns, files and years written here; no text of a user becomes SQL)

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from deltalake.transaction import AddAction, RemoveAction

from vicus.incidents import parts
from vicus.incidents.errors import RowsUnfit, StoreBroken, StoreFull
from vicus.incidents.schema import COLUMNS, PARTITION, PRECISIONS, QUALITIES, REQUIRED, SCHEMA, SOURCES
from vicus.incidents.words import say

MEMORY = "1200MB"
AT_ONCE = 1_000_000
"""Rows up to which an import is compared with all that is stored in one go."""
FOLD_AT = 8
"""Files of one year from which they are folded into one, so that daily imports do not splinter the table."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = tuple(os.strerror(code) for code in FULL)

_STORED = ", ".join(f'"{name}"' for name in COLUMNS if name != PARTITION)


Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a version."""

    path: str  # relative to the table, as the Delta log names it
    year: int
    size: int
    rows: int


@dataclass(slots=True)
class Difference:
    """What a merge would do."""

    added: int
    changed: int
    unchanged: int
    touched: list[str] = field(default_factory=list)  # stored files that hold changed rows


@dataclass(slots=True)
class Writing:
    """One writer at work: its folder, its engine, the files it has made."""

    table: Path
    folder: Path
    engine: duckdb.DuckDBPyConnection
    hashes: Hashes = field(
        default_factory=lambda: np.zeros(0, np.uint64)
    )  # of the staged identifiers, sorted
    made: list[parts.Part] = field(default_factory=list)
    moved: list[Path] = field(default_factory=list)

    def run(self, sql: str, parameters: list[Any] | None = None) -> list[Any]:
        """Run one statement to its end."""
        return self.engine.execute(sql, parameters or []).fetchall()

    # --- taking in ---------------------------------------------------------------------------------

    def take(self, rows: pa.Table | pa.RecordBatchReader) -> int:
        """Stage the rows (spilled to the working folder when many), checked; return how many."""
        missing = [name for name in COLUMNS if name not in rows.schema.names and name != PARTITION]
        if missing:
            raise _unfit(f"The rows lack the column {', '.join(missing)}.")
        stream = _Stream(rows)
        columns = ", ".join(_taken(name) for name in COLUMNS)
        self.engine.register("incoming", stream.reader)
        try:
            self.run(f"CREATE TEMP TABLE staged AS SELECT {columns} FROM incoming")
        except duckdb.Error as error:
            if stream.failure is not None:
                raise stream.failure from error
            if isinstance(error, duckdb.ConversionException):
                raise _unfit(f"A value does not fit its column: {error}") from error
            raise
        finally:
            self.engine.unregister("incoming")
        self._check()
        return int(self.run("SELECT count(*) FROM staged")[0][0])

    def _check(self) -> None:
        """Refuse rows without a required value, with a value outside its list, or with an identifier twice."""
        lists = {"quality": QUALITIES, "source": SOURCES, "precision": PRECISIONS}
        empty = [f'bool_or("{name}" IS NULL)' for name in REQUIRED]
        wrong = [f"bool_or({name} NOT IN {allowed})" for name, allowed in lists.items()]
        (flags,) = self.run(f"SELECT {', '.join([*empty, *wrong])} FROM staged")
        for name, found in zip((*REQUIRED, *lists), flags, strict=True):
            if found:
                fault = f"a value outside {', '.join(lists[name])}" if name in lists else "no value"
                raise _unfit(f"In the column {name} there are rows with {fault}.")
        self.hashes = np.sort(np.concatenate([self.hashes, *self._hashes("staged")]))
        # Two texts may have one hash: the hashes are only believed when they are all different.
        if (self.hashes[1:] == self.hashes[:-1]).any() and (
            twice := self.run("SELECT id FROM staged GROUP BY id HAVING count(*) > 1 LIMIT 3")
        ):
            examples = ", ".join(sorted(row[0] for row in twice))
            raise _unfit(f"An identifier stands more than once in one import (such as {examples}).")

    def _hashes(self, rows: str) -> Iterator[Hashes]:
        found = self.engine.sql(f"SELECT hash(id) FROM {rows}").to_arrow_reader(parts.ROW_GROUP)
        for batch in found:
            yield batch.column(0).to_numpy()

    # --- comparing ---------------------------------------------------------------------------------

    def compare(self, files: list[DataFile]) -> Difference:
        """Find which staged rows are new and which differ from what is stored; both stand in `news`."""
        rows = int(self.run("SELECT count(*) FROM staged")[0][0])
        files = [file for file in files if rows and self._may_hold(file)]
        if not files:
            self.run("CREATE TEMP VIEW news AS SELECT *, NULL AS file FROM staged")
            return Difference(rows, 0, 0)
        self.run("CREATE TEMP TABLE loose AS SELECT * FROM staged LIMIT 0")
        if rows <= AT_ONCE:
            self._loosen(files, "staged")
        else:  # year by year, so that memory stays bounded however much is stored
            for (year,) in self.run(f"SELECT DISTINCT {PARTITION} FROM staged ORDER BY ALL"):
                there = [f for f in files if f.year == year]
                self._loosen(there, f"(SELECT * FROM staged WHERE {PARTITION} = {year})")
        self.stored(files)  # what is loose may stand under another year: its day was corrected
        self.run(
            "CREATE TEMP TABLE news AS SELECT n.*, o.file FROM loose n LEFT JOIN"
            " (SELECT id, file FROM stored WHERE id IN (SELECT id FROM loose)) o ON n.id = o.id"
        )
        added, changed = self.run("SELECT count(*) FILTER (file IS NULL), count(file) FROM news")[0]
        touched = [row[0] for row in self.run("SELECT DISTINCT file FROM news WHERE file IS NOT NULL")]
        return Difference(added, changed, rows - added - changed, [self.relative(path) for path in touched])

    def _may_hold(self, file: DataFile) -> bool:
        """Whether a stored file seems to hold a staged identifier; if not, no row of it has to be compared."""
        for hashes in self._hashes(self.read([file.path])):
            ordered = np.sort(hashes)  # neighbours are looked up near each other, which is what is quick
            places = np.minimum(np.searchsorted(self.hashes, ordered), len(self.hashes) - 1)
            if (self.hashes[places] == ordered).any():
                return True
        return False

    def _loosen(self, files: list[DataFile], fresh: str) -> None:
        """Keep the fresh rows that do not stand in these files exactly as they are."""
        if not files:
            self.run(f"INSERT INTO loose SELECT * FROM {fresh}")
            return
        self.stored(files)
        differs = " OR ".join(f'n."{name}" IS DISTINCT FROM o."{name}"' for name in COLUMNS if name != "id")
        self.run(
            f"INSERT INTO loose SELECT n.* FROM {fresh} n LEFT JOIN stored o ON n.id = o.id"
            f" WHERE o.id IS NULL OR {differs}"
        )

    def stored(self, files: Iterable[DataFile]) -> None:
        """Name the rows of these stored files `stored`, each with the file it stands in."""
        self.run(f"CREATE OR REPLACE TEMP VIEW stored AS SELECT * FROM {self.read(f.path for f in files)}")

    def read(self, paths: Iterable[str]) -> str:
        """SQL that reads stored files, with the year of their partition and the name of the file."""
        names = ", ".join(_quoted(str(self.table / path)) for path in paths)
        return (
            f"read_parquet([{names}], filename = 'file', hive_partitioning = true,"
            f" hive_types = {{'{PARTITION}': INTEGER}})"
        )

    def relative(self, file: str) -> str:
        """The name of a file as the Delta log has it."""
        return Path(file).relative_to(self.table).as_posix()

    # --- writing -----------------------------------------------------------------------------------

    def write_news(self, files: list[DataFile], touched: list[str]) -> list[DataFile]:
        """Write new and changed rows, and what else is in the files they replace; return the files replaced."""
        news = f"SELECT {_STORED} FROM news WHERE {PARTITION} = "
        years = {row[0] for row in self.run(f"SELECT DISTINCT {PARTITION} FROM news")}
        replaced: list[DataFile] = []
        selects: list[tuple[int, str]] = []
        for year in sorted(years | {f.year for f in files if f.path in touched}):
            there = [f for f in files if f.year == year]
            old = [f for f in there if f.path in touched]
            if len(there) - len(old) + 2 > FOLD_AT:
                selects.append((year, f"{news}{year} UNION ALL {self._rest(there, 'news')}"))
                replaced += there
                continue
            if year in years:
                selects.append((year, f"{news}{year}"))
            if old:
                selects.append((year, self._rest(old, "news")))
            replaced += old
        self.write(selects)
        return replaced

    def write_rest(self, files: list[DataFile], gone: str) -> None:
        """Write the rows of these files that are not in the table `gone`."""
        years = sorted({f.year for f in files})
        self.write((year, self._rest([f for f in files if f.year == year], gone)) for year in years)

    def _rest(self, files: list[DataFile], gone: str) -> str:
        return (
            f"SELECT {_STORED} FROM {self.read(f.path for f in files)} o"
            f" WHERE NOT EXISTS (SELECT 1 FROM {gone} g WHERE g.id = o.id)"
        )

    def write(self, selects: Iterable[tuple[int, str]]) -> None:
        """Write the rows of each year into the working folder."""
        rows = ((year, self.engine.sql(sql).to_arrow_reader(parts.ROW_GROUP)) for year, sql in selects)
        for part in parts.written(self.folder, rows):
            self.made.append(part)

    def move_in(self) -> list[AddAction]:
        """Put the finished files where the commit will name them, safely on the disk."""
        for source, action in self.made:
            target = self.table / action.path
            target.parent.mkdir(exist_ok=True)
            _on_disk(source)
            source.rename(target)
            self.moved.append(target)
        for parent in {path.parent for path in self.moved} | {self.table}:
            _on_disk(parent)
        return [action for _, action in self.made]

    def take_back(self) -> None:
        """Remove files that were moved in but never committed."""
        for path in self.moved:
            path.unlink(missing_ok=True)


@contextmanager
def writing(table: Path, folder: Path) -> Iterator[Writing]:
    """A writer with its own folder and engine, both gone at the end; a full disk becomes a clear error."""
    folder.mkdir()
    engine = None
    try:
        engine = duckdb.connect(
            ":memory:", config={"memory_limit": MEMORY, "temp_directory": str(folder / "spill")}
        )
        engine.execute("SET TimeZone = 'UTC'").fetchall()
        yield Writing(table, folder, engine)
    except Exception as error:
        if is_full(error):
            raise StoreFull(
                say("The disk is full (or its quota is used up) while incidents were being written."),
                kept=say("The previous version is whole and unchanged."),
                todo=say("Make room on the disk of the data folder, then run it again."),
            ) from error
        if isinstance(error, duckdb.Error):
            raise broken(table, error) from error
        raise
    finally:
        if engine is not None:
            engine.close()
        shutil.rmtree(folder, ignore_errors=True)


def broken(table: Path, error: Exception) -> StoreBroken:
    """The error for a table that cannot be read or written."""
    return StoreBroken(
        say("The incidents in {folder} cannot be read or written: {why}", folder=table, why=error),
        kept=say("Nothing was changed."),
        todo=say("Restore the folder from a backup, or import the files again into a new store."),
    )


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk or a used-up quota is behind this error, whichever library says so."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if any(words in str(error) for words in _FULL_WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False


def removal(file: DataFile) -> RemoveAction:
    """The commit's word that a file is no longer part of the table."""
    return RemoveAction(
        path=file.path,
        data_change=True,
        deletion_timestamp=time.time_ns() // 1_000_000,
        size=file.size,
        partition_values={PARTITION: str(file.year)},
    )


class _Stream:
    """A reader that remembers the error of its source, which the engine would turn into text."""

    def __init__(self, rows: pa.Table | pa.RecordBatchReader) -> None:
        self.failure: Exception | None = None
        self.reader = pa.RecordBatchReader.from_batches(rows.schema, self._batches(rows))

    def _batches(self, rows: pa.Table | pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            yield from rows.to_batches(parts.ROW_GROUP) if isinstance(rows, pa.Table) else rows
        except Exception as error:
            self.failure = error
            raise


def _taken(name: str) -> str:
    """SQL for one column as it is stored, whatever Arrow flavour it came in."""
    if name == PARTITION:
        return f"coalesce(year(occurred_on::DATE), 0)::INTEGER AS {PARTITION}"
    if name in ("x", "y"):  # a location is two finite numbers, or unknown
        return f"CASE WHEN isfinite(x::DOUBLE) AND isfinite(y::DOUBLE) THEN {name}::DOUBLE END AS {name}"
    return f'"{name}"::{_SQL_TYPES[SCHEMA.field(name).type]} AS "{name}"'


_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}


def _unfit(happened: str) -> RowsUnfit:
    return RowsUnfit(happened, kept="Nothing was changed.", todo="Correct the rows and import them again.")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The incidents of a zone: one versioned table (Delta Lake), safe against kills, full disks and two writers.

Each import is one commit, made whole or not at all. Older versions stay readable ("as known at") until an
erasure removes rows for good.
"""

# ruff: noqa: S608  (names and days written here; no text of a user becomes SQL)

from __future__ import annotations

import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from vicus.incidents import versions as timeline
from vicus.incidents import writing
from vicus.incidents.errors import StoreBroken, StoreBusy, StoreError, StoreExists, StoreMissing
from vicus.incidents.locking import busy, locked
from vicus.incidents.schema import PARTITION, SCHEMA
from vicus.incidents.settings import check_place
from vicus.incidents.versions import METADATA_KEY, Version
from vicus.incidents.words import say
from vicus.incidents.writing import DataFile, Writing

TABLE = "incidents"
_WORKING = ".writing-"
_ERASING = ".erasing"


@dataclass(frozen=True, slots=True)
class Merge:
    """What an import did. When nothing was new, `version` is the one that was there."""

    added: int
    changed: int
    unchanged: int
    version: Version


class Store:
    """The incident store of one zone.

    Use ``Store.create`` once and ``Store.open`` afterwards. A store may be shared by threads and reopened by
    other processes; one writer works at a time, readers never wait.
    """

    def __init__(self, folder: Path, *, crs: int, timezone: str) -> None:
        self.folder = folder
        self.crs = crs
        self.timezone = timezone
        self._known: list[Version] = []
        self._known_of, self._seen = "", -1
        self._guard = threading.Lock()

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r}, crs={self.crs}, timezone={self.timezone!r})"

    @property
    def table(self) -> Path:
        """Folder of the Delta table."""
        return self.folder / TABLE

    @property
    def lock(self) -> Path:
        """File that the one writer of the moment holds."""
        if not self.table.exists():
            self._newest_commit()  # says what is wrong
        return self.folder / f"{TABLE}.lock"

    # --- opening -----------------------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, *, crs: int, timezone: str) -> Self:
        """Make an empty store.

        Parameters
        ----------
        folder : Path
            Folder of the zone; the table is made in it.
        crs : int
            EPSG code of a projected coordinate reference system in metres.
        timezone : str
            Name of the zone's time zone, such as "Europe/Brussels".
        """
        folder = Path(folder).absolute()
        check_place(crs, timezone)
        if DeltaTable.is_deltatable(str(folder / TABLE)):
            raise StoreExists(
                say("There are incidents in {folder} already.", folder=folder),
                kept=say("They were not touched."),
                todo=say("Open this store, or choose another folder."),
            )
        first = Version(0, datetime.now(UTC), "create", 0, 0, 0, 0, "")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            DeltaTable.create(
                str(folder / TABLE),
                SCHEMA,
                partition_by=[PARTITION],
                name="incidents",
                configuration={
                    "vicus.crs": str(crs),
                    "vicus.timezone": timezone,
                    # Old versions are evidence of what was known: only an erasure may end them.
                    "delta.enableExpiredLogCleanup": "false",
                    "delta.deletedFileRetentionDuration": "interval 36500 days",
                    "delta.logRetentionDuration": "interval 36500 days",
                },
                raise_if_key_not_exists=False,
                commit_properties=CommitProperties(custom_metadata={METADATA_KEY: first.metadata()}),
            )
        except (OSError, DeltaError) as error:
            raise StoreError(
                say("No incident store can be made in {folder}: {why}", folder=folder, why=error),
                todo=say("Check that the folder can be written and that the disk has room."),
            ) from error
        return cls(folder, crs=crs, timezone=timezone)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open an existing store; an erasure that was cut short is finished first."""
        folder = Path(folder).absolute()
        settings = cls._load(folder).metadata().configuration
        try:
            store = cls(folder, crs=int(settings["vicus.crs"]), timezone=settings["vicus.timezone"])
        except KeyError as error:
            raise StoreBroken(
                say(
                    "The table in {folder} was not made by Vicus: it does not say its coordinate system.",
                    folder=folder,
                ),
                kept=say("Nothing was changed."),
                todo=say("Choose the folder of a zone."),
            ) from error
        if (folder / _ERASING).exists():
            with suppress(StoreBusy), locked(store.lock, wait=0.0):
                store._finish_erasure()
        return store

    @staticmethod
    def _load(folder: Path, version: int | None = None) -> DeltaTable:
        try:
            return DeltaTable(str(folder / TABLE), version=version)
        except TableNotFoundError as error:
            if (folder / TABLE / "_delta_log").exists():
                raise writing.broken(folder / TABLE, error) from error
            raise StoreMissing(
                say("There are no incidents in {folder}.", folder=folder),
                todo=say("Make the zone first, or give the right data folder."),
            ) from error
        except (DeltaError, OSError) as error:
            raise writing.broken(folder / TABLE, error) from error

    # --- versions ----------------------------------------------------------------------------------

    def versions(self) -> list[Version]:
        """Every version, oldest first."""
        with self._guard:
            newest, identity = self._newest_commit(), self._identity()
            if identity != self._known_of:  # another store was made in this folder
                self._known, self._seen, self._known_of = [], -1, identity
            if newest != self._seen:
                delta = self._load(self.folder)
                try:
                    commits = delta.history(delta.version() - self._seen)
                except (DeltaError, OSError, ValueError) as error:
                    raise writing.broken(self.table, error) from error
                fresh = [v for v in timeline.from_history(commits) if v.number > self._seen]
                self._known = timeline.with_availability([*self._known, *fresh])
                self._seen = delta.version()
            if not self._known:
                raise writing.broken(self.table, ValueError("the log does not describe any version"))
            return list(self._known)

    def version(self, as_known_at: date | datetime | None = None) -> Version:
        """The newest version, or the newest whose `known_at` is not after a moment.

        Parameters
        ----------
        as_known_at : date or datetime, optional
            A date means the end of that day, local time; a datetime without zone is local time.
        """
        return timeline.newest(self.versions(), as_known_at, self.timezone)

    def numbered(self, number: int | None) -> Version:
        """The version with this number (None: the newest), if its rows can still be read."""
        return self.version() if number is None else timeline.numbered(self.versions(), number)

    def files(self, number: int) -> tuple[DataFile, ...]:
        """The Parquet files of a version."""
        return _files(self.folder, number, self._identity())

    def _identity(self) -> str:
        """What tells this table from one made later in the same folder: its id in the first commit."""
        try:
            with (self.table / "_delta_log" / f"{0:020d}.json").open() as commit:
                return str(next(a["metaData"]["id"] for a in map(json.loads, commit) if "metaData" in a))
        except (OSError, ValueError, LookupError, StopIteration):  # gone: the library looks further
            return str(self._load(self.folder).metadata().id)

    def _newest_commit(self) -> int:
        try:
            with os.scandir(self.table / "_delta_log") as entries:
                return max(int(e.name[:20]) for e in entries if len(e.name) == 25 and e.name[:20].isdigit())
        except (OSError, ValueError) as error:
            if not self.table.exists():
                raise StoreMissing(
                    say("The incidents in {folder} are gone.", folder=self.folder),
                    todo=say("Restore the data folder from a backup."),
                ) from error
            raise writing.broken(self.table, error) from error

    # --- writing -----------------------------------------------------------------------------------

    def merge(
        self,
        table: pa.Table | pa.RecordBatchReader,
        *,
        origin: str,
        known_at: datetime | None = None,
        dry_run: bool = False,
    ) -> Merge:
        """Add new rows and correct changed ones, by `id`; identical rows change nothing.

        Parameters
        ----------
        table : pyarrow.Table or pyarrow.RecordBatchReader
            Rows with the columns of ``schema.SCHEMA`` (`year` is worked out here). A reader is taken as a
            stream, in bounded memory.
        origin : str
            Where the rows come from, for people.
        known_at : datetime, optional
            Moment from which this was known; now when left out. Never before the newest version.
        dry_run : bool
            Compare the rows with what is stored, and write nothing.

        Returns
        -------
        Merge
            How many rows were (or would be) added, changed and unchanged, and the version that holds them (or the
            newest one).

        Raises
        ------
        RowsUnfit, KnownAtBackwards, StoreBusy, StoreFull
            In every case the previous version stays as it was.
        """
        with locked(self.lock), self._writing() as work:
            timeline.next_known_at(self.versions(), known_at, self.timezone)  # refuse before the long work
            work.take(table)
            base = self.version()
            files = list(self.files(base.number))
            difference = work.compare(files)
            if dry_run or not (difference.added or difference.changed):
                return Merge(difference.added, difference.changed, difference.unchanged, base)
            replaced = work.write_news(files, difference.touched)
            version = Version(
                number=self._seen + 1,
                known_at=timeline.next_known_at(self.versions(), known_at, self.timezone),
                operation="import",
                added=difference.added,
                changed=difference.changed,
                removed=0,
                rows=base.rows + difference.added,
                origin=origin,
            )
            self._commit(work, version, replaced)
        return Merge(difference.added, difference.changed, difference.unchanged, version)

    def erase(self, *, before: date | None = None, ids: Iterable[str] | None = None) -> Version:
        """Remove rows for good: from the newest version, from every older one, and from the disk.

        Parameters
        ----------
        before : date, optional
            Rows that occurred before this local day; a row without that day counts by the day it was reported.
        ids : iterable of str, optional
            Rows with these identifiers. With `before` too, rows that meet either are removed.

        Returns
        -------
        Version
            The version without the rows. Versions before it are not available any more. When no version holds
            such a row, nothing is written and the newest version is returned.
        """
        if before is None and ids is None:
            raise StoreError(
                say("Nothing says which incidents to erase."), todo=say("Give a day or identifiers.")
            )
        with locked(self.lock), self._writing() as work:
            condition, origin = self._condemned(work, before, ids)
            base = self.version()
            files = list(self.files(base.number))
            if not self._anywhere(work, condition):
                return base
            work.run("CREATE TEMP TABLE gone (id VARCHAR, file VARCHAR)")
            if files:
                work.stored(files)
                work.run(f"INSERT INTO gone SELECT id, file FROM stored WHERE {condition}")
            touched = {work.relative(row[0]) for row in work.run("SELECT DISTINCT file FROM gone")}
            replaced = [f for f in files if f.path in touched]
            work.write_rest(replaced, "gone")
            removed = int(work.run("SELECT count(*) FROM gone")[0][0])
            version = Version(
                number=self._seen + 1,
                known_at=max(datetime.now(UTC), base.known_at),
                operation="erase",
                added=0,
                changed=0,
                removed=removed,
                rows=base.rows - removed,
                origin=origin,
            )
            (self.folder / _ERASING).write_text(json.dumps({"version": version.number}))
            self._commit(work, version, replaced)
            self._finish_erasure()
        return version

    def _condemned(self, work: Writing, before: date | None, ids: Iterable[str] | None) -> tuple[str, str]:
        """SQL condition of the rows to erase, and words for it that do not name them."""
        conditions, words = [], []
        if before is not None:
            reported = f"timezone('{self.timezone}', reported_at)::DATE"
            conditions.append(f"coalesce(occurred_on, {reported}) < DATE '{before.isoformat()}'")
            words.append(f"before {before.isoformat()}")
        if ids is not None:
            listed = pa.table({"id": pa.array([str(i) for i in ids], type=pa.string())})
            work.engine.register("listed", listed)
            conditions.append("id IN (SELECT id FROM listed)")
            words.append(f"{listed.num_rows} identifiers")
        return " OR ".join(conditions), ", ".join(words)

    def _anywhere(self, work: Writing, condition: str) -> bool:
        """Whether any file on the disk, of whatever version, holds such a row."""
        paths = [
            path.relative_to(self.table).as_posix() for path in self.table.glob(f"{PARTITION}=*/*.parquet")
        ]
        if not paths:
            return False
        return bool(work.run(f"SELECT 1 FROM {work.read(paths)} WHERE {condition} LIMIT 1"))

    def _finish_erasure(self) -> None:
        """Delete from the disk what no longer belongs to the newest version, once an erasure is committed."""
        mark = self.folder / _ERASING
        if not mark.exists():
            return
        try:
            due = int(json.loads(mark.read_text())["version"])
        except (ValueError, KeyError, TypeError):
            due = 0  # the mark itself was cut short: only a committed erasure decides
        if any(v.operation == "erase" and v.number >= due for v in self.versions()):
            self._load(self.folder).vacuum(
                retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True
            )
        mark.unlink()

    def _commit(self, work: Writing, version: Version, replaced: list[DataFile]) -> None:
        """Make the version, in one step."""
        token = uuid.uuid4().hex
        metadata = {METADATA_KEY: version.metadata() | {"token": token}}
        delta = self._load(self.folder, version.number - 1)
        try:
            actions: list[AddAction | RemoveAction] = [*work.move_in()]
            actions += [writing.removal(file) for file in replaced]
            delta.create_write_transaction(
                actions,
                "append",
                SCHEMA,
                [PARTITION],
                # No retries: the rows were compared with the version read, and may follow no other.
                commit_properties=CommitProperties(custom_metadata=metadata, max_commit_retries=0),
            )
        except BaseException as error:
            if self._committed(version.number, token):
                return  # only the work after the commit (a checkpoint) failed
            work.take_back()
            if isinstance(error, CommitFailedError) and not writing.is_full(error):
                raise busy() from error
            raise

    def _committed(self, number: int, token: str) -> bool:
        with suppress(OSError):
            return token in (self.table / "_delta_log" / f"{number:020d}.json").read_text()
        return False

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        for left in self.folder.glob(f"{_WORKING}*"):  # of a writer that was killed: we hold the lock
            shutil.rmtree(left, ignore_errors=True)
        self._finish_erasure()
        try:
            with writing.writing(self.table, self.folder / f"{_WORKING}{uuid.uuid4().hex}") as work:
                yield work
        except (DeltaError, OSError) as error:
            raise writing.broken(self.table, error) from error


@lru_cache(maxsize=64)
def _files(folder: Path, number: int, identity: str) -> tuple[DataFile, ...]:
    """Files of a version; `identity` tells a table from another one made later in the same folder."""
    actions = pa.table(Store._load(folder, number).get_add_actions(flatten=True))
    names = ["path", f"partition.{PARTITION}", "size_bytes", "num_records"]
    rows = zip(*(actions.column(name).to_pylist() for name in names), strict=True)
    return tuple(DataFile(path, int(year), int(size), int(n)) for path, year, size, n in sorted(rows))

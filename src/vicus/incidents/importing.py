"""Importing a file: read, check, number, and hand over to the store, or say why not."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vicus.incidents import formats, identity, people
from vicus.incidents.checks import HANDED, STAGED, Checked, Flag, RowChecker
from vicus.incidents.errors import ImportRefused
from vicus.incidents.fitting import Fitted, fitted
from vicus.incidents.mapping import Mapping
from vicus.incidents.rejects import Rejects
from vicus.incidents.report import Progress, Report
from vicus.incidents.staging import room, staging
from vicus.incidents.store import Merge, Store
from vicus.incidents.words import say

_LOOKED_AT: Final = 1000
_CHECKERS: Final = 2
"""Batches checked at a time; each holds a quarter of a million rows at most in memory."""


def run(
    store: Store,
    path: Path | str,
    mapping: Mapping | str,
    *,
    zone_outline: Any = None,
    categories: set[str] | None = None,
    dry_run: bool = False,
    known_at: datetime | None = None,
    rejects: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Import a file of facts into a store.

    The whole file is read and checked before the store is touched; the store then takes everything in one
    commit, or nothing. Importing the same file again changes nothing; importing a corrected one corrects.

    Parameters
    ----------
    store : Store
        The incident store of the zone.
    path : Path or str
        CSV (any delimiter, gzip), Excel, Parquet, GeoPackage or GeoJSON.
    mapping : Mapping or str
        How its columns become incidents, or the name of a shipped mapping.
    zone_outline : shapely geometry, optional
        The zone, in ``store.crs``; facts outside it are treated as the mapping says.
    categories : set of str, optional
        Codes the zone knows; other ones are flagged, or refused when the mapping says so.
    dry_run : bool
        Read, check, compare with what is stored and report, but store nothing.
    known_at : datetime, optional
        Moment from which the facts were known; now when left out. Nothing can have happened after it.
    rejects : Path, optional
        Where to write the reject file.
    progress : callable, optional
        Called with a :class:`Progress` after every batch.

    Returns
    -------
    Report
        Every row of the file is accounted for in it.

    Raises
    ------
    FileUnreadable
        The file is empty, cut off, damaged or of an unknown kind.
    MappingInvalid
        The mapping does not fit the file.
    PersonalDataFound
        A column looks like a person.
    StoreError
        The store is busy, full or broken. In every case the previous version is as it was.
    """
    started = time.monotonic()
    path = Path(path)
    mapping = Mapping.load(mapping) if isinstance(mapping, str) else mapping
    job = _Import(store, path, mapping, known_at, progress)
    sniffed = job.look_for_persons()
    fit = fitted(mapping, sniffed.columns)
    checker = RowChecker(
        fit,
        crs=store.crs,
        timezone=store.timezone,
        file_crs=sniffed.crs,
        outline=zone_outline,
        categories=categories,
        now=job.now,
    )
    with staging(store.folder) as folder:
        job.read(checker, fit, folder)
        rows = job.numbered(folder)
        merge = job.merge(rows, known_at, dry_run=dry_run)
    if rejects is not None:
        job.rejects.write(rejects)
    job.tell("done", job.accepted, 1.0)
    return Report(
        rows_read=job.rows_read,
        accepted=job.accepted,
        added=merge.added,
        changed=merge.changed,
        unchanged=merge.unchanged,
        rejected=job.rejects.refused(),
        warnings=job.rejects.kept(),
        rejects_path=rejects,
        version=None if dry_run else merge.version.number,
        seconds=time.monotonic() - started,
        dry_run=dry_run,
        examples=job.rejects.examples(),
        located=job.located,
        unknown_source=job.unknown_source,
        content_ids=job.content_ids,
        columns=fit.used,
        notes=_notes(sniffed, fit, store),
        vouched=dict(mapping.no_persons),
    )


class _Import:
    """One import on its way."""

    def __init__(
        self,
        store: Store,
        path: Path,
        mapping: Mapping,
        known_at: datetime | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.store, self.path, self.mapping, self.progress = store, path, mapping, progress
        moment = known_at or datetime.now(UTC)
        self.now = round((moment if moment.tzinfo else moment.astimezone()).timestamp() * 1e6)
        self.rejects = Rejects()
        self.rows_read = self.accepted = self.located = self.unknown_source = self.content_ids = 0
        self._keys: list[identity.Keys] = []
        self._ties: list[identity.Keys] = []
        self._own: list[Any] = []
        self._rows: list[Any] = []

    def tell(self, phase: str, rows: int, fraction: float) -> None:
        if self.progress is not None:
            self.progress(Progress(phase, rows, fraction))

    # --- reading ------------------------------------------------------------------------------------

    def look_for_persons(self) -> formats.Sniffed:
        sniffed = formats.sniff(self.path, self.mapping.file)
        self._no_persons(sniffed.columns, None)
        for sample in formats.sample(self.path, self.mapping):
            self._no_persons(tuple(sample.column_names), sample)
        return sniffed

    def _no_persons(self, columns: tuple[str, ...], sample: Any) -> None:
        vouched = dict(self.mapping.no_persons)
        people.refuse(people.find(columns, sample, allowed=vouched), self.path.name)

    def read(self, checker: RowChecker, fit: Fitted, folder: Path) -> None:
        """Check the whole file and put what is accepted aside, in Arrow files in the working folder."""
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with (
            room(self.store),
            pa.ipc.new_stream(str(folder / "rows.arrow"), STAGED, options=options) as sink,
        ):
            for fraction, checked in self._checked(checker, fit):
                sink.write_table(checked.table)
                self._note(checked)
                self.tell("reading", self.rows_read, 0.5 * fraction)
        if not self.rows_read:
            raise ImportRefused(
                say("{file} has a header and no rows.", file=self.path.name),
                kept=say("Nothing was imported."),
                todo=say("Check the selection the export was made with."),
            )

    def _checked(self, checker: RowChecker, fit: Fitted) -> Iterator[tuple[float, Checked]]:
        """Check batches in the order of the file, the next ones while one is being put aside."""

        def check(batch: formats.Batch) -> tuple[float, Checked]:
            self._no_persons(tuple(batch.table.column_names), _spread(batch.table))
            return batch.fraction, checker.check(batch)

        with ThreadPoolExecutor(_CHECKERS) as pool:
            waiting: deque[Future[tuple[float, Checked]]] = deque()
            for batch in formats.read(self.path, self.mapping, columns=fit.needed):
                waiting.append(pool.submit(check, batch))
                if len(waiting) > _CHECKERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _note(self, checked: Checked) -> None:
        self.rows_read += checked.read
        self.rejects.add(checked.flags)
        self._keys.append(checked.keys)
        self._ties.append(checked.ties)
        self._own.append(checked.own)
        self._rows.append(checked.rows)

    # --- handing over -------------------------------------------------------------------------------

    def merge(self, rows: Iterator[Any], known_at: datetime | None, *, dry_run: bool) -> Merge:
        """Hand the rows to the store; a stop on our side comes out as it is, not as a fault of the store."""
        stopped: list[BaseException] = []

        def watched() -> Iterator[Any]:
            try:
                yield from rows
            except BaseException as error:
                stopped.append(error)
                raise

        reader = pa.RecordBatchReader.from_batches(HANDED, watched())
        try:
            return self.store.merge(reader, origin=self.path.name, known_at=known_at, dry_run=dry_run)
        except Exception as error:
            if stopped and not isinstance(stopped[0], GeneratorExit):
                raise stopped[0] from error
            raise

    # --- numbering ----------------------------------------------------------------------------------

    def numbered(self, folder: Path) -> Iterator[Any]:
        """Give the accepted rows again, each with an identifier and no identifier twice."""
        keys, own = np.concatenate(self._keys), np.concatenate(self._own)
        numbers, surplus = self._numbers(keys, own)
        rows = np.concatenate(self._rows)
        done = 0
        with (
            room(self.store),
            pa.OSFile(str(folder / "rows.arrow")) as source,
            pa.ipc.open_stream(source) as stored,
        ):
            for batch in stored:
                part = slice(done, done + batch.num_rows)
                done += batch.num_rows
                ready = self._ready(batch, keys[part], own[part], numbers[part], surplus[part], rows[part])
                self.accepted += ready.num_rows
                self.located += ready.num_rows - ready["x"].null_count
                self.unknown_source += sum(_times("unknown", part) for part in ready["source"].chunks)
                self.tell("storing", self.accepted, 0.5 + 0.4 * done / max(1, len(keys)))
                yield from ready.to_batches()

    def _numbers(self, keys: Any, own: Any) -> tuple[Any, Any]:
        rules = self.mapping.ids
        numbers = np.ones(len(keys), dtype=np.int64)
        surplus = np.zeros(len(keys), dtype=np.bool_)
        surplus[own] = identity.later_ones(keys[own], keep=rules.repeated)
        if not own.all():
            numbers[~own] = identity.occurrences(keys[~own], np.concatenate(self._ties)[~own])
            if rules.repeated_rows == "reject":
                surplus |= numbers > 1
        return numbers, surplus

    def _ready(self, batch: Any, keys: Any, own: Any, numbers: Any, surplus: Any, rows: Any) -> Any:
        table = pa.Table.from_batches([batch])
        if (twice := surplus & own).any():
            column = self.mapping.columns.id[0]
            values = pc.fill_null(table["id"].combine_chunks().filter(pa.array(twice)), "")
            self.rejects.add([Flag(rows[twice], "duplicate_id", True, column, values)])
        if (repeated := ~own & (numbers > 1)).any():
            refused = self.mapping.ids.repeated_rows == "reject"
            values = pa.array([""] * int(repeated.sum()), pa.string())
            self.rejects.add([Flag(rows[repeated], "repeated_row", refused, "", values)])
        if not own.all():
            made = identity.content_ids(keys, numbers)
            table = table.set_column(0, "id", pc.coalesce(table["id"], made))
        self.content_ids += int((~own & ~surplus).sum())
        return (table.filter(pa.array(~surplus)) if surplus.any() else table).cast(HANDED)


def _times(word: str, encoded: Any) -> int:
    """How often a word stands in a column of words; numbers are compared, not texts."""
    place = encoded.dictionary.index(word).as_py()
    return int(np.count_nonzero(encoded.indices.to_numpy(zero_copy_only=False) == place)) if place >= 0 else 0


def _spread(table: Any) -> Any:
    """Take rows from the whole of a batch, for a look at what stands in them."""
    step = max(1, table.num_rows // _LOOKED_AT)
    return table.take(pa.array(np.arange(0, table.num_rows, step))) if step > 1 else table


def _notes(sniffed: formats.Sniffed, fit: Fitted, store: Store) -> tuple[str, ...]:
    found: list[str] = [say("Read as {kind}.", kind=sniffed.kind)]
    if sniffed.kind == "csv":
        found.append(
            say(
                "Encoding {encoding}, delimiter {delimiter}.",
                encoding=sniffed.encoding,
                delimiter=repr(sniffed.delimiter),
            )
        )
    if not fit.mapping.dates.timezone:
        found.append(say("Times are read in the time zone of the zone, {timezone}.", timezone=store.timezone))
    if not fit.mapping.columns.id:
        found.append(say("No column identifies a row: identifiers are worked out from what the rows say."))
    return tuple(chain(found, fit.notes))

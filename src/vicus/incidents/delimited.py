"""Delimited files: records cut, quotes checked and columns parsed, a block at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv

from vicus.incidents.encodings import Blocks, unreadable, utf8_blocks
from vicus.incidents.words import say

_QUOTE, _LINE, _RETURN = 34, 10, 13
_TOO_LONG: Final = 64 << 20
_MANY_LINES: Final = 25


class Malformed(NamedTuple):
    """A record that does not have the columns of the header: its row number and its text."""

    row: int
    text: str


@dataclass(frozen=True)
class Batch:
    """Some rows of a file: their raw columns, their row numbers, and the records that are no rows.

    Row numbers are what a spreadsheet shows: the header is row 1. In files without a header line
    (Parquet, GeoPackage, GeoJSON) the first row is 1.
    """

    table: Any
    rows: np.ndarray[Any, np.dtype[np.int64]]
    malformed: tuple[Malformed, ...] = ()
    fraction: float = 0.0


@dataclass
class _Position:
    """Where the reader is: rows handed out (with the header) and line ends passed."""

    row: int = 1
    line: int = 1


@dataclass
class Reader:
    """One delimited file, opened.

    Parameters
    ----------
    path : Path
        The file, gzip-compressed or not.
    encoding, delimiter : str
        As :func:`vicus.incidents.formats.sniff` found them, or as the mapping says.
    skip : int
        Lines above the header that belong to no table, such as a title.
    """

    path: Path
    encoding: str
    delimiter: str
    skip: int = 0
    columns: tuple[str, ...] = ()
    _at: _Position = field(default_factory=_Position)

    def batches(self, size: int = 0) -> Iterator[Batch]:
        """Give the rows of the file, block by block; the header gives the names of the columns."""
        blocks = Blocks(self.path, size) if size else Blocks(self.path)
        carried = b""
        for block in utf8_blocks(blocks, self.encoding):
            carried = self._headed(carried + block, final=False)
            if self.columns:
                batch, carried = self._batch(carried, blocks.fraction, final=False)
                if batch is not None:
                    yield batch
            self._not_too_long(carried)
        carried = self._headed(carried, final=True)
        batch, _ = self._batch(carried, 1.0, final=True)
        if batch is not None:
            yield batch

    def _not_too_long(self, carried: bytes) -> None:
        if len(carried) > _TOO_LONG:
            self._quote_error(self._at.line)

    def _headed(self, data: bytes, *, final: bool) -> bytes:
        """Take the header off the data the first time, once it is there completely."""
        if self.columns:
            return data
        lines = data.split(b"\n", self.skip + 1)
        if len(lines) < self.skip + 2 and not final:
            return data
        if len(lines) <= self.skip or not data.strip():
            raise unreadable(
                self.path,
                say("the file is empty."),
                say("Export it again; it should hold a header and rows."),
            )
        header, rest = lines[self.skip], b"".join(lines[self.skip + 1 :])
        names = next(csv.reader([header.decode().rstrip("\r\n")], delimiter=self.delimiter), [])
        self.columns = unique_names(names)
        self._at = _Position(row=self.skip + 1, line=self.skip + 2)
        return rest

    def _batch(self, data: bytes, fraction: float, *, final: bool) -> tuple[Batch | None, bytes]:
        cut, clean, multiline = _cut(data, self.delimiter, final=final)
        if not clean:
            return self._exactly(data, fraction, final=final)
        records, rest = data[:cut], data[cut:]
        if not records.strip():
            return None, (b"" if final else data)
        batch = self._parsed(records, fraction, multiline=multiline)
        self._at.line += records.count(b"\n")
        return batch, rest

    def _parsed(self, records: bytes, fraction: float, *, multiline: bool) -> Batch:
        malformed: list[Malformed] = []
        blank = b"\n\n" in records or b"\n\r\n" in records or records[:1] in b"\r\n"
        try:
            if blank:
                raise pa.ArrowInvalid  # the slower reading keeps count of blank lines
            table = self._arrow(records, multiline=multiline)
            rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
        except pa.ArrowInvalid:
            numbers: list[int] = []

            def wrong(row: Any) -> str:
                numbers.append(row.number)
                malformed.append(Malformed(self._at.row + row.number, row.text))
                return "skip"

            table = self._arrow(records, multiline=multiline, wrong=wrong)
            rows = np.delete(
                np.arange(1, table.num_rows + len(numbers) + 1, dtype=np.int64),
                np.asarray(numbers, dtype=np.int64) - 1,
            )
            count = table.num_rows + len(numbers)
        else:
            count = table.num_rows
        batch = Batch(*_without_blank(table, rows + self._at.row), tuple(malformed), fraction)
        self._at.row += count
        return batch

    def _arrow(self, records: bytes, *, multiline: bool, wrong: Any = None) -> Any:
        return pa.csv.read_csv(
            pa.py_buffer(records),
            read_options=pa.csv.ReadOptions(
                use_threads=wrong is None, block_size=len(records) + 1, column_names=list(self.columns)
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=multiline,
                ignore_empty_lines=wrong is None,
                invalid_row_handler=wrong,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    # --- the careful reading, for blocks with quotes in unexpected places ---------------------------

    def _exactly(self, data: bytes, fraction: float, *, final: bool) -> tuple[Batch | None, bytes]:
        """Read record by record with the strict rules of the csv module, so as to name the line."""
        end = len(data) if final else data.rfind(b"\n") + 1
        reader = csv.reader(
            io.StringIO(data[:end].decode(), newline=""), delimiter=self.delimiter, strict=True
        )
        records: list[tuple[int, list[str]]] = []
        malformed: list[Malformed] = []
        passed, row = 0, self._at.row
        try:
            for record in reader:
                row += 1
                if not any(record):
                    pass
                elif len(record) == len(self.columns):
                    records.append((row, record))
                else:
                    if reader.line_num - passed > _MANY_LINES:
                        self._quote_error(self._at.line + passed)
                    malformed.append(Malformed(row, self.delimiter.join(record)))
                passed = reader.line_num
        except csv.Error as error:
            if final or "unexpected end" not in str(error):
                self._quote_error(self._at.line + passed)
        rest = _after_lines(data[:end], passed) + data[end:]
        self._at.row, self._at.line = row, self._at.line + passed
        if not (records or malformed):
            return None, rest
        columns = list(zip(*(record for _, record in records), strict=True)) or [()] * len(self.columns)
        table = pa.table([pa.array(column, pa.string()) for column in columns], names=list(self.columns))
        rows = np.asarray([number for number, _ in records], dtype=np.int64)
        return Batch(table, rows, tuple(malformed), fraction), rest

    def _quote_error(self, line: int) -> None:
        raise unreadable(
            self.path,
            say("a quotation mark on line {line} opens a text that is not closed properly.", line=line),
            say(
                'Correct that line (a quotation mark inside a text is written twice: ""), or export the file again.'
            ),
        )


def _without_blank(table: Any, rows: Any) -> tuple[Any, Any]:
    """Drop rows that hold nothing, as spreadsheets leave below a table; they are no facts and no faults."""
    filled = np.zeros(table.num_rows, dtype=np.bool_)
    for column in table.columns:
        filled |= column.is_valid().to_numpy()
        if filled.all():
            return table, rows
    return table.filter(pa.array(filled)), rows[filled]


def _after_lines(data: bytes, count: int) -> bytes:
    position = 0
    for _ in range(count):
        position = data.find(b"\n", position) + 1
        if position == 0:
            return b""
    return data[position:]


def _cut(data: bytes, delimiter: str, *, final: bool) -> tuple[int, bool, bool]:
    """Find the end of the last whole record, and look whether the quotes stand where they should.

    Quotes alternate between opening and closing. An opening one follows a delimiter or a line end, a
    closing one precedes one; a doubled quote inside a text is a closing and an opening one side by side.

    Returns
    -------
    tuple of int, bool, bool
        Position after the last whole record; quotes are regular; some texts run over several lines.
    """
    if data.find(b'"') < 0:
        return (len(data) if final else data.rfind(b"\n") + 1), True, False
    array = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(array == _QUOTE)
    lines = np.flatnonzero(array == _LINE)
    inside = (np.searchsorted(quotes, lines) & 1).astype(np.bool_)
    if final:
        cut = len(data)
    else:
        outside = lines[~inside]
        cut = int(outside[-1]) + 1 if len(outside) else 0
        if not cut:
            return 0, len(data) < (8 << 20), False
    quotes, multiline = quotes[quotes < cut], bool(inside[lines < cut].any())
    allowed = np.zeros(256, dtype=np.bool_)
    allowed[[ord(delimiter), _LINE, _RETURN, _QUOTE]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = array[np.maximum(opening - 1, 0)]
    after = array[np.minimum(closing + 1, len(array) - 1)]
    regular = (
        len(opening) == len(closing)
        and bool((allowed[before] | (opening == 0)).all())
        and bool((allowed[after] | (closing + 1 >= cut)).all())
    )
    if regular and multiline:
        spans = np.searchsorted(lines, closing) - np.searchsorted(lines, opening)
        regular = bool(spans.max() <= _MANY_LINES)
    return cut, regular, multiline


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Give every column a name of its own: blank ones by position, repeated ones by number."""
    seen: dict[str, int] = {}
    unique = []
    for position, raw in enumerate(names, start=1):
        name = raw.strip().removeprefix("\ufeff") or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(unique)

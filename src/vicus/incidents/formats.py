"""Opening a file of facts, whatever its format: what it is, what its columns are, its rows in batches."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vicus.incidents import encodings, layers, workbook
from vicus.incidents.delimited import Batch, Malformed, Reader
from vicus.incidents.encodings import unreadable
from vicus.incidents.mapping import FileRules, Mapping
from vicus.incidents.words import say

__all__ = ["KINDS", "Batch", "Malformed", "Sniffed", "read", "sample", "sniff"]

KINDS: Final = ("csv", "excel", "parquet", "geopackage", "geojson")
"""The formats Vicus reads."""

_DELIMITERS: Final = ",;\t|^"
_PARQUET_ROWS: Final = 262_144
_PREVIEW_ROWS: Final = 100


@dataclass(frozen=True)
class Sniffed:
    """What a file turned out to be.

    Attributes
    ----------
    path : Path
        The file.
    kind : str
        One of :data:`KINDS`.
    encoding, delimiter : str
        Of a delimited file, "" otherwise.
    columns : tuple of str
        Names as a mapping must write them. Points of a layer are ``geometry.x`` and ``geometry.y``.
    parts : tuple of str
        Sheets of a workbook or layers of a GeoPackage.
    crs : str
        Coordinate system the file itself names, "" when it names none.
    preview : pyarrow.Table
        The first rows, as they stand in the file.
    """

    path: Path
    kind: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    parts: tuple[str, ...]
    crs: str
    preview: Any

    def rows(self) -> list[dict[str, Any]]:
        """Return the preview as one dictionary per row."""
        rows: list[dict[str, Any]] = self.preview.to_pylist()
        return rows


def kind_of(path: Path) -> str:
    """Tell what a file is from its content, not from its name.

    Raises
    ------
    FileUnreadable
        It is missing, empty, or of a kind Vicus does not read.
    """
    if not path.is_file():
        raise unreadable(path, say("there is no such file."), say("Check the path."))
    if path.stat().st_size == 0:
        raise unreadable(path, say("the file is empty (0 bytes)."), say("Export it again."))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head[:4] == b"PAR1":
        return "parquet"
    if path.suffix.lower() == ".parquet":
        raise unreadable(path, say("it does not begin like a Parquet file."), say("Copy or export it again."))
    if head[:16] == b"SQLite format 3\0":
        return "geopackage"
    if head[:4] == b"PK\x03\x04":
        return _kind_of_archive(path)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "excel"
    if path.suffix.lower() in (".xlsx", ".xls", ".xlsb", ".ods"):
        raise unreadable(path, say("it does not begin like an Excel file."), say("Copy or export it again."))
    if path.suffix.lower() in (".geojson", ".json") or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return "geojson"
    return "csv"


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise unreadable(
            path, say("the file is cut off or damaged."), say("Copy or download it again.")
        ) from error
    if any(name.startswith("xl/") or name == "content.xml" for name in names):
        return "excel"
    raise unreadable(path, say("it is a ZIP archive."), say("Unpack it and import the file inside."))


def sniff(path: Path | str, rules: FileRules | None = None, *, rows: int = _PREVIEW_ROWS) -> Sniffed:
    """Look at the beginning of a file: format, encoding, delimiter, columns and first rows.

    Parameters
    ----------
    path : Path or str
        The file.
    rules : FileRules, optional
        What is known already (encoding, delimiter, lines to skip, sheet, layer); the rest is found out.
    rows : int
        How many rows the preview holds at most.

    Raises
    ------
    FileUnreadable
        The file is empty, damaged or of an unknown kind; the message says what to do.
    """
    path, rules = Path(path), rules or FileRules()
    kind = kind_of(path)
    encoding = delimiter = crs = ""
    parts: tuple[str, ...] = ()
    if kind == "csv":
        reader = _reader(path, rules, whole=False)
        encoding, delimiter = reader.encoding, reader.delimiter
        found = reader.batches(1 << 20)
    else:
        found = _batches(path, kind, rules, None)
        if kind == "excel":
            parts = workbook.sheets(path)
        elif kind in ("geopackage", "geojson"):
            parts, crs = layers.names(path), layers.crs(path, rules.layer)
        elif kind == "parquet":
            crs = _geoparquet(path, _parquet(path))[1]
    first = next(found, None)
    table = first.table.slice(0, rows) if first is not None else pa.table({})
    columns = tuple(table.column_names) or (reader.columns if kind == "csv" else ())
    return Sniffed(path, kind, encoding, delimiter, columns, parts, crs, table)


def read(
    path: Path | str, mapping: Mapping | None = None, *, columns: tuple[str, ...] | None = None
) -> Iterator[Batch]:
    """Give the rows of a file in batches of raw columns.

    Parameters
    ----------
    path : Path or str
        The file.
    mapping : Mapping, optional
        Its ``file`` part says what cannot be found out.
    columns : tuple of str, optional
        Columns that are needed; formats that can (Parquet) read no others.

    Yields
    ------
    Batch
        Rows in the order of the file.

    Raises
    ------
    FileUnreadable
        The file is empty, cut off or damaged, perhaps only noticed half-way.
    """
    path = Path(path)
    return _batches(path, kind_of(path), mapping.file if mapping else FileRules(), columns)


def sample(path: Path | str, mapping: Mapping | None = None, *, rows: int = 2000) -> Iterator[Any]:
    """Give some rows of every column from several places of a file, to look for persons in them.

    Formats that are read whole give their beginning only: the import looks at the rest as it passes.
    """
    path = Path(path)
    if kind_of(path) == "parquet":
        file = _parquet(path)
        geometry = _geoparquet(path, file)[0]
        for group in range(file.metadata.num_row_groups):
            try:
                batch = next(file.iter_batches(batch_size=rows, row_groups=[group]), None)
            except (pa.ArrowException, OSError) as error:
                raise _cut_off(path) from error
            if batch is not None:
                yield layers.with_points(pa.Table.from_batches([batch]), geometry)
        return
    for batch in islice(read(path, mapping), 1):
        yield batch.table.slice(0, rows)


def _batches(path: Path, kind: str, rules: FileRules, columns: tuple[str, ...] | None) -> Iterator[Batch]:
    if kind == "csv":
        return _reader(path, rules, whole=True).batches()
    if kind == "excel":
        return workbook.batches(path, rules.sheet, rules.skip)
    if kind == "parquet":
        return _parquet_batches(path, columns)
    if kind == "geojson":
        _whole_json(path)
    return layers.batches(path, rules.layer)


# --- delimited -------------------------------------------------------------------------------------


def _reader(path: Path, rules: FileRules, *, whole: bool) -> Reader:
    found = encodings.detect(path, whole=whole)
    marked = found in ("utf-8-sig", "utf-16", "utf-32")
    encoding = found if marked or not rules.encoding else rules.encoding
    return Reader(path, encoding, rules.delimiter or _delimiter(path, encoding, rules.skip), rules.skip)


def _delimiter(path: Path, encoding: str, skip: int) -> str:
    """Take the delimiter that cuts the first lines into the most columns, as many in each line."""
    first = next(encodings.utf8_blocks(encodings.Blocks(path, 1 << 18), encoding), b"").decode()
    lines = first.splitlines()[skip : skip + 50]
    if first and first[-1] not in "\r\n" and len(lines) > 1:
        lines = lines[:-1]
    scores = {}
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        same = sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
        scores[delimiter] = (same / len(widths) > 0.8 if widths else False, widths[0] if widths else 0)
    best = max(_DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best][1] > 1 else ","


# --- Parquet ---------------------------------------------------------------------------------------


def _cut_off(path: Path) -> Exception:
    return unreadable(
        path, say("the Parquet file is cut off or damaged."), say("Copy or download it again, completely.")
    )


def _parquet(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _cut_off(path) from error


def _geoparquet(path: Path, file: Any) -> tuple[str, str]:
    """Return the geometry column and the coordinate system of a GeoParquet file, "" when it is none."""
    if not (meta := (file.schema_arrow.metadata or {}).get(b"geo")):
        return "", ""
    try:
        described = json.loads(meta)
        name = described.get("primary_column", "geometry")
        column = described["columns"][name]
        crs = column.get("crs", "OGC:CRS84")
        stored = file.schema_arrow.field(name).type
        sound = column["encoding"] == "WKB" and (
            pa.types.is_binary(stored) or pa.types.is_large_binary(stored)
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ):  # no JSON, or of another shape than the standard
        sound = False
    if not sound:
        raise unreadable(
            path,
            say("what it says about its geometry cannot be read."),
            say("Write the file again with a program that makes GeoParquet, or export it as CSV."),
        )
    if crs is None:  # the standard's word for "unknown"
        return str(name), ""
    return str(name), crs if isinstance(crs, str) else json.dumps(crs)


def _parquet_batches(path: Path, columns: tuple[str, ...] | None) -> Iterator[Batch]:
    file = _parquet(path)
    geometry = _geoparquet(path, file)[0]
    wanted = None
    if columns is not None:
        wanted = [name for name in file.schema_arrow.names if name in columns or name == geometry]
    done, total = 0, max(1, file.metadata.num_rows)
    try:
        for batch in file.iter_batches(batch_size=_PARQUET_ROWS, columns=wanted):
            rows = np.arange(done + 1, done + batch.num_rows + 1, dtype=np.int64)
            done += batch.num_rows
            table = layers.with_points(pa.Table.from_batches([batch]), geometry)
            yield Batch(table, rows, fraction=done / total)
    except (pa.ArrowException, OSError) as error:
        raise _cut_off(path) from error


# --- GeoJSON ---------------------------------------------------------------------------------------


def _whole_json(path: Path) -> None:
    """Refuse a GeoJSON file that is cut off: the library would read the features before the cut."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 64))
        tail = stream.read().rstrip(b"\x1e\r\n\t ")
    if not tail.endswith(b"}"):
        raise unreadable(
            path, say("the GeoJSON file is cut off."), say("Copy or download it again, completely.")
        )

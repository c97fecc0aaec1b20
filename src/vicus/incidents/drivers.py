"""Which library opens a file of layers: never left to the content of the file.

GDAL recognises some sixty formats by what stands in a file, whatever its name. A few of them are recipes: they tell
GDAL to read another file of this machine, or an address. A file that comes from outside is therefore opened by the one
driver it is meant for, or not at all.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

import pyogrio

LARGEST_UNPACKED: Final = 500 << 20
_LAYERS: Final = (".geojson", ".json", ".gpkg", ".shp")
_BESIDE_SHAPES: Final = (".shx", ".dbf", ".prj", ".cpg")
_GEOPACKAGE: Final = (b"GP10", b"GP11", b"GPKG")
_INDEX: Final = re.compile(r"create\s+virtual\s+table\s+(\"[^\"]+\"|\w+)\s+using\s+rtree\s*\(", re.IGNORECASE)


class NotALayer(ValueError):
    """The file is not what its name promises, or would have GDAL look elsewhere."""


class WrongArchive(ValueError):
    """The archive is damaged, too large, or does not hold exactly one file of layers."""


@contextmanager
def opened(path: Path) -> Iterator[str]:
    """Give the address of a GeoJSON, GeoPackage or Shapefile, also one in an archive, for as long as it is needed."""
    if path.suffix.lower() != ".zip":
        yield address(path)
        return
    with tempfile.TemporaryDirectory(prefix="vicus-layers-") as folder:
        yield address(_unpacked(path, Path(folder)))


def address(path: Path) -> str:
    """Give the address under which only the driver for this kind of file answers.

    Raises
    ------
    NotALayer
        The first bytes are not those of a GeoJSON, GeoPackage or Shapefile, or a GeoPackage holds more than tables.
    """
    path = path.resolve()
    with path.open("rb") as stream:
        head = stream.read(512)
    if head[:16] == b"SQLite format 3\0":
        _only_tables(path, head)
        return str(path)
    if head[:4] == b"\x00\x00\x27\x0a" and path.suffix.lower() == ".shp":
        return str(path)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")[:1] == b"{":
        return _geojson(path)
    raise NotALayer(path.name)


def _geojson(path: Path) -> str:
    """Name the driver before the path: one feature per line is a driver of its own."""
    for name in ("GeoJSON", "GeoJSONSeq"):
        try:
            pyogrio.list_layers(f"{name}:{path}")
        except pyogrio.errors.DataSourceError:
            continue
        return f"{name}:{path}"
    raise NotALayer(path.name)


def _only_tables(path: Path, head: bytes) -> None:
    """Refuse views, which may never end, and virtual tables other than the index of a layer, which may read files."""
    if head[68:72] not in _GEOPACKAGE:
        raise NotALayer(path.name)
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            kinds = database.execute(
                "SELECT name, type FROM pragma_table_list WHERE schema = 'main'"
            ).fetchall()
            written = dict(database.execute("SELECT name, sql FROM sqlite_schema"))
    except sqlite3.Error as error:
        raise NotALayer(path.name) from error
    for name, kind in kinds:
        if kind == "view" or (kind == "virtual" and not _INDEX.match(str(written.get(name)))):
            raise NotALayer(path.name)


def _unpacked(path: Path, folder: Path) -> Path:
    """Take the one file of layers, and what belongs beside a shapefile, out of an archive under names of our own."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")
            ]
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise WrongArchive("too large")
            found = [m for m in members if PurePosixPath(m.filename).suffix.lower() in _LAYERS]
            if len(found) != 1:
                raise WrongArchive("not one")
            main = PurePosixPath(found[0].filename)
            wanted = {str(main.with_suffix("")).lower() + suffix: suffix for suffix in _BESIDE_SHAPES}
            layer = folder / f"layer{main.suffix.lower()}"
            for member in members:
                suffix = wanted.get(member.filename.lower()) if layer.suffix == ".shp" else None
                target = layer if member is found[0] else suffix and layer.with_suffix(suffix)
                if target:
                    with archive.open(member) as source, target.open("wb") as copy:
                        shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise WrongArchive("damaged") from error
    return layer

"""Open a GeoJSON, GeoPackage or Shapefile that came from outside.

GDAL recognises many more formats, by content and not by name, and some of them make it fetch other files or
addresses. So the first bytes must be those of the format that the name promises, and from an archive only
the files of a shapefile are read.
"""

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Any

import geopandas
import pyogrio
from django.utils.translation import gettext as _
from pyogrio.errors import DataSourceError

from vicus.web.zone.territory.errors import TerritoryRefused

MEGABYTE = 1024 * 1024
LARGEST = 100 * MEGABYTE
LARGEST_UNPACKED = 500 * MEGABYTE


def _is_geojson(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


LOOKS_RIGHT: dict[str, Callable[[bytes], bool]] = {
    ".geojson": _is_geojson,
    ".json": _is_geojson,
    ".gpkg": lambda start: start.startswith(b"SQLite format 3\x00") and start[68:70] == b"GP",
    ".shp": lambda start: start.startswith(b"\x00\x00\x27\x0a"),
}


def read(path: Path, *, layer: str | None = None, crs: int | None = None, target: int) -> Any:
    """The rows of the file as a GeoDataFrame in the zone's coordinate system (`target`)."""
    source = _inside_zip(path) if path.suffix.lower() == ".zip" else _plain(path)
    try:
        with warnings.catch_warnings():
            # GDAL's remarks about odd files; what cannot be read still raises.
            warnings.simplefilter("ignore", RuntimeWarning)
            frame = geopandas.read_file(source, engine="pyogrio", layer=layer or _only_layer(source))
    except (DataSourceError, ValueError, UnicodeDecodeError) as error:
        raise TerritoryRefused(_("The file cannot be read: it is damaged or cut off.")) from error
    if not isinstance(frame, geopandas.GeoDataFrame) or frame.empty:
        raise TerritoryRefused(_("The file holds no areas."))
    if crs is not None:
        frame = frame.set_crs(crs, allow_override=True)
    if frame.crs is None:
        raise TerritoryRefused(
            _("The file does not say which coordinate system it is in. Give its EPSG code.")
        )
    return frame.to_crs(target)


def _plain(path: Path) -> str:
    if not path.is_file():
        raise TerritoryRefused(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST:
        raise TerritoryRefused(_("The file is larger than %(size)d MB.") % {"size": LARGEST // MEGABYTE})
    with path.open("rb") as file:
        _check_start(path.name, file)
    return str(path)


def _inside_zip(path: Path) -> str:
    """The address GDAL reads one shapefile, GeoPackage or GeoJSON inside an archive at."""
    _plain_zip(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                size = LARGEST_UNPACKED // MEGABYTE
                raise TerritoryRefused(
                    _("Unpacked, the archive is larger than %(size)d MB.") % {"size": size}
                )
            found = [m for m in members if PurePosixPath(m.filename).suffix.lower() in LOOKS_RIGHT]
            found = [m for m in found if not m.filename.startswith("__MACOSX/")]
            if len(found) != 1:
                raise TerritoryRefused(
                    _("The archive must hold exactly one shapefile, GeoPackage or GeoJSON.")
                )
            with archive.open(found[0]) as file:
                _check_start(found[0].filename, file)
    except zipfile.BadZipFile as error:
        raise TerritoryRefused(_("The archive is damaged.")) from error
    return f"/vsizip/{{{path}}}/{found[0].filename}"


def _plain_zip(path: Path) -> None:
    if not path.is_file():
        raise TerritoryRefused(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST:
        raise TerritoryRefused(_("The file is larger than %(size)d MB.") % {"size": LARGEST // MEGABYTE})


def _check_start(name: str, file: IO[bytes]) -> None:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in LOOKS_RIGHT:
        raise TerritoryRefused(_("This is not a GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.zip)."))
    if not LOOKS_RIGHT[suffix](file.read(512)):
        raise TerritoryRefused(
            _("The content of the file is not what its name says (%(name)s).") % {"name": name}
        )


def _only_layer(source: str) -> str:
    layers = [str(name) for name, geometry in pyogrio.list_layers(source) if geometry is not None]
    if not layers:
        raise TerritoryRefused(_("The file holds no areas."))
    if len(layers) > 1:
        names = ", ".join(layers)
        raise TerritoryRefused(_("The file has several layers; choose one of: %(names)s.") % {"names": names})
    return layers[0]

"""Open a GeoJSON, GeoPackage or Shapefile that came from outside.

GDAL recognises many more formats, by content and not by name, and some of them make it fetch other files or
addresses. So the first bytes must be those of the format that the name promises, only the driver for that format
is asked, and from an archive one layer is taken out and nothing else.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from django.utils.translation import gettext as _
from pyogrio.errors import DataSourceError

from vicus.incidents import drivers
from vicus.incidents.drivers import NotALayer, WrongArchive
from vicus.web.zone.territory.errors import TerritoryRefused

MEGABYTE = 1024 * 1024
LARGEST = 100 * MEGABYTE


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
    _fits(path)
    try:
        with drivers.opened(path) as source, warnings.catch_warnings():
            # GDAL's remarks about odd files; what cannot be read still raises.
            warnings.simplefilter("ignore", RuntimeWarning)
            frame = geopandas.read_file(source, engine="pyogrio", layer=layer or _only_layer(source))
    except WrongArchive as error:
        raise _wrong_archive(error) from error
    except (NotALayer, DataSourceError, ValueError, UnicodeDecodeError) as error:
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


def _fits(path: Path) -> None:
    """Is the file there, not too large, and by its first bytes what its name says?"""
    if not path.is_file():
        raise TerritoryRefused(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST:
        raise TerritoryRefused(_("The file is larger than %(size)d MB.") % {"size": LARGEST // MEGABYTE})
    suffix = path.suffix.lower()
    if suffix not in (*LOOKS_RIGHT, ".zip"):
        raise TerritoryRefused(_("This is not a GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.zip)."))
    with path.open("rb") as file:
        start = file.read(512)
    if suffix in LOOKS_RIGHT and not LOOKS_RIGHT[suffix](start):
        raise TerritoryRefused(
            _("The content of the file is not what its name says (%(name)s).") % {"name": path.name}
        )


def _wrong_archive(error: WrongArchive) -> TerritoryRefused:
    size = drivers.LARGEST_UNPACKED // MEGABYTE
    return TerritoryRefused(
        {
            "too large": _("Unpacked, the archive is larger than %(size)d MB.") % {"size": size},
            "not one": _("The archive must hold exactly one shapefile, GeoPackage or GeoJSON."),
        }.get(str(error), _("The archive is damaged."))
    )


def _only_layer(source: str) -> str:
    layers = [str(name) for name, geometry in pyogrio.list_layers(source) if geometry is not None]
    if not layers:
        raise TerritoryRefused(_("The file holds no areas."))
    if len(layers) > 1:
        names = ", ".join(layers)
        raise TerritoryRefused(_("The file has several layers; choose one of: %(names)s.") % {"names": names})
    return layers[0]

"""GeoPackage, GeoJSON and other layers: their attributes, and their points as two columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.raw import open_arrow

from vicus.incidents import drivers
from vicus.incidents.delimited import Batch
from vicus.incidents.encodings import unreadable
from vicus.incidents.errors import MappingInvalid
from vicus.incidents.words import say

X, Y, IS_POINT = "geometry.x", "geometry.y", "geometry.point"
"""Names under which a mapping finds the geometry of a layer."""

_ROWS: Final = 65_536


def names(path: Path) -> tuple[str, ...]:
    """Return the names of the layers."""
    try:
        return tuple(str(name) for name in pyogrio.list_layers(_address(path))[:, 0])
    except pyogrio.errors.DataSourceError as error:
        raise _broken(path) from error


def crs(path: Path, layer: str = "") -> str:
    """Return the coordinate system of a layer, "" when the file does not say."""
    try:
        return str(pyogrio.read_info(_address(path), layer=_chosen(path, layer))["crs"] or "")
    except pyogrio.errors.DataSourceError as error:
        raise _broken(path) from error


def batches(path: Path, layer: str = "") -> Iterator[Batch]:
    """Give the features of a layer (the first when none is named)."""
    chosen, source = _chosen(path, layer), _address(path)
    try:
        total = max(1, int(pyogrio.read_info(source, layer=chosen)["features"]))
        with open_arrow(source, layer=chosen, batch_size=_ROWS, use_pyarrow=True) as (meta, reader):
            geometry = meta["geometry_name"] or "wkb_geometry"
            done = 0
            for batch in reader:
                rows = np.arange(done + 1, done + batch.num_rows + 1, dtype=np.int64)
                done += batch.num_rows
                table = with_points(pa.Table.from_batches([batch]), geometry)
                yield Batch(table, rows, fraction=min(1.0, done / total))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowInvalid, OSError) as error:
        raise _broken(path) from error


def with_points(table: Any, geometry: str) -> Any:
    """Replace a column of WKB geometries by the coordinates of their points (or of their centres)."""
    if geometry not in table.column_names:
        return table
    shapes = shapely.from_wkb(table[geometry].to_numpy(zero_copy_only=False), on_invalid="ignore")
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points = shapely.get_type_id(shapes) == 0
    centres = np.where(points, shapes, shapely.centroid(shapes))
    x, y = shapely.get_x(centres), shapely.get_y(centres)
    table = table.drop_columns([geometry])
    table = table.append_column(X, pa.array(x, pa.float64(), mask=~there))
    table = table.append_column(Y, pa.array(y, pa.float64(), mask=~there))
    return table.append_column(IS_POINT, pa.array(points, pa.bool_(), mask=~there))


def _address(path: Path) -> str:
    try:
        return drivers.address(path)
    except drivers.NotALayer as error:
        raise _broken(path) from error


def _chosen(path: Path, layer: str) -> str:
    present = names(path)
    if layer and layer not in present:
        raise MappingInvalid(
            say('{file} has no layer "{layer}".', file=path.name, layer=layer),
            todo=say("Its layers: {names}.", names=", ".join(present)),
        )
    if not present:
        raise unreadable(path, say("the file holds no layer."), say("Export it again."))
    return layer or present[0]


def _broken(path: Path) -> Exception:
    return unreadable(
        path,
        say("it cannot be read as GeoPackage or GeoJSON; it may be cut off."),
        say("Copy or download it again, completely, or export it as CSV."),
    )

"""What every function asks of its arguments, and the advice it gives when they do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vicus.analysis.errors import (
    BadParameter,
    ColumnMissing,
    DifferentCRS,
    InvalidGeometry,
    LengthMismatch,
    MissingValues,
    NoAreas,
    NotCounts,
    NotPoints,
    NotProjected,
)
from vicus.analysis.inputs import layer_of
from vicus.analysis.simulation import each

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]


def numbers(values: ArrayLike, name: str) -> Floats:
    """A one-dimensional float array, missing values as NaN."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise NotCounts(f"{name} must be numbers: {error}.") from None
    if array.ndim != 1:
        raise LengthMismatch(f"{name} must be one-dimensional; its shape is {array.shape}.")
    return array


def finite(values: ArrayLike, name: str) -> Floats:
    """Numbers without a missing one."""
    array = numbers(values, name)
    missing = int(np.count_nonzero(~np.isfinite(array)))
    if missing:
        raise MissingValues(
            f"{missing} of {len(array)} values of {name} are missing or infinite. Fill them in (a place or"
            " period without events is a 0) or leave those rows out."
        )
    return array


def not_negative(values: ArrayLike, name: str) -> Floats:
    """Finite numbers, none below zero."""
    array = finite(values, name)
    if array.size and array.min() < 0:
        raise NotCounts(f"{name} holds negative values (the lowest is {array.min():g}); counts start at 0.")
    return array


def counts_array(values: ArrayLike, name: str) -> Floats:
    """Whole numbers of 0 and more, as float."""
    array = not_negative(values, name)
    fractional = array != np.floor(array)
    if fractional.any():
        raise NotCounts(
            f"{name} must be whole counts; {array[fractional][0]:g} is none. Rates and weighted sums have another"
            " distribution: give the counts themselves."
        )
    return array


def same_length(**arrays: Any) -> None:
    """All arrays of one length."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise LengthMismatch(
            "Arrays must be of one length: " + ", ".join(f"{k} has {v}" for k, v in lengths.items()) + "."
        )


def one_of_range(value: float, name: str, low: float, high: float) -> float:
    """A number strictly between two bounds."""
    if not (low < value < high):
        raise BadParameter(f"{name} must lie between {low:g} and {high:g}; it is {value!r}.")
    return float(value)


def positive(value: float, name: str, unit: str = "") -> float:
    """A finite number above zero."""
    if not (np.isfinite(value) and value > 0):
        raise BadParameter(
            f"{name} must be a positive number{' of ' + unit if unit else ''}; it is {value!r}."
        )
    return float(value)


def one_of(value: object, name: str, choices: tuple[object, ...]) -> None:
    """One of a few values."""
    if value not in choices:
        raise BadParameter(f"{name} must be one of {', '.join(map(repr, choices))}; it is {value!r}.")


def metric(layer: Any, name: str) -> Any:
    """The GeoSeries of a layer in a projected CRS in metres; a layer without CRS is taken as plane metres."""
    geometry = getattr(layer_of(layer), "geometry", None)
    if geometry is None or not hasattr(geometry, "crs"):
        raise BadParameter(f"{name} must be a GeoDataFrame or GeoSeries, not {type(layer).__name__}.")
    crs = geometry.crs
    if crs is None:
        return geometry
    if crs.is_geographic:
        raise NotProjected(
            f"{name} is in longitude and latitude ({crs.to_string()}), where a degree is no distance. Reproject"
            f" it first: {name}.to_crs({name}.estimate_utm_crs()), or the national grid of your country."
        )
    units = {axis.unit_name for axis in crs.axis_info}
    if units and units != {"metre"}:
        raise NotProjected(
            f"{name} is in {crs.to_string()}, whose unit is {', '.join(sorted(units))}; this library counts in"
            f" metres. Reproject it first: {name}.to_crs({name}.estimate_utm_crs())."
        )
    return geometry


def same_crs(one: Any, other: Any, names: tuple[str, str]) -> None:
    """Two geometry columns in one CRS."""
    if one.crs is not None and other.crs is not None and one.crs != other.crs:
        raise DifferentCRS(
            f"{names[0]} are in {one.crs.to_string()} and {names[1]} in {other.crs.to_string()}; reproject one of"
            f" them: {names[0]}.to_crs({names[1]}.crs)."
        )


def surfaces(geometry: Any, name: str) -> None:
    """Polygons only, valid and not empty."""
    import shapely

    shapes = np.asarray(geometry.array)
    if not len(shapes):
        raise NoAreas(f"{name} holds no area.")
    lost = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if lost.size:
        raise NoAreas(
            f"{lost.size} of {len(shapes)} rows of {name} have no geometry (first at position {lost[0]});"
            f" leave them out: {name}[{name}.geometry.notna() & ~{name}.geometry.is_empty]."
        )
    other = np.flatnonzero(shapely.get_dimensions(shapes) != 2)
    if other.size:
        raise NoAreas(
            f"{name} must hold polygons; the row at position {other[0]} is a {shapes[other[0]].geom_type}. For an"
            " area around points use points.union_all().convex_hull or a buffer."
        )
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    if broken.size:
        reason = shapely.is_valid_reason(shapes[broken[0]])
        raise InvalidGeometry(
            f"{broken.size} of {len(shapes)} outlines of {name} are not valid (position {broken[0]}: {reason})."
            f" Repair them and look at the result: {name}.geometry.make_valid()."
        )


def point_coordinates(geometry: Any, name: str) -> tuple[Floats, Floats]:
    """x and y of points; NaN where a geometry is missing or empty."""
    import shapely

    shapes = np.asarray(geometry.array)
    if not len(shapes):
        return np.zeros(0), np.zeros(0)
    empty = each(shapely.is_empty, shapes)
    held = shapes[~empty] if empty.any() else shapes  # an empty point is asked for nothing: it would raise
    x, y = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    x[~empty], y[~empty] = each(shapely.get_x, held), each(shapely.get_y, held)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    if lost.any():
        # Only what has no coordinates can be something else than a point.
        rows = np.flatnonzero(lost)
        wrong = rows[(shapely.get_type_id(shapes[rows]) > 0) & ~empty[rows]]
        if wrong.size:
            raise NotPoints(
                f"{name} must hold points; the row at position {wrong[0]} is a {shapes[wrong[0]].geom_type}. Take"
                f" {name}.explode() for multipoints, or {name}.geometry.representative_point() for areas."
            )
        x[lost] = y[lost] = np.nan
    return x, y


def column_of(table: Any, column: str, name: str) -> Any:
    """A column of a table."""
    if column not in table.columns:
        present = ", ".join(str(c) for c in table.columns)
        raise ColumnMissing(f"{name} has no column {column!r}; it has {present}.")
    return table[column]

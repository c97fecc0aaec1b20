"""Reading coordinates: out of any coordinate system, into the metric one of the zone."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyproj
import shapely

from vicus.incidents.errors import MappingInvalid
from vicus.incidents.layers import IS_POINT, X
from vicus.incidents.mapping import Location, ZoneRules
from vicus.incidents.values import BoolArray, FloatArray, numbers, shown, single
from vicus.incidents.words import say

_MARGIN: Final = 3.0
"""Degrees around the area of use of the zone's coordinate system; further away it means nothing."""

_SAME: Final = 1e-6


@dataclass(frozen=True)
class Places:
    """One location per row: in the zone's system (NaN where unknown), in the file's, and what was odd."""

    x: FloatArray
    y: FloatArray
    raw_x: FloatArray
    raw_y: FloatArray
    missing: BoolArray
    impossible: BoolArray
    not_a_point: BoolArray


class PlaceReader:
    """Reads the location of every row.

    Parameters
    ----------
    location : Location or None
        Columns already narrowed to those of the file; None when the file holds no location.
    crs : int
        EPSG code of the zone's metric system.
    file_crs : str
        The system the file itself names, for ``crs = "file"``.
    decimal : str
        Decimal sign of text numbers.
    """

    def __init__(
        self, location: Location | None, crs: int, *, file_crs: str = "", decimal: str = "."
    ) -> None:
        self.location, self.decimal = location, decimal
        self._transformer: Any = None
        self._degrees = False
        self._limits = _limits(crs)
        if location is None:
            return
        name = location.crs if location.crs not in ("", "file") else file_crs
        if not name:
            raise MappingInvalid(
                say("Neither the mapping nor the file says in which coordinate system the locations are."),
                todo=_name_it(),
            )
        try:
            source = pyproj.CRS.from_user_input(name)
            self._degrees = source.is_geographic
            if source != pyproj.CRS.from_epsg(crs):
                self._transformer = pyproj.Transformer.from_crs(source, crs, always_xy=True)
        except pyproj.exceptions.ProjError as error:
            raise MappingInvalid(
                say("The coordinate system that the file names cannot be used."), todo=_name_it()
            ) from error

    @property
    def column(self) -> str:
        """The columns a reject report names."""
        return f"{self.location.x[0]}, {self.location.y[0]}" if self.location else ""

    def read(self, table: Any) -> Places:
        """Read the location of every row of a batch."""
        if self.location is None:
            nothing = np.full(table.num_rows, np.nan)
            no, yes = np.zeros(table.num_rows, np.bool_), np.ones(table.num_rows, np.bool_)
            return Places(nothing, nothing, nothing, nothing, yes, no, no)
        first = numbers(table[self.location.x[0]], decimal=self.decimal)
        second = numbers(table[self.location.y[0]], decimal=self.decimal)
        # dividing gives the same number as the same digits written with a decimal point; multiplying may not
        x, y = first.values / self.location.divide_by, second.values / self.location.divide_by
        bad = first.bad | second.bad | (np.isnan(x) ^ np.isnan(y))
        missing = np.isnan(x) & np.isnan(y) & ~bad
        for none_x, none_y in self.location.none:
            missing |= (np.abs(x - none_x) < _SAME) & (np.abs(y - none_y) < _SAME)
        impossible = bad | (~missing & self._beyond(x, y))
        usable = ~(missing | impossible)
        to_x, to_y = np.where(usable, x, np.nan), np.where(usable, y, np.nan)
        if self._transformer is not None and usable.any():
            to_x, to_y = self._transformed(to_x, to_y)
        far = usable & ~_within(to_x, to_y, self._limits)
        located = usable & ~far
        return Places(
            np.where(located, to_x, np.nan),
            np.where(located, to_y, np.nan),
            x,
            y,
            missing,
            impossible | far,
            located & self._not_a_point(table),
        )

    def shown(self, table: Any, where: BoolArray) -> Any:
        """Return what the file says for the flagged rows, for the reject report."""
        assert self.location is not None
        pair = [shown(table[names[0]], where) for names in (self.location.x, self.location.y)]
        return pc.binary_join_element_wise(*pair, ", ")

    def _transformed(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Transform each different place once, where that is quick to see: whole units of the file's system."""
        known = ~np.isnan(x)
        whole_x, whole_y = np.where(known, x, 0.0), np.where(known, y, 0.0)
        if (
            max(np.abs(whole_x).max(), np.abs(whole_y).max()) >= 2**31
            or (whole_x % 1).any()
            or (whole_y % 1).any()
        ):
            moved: tuple[FloatArray, FloatArray] = self._transformer.transform(x, y)
            return moved
        pairs = (whole_x.astype(np.int64) << 32) | (whole_y.astype(np.int64) & 0xFFFFFFFF)
        at, different = pd.factorize(pairs)
        first_x = (different >> 32).astype(np.float64)
        first_y = (different << 32 >> 32).astype(np.float64)
        to_x, to_y = self._transformer.transform(first_x, first_y)
        return np.where(known, to_x[at], np.nan), np.where(known, to_y[at], np.nan)

    def _beyond(self, x: FloatArray, y: FloatArray) -> BoolArray:
        assert self.location is not None
        beyond = np.zeros(len(x), dtype=np.bool_)
        with np.errstate(invalid="ignore"):
            if self._degrees:
                beyond |= (np.abs(x) > 180) | (np.abs(y) > 90)
            if self.location.bounds:
                beyond |= ~_within(x, y, self.location.bounds)
        return beyond

    def _not_a_point(self, table: Any) -> BoolArray:
        assert self.location is not None
        if self.location.x[0] != X or IS_POINT not in table.column_names:
            return np.zeros(table.num_rows, dtype=np.bool_)
        return ~np.asarray(pc.fill_null(single(table[IS_POINT]), True).to_numpy(zero_copy_only=False))


class Outline:
    """The outline of the zone, for asking which facts lie outside.

    Parameters
    ----------
    outline : shapely geometry or None
        In the zone's metric system; None when the zone has no territory yet: nothing is then outside.
    rules : ZoneRules
        Its tolerance widens the outline.
    """

    def __init__(self, outline: Any, rules: ZoneRules) -> None:
        widened = outline is not None and rules.tolerance_m
        self._outline = outline.buffer(rules.tolerance_m) if widened else outline
        self._prepared = threading.local()

    def outside(self, x: FloatArray, y: FloatArray) -> BoolArray:
        """Tell which located rows lie outside; a point on the outline is inside."""
        if self._outline is None:
            return np.zeros(len(x), dtype=np.bool_)
        return np.asarray(~np.isnan(x) & ~shapely.intersects_xy(self._mine(), x, y))

    def _mine(self) -> Any:
        """Return the copy of this thread: a prepared geometry shared between threads ends the process."""
        if not hasattr(self._prepared, "outline"):
            self._prepared.outline = shapely.from_wkb(shapely.to_wkb(self._outline))
            shapely.prepare(self._prepared.outline)
        return self._prepared.outline


def _limits(crs: int) -> tuple[float, ...]:
    """Return the area of use of a system in its own coordinates, with a margin; () when it names none."""
    system = pyproj.CRS.from_epsg(crs)
    area = system.area_of_use
    if area is None:
        return ()
    west, south = max(area.west - _MARGIN, -180.0), max(area.south - _MARGIN, -89.0)
    east, north = min(area.east + _MARGIN, 180.0), min(area.north + _MARGIN, 89.0)
    transformer = pyproj.Transformer.from_crs(system.geodetic_crs, system, always_xy=True)
    bounds = transformer.transform_bounds(west, south, east, north)
    return tuple(bounds) if np.isfinite(bounds).all() else ()


def _within(x: FloatArray, y: FloatArray, limits: tuple[float, ...]) -> BoolArray:
    if not limits:
        return np.isfinite(x) & np.isfinite(y)
    west, south, east, north = limits
    with np.errstate(invalid="ignore"):
        return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _name_it() -> str:
    return say(
        'Write crs = "EPSG:…" in the location part of the mapping (EPSG:4326 for longitude, latitude).'
    )

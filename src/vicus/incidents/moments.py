"""Reading moments: dates as text in any format, in parts, or as real dates, into wall-clock times."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vicus.incidents.clock import DAY, SECOND, Clock
from vicus.incidents.mapping import ISO_FORMATS, DateRules, Moment, Names
from vicus.incidents.values import BoolArray, IntArray, looked_up, numbers, shown, single, text

MINUTE, DAY_ONLY, MONTH_ONLY = 0, 1, 2
"""Positions in ``schema.PRECISIONS``."""

_EARLIEST: Final = int(np.datetime64("1900-01-01", "us").astype(np.int64))
_LATEST: Final = int(np.datetime64("2100-01-01", "us").astype(np.int64))

Precision = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Moments:
    """One moment per row.

    Attributes
    ----------
    utc : int64 array
        Microseconds since 1970 in UTC; 0 where there is none.
    known, bad : bool array
        Which rows have a moment; which have something that cannot be read as one.
    precision : int8 array
        How exact it is (positions in ``schema.PRECISIONS``).
    skipped, repeated : bool array
        Which rows were read by the rules for clock changes.
    """

    utc: IntArray
    known: BoolArray
    bad: BoolArray
    precision: Precision
    skipped: BoolArray
    repeated: BoolArray


@dataclass(frozen=True)
class _Walls:
    """Times before the time zone is applied: `aware` ones are instants already."""

    value: IntArray
    known: BoolArray
    bad: BoolArray
    precision: Precision
    aware: BoolArray


class TextReader:
    """Reads whole columns of text with one date format, strictly: 31 February is no date."""

    def __init__(self) -> None:
        self._engine: Any = None  # opened with the first text: many files hold real dates
        self._turn = threading.Lock()

    def read(self, values: Any, pattern: str) -> Any:
        """Return microseconds since 1970 for each text, null where the format does not fit."""
        with self._turn:
            return self._read(values, pattern)

    def _read(self, values: Any, pattern: str) -> Any:
        if self._engine is None:
            self._engine = duckdb.connect(":memory:", config={"threads": 2})
        self._engine.register("raw_moments", pa.table({"n": pa.array(np.arange(len(values))), "v": values}))
        found = self._engine.sql(
            "select epoch_us(try_strptime(v, $pattern)) as m from raw_moments order by n",
            params={"pattern": pattern},
        )
        return single(found.to_arrow_table()["m"])


class MomentReader:
    """Reads one moment of the mapping from batches of raw columns.

    Parameters
    ----------
    moment : Moment
        Where it is written; every group of names already narrowed to the columns of the file.
    rules : DateRules
        Formats, precision, values that mean "no date".
    name : str
        ``occurred_from``, ``occurred_to`` or ``reported_at``: which formats of the rules apply.
    clock : Clock
        The clock the times in the file were read from.
    texts : TextReader
        Reads dates written as text; one may serve several moments.
    """

    def __init__(
        self, moment: Moment, rules: DateRules, name: str, clock: Clock, texts: TextReader | None = None
    ) -> None:
        self.moment, self.rules, self.clock = moment, rules, clock
        self.formats = rules.formats_of(name)
        self.latest = name == "occurred_to"
        self._texts = texts or TextReader()

    @property
    def column(self) -> str:
        """The column a reject report names."""
        return self.moment.groups[0][0]

    def read(self, table: Any) -> Moments:
        """Read the moment of every row of a batch."""
        walls = self._walls(table)
        out_of_range = walls.known & ((walls.value < _EARLIEST) | (walls.value >= _LATEST))
        known, bad = walls.known & ~out_of_range, walls.bad | out_of_range
        wall = np.where(known, walls.value, 0)
        found = self.clock.instants(wall, latest=self.latest)
        minute = known & ~walls.aware & (walls.precision == MINUTE)
        return Moments(
            utc=np.where(known, np.where(walls.aware, wall, found.utc), 0),
            known=known,
            bad=bad,
            precision=walls.precision,
            skipped=found.skipped & minute,
            repeated=found.repeated & minute,
        )

    def shown(self, table: Any, where: BoolArray) -> Any:
        """Return what the file says for the flagged rows, for the reject report."""
        parts = [pc.fill_null(shown(table[names[0]], where), "") for names in self.moment.groups]
        return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, " ")

    def _walls(self, table: Any) -> _Walls:
        moment = self.moment
        if moment.parts:
            walls = _from_parts(table, moment.parts)
        elif moment.date:
            walls = self._from_two(table)
        else:
            walls = self._from_one(single(table[moment.column[0]]))
        if self.rules.precision != "auto":
            fixed = ("minute", "day", "month").index(self.rules.precision)
            walls = _Walls(
                walls.value, walls.known, walls.bad, np.full_like(walls.precision, fixed), walls.aware
            )
        return walls

    def _from_one(self, array: Any) -> _Walls:
        if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
            return self._native(array)
        return self._parsed(text(array))

    def _from_two(self, table: Any) -> _Walls:
        """Join a date and a time column; a date without a time is a day."""
        date, time = single(table[self.moment.date[0]]), text(table[self.moment.time[0]]).dictionary_decode()
        if pa.types.is_timestamp(date.type) or pa.types.is_date(date.type):
            date = pc.strftime(date.cast(pa.timestamp("s")), format="%Y-%m-%d")
        else:
            date = text(date).dictionary_decode()
        both = pc.binary_join_element_wise(date, time, " ")
        joined = pc.if_else(pc.is_valid(time), both, date)
        return self._parsed(joined.dictionary_encode())

    def _native(self, array: Any) -> _Walls:
        known = pc.is_valid(array).to_numpy(zero_copy_only=False)
        aware = pa.types.is_timestamp(array.type) and array.type.tz is not None
        precision = DAY_ONLY if pa.types.is_date(array.type) else MINUTE
        values = array.cast(pa.timestamp("us", tz=array.type.tz if aware else None), safe=False)
        value = pc.fill_null(values.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        size = len(array)
        if self.rules.none:
            none = self._parsed(
                pa.array(list(self.rules.none), pa.string()).dictionary_encode(), sentinels=True
            )
            known = known & ~np.isin(value, none.value[none.known])
        return _Walls(
            np.asarray(value, dtype=np.int64),
            known,
            np.zeros(size, dtype=np.bool_),
            np.full(size, precision, dtype=np.int8),
            np.full(size, aware, dtype=np.bool_),
        )

    def _parsed(self, encoded: Any, *, sentinels: bool = False) -> _Walls:
        """Parse every different text once, with each format in turn."""
        values = encoded.dictionary
        size = len(values)
        micros = np.zeros(size, dtype=np.int64)
        precision, aware = np.zeros(size, dtype=np.int8), np.zeros(size, dtype=np.bool_)
        none = np.zeros(size, dtype=np.bool_)
        if not sentinels and self.rules.none:
            none = pc.is_in(values, value_set=pa.array(self.rules.none, pa.string())).to_numpy(
                zero_copy_only=False
            )
        open_ = ~none
        for pattern in (*self.formats, *ISO_FORMATS) if sentinels else self.formats:
            if not open_.any():
                break
            at = np.flatnonzero(open_)
            found = self._texts.read(values.take(pa.array(at)), pattern)
            read = np.asarray(pc.is_valid(found).to_numpy(zero_copy_only=False))
            hits = at[read]
            micros[hits] = pc.drop_null(found).to_numpy()
            precision[hits], aware[hits] = precision_of(pattern), "%z" in pattern
            open_[hits] = False
        return _Walls(
            looked_up(encoded, micros, 0),
            looked_up(encoded, ~open_ & ~none, False),
            looked_up(encoded, open_, False),
            looked_up(encoded, precision, MINUTE),
            looked_up(encoded, aware, False),
        )


def precision_of(pattern: str) -> int:
    """Tell how exact a format is: with hours, with days, or with months only."""
    if any(code in pattern for code in ("%H", "%I", "%X", "%c")):
        return MINUTE
    return DAY_ONLY if any(code in pattern for code in ("%d", "%j", "%x")) else MONTH_ONLY


def _from_parts(table: Any, parts: tuple[tuple[str, Names], ...]) -> _Walls:
    """Put year, month, day, hour and minute together; a missing hour makes it a day."""
    read = {part: numbers(table[names[0]]) for part, names in parts}
    size = table.num_rows
    empty = np.full(size, np.nan)
    value = {
        part: read[part].values if part in read else empty
        for part in ("year", "month", "day", "hour", "minute")
    }
    given = ~np.isnan(value["year"])
    whole = {part: np.nan_to_num(column, nan=-1).astype(np.int64) for part, column in value.items()}
    year = np.where(given & (np.abs(whole["year"]) < 9999), whole["year"], 1)
    month, day = np.where(whole["month"] < 0, 1, whole["month"]), np.where(whole["day"] < 0, 1, whole["day"])
    hour, minute = np.maximum(whole["hour"], 0), np.maximum(whole["minute"], 0)
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (hour <= 23) & (minute <= 59)
    months = (year - 1970) * 12 + np.where(fits, month, 1) - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]") + np.where(fits, day, 1) - 1
    fits &= days.astype("datetime64[M]").astype(np.int64) == months  # 31 February is no day
    unreadable = np.zeros(size, dtype=np.bool_)
    for column in read.values():
        unreadable |= column.bad
    bad = unreadable | (given & ~fits)
    precision = np.where(whole["hour"] >= 0, MINUTE, np.where(whole["day"] >= 1, DAY_ONLY, MONTH_ONLY))
    wall = days.astype(np.int64) * DAY + (hour * 3600 + minute * 60) * SECOND
    return _Walls(wall, given & ~bad, bad, precision.astype(np.int8), np.zeros(size, dtype=np.bool_))


__all__ = ["DAY_ONLY", "MINUTE", "MONTH_ONLY", "MomentReader", "Moments", "TextReader", "precision_of"]

"""Checking rows: raw columns in, clean incidents and the reasons why some are not, out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vicus.incidents import identity
from vicus.incidents.clock import DAY, Clock
from vicus.incidents.coordinates import Outline, PlaceReader, Places
from vicus.incidents.delimited import Batch
from vicus.incidents.fitting import Fitted
from vicus.incidents.mapping import Names
from vicus.incidents.moments import DAY_ONLY, MINUTE, MomentReader, Moments, TextReader
from vicus.incidents.schema import INSTANT, PRECISIONS, QUALITIES, SCHEMA, SOURCES
from vicus.incidents.values import BoolArray, IntArray, looked_up, plain_text, shown, single, text

WORDS = ("category", "quality", "source", "sector", "status", "precision")
"""Columns of few different values: each value travels once, and every row a number."""

HANDED = pa.schema(
    [
        field.with_type(pa.dictionary(pa.int32(), pa.string())) if field.name in WORDS else field
        for field in SCHEMA
    ]
)
"""Rows as they are handed to the store."""

STAGED = pa.schema([HANDED.field("id").with_nullable(True), *list(HANDED)[1:]])
"""Rows on their way to the store: those without an identifier of their own do not have one yet."""

Index = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Flag:
    """The rows of one batch that share one reason."""

    rows: IntArray
    reason: str
    refused: bool
    column: str
    values: Any


@dataclass
class Checked:
    """The outcome of one batch: clean rows, what identifies them, and what was flagged.

    Attributes
    ----------
    table : pyarrow.Table
        Accepted rows, columns of :data:`STAGED`.
    rows : int64 array
        Their row numbers in the file.
    own : bool array
        Which have an identifier of their own.
    keys, ties : uint64 array
        What identifies them: the identifier, or the content; and the rest of what they say.
    flags : list of Flag
        What was found.
    read : int
        Rows of the batch, refused ones and malformed ones included.
    """

    table: Any
    rows: IntArray
    own: BoolArray
    keys: identity.Keys
    ties: identity.Keys
    read: int
    flags: list[Flag] = field(default_factory=list)


class _Flagging:
    """Collects flags of one batch, and which rows they refuse."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.flags: list[Flag] = []
        self.refused = np.zeros(batch.table.num_rows, dtype=np.bool_)
        for malformed in batch.malformed:
            where = np.asarray([malformed.row], dtype=np.int64)
            self.flags.append(Flag(where, "wrong_columns", True, "", pa.array([malformed.text[:200]])))

    def add(
        self, where: BoolArray, reason: str, column: str = "", *, values: Any = None, refuse: bool = False
    ) -> None:
        if not where.any():
            return
        if refuse:
            self.refused |= where
        if values is None:
            source = self.batch.table
            values = shown(source[column], where) if column in source.column_names else None
        elif callable(values):
            values = values(self.batch.table, where)
        if values is None:
            values = pa.array([""] * int(where.sum()), pa.string())
        self.flags.append(Flag(self.batch.rows[where], reason, refuse, column, values))


class RowChecker:
    """Turns batches of one file into incidents.

    Parameters
    ----------
    fit : Fitted
        The mapping, narrowed to the columns of the file.
    crs, timezone : int, str
        Of the store: metric coordinate system and time zone of the zone.
    file_crs : str
        Coordinate system the file itself names.
    outline : shapely geometry or None
        The zone, in its metric system.
    categories : set of str or None
        Codes the zone knows; None when it has no list.
    now : int
        Moment of the import, microseconds since 1970: nothing can have happened after it.
    """

    def __init__(
        self,
        fit: Fitted,
        *,
        crs: int,
        timezone: str,
        file_crs: str = "",
        outline: Any = None,
        categories: set[str] | None = None,
        now: int,
    ) -> None:
        self.mapping, self.categories, self.now = fit.mapping, categories, now
        self.clock = Clock(timezone)
        rules, columns = fit.mapping.dates, fit.mapping.columns
        file_clock = Clock(rules.timezone) if rules.timezone else self.clock

        texts = TextReader()

        def reader(name: str) -> MomentReader | None:
            moment = getattr(columns, name)
            return MomentReader(moment, rules, name, file_clock, texts) if moment else None

        self._start, self._end, self._reported = map(reader, ("occurred_from", "occurred_to", "reported_at"))
        self._places = PlaceReader(fit.location, crs, file_crs=file_crs, decimal=fit.mapping.file.decimal)
        self._outline = Outline(outline, fit.mapping.zone)

    def check(self, batch: Batch) -> Checked:
        """Check one batch."""
        raw, found = batch.table, _Flagging(batch)
        category_raw, category = self._category(raw, found)
        start, end = self._occurred(raw, found)
        reported = self._registered(raw, found, start)
        places, x, y = self._located(raw, found)
        ids = self._ids(raw)
        own = np.asarray(ids.is_valid().to_numpy(zero_copy_only=False))
        if self.mapping.ids.without_id == "reject":
            column = self.mapping.columns.id[0] if self.mapping.columns.id else ""
            found.add(~own, "no_id", column, refuse=True)
        sector, status = (
            self._text(raw, names) for names in (self.mapping.columns.sector, self.mapping.columns.status)
        )
        source, quality = self._source(raw, category_raw), self._quality(raw, ~np.isnan(x))
        day = self.clock.wall(start.utc) // DAY
        year = np.where(
            start.known, day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970, 0
        )
        table = pa.table(
            [
                ids,
                category,
                _instants(start.utc, start.known),
                _instants(end.utc, end.known),
                pa.array(day.astype(np.int32), pa.int32(), mask=~start.known).cast(pa.date32()),
                _instants(reported.utc, reported.known),
                pa.array(x, from_pandas=True),
                pa.array(y, from_pandas=True),
                _words(quality, QUALITIES),
                _words(source, SOURCES),
                sector,
                status,
                _words(start.precision, PRECISIONS),
                pa.array(year.astype(np.int32)),
            ],
            names=SCHEMA.names,
        )
        keys, ties = identity.of_ids(ids), np.zeros(len(own), np.uint64)
        if not own.all():
            keys = np.where(own, keys, self._content(raw, category_raw, start, end, places))
            ties = self._ties(status, sector, reported, source)
        kept = ~found.refused
        if not kept.all():
            table = table.filter(pa.array(kept))
        return Checked(
            table.cast(STAGED),
            batch.rows[kept],
            own[kept],
            keys[kept],
            ties[kept],
            len(kept) + len(batch.malformed),
            found.flags,
        )

    # --- what kind of fact ------------------------------------------------------------------------

    def _category(self, raw: Any, found: _Flagging) -> tuple[Any, Any]:
        rules, names = self.mapping.categories, self.mapping.columns.category
        column = names[0] if names else ""
        encoded = (
            text(raw[column]) if names else pa.array([rules.constant] * raw.num_rows).dictionary_encode()
        )
        values: list[str] = encoded.dictionary.to_pylist()
        table = dict(rules.codes)
        codes = [table.get(value, value) for value in values]
        missing = ~np.asarray(encoded.is_valid().to_numpy(zero_copy_only=False))
        found.add(missing, "no_category", column, refuse=True)
        listed = {*table, *table.values()} if table and rules.unlisted != "accept" else None
        unknown = [
            (listed is not None and value not in listed)
            or (self.categories is not None and code not in self.categories)
            for value, code in zip(values, codes, strict=True)
        ]
        where = looked_up(encoded, np.asarray(unknown, dtype=np.bool_), False)
        found.add(where, "unknown_category", column, refuse=rules.unlisted == "reject")
        return encoded, pa.DictionaryArray.from_arrays(encoded.indices, pa.array(codes, pa.string()))

    def _source(self, raw: Any, category: Any) -> Index:
        rule = self.mapping.source
        by_category = dict.fromkeys(rule.reported, "reported") | dict.fromkeys(rule.discovered, "discovered")
        table = dict(self.mapping.categories.codes)
        words = [
            by_category.get(value, by_category.get(table.get(value, value), rule.default))
            for value in category.dictionary.to_pylist()
        ]
        source = looked_up(category, _positions(words, SOURCES), SOURCES.index(rule.default))
        return self._by_column(raw, rule.column, dict(rule.values), SOURCES, source)

    def _by_column(
        self, raw: Any, names: Names, values: dict[str, str], words: Names, otherwise: Index
    ) -> Index:
        if not names:
            return otherwise
        encoded = text(raw[names[0]])
        table = np.asarray(
            [
                words.index(values[value]) if value in values else -1
                for value in encoded.dictionary.to_pylist()
            ],
            dtype=np.int8,
        )
        stated = looked_up(encoded, table, -1)
        return np.where(stated >= 0, stated, otherwise)

    # --- when ---------------------------------------------------------------------------------------

    def _occurred(self, raw: Any, found: _Flagging) -> tuple[Moments, Moments]:
        start, end = self._moments(self._start, raw), self._moments(self._end, raw)
        if self._start is not None:
            found.add(start.bad, "bad_date", self._start.column, values=self._start.shown, refuse=True)
        if self._end is not None:
            only_end = ~start.known & ~start.bad & end.known
            reason = "bad_date" if self._start is None else "bad_end_date"
            found.add(end.bad, reason, self._end.column, values=self._end.shown, refuse=self._start is None)
            found.add(only_end, "only_end_date", self._end.column)
            start = _replaced(start, only_end, end)
            start, end = self._in_order(found, start, end)
        reader = self._start or self._end
        assert reader is not None
        found.add(~(start.known | start.bad | end.bad), "no_date", reader.column)
        late = (start.known & (start.utc > self.now)) | (
            end.known & (end.utc > self.now) & (end.precision == MINUTE)
        )
        found.add(late, "in_future", reader.column, values=reader.shown, refuse=True)
        self._clock_flags(found, start, reader)
        if self._end is not None:
            self._clock_flags(found, end, self._end)
        return start, end

    def _in_order(self, found: _Flagging, start: Moments, end: Moments) -> tuple[Moments, Moments]:
        """Make every interval run forwards.

        An end known to the day only, after a beginning known to the minute, lasts until that day is over.
        """
        assert self._end is not None
        whole_day = start.known & end.known & (start.precision == MINUTE) & (end.precision == DAY_ONLY)
        if whole_day.any():
            midnight = self.clock.instants((self.clock.wall(end.utc) // DAY + 1) * DAY).utc
            end = replace(end, utc=np.where(whole_day, midnight, end.utc))
        swapped = start.known & end.known & (end.utc < start.utc)
        found.add(swapped, "swapped_interval", self._end.column, values=self._end.shown)
        return _replaced(start, swapped, end), _replaced(end, swapped, start)

    def _clock_flags(self, found: _Flagging, moments: Moments, reader: MomentReader) -> None:
        found.add(moments.skipped, "clock_skipped", reader.column, values=reader.shown)
        found.add(moments.repeated, "clock_repeated", reader.column, values=reader.shown)

    def _registered(self, raw: Any, found: _Flagging, start: Moments) -> Moments:
        reported = self._moments(self._reported, raw)
        if self._reported is None:
            return reported
        reader = self._reported
        found.add(reported.bad, "bad_reported_date", reader.column, values=reader.shown)
        future = reported.known & (reported.utc > self.now)
        found.add(future, "reported_in_future", reader.column, values=reader.shown)
        # to the day or the month, both may be the same day: only whole days earlier are before
        before = reported.known & start.known & (reported.utc < start.utc)
        exact = (reported.precision == MINUTE) & (start.precision == MINUTE)
        before &= exact | (self.clock.wall(reported.utc) // DAY < self.clock.wall(start.utc) // DAY)
        found.add(before & ~future, "reported_before_occurred", reader.column, values=reader.shown)
        return _known_only(reported, ~future)

    def _moments(self, reader: MomentReader | None, raw: Any) -> Moments:
        if reader is not None:
            return reader.read(raw)
        nothing = np.zeros(raw.num_rows, dtype=np.bool_)
        zero = np.zeros(raw.num_rows, dtype=np.int64)
        return Moments(zero, nothing, nothing, zero.astype(np.int8), nothing, nothing)

    # --- where --------------------------------------------------------------------------------------

    def _located(self, raw: Any, found: _Flagging) -> tuple[Places, Any, Any]:
        places, column = self._places.read(raw), self._places.column
        found.add(places.missing, "no_location", column)
        found.add(places.impossible, "impossible_coordinates", column, values=self._places.shown)
        found.add(places.not_a_point, "not_a_point", column)
        outside, policy = self._outline.outside(places.x, places.y), self.mapping.zone.outside
        if not outside.any():
            return places, places.x, places.y
        found.add(outside, "outside_zone", column, values=self._places.shown, refuse=policy == "reject")
        if policy != "unlocate":
            return places, places.x, places.y
        return places, np.where(outside, np.nan, places.x), np.where(outside, np.nan, places.y)

    def _quality(self, raw: Any, located: BoolArray) -> Index:
        rules = self.mapping.quality
        stated = np.full(raw.num_rows, QUALITIES.index(rules.default), dtype=np.int8)
        stated = self._by_column(raw, rules.column, dict(rules.values), QUALITIES, stated)
        return np.where(located, stated, np.int8(QUALITIES.index("unknown")))

    # --- which --------------------------------------------------------------------------------------

    def _text(self, raw: Any, names: Names) -> Any:
        return text(raw[names[0]]) if names else pa.nulls(raw.num_rows, pa.string()).dictionary_encode()

    def _ids(self, raw: Any) -> Any:
        names, prefix = self.mapping.columns.id, self.mapping.ids.prefix
        if not names:
            return pa.nulls(raw.num_rows, pa.string())
        ids = plain_text(raw[names[0]])
        return pc.binary_join_element_wise(prefix, ids, "") if prefix else ids

    def _content(
        self, raw: Any, category: Any, start: Moments, end: Moments, places: Places
    ) -> identity.Keys:
        """Work out what a row says in its file: its category as written there, moments, place, extras.

        Codes and the coordinate system of the zone play no part, so a mapping with other codes corrects the
        same rows instead of adding them again.
        """
        keys = identity.of_text(category)
        keys = identity.mixed(keys, identity.of_moments(start.utc, start.known))
        keys = identity.mixed(keys, identity.of_moments(end.utc, end.known))
        keys = identity.mixed(keys, identity.of_numbers(places.raw_x))
        keys = identity.mixed(keys, identity.of_numbers(places.raw_y))
        for name in self.mapping.ids.content:
            keys = identity.mixed(keys, identity.of_text(text(single(raw[name]))))
        return identity.mixed(
            keys, identity.of_text(pa.array([self.mapping.ids.prefix] * len(keys)).dictionary_encode())
        )

    def _ties(self, status: Any, sector: Any, reported: Moments, source: Index) -> identity.Keys:
        keys = identity.mixed(identity.of_text(status), identity.of_text(sector))
        keys = identity.mixed(keys, identity.of_moments(reported.utc, reported.known))
        return identity.mixed(keys, source.astype(np.uint64))


def _instants(utc: IntArray, known: BoolArray) -> Any:
    return pa.array(utc, pa.int64(), mask=~known).cast(INSTANT)


def _positions(words: list[str], among: Names) -> Index:
    return np.asarray([among.index(word) for word in words], dtype=np.int8)


def _words(positions: Index, words: Names) -> Any:
    return pa.DictionaryArray.from_arrays(positions.astype(np.int32), pa.array(words))


def _replaced(moments: Moments, where: BoolArray, others: Moments) -> Moments:
    if not where.any():
        return moments
    pairs = {name: (getattr(moments, name), getattr(others, name)) for name in Moments.__dataclass_fields__}
    return Moments(**{name: np.where(where, theirs, mine) for name, (mine, theirs) in pairs.items()})


def _known_only(moments: Moments, where: BoolArray) -> Moments:
    return replace(moments, utc=np.where(where, moments.utc, 0), known=moments.known & where)

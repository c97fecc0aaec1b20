"""A mapping: how the columns of one kind of file become incidents, as a small TOML file."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyproj

from vicus.incidents.errors import MappingInvalid
from vicus.incidents.schema import PRECISIONS, QUALITIES, SOURCES

Names = tuple[str, ...]

ISO_FORMATS: Final = (
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m",
)
"""Tried when a mapping names no format: the unambiguous, year-first ones."""

PARTS: Final = ("year", "month", "day", "hour", "minute")


@dataclass(frozen=True)
class FileRules:
    """What must be known to open the file; everything empty is found out by itself."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    skip: int = 0
    sheet: str = ""
    layer: str = ""


@dataclass(frozen=True)
class Moment:
    """Where one moment is written: one column, a date and a time column, or a column for each part."""

    column: Names = ()
    date: Names = ()
    time: Names = ()
    parts: tuple[tuple[str, Names], ...] = ()

    @property
    def groups(self) -> tuple[Names, ...]:
        """The columns it needs, each as a tuple of alternatives."""
        given = (self.column, self.date, self.time, *(names for _, names in self.parts))
        return tuple(names for names in given if names)

    def __bool__(self) -> bool:
        """Tell whether the mapping says anything about this moment."""
        return bool(self.groups)


@dataclass(frozen=True)
class Columns:
    """Which column of the file holds what; several names are alternatives, the first present is taken."""

    id: Names = ()
    category: Names = ()
    occurred_from: Moment = field(default_factory=Moment)
    occurred_to: Moment = field(default_factory=Moment)
    reported_at: Moment = field(default_factory=Moment)
    sector: Names = ()
    status: Names = ()


@dataclass(frozen=True)
class DateRules:
    """How dates are read."""

    timezone: str = ""
    formats: Names = ()
    column_formats: tuple[tuple[str, Names], ...] = ()
    precision: str = "auto"
    none: Names = ()

    def formats_of(self, name: str) -> Names:
        """Return the formats of one date column, in the order they are tried."""
        return dict(self.column_formats).get(name, self.formats or ISO_FORMATS)


@dataclass(frozen=True)
class Location:
    """Where the coordinates are; of several, the first whose columns are in the file is taken."""

    x: Names
    y: Names
    crs: str = ""
    divide_by: float = 1.0
    none: tuple[tuple[float, float], ...] = ()
    bounds: tuple[float, ...] = ()


@dataclass(frozen=True)
class LocationQuality:
    """How exact a location is: one word for the whole file, or a column and what its values mean."""

    default: str = "exact"
    column: Names = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SourceRule:
    """Who brought the fact to light: the public (reported) or police activity (discovered)."""

    default: str = "unknown"
    discovered: Names = ()
    reported: Names = ()
    column: Names = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CategoryRules:
    """Which codes the values of the category column become."""

    constant: str = ""
    overlapping: bool = False
    unlisted: str = "warn"
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class IdRules:
    """What identifies a row, and what happens to rows that are the same."""

    repeated: str = "first"
    without_id: str = "content"
    repeated_rows: str = "keep"
    content: Names = ()
    prefix: str = ""


@dataclass(frozen=True)
class ZoneRules:
    """What happens to a fact outside the zone."""

    outside: str = "keep"
    tolerance_m: float = 0.0


@dataclass(frozen=True)
class Mapping:
    """How one kind of file becomes incidents.

    Make one with :meth:`load`, :meth:`parse` or :func:`vicus.incidents.guessing.guess`; keep it as the text
    :meth:`to_toml` gives. Each part is explained, key by key, in ``docs/reference/mapping.md`` and in the
    shipped mapping ``generic``.

    Examples
    --------
    >>> mapping = Mapping.parse('''
    ... name = "ours"
    ... [columns]
    ... category = "Feit"
    ... occurred_from = "Datum"
    ... [dates]
    ... formats = ["%d/%m/%Y %H:%M"]
    ... ''')
    >>> mapping.columns.category
    ('Feit',)
    """

    name: str
    title: str = ""
    origin: str = ""
    file: FileRules = field(default_factory=FileRules)
    columns: Columns = field(default_factory=Columns)
    dates: DateRules = field(default_factory=DateRules)
    locations: tuple[Location, ...] = ()
    quality: LocationQuality = field(default_factory=LocationQuality)
    source: SourceRule = field(default_factory=SourceRule)
    categories: CategoryRules = field(default_factory=CategoryRules)
    ids: IdRules = field(default_factory=IdRules)
    zone: ZoneRules = field(default_factory=ZoneRules)
    no_persons: tuple[tuple[str, str], ...] = ()
    comments: tuple[tuple[str, str], ...] = ()

    @classmethod
    def load(cls, path_or_name: str | Path) -> Mapping:
        """Read a mapping from a TOML file, or a shipped one by its name.

        Parameters
        ----------
        path_or_name : str or Path
            A path, or one of :func:`shipped`.

        Raises
        ------
        MappingInvalid
            There is no such mapping, or it cannot be used.
        """
        text = shipped_text(str(path_or_name)) if str(path_or_name) in shipped() else None
        if text is None:
            path = Path(path_or_name)
            if not path.is_file():
                raise MappingInvalid(
                    f"There is no mapping {path_or_name}.",
                    todo=f"Give the path of a TOML file, or one of: {', '.join(shipped())}.",
                )
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise MappingInvalid(
                    f"The mapping {path.name} is not UTF-8 text.", todo="Save it as UTF-8."
                ) from error
        return cls.parse(text)

    @classmethod
    def parse(cls, toml_text: str) -> Mapping:
        """Read a mapping from the text of a TOML file.

        Raises
        ------
        MappingInvalid
            The text is no TOML, or says something a mapping cannot say; the message names the key.
        """
        try:
            return _mapping(tomllib.loads(toml_text))
        except tomllib.TOMLDecodeError as error:
            raise MappingInvalid(f"The mapping is not valid TOML: {error}.", todo="Correct that line.") from error

    def to_toml(self) -> str:
        """Return the mapping as commented TOML text; parsing it gives the same mapping."""
        from vicus.incidents.mapping_text import written

        return written(self)

    def commented(self, comments: dict[str, str]) -> Mapping:
        """Return the mapping with comments for its text, by key such as ``"columns.category"``."""
        return replace(self, comments=tuple(comments.items()))


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that come with Vicus."""
    folder = resources.files("vicus.incidents") / "mappings"
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


def shipped_text(name: str) -> str:
    """Return the TOML text of a shipped mapping, comments included."""
    return (resources.files("vicus.incidents") / "mappings" / f"{name}.toml").read_text(encoding="utf-8")


# --- reading the text --------------------------------------------------------------------------------


def _wrong(key: str, problem: str, todo: str) -> MappingInvalid:
    return MappingInvalid(f"In the mapping, {key} {problem}.", todo=todo)


class _Part:
    """One table of the TOML text: takes keys out one by one, and complains about what is left."""

    def __init__(self, table: Any, where: str) -> None:
        if not isinstance(table, dict):
            raise _wrong(where, "must be a table", f"Write it as [{where}].")
        self.table, self.where, self.known = dict(table), where, list[str]()

    def key(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def take(self, name: str, default: Any = None) -> Any:
        self.known.append(name)
        return self.table.pop(name, default)

    def part(self, name: str) -> _Part:
        return _Part(self.take(name, {}), self.key(name))

    def string(self, name: str, default: str = "", *, among: Iterable[str] = ()) -> str:
        value = self.take(name, default)
        if not isinstance(value, str):
            raise _wrong(self.key(name), "must be text", "Put it between double quotes.")
        if among and value not in among:
            raise _wrong(self.key(name), f'is "{value}"', f"Use one of: {', '.join(among)}.")
        return value

    def number(self, name: str, default: float) -> float:
        value = self.take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(self.key(name), "must be a number", "Write it without quotes.")
        return float(value)

    def names(self, name: str) -> Names:
        return as_names(self.take(name, []), self.key(name))

    def pairs(self, name: str, *, among: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
        table = self.take(name, {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise _wrong(self.key(name), "must be a table of texts", 'Write lines such as "value" = "code".')
        for value in table.values():
            if among and value not in among:
                raise _wrong(self.key(name), f'holds "{value}"', f"Use one of: {', '.join(among)}.")
        return tuple(table.items())

    def done(self) -> None:
        for name in self.table:
            close = difflib.get_close_matches(name, self.known, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(self.known)}."
            raise _wrong(self.key(name), "is not something a mapping can say", hint)


def as_names(value: Any, key: str) -> Names:
    """Read a column name, or a list of alternatives, from a TOML value."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(name for name in value if name)
    raise _wrong(key, "must be a name or a list of names", 'Write "name" or ["name", "other name"].')


def _moment(value: Any, key: str) -> Moment:
    if not isinstance(value, dict):
        return Moment(column=as_names(value, key))
    part = _Part(value, key)
    if "year" in value:
        moment = Moment(parts=tuple((name, names) for name in PARTS if (names := part.names(name))))
    else:
        moment = Moment(date=part.names("date"), time=part.names("time"))
        if not moment.date:
            raise _wrong(key, "names no date", "Give date and time, or year, month, day, hour, minute.")
    part.done()
    return moment


def _columns(part: _Part) -> Columns:
    moments = {
        name: _moment(part.take(name, []), part.key(name))
        for name in ("occurred_from", "occurred_to", "reported_at")
    }
    columns = Columns(
        id=part.names("id"),
        category=part.names("category"),
        sector=part.names("sector"),
        status=part.names("status"),
        **moments,
    )
    part.done()
    if not (columns.occurred_from or columns.occurred_to):
        raise _wrong("columns.occurred_from", "is missing", "Name the column with the date of the fact.")
    return columns


def _dates(part: _Part) -> DateRules:
    formats = part.take("column_formats", {})
    rules = DateRules(
        timezone=part.string("timezone"),
        formats=part.names("formats"),
        column_formats=tuple((name, as_names(value, f"dates.column_formats.{name}")) for name, value in formats.items()),
        precision=part.string("precision", "auto", among=("auto", *PRECISIONS)),
        none=part.names("none"),
    )
    part.done()
    if rules.timezone:
        try:
            ZoneInfo(rules.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise _wrong(
                "dates.timezone", f'is "{rules.timezone}"', 'Use a name such as "Europe/Brussels".'
            ) from error
    return rules


def _location(part: _Part) -> Location:
    none, bounds = part.take("none", []), part.take("bounds", [])
    try:
        pairs = tuple((float(x), float(y)) for x, y in none)
        limits = tuple(float(value) for value in bounds)
    except (TypeError, ValueError) as error:
        raise _wrong(part.where, "has none or bounds that are not numbers", "Write none = [[0, 0]].") from error
    crs = part.take("crs", "")
    location = Location(
        x=part.names("x"),
        y=part.names("y"),
        crs=f"EPSG:{crs}" if isinstance(crs, int) else str(crs),
        divide_by=part.number("divide_by", 1.0),
        none=pairs,
        bounds=limits,
    )
    part.done()
    if not (location.x and location.y):
        raise _wrong(part.where, "needs x and y", "Name the two columns (x is also longitude, y latitude).")
    if len(limits) not in (0, 4) or not location.divide_by:
        raise _wrong(part.where, "has unusable bounds or divide_by", "bounds = [west, south, east, north].")
    if location.crs not in ("", "file"):
        try:
            pyproj.CRS.from_user_input(location.crs)
        except pyproj.exceptions.CRSError as error:
            raise _wrong(f"{part.where}.crs", f'is "{crs}"', 'Use a code such as "EPSG:31370".') from error
    return location


def _locations(tables: Any) -> tuple[Location, ...]:
    tables = [tables] if isinstance(tables, dict) else tables
    return tuple(_location(_Part(table, "location")) for table in tables)


def _quality(part: _Part) -> LocationQuality:
    rules = LocationQuality(
        default=part.string("default", "exact", among=QUALITIES),
        column=part.names("column"),
        values=part.pairs("values", among=QUALITIES),
    )
    part.done()
    return rules


def _source(part: _Part) -> SourceRule:
    rule = SourceRule(
        default=part.string("default", "unknown", among=SOURCES),
        discovered=part.names("discovered"),
        reported=part.names("reported"),
        column=part.names("column"),
        values=part.pairs("values", among=SOURCES),
    )
    part.done()
    return rule


def _categories(part: _Part) -> CategoryRules:
    overlapping = part.take("overlapping", False)
    if not isinstance(overlapping, bool):
        raise _wrong("categories.overlapping", "must be true or false", "Write it without quotes.")
    rules = CategoryRules(
        constant=part.string("constant"),
        overlapping=overlapping,
        unlisted=part.string("unlisted", "warn", among=("accept", "warn", "reject")),
        codes=part.pairs("codes"),
    )
    part.done()
    return rules


def _ids(part: _Part) -> IdRules:
    rules = IdRules(
        repeated=part.string("repeated", "first", among=("first", "last")),
        without_id=part.string("without_id", "content", among=("content", "reject")),
        repeated_rows=part.string("repeated_rows", "keep", among=("keep", "reject")),
        content=part.names("content"),
        prefix=part.string("prefix"),
    )
    part.done()
    return rules


def _file(part: _Part) -> FileRules:
    rules = FileRules(
        encoding=part.string("encoding"),
        delimiter=part.string("delimiter"),
        decimal=part.string("decimal", ".", among=(".", ",")),
        skip=int(part.number("skip", 0)),
        sheet=part.string("sheet"),
        layer=part.string("layer"),
    )
    part.done()
    if len(rules.delimiter) > 1:
        raise _wrong("file.delimiter", f'is "{rules.delimiter}"', 'Use one character, such as ";".')
    return rules


def _mapping(table: dict[str, Any]) -> Mapping:
    top = _Part(table, "")
    zone = top.part("zone")
    mapping = Mapping(
        name=top.string("name", "unnamed"),
        title=top.string("title"),
        origin=top.string("origin"),
        file=_file(top.part("file")),
        columns=_columns(top.part("columns")),
        dates=_dates(top.part("dates")),
        locations=_locations(top.take("location", [])),
        quality=_quality(top.part("quality")),
        source=_source(top.part("source")),
        categories=_categories(top.part("categories")),
        ids=_ids(top.part("ids")),
        zone=ZoneRules(
            outside=zone.string("outside", "keep", among=("keep", "unlocate", "reject")),
            tolerance_m=zone.number("tolerance_m", 0.0),
        ),
        no_persons=top.pairs("no_persons"),
    )
    zone.done()
    top.done()
    if not (mapping.columns.category or mapping.categories.constant):
        raise _wrong(
            "columns.category",
            "is missing",
            "Name the column that says what kind of fact it is, or write categories.constant.",
        )
    return mapping


def guess(path: Path | str) -> Mapping:
    """Make a first, commented guess of the mapping for an unknown file; see :mod:`.guessing`."""
    from vicus.incidents.guessing import guess as guessed

    return guessed(path)

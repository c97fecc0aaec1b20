"""Reading the TOML text of a mapping, with a complaint that names the key and what to write instead."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyproj

from vicus.incidents.errors import MappingInvalid
from vicus.incidents.mapping import (
    PARTS,
    CategoryRules,
    Columns,
    DateRules,
    FileRules,
    IdRules,
    Location,
    LocationQuality,
    Mapping,
    Moment,
    Names,
    SourceRule,
    ZoneRules,
)
from vicus.incidents.schema import PRECISIONS, QUALITIES, SOURCES
from vicus.incidents.words import say


def parsed(toml_text: str) -> Mapping:
    """Read a mapping from TOML text.

    Raises
    ------
    MappingInvalid
        The text is no TOML, or says something a mapping cannot say.
    """
    try:
        return _mapping(tomllib.loads(toml_text))
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid(
            say("The mapping is not valid TOML: {why}.", why=error), todo=say("Correct that line.")
        ) from error
    except RecursionError:
        raise MappingInvalid(
            say("The mapping holds lists within lists without end."),
            todo=say("A mapping needs two levels at most."),
        ) from None


def _wrong(key: str, problem: str, todo: str) -> MappingInvalid:
    return MappingInvalid(say("In the mapping, {key} {problem}.", key=key, problem=problem), todo=todo)


class _Part:
    """One table of the TOML text: takes keys out one by one, and complains about what is left."""

    def __init__(self, table: Any, where: str) -> None:
        if not isinstance(table, dict):
            raise _wrong(where, say("must be a table"), say("Write it as [{key}].", key=where))
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
            raise _wrong(self.key(name), say("must be text"), say("Put it between double quotes."))
        if among and value not in among:
            raise _wrong(self.key(name), say('is "{value}"', value=value), _one_of(among))
        return value

    def number(self, name: str, default: float) -> float:
        value = self.take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(self.key(name), say("must be a number"), say("Write it without quotes."))
        return float(value)

    def names(self, name: str) -> Names:
        return as_names(self.take(name, []), self.key(name))

    def pairs(self, name: str, *, among: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
        table = self.take(name, {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise _wrong(
                self.key(name), say("must be a table of texts"), say('Write lines such as "value" = "code".')
            )
        for value in table.values():
            if among and value not in among:
                raise _wrong(self.key(name), say('holds "{value}"', value=value), _one_of(among))
        return tuple(table.items())

    def done(self) -> None:
        for name in self.table:
            close = difflib.get_close_matches(name, self.known, n=1)
            hint = (
                say("Did you mean {name}?", name=close[0])
                if close
                else say("Known here: {names}.", names=", ".join(self.known))
            )
            raise _wrong(self.key(name), say("is not something a mapping can say"), hint)


def _one_of(known: Iterable[str]) -> str:
    return say("Use one of: {names}.", names=", ".join(known))


def as_names(value: Any, key: str) -> Names:
    """Read a column name, or a list of alternatives, from a TOML value."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(name for name in value if name)
    raise _wrong(
        key, say("must be a name or a list of names"), say('Write "name" or ["name", "other name"].')
    )


def _moment(value: Any, key: str) -> Moment:
    if not isinstance(value, dict):
        return Moment(column=as_names(value, key))
    part = _Part(value, key)
    if "year" in value:
        moment = Moment(parts=tuple((name, names) for name in PARTS if (names := part.names(name))))
    else:
        moment = Moment(date=part.names("date"), time=part.names("time"))
        if not moment.date:
            raise _wrong(
                key, say("names no date"), say("Give date and time, or year, month, day, hour, minute.")
            )
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
        raise _wrong(
            "columns.occurred_from", say("is missing"), say("Name the column with the date of the fact.")
        )
    return columns


def _dates(part: _Part) -> DateRules:
    formats = part.take("column_formats", {})
    rules = DateRules(
        timezone=part.string("timezone"),
        formats=part.names("formats"),
        column_formats=tuple(
            (name, as_names(value, f"dates.column_formats.{name}")) for name, value in formats.items()
        ),
        precision=part.string("precision", "auto", among=("auto", *PRECISIONS)),
        none=part.names("none"),
    )
    part.done()
    if rules.timezone:
        try:
            ZoneInfo(rules.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise _wrong(
                "dates.timezone",
                say('is "{value}"', value=rules.timezone),
                say('Use a name such as "Europe/Brussels".'),
            ) from error
    return rules


def _location(part: _Part) -> Location:
    none, bounds = part.take("none", []), part.take("bounds", [])
    try:
        pairs = tuple((float(x), float(y)) for x, y in none)
        limits = tuple(float(value) for value in bounds)
    except (TypeError, ValueError) as error:
        raise _wrong(
            part.where, say("has none or bounds that are not numbers"), say("Write none = [[0, 0]].")
        ) from error
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
        raise _wrong(
            part.where, say("needs x and y"), say("Name the two columns (x is also longitude, y latitude).")
        )
    if len(limits) not in (0, 4) or not location.divide_by:
        raise _wrong(
            part.where, say("has unusable bounds or divide_by"), say("bounds = [west, south, east, north].")
        )
    if location.crs not in ("", "file"):
        try:
            pyproj.CRS.from_user_input(location.crs)
        except pyproj.exceptions.CRSError as error:
            raise _wrong(
                f"{part.where}.crs", say('is "{value}"', value=crs), say('Use a code such as "EPSG:31370".')
            ) from error
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
        raise _wrong("categories.overlapping", say("must be true or false"), say("Write it without quotes."))
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
        raise _wrong(
            "file.delimiter",
            say('is "{value}"', value=rules.delimiter),
            say('Use one character, such as ";".'),
        )
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
            say("is missing"),
            say("Name the column that says what kind of fact it is, or write categories.constant."),
        )
    return mapping

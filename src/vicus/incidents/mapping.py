"""A mapping: how the columns of one kind of file become incidents, as a small TOML file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Final

from vicus.incidents.errors import MappingInvalid
from vicus.incidents.words import say

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
                    say("There is no mapping {name}.", name=path_or_name),
                    todo=say("Give the path of a TOML file, or one of: {names}.", names=", ".join(shipped())),
                )
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise MappingInvalid(
                    say("The mapping {name} is not UTF-8 text.", name=path.name),
                    todo=say("Save it as UTF-8."),
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
        from vicus.incidents.mapping_reading import parsed

        return parsed(toml_text)

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


def guess(path: Path | str) -> Mapping:
    """Make a first, commented guess of the mapping for an unknown file; see :mod:`.guessing`."""
    from vicus.incidents.guessing import guess as guessed

    return guessed(path)

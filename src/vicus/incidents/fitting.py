"""Fitting a mapping to one file: which of the alternative columns are there, and what is missing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from vicus.incidents.errors import MappingInvalid
from vicus.incidents.mapping import Location, Mapping, Moment, Names
from vicus.incidents.words import say


@dataclass(frozen=True)
class Fitted:
    """A mapping narrowed to the columns of one file.

    Attributes
    ----------
    mapping : Mapping
        The same mapping, every list of alternatives cut down to the one present column, or to none.
    location : Location or None
        The first location whose columns are there.
    needed : tuple of str
        Columns the import reads.
    used : dict
        What each column is used for, for the report and the preview.
    notes : tuple of str
        What the mapping names and the file does not have.
    """

    mapping: Mapping
    location: Location | None
    needed: tuple[str, ...]
    used: dict[str, str]
    notes: tuple[str, ...]


def fitted(mapping: Mapping, columns: tuple[str, ...]) -> Fitted:
    """Narrow a mapping to the columns of a file.

    Parameters
    ----------
    mapping : Mapping
        With alternatives for each column.
    columns : tuple of str
        Names in the file.

    Raises
    ------
    MappingInvalid
        The category, or every date of the fact, is missing: the message names the columns of the file.
    """
    notes: list[str] = []
    present = set(columns)

    def there(names: Names, use: str) -> Names:
        found = next((name for name in names if name in present), None)
        if names and found is None:
            notes.append(_absent(use, names))
        return (found,) if found else ()

    given = mapping.columns
    chosen = replace(
        given,
        id=there(given.id, "id"),
        category=there(given.category, "category"),
        occurred_from=_moment(given.occurred_from, present, "occurred_from", notes),
        occurred_to=_moment(given.occurred_to, present, "occurred_to", notes),
        reported_at=_moment(given.reported_at, present, "reported_at", notes),
        sector=there(given.sector, "sector"),
        status=there(given.status, "status"),
    )
    if not (chosen.category or mapping.categories.constant):
        raise _missing(
            say("the category"),
            given.category,
            columns,
        )
    if not (chosen.occurred_from or chosen.occurred_to):
        raise _missing(
            say("the date of the fact"),
            _first_names(given.occurred_from or given.occurred_to),
            columns,
        )
    location = _location(mapping.locations, present, notes)
    quality = replace(mapping.quality, column=there(mapping.quality.column, "quality"))
    source = replace(mapping.source, column=there(mapping.source.column, "source"))
    # further columns of the content identifier are a help where they exist, so their absence is no news
    content = tuple(name for name in mapping.ids.content if name in present)
    narrowed = replace(
        mapping, columns=chosen, quality=quality, source=source, ids=replace(mapping.ids, content=content)
    )
    used = _used(narrowed, location)
    return Fitted(narrowed, location, tuple(dict.fromkeys((*used, *content))), used, tuple(notes))


def _moment(moment: Moment, present: set[str], use: str, notes: list[str]) -> Moment:
    def found(names: Names) -> Names:
        return tuple(name for name in names if name in present)[:1]

    narrowed = Moment(
        column=found(moment.column),
        date=found(moment.date),
        time=found(moment.time),
        parts=tuple((part, found(names)) for part, names in moment.parts if found(names)),
    )
    if narrowed.parts and narrowed.parts[0][0] != "year":
        narrowed = Moment()
    if narrowed.date and not narrowed.time:
        narrowed = Moment(column=narrowed.date)
    if narrowed.time and not narrowed.date:
        narrowed = Moment()
    if moment and not narrowed:
        notes.append(_absent(use, _first_names(moment)))
    return narrowed


def _absent(use: str, names: Names) -> str:
    return say("{use}: none of {names} is in the file.", use=use, names=", ".join(names))


def _first_names(moment: Moment) -> Names:
    return tuple(dict.fromkeys(name for names in moment.groups for name in names))


def _location(locations: tuple[Location, ...], present: set[str], notes: list[str]) -> Location | None:
    for location in locations:
        x = next((name for name in location.x if name in present), None)
        y = next((name for name in location.y if name in present), None)
        if x and y:
            return replace(location, x=(x,), y=(y,))
    wanted = ", ".join(f"{location.x[0]} + {location.y[0]}" for location in locations)
    notes.append(
        say("location: none of {names} is in the file; no fact is located.", names=wanted)
        if wanted
        else say("location: the mapping names no columns; no fact is located.")
    )
    return None


def _missing(what: str, names: Names, columns: tuple[str, ...]) -> MappingInvalid:
    close = [match for name in names for match in difflib.get_close_matches(name, columns, n=1, cutoff=0.6)]
    hint = say(" Did you mean {name}?", name=close[0]) if close else ""
    return MappingInvalid(
        say(
            "The file has no column for {what}: the mapping names {names}.{hint}",
            what=what,
            names=", ".join(names),
            hint=hint,
        ),
        kept=say("Nothing was imported."),
        todo=say("Correct the mapping. Columns of the file: {names}.", names=", ".join(columns) or "–"),
    )


def _used(mapping: Mapping, location: Location | None) -> dict[str, str]:
    columns, used = mapping.columns, dict[str, str]()

    def note(names: Names, use: str) -> None:
        for name in names:
            used[name] = f"{used[name]}, {use}" if name in used else use

    note(columns.id, "id")
    note(columns.category, "category")
    for use in ("occurred_from", "occurred_to", "reported_at"):
        for names in getattr(columns, use).groups:
            note(names, use)
    if location is not None:
        note(location.x, "x")
        note(location.y, "y")
        if location.x[0] == "geometry.x":
            note(("geometry.point",), "x, y")
    note(columns.sector, "sector")
    note(columns.status, "status")
    note(mapping.quality.column, "quality")
    note(mapping.source.column, "source")
    return used

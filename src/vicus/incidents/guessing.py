"""A first guess of the mapping for an unknown file: from its headers, its values, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vicus.incidents import formats, layers
from vicus.incidents.mapping import (
    ISO_FORMATS,
    CategoryRules,
    Columns,
    DateRules,
    FileRules,
    IdRules,
    Location,
    Mapping,
    Moment,
)
from vicus.incidents.moments import TextReader
from vicus.incidents.people import plain_words
from vicus.incidents.values import numbers, text

_ROWS: Final = 1000
_HEADERS: Final = {
    "id": r"(crime |incident |case |fact |event |record |pv |feit |fait )?"
    r"(id|uid|nr|no|number|nummer|numero|num|reference|ref|key)"
    r"|case number|pv|dossier(nummer)?|objectid|fid",
    "category": r"(primary |crime |offen[cs]e |incident |fact )?(type|category|offen[cs]e|class)|categorie|feit(encategorie)?"
    r"|misdrijf|inbreuk|infraction|fait|soort( feit)?|type (feit|fait)|categorie (fait|feit)|qualification|kwalificatie|nature"
    r"|primary type|crime type|call group",
    "occurred_from": r"(occurred|occ|occurrence|incident|crime|fact)?( )?"
    r"(date|datetime|date time|from|start|month|time local)( from| start| occurred)?"
    r"|date (start|from|single|occurred|debut|fait|faits|du fait)|datum( (feit|van|begin|feiten))?|begin(datum)?|van( datum)?"
    r"|datum tijd|date heure|date debut|debut|du|time local|month|maand|mois|datum uur( van| begin)?",
    "occurred_to": r"(occurred |occ )?(to|until|end|date end|end date|date to)|eind(e|datum)?|tot( datum)?|datum (tot|einde)"
    r"|date fin|fin|au|datum uur (tot|einde)",
    "reported_at": r"(date |datum |datetime )?(reported|registered|registration|recorded|entered)( at| date| on)?|report date"
    r"|datum (aangifte|vaststelling|registratie|pv)|aangifte(datum)?|registratie(datum)?"
    r"|date (constat|plainte|enregistrement|pv)",
    "time": r"(occurred |occ |start |begin )?(time|hour|uur|tijd|heure)( (from|van|begin|debut|feit|fait))?",
    "x": r"(x|x ?coord\w*|coord\w* x|easting|lambert ?x|x ?lambert\w*|x 31370|x 3812|geometry x)( coordinate)?",
    "y": r"(y|y ?coord\w*|coord\w* y|northing|lambert ?y|y ?lambert\w*|y 31370|y 3812|geometry y)( coordinate)?",
    "lon": r"lon|lng|long|longitude|longitudes?|lengtegraad|lon e6|long e6",
    "lat": r"lat|latitude|breedtegraad|lat e6",
    "sector": r"sector|secteur|wijk|quartier|beat|neighbou?rhood|lsoa( code)?|district|ward",
    "status": r"status|state|statut|staat|outcome|last outcome category|afhandeling|etat",
}
_PATTERNS: Final = {use: re.compile(pattern) for use, pattern in _HEADERS.items()}
_ADDRESS: Final = re.compile(r"block|street|straat|rue|adres|address|location|lieu|plaats")
_BEGINNING: Final = re.compile(r"start|from|occ|begin|van|debut|feit|fait")
_PARTS: Final = {
    "year": r"year|jaar|annee",
    "month": r"month|maand|mois",
    "day": r"day|dag|jour",
    "hour": r"hour|uur|heure",
    "minute": r"minute|min|minuut",
}
_DAYS: Final = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d/%m/%y",
    "%m/%d/%y",
)
_TIMES: Final = (
    "",
    " %H:%M:%S",
    " %H:%M",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S",
    "T%H:%M",
    " %H:%M:%S.%f",
    " %Hh%M",
    " %H",
)
_FORMATS: Final = tuple(
    dict.fromkeys((*ISO_FORMATS, *(day + time for day in _DAYS for time in _TIMES), "%m/%Y", "%Y%m"))
)
# west, south, east, north in metres, around Belgium
_SYSTEMS: Final = (
    ("EPSG:31370", "Lambert 72", (0, 0, 350_000, 300_000)),
    ("EPSG:3812", "Lambert 2008", (480_000, 500_000, 820_000, 800_000)),
)


@dataclass
class _Guess:
    """A guess in the making: what was seen, and what is said about it."""

    sniffed: formats.Sniffed
    table: Any
    decimal: str
    comments: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    texts: TextReader = field(default_factory=TextReader)

    def named(self, use: str) -> str:
        """Return the first free column whose header sounds like this use."""
        for column in self.sniffed.columns:
            if column not in self.taken and _PATTERNS[use].fullmatch(plain_words(column)):
                self.taken.add(column)
                return column
        return ""


def guess(path: Path | str) -> Mapping:
    """Make a first guess of the mapping for an unknown file.

    Headers in Dutch, French and English are recognised, date formats are tried on the first thousand rows,
    and the coordinate system is told from the size of the numbers. Every guess carries a comment that says
    what it rests on, so ``guess(path).to_toml()`` is a text to read, correct and keep.

    Parameters
    ----------
    path : Path or str
        The file.

    Returns
    -------
    Mapping
        Usable when the file has a recognisable category and date; otherwise its comments say what to fill
        in, and the two missing names stand as ``"?"``.
    """
    path = Path(path)
    sniffed = formats.sniff(path, rows=_ROWS)
    decimal = (
        ","
        if sniffed.kind == "csv" and sniffed.delimiter != "," and _decimal_commas(sniffed.preview)
        else "."
    )
    found = _Guess(sniffed, sniffed.preview, decimal)
    locations = _locations(found)
    moments, rules = _moments(found)
    category = _category(found)
    id_ = _id(found)
    sector, status = found.named("sector"), found.named("status")
    found.comments[""] = (
        f"A first guess from {path.name} ({sniffed.kind}). Read every line; correct it; try it with a dry run.\n"
        f"Columns of the file: {', '.join(sniffed.columns)}."
    )
    found.comments["source"] = "The guess cannot know who noticed a fact: say so here, or by category."
    found.comments["source.discovered"] = (
        'Such as discovered = ["Drugs"]: kinds that come to light by police work.'
    )
    unused = [column for column in sniffed.columns if column not in found.taken]
    mapping = Mapping(
        name=re.sub(r"[^a-z0-9]+", "-", path.name.split(".")[0].lower()).strip("-") or "unnamed",
        file=FileRules(decimal=decimal),
        columns=Columns(
            id=(id_,) if id_ else (),
            category=(category or "?",),
            sector=(sector,) if sector else (),
            status=(status,) if status else (),
            **moments,
        ),
        dates=rules,
        locations=locations,
        categories=CategoryRules(unlisted="accept"),
        ids=IdRules(content=() if id_ else tuple(_telling_apart(found, unused))),
    )
    return mapping.commented(found.comments)


# --- which -------------------------------------------------------------------------------------------


def _id(found: _Guess) -> str:
    for column in found.sniffed.columns:
        if column in found.taken or not _PATTERNS["id"].fullmatch(plain_words(column)):
            continue
        encoded = text(found.table[column])
        filled = len(encoded) - encoded.null_count
        if filled and len(encoded.dictionary) > 0.98 * filled:
            found.taken.add(column)
            found.comments["columns.id"] = (
                f"Different in every row looked at ({filled} of {len(encoded)} filled)."
            )
            return column
    found.comments["columns.id"] = "No column identifies a row: identifiers are worked out from the content."
    return ""


def _category(found: _Guess) -> str:
    best, fewest = "", 0.5
    for column in found.sniffed.columns:
        if column in found.taken or not _PATTERNS["category"].fullmatch(plain_words(column)):
            continue
        encoded = text(found.table[column])
        share = len(encoded.dictionary) / max(1, len(encoded) - encoded.null_count)
        if share < fewest or (not best and len(encoded) < 20):
            best, fewest = column, share
    if best:
        found.taken.add(best)
        kinds = text(found.table[best]).dictionary.to_pylist()
        found.comments["columns.category"] = (
            f"Different values in the rows looked at: {len(kinds)}, such as "
            f"{', '.join(str(kind) for kind in kinds[:5])}."
        )
    else:
        found.comments["columns.category"] = "No header sounds like a kind of fact: name the column here."
    return best


def _telling_apart(found: _Guess, unused: list[str]) -> list[str]:
    """Choose further columns for the identifiers of rows without one: words, not states that may change."""
    chosen = [column for column in unused if _ADDRESS.search(plain_words(column))]
    if chosen:
        found.comments["ids.content"] = "Columns that tell two facts of one kind, moment and place apart."
    return chosen


# --- when --------------------------------------------------------------------------------------------


def _moments(found: _Guess) -> tuple[dict[str, Moment], DateRules]:
    parts = _part_columns(found)
    moments: dict[str, Moment] = {}
    patterns: list[str] = []
    if {"year", "month"} <= parts.keys():
        moments["occurred_from"] = Moment(parts=tuple((part, (column,)) for part, column in parts.items()))
        found.taken |= set(parts.values())
        found.comments["columns.occurred_from"] = "Put together from its parts."
    for use in ("reported_at", "occurred_to", "occurred_from"):
        if use not in moments and (column := _dated(found, use, patterns)):
            moments[use] = Moment(column=(column,))
    _with_time(found, moments, patterns)
    if "occurred_from" not in moments:
        moments["occurred_from"] = Moment(column=("?",))
        found.comments["columns.occurred_from"] = (
            "No header sounds like the date of the fact: name the column here."
        )
    found.comments["dates.timezone"] = (
        'The clock of the file: that of the zone when left out. Such as "Europe/Brussels".'
    )
    used = tuple(dict.fromkeys(pattern for pattern in patterns if pattern))
    return moments, DateRules(formats=() if set(used) <= set(ISO_FORMATS) else used)


def _part_columns(found: _Guess) -> dict[str, str]:
    parts = {}
    for part, pattern in _PARTS.items():
        column = next(
            (name for name in found.sniffed.columns if re.fullmatch(pattern, plain_words(name))), ""
        )
        if column and not np.isnan(numbers(found.table[column]).values).all():
            parts[part] = column
    return parts


def _dated(found: _Guess, use: str, patterns: list[str]) -> str:
    """Take the column that is named like this moment and reads as one, the most exact first."""
    best, best_pattern, best_share, best_score = "", "", 0.0, 0.5
    for column in found.sniffed.columns:
        if column in found.taken or not _PATTERNS[use].fullmatch(plain_words(column)):
            continue
        pattern, share = _best_format(found, found.table[column])
        score = share + (0.1 if "%H" in pattern or "%I" in pattern or not pattern else 0.0)
        score += 0.05 if _BEGINNING.search(plain_words(column)) and share > 0.5 else 0.0
        if score > best_score:
            best, best_pattern, best_share, best_score = column, pattern, share, score
    if best:
        found.taken.add(best)
        patterns.append(best_pattern)
        read = f'can be read as "{best_pattern}"' if best_pattern else "are real dates"
        doubt = _ambiguous(found, found.table[best], best_pattern)
        warning = " Day and month could be the other way round: check." if doubt else ""
        found.comments[f"columns.{use}"] = (
            f"{round(100 * best_share)} % of the filled rows looked at {read}.{warning}"
        )
    return best


def _with_time(found: _Guess, moments: dict[str, Moment], patterns: list[str]) -> None:
    """Join a date without hours with the column that holds the hour."""
    moment = moments.get("occurred_from")
    if moment is None or not moment.column or not patterns or not patterns[-1]:
        return
    if any(code in patterns[-1] for code in ("%H", "%I")) or not (column := found.named("time")):
        return
    for time in ("%H:%M:%S", "%H:%M", "%Hh%M", "%H"):
        if _share(found, text(found.table[column]), time) > 0.5:
            moments["occurred_from"] = Moment(date=moment.column, time=(column,))
            patterns[-1:] = [f"{patterns[-1]} {time}", patterns[-1]]
            return
    found.taken.discard(column)


def _best_format(found: _Guess, column: Any) -> tuple[str, float]:
    """Return the format that reads most values of a column, and the share it reads; "" for real dates."""
    plain = column.type
    if pa.types.is_timestamp(plain) or pa.types.is_date(plain):
        return "", 1.0
    encoded = text(column)
    if not len(encoded.dictionary):
        return "", 0.0
    shares = [(pattern, _share(found, encoded, pattern)) for pattern in _FORMATS]
    return max(shares, key=lambda pair: pair[1])


def _share(found: _Guess, encoded: Any, pattern: str) -> float:
    values = encoded.dictionary.drop_null()
    return 1.0 - found.texts.read(values, pattern).null_count / len(values) if len(values) else 0.0


def _ambiguous(found: _Guess, column: Any, pattern: str) -> bool:
    if not pattern.startswith(("%d/%m", "%m/%d", "%d-%m")):
        return False
    other = pattern.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
    return _share(found, text(column), other) >= _share(found, text(column), pattern)


# --- where -------------------------------------------------------------------------------------------


def _locations(found: _Guess) -> tuple[Location, ...]:
    if layers.X in found.sniffed.columns:
        found.taken |= {layers.X, layers.Y, layers.IS_POINT}
        found.comments[f"location.{layers.X}.crs"] = (
            f"The points of the layer ({found.sniffed.crs or 'of no stated system'})."
        )
        return (Location(x=(layers.X,), y=(layers.Y,), crs="file"),)
    pairs = [(found.named("lon"), found.named("lat")), (found.named("x"), found.named("y"))]
    guesses = [place for x, y in pairs if x and y and (place := _location(found, x, y)) is not None]
    if not guesses:
        found.comments["quality"] = "No columns sound like coordinates: no fact will be located."
    # metres are exact where degrees in exports are often rounded
    return tuple(sorted(guesses, key=lambda place: place.crs == "EPSG:4326"))


def _location(found: _Guess, x: str, y: str) -> Location | None:
    first, second = (numbers(found.table[name], decimal=found.decimal).values for name in (x, y))
    zero = (first == 0) & (second == 0)
    known = ~(np.isnan(first) | np.isnan(second) | zero)
    if not known.any():
        return None
    at_x, at_y = np.median(first[known]), np.median(second[known])
    crs, words, scale = _system(abs(at_x), abs(at_y), at_x, at_y)
    found.comments[f"location.{x}.crs"] = (
        f"{words} (the middle of the rows looked at is {at_x:.6g}, {at_y:.6g})."
    )
    return Location(x=(x,), y=(y,), crs=crs, divide_by=scale, none=((0.0, 0.0),) if zero.any() else ())


def _system(size_x: float, size_y: float, x: float, y: float) -> tuple[str, str, float]:
    if size_x <= 180 and size_y <= 90:
        return "EPSG:4326", "Numbers of the size of longitude and latitude", 1.0
    for crs, name, (west, south, east, north) in _SYSTEMS:
        if west <= x <= east and south <= y <= north:
            return crs, f"Numbers of the size of {name}", 1.0
    if 180e6 >= size_x > 1e5 and 90e6 >= size_y > 1e7:
        return "EPSG:4326", "Numbers of the size of degrees times a million", 1e6
    return "file", "The coordinate system cannot be told from the numbers: write its EPSG code", 1.0


def _decimal_commas(table: Any) -> bool:
    """Tell whether the text of a file writes numbers with a decimal comma."""
    for name in table.column_names:
        values = pc.drop_null(table[name].cast(pa.string()))
        if (
            len(values)
            and pc.mean(pc.match_substring_regex(values, r"^\s*-?\d+,\d{2,}\s*$").cast(pa.int8())).as_py()
            > 0.5
        ):
            return True
    return False

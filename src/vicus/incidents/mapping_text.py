"""Writing a mapping as commented TOML text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from vicus.incidents.mapping import Mapping, Moment

_WIDTH: Final = 100
_HEADINGS: Final = {
    "file": "How the file is written; what is left out is found out.",
    "columns": "Which column holds what.",
    "dates": "How dates are read.",
    "location": "Where it happened.",
    "quality": "How exact a location is.",
    "source": "Reported by the public, or discovered by police activity.",
    "categories": "Which codes the categories become.",
    "ids": "What identifies a row.",
    "zone": "Facts outside the zone.",
    "no_persons": "Columns that look like persons and are not, and why.",
}


def written(mapping: Mapping) -> str:
    """Write a mapping: what differs from the defaults, with its comments.

    Parameters
    ----------
    mapping : Mapping
        Comments go above the key they belong to (``"columns.category"``); the comment ``""`` goes on top.
    """
    comments = dict(mapping.comments)
    lines = _comment(comments.get("", ""))
    for name in ("name", "title", "origin"):
        if value := getattr(mapping, name):
            lines += [*_comment(comments.get(name, "")), f"{name} = {_value(value)}"]
    for part in ("file", "columns", "dates"):
        lines += _table(part, part, getattr(mapping, part), comments)
    for location in mapping.locations:
        lines += _table("location", "[location]", location, comments, f"location.{location.x[0]}")
    for part in ("quality", "source", "categories", "ids", "zone"):
        lines += _table(part, part, getattr(mapping, part), comments)
    if mapping.no_persons:
        lines += ["", "[no_persons]", *(f"{_key(name)} = {_value(why)}" for name, why in mapping.no_persons)]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, _WIDTH)]


def _table(part: str, header: str, rules: Any, comments: dict[str, str], key: str = "") -> list[str]:
    lines: list[str] = []
    tables: list[str] = []
    for entry in fields(rules):
        value = getattr(rules, entry.name)
        note = comments.get(f"{key or part}.{entry.name}", "")
        if _is_default(entry, value):
            lines += _comment(note)
        elif _is_pairs(entry.name):
            tables += [
                "",
                *_comment(note),
                f"[{part}.{entry.name}]",
                *(f"{_key(k)} = {_value(v)}" for k, v in value),
            ]
        else:
            lines += [*_comment(note), f"{entry.name} = {_value(value)}"]
    if not (lines or tables or part in comments):
        return []
    return ["", *_comment(comments.get(part, _HEADINGS[part])), f"[{header}]", *lines, *tables]


def _is_default(entry: Any, value: Any) -> bool:
    empty = not value and not isinstance(value, bool | int | float)
    return empty or (entry.name not in ("x", "y") and value == entry.default)


def _is_pairs(name: str) -> bool:
    return name in ("values", "codes", "column_formats")


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "a").replace("-", "a").isalnum()
    return name if bare else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, Moment):
        return _moment(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(_value(entry) for entry in value) + "]"


def _moment(moment: Moment) -> str:
    if moment.column:
        return _value(moment.column)
    pairs: Iterable[tuple[str, Any]] = moment.parts or (("date", moment.date), ("time", moment.time))
    return "{ " + ", ".join(f"{name} = {_value(names)}" for name, names in pairs if names) + " }"

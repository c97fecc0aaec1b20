"""A document as plain JSON and back: what was drawn once can be drawn again, in any format, with the same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from vicus.documents.content import Cell, Column, Document, Note, Picture, Row, Section, Sentence, Table

KINDS = {
    kind.__name__: kind for kind in (Cell, Column, Document, Note, Picture, Row, Section, Sentence, Table)
}


class NotADocumentError(ValueError):
    """The text is not a document that was frozen."""


def freeze(document: Document) -> str:
    """The document as JSON; equal documents give equal text."""
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(text: str) -> Document:
    """The document from what `freeze` gave.

    Raises
    ------
    NotADocumentError
        When it is something else.
    """
    try:
        found = _value(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise NotADocumentError("This is not a document that was kept.") from error
    if not isinstance(found, Document):
        raise NotADocumentError("This is not a document that was kept.")
    return found


def fingerprint(text: str | bytes) -> str:
    """SHA-256 of a text or file, in hexadecimal digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {"is": type(value).__name__, **kept}
    if isinstance(value, tuple):
        return {"is": "tuple", "of": [_plain(item) for item in value]}
    if isinstance(value, datetime):
        return {"is": "moment", "of": value.isoformat()}
    if isinstance(value, date):
        return {"is": "day", "of": value.isoformat()}
    if hasattr(value, "item"):
        return value.item()  # a number of an array
    return value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    kind = plain["is"]
    if kind == "tuple":
        return tuple(_value(item) for item in plain["of"])
    if kind == "moment":
        return datetime.fromisoformat(plain["of"])
    if kind == "day":
        return date.fromisoformat(plain["of"])
    return KINDS[kind](**{name: _value(item) for name, item in plain.items() if name != "is"})

"""Visits from a file: a line each, refused line by line with the reason, and never a column with persons."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.incidents import people
from vicus.web.actions import services
from vicus.web.actions.models import Action, Visit
from vicus.web.zone.models import Zone

COLUMNS = ("action", "start", "minutes", "unit")
OPTIONAL = ("kind", "key")
MOST_LINES = 20_000
SPACE = uuid.UUID("9f6f2f70-3f0f-4f0e-8f43-0c7a5b7a6d11")
"""Namespace of the keys of lines that bring none: the same line again is the same visit."""


@dataclass(slots=True)
class Read:
    """What a file brought: visits added, there already, and refused lines as (line, why)."""

    added: int = 0
    there: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def import_visits(*, zone: Zone, content: bytes, actions: Mapping[int, Action], actor: Any) -> Read:
    """Bring the visits of a CSV file in, for the actions given; sending it again adds nothing.

    Columns: action (its number), start (2026-10-31 18:30, local time), minutes, unit; optional kind and key. Other
    columns are not read, and a column that looks like persons stops the whole file.
    """
    rows, columns = _rows(content)
    absent = [name for name in COLUMNS if name not in columns]
    if absent:
        raise ValidationError(_("The file has no column %(names)s.") % {"names": ", ".join(absent)})
    _no_persons(rows, columns)
    clock, found = ZoneInfo(zone.timezone), Read()
    for line, row in enumerate(rows, start=2):
        try:
            _visit, new = _take(row, actions, clock, actor)
        except ValidationError as error:
            found.refused.append((line, " ".join(error.messages)))
            continue
        found.added += new
        found.there += not new
    return found


def _rows(content: bytes) -> tuple[list[dict[str, str]], list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    read = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    columns = [name.strip() for name in read.fieldnames or [] if name]
    rows = [
        {(name or "").strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str)}
        for row in read
    ]
    if len(rows) > MOST_LINES:
        raise ValidationError(_("The file has more than %(n)d lines. Split it.") % {"n": MOST_LINES})
    return rows, columns


def _no_persons(rows: list[dict[str, str]], columns: list[str]) -> None:
    """Names of officers have no place here: the unit says who was there."""
    sample = pa.table({name: [row.get(name) or None for row in rows[:500]] for name in columns})
    found = people.find(columns, sample, allowed=(*COLUMNS, *OPTIONAL))
    if found:
        names = ", ".join(suspicion.column for suspicion in found)
        raise ValidationError(
            _("A column looks like persons: %(names)s. Nothing was read; export the file without it.")
            % {"names": names}
        )


def _take(
    row: dict[str, str], actions: Mapping[int, Action], clock: ZoneInfo, actor: Any
) -> tuple[Visit, bool]:
    number = row["action"]
    action = actions.get(int(number)) if number.isdigit() else None
    if action is None:
        raise ValidationError(_("There is no action %(number)s that you run.") % {"number": number or "?"})
    try:
        start = datetime.fromisoformat(row["start"])
    except ValueError:
        raise ValidationError(_("“%(text)s” is no day and time.") % {"text": row["start"][:40]}) from None
    if not row["minutes"].isdigit():
        raise ValidationError(_("“%(text)s” is no number of minutes.") % {"text": row["minutes"][:40]})
    # Through the session of one line: a refused one must not undo the others.
    with transaction.atomic():
        return services.log_visit(
            action=action,
            key=_key(row),
            unit=row["unit"],
            kind=row.get("kind") or Visit.Kind.PRESENCE,
            minutes=int(row["minutes"]),
            started_at=start if start.tzinfo else start.replace(tzinfo=clock),
            actor=actor,
            source=Visit.Source.FILE,
        )


def _key(row: dict[str, str]) -> uuid.UUID:
    given = row.get("key", "")
    if not given:
        return uuid.uuid5(SPACE, "|".join(row.get(name, "") for name in (*COLUMNS, "kind")))
    try:
        return uuid.UUID(given)
    except ValueError:
        raise ValidationError(_("“%(text)s” is no key.") % {"text": given[:40]}) from None

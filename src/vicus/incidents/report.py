"""What is told of an import: how far it is, and what it did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Progress:
    """How far an import is.

    Attributes
    ----------
    phase : str
        "reading" (the file is read and checked), "storing" (rows go into the store) or "done".
    rows : int
        Rows read, or handed over, so far.
    fraction : float
        Of the whole import, from 0 to 1.
    """

    phase: str
    rows: int
    fraction: float


@dataclass(frozen=True)
class Report:
    """What an import did, or what a dry run would do.

    Attributes
    ----------
    rows_read : int
        Rows of the file: ``accepted`` plus everything in ``rejected``.
    accepted : int
        Rows that are incidents.
    added, changed, unchanged : int
        What the store made of them, or would make of them after a dry run.
    rejected : dict
        Refused rows by reason, each row once, under its most decisive reason.
    warnings : dict
        Rows that were kept and flagged, by reason; a row counts under each of its reasons.
    rejects_path : Path or None
        The reject file: every refused or flagged row, with row number, column, value and reason.
    version : int or None
        Version of the store that holds the result; None in a dry run.
    seconds : float
        How long it took.
    dry_run : bool
        Whether nothing was to be stored.
    examples : dict
        A few rows for each reason: row, column, value.
    located : int
        Accepted rows with a location.
    unknown_source : int
        Accepted rows that do not say whether the fact was reported or discovered.
    content_ids : int
        Accepted rows without an identifier, which got one worked out from what they say.
    columns : dict
        What each column of the file was used for.
    notes : tuple of str
        What was found out or decided automatically.
    vouched : dict
        Columns the mapping says hold no persons, and the reason given.
    """

    rows_read: int
    accepted: int
    added: int
    changed: int
    unchanged: int
    rejected: dict[str, int]
    warnings: dict[str, int]
    rejects_path: Path | None
    version: int | None
    seconds: float
    dry_run: bool
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    located: int = 0
    unknown_source: int = 0
    content_ids: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    vouched: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data, ready for JSON."""
        plain = asdict(self)
        plain["rejects_path"] = str(self.rejects_path) if self.rejects_path else None
        plain["notes"] = list(self.notes)
        plain["seconds"] = round(self.seconds, 3)
        return plain

"""A public process can do two things with its database: read what was published, and add a feedback."""

from __future__ import annotations

import sqlite3
from typing import Any

from vicus.web.public.database import PUBLIC

READS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
}


def close(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Once a connection is made: no other file can be attached, nothing but feedback be written."""
    if connection.alias == PUBLIC and connection.vendor == "sqlite":
        connection.connection.set_authorizer(allowed)


def allowed(
    action: int, one: str | None, other: str | None, database: str | None, trigger: str | None
) -> int:
    """What SQLite asks before it runs each part of a statement."""
    adds = action == sqlite3.SQLITE_INSERT and one in ("public_feedback", "sqlite_sequence")
    counts = action == sqlite3.SQLITE_UPDATE and one == "sqlite_sequence"
    return sqlite3.SQLITE_OK if action in READS or adds or counts else sqlite3.SQLITE_DENY

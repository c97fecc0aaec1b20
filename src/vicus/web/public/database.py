"""Where a database is: a SQLite file, or the PostgreSQL database of an address. For both settings of the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PUBLIC = "public"
"""Alias of the database that holds what residents read and write, and nothing else."""


def database(url: str, file: Path, variable: str = "VICUS_DATABASE") -> dict[str, Any]:
    """SQLite in a file, or the PostgreSQL database of the address that an environment variable gives."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            "OPTIONS": {
                # A writer waits for its turn when it begins, instead of failing when it ends.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise ImproperlyConfigured(f"{variable} must look like postgres://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def public_folder(home: Path) -> Path:
    """The folder of the public database: its own, so that the accounts of the two sites can be kept apart."""
    return Path(os.environ.get("VICUS_PUBLIC") or home / "public").expanduser().resolve()


def public_database(folder: Path) -> dict[str, Any]:
    """The database residents read from: a file in that folder, or what VICUS_PUBLIC_DATABASE names."""
    return database(
        os.environ.get("VICUS_PUBLIC_DATABASE", ""), folder / "public.sqlite3", "VICUS_PUBLIC_DATABASE"
    )


class Apart:
    """Routes the tables of the app `public` to its own database, and keeps all others out of it (rights R02)."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return PUBLIC if model._meta.app_label == PUBLIC else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return PUBLIC if model._meta.app_label == PUBLIC else None

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return None if one._meta.app_label == other._meta.app_label else self._neither(one, other)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return (db == PUBLIC) == (app_label == PUBLIC)

    def _neither(self, one: Any, other: Any) -> bool | None:
        return False if PUBLIC in (one._meta.app_label, other._meta.app_label) else None

"""Results kept for ever: every part of their key is immutable, so what is kept is never out of date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache.backends.filebased import FileBasedCache
from django.core.serializers.json import DjangoJSONEncoder

import vicus

T = TypeVar("T")

MOST_RESULTS = 20_000
COUNTING = ("analysis", "incidents")
DRAWING = ("pictures",)
"""Rooms whose code decides figures, and pictures of them."""
CODE = (".py", ".mo", ".toml", ".json", ".ttf")
"""Files of a room that decide: code, words, tables, tokens and fonts."""
LIBRARIES = (
    "altair", "duckdb", "geopandas", "ibis-framework", "numba", "numpy", "pandas", "pyarrow", "pyproj", "scipy",
    "shapely", "vl-convert-python",
)  # fmt: skip
"""Packages whose version decides too: what they count or draw, and how what is kept reads back."""


@cache
def software(*rooms: str) -> str:
    """Version of the software, with a hash of the code that counts and of the versions of its libraries."""
    digest = hashlib.sha256()
    for room in rooms or COUNTING:
        folder = Path(vicus.__file__).parent / room
        for path in sorted(folder.rglob("*")):
            if path.suffix in CODE:
                digest.update(f"{room}/{path.relative_to(folder)}\n".encode() + path.read_bytes())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return f"{vicus.__version__}+{digest.hexdigest()[:16]}"


def key(method: str, parts: Mapping[str, Any], *, rooms: tuple[str, ...] = COUNTING) -> str:
    """Name of a result: the method, everything it depends on, and the software that worked it out."""
    text = json.dumps(
        {"method": method, "software": software(*rooms), **parts}, sort_keys=True, cls=DjangoJSONEncoder
    )
    return hashlib.sha256(text.encode()).hexdigest()


def kept(name: str, work_out: Callable[[], T]) -> T:
    """The result of that name; worked out and put away when it is asked for the first time."""
    found: T | None = look(name)
    if found is not None:
        return found
    result = work_out()
    _drawer().set(name, result, timeout=None)
    return result


def look(name: str) -> Any:
    """The result of that name if it is there, else None."""
    try:
        return _drawer().get(name)
    except Exception:
        # A broken file may not read; what was in it is then worked out again.
        return None


def _drawer() -> FileBasedCache:
    folder = Path(settings.VICUS_HOME) / "cache" / "figures"
    return FileBasedCache(str(folder), {"TIMEOUT": None, "OPTIONS": {"MAX_ENTRIES": MOST_RESULTS}})

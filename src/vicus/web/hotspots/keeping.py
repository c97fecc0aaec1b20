"""Results kept for ever: every part of their key is immutable, so what is kept is never out of date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
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


@cache
def software(*rooms: str) -> str:
    """Version of the software, and a hash of the code that counts: a change of method is a change of key."""
    digest = hashlib.sha256()
    for room in rooms or COUNTING:
        for path in sorted((Path(vicus.__file__).parent / room).rglob("*")):
            if path.suffix in (".py", ".mo", ".toml"):
                digest.update(path.read_bytes())
    return f"{vicus.__version__}+{digest.hexdigest()[:16]}"


def key(method: str, parts: Mapping[str, Any], *, rooms: tuple[str, ...] = COUNTING) -> str:
    """Name of a result: the method, everything it depends on, and the software that worked it out."""
    text = json.dumps(
        {"method": method, "software": software(*rooms), **parts}, sort_keys=True, cls=DjangoJSONEncoder
    )
    return hashlib.sha256(text.encode()).hexdigest()


def kept(name: str, work_out: Callable[[], T]) -> T:
    """The result of that name; worked out and put away when it is asked for the first time."""
    drawer = _drawer()
    try:
        found = drawer.get(name)
    except Exception:
        # A file written by other libraries may not read; it is then worked out again.
        found = None
    if found is not None:
        result: T = found
        return result
    result = work_out()
    drawer.set(name, result, timeout=None)
    return result


def _drawer() -> FileBasedCache:
    folder = Path(settings.VICUS_HOME) / "cache" / "figures"
    return FileBasedCache(str(folder), {"TIMEOUT": None, "OPTIONS": {"MAX_ENTRIES": MOST_RESULTS}})

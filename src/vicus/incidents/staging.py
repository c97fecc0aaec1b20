"""The working folder of an import, inside the store's, and the room on its disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vicus.incidents.errors import StoreFull
from vicus.incidents.store import Store
from vicus.incidents.words import say
from vicus.incidents.writing import FULL

_STAGING: Final = ".importing-"
_DAY_SECONDS: Final = 86_400


@contextmanager
def room(store: Store) -> Iterator[None]:
    """Say in plain words that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL or "No space left" in str(error):
            raise StoreFull(
                say("The disk of {folder} is full.", folder=store.folder),
                kept=say("The incidents are as they were."),
                todo=say("Free some room, then run the import again."),
            ) from error
        raise


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Lend a private working folder inside the store's, and clear what killed imports left behind.

    Rows on their way are as confidential as the store itself, so they do not go to a shared temporary folder.
    """
    for left in folder.glob(f"{_STAGING}*"):
        if not _alive(left):
            shutil.rmtree(left, ignore_errors=True)
    working = Path(tempfile.mkdtemp(prefix=f"{_STAGING}{os.getpid()}-", dir=folder))
    try:
        yield working
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _alive(left: Path) -> bool:
    """Tell whether the import that made a working folder still runs; after a day it does not."""
    try:
        if time.time() - left.stat().st_mtime > _DAY_SECONDS:
            return False
        os.kill(int(left.name.removeprefix(_STAGING).split("-")[0]), 0)
    except (ProcessLookupError, FileNotFoundError, ValueError):
        return False
    except PermissionError:
        return True
    return True

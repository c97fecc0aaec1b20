"""One writer at a time: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vicus.incidents.errors import StoreBusy
from vicus.incidents.words import say

LOCK_SECONDS = 60.0


@contextmanager
def locked(file: Path, wait: float | None = None) -> Iterator[None]:
    """Hold the lock; after `wait` seconds (a minute when left out) say who is in the way."""
    deadline = time.monotonic() + (LOCK_SECONDS if wait is None else wait)
    with file.open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise busy() from None
                time.sleep(0.05)
        yield


def busy() -> StoreBusy:
    """The error of a writer that came second."""
    return StoreBusy(
        say("Another import or erasure is at work on these incidents."),
        kept=say("This one changed nothing."),
        todo=say("Wait until the other has finished, then run it again."),
    )

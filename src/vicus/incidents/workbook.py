"""Excel files: the rows of one sheet, whatever stands above its header. Opened in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa

from vicus.incidents.delimited import Batch, unique_names
from vicus.incidents.encodings import unreadable
from vicus.incidents.errors import MappingInvalid
from vicus.incidents.words import say

_PROGRAM: Final = Path(__file__).with_name("workbook_process.py")


def sheets(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets."""
    with _opened(path, "", 0, "names") as output:
        return tuple(_said(path, output)["sheets"])


def batches(path: Path, sheet: str = "", skip: int = 0) -> Iterator[Batch]:
    """Give the rows of a sheet (the first when none is named); the first row after `skip` is the header."""
    with _opened(path, sheet, skip, "rows") as output:
        present = _said(path, output)["sheets"]
        if sheet and sheet not in present:
            raise MappingInvalid(
                say('{file} has no sheet "{sheet}".', file=path.name, sheet=sheet),
                todo=say("Its sheets: {names}.", names=", ".join(present)),
            )
        fraction = 0.0
        while fraction < 1.0:
            said = _said(path, output)
            content = output.read(said["size"])
            if len(content) < said["size"]:
                raise _too_large(path)
            table = pa.ipc.open_stream(content).read_all()
            fraction = said["fraction"]
            yield Batch(
                table.rename_columns(list(unique_names(table.column_names))),
                np.asarray(said["rows"], dtype=np.int64),
                fraction=fraction,
            )


@contextmanager
def _opened(path: Path, sheet: str, skip: int, wanted: str) -> Iterator[IO[bytes]]:
    """Start the program that opens the workbook, and end it when no more is wanted of it."""
    words = [sys.executable, "-I", str(_PROGRAM), str(path.resolve()), sheet, str(skip), wanted]
    # Threads of a library that is not used here would reserve the memory that is lent.
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own program, and a path is no option
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=alone
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _said(path: Path, output: IO[bytes]) -> dict[str, Any]:
    line = output.readline()
    if not line.endswith(b"\n"):
        raise _too_large(path)
    said: dict[str, Any] = json.loads(line)
    if "error" in said:
        raise _ERRORS[said["error"]](path)
    return said


def _too_large(path: Path) -> Exception:
    return unreadable(
        path,
        say("the workbook is too large or damaged, and cannot be opened."),
        say("Save it as CSV and import that."),
    )


_ERRORS: Final = {
    "password": lambda path: unreadable(
        path, say("the workbook has a password."), say("Save a copy without one.")
    ),
    "empty": lambda path: unreadable(
        path, say("the sheet is empty."), say("Name the sheet with the facts in the mapping.")
    ),
    "unreadable": lambda path: unreadable(
        path,
        say("it cannot be opened as an Excel file."),
        say("Open it in Excel and save it again, or save it as CSV."),
    ),
}

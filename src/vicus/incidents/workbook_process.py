"""Runs as a program of its own, with bounded memory and time: opens an Excel file and writes its rows to the output.

A workbook of a kilobyte can say that its last cell is the seventeen-thousand-millionth one, or unpack to a hundred
gigabytes. Whoever opens it then dies; here that is this process and not the site. It imports nothing of Vicus, so that
it starts quickly.

Output: a line of JSON for each part, `{"sheets": [...]}` first, then `{"rows": ..., "fraction": ..., "size": ...}`
followed by so many bytes of Arrow; or `{"error": ...}`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import python_calamine

MEMORY = 4 << 30
SECONDS = 900
ROWS = 50_000


def main() -> None:
    """Take path, sheet ("" for the first), lines to skip, and whether only the names of the sheets are wanted."""
    path, sheet, skip, only_names = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "names"
    _bound()
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        _say({"sheets": book.sheet_names})
        if only_names or (sheet and sheet not in book.sheet_names):
            return
        page = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        cells = page.to_python(skip_empty_area=False)[skip:]
    except python_calamine.PasswordError:
        _say({"error": "password"})
        return
    except (python_calamine.CalamineError, OSError, IndexError):
        _say({"error": "unreadable"})
        return
    if not cells:
        _say({"error": "empty"})
        return
    for said, content in _parts(cells, skip):
        _say({**said, "size": len(content)})
        sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _say(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(what).encode() + b"\n")


def _parts(cells: list[list[Any]], skip: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The rows below the header, fifty thousand at a time; blank rows leave a gap in the numbers."""
    names = [written(cell) or "" for cell in cells[0]]
    total = max(1, len(cells) - 1)
    for start in range(1, max(2, len(cells)), ROWS):
        part = cells[start : start + ROWS]
        filled = [number for number, row in enumerate(part) if any(cell != "" for cell in row)]
        columns = zip(*(part[number] for number in filled), strict=True) if filled else [()] * len(names)
        table = pa.table([column(list(values)) for values in columns], names=names)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        rows = [number + start + skip + 1 for number in filled]
        fraction = min(1.0, (start + len(part) - 1) / total)
        yield {"rows": rows, "fraction": fraction}, sink.getvalue().to_pybytes()


def column(cells: list[Any]) -> Any:
    """Dates stay dates, numbers numbers; a column that mixes kinds becomes text."""
    kinds = {type(cell) for cell in cells if cell != ""}
    values = [None if cell == "" else cell for cell in cells]
    if kinds and kinds <= {dt.datetime, dt.date}:
        if kinds == {dt.date}:
            return pa.array(values, pa.date32())
        moments = [
            dt.datetime.combine(value, dt.time()) if type(value) is dt.date else value for value in values
        ]
        return pa.array(moments, pa.timestamp("us"))
    if kinds == {float} and any(value % 1 for value in values if value is not None):
        return pa.array(values, pa.float64())
    return pa.array([written(value) for value in values], pa.string())


def written(cell: Any) -> str | None:
    """Write a cell as a person would read it: 12 and not 12.0, dates year first."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


if __name__ == "__main__":
    main()

"""Excel files: the rows of one sheet, whatever stands above its header."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import python_calamine

from vicus.incidents.delimited import Batch, unique_names
from vicus.incidents.encodings import unreadable
from vicus.incidents.errors import MappingInvalid

_ROWS: Final = 50_000


def sheets(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets."""
    return tuple(_open(path).sheet_names)


def batches(path: Path, sheet: str = "", skip: int = 0) -> Iterator[Batch]:
    """Give the rows of a sheet (the first when none is named); the first row after `skip` is the header."""
    book = _open(path)
    if sheet and sheet not in book.sheet_names:
        raise MappingInvalid(
            f'{path.name} has no sheet "{sheet}".', todo=f"Its sheets: {', '.join(book.sheet_names)}."
        )
    page = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    cells = page.to_python(skip_empty_area=False)[skip:]
    if not cells:
        raise unreadable(path, "the sheet is empty.", "Name the sheet with the facts in the mapping.")
    names = unique_names([_written(cell) or "" for cell in cells[0]])
    total = max(1, len(cells) - 1)
    for start in range(1, max(2, len(cells)), _ROWS):
        part = cells[start : start + _ROWS]
        filled = [number for number, row in enumerate(part) if any(cell != "" for cell in row)]
        columns = zip(*(part[number] for number in filled), strict=True) if filled else [()] * len(names)
        table = pa.table([_column(list(column)) for column in columns], names=list(names))
        rows = np.asarray(filled, dtype=np.int64) + start + skip + 1
        yield Batch(table, rows, fraction=min(1.0, (start + len(part) - 1) / total))


def _open(path: Path) -> Any:
    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as error:
        raise unreadable(path, "the workbook has a password.", "Save a copy without one.") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise unreadable(
            path,
            "it cannot be opened as an Excel file.",
            "Open it in Excel and save it again, or save it as CSV.",
        ) from error


def _column(cells: list[Any]) -> Any:
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
    return pa.array([_written(value) for value in values], pa.string())


def _written(cell: Any) -> str | None:
    """Write a cell as a person would read it: 12 and not 12.0, dates year first."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)

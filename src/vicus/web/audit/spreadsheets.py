"""Cells and lines of a CSV file that a spreadsheet shows and never runs."""

import re
from collections.abc import Iterable

# The last four are full-width forms, which some spreadsheets take for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BEHIND_A_SEPARATOR = re.compile(rf'([,;"]\s*)(?=[{re.escape("".join(FORMULA))}])')


def harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def stamp(about: Iterable[tuple[str, object]]) -> str:
    """Lines above a table that say what the file is and who took it; programs skip them by their first sign."""
    return "".join(f"{_line(name, value)}\r\n" for name, value in about)


def _line(name: str, value: object) -> str:
    # What people type may hold ends of lines, and separators of either kind with a formula behind them.
    text = " ".join(str(value).split())
    return _BEHIND_A_SEPARATOR.sub(r"\1'", f"# {name}: {text}")

"""Cells and lines of a CSV file that a spreadsheet shows and never runs."""

from collections.abc import Iterable

# The last four are full-width forms, which some spreadsheets take for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SEPARATORS = ',;\t"'


def harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def stamp(about: Iterable[tuple[str, object]]) -> str:
    """Lines above a table that say what the file is and who took it, each one cell whatever stands in it."""
    return "".join(f"{_line(name, value)}\r\n" for name, value in about)


def _line(name: str, value: object) -> str:
    # What people type may hold ends of lines, and separators of either kind, behind which a formula could stand.
    text = f"# {name}: {' '.join(str(value).split())}"
    if not any(separator in text for separator in SEPARATORS):
        return text
    return '"' + text.replace('"', '""') + '"'

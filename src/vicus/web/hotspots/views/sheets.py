"""Tables as files: CSV and Excel, each with who took it, when and what for."""

from __future__ import annotations

import csv as writer
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from vicus.web.audit.spreadsheets import harmless, stamp
from vicus.web.hotspots.views.reader import language

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


MOST_DECIMALS = 6
"""More say nothing of a count, a rate or a coordinate."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its heading; numbers carry the decimals that are to be read."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def answer(kind: str, name: str, sheets: Sequence[Sheet], about: Sequence[tuple[str, str]]) -> HttpResponse:
    """The file, to be kept; `about` says what it is and who took it."""
    content = _csv(sheets[0], about) if kind == "csv" else _xlsx(sheets, about)
    return attachment(content, f"{name}.{kind}", KINDS[kind])


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept, never shown inside the site."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _csv(sheet: Sheet, about: Sequence[tuple[str, str]]) -> bytes:
    """As spreadsheets of the reader's language open it; what the file is stands above the table.

    UTF-8 with a mark, so that accents are read; semicolons and decimal commas in Dutch and French, as Belgian
    settings expect.
    """
    belgian = language() != "en"
    out = io.StringIO()
    table = writer.writer(out, delimiter=";" if belgian else ",")
    out.write(stamp(about))
    table.writerow([_plain(label) for label in sheet.columns])
    for row in sheet.rows:
        table.writerow([_plain(value, "," if belgian else ".") for value in row])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(sheets: Sequence[Sheet], about: Sequence[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    # Words stay words: nothing in a cell becomes a formula or a link.
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title[:31])
            page.freeze_panes(1, 0)
            shown = [book.add_format({"num_format": look}) for look in _looks(sheet)]
            for column, label in enumerate(sheet.columns):
                page.write_string(0, column, label, bold)
            for row, values in enumerate(sheet.rows, 1):
                for column, value in enumerate(values):
                    if value is not None:
                        page.write(
                            row,
                            column,
                            value.isoformat() if isinstance(value, date | datetime) else value,
                            shown[column],
                        )
            page.autofit()
        page = book.add_worksheet(_("About")[:31])
        for row, (name, value) in enumerate(about):
            page.write_string(row, 0, name, bold)
            page.write_string(row, 1, value)
        page.autofit()
    return out.getvalue()


def _looks(sheet: Sheet) -> list[str]:
    """How the numbers of each column are shown: with as many decimals as its longest one carries."""
    return [
        "0" if not most else "0." + "0" * most
        for column in range(len(sheet.columns))
        for most in [max((_decimals(row[column]) for row in sheet.rows), default=0)]
    ]


def _decimals(value: Any) -> int:
    if not isinstance(value, float):
        return 0
    return len(f"{value:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def _plain(value: Any, mark: str = ".") -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, float):
        return str(value).replace(".", mark)
    return value.isoformat() if isinstance(value, date | datetime) else value

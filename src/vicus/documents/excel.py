"""Excel: the tables of the content with their values, one sheet a subject, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from vicus.documents.content import Block, Cell, Column, Document, Note, Picture, Section, Sentence, Table
from vicus.pictures.tokens import tokens

FORMATS = {
    "count": "#,##0",
    "share": "0%",
    "range": "#,##0",
    "day": "dd/mm/yyyy",
    "month": "mmmm yyyy",
}
WIDEST, NARROWEST = 60, 9
TEXT_COLUMNS = 8
"""A sentence runs over this many columns before it wraps."""


def xlsx(document: Document) -> bytes:
    """The document as a workbook: the same bytes for the same document."""
    target = io.BytesIO()
    # Text that begins with "=" stays text: a name of a place must never become a formula.
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    known = document.known_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties(
        {
            "title": f"{document.title} – {document.kicker}",
            "subject": document.subject,
            "author": document.author,
            "company": document.author,
            "keywords": ", ".join(document.keywords),
            "comments": document.produced_by,
            "created": known,
        }
    )
    style = _Style(book)
    for name, sections in document.sheets().items():
        _Sheet(book.add_worksheet(name), style, document).fill(sections)
    book.close()
    return target.getvalue()


@dataclass
class _Style:
    """Formats by name, each made once."""

    book: Any
    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def get(self, **properties: Any) -> Any:
        look = tokens()
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            base = {
                "font_name": look.type["sans"],
                "font_size": 10,
                "font_color": look.colours()["ink"],
                "valign": "top",
            }
            self.made[key] = self.book.add_format({**base, **properties})
        return self.made[key]

    def cell(self, kind: str, *, strong: bool, decimals: int = 0) -> Any:
        properties: dict[str, Any] = {"bottom": 1, "bottom_color": tokens().colours()["line"], "bold": strong}
        if kind in FORMATS or kind == "number":
            shown = "#,##0" + ("." + "0" * decimals if decimals else "")
            properties |= {
                "num_format": FORMATS.get(kind, shown),
                "align": "left" if kind in ("day", "month") else "right",
            }
        else:
            properties |= {"text_wrap": True, "align": "left"}
        return self.get(**properties)

    def head(self, kind: str) -> Any:
        return self.get(
            bold=True,
            bottom=2,
            text_wrap=True,
            valign="bottom",
            align="left" if kind in ("text", "day", "month") else "right",
            font_color=tokens().colours()["muted"],
        )


@dataclass
class _Sheet:
    """One sheet, filled from the top."""

    sheet: Any
    style: _Style
    document: Document
    line: int = 0
    widths: dict[int, int] = field(default_factory=dict)
    tables: int = 0

    def fill(self, sections: list[Section]) -> None:
        """Head, then every section under it."""
        document = self.document
        self.write(document.kicker, color="accent", bold=True)
        self.write(document.title, font_size=16, bold=True)
        self.write(document.subtitle, color="muted")
        self.write(" – ".join(document.running), color="muted")
        self.line += 1
        blocks = list(_for_sheet(sections))
        only_table = sum(isinstance(block, Table) for block in blocks) == 1
        for block in blocks:
            match block:
                case str():
                    self.write(block, font_size=12, bold=True)
                case Sentence():
                    self.paragraph(block.text)
                case Note():
                    self.paragraph(
                        f"{block.label} {block.text}", color="warn" if block.kind == "warning" else "accent"
                    )
                case Table():
                    self.table(block, freeze=only_table)
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, min(max(width, NARROWEST), WIDEST))
        self.sheet.hide_gridlines(2)
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(f"&L{document.footer.replace('&', '&&')}&R&P / &N")

    def write(self, text: str, *, color: str = "ink", **properties: Any) -> None:
        """One line of text in the first column."""
        if text:
            self.sheet.write_string(
                self.line, 0, text, self.style.get(font_color=tokens().colours()[color], **properties)
            )
            self.line += 1

    def paragraph(self, text: str, *, color: str = "ink") -> None:
        """Running text over several columns."""
        wrapped = self.style.get(font_color=tokens().colours()[color], text_wrap=True)
        self.sheet.merge_range(self.line, 0, self.line, TEXT_COLUMNS - 1, text, wrapped)
        self.sheet.set_row(self.line, 14.5 * (1 + len(text) // 105))
        self.line += 1

    def table(self, table: Table, *, freeze: bool) -> None:
        """Caption, header row, rows; the header stays in sight when the sheet has one table."""
        self.line += 1
        self.write(table.caption, bold=True)
        columns = [part for column in table.columns for part in _parts(column)]
        for position, column in enumerate(columns):
            self.sheet.write_string(self.line, position, column.heading, self.style.head(column.kind))
            longest = max((len(word) for word in column.heading.split()), default=0)
            self.widen(position, longest + 2)
        self.line += 1
        if freeze:
            self.sheet.freeze_panes(self.line, 1)
            self.sheet.repeat_rows(self.line - 1)
        for row in table.rows:
            cells = [
                part
                for column, cell in zip(table.columns, row.cells, strict=True)
                for part in _values(column, cell)
            ]
            for position, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                self.value(position, cell, column.kind, strong=row.strong)
            self.line += 1
        if table.source:
            self.paragraph(table.source, color="muted")
        self.line += 1

    def value(self, position: int, cell: Cell, kind: str, *, strong: bool) -> None:
        """One cell: a number, a date, or words."""
        value, text = cell.value, cell.text
        if value is None or isinstance(value, str | tuple):
            look = self.style.cell("text" if value else kind, strong=strong)
            self.sheet.write_string(self.line, position, text, look)
        elif isinstance(value, datetime | date):
            kind = kind if kind in ("day", "month") else "day"
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 a workbook has no time zones
            self.sheet.write_datetime(self.line, position, moment, self.style.cell(kind, strong=strong))
        else:
            if isinstance(value, float) and "%" in text:
                kind = "share"
            elif kind == "text":
                kind = "number" if cell.decimals else "count"
            look = self.style.cell(kind, strong=strong, decimals=cell.decimals)
            self.sheet.write_number(self.line, position, value, look)
        self.widen(position, len(text) + 2)

    def widen(self, position: int, width: int) -> None:
        self.widths[position] = max(self.widths.get(position, 0), width)


def _for_sheet(sections: list[Section]) -> Iterator[Block | str]:
    """Headings and blocks; a picture gives way to the table it was drawn from."""
    for section in sections:
        if section.heading:
            yield section.heading
        for block in section.blocks:
            if not isinstance(block, Picture):
                yield block
            elif block.behind is not None:
                yield block.behind


def _parts(column: Column) -> list[Column]:
    """A range becomes two columns of numbers."""
    if column.bounds is None:
        return [column]
    return [Column(heading, "count") for heading in column.bounds]


def _values(column: Column, cell: Cell) -> list[Cell]:
    if column.bounds is None:
        return [cell]
    if isinstance(cell.value, tuple):
        return [Cell(f"{bound:g}", bound) for bound in cell.value]
    return [cell, cell]

"""What a document says, before anyone decides how paper, Word or Excel shows it.

A document is a list of sections; a section is a list of sentences, tables, pictures and notes. Cells carry both
the value and the words for it: paper prints the words, a workbook keeps the value and formats it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal

Kind = Literal["text", "count", "number", "share", "range", "day", "month"]
Value = str | int | float | date | tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the words for the reader, the value behind them and the decimals that the words show of it.

    No value when there is nothing to count.
    """

    text: str
    value: Value = None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    heading : str
        Printed above the column.
    kind : Kind
        What its cells hold; everything but text is set flush right, with figures of equal width.
    bounds : tuple of str
        Headings of the two columns that a range becomes in a workbook.
    share : int
        Width relative to the other columns that have one; 0 takes the width of the words.
    """

    heading: str
    kind: Kind = "text"
    bounds: tuple[str, str] | None = None
    share: int = 0

    def __post_init__(self) -> None:
        if (self.kind == "range") != (self.bounds is not None):
            raise ValueError(f"Column {self.heading!r}: a range, and only a range, has two bounds.")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a strong one is what the table is about (this month, the total)."""

    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A real table with one header row; the first cell of each row names the row.

    Without a caption it needs a heading that says what it holds.
    `abreast` > 1 lets a long, narrow table run in that many side by side on paper.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    source: str = ""
    abreast: int = 1

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row.cells) != len(self.columns)]
        if wrong:
            raise ValueError(
                f"Table {self.caption!r}: {len(wrong)} rows do not fit the {len(self.columns)} columns."
            )


@dataclass(frozen=True)
class Picture:
    """A drawing with the finding it shows, in words for those who do not see it."""

    caption: str
    subtitle: str
    alternative: str
    svg: str = field(repr=False)
    behind: Table | None = None
    """The table the picture was drawn from: a workbook shows it in the picture's place."""

    @cached_property
    def png(self) -> bytes:
        """The drawing as pixels, for programs that do not take vectors."""
        from vicus.documents import raster

        return raster.png(self.svg)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph: the leading sentence of the document, running text, or how it was counted."""

    text: str
    role: Literal["lead", "body", "method"] = "body"


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must not miss; the label says what kind, so that colour is not alone in saying it."""

    label: str
    text: str
    kind: Literal["note", "warning"] = "note"


Block = Sentence | Note | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it.

    `sheet` names the sheet of the workbook it goes to (None: it repeats what stands elsewhere in the workbook);
    `new_page` starts a page on paper; an empty heading continues the page head. `key` names a section that a reader
    may leave out; `locale` is set where a section speaks another language than the document.
    """

    heading: str
    blocks: tuple[Block, ...]
    sheet: str | None = None
    new_page: bool = False
    key: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Document:
    """A whole document in one language; a compact one keeps close lines and margins, to stay on one page."""

    language: str
    locale: str
    kicker: str
    title: str
    subtitle: str
    subject: str
    author: str
    keywords: tuple[str, ...]
    produced_by: str
    known_at: datetime
    running: tuple[str, str]
    footer: str
    figure: str
    table: str
    sections: tuple[Section, ...]
    compact: bool = False

    @property
    def language_tag(self) -> str:
        """The tag that files carry: ``nl-BE``."""
        return self.locale.replace("_", "-")

    def without(self, keys: Collection[str]) -> Document:
        """The document without the sections of these keys."""
        kept = tuple(section for section in self.sections if not section.key or section.key not in keys)
        return replace(self, sections=kept)

    def sheets(self) -> dict[str, list[Section]]:
        """The sections by sheet of the workbook, in the order of the document."""
        sheets: dict[str, list[Section]] = {}
        for section in self.sections:
            if section.sheet is not None:
                sheets.setdefault(section.sheet, []).append(section)
        return sheets

    def blocks(self) -> Iterator[Block]:
        """Everything in reading order."""
        for section in self.sections:
            yield from section.blocks

    def texts(self) -> Iterator[str]:
        """Every text a reader meets, the head included."""
        yield from (self.kicker, self.title, self.subtitle, *self.running, self.footer)
        for section in self.sections:
            yield section.heading
            for block in section.blocks:
                yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Sentence():
            yield block.text
        case Note():
            yield f"{block.label} {block.text}"
        case Picture():
            yield block.caption
            yield block.subtitle
            yield block.alternative
        case Table():
            yield block.caption
            yield block.source
            yield from (column.heading for column in block.columns)
            yield from (cell.text for row in block.rows for cell in row.cells)


def row(cells: Sequence[Cell], *, strong: bool = False) -> Row:
    """A row of these cells."""
    return Row(tuple(cells), strong)

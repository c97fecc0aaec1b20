"""Word: the content with real styles, headings, captions and tables, so that a zone can write on in it."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from vicus.documents.content import Block, Column, Document, Note, Picture, Section, Sentence, Table
from vicus.pictures.tokens import tokens

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
TABLE_STYLE = "Vicus Table"
# Where the fonts of the house are not installed, Word takes these.
SUBSTITUTES = {"serif": "Cambria", "sans": "Calibri"}
TABLE_STYLE_ID = "VicusTable"
MANY_ROWS, MANY_COLUMNS, ROWS_OF_A_PAGE = 16, 7, 30


def docx(document: Document) -> bytes:
    """The document as Word: the same bytes for the same document."""
    paper = Word()
    _properties(paper, document)
    _page(paper, document)
    _styles(paper, document)
    _head(paper, document)
    counters = {document.figure: 0, document.table: 0}
    for section in document.sections:
        _section(paper, document, section, counters)
    target = io.BytesIO()
    paper.save(target)
    return _dateless(target.getvalue())


def written_into(paper: Any, document: Document, mark: str) -> bytes:
    """The sections in the place of the paragraph that holds `mark`; styles that the paper has are left as they are."""
    place = next(paragraph for paragraph in paper.paragraphs if mark in paragraph.text)
    _properties(paper, document)
    _styles(paper, document, keep=True)
    before = list(paper.element.body)
    counters = {document.figure: 0, document.table: 0}
    for section in document.sections:
        _section(paper, document, section, counters)
    for made in [element for element in paper.element.body if element not in before]:
        place._p.addprevious(made)
    place._p.getparent().remove(place._p)
    target = io.BytesIO()
    paper.save(target)
    return _dateless(target.getvalue())


def _properties(paper: Any, document: Document) -> None:
    core = paper.core_properties
    known = document.known_at.astimezone(UTC).replace(tzinfo=None)
    core.title = f"{document.title} – {document.kicker}"
    core.subject = document.subject[:255]
    core.author = core.last_modified_by = document.author
    core.keywords = ", ".join(document.keywords)
    core.language = document.language_tag
    core.comments = document.produced_by
    core.created = core.modified = known
    core.revision = 1


def _page(paper: Any, document: Document) -> None:
    sheet, look = paper.sections[0], tokens().paper
    sheet.page_width, sheet.page_height = Mm(look["width"]), Mm(look["height"])
    sheet.left_margin = sheet.right_margin = Mm(look["margin"])
    sheet.top_margin, sheet.bottom_margin = Mm(look["margin"] + 6), Mm(look["margin"] + 2)
    sheet.header_distance = sheet.footer_distance = Mm(look["margin"] - 8)
    width = look["width"] - 2 * look["margin"]
    head, foot = sheet.header.paragraphs[0], sheet.footer.paragraphs[0]
    for line, style, left in ((head, "Header", document.running[0]), (foot, "Footer", document.footer)):
        line.style = paper.styles[style]
        stops = line.paragraph_format.tab_stops
        for stop in paper.styles[style].paragraph_format.tab_stops:
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"{left}\t")
    head.add_run(document.running[1])
    _field(foot, "PAGE", "1")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES", "1")


def _styles(paper: Any, document: Document, *, keep: bool = False) -> None:
    """The styles of the house; with `keep` only those that the paper has not."""
    look = tokens()
    sizes, colour = look.type["print"], look.colours("light")
    styles = paper.styles
    languages = styles.element.find(f".//{qn('w:lang')}")
    if languages is not None:
        languages.set(qn("w:val"), document.language_tag)
    present = {style.name for style in styles}
    for name, kind, size, shade, bold, before, after in (
        ("Normal", "serif", sizes["body"], "ink", False, 0, 6),
        ("Title", "serif", sizes["h1"], "ink", True, 2, 4),
        ("Subtitle", "sans", sizes["body"], "muted", False, 0, 10),
        ("Heading 1", "serif", sizes["h3"], "ink", True, 20, 6),
        ("Caption", "sans", sizes["table"], "ink", True, 12, 4),
        ("Header", "sans", sizes["small"], "muted", False, 0, 0),
        ("Footer", "sans", sizes["small"], "muted", False, 0, 0),
        ("Vicus Kicker", "sans", sizes["table"], "accent", True, 0, 2),
        ("Vicus Lead", "serif", sizes["lead"] + 2, "ink", False, 6, 10),
        ("Vicus Small", "sans", sizes["small"], "muted", False, 4, 8),
        ("Vicus Method", "sans", sizes["table"], "ink", False, 0, 4),
        ("Vicus Note", "sans", sizes["table"] + 0.5, "ink", False, 6, 6),
        ("Vicus Cell", "sans", sizes["table"], "ink", False, 2, 2),
        ("Vicus Small Cell", "sans", sizes["small"], "ink", False, 1, 1),
    ):
        known = name in present
        if known and keep:
            continue
        style = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if not known:
            style.base_style = styles["Normal"]
        _letters(style, look.type[kind], size, colour[shade], bold=bold)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.0 if "Cell" in name else 1.15
    styles["Caption"].paragraph_format.keep_with_next = True
    if TABLE_STYLE not in present:
        styles.element.append(parse_xml(_table_style(colour["ink"], colour["line"])))
    if keep:
        return
    for name in ("Title", "Heading 1"):
        border = styles[name].element.find(f".//{qn('w:pBdr')}")
        if border is not None:
            border.getparent().remove(border)
    fonts = next(
        part for part in paper.part.package.iter_parts() if str(part.partname).endswith("fontTable.xml")
    )
    fonts._blob = _font_table()


def _letters(style: Any, family: str, size: float, shade: str, *, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = family, Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(shade.lstrip("#"))
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for inherited in (qn("w:spacing"), qn("w:kern")):
        for element in style.element.rPr.findall(inherited):
            style.element.rPr.remove(element)
    for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(slot), family)


def _font_table() -> bytes:
    kinds = {"serif": "roman", "sans": "swiss"}
    rows = "".join(
        f'<w:font w:name="{tokens().type[kind]}"><w:altName w:val="{SUBSTITUTES[kind]}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for kind, family in kinds.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{rows}</w:fonts>".encode()


def _table_style(ink: str, line: str) -> str:
    ink, line = ink.lstrip("#"), line.lstrip("#")
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE_ID}">'
        f'<w:name w:val="{TABLE_STYLE}"/><w:uiPriority w:val="99"/><w:tblPr><w:tblBorders>'
        f'<w:insideH w:val="single" w:sz="4" w:color="{line}"/><w:bottom w:val="single" w:sz="4" w:color="{line}"/>'
        '</w:tblBorders><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
        '</w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="8" w:color="{ink}"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>'
    )


def _head(paper: Any, document: Document) -> None:
    paper.add_paragraph(document.kicker, style="Vicus Kicker")
    paper.add_paragraph(document.title, style="Title")
    paper.add_paragraph(document.subtitle, style="Subtitle")


def _section(paper: Any, document: Document, section: Section, counters: dict[str, int]) -> None:
    if section.heading:
        heading = paper.add_heading(section.heading, level=1)
        heading.paragraph_format.page_break_before = section.new_page
    for block in section.blocks:
        _block(paper, document, block, counters)


def _block(paper: Any, document: Document, block: Block, counters: dict[str, int]) -> None:
    match block:
        case Sentence():
            style = {"lead": "Vicus Lead", "body": "Normal", "method": "Vicus Method"}[block.role]
            paper.add_paragraph(block.text, style=style)
        case Note():
            _note(paper, block)
        case Picture():
            _picture(paper, document, block, counters)
        case Table():
            _table(paper, document, block, counters)


def _note(paper: Any, note: Note) -> None:
    colour = tokens().colours("light")["warn" if note.kind == "warning" else "accent"].lstrip("#")
    paragraph = paper.add_paragraph(style="Vicus Note")
    label = paragraph.add_run(f"{note.label} ")
    label.bold = True
    label.font.color.rgb = RGBColor.from_string(colour)
    paragraph.add_run(note.text)
    paragraph.paragraph_format.keep_together = True
    border = (
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="{colour}"/></w:pBdr>'
    )
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(border), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _caption(paper: Any, word: str, text: str, counters: dict[str, int]) -> None:
    counters[word] += 1
    paragraph = paper.add_paragraph(style="Caption")
    paragraph.add_run(f"{word} ")
    _field(paragraph, f"SEQ {word} \\* ARABIC", str(counters[word]))
    paragraph.add_run(f"  {text}")


def _picture(paper: Any, document: Document, picture: Picture, counters: dict[str, int]) -> None:
    _caption(paper, document.figure, picture.caption, counters)
    if picture.subtitle:
        paper.add_paragraph(picture.subtitle, style="Vicus Small").paragraph_format.keep_with_next = True
    look = tokens().paper
    shape = paper.add_picture(io.BytesIO(picture.png), width=Mm(look["width"] - 2 * look["margin"]))
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")  # without them some programs set the picture in by 3 mm
    shape._inline.docPr.set("descr", picture.alternative)
    shape._inline.docPr.set("title", picture.caption)


def _table(paper: Any, document: Document, table: Table, counters: dict[str, int]) -> None:
    if table.caption:
        _caption(paper, document.table, table.caption, counters)
    # Written as XML at once: cell by cell, python-docx takes seconds for the tables of one report.
    made = parse_xml(_table_xml(table))
    paper.element.body.insert_element_before(made, "w:sectPr")
    # Two tables that follow each other would become one.
    paper.add_paragraph(table.source, style="Vicus Small")


def _table_xml(table: Table) -> str:
    widths, muted = _widths(table), tokens().colours("light")["muted"].lstrip("#")
    crowded = len(table.rows) > MANY_ROWS or len(table.columns) > MANY_COLUMNS
    style = "VicusSmallCell" if crowded else "VicusCell"
    last = len(table.rows)
    # A table that fits a page stays on one; a longer one breaks, and its header comes again.
    whole = last <= ROWS_OF_A_PAGE
    lines = [(tuple(column.heading for column in table.columns), False)]
    lines += [(tuple(cell.text for cell in row.cells), row.strong) for row in table.rows]
    rows = []
    for position, (texts, strong) in enumerate(lines):
        keep = "<w:keepNext/>" if whole and (position < last or table.source) else ""
        letters = "<w:rPr><w:b/></w:rPr>" if strong else ""
        if position == 0:
            letters = f'<w:rPr><w:b/><w:color w:val="{muted}"/></w:rPr>'
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}'
            f'<w:jc w:val="{_side(column)}"/></w:pPr><w:r>{letters}'
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
            for text, column, width in zip(texts, table.columns, widths, strict=True)
        )
        head = "" if position else "<w:tblHeader/>"
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{TABLE_STYLE_ID}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
        f' w:noVBand="1"/><w:tblCaption w:val={quoteattr(table.caption)}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def _side(column: Column) -> str:
    return "left" if column.kind in ("text", "day", "month") else "right"


def _widths(table: Table) -> list[int]:
    """Widths in twentieths of a point."""
    look = tokens().paper
    whole = (look["width"] - 2 * look["margin"]) / 25.4 * 1440
    shares = [column.share or 2 for column in table.columns]
    return [round(whole * share / sum(shares)) for share in shares]


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field of Word, with what it shows until Word counts again."""
    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            paragraph.add_run()._r.append(text)
        elif kind == "separate":
            paragraph.add_run(shown)


def _dateless(packed: bytes) -> bytes:
    """The same package without the moment it was packed at."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, source.read(name))
    return target.getvalue()

"""Word and Excel: the same content, readable back with the right numbers."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
import reports
from docx import Document as Word
from docx.oxml.ns import qn
from reports import document_of, file_of

from vicus.documents import docx, draw_many, xlsx
from vicus.documents.content import Picture, Table
from vicus.documents.drawing import UnknownFormatError


def workbook(language: str, name: str = "report") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(file_of(name, language, "xlsx")))


def word(language: str) -> object:
    return Word(io.BytesIO(file_of("report", language, "docx")))


def test_word_has_the_tables_of_the_content(language: str) -> None:
    tables = [b for b in document_of("report", language).blocks() if isinstance(b, Table)]
    found = word(language).tables
    assert len(found) == len(tables)
    for ours, theirs in zip(tables, found, strict=True):
        assert [cell.text for cell in theirs.rows[0].cells] == [column.heading for column in ours.columns]
        assert len(theirs.rows) == len(ours.rows) + 1
        assert [c.text for c in theirs.rows[1].cells] == [c.text for c in ours.rows[0].cells]


def test_header_rows_of_word_come_again_on_the_next_page() -> None:
    for table in word("nl").tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])


def test_pictures_of_word_have_their_words(language: str) -> None:
    pictures = [b for b in document_of("report", language).blocks() if isinstance(b, Picture)]
    shapes = word(language).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [p.alternative for p in pictures]


def test_word_has_real_headings_and_the_language(language: str) -> None:
    document, paper = document_of("report", language), word(language)
    headings = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
    assert headings == [section.heading for section in document.sections if section.heading]
    assert [p.text for p in paper.paragraphs if p.style.name == "Title"] == [document.title]
    assert paper.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == document.language_tag
    assert paper.core_properties.language == document.language_tag


def test_word_and_excel_are_dated_by_the_data() -> None:
    assert word("nl").core_properties.created.replace(tzinfo=None) == datetime(2026, 11, 3, 5, 12)
    assert workbook("nl").properties.created == datetime(2026, 11, 3, 5, 12)


def test_the_same_report_gives_the_same_word_and_excel() -> None:
    assert docx(reports.report(), "fr") == file_of("report", "fr", "docx")
    assert xlsx(reports.report(), "fr") == file_of("report", "fr", "xlsx")


def test_the_workbook_has_six_sheets_in_the_language(language: str) -> None:
    names = {
        "nl": ["Samenvatting", "Per maand", "Categorieën", "Uur en weekdag", "Gegevenskwaliteit", "Versies"],
        "fr": ["Résumé", "Par mois", "Catégories", "Heure et jour", "Qualité des données", "Versions"],
        "en": ["Summary", "By month", "Categories", "Hour and weekday", "Data quality", "Versions"],
    }
    assert workbook(language).sheetnames == names[language]


def rows_under(sheet: object, heading: str) -> list[list[object]]:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(i for i, row in enumerate(rows) if row[0] == heading)
    found = []
    for row in rows[start + 1 :]:
        if row[1] is None:
            break
        found.append(row)
    return found


def test_the_months_of_the_workbook_are_dates_and_numbers() -> None:
    rows = rows_under(workbook("nl")["Per maand"], "Maand")
    assert len(rows) == 36
    assert rows[-1][:6] == [datetime(2026, 10, 1), 18, 11, 24, 16, 5]


def test_a_range_becomes_two_columns_of_numbers() -> None:
    sheet = workbook("fr")["Catégories"]
    rows = {row[0]: row for row in rows_under(sheet, "Catégorie")}
    assert rows["Vol sans violence"][1:4] == [9, 4, 13]
    assert rows["Stupéfiants"][1:5] == [6, 0, 4, "Plus qu’attendu"]


def test_the_week_of_the_workbook_adds_up() -> None:
    rows = rows_under(workbook("en")["Hour and weekday"], "From")
    assert len(rows) == 25
    assert sum(row[-1 if row[-1] is not None else 8] for row in rows[:24]) == pytest.approx(214, abs=0.01)


def test_numbers_of_the_workbook_show_the_decimals_that_paper_prints() -> None:
    sheet = workbook("en")["Versions"]
    shown = {row[0].value: (row[1].value, row[1].number_format) for row in sheet.iter_rows(max_col=2)}
    assert shown["Area of the perimeter"] == (0.183, "#,##0.000")
    assert shown["Dispersion (1: as chance alone)"] == (1.31, "#,##0.00")
    assert shown["Perimeter version"] == (3, "#,##0")
    cells = [cell for page in workbook("en") for row in page.iter_rows() for cell in row]
    shares = [cell for cell in cells if cell.number_format == "0%"]
    floats = [cell.value for cell in cells if isinstance(cell.value, float) and cell not in shares]
    assert len(floats) > 100
    assert all(value == round(value, 3) for value in floats)


def test_the_geocoding_rate_of_the_workbook_is_a_share_from_a_base_of_ten() -> None:
    rows = {row[0]: row for row in rows_under(workbook("en")["Data quality"], "Measure")}
    assert rows["With a location (geocoding rate)"][1] == pytest.approx(30102 / 31284)
    few = openpyxl.load_workbook(
        io.BytesIO(xlsx(reports.report(figures=reports.figures(quality=reports.quality(9, 7))), "en"))
    )
    told = {row[0]: row for row in rows_under(few["Data quality"], "Measure")}
    assert told["With a location (geocoding rate)"][1] == "7 of 9"


def test_the_header_stays_in_sight_on_sheets_with_one_table() -> None:
    book = workbook("nl")
    for name in ("Per maand", "Uur en weekdag", "Categorieën"):
        assert book[name].freeze_panes is not None


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(reports.report(name='=HYPERLINK("x")', layers=None), "en")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_no_file_holds_the_moment_it_was_packed() -> None:
    for kind in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(file_of("report", "nl", kind))) as packed:
            assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_many_reports_are_drawn_one_by_one_with_progress() -> None:
    seen: list[tuple[int, int]] = []
    drawn = list(
        draw_many(
            [reports.report(layers=None), reports.report(number=3, layers=None)],
            ("nl", "fr"),
            ("pdf", "xlsx"),
            lambda done, total: seen.append((done, total)),
        )
    )
    assert [d.filename for d in drawn][:3] == [
        "2026-10-hotspot-14-nl.pdf",
        "2026-10-hotspot-14-nl.xlsx",
        "2026-10-hotspot-14-fr.pdf",
    ]
    assert seen == [(i, 8) for i in range(1, 9)]
    assert all(d.content[:4] == (b"%PDF" if d.format == "pdf" else b"PK\x03\x04") for d in drawn)


def test_an_unknown_format_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(UnknownFormatError, match="odt"):
        draw_many([reports.report()], formats=("odt",))


@pytest.mark.slow
def test_two_processes_draw_the_same_bytes_in_the_same_order() -> None:
    """What runs in another process must not depend on anything made in this one."""
    several = [reports.report(number=number, layers=None) for number in (1, 2)]
    alone = [d.content for d in draw_many(several, ("nl",))]
    together = [d.content for d in draw_many(several, ("nl",), processes=2)]
    assert together == alone

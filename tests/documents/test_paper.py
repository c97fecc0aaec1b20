"""The PDF: what a screen reader finds in it, and that it can be drawn again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
import reports
from reports import document_of, file_of

from vicus.documents import content, paper, pdf
from vicus.documents.content import Picture, Table


def opened(language: str, name: str = "report") -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(file_of(name, language, "pdf")))


def elements(pdf_file: pikepdf.Pdf) -> Iterator[Any]:
    waiting = [pdf_file.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            yield element
        children = element.get("/K", [])
        several = children if isinstance(children, pikepdf.Array) else [children]
        waiting.extend(c for c in several if isinstance(c, pikepdf.Dictionary) and c.get("/Type") != "/MCR")


def of_kind(pdf_file: pikepdf.Pdf, kind: str) -> list[Any]:
    return [element for element in elements(pdf_file) if kind == element.S]


def test_the_file_says_that_it_is_accessible_and_fit_for_an_archive(language: str) -> None:
    with opened(language) as file, file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert file.Root.MarkInfo.Marked
        assert file.Root.ViewerPreferences.DisplayDocTitle


def test_the_file_carries_language_and_title(language: str) -> None:
    with opened(language) as file, file.open_metadata() as metadata:
        assert str(file.Root.Lang) == {"nl": "nl-BE", "fr": "fr-BE", "en": "en-GB"}[language]
        assert metadata["dc:title"] == document_of("report", language).title


def test_the_dates_of_the_file_are_those_of_the_data(language: str) -> None:
    with opened(language) as file:
        assert str(file.docinfo["/CreationDate"]).startswith("D:20261103051200")


def test_every_picture_has_its_words(language: str) -> None:
    told = [b.alternative for b in document_of("report", language).blocks() if isinstance(b, Picture)]
    with opened(language) as file:
        found = [str(element.Alt) for element in elements(file) if "/Alt" in element]
    assert len(told) == 4
    assert all(told)
    assert set(told) <= set(found)


def test_tables_are_tables_with_header_cells(language: str) -> None:
    document = document_of("report", language)
    with opened(language) as file:
        tables = of_kind(file, "/Table")
        headings = of_kind(file, "/TH")
    expected = [b for b in document.blocks() if isinstance(b, Table)]
    assert len(tables) == sum(table.abreast for table in expected)
    assert len(headings) == sum(len(table.columns) * table.abreast for table in expected)


def test_headings_follow_the_sections(language: str) -> None:
    document = document_of("report", language)
    with opened(language) as file:
        assert len(of_kind(file, "/Title")) == 1
        assert len(of_kind(file, "/H1")) == sum(bool(section.heading) for section in document.sections)


def test_fonts_are_those_of_the_house_and_embedded() -> None:
    with opened("fr") as file:
        fonts = [
            obj
            for obj in file.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        for font in fonts:
            assert re.search("SourceSans3|SourceSerif4", str(font.FontName))
            assert "/FontFile2" in font or "/FontFile3" in font


def test_the_same_report_gives_the_same_bytes() -> None:
    again = pdf(reports.report(), "nl")
    assert again == file_of("report", "nl", "pdf")


def test_another_data_version_gives_other_bytes() -> None:
    later = reports.report(figures=reports.figures(version=reports.version(8)))
    assert pdf(later, "nl") != file_of("report", "nl", "pdf")


def test_pages_are_a4() -> None:
    with opened("nl") as file:
        for page in file.pages:
            width, height = (float(page.mediabox[i]) for i in (2, 3))
            assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


@pytest.mark.parametrize("name", ["report", "without_enough_data", "without_facts"])
def test_the_report_stays_short_enough_to_be_read(name: str, language: str) -> None:
    with opened(language, name) as file:
        assert len(file.pages) <= 5


def test_a_long_name_breaks_and_is_not_cut() -> None:
    name = "Place de la Communauté des Bateliers et des Anciennes Brasseries du Canal de Charleroi"
    document = content(reports.report(name=name, sector="Vieux-Molenbeek-Saint-Jean – Étangs Noirs"), "fr")
    with pikepdf.open(io.BytesIO(paper.pdf(document))) as file, file.open_metadata() as metadata:
        assert name in metadata["dc:title"]
        assert len(file.pages) <= 6

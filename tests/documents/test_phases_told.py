"""The phases under the series stand in words in every format, each ending on the day before the next begins."""

from __future__ import annotations

import io

import openpyxl
import pytest
import reports
from docx import Document as Word
from reports import document_of, file_of

from vicus.documents import content
from vicus.pictures.sentences import phases_sentence

TOLD = {
    "en": "Phases: Clear, 1 June 2025 to 28 February 2026; Hold, since 1 March 2026.",
    "fr": "Phases : Clear, du 1er juin 2025 au 28 février 2026; Hold, depuis le 1er mars 2026.",
    "nl": "Fasen: Clear, 1 juni 2025 tot en met 28 februari 2026; Hold, sinds 1 maart 2026.",
}


def test_the_phases_are_told_under_the_series_and_in_its_alternative(language: str) -> None:
    document = document_of("report", language)
    (section,) = [
        s for s in document.sections if any(getattr(b, "text", "") == TOLD[language] for b in s.blocks)
    ]
    assert TOLD[language] in section.blocks[0].alternative  # type: ignore[union-attr]


def test_word_and_excel_tell_the_phases(language: str) -> None:
    word = Word(io.BytesIO(file_of("report", language, "docx")))
    assert TOLD[language] in [paragraph.text for paragraph in word.paragraphs]
    book = openpyxl.load_workbook(io.BytesIO(file_of("report", language, "xlsx")))
    assert TOLD[language] in [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("tongue", ["en", "fr", "nl"])
def test_without_phases_nothing_is_told(tongue: str) -> None:
    report = reports.report(phases=())
    start = TOLD[tongue].split(":", maxsplit=1)[0].strip()
    assert phases_sentence((), tongue) == ""
    assert not any(text.startswith(start) for text in content(report, tongue).texts())

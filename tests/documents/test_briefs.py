"""Short reports for meetings and the bulletin: one page where one is asked, nothing left out in silence."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pikepdf
import pytest

from vicus.documents import briefing, bulletin, excel, paper, word
from vicus.documents.briefs import KINDS, Brief, Code, Line, Place
from vicus.documents.bulletin import Bulletin, Counted, Gathering, Promise
from vicus.documents.content import Document, Table
from vicus.documents.freezing import NotADocumentError, freeze, thaw

KNOWN_AT = datetime(2026, 11, 3, 5, 12, tzinfo=UTC)
LONG = (
    "Renew the order on the square and the streets around it, which ends before the municipal council meets again, "
    "and ask the partners whether the lighting of the passage can be mended first"
)


def brief(code: Code, lines: int) -> Brief:
    places = tuple(
        Place(
            n, {"fr": f"Rue de la Colonne {n}", "nl": f"Zuilstraat {n}"}, {"fr": "Canal", "nl": "Kanaal"}, 18 + n, 11.0, 24.0,
            "above" if n < 3 else "within", "Hold", 1.5, 1.1, 2.0, 1, 4,
        )
        for n in range(1, lines + 1)
    )  # fmt: skip
    told = tuple(
        Line(
            f"{n} {LONG}",
            f"Hotspot {n} – Place de la Communauté",
            "Commune de Molenbeek-Saint-Jean",
            date(2026, 11, 1 + n % 28),
            n % 3 == 0,
            LONG,
        )
        for n in range(1, lines + 1)
    )
    parts = [part for part in KINDS[code].parts if part not in ("situation", "ranking")]
    return Brief(
        code, {"fr": "Bruxelles-Ouest", "nl": "Brussel-West"}, {"fr": "Molenbeek-Saint-Jean", "nl": "Sint-Jans-Molenbeek"},
        "2026-10", KNOWN_AT, "1", places, dict.fromkeys(parts, told), date(2026, 10, 1), 7,
    )  # fmt: skip


def pages(document: Document) -> int:
    with pikepdf.open(io.BytesIO(paper.pdf(document))) as file:
        return len(file.pages)


@pytest.mark.parametrize("lines", [1, 6, 60])
def test_the_page_for_the_mayor_is_one_page(lines: int, language: str) -> None:
    document = briefing.content(brief("mayor", lines), language)
    assert pages(document) == 1
    for section in (s for s in document.sections if s.key):
        shown = sum(len(block.rows) for block in section.blocks if isinstance(block, Table))
        told = " ".join(
            text for block in section.blocks if not isinstance(block, Table) for text in [block.text]
        )
        assert shown >= 1
        assert shown == lines or str(lines - shown) in told


def test_a_mayor_is_asked_three_decisions_and_told_of_the_others() -> None:
    document = briefing.content(brief("mayor", 5), "en")
    asked = next(section for section in document.sections if section.key == "decisions")
    table, more = asked.blocks
    assert isinstance(table, Table)
    assert len(table.rows) <= 3
    assert "more" in more.text


def test_what_was_cut_on_the_page_says_so_and_stays_whole_in_the_workbook_cell() -> None:
    document = briefing.content(brief("mayor", 4), "en")
    cells = [
        c for block in document.blocks() if isinstance(block, Table) for row in block.rows for c in row.cells
    ]
    cut = [cell for cell in cells if cell.text.endswith("…")]
    assert cut
    assert all(str(cell.value).startswith(cell.text[:-2]) for cell in cut)


def test_pages_are_counted_as_a_reader_of_pdf_counts_them(language: str) -> None:
    document = briefing.content(brief("coordination", 40), language)
    assert paper.pages(paper.pdf(document)) == pages(document) > 2


@pytest.mark.parametrize("code", KINDS)
def test_what_was_frozen_is_drawn_again_byte_by_byte(code: Code, language: str) -> None:
    document = briefing.content(brief(code, 3), language)
    again = thaw(freeze(document))
    assert again == document
    for draw in (paper.pdf, word.docx, excel.xlsx):
        assert draw(again) == draw(document)


def test_other_text_is_not_taken_for_a_document() -> None:
    for text in ("", "{}", '{"is": "Table"}', '{"is": "os.system", "of": "ls"}', "[1]"):
        with pytest.raises(NotADocumentError):
            thaw(text)


def test_a_part_that_was_not_asked_is_left_out_and_an_empty_one_says_there_is_nothing() -> None:
    given = replace(brief("pack", 2), lines={"orders": ()})
    document = briefing.content(given, "en")
    assert [section.key for section in document.sections if section.key] == ["situation", "orders"]
    assert "No order ends soon" in " ".join(document.texts())


def residents(**changes: object) -> Bulletin:
    given = Bulletin(
        zone={"fr": "Bruxelles-Ouest", "nl": "Brussel-West"},
        place={"fr": "Place du Marché", "nl": "Marktplein"},
        heading={"fr": "L'automne place du Marché", "nl": "Herfst op het Marktplein"},
        texts={"fr": {"said": "Il fait noir.", "done": "Trois lampes.\n\nUn banc."}, "nl": {"said": "Er is te weinig licht."}},
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 9, 30),
        published_at=KNOWN_AT,
        software="1",
        columns=({"fr": "3e trimestre", "nl": "3e kwartaal"},),
        counts=(Counted({"fr": "Vol", "nl": "Diefstal"}, (12,)), Counted({"fr": "Dégradation", "nl": "Beschadiging"}, (None,))),
        gatherings=(Gathering(datetime(2026, 12, 1, 18, tzinfo=UTC), {"fr": "Maison de quartier", "nl": "Wijkhuis"}),),
        promises=(
            Promise(
                {"fr": "Réparer", "nl": "Herstellen"},
                {"fr": "Commune", "nl": "Gemeente"},
                date(2026, 10, 1),
                {"fr": "tenu", "nl": "nagekomen"},
            ),
        ),
    )  # fmt: skip
    return replace(given, **changes)  # type: ignore[arg-type]


def test_a_bulletin_speaks_french_and_dutch_in_one_file_and_marks_each_language() -> None:
    document = bulletin.content(residents())
    told = " ".join(document.texts())
    for text in ("Place du Marché", "Marktplein", "Ce qui a été fait", "Wat u zei", "tenu", "Nagekomen"):
        assert text.lower() in told.lower()
    assert {section.locale for section in document.sections} == {"fr_BE", "nl_BE"}
    made = paper.pdf(document)
    assert b"nl-BE" in made
    with pikepdf.open(io.BytesIO(made)) as file:
        tagged = [str(o.Lang) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Lang" in o]
    assert {"fr-BE", "nl-BE"} <= set(tagged)


def test_a_count_that_is_not_published_stands_nowhere_in_the_file() -> None:
    document = bulletin.content(residents())
    rows = [row for block in document.blocks() if isinstance(block, Table) for row in block.rows]
    hidden = [row.cells[1] for row in rows if row.cells[0].text in ("Dégradation", "Beschadiging")]
    assert [cell.value for cell in hidden] == [None, None]
    assert {cell.text for cell in hidden} == {"non affiché", "niet getoond"}

"""Minutes on paper: the same content in three languages, as PDF and as Word."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import pytest

from vicus.documents import FORMATS, Export
from vicus.documents.minutes import Minutes, Passage, Presence, Promise, content

HELD = {"nl": "aanwezig", "fr": "présente", "en": "present"}
COMMUNE = {"nl": "Gemeente", "fr": "Commune", "en": "Commune"}
MINUTES = Minutes(
    body={"nl": "Veiligheidsoverleg", "fr": "Concertation sécurité", "en": "Municipal security meeting"},
    zone={"nl": "Zone West", "fr": "Zone Ouest", "en": "West Zone"},
    levels=[{"nl": "3 gemeentelijk", "fr": "3 communal", "en": "3 municipal"}],
    starts_at=datetime(2026, 10, 25, 9, tzinfo=UTC),
    timezone="Europe/Brussels",
    place="Maison communale",
    chair="bourgmestre",
    spoken="fr",
    closed=True,
    revision=4,
    changed_at=datetime(2026, 10, 26, 8, tzinfo=UTC),
    software="0",
    presences=[Presence(COMMUNE, "cabinet du bourgmestre", HELD)],
    passages=[Passage({"nl": "Wat gezegd werd", "fr": "Ce qui a été dit", "en": "What was said"}, "Calme.\nTrop sombre.")],
    decisions=[("La lampe d'abord.", {"nl": "11 Markt", "fr": "11 Marché", "en": "11 Market"})],
    promises=[Promise("Réparer la lampe", COMMUNE, date(2026, 12, 1), {"nl": "open", "fr": "ouvert", "en": "open"})],
    counts=[({"nl": "Bewoners", "fr": "Habitants", "en": "Residents"}, {"nl": "24", "fr": "24", "en": "24"})],
)  # fmt: skip
DECISIONS = {"nl": "Beslissingen", "fr": "Décisions", "en": "Decisions"}


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_minutes_say_the_same_in_each_language(language: str) -> None:
    texts = list(content(MINUTES, language).texts())
    assert {"Calme.", "Trop sombre.", "La lampe d'abord.", "Réparer la lampe"} <= set(texts)
    assert {DECISIONS[language], COMMUNE[language], HELD[language]} <= set(texts)
    assert any("10:00" in text for text in texts), (
        "the hour is that of the zone, on the day the clocks change"
    )
    assert not any("{" in text for text in texts)


def test_open_minutes_say_that_they_are_a_draft() -> None:
    closed, still_open = content(MINUTES, "en"), content(replace(MINUTES, closed=False), "en")
    assert not any(text.startswith("Draft.") for text in closed.texts())
    assert any(text.startswith("Draft.") for text in still_open.texts())


def test_a_file_says_who_took_it_for_whom_and_what_for() -> None:
    export = Export(
        "the mayor's office", "council", datetime(2026, 10, 27, 8, tzinfo=UTC), "the next meeting"
    )
    foot = content(replace(MINUTES, export=export), "en").footer
    assert "council" in foot
    assert "the next meeting" in foot


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_minutes_are_drawn_as_pdf_and_word(language: str) -> None:
    drawn = content(MINUTES, language)
    pdf = FORMATS["pdf"](drawn)
    assert pdf.startswith(b"%PDF")
    assert pdf == FORMATS["pdf"](drawn)
    word = docx.Document(io.BytesIO(FORMATS["docx"](drawn)))
    said = [paragraph.text for paragraph in word.paragraphs]
    assert "Calme." in said
    assert any(
        "Réparer la lampe" in cell.text for table in word.tables for row in table.rows for cell in row.cells
    )

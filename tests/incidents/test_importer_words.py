"""What the importer and the store say: in three languages, each with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import vicus
from vicus.incidents.errors import IncidentError
from vicus.incidents.reasons import REASONS
from vicus.incidents.words import plain, restored, say, told

ROOM = Path(vicus.__file__).parent
SPEAKERS = ("incidents", "web/facts")
LANGUAGES = ("nl", "fr")


def messages_in_code() -> set[str]:
    return {
        message
        for folder in SPEAKERS
        for _, _, message, _, _ in extract_from_dir(str(ROOM / folder), keywords={"say": None})
    }


def catalogue(language: str) -> Catalog:
    with (ROOM / "incidents" / "locale" / language / "LC_MESSAGES" / "incidents.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_its_translation_with_the_same_places_to_fill(language: str) -> None:
    known = {entry.id: entry for entry in catalogue(language) if entry.id}
    assert messages_in_code() == set(known)
    for message, entry in known.items():
        assert entry.string, message
        assert not entry.fuzzy, message
        assert sorted(re.findall(r"{\w+}", entry.string)) == sorted(re.findall(r"{\w+}", message)), message


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_told_in_a_language_with_the_sentences_inside_it(language: str) -> None:
    said = say("{file}: {what}", file="a.csv", what=say("the file is empty."))
    assert said == "a.csv: the file is empty."
    assert (
        told(said, language)
        == {"nl": "a.csv: het bestand is leeg.", "fr": "a.csv : le fichier est vide."}[language]
    )
    assert told(said, "en") == said
    assert all(told(reason, language) != reason for reason in REASONS.values())


def test_what_a_file_says_never_becomes_a_place_to_fill() -> None:
    name = "{__class__}{0}.csv"
    said = say("{file}: {what}", file=name, what=say("the file is empty."))
    assert name in told(said, "nl")
    assert told(restored(plain(said)), "nl") == told(said, "nl")


def test_an_error_kept_as_plain_data_is_told_later_in_another_language() -> None:
    error = IncidentError(
        say("The disk of {folder} is full.", folder=Path("/data")), todo=say("Check the path.")
    )
    kept = [plain(sentence) for sentence in error.sentences if sentence]
    assert " ".join(told(restored(data), "fr") for data in kept) == error.told("fr")
    assert error.told("fr") == "Le disque de /data est plein. Vérifiez le chemin."
    assert str(error) == "The disk of /data is full. Check the path."
    assert restored("an old record, in one language") == "an old record, in one language"

"""Words, numbers and dates in three languages."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from invented_places import Count, above, below, place, quiet, too_short, unfinished

import vicus.pictures
from vicus.pictures import sentences, words

ROOM = Path(vicus.pictures.__file__).parent
LANGUAGES = ("nl", "fr")
PLACEHOLDER = re.compile(r"\{\w*\}")


def messages_in_code():
    found = extract_from_dir(str(ROOM), keywords={"gettext": None, "ngettext": (1, 2)})
    return {message for _, _, message, _, _ in found}


def catalogue(language):
    with (ROOM / "locale" / language / "LC_MESSAGES" / "pictures.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_in_the_code_has_its_translation(language):
    known = {entry.id: entry for entry in catalogue(language) if entry.id}
    assert messages_in_code() == set(known)
    for entry in known.values():
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(texts), entry.id
        assert not entry.fuzzy, entry.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_to_fill_as_the_message(language):
    for entry in catalogue(language):
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) == wanted, text


def test_a_missing_message_is_an_error_and_never_english():
    with pytest.raises(words.WordsError, match=r"pictures.po \(nl\)"):
        words.translator("nl").gettext("A sentence nobody translated")


def test_a_missing_catalogue_says_how_to_make_it(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "_ROOMS", tmp_path)
    words.translator.cache_clear()
    try:
        with pytest.raises(words.WordsError, match="build_messages"):
            words.translator("nl")
    finally:
        words.translator.cache_clear()


def test_a_language_that_is_not_offered_is_named():
    with pytest.raises(words.WordsError, match="'de'"):
        words.number(3, "de")


def test_a_country_after_the_language_is_no_obstacle():
    assert words.month_name(date(2026, 10, 1), "nl-be") == "oktober"


@pytest.mark.parametrize(
    ("language", "whole", "decimals"),
    [("en", "26,104", "1.50"), ("nl", "26.104", "1,50"), ("fr", "26\u202f104", "1,50")],
)
def test_numbers_follow_the_language(language, whole, decimals):
    assert words.number(26104, language) == whole
    assert words.number(1.5, language, decimals=2) == decimals


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "1 October 2026"), ("nl", "1 oktober 2026"), ("fr", "1er octobre 2026")]
)
def test_the_first_of_a_month_is_written_as_people_write_it(language, expected):
    assert words.day(date(2026, 10, 1), language) == expected


def test_a_moment_late_in_the_evening_belongs_to_the_local_day():
    moment = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert words.day(moment, "en", timezone="Europe/Brussels") == "3 November 2026"
    assert words.day(moment, "en") == "2 November 2026"


def test_french_months_elide_after_de():
    assert [words.of_month(date(2026, m, 1), "fr") for m in (3, 4, 8, 10)] == [
        "de mars",
        "d’avril",
        "d’août",
        "d’octobre",
    ]


def test_the_week_starts_on_monday():
    assert [words.weekdays(language)[0] for language in words.LANGUAGES] == ["Monday", "maandag", "lundi"]


def test_no_percentage_is_said_of_fewer_than_ten():
    assert words.share(3, 9, "nl") == "3 op 9"
    assert words.share(3, 10, "fr") == "3 sur 10 (30\xa0%)"


@pytest.mark.parametrize(
    ("figures", "language", "expected"),
    [
        (place(), "en", "18 facts in October, within the expected 11 to 24."),
        (place(), "nl", "18 feiten in oktober, binnen de verwachte spreiding (11 tot 24)."),
        (place(), "fr", "18 faits en octobre, dans la plage attendue (11 à 24)."),
        (above(), "en", "31 facts in October, more than the expected 11 to 24."),
        (above(), "nl", "31 feiten in oktober, meer dan verwacht (11 tot 24)."),
        (below(), "fr", "5 faits en octobre, moins qu’attendu (11 à 24)."),
        (quiet(), "en", "No facts in October, within the expected 0 to 1."),
        (quiet(), "fr", "Aucun fait en octobre, dans la plage attendue (0 à 1)."),
        (too_short(), "nl", "4 feiten in oktober; onvoldoende gegevens om te zeggen wat te verwachten was."),
        (place(this_month=Count(1)), "nl", "1 feit in oktober, binnen de verwachte spreiding (11 tot 24)."),
        (place(this_month=Count(1)), "fr", "1 fait en octobre, dans la plage attendue (11 à 24)."),
    ],
)
def test_a_month_is_told_in_one_sentence(figures, language, expected):
    assert sentences.sentence(figures, language) == expected


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_month_that_is_not_over_is_not_compared(language):
    told = sentences.sentence(unfinished(), language)
    assert "11" not in told
    assert words.day_of_month(date(2026, 10, 1), language) in told


def test_ends_of_a_range_that_are_the_same_are_said_once():
    assert sentences.span(0, 0, "en") == "0"


def test_rankings_say_what_is_not_counted():
    assert "not counted" in sentences.kept_apart(place(), "en")
    assert "included" in sentences.kept_apart(place(sources=("reported", "discovered")), "en")


def test_documents_find_their_own_catalogue_beside_that_of_the_pictures(tmp_path, monkeypatch):
    import shutil

    folder = tmp_path / "documents" / "locale" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(ROOM / "locale/nl/LC_MESSAGES/pictures.mo", folder / "documents.mo")
    monkeypatch.setattr(words, "_ROOMS", tmp_path)
    words.translator.cache_clear()
    try:
        assert words.translator("nl", domain="documents").gettext("Month") == "Maand"
    finally:
        words.translator.cache_clear()


def test_french_sets_a_space_before_a_semicolon():
    told = sentences.states_sentence({1: "above", 2: "not enough data"}, "fr")
    assert told.endswith("dans la plage\u202f; données insuffisantes pour 1 hotspot.")

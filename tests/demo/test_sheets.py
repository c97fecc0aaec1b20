"""The words of the demonstration's sheets: whole in both languages, about places, and labelled as invented."""

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from vicus.incidents import freetext
from vicus.web.sara import shape
from vicus.web.sara.forms import EntryForm

WORDS = tomllib.loads(files("vicus.demo").joinpath("sheets.toml").read_text(encoding="utf-8"))


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [str(value)]


def test_both_languages_of_the_zone_say_the_same_things() -> None:
    assert set(WORDS) == {"nl", "fr"}
    assert set(WORDS["nl"]) == set(WORDS["fr"])
    for name in ("observations", "promises"):
        assert len(WORDS["nl"][name]) == len(WORDS["fr"][name])


@pytest.mark.parametrize("language", WORDS)
def test_no_text_speaks_of_a_person(language: str) -> None:
    assert [freetext.find(text) for text in texts(WORDS[language]) if freetext.find(text)] == []


@pytest.mark.parametrize("language", WORDS)
def test_every_entry_is_one_that_the_form_takes(language: str) -> None:
    for seen in WORDS[language]["observations"]:
        form = EntryForm(shape.OBSERVATION, {"about": "situation", "seen_on": "2026-10-01", **seen})
        assert form.is_valid(), form.errors
    for promise in WORDS[language]["promises"]:
        assert EntryForm(shape.PROMISE, {**promise, "due": date(2026, 10, 31)}).is_valid()

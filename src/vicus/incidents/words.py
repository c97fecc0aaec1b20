"""Sentences of this room: English as they stand, Dutch and French from its catalogue.

A sentence keeps its template and its values, so that it can be stored as plain data by whoever works in the
background, and told later in the language of whoever reads it.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_CATALOGUES = Path(__file__).parent / "locale"


class Sentence(str):
    """An English text that remembers how it was made."""

    template: str
    values: Mapping[str, Any]


def say(template: str, **values: object) -> Sentence:
    """Fill a template; values that are sentences themselves stay translatable.

    >>> say("There is no mapping {name}.", name="ours")
    'There is no mapping ours.'
    """
    kept = {
        name: value if isinstance(value, str | int | float) else str(value) for name, value in values.items()
    }
    sentence = Sentence(template.format(**kept))
    sentence.template, sentence.values = template, kept
    return sentence


def told(text: str, language: str) -> str:
    """A sentence in a language; any other text as it is.

    >>> told(say("There is no mapping {name}.", name="ours"), "nl")
    'Er is geen mapping ours.'
    """
    if not isinstance(text, Sentence):
        return text
    values = {
        name: told(value, language) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return _catalogue(language).gettext(text.template).format(**values)


def plain(text: str) -> Any:
    """A sentence as data for JSON; any other text as it is."""
    if not isinstance(text, Sentence):
        return text
    return {"say": text.template, "with": {name: plain(value) for name, value in text.values.items()}}


def restored(data: Any) -> str:
    """What `plain` wrote, as it was."""
    if not isinstance(data, Mapping):
        return str(data)
    template = data["say"]
    return say(template, **{name: _value(value) for name, value in data["with"].items()})


def _value(data: Any) -> Any:
    return restored(data) if isinstance(data, Mapping) else data


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("incidents", _CATALOGUES, languages=[language], fallback=True)

"""Words, numbers and dates in the reader's language.

Message catalogues are one per room: ``vicus/pictures/locale/<language>/LC_MESSAGES/pictures.po`` holds what the
pictures say, ``vicus/documents/locale/...`` what the documents add. Message ids are the English texts.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

LANGUAGES: tuple[str, ...] = ("en", "nl", "fr")

# Belgian usage: 1.234,5 in Dutch, 1 234,5 in French.
_LOCALES = {"en": "en_GB", "nl": "nl_BE", "fr": "fr_BE"}
_ROOMS = Path(__file__).resolve().parent.parent

SMALLEST_BASE = 10
"""No percentage is said of fewer than this many (rule R22)."""


class WordsError(LookupError):
    """A language, a catalogue or a message is missing."""


class Untranslated(_gettext.NullTranslations):
    """Asked for a message that the catalogue does not hold: says so, and never falls back to English."""

    def __init__(self, language: str, domain: str) -> None:
        super().__init__()
        self._where = f"{domain}.po ({language})"

    def _missing(self, message: str) -> NoReturn:
        raise WordsError(
            f"{self._where} has no translation of {message!r}. Add it, then run scripts/build_messages.py."
        )

    def gettext(self, message: str) -> str:
        """Refuse."""
        self._missing(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Refuse."""
        self._missing(msgid1)

    def pgettext(self, context: str, message: str) -> str:
        """Refuse."""
        self._missing(message)


@cache
def translator(language: str, domain: str = "pictures") -> _gettext.NullTranslations:
    """The messages of a room in a language: ``translator("nl").gettext("expected")``.

    Parameters
    ----------
    language : str
        ``en``, ``nl`` or ``fr``; a country after it (``fr-be``) is ignored.
    domain : str
        ``pictures`` or ``documents``: the room whose catalogue is read.

    Raises
    ------
    WordsError
        When the language is not offered, the compiled catalogue is absent, or (on use) a message is not in it.
    """
    language = _known(language)
    if language == "en":
        return _gettext.NullTranslations()
    compiled = _ROOMS / domain / "locale" / language / "LC_MESSAGES" / f"{domain}.mo"
    if not compiled.is_file():
        raise WordsError(f"{compiled} is missing: run scripts/build_messages.py to compile the catalogues.")
    with compiled.open("rb") as file:
        catalogue = _gettext.GNUTranslations(file)
    catalogue.add_fallback(Untranslated(language, domain))
    return catalogue


def locale(language: str) -> str:
    """The locale whose numbers and dates a language uses here: ``nl`` gives ``nl_BE``."""
    return _LOCALES[_known(language)]


def number(value: float, language: str, *, decimals: int = 0) -> str:
    """A number with at most so many decimals: ``1.234``, ``1 234``, ``1,234``.

    >>> number(1234.5, "nl", decimals=1)
    '1.234,5'
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale(language), decimal_quantization=True))


def share(part: float, whole: float, language: str) -> str:
    """A share of a whole, counts first: a percentage only from a base of ten (rule R22).

    >>> share(3, 4, "en")
    '3 of 4'
    >>> share(30, 40, "en")
    '30 of 40 (75%)'
    """
    t = translator(language)
    counts = t.gettext("{part} of {whole}").format(part=number(part, language), whole=number(whole, language))
    if whole < SMALLEST_BASE:
        return counts
    return f"{counts} ({percent(part / whole, language)})"


def percent(fraction: float, language: str) -> str:
    """A fraction as a whole percentage; the caller has seen to its base (rule R22)."""
    return str(format_percent(fraction, locale=locale(language)))


def day(value: date, language: str, *, style: Literal["long", "medium"] = "long", timezone: str = "") -> str:
    """A day: ``1 October 2026``, ``1 oktober 2026``, ``1er octobre 2026``.

    A moment (a datetime) is first brought to `timezone`, so that late evenings do not fall on another day.
    """
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(timezone)).date() if timezone else value.date()
    text = str(format_date(value, style, locale=locale(language)))
    return _first_of_month(text, value, language)


def day_of_month(value: date, language: str) -> str:
    """A day without its year: ``20 October``, ``20 oktober``, ``1er octobre``."""
    text = str(format_skeleton("MMMMd", value, locale=locale(language)))
    return _first_of_month(text, value, language)


def month_name(value: date, language: str, *, year: bool = False, short: bool = False) -> str:
    """A month as it stands inside a sentence: ``October 2026``, ``oktober 2026``, ``octobre 2026``."""
    if year:
        return str(format_skeleton("yMMM" if short else "yMMMM", value, locale=locale(language)))
    names = get_month_names("abbreviated" if short else "wide", "format", locale=locale(language))
    return str(names[value.month])


def of_month(value: date, language: str) -> str:
    """The month after "of": ``of October``, ``van oktober``, ``d'octobre`` but ``de mars``.

    >>> of_month(date(2026, 8, 1), "fr"), of_month(date(2026, 3, 1), "fr")
    ('d’août', 'de mars')
    """
    name = month_name(value, language)
    if _known(language) == "fr":
        return f"d’{name}" if name[0] in "aeiouy" else f"de {name}"
    return f"of {name}" if _known(language) == "en" else f"van {name}"


def weekdays(language: str, *, short: bool = False) -> tuple[str, ...]:
    """The seven days, Monday first."""
    names = get_day_names("abbreviated" if short else "wide", "format", locale=locale(language))
    return tuple(str(names[i]) for i in range(7))


def hour(value: int, language: str) -> str:
    """An hour of the day as it is written there; a no-break space keeps it whole.

    >>> hour(18, "en"), hour(18, "nl"), hour(18, "fr")
    ('18:00', '18\\xa0u.', '18\\xa0h')
    """
    return {"en": f"{value:02d}:00", "nl": f"{value}\u00a0u.", "fr": f"{value}\u00a0h"}[_known(language)]


def listed(items: Iterable[str], language: str) -> str:
    """Names in a row: ``a, b and c``."""
    return str(format_list(list(items), locale=locale(language)))


def capital(text: str) -> str:
    """The text with its first letter a capital, as at the start of a sentence; the rest is left alone."""
    return text[:1].upper() + text[1:]


def _known(language: str) -> str:
    known = language.split("-")[0].split("_")[0].lower()
    if known not in LANGUAGES:
        raise WordsError(f"No words in {language!r}: Vicus speaks {', '.join(LANGUAGES)}.")
    return known


def _first_of_month(text: str, value: date, language: str) -> str:
    """French says "1er octobre", which the locale data do not know."""
    if _known(language) == "fr" and value.day == 1 and text.startswith("1 "):
        return "1er " + text[2:]
    return text

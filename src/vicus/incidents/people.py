"""Columns that look like persons: by their name in Dutch, French or English, and by what stands in them.

Vicus stores facts at places, never persons. A file with such a column is refused as a whole, even when the
mapping would not read it: it should not have left the police records system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vicus.incidents.errors import PersonalDataFound
from vicus.incidents.values import text
from vicus.incidents.words import say


class Suspicion(NamedTuple):
    """A column that looks like a person, and why (an English sentence without the value itself)."""

    column: str
    why: str


# --- by header ---------------------------------------------------------------------------------------

_HEADERS: Final[tuple[tuple[str, str], ...]] = (
    (
        say("the national number"),
        r"rijksregister\w*|niss|insz|rrn|nrn|ssn|bsn|nationaal nummer|national (number|id|register)\w*"
        r"|numero (de )?(registre )?national|registre national|num national|numnat|nat(ional)? ?nr|social security\w*",
    ),
    (
        say("an identity document"),
        r"identiteitskaart\w*|carte d identite|identity card|passport|paspoort|passeport|eid nr",
    ),
    (
        say("a first name"),
        r"voor ?na(a)?m(en)?|prenoms?|first ?names?|given ?names?|fore ?names?|roepnaam|middle ?names?",
    ),
    (
        say("a family name"),
        r"familiena(a)?m|achterna(a)?m|nom (de )?famille|nom (de )?naissance|sur ?names?|last ?names?"
        r"|family ?names?|maiden ?names?|meisjesnaam",
    ),
    (
        say("a name"),
        r"na(a)?m|noms?|names?|full ?names?|volledige na(a)?m|nom (et )?prenoms?|na(a)?m (en )?voorna(a)?m"
        r"|(persons?|persoon|personne|officer|agent|inspecteur)( ?na(a)?m| ?nom| ?name)",
    ),
    (
        say("a number plate"),
        r"nummerplaa?t\w*|kenteken\w*|plaque( d immatriculation| immatriculation)?|immatriculation"
        r"|(licen[cs]e|number|vehicle) ?plates?( no| number)?|plates?|plaat(nummer)?|vin|chassis\w*",
    ),
    (
        say("a phone number"),
        r"tel|tel (nr|no|num|nummer)|telefoon\w*|telephone\w*|phones?|phone ?(no|number|nr)|gsm( nr| nummer)?"
        r"|mobile( ?phone| number| no)?|mobiel\w*|portable",
    ),
    (
        say("a birth date"),
        r"geboren|geboorte\w*|geb ?datum|naissance|date (de )?naissance|ne le|birth ?(date|day)|birth"
        r"|date of birth|dob|ddn|year of birth|birth year|annee (de )?naissance",
    ),
    (
        say("an e-mail address"),
        r"e ?mails?( ?adres| ?address)?|mail|courriel|adresse (e ?mail|mail|courriel)",
    ),
    (say("an account number"), r"iban|bank ?account|rekeningnummer|compte bancaire"),
    (
        say("a trait the law protects"),
        r"ethnicity|ethnie|etniciteit|race|nationalit(y|e|eit)|religion|religie|godsdienst",
    ),
)
_ROLES: Final = (
    r"(suspects?|verdachten?|daders?|slachtoffers?|victims?|victimes?|plaignants?|klagers?|complainants?|offenders?"
    r"|temoins?|getuigen?|witness(es)?|arrestees?|aangevers?|declarants?|benadeelden?|perpetrators?|persons?"
    r"|personen|persoon|personnes?)"
)
_TRAITS: Final = (
    r"(na(a)?m|nom|names?|prenom|voornaam|id|nr|no|number|numero|age|leeftijd|sexe?|geslacht|gender|address|adres"
    r"|adresse|race|ethnicity|nationality|nationalite|nationaliteit|dob|birth\w*|geboorte\w*|phone|telefoon|telephone)"
)
_OF: Final = r"( (of|van|van de|du|de|de la|des|d))?"
_PATTERNS: Final = (
    *((what, re.compile(rf"({pattern})")) for what, pattern in _HEADERS),
    (
        say("a person involved"),
        re.compile(rf"{_ROLES} {_TRAITS}|(?!number of ){_TRAITS}{_OF} {_ROLES}|{_ROLES}"),
    ),
)
_NUMBERING: Final = re.compile(r"( \d+)?$")


def plain_words(header: str) -> str:
    """Write a header as lower-case words without accents: ``"DateDeNaissance"`` is ``"date de naissance"``."""
    unaccented = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", unaccented)
    return re.sub(r"[^a-z0-9]+", " ", split.lower()).strip()


def _by_header(header: str) -> str:
    words = _NUMBERING.sub("", plain_words(header))
    # whole headers and the last words of one: "suspect first name" is one, "LSOA name" is not
    for what, pattern in _PATTERNS:
        if pattern.fullmatch(words):
            return what
    for what, pattern in _PATTERNS:
        if what not in (
            "a name",
            "a person involved",
            "a phone number",
            "an e-mail address",
            "a number plate",
        ) and (re.search(rf"(^| )({pattern.pattern})$", words)):
            return what
    return ""


# --- by content --------------------------------------------------------------------------------------

_NATIONAL: Final = r"(^|[^0-9])\d{2}\.?\d{2}\.?\d{2}[- ]?\d{3}\.?\d{2}($|[^0-9])"
_NATIONAL_PARTS: Final = re.compile(r"(?<!\d)(\d{2})(\.?)(\d{2})\.?(\d{2})([- ]?)(\d{3})\.?(\d{2})(?!\d)")
_EMAIL: Final = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_PHONE: Final = r"^(\+|00)[1-9]\d{0,2}[ ./()-]*\d([ ./()-]*\d){6,10}$|^0[1-9]([ ./-]?\d){7,8}$"
_PHONE_WITHIN: Final = (
    r"(^|[^0-9.,+-])(\+32|0032)[ ./-]?[1-9]([ ./-]?\d){7,8}($|[^0-9])"
    r"|(^|[^0-9.,-])04\d{2}[ ./]\d{2}[ ./]?\d{2}[ ./]?\d{2}($|[^0-9])"
)
_PLATE: Final = (
    r"^([1-9][- ]?[A-Z]{3}[- ]?\d{3}|[A-Z]{3}[- ]\d{3}|[A-Z]{2}-\d{3}-[A-Z]{2}"
    r"|[A-Z]{2}-\d{2}-\d{2}|\d{2}-[A-Z]{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-\d{2}-[A-Z]{2}"
    r"|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}|\d{1,2}-[A-Z]{3}-\d{1,2}"
    r"|[A-Z]{1,2}-\d{3}-[A-Z]{1,2}|[A-Z]{1,3}-[A-Z]{1,2} \d{1,4})$"
)
_PLATE_WITHIN: Final = r"(^|[^0-9A-Za-z])[12]-[A-Z]{3}-\d{3}($|[^0-9A-Za-z])"
_SHARE: Final = 0.3
_GENERATION_DAYS: Final = 20 * 365.25


def national_number(value: str) -> bool:
    """Tell whether a text holds a Belgian national number: its date and its check digits agree.

    Examples
    --------
    >>> national_number("85.07.30-033.28")
    True
    >>> national_number("85.07.30-033.29")
    False
    """
    return any(_agrees(*found) for found in _NATIONAL_PARTS.findall(value))


def _agrees(year: str, _dot: str, month: str, day: str, _dash: str, serial: str, check: str) -> bool:
    # bis-numbers of persons not in the register have 20 or 40 added to the month
    if int(month) % 20 > 12 or int(month) > 52 or int(day) > 31:
        return False
    number = int(year + month + day + serial)
    return int(check) in (97 - number % 97, 97 - (2_000_000_000 + number) % 97)


def _matching(values: Any, pattern: str) -> Any:
    return values.filter(pc.match_substring_regex(values, pattern))


def _national(values: Any) -> str:
    candidates = _matching(values, _NATIONAL).to_pylist()
    formatted = [
        value
        for value in candidates
        if any(dot or dash for _, dot, _, _, dash, _, _ in _NATIONAL_PARTS.findall(value))
    ]
    if any(national_number(value) for value in formatted):
        return say("national numbers (the check digits agree)")
    # eleven bare digits agree by chance once in a thousand; a column of them does not
    agreeing = sum(national_number(value) for value in candidates)
    return (
        say("national numbers (the check digits agree)")
        if agreeing >= 3 and agreeing > 0.05 * len(candidates)
        else ""
    )


def _email(values: Any) -> str:
    return say("e-mail addresses") if len(_matching(values, _EMAIL)) else ""


def _phone(values: Any) -> str:
    return _common(values, _PHONE, say("phone numbers")) or (
        say("phone numbers") if len(_matching(values, _PHONE_WITHIN)) else ""
    )


def _plate(values: Any) -> str:
    return _common(values, _PLATE, say("number plates")) or (
        say("number plates") if len(_matching(values, _PLATE_WITHIN)) else ""
    )


def _common(values: Any, pattern: str, what: str) -> str:
    found = len(_matching(values, pattern))
    return what if found >= 3 and found > _SHARE * len(values) else ""


_CONTENTS: Final[tuple[Callable[[Any], str], ...]] = (_national, _email, _phone, _plate)
_DATE_FORMATS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d")


def _birth(column: Any, values: Any) -> str:
    """Recognise days without a time that are spread over generations, most of them long ago."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
        stamps = pc.drop_null(array).cast(pa.timestamp("s"), safe=False).cast(pa.int64()).to_numpy()
        days = stamps / 86_400
        if len(days) and (days % 1).any():
            return ""
    else:
        days = _as_days(values)
    if len(days) < 10:
        return ""
    low, middle, high = np.quantile(days, [0.1, 0.5, 0.9])
    today = date.today().toordinal() - date(1970, 1, 1).toordinal()  # noqa: DTZ011
    spread = high - low > _GENERATION_DAYS and today - middle > 0.75 * _GENERATION_DAYS
    return say("birth dates (days spread over generations)") if spread else ""


def _as_days(values: Any) -> Any:
    if not len(_matching(values.slice(0, 20), r"^\d{1,4}[-/.]?\d{1,2}[-/.]?\d{2,4}$")):
        return np.zeros(0)
    for pattern in _DATE_FORMATS:
        parsed = pc.drop_null(pc.strptime(values, format=pattern, unit="s", error_is_null=True))
        if len(parsed) > 0.8 * len(values):
            return parsed.cast(pa.int64()).to_numpy() / 86_400
    return np.zeros(0)


def _by_content(column: Any) -> str:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    plain = array.type.value_type if isinstance(array, pa.DictionaryArray) else array.type
    if pa.types.is_floating(plain) or pa.types.is_boolean(plain) or not len(array):
        return ""
    if pa.types.is_timestamp(plain) or pa.types.is_date(plain):
        return _birth(array, None)
    encoded = text(array)
    values = encoded.dictionary.drop_null().unique()
    if not len(values):
        return ""
    return next((what for look in _CONTENTS if (what := look(values))), "") or _birth(
        encoded.dictionary_decode(), pc.drop_null(encoded.dictionary_decode())
    )


# --- both --------------------------------------------------------------------------------------------


def find(columns: Sequence[str], sample: Any = None, *, allowed: Iterable[str] = ()) -> list[Suspicion]:
    """Find the columns that look like persons.

    Parameters
    ----------
    columns : sequence of str
        Headers of the file.
    sample : pyarrow.Table, optional
        Some of its rows; content is looked at column by column, whatever the header says.
    allowed : iterable of str
        Columns that somebody has looked at and vouches for.

    Returns
    -------
    list of Suspicion
        One for each suspect column, in the order of the file. Never holds a value.

    Examples
    --------
    >>> find(["Feit", "Naam verdachte", "LSOA name"])
    [Suspicion(column='Naam verdachte', why='the header names a person involved')]
    """
    vouched, found = set(allowed), []
    for column in columns:
        if column in vouched:
            continue
        if what := _by_header(column):
            found.append(Suspicion(column, say("the header names {what}", what=what)))
        elif sample is not None and column in sample.column_names and (what := _by_content(sample[column])):
            found.append(Suspicion(column, say("the values look like {what}", what=what)))
    return found


def refuse(found: Sequence[Suspicion], name: str) -> None:
    """Stop an import when a column looks like a person.

    Raises
    ------
    PersonalDataFound
        Names every such column and why; its ``suspicions`` attribute holds them for a page.
    """
    if not found:
        return
    listed: str = say("{column}: {why}", column=found[0].column, why=found[0].why)
    for suspicion in found[1:]:
        listed = say("{before}; {column}: {why}", before=listed, column=suspicion.column, why=suspicion.why)
    error = PersonalDataFound(
        say("{file} holds columns that look like persons ({columns}).", file=name, columns=listed),
        kept=say("Nothing was imported, and nothing of these columns was kept."),
        todo=say(
            "Export the file again without them. If a column holds no persons, say so in the [no_persons] "
            "part of the mapping, with the reason."
        ),
    )
    error.suspicions = list(found)  # type: ignore[attr-defined]
    raise error

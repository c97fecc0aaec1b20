"""Free text that may speak of a person: numbers that name somebody, and words of special categories (rule R17).

A text is warned about, never changed: a street may carry a name that is also a faith. Words are stems, compared
without accents at the beginning of a word; the list is short on purpose, since a warning that always comes is not read.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final, Literal, NamedTuple

from vicus.incidents.people import national_number

What = Literal[
    "national number", "number plate", "phone number", "e-mail address", "birth date", "origin", "belief", "health",
    "sexuality", "politics",
]  # fmt: skip


class Finding(NamedTuple):
    """A piece of a text and what it looks like."""

    what: What
    found: str


_NATIONAL: Final = re.compile(r"(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]?\d{3}[-. ]?\d{2}(?!\d)")
_NUMBERS: Final[tuple[tuple[What, re.Pattern[str]], ...]] = (
    ("e-mail address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)),
    (
        "number plate",
        # Belgium since 2010 and before, France, the Netherlands.
        re.compile(
            r"(?<![\w-])(?:[1-9][- ]?[A-Z]{3}[- ]?\d{3}|[A-Z]{3}[- ]\d{3}|[A-Z]{2}-\d{3}-[A-Z]{2}"
            r"|[A-Z]{2}-\d{2}-\d{2}|\d{2}-[A-Z]{2}-\d{2}|[A-Z]{1,2}-\d{3}-[A-Z]{1,2})(?![\w-])"
        ),
    ),
    (
        "phone number",
        re.compile(
            # The number of a police report, BR.12.L1.012345/2026, is none.
            r"(?<![\d+])(?<![A-Z]\d\.)(?:(?:\+|00)\d{2}[ ./-]?(?:\(0\))?[1-9](?:[ ./-]?\d){7,9}|0[1-9](?:[ ./-]?\d){7,8})(?!\d)"
        ),
    ),
    (
        "birth date",
        re.compile(
            r"\b(?:geb(?:oren|\.)?|n[eé]+e?s? le|born(?: on)?|geboortedatum|date de naissance)"
            r"\W{0,3}\d{1,2}[./ -]\w{1,9}[./ -]\d{2,4}",
            re.IGNORECASE,
        ),
    ),
)

_STEMS: Final[tuple[tuple[What, str], ...]] = (
    (
        "origin",
        r"allochto|autochto|etnisch|ethni|marokka|marocain|moroccan|algerij|algeri|tunesi|tunisi|turks?\b|turcs?\b"
        r"|turque|turkish|roemen|roumain|romanian|bulgaar|bulgare|bulgarian|albane|albanais|congole|kongole|tsjetsje"
        r"|tchetchene|chechen|afghan|syrier|syrien|syrian|arabi|arabe|arabs?\b|afrikaan|africain|subsahar|zigeuner"
        r"|tzigane|tsigane|gitan|gypsy|gypsies|roma\b|negers?\b|blanken\b|oostblok|vreemdeling|etranger[se]?s?\b"
        r"|illegal?en\b|sans[- ]papiers|nationalite|nationaliteit|nationality|huidskleur|couleur de peau",
    ),
    (
        "belief",
        r"moslim|musulman|muslim|islamis|islamit|joden\b|jood\b|joodse\b|juifs?\b|juive|jewish|christen(?:en)?\b"
        r"|chretien|salafi|jihad|djihad|hoofddoek|jehova|religieu[sx]e?\b",
    ),
    (
        "health",
        r"psychiatr|schizo|psychot|geestesziek|geestelijk gestoord|malade mental|mentally ill|hiv\b|sida\b|aids\b"
        r"|hepatit|tuberc|zwanger|enceinte\b|pregnant|gehandicapt|handicape|verslaafd|toxicoman|drug addict|junk(?:ie|y)"
        r"|alcoholis|alcoholiq|depressi",
    ),
    (
        "sexuality",
        r"homosek|homosex|lesbi|transgender|transseks|transsex|bisek|bisex|gays?\b|seksuele geaardheid",
    ),
    (
        "politics",
        r"vakbondslid|syndicalist|syndique|extreemrechts|extreemlinks|extreme[- ]droite|extreme[- ]gauche",
    ),
)
_WORDS: Final = tuple((what, re.compile(rf"(?<![a-z])(?:{stems})[a-z]*")) for what, stems in _STEMS)


def find(text: str) -> list[Finding]:
    """Find what in a text may name a person or a special category, each piece once, in the order of the text.

    Parameters
    ----------
    text : str
        Free text in Dutch, French or English.

    Returns
    -------
    list of Finding
        Empty when nothing was found, which does not mean that nothing is there.

    Examples
    --------
    >>> find("Wagen 1-ABC-123 bij nummer 12")
    [Finding(what='number plate', found='1-ABC-123')]
    >>> find("Veel lawaai na 22 uur, 14 feiten in 2026")
    []
    """
    found: list[tuple[int, Finding]] = []
    taken = text
    for hit in _NATIONAL.finditer(text):
        if national_number(re.sub(r"[ .]", "", hit[0])):
            found.append((hit.start(), Finding("national number", hit[0])))
            taken = taken[: hit.start()] + "#" * len(hit[0]) + taken[hit.end() :]
    for what, pattern in _NUMBERS:
        found += [(hit.start(), Finding(what, hit[0])) for hit in pattern.finditer(taken)]
    plain = _plain(text)
    for what, pattern in _WORDS:
        found += [
            (hit.start(), Finding(what, text[hit.start() : hit.end()])) for hit in pattern.finditer(plain)
        ]
    return list(dict.fromkeys(finding for _place, finding in sorted(found)))


def fingerprint(findings: list[Finding]) -> str:
    """Name what was found, without holding it: somebody vouches for these findings and no others.

    >>> fingerprint([])
    ''
    """
    if not findings:
        return ""
    said = "\n".join(sorted({f"{finding.what}:{finding.found.lower()}" for finding in findings}))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    """The text in small letters without accents, each character at its own place."""
    return "".join(
        (unicodedata.normalize("NFKD", character)[:1] or character).lower()[:1] or " " for character in text
    )

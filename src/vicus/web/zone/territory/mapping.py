"""Which column of a territory file says what: given, or guessed from the names the field uses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from vicus.web.zone.territory.errors import TerritoryRefused

KINDS = ("commune", "division", "commissariat", "sector")

# In the order in which they are tried. `{}` is a language: name_fr, munty_nl.
CODE = (
    "code", "area_code", "id", "sector_code", "cd_sector", "nis", "nis_code", "refnis", "ins_code",
    "cd_munty_refnis", "mdrc", "key", "number", "num",
)  # fmt: skip
NAME = (
    "name_{}", "naam_{}", "nom_{}", "tx_sector_descr_{}", "sector_{}", "label_{}", "munty_{}",
    "tx_munty_descr_{}", "commune_{}", "gemeente_{}", "{}_name", "name{}",
)  # fmt: skip
PARENT = (
    "parent_code", "parent", "cd_munty_refnis", "munty_code", "commune_code", "gemeente_code",
    "commissariat_code", "division_code",
)  # fmt: skip
PARENT_NAME = ("parent_name_{}", "parent_{}", "munty_{}", "tx_munty_descr_{}", "commune_{}", "gemeente_{}")
POPULATION = (
    "population", "pop", "ms_population", "inhabitants", "inwoners", "habitants", "tot_population",
)  # fmt: skip
IN_ZONE = ("in_zone", "inzone")
# A name without a language: the language its own word belongs to, where it has one.
BARE_NAME = {"naam": "nl", "nom": "fr", "name": "", "label": ""}


@dataclass(frozen=True, kw_only=True)
class TerritoryMapping:
    """Column names of the file; `names` and `parent_names` by language."""

    kind: str
    code: str
    names: dict[str, str]
    parent: str | None = None
    parent_kind: str | None = None
    parent_names: dict[str, str] = field(default_factory=dict)
    population: str | None = None
    in_zone: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise TerritoryRefused(_("“%(kind)s” is not a kind of area.") % {"kind": self.kind})
        if self.parent and self.parent_kind and KINDS.index(self.parent_kind) >= KINDS.index(self.kind):
            raise TerritoryRefused(_("An area lies in one of a higher kind."))

    def missing_from(self, columns: Sequence[str]) -> list[str]:
        """Columns the mapping names and the file lacks."""
        named = [self.code, *self.names.values(), *self.parent_names.values()]
        named += [column for column in (self.parent, self.population, self.in_zone) if column]
        return [column for column in named if column not in columns]


def guess(columns: Sequence[str], languages: Sequence[str], **given: Any) -> TerritoryMapping:
    """A mapping for these columns; what is given goes before what is guessed."""
    by_name = {_plain(column): column for column in columns}
    guessed: dict[str, Any] = {
        "code": _first(by_name, CODE),
        "names": _names(by_name, NAME, languages) or _bare_names(by_name, languages),
        "population": _first(by_name, POPULATION),
        "in_zone": _first(by_name, IN_ZONE),
        "parent": _first(by_name, PARENT),
        "parent_names": _names(by_name, PARENT_NAME, languages),
    }
    if guessed["parent"] == (given.get("code") or guessed["code"]):
        guessed["parent"] = None
    if guessed["parent_names"] == guessed["names"]:
        guessed["parent_names"] = {}
    guessed |= {name: value for name, value in given.items() if value}
    guessed.setdefault("kind", "sector" if guessed["parent"] else "commune")
    if guessed["kind"] == "commune":
        guessed |= {"parent": None, "parent_names": {}}
    if guessed["parent"]:
        guessed.setdefault("parent_kind", "commune")
    if not guessed["code"] or not guessed["names"]:
        raise TerritoryRefused(
            _("It is not clear which column holds the code and which hold the names. Name them."),
            columns=tuple(columns),
        )
    known = {entry.name for entry in fields(TerritoryMapping)}
    mapping = TerritoryMapping(**{name: value for name, value in guessed.items() if name in known})
    missing = mapping.missing_from(columns)
    if missing:
        raise TerritoryRefused(
            _("The file has no column named %(columns)s.") % {"columns": ", ".join(missing)},
            columns=tuple(columns),
        )
    return mapping


def guess_names(columns: Sequence[str], languages: Sequence[str], **given: Any) -> dict[str, str]:
    """The columns that hold names, by language: those given, or else guessed; none where there are none."""
    by_name = {_plain(column): column for column in columns}
    found = dict(given.get("names") or {})
    missing = [column for column in found.values() if column not in columns]
    if missing:
        raise TerritoryRefused(
            _("The file has no column named %(columns)s.") % {"columns": ", ".join(missing)},
            columns=tuple(columns),
        )
    return found or _names(by_name, NAME, languages) or _bare_names(by_name, languages)


def _plain(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _first(by_name: dict[str, str], candidates: Sequence[str]) -> str | None:
    return next((by_name[name] for name in candidates if name in by_name), None)


def _names(by_name: dict[str, str], patterns: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """The first pattern that any language has, for all languages that have it."""
    for pattern in patterns:
        found = {code: by_name.get(pattern.format(code)) for code in ("nl", "fr", "en", *languages)}
        named = {code: column for code, column in found.items() if column}
        if named:
            return named
    return {}


def _bare_names(by_name: dict[str, str], languages: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, language in BARE_NAME.items():
        if name in by_name:
            found.setdefault(language or languages[0], by_name[name])
    return found

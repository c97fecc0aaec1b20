"""What readers are told: in words of their language, never in codes, and in the polite form."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation import gettext, ngettext, override

import vicus
from vicus.web.audit import words
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.zone.models import Area

PACKAGE = Path(vicus.__file__).parent
# Extraction of messages leaves *.html.py for a moment; migrations name models, which are no codes of the trail.
SOURCES = sorted(path for path in PACKAGE.rglob("*[!l].py") if path.parent.name != "migrations")
LIBRARY = Path(allauth.__file__).parent
# The pages of the sign-in library that the site has addresses for.
SHOWN = (
    *(LIBRARY / "mfa").rglob("*.py"),
    *(LIBRARY / "templates" / "mfa").rglob("*.html"),
    *(LIBRARY / "templates" / "account" / "messages").glob("*"),
    *(LIBRARY / "account" / f"{name}.py" for name in ("forms", "adapter")),
    *(LIBRARY / "templates" / "account" / f"{name}.html" for name in ("login", "logout", "reauthenticate")),
    *(LIBRARY / "templates" / "account" / f"{name}.html" for name in ("password_change", "account_inactive")),
    LIBRARY / "templates" / "account" / "base_reauthenticate.html",
)
NAMED = re.compile(r'(?:object_type=|Restricted\(\s*)"([a-z_]+\.[a-z_]+)"')
FAMILIAR = re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE)


def joined(text: str) -> str:
    """A text as catalogues keep it: on one line, whichever way the source breaks it."""
    text = re.sub(r'"\s+f?"', "", text)
    return re.sub(r"\s+", " ", re.sub(r"\{\{ *(\w+) *\}\}", r"%(\1)s", text)).strip()


def said_by_the_library() -> list[tuple[str, str]]:
    with (LIBRARY / "locale" / "nl" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file, locale="nl")
    source = joined(" ".join(path.read_text(encoding="utf-8") for path in SHOWN))
    pairs = [message.id if isinstance(message.id, tuple) else (message.id, "") for message in catalog]
    return [(one, many) for one, many in pairs if one and joined(one) in source]


def test_the_sign_in_library_says_u_in_dutch() -> None:
    found = said_by_the_library()
    assert len(found) > 60
    with override("nl"):
        told = [ngettext(one, many, n) if many else gettext(one) for one, many in found for n in (1, 2)]
    assert not [text for text in told if FAMILIAR.search(text)]


def literals(pattern: str) -> Iterator[str]:
    """Texts of the program that look like this, docstrings left out."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(pattern, node.value)
            ):
                yield node.value


def events() -> Iterator[str]:
    """What the program writes under "event"."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        yield from re.findall(
            r"""event="([^"]+)"|"event": "([^"]+)"|_tell\(request, user, "([^"]+)\"""", text
        )


def test_every_kind_of_object_and_every_event_has_words() -> None:
    kinds = set(literals(r"(?:accounts|actions|audit|facts|hotspots|reports|sara|zone)\.(?!toml$)[a-z]+"))
    kinds |= {kind for path in SOURCES for kind in NAMED.findall(path.read_text(encoding="utf-8"))}
    apps = {"audit.trail", "facts.points", "hotspots.hotspot", "zone.membership", "meetings.decision"}
    assert apps <= kinds
    assert not kinds - set(words.OBJECTS)
    found = {next(filter(None, groups)) for groups in events()}
    assert {"signed in", "role given", "erasure begun", "chain verified"} <= found
    assert not found - set(words.EVENTS)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nl",
            (
                "rol toegekend",
                "rol in de zone",
                "beheerder",
                "wijziging",
                "het systeem zelf",
                "Registratie 1 van 1",
            ),
        ),
        (
            "fr",
            ("rôle attribué", "rôle dans la zone", "administrateur", "modification", "le système lui-même"),
        ),
    ],
)
def test_the_trail_speaks_the_language_of_its_reader(
    language: str, told: tuple[str, ...], auditor: Client, users: dict[str, Any]
) -> None:
    details = {"event": "role given"}
    for actor in (users["administrator"], None):
        record(
            actor=actor, action=Action.CHANGE, object_type="zone.membership", object_id="ann", zone="west",
            details=details,
        )  # fmt: skip
    auditor.cookies["vicus_language"] = language
    pages = [auditor.get("/audit/?actor=system"), auditor.get("/audit/?object_type=zone.membership")]
    text = " ".join(page.content.decode() for page in pages)
    assert [word for word in told if word not in text] == []
    assert not [code for code in ("role given", ">administrator<", ">system<") if code in text]
    assert pages[1].context["total"] == 2


def test_a_command_is_named_with_the_account_that_gave_it() -> None:
    with override("nl"):
        assert words.who("command line (vicus)") == "opdrachtregel (vicus)"
        assert words.who("Ann Peeters (ann)") == "Ann Peeters (ann)"


def test_a_french_colon_keeps_its_space(client: Client, zone: Any) -> None:
    client.cookies["vicus_language"] = "fr"
    page = client.post("/accounts/login/", {"login": "", "password": ""}).content.decode()
    summary = page[page.index("error-summary") :]
    assert re.search(r"<a href=\"#id_login\">[^<:]+\N{NO-BREAK SPACE}: [^<]+</a>", summary)


def test_one_area_is_not_several(analyst: Client, make_area: Any) -> None:
    area: Area = make_area("commune", "C1")
    assert area.in_zone
    assert "West Zone has 1 commune and 0 sectors." in analyst.get("/west/territory/").content.decode()

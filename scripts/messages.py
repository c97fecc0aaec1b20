"""The message catalogues of the site: `extract` brings them up to date, `check` fails when a translation is missing.

The catalogues of the rooms below the site are checked by tests/pictures and tests/documents in the same way.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "vicus" / "web"
LOCALE = WEB / "site" / "locale"
LANGUAGES = ("nl", "fr")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")

EXTRACT = """
import sys
from django.conf import settings
settings.configure(LOCALE_PATHS=[sys.argv[1]], USE_I18N=True, LANGUAGES=[("nl", "nl"), ("fr", "fr")])
import django
django.setup()
from django.core.management import call_command
call_command("makemessages", locale=["nl", "fr"], no_location=True, no_wrap=True, verbosity=0,
             ignore_patterns=["static/*", "*/static/*", "*.min.js"])
"""


def extract(locale: Path, sources: Path = WEB) -> None:
    """Bring the catalogues in `locale` up to date with the sources of the site."""
    for language in LANGUAGES:
        (locale / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-c", EXTRACT, str(locale)], cwd=sources, check=True, env={**os.environ})
    for po in locale.rglob("*.po"):
        text = po.read_text(encoding="utf-8")
        # The moment of extraction and obsolete entries would make every run a change.
        text = re.sub(r'"POT-Creation-Date: [^"]*\\n"\n', "", text)
        text = re.split(r"\n(?:#, [^\n]*\n)?#~", text, maxsplit=1)[0].rstrip() + "\n"
        po.write_text(text, encoding="utf-8")


def faults(catalog: Catalog) -> list[str]:
    """What is missing or wrong in a catalogue, one sentence each."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        originals = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        found_strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        strings = [string or "" for string in found_strings]
        if not all(strings):
            found.append(f"not translated: {originals[0]!r}")
        elif message.fuzzy:
            found.append(f"only guessed (fuzzy): {originals[0]!r}")
        else:
            wanted = set(PLACEHOLDER.findall(originals[-1]))
            # A singular may leave its number out ("one hotspot"); nothing may have a placeholder of its own.
            exact = set(PLACEHOLDER.findall(strings[-1])) == wanted
            if not exact or any(not set(PLACEHOLDER.findall(string)) <= wanted for string in strings):
                found.append(f"placeholders differ: {originals[0]!r} / {strings[-1]!r}")
    return found


def check() -> int:
    """Extract into a copy and look at it; nothing in the repository changes."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "locale"
        if LOCALE.exists():
            shutil.copytree(LOCALE, copy)
        # The command writes into any folder `locale` it meets beside the sources: it is given sources without one.
        sources = Path(folder) / "web"
        shutil.copytree(WEB, sources, ignore=shutil.ignore_patterns("locale", "__pycache__"))
        extract(copy, sources)
        for language in LANGUAGES:
            with (copy / language / "LC_MESSAGES" / "django.po").open("rb") as file:
                catalog = read_po(file, locale=language)
            found = faults(catalog)
            wrong += len(found)
            print(f"{language}: {len(catalog)} messages, {len(found)} faults")
            for fault in found[:40]:
                print(f"  {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["extract"]:
        extract(LOCALE)
    elif sys.argv[1:] == ["check"]:
        sys.exit(check())
    else:
        sys.exit("Use: scripts/messages.py extract | check")

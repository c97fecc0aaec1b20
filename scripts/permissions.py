"""Draws the permission matrix from the table that the tests try: `write` the page, or `check` it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "permissions.md"
TABLE = ROOT / "tests" / "web"

INTRODUCTION = """\
# Who may open what

Every address of the site, tried in the checks by every role, by a member of another zone, by nobody signed in, and by
roles that have not set up their second factor. This page is drawn from the table that is tried
(`scripts/permissions.py write`); it never says more than what the tests saw.

**yes**: opens, or does it. **why?**: opens once a reason was given, which is recorded. **no**: sees that it is there
and may not. Empty: for this role there is no such page (404), as for every member of another zone.

`zone` is west; hotspot 1 is managed by the hotspot manager of the table, the others are not. The word in brackets is
the state that is prepared first. A division head and a mayor's office without a commune see no hotspot.
"""


def cell(row: Any, role: str) -> str:
    """What a role gets from an address, in a word."""
    code = row.expected(role)
    if code == 403 and row.ok == 403 and role in row.open_to:
        return "why?"
    return {404: "", 403: "no"}.get(code, "yes")


def address(row: Any) -> str:
    """The address with the method where it changes something, and what is prepared."""
    from django.urls import reverse

    path = reverse(row.name, kwargs=dict(row.kwargs)) + (f"?{row.query}" if row.query else "")
    what = "" if row.method == "get" else f"{row.method.upper()} "
    prepared = f" ({row.prepare.__name__.replace('_', ' ')})" if row.prepare else ""
    return f"`{what}{path}`{prepared}"


def lines() -> Iterator[str]:
    """The page: one table for each app."""
    from vicus.web.accounts.rules import ROLES

    yield INTRODUCTION
    names = [str(role.name) for role in ROLES.values()]
    rows = sorted(import_module("matrix").every_row(), key=lambda row: row.name.rpartition(":")[0])
    for app, found in groupby(rows, key=lambda row: row.name.rpartition(":")[0]):
        yield f"## {(app or 'site').replace('_', ' ').capitalize()}\n"
        yield f"| address | {' | '.join(names)} |"
        yield "|---" * (len(names) + 1) + "|"
        for row in found:
            yield f"| {address(row)} | {' | '.join(cell(row, role) for role in ROLES)} |"
        yield ""


def main(words: list[str]) -> int:
    """Write, or say whether what is written is what the table says."""
    if words not in (["write"], ["check"]):
        print(__doc__)
        return 2
    text = "\n".join(lines())
    if words == ["write"]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is not what the table in tests/web says: scripts/permissions.py write")
    return 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vicus.web.site.settings")
    sys.path.insert(0, str(TABLE))
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))

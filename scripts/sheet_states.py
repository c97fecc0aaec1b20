"""Draws the states of a SARA sheet from its table of transitions: `write` the page and its picture, or `check` them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "sara-sheet.md"
PICTURE = ROOT / "docs" / "assets" / "sheet-states.svg"
START, END = "<!-- from the table: start -->", "<!-- from the table: end -->"
WIDE, TALL, GAP, TOP = 150, 48, 90, 30
INK, ACCENT, GROUND = "#1B1F24", "#14505C", "#FBFAF7"


def picture() -> str:
    """States in a row, what leads on above them as straight arrows, what leads back below as curves."""
    from vicus.web.sara.models import SaraSheet
    from vicus.web.sara.rules import TRANSITIONS

    states = [str(state) for state in SaraSheet.State]
    back = [t for t in TRANSITIONS if states.index(t.after) < states.index(t.before)]
    width = len(states) * WIDE + (len(states) - 1) * GAP + 20
    height = TOP + TALL + 34 * len(back) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="Source Sans 3, sans-serif" font-size="15">',
        "<title>States of a SARA sheet and the transitions between them</title>",
        f'<rect width="{width}" height="{height}" fill="{GROUND}"/>',
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="{INK}"/></marker></defs>',
    ]
    left = {state: 10 + place * (WIDE + GAP) for place, state in enumerate(states)}
    middle = TOP + TALL / 2
    for state in SaraSheet.State:
        x = left[str(state)]
        lines.append(
            f'<rect x="{x}" y="{TOP}" width="{WIDE}" height="{TALL}" rx="4" fill="#fff" stroke="{ACCENT}" stroke-width="1.5"/>'
            f'<text x="{x + WIDE / 2}" y="{middle + 5}" text-anchor="middle" fill="{INK}">{escape(str(state))}</text>'
        )
    for t in TRANSITIONS:
        start, end = left[str(t.before)], left[str(t.after)]
        if t not in back:
            lines.append(
                f'<path d="M{start + WIDE} {middle}H{end - 2}" stroke="{INK}" marker-end="url(#tip)"/>'
                f'<text x="{(start + WIDE + end) / 2}" y="{middle - 8}" text-anchor="middle" fill="{INK}">{escape(t.name)}</text>'
            )
            continue
        depth = TOP + TALL + 34 * (back.index(t) + 1)
        inset = 24 + 30 * back.index(t)
        a, b = start + WIDE - inset, end + inset
        lines.append(
            f'<path d="M{a} {TOP + TALL}V{depth - 8}Q{a} {depth} {a - 8} {depth}H{b + 8}Q{b} {depth} {b} {depth - 8}'
            f'V{TOP + TALL + 2}" fill="none" stroke="{INK}" marker-end="url(#tip)"/>'
            f'<text x="{(a + b) / 2}" y="{depth - 6}" text-anchor="middle" fill="{INK}">{escape(t.name)}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def table() -> Iterator[str]:
    """The transitions, who makes them, and what must hold."""
    from vicus.web.sara.rules import CONDITIONS, TRANSITIONS, WHO_WORDS

    yield "| transition | from | to | by | comment | refused when |"
    yield "|---|---|---|---|---|---|"
    comment = {"none": "", "may": "if wanted", "must": "always"}
    for t in TRANSITIONS:
        needs = " ".join(str(CONDITIONS[name].missing) for name in t.needs)
        yield f"| {t.name} | {t.before} | {t.after} | {WHO_WORDS[t.who]} | {comment[t.comment]} | {needs} |"


def page() -> str:
    """The page with its generated part brought up to date."""
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    return "\n".join([f"{before}{START}", "", *table(), "", f"{END}{after}"])


def main(words: list[str]) -> int:
    """Write, or say whether what is written is what the table says."""
    if words not in (["write"], ["check"]):
        print(__doc__)
        return 2
    wanted = {PAGE: page(), PICTURE: picture()}
    if words == ["write"]:
        for path, text in wanted.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        print(
            f"{path.relative_to(ROOT)} is not what the table of transitions says: scripts/sheet_states.py write"
        )
    return 1 if stale else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vicus.web.site.settings")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))

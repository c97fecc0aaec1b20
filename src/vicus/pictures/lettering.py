"""How wide words are in Source Sans 3, so that they can be wrapped and kept apart before anything is drawn."""

from __future__ import annotations

# Advance widths in thousandths of the size, rounded up a little: a label measured too wide never collides.
_WIDTHS = {
    " \u00a0\u202f": 205,
    "ijl.,:;'’|!Iï·": 280,
    "()[]-ftr/": 352,
    "mwMW%—…": 950,
    "▲▼": 610,
    "DGHNOQU": 668,
    "ABCEFJKLPRSTVXYZÉÈÀ&": 610,
    "sczxkvyJ": 497,
}
_ADVANCE = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_OTHERS = 558
SEMIBOLD = 1.05


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line in px, on the safe side."""
    thousandths = sum(_ADVANCE.get(letter, _OTHERS) for letter in text)
    return thousandths / 1000 * size * (SEMIBOLD if bold else 1.0)


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines that fit `room` px; a single word that does not fit keeps a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shorten(text: str, room: float, size: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"

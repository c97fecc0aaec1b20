"""Colours, type and space of the visual language, read from ``tokens.toml``.

Everything that draws (charts, style sheets, documents) takes its values from here, so that a figure looks the
same on screen, in a notebook and on paper.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"


class TokensError(ValueError):
    """The file of tokens is missing something that the pictures need."""


@dataclass(frozen=True)
class Tokens:
    """The visual language; every table is read-only.

    ``colours(scheme)`` and ``data(scheme)`` map a name to ``#RRGGBB``; the rest is the same in both schemes.
    """

    colour: Mapping[str, Mapping[str, str]]
    series: Mapping[str, Mapping[str, str]]
    categories: tuple[str, ...]
    density: tuple[str, ...]
    type: Mapping[str, Any]
    space: Mapping[str, int]
    shape: Mapping[str, int]
    paper: Mapping[str, int]

    def colours(self, scheme: Scheme = "light") -> Mapping[str, str]:
        """Colours of text, ground and controls."""
        return self.colour[scheme]

    def data(self, scheme: Scheme = "light") -> Mapping[str, str]:
        """Colours that carry a value: deviation, band, phases, map grounds."""
        return self.series[scheme]

    def category_colours(self, scheme: Scheme = "light") -> tuple[str, ...]:
        """Okabe-Ito in its fixed order, black replaced by the ink of the scheme."""
        ink = self.colours(scheme)["ink"]
        return tuple(ink if colour == "#000000" else colour for colour in self.categories)

    def family(self, kind: Literal["sans", "serif"]) -> str:
        """The font stack as CSS writes it."""
        names = [self.type[kind], *self.type[f"{kind}_fallback"]]
        return ", ".join(f'"{name}"' if " " in name else name for name in names)


def parse(text: str) -> Tokens:
    """Read tokens from TOML; both schemes must name the same colours."""
    raw = tomllib.loads(text)
    for table in ("colour", "data"):
        light, dark = (set(raw.get(table, {}).get(scheme, {})) for scheme in SCHEMES)
        if not light or light != dark:
            missing = ", ".join(sorted(light ^ dark)) or "all of them"
            raise TokensError(
                f"[{table}.light] and [{table}.dark] must name the same colours; differing: {missing}"
            )
    try:
        return Tokens(
            colour=_frozen(raw["colour"]),
            series=_frozen(raw["data"]),
            categories=tuple(raw["palette"]["categories"]),
            density=tuple(raw["palette"]["density"]),
            type=_frozen(raw["type"]),
            space=_frozen(raw["space"]),
            shape=_frozen(raw["shape"]),
            paper=_frozen(raw["paper"]),
        )
    except KeyError as missing:
        raise TokensError(f"tokens.toml has no {missing}") from missing


@cache
def tokens() -> Tokens:
    """The tokens that ship with the package."""
    return parse((FOLDER / "tokens.toml").read_text(encoding="utf-8"))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as WCAG 2 defines it, 1 to 21.

    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _frozen(table: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({k: _frozen(v) if isinstance(v, dict) else v for k, v in table.items()})

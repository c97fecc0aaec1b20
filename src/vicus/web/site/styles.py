"""The style sheet's custom properties, written from the tokens that pictures and documents use too.

``python -m vicus.web.site.styles`` writes ``static/site/tokens.css``; a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from vicus.pictures.sheet import density_scale
from vicus.pictures.tokens import Tokens, tokens

STATIC = Path(__file__).resolve().parent / "static"
SHEET = STATIC / "site" / "tokens.css"

# Family in tokens.toml, vendored package, and for each face: file, weight, style.
FACES = {
    "sans": ("source-sans", "SourceSans3"),
    "serif": ("source-serif", "SourceSerif4"),
}
CUTS = (("Regular", "regular", "normal"), ("It", "regular", "italic"), ("Semibold", "semibold", "normal"))


def sheet(tokens: Tokens) -> str:
    """The whole of ``tokens.css``."""
    lines = ["/* Written by `python -m vicus.web.site.styles` from src/vicus/pictures/tokens.toml. */", ""]
    lines += ["@layer tokens, ground, layout, components, print;", ""]
    lines += faces(tokens)
    lines += ["@layer tokens {", "  :root {", "    color-scheme: light dark;"]
    lines += [f"    --{name}: {value};" for name, value in properties(tokens)]
    lines += ["  }", '  [data-scheme="light"] { color-scheme: light; }']
    lines += ['  [data-scheme="dark"] { color-scheme: dark; }', "}", ""]
    return "\n".join(lines)


def properties(tokens: Tokens) -> Iterator[tuple[str, str]]:
    """Every custom property with its value; colours carry both schemes."""
    for prefix, light, dark in (
        ("", tokens.colours("light"), tokens.colours("dark")),
        ("data-", tokens.data("light"), tokens.data("dark")),
    ):
        for name in light:
            yield prefix + name, f"light-dark({light[name]}, {dark[name]})"
    pairs = zip(tokens.category_colours("light"), tokens.category_colours("dark"), strict=True)
    for place, (light_colour, dark_colour) in enumerate(pairs, 1):
        yield f"category-{place}", f"light-dark({light_colour}, {dark_colour})"
    for place, (light_colour, dark_colour) in enumerate(
        zip(density_scale("light"), density_scale("dark"), strict=True), 1
    ):
        yield f"density-{place}", f"light-dark({light_colour}, {dark_colour})"
    yield "sans", tokens.family("sans")
    yield "serif", tokens.family("serif")
    for name, pixels in tokens.type["sizes"].items():
        yield f"size-{name}", f"{pixels / tokens.type['base']:g}rem"
    yield "leading", f"{tokens.type['line_height']}"
    yield "measure", tokens.type["measure"]
    for name, weight in tokens.type["weights"].items():
        yield f"weight-{name}", f"{weight}"
    for name, pixels in tokens.space.items():
        yield f"space-{name}", f"{pixels}px"
    for name in ("corner", "rule", "focus", "page"):
        yield name, f"{tokens.shape[name]}px"


def faces(tokens: Tokens) -> Iterator[str]:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    folders = {package["name"]: package["folder"] for package in manifest["packages"]}
    for kind, (package, file) in FACES.items():
        for cut, weight, style in CUTS:
            address = f"../vendor/{folders[package]}/{file}-{cut}.woff2"
            yield (
                f'@font-face {{ font-family: "{tokens.type[kind]}"; font-style: {style}; '
                f"font-weight: {tokens.type['weights'][weight]}; font-display: swap; "
                f'src: url("{address}") format("woff2"); }}'
            )
    yield ""


if __name__ == "__main__":
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    SHEET.write_text(sheet(tokens()), encoding="utf-8")

"""Pictures as pixels, for programs that do not take vectors."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import typst

from vicus.pictures.tokens import FONTS

WIDTH_MM = 170
PIXELS_PER_INCH = 220

PAGE = f"""
#let picture = json(bytes(sys.inputs.picture))
#set page(width: {WIDTH_MM}mm, height: auto, margin: 0pt, fill: white)
#image(bytes(picture), format: "svg", width: 100%)
"""


def png(svg: str) -> bytes:
    """The drawing at the width between the margins of a page, on white."""
    result = _compiler().compile(
        input=PAGE.encode(),
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"picture": json.dumps(svg)},
        timestamp=0,
    )
    assert isinstance(result, bytes)
    return result


@cache
def _compiler() -> Any:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(font_paths=fonts)

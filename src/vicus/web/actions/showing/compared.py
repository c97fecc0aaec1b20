"""Where an evaluation compares: the perimeter of the action, the ring around it, the comparison areas, those left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from vicus.pictures import sentences as told
from vicus.pictures.ground import Ground
from vicus.web.actions import designing
from vicus.web.actions.models import Design
from vicus.web.actions.showing import sentences
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import figures
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.showing.maps import ground_of

WIDE, EDGE = 720.0, 16.0

# Never colour alone: full line and fill, broken line, full line, dotted line; and each has its number.
MARKS = {
    "here": 'fill="var(--accent)" fill-opacity="0.5" stroke="var(--accent)" stroke-width="2"',
    "around": 'fill="none" stroke="var(--accent)" stroke-width="1.5" stroke-dasharray="6 4"',
    "compared": 'fill="var(--data-value)" fill-opacity="0.25" stroke="var(--data-value)" stroke-width="2"',
    "left out": 'fill="none" stroke="var(--muted)" stroke-width="1.5" stroke-dasharray="2 3"',
}


def figure(design: Design, hotspots: Sequence[Hotspot], language: str) -> dict[str, Any] | None:
    """The picture with what each area is and why; None while there is nothing to compare with."""
    if not design.usable:
        return None
    found, zone, here = design.figures, design.action.hotspot.zone, design.action.hotspot.number
    outlines = {
        number: perimeter.shape
        for number, perimeter in designing.perimeters_on(hotspots, design.frozen_on or design.starts).items()
    }
    for hotspot in hotspots:
        for perimeter in hotspot.perimeters.all():
            if found["perimeters"].get(str(hotspot.number)) == perimeter.version:
                outlines[hotspot.number] = perimeter.shape
    if here not in outlines:
        return None
    ground, _mark = ground_of(zone, language, sectors=False)
    titles = {hotspot.number: hotspot.title for hotspot in hotspots}
    kinds = dict.fromkeys(outlines, "left out") | dict.fromkeys(found["numbers"], "compared")
    kinds[here] = "here"
    why = {entry["number"]: sentences.control(entry, language) for entry in found["controls"]}
    left = {int(number): sentences.LEFT_OUT.get(text, text) for number, text in found["left_out"].items()}
    left = {number: text for number, text in left.items() if number in titles}
    shapes = {number: shape for number, shape in outlines.items() if number in titles}
    store = find_store(zone)
    rate = figures.span(store, zone, store.version()).geocoding_rate if store is not None else None
    return {
        "id": "compared-map",
        "level": 3,
        "finding": _("Where it is compared"),
        "measured": " ".join(
            (
                _("Filled: the perimeter of the action. Broken line: the ring around it, %(m)s m wide. Full line: comparison "
                  "areas. Dotted: not compared with.") % {"m": found["buffer_m"]},
                told.located_sentence(rate, language),
            )
        ),
        "picture": picture(shapes, kinds, outlines[here].buffer(found["buffer_m"]), here, ground),
        "table": {
            "id": "compared-table",
            "caption": _("Why these areas"),
            "columns": [
                {"key": "hotspot", "label": _("Hotspot")},
                {"key": "role", "label": _("In the comparison")},
                {"key": "why", "label": _("Why")},
            ],
            "rows": [
                {"cells": [titles[here], _("the place of the action"), ""]},
                *(
                    {"cells": [titles.get(number, str(number)), _("compared with"), why[number]]}
                    for number in found["numbers"]
                ),
                *({"cells": [titles[number], _("left out"), text]} for number, text in sorted(left.items())),
            ],
        },
    }  # fmt: skip


def picture(
    shapes: dict[int, BaseGeometry], kinds: dict[int, str], ring: BaseGeometry, here: int, ground: Ground
) -> SafeString:
    """All outlines of the zone on its communes, north up; numbers name them."""
    every = [*shapes.values(), ring]
    communes = [] if ground.communes is None else [g for g in ground.communes.geometry if not g.is_empty]
    bounds = [shape.bounds for shape in (communes or every)]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    scale = (WIDE - 2 * EDGE) / max(east - west, 1.0)

    def path(shape: BaseGeometry, simple: float = 0.0) -> str:
        drawn = shape.simplify(simple) if simple else shape
        parts = getattr(drawn, "geoms", [drawn])
        rings = [line for part in parts for line in (part.exterior, *part.interiors)]
        return "".join(
            "M" + "L".join(f"{EDGE + (x - west) * scale:.1f} {EDGE + (north - y) * scale:.1f}" for x, y in r.coords)
            + "Z"
            for r in rings
        )  # fmt: skip

    under = format_html_join(
        "",
        '<path d="{}" fill="var(--surface)" stroke="var(--line)"/>',
        ((path(g, 10.0),) for g in communes),
    )
    order = sorted(shapes, key=lambda number: ("left out", "compared", "here").index(kinds[number]))
    outlined = format_html_join(
        "", '<path d="{}" {}/>', ((path(shapes[n]), SafeString(MARKS[kinds[n]])) for n in order)
    )
    around = format_html('<path d="{}" {}/>', path(ring, 2.0), SafeString(MARKS["around"]))
    numbers = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" font-size="15" font-weight="{}" fill="var(--{})">{}</text>',
        (
            (
                f"{EDGE + (shapes[n].centroid.x - west) * scale:.1f}",
                f"{EDGE + (north - shapes[n].centroid.y) * scale + 5:.1f}",
                400 if kinds[n] == "left out" else 600,
                "muted" if kinds[n] == "left out" else "ink",
                n,
            )
            for n in order
        ),
    )
    others = ", ".join(str(n) for n in sorted(shapes) if kinds[n] == "compared")
    return format_html(
        '<svg class="compared" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        f"{WIDE:.0f}",
        f"{2 * EDGE + (north - south) * scale:.0f}",
        _("Map: hotspot %(here)s with the ring around it, compared with hotspots %(others)s.")
        % {"here": here, "others": others},
        under,
        outlined,
        around,
        numbers,
    )

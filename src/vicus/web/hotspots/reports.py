"""The monthly report of a hotspot, put together from what stands in the database and in the store."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from vicus.documents import Export, MonthReport, PerimeterVersion
from vicus.incidents.store import Store
from vicus.pictures import words
from vicus.web.hotspots import figures
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.showing.history import drawn_phases
from vicus.web.hotspots.showing.maps import around, ground_of, place_layers
from vicus.web.zone.models import Area, Zone

SCHEMATIC = {
    "en": "Demonstration: invented figures on schematic outlines.",
    "fr": "Démonstration : chiffres inventés sur des contours schématiques.",
    "nl": "Demonstratie: verzonnen cijfers op schematische omtrekken.",
}


def month_report(
    store: Store, zone: Zone, hotspot: Hotspot, answer: Answer, *, export: Export | None = None
) -> MonthReport:
    """Everything the report of a month says, in every language. Without `export` equal versions give equal reports."""
    found, used = answer.figures[hotspot.number], answer.used[hotspot.number]
    cells = figures.cells(store, zone, answer, hotspot.number)
    layers = {
        language: place_layers(
            hotspot, used, found, cells, ground_of(zone, language, sectors=True, near=around(used))[0]
        )
        for language in words.LANGUAGES
    }
    return MonthReport(
        number=hotspot.number,
        name=_names(hotspot.names),
        zone=_names(zone.names) or zone.slug,
        commune=_area(hotspot.commune),
        sector=_area(hotspot.sector),
        figures=found,
        perimeter=_perimeter(used.perimeter),
        categories=dict(zone.categories.values_list("code", "names")),
        overlapping=frozenset(zone.categories.filter(overlapping=True).values_list("code", flat=True)),
        phases=tuple(
            drawn_phases([p for p in hotspot.phases.all() if p.started_on <= answer.question.last_day])
        ),
        manager=str(hotspot.manager or ""),
        timezone=zone.timezone,
        layers=layers,
        caution=SCHEMATIC if zone.is_demo else "",
        export=export,
    )


def _perimeter(perimeter: Perimeter) -> PerimeterVersion:
    return PerimeterVersion(
        number=perimeter.version,
        valid_from=perimeter.valid_from,
        valid_to=perimeter.valid_to,
        review_due=perimeter.review_due,
        decided_by=_in_each_language(perimeter.decided_by),
        decision=perimeter.decision_reference,
        designation=perimeter.designation,  # type: ignore[arg-type]
    )


def _in_each_language(kept: str) -> dict[str, str]:
    """Words that are kept in English, as a reader of each language sees them; what somebody wrote stays as it is."""
    told = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = translation.gettext(kept)
    return told


def _area(area: Area | None) -> Any:
    return _names(area.names) if area is not None else ""


def _names(names: dict[str, str]) -> dict[str, str]:
    return {language: name for language, name in names.items() if name}

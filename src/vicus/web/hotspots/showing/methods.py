"""How figures were worked out, on what versions, in words for the fold under each picture (rights R13)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from vicus.incidents.figures import PlaceFigures
from vicus.pictures import words
from vicus.web.hotspots import rules
from vicus.web.hotspots.asking import Asked
from vicus.web.hotspots.rules import Used
from vicus.web.hotspots.showing.pickers import version_words
from vicus.web.zone.models import Zone


def expectation(
    figures: PlaceFigures | None, asked: Asked, zone: Zone, used: Used | None, language: str
) -> dict[str, Any]:
    """The expected range: method, window, inputs and versions."""
    parameters = figures.parameters if figures is not None else {}
    terms: list[tuple[str, Any]] = [
        (_("Facts counted"), counted(asked.question.sources)),
        (_("Data"), version_words(asked, zone, language)),
        (_("Software"), f"Vicus {figures.software}" if figures is not None else "Vicus"),
    ]
    if parameters:
        terms += [
            (
                _("Earlier months used"),
                _("up to %(n)s") % {"n": words.number(parameters["history_months"], language)},
            ),
            (
                _("Meant to hold"),
                _("%(n)s months in 100") % {"n": words.number(100 * parameters["coverage"], language)},
            ),
        ]
    # A zone has as many as it has hotspots; each stands on the page of its hotspot.
    if used is not None and figures is not None and figures.state != "not enough data":
        terms.append(
            (
                _("Spread compared with chance alone"),
                words.number(figures.expected.dispersion, language, decimals=1),
            )
        )
    if used is not None:
        terms.append((_("Perimeter"), perimeter_words(used, language)))
    return {
        "paragraphs": [
            _(
                "The range is what the earlier months of the same place make likely for this month: their level, "
                "their season where the history is long enough to know it, and their ups and downs (Poisson, or "
                "negative binomial where months vary more than chance alone would make them)."
            ),
            _(
                "A count outside its range is a reason to look, not a finding about its cause. With many places about "
                "one in 20 would lie outside by chance alone."
            ),
        ],
        "terms": terms,
    }


def counted(sources: str) -> str:
    """Which facts a choice of sources counts."""
    return {
        "reported": _("reported by the public, and those whose source is not told"),
        "all": _("all, those discovered by police activity included"),
        "discovered": _("those discovered by police activity only"),
    }[sources]


def perimeter_words(used: Used, language: str) -> str:
    """The version of a perimeter and why it is the one used."""
    return _("version %(version)s, from %(day)s: %(why)s; the same outline for every month shown") % {
        "version": words.number(used.perimeter.version, language),
        "day": words.day(used.perimeter.valid_from, language),
        "why": rules.WHY_USED[used.why],
    }

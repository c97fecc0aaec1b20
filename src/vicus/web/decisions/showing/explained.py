"""How the figures of these pages are worked out, in words for the folds (rights R13)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.incidents.months import months_before
from vicus.pictures import words
from vicus.web.decisions.showing import told
from vicus.web.decisions.watching import FEWEST_OTHERS, Watch
from vicus.web.hotspots.views.reader import language


def funnel() -> dict[str, Any]:
    """The funnel, and how those named are chosen."""
    return {
        "paragraphs": [
            _(
                "The funnel is that of Spiegelhalter (2005): each hotspot's count over what its own earlier months "
                "foretell, in limits widened when hotspots vary among each other more than chance allows."
            ),
            _(
                "Which hotspots are named rests on the p-value of each count, all corrected together by the false "
                "discovery rate (Benjamini and Hochberg, 1995). The dose of police presence plays no part."
            ),
        ]
    }


def around(found: Watch) -> dict[str, Any]:
    """The displacement watch."""
    return {
        "paragraphs": [
            _(
                "Reported facts of three months, inside the perimeter and in the ring around it, as wide as the "
                "perimeter says, with the same outline for all years."
            ),
            ngettext(
                "The period is held against the same months of %(n)s earlier year.",
                "The period is held against the same months of %(n)s earlier years.",
                found.years,
            )
            % {"n": words.number(found.years, language())},
            _(
                "A change is what is left after the change in all other hotspots, and in all other rings, together "
                "(weighted displacement difference, Wheeler and Ratcliffe 2018), in facts a month. The range holds "
                "the true change in 19 of 20 cases; it grows when a hotspot drifted apart from the others before."
            ),
            _(
                "One large change moves what all others are compared with, the more so the fewer hotspots there are; "
                "with fewer than %(n)s others nothing is said."
            )
            % {"n": words.number(FEWEST_OTHERS, language())},
            told.changes_by_chance(found.tests),
            _(
                "A change around is not proof that a problem moved: works, events or another way of recording look "
                "the same. Facts discovered by police activity are not counted."
            ),
        ],
        "terms": [
            (_("First month"), words.month_name(found.start, language(), year=True)),
            (_("Last month"), words.month_name(months_before(found.end, 1), language(), year=True)),
        ],
    }


def comparison(counted: str, version: str) -> dict[str, Any]:
    """Two hotspots or periods."""
    return {
        "paragraphs": [
            _(
                "Both series stand on the same scale; the bands are what their own earlier months foretell, the "
                "shaded months are those compared."
            ),
            _(
                "The ratio of both counts is told with the range that holds the true one in 19 of 20 cases (Clopper "
                "and Pearson, given their sum), widened by how much the months of these hotspots vary beyond chance. "
                "Only when the whole range lies on one side of 1 do they differ."
            ),
            _(
                "Counts are compared, not risks: a larger or busier hotspot has more facts. Perimeters are those of "
                "the last month, throughout."
            ),
        ],
        "terms": [(_("Facts counted"), counted), (_("Data"), version)],
    }

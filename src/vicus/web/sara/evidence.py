"""The figures of a sheet on its page: those of the hotspot page, with the versions they rest on."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.incidents.months import month_after
from vicus.pictures import words
from vicus.web.facts.queries import category_names, overlapping_categories
from vicus.web.hotspots.showing import history, methods, place
from vicus.web.hotspots.views.hotspot import about
from vicus.web.hotspots.views.reader import language
from vicus.web.sara.queries import Open


def figures_of(opened: Open) -> dict[str, Any] | None:
    """The figures of the hotspot page, in the month of the sheet."""
    shown, spoken = opened.shown, language()
    if shown is None:
        return None
    subject = place.Subject(shown.figures, spoken, about(opened.zone, opened.hotspot), shown.key)
    phases = [p for p in opened.hotspot.phases.all() if p.started_on < month_after(opened.sheet.month)]
    method = {
        "paragraphs": [
            _(
                "The figures are those of the page of the hotspot: facts reported by the public, against what the "
                "earlier months make likely."
            ),
            _("They were frozen when the sheet was submitted and do not change any more.")
            if shown.frozen
            else _("They are frozen when the sheet is submitted; until then they follow the newest data."),
        ],
        "items": versions(opened),
    }
    return {
        "measures": place.measures(shown.figures, spoken),
        "series": place.series(subject, history.drawn_phases(phases), method),
        "hours": place.hours(subject),
        "categories": place.categories(
            subject, category_names(opened.zone, spoken), overlapping_categories(opened.zone)
        ),
        "surroundings": place.surroundings(shown.figures, spoken),
        "quality": place.quality(shown.figures, spoken),
        "frozen": shown.frozen,
        "provisional": shown.figures.provisional and not shown.frozen,
        "complete": shown.figures.complete,
        "state": shown.figures.state,
        "url": reverse("hotspots:hotspot", args=[opened.zone.slug, opened.hotspot.number])
        + f"?month={opened.sheet.month:%Y-%m}",
    }


def versions(opened: Open) -> list[tuple[str, str]]:
    """Data, perimeter and software that the figures rest on."""
    shown, spoken = opened.shown, language()
    assert shown is not None
    version = shown.figures.version
    return [
        (
            _("Data"),
            _("data version %(number)s, as known on %(day)s")
            % {
                "number": words.number(version.number, spoken),
                "day": words.day(version.known_at, spoken, timezone=opened.zone.timezone),
            },
        ),
        (_("Perimeter"), methods.perimeter_words(shown.used, spoken)),
        (_("Software"), f"Vicus {shown.figures.software}"),
        (_("Facts counted"), methods.counted("reported")),
    ]

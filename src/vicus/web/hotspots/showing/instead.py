"""What an address names but is not there, and what the page shows instead."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.hotspots import asking
from vicus.web.hotspots.asking import Asked, Missing
from vicus.web.hotspots.rules import Used
from vicus.web.hotspots.showing import methods
from vicus.web.zone.models import Zone

LONGEST = 40
"""Characters of an address that are said again."""


def lines(asked: Asked, zone: Zone, language: str, used: Used | None = None) -> list[str]:
    """One sentence for each part of the address that could not be followed."""
    return [_line(missing, asked, zone, language, used) for missing in asked.missing]


def _line(missing: Missing, asked: Asked, zone: Zone, language: str, used: Used | None) -> str:
    named = f"“{missing.asked[:LONGEST]}”"
    match missing.part:
        case "month":
            month = asking.month_named(missing.asked)
            return _(
                "There are no data for %(asked)s: they run from %(first)s to %(last)s. This page shows %(shown)s."
            ) % {
                "asked": words.month_name(month, language, year=True) if month else named,
                "first": words.month_name(asked.months[0], language, year=True),
                "last": words.month_name(asked.months[-1], language, year=True),
                "shown": words.month_name(asked.question.month, language, year=True),
            }
        case "known":
            day = asking.day_named(missing.asked)
            return _(
                "There is no state of the data as known on %(asked)s. This page shows the newest, known on %(shown)s."
            ) % {
                "asked": words.day(day, language) if day else named,
                "shown": words.day(asked.newest.known_at, language, timezone=zone.timezone),
            }
        case "sources":
            return _("There is no choice of facts called %(asked)s. This page counts those %(shown)s.") % {
                "asked": named,
                "shown": methods.counted(asked.question.sources),
            }
        case "perimeter":
            return _("The perimeter has no version %(asked)s. This page rests on %(shown)s.") % {
                "asked": named,
                "shown": methods.perimeter_words(used, language) if used else _("none yet"),
            }

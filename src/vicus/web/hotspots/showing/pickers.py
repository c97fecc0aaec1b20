"""Pickers of month, sources and version, as the components of the site want them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.hotspots.asking import Asked
from vicus.web.zone.models import Zone


def month(asked: Asked, url: str, language: str) -> dict[str, Any]:
    """The month picker: step back, choose, step on."""
    months = asked.months
    place = months.index(asked.question.month)

    def step(to: int) -> dict[str, str] | None:
        if not 0 <= to < len(months):
            return None
        return {
            "url": url + asked.address(month=f"{months[to]:%Y-%m}"),
            "label": words.capital(words.month_name(months[to], language, year=True)),
        }

    return {
        "id": "month",
        "label": _("Month"),
        "name": "month",
        "value": f"{asked.question.month:%Y-%m}",
        "choices": [
            {"value": f"{m:%Y-%m}", "label": words.capital(words.month_name(m, language, year=True))}
            for m in reversed(months)
        ],
        "previous": step(place - 1),
        "next": step(place + 1),
        "url": url,
        "hidden": _hidden(asked, "month"),
    }


def sources(asked: Asked, url: str) -> list[dict[str, Any]]:
    """Which facts are counted, as links."""
    labels = {
        "reported": _("Reported by the public"),
        "all": _("With those discovered by police activity"),
        "discovered": _("Discovered only"),
    }
    return [
        {
            "label": label,
            "url": url + asked.address(sources=None if name == "reported" else name),
            "current": asked.question.sources == name,
        }
        for name, label in labels.items()
    ]


def known(asked: Asked, url: str, zone: Zone, language: str) -> dict[str, Any] | None:
    """As known at: the days on which the data changed, newest first; None where there is no choice."""
    if len(asked.versions) < 2:
        return None
    choices = []
    for place, version in enumerate(asked.versions):
        day = version.known_at.astimezone(ZoneInfo(zone.timezone)).date()
        label = words.day(day, language)
        if place == 0:
            label = _("now (since %(day)s)") % {"day": label}
        choices.append(
            {
                "value": "" if place == 0 else day.isoformat(),
                "label": label,
                "selected": version.number == asked.question.version.number,
            }
        )
    return {"choices": choices, "url": url, "hidden": _hidden(asked, "known")}


def version_words(asked: Asked, zone: Zone, language: str) -> str:
    """The version of the data in words, for print and for the method."""
    version = asked.question.version
    return _("data version %(number)s, as known on %(day)s") % {
        "number": words.number(version.number, language),
        "day": words.day(version.known_at, language, timezone=zone.timezone),
    }


def _hidden(asked: Asked, *without: str) -> list[tuple[str, str]]:
    given: Mapping[str, str] = asked.given
    return [(name, value) for name, value in given.items() if name not in without]

"""How organisations see the partnership, over time: six small lines that share one scale, and the table behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import mean
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import pack, shape
from vicus.web.meetings.models import Pulse
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.showing.meeting import crumbs

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 130, 22, 30, 10, 22
LOWEST, HIGHEST = 1, 4


def page(who: Reader, asked: Mapping[str, str]) -> dict[str, Any]:
    """Everything on the page; one organisation when it is chosen, else the mean of all with their range."""
    found = pack.pulses(who, who.zone)
    organisations = sorted({pulse.organisation for pulse in found}, key=lambda o: o.name)
    chosen = next((each for each in organisations if each.code == asked.get("organisation")), None)
    shown = [pulse for pulse in found if chosen is None or pulse.organisation_id == chosen.pk]
    meetings = [list(group) for _day, group in groupby(shown, key=half_year)]
    return {
        "zone": who.zone,
        "crumbs": crumbs(who, (_("Pulse of the partnership"), "")),
        "sentence": _sentence(meetings),
        "panels": [_panel(key, label, hint, meetings) for key, label, hint in shape.PRINCIPLES]
        if meetings
        else [],
        "table": _table(meetings),
        "choices": [
            {"value": each.code, "label": each.name, "chosen": each == chosen} for each in organisations
        ],
        "list_url": reverse("meetings:list", args=[who.zone.slug]) + "?level=2",
    }


def half_year(pulse: Pulse) -> Any:
    """Meetings of one half year are one point: each commune holds its own."""
    day = pulse.meeting.starts_at
    return (day.year, 1 if day.month <= 6 else 2)


def _scores(meetings: Sequence[Sequence[Pulse]], key: str) -> list[list[int]]:
    return [[getattr(pulse, key) for pulse in group] for group in meetings]


def _half(group: Sequence[Pulse]) -> str:
    year, half = half_year(group[0])
    said = _("first half of %(year)s") if half == 1 else _("second half of %(year)s")
    return said % {"year": year}


def _sentence(meetings: Sequence[Sequence[Pulse]]) -> str:
    if not meetings:
        return _("No organisation said yet how it sees the partnership.")
    keys = [key for key, _label, _hint in shape.PRINCIPLES]
    last = {key: mean(getattr(pulse, key) for pulse in meetings[-1]) for key in keys}
    labels = {key: str(label) for key, label, _hint in shape.PRINCIPLES}
    best, worst = max(last, key=lambda k: last[k]), min(last, key=lambda k: last[k])
    spoken = language()
    return _(
        "In the %(when)s the organisations agree most on %(best)s (%(high)s of 4) and least on %(worst)s (%(low)s)."
    ) % {
        "when": _half(meetings[-1]),
        "best": labels[best].lower(),
        "high": words.number(last[best], spoken, decimals=1),
        "worst": labels[worst].lower(),
        "low": words.number(last[worst], spoken, decimals=1),
    }


def _panel(key: str, label: Any, hint: Any, meetings: Sequence[Sequence[Pulse]]) -> dict[str, Any]:
    """One principle: the mean as a line, lowest and highest as a band."""
    scores = _scores(meetings, key)
    step = (WIDTH - LEFT - RIGHT) / max(len(scores) - 1, 1)

    def x(n: int) -> float:
        return round(LEFT + n * step, 1)

    def y(score: float) -> float:
        return round(TOP + (HIGHEST - score) * (HEIGHT - TOP - BOTTOM) / (HIGHEST - LOWEST), 1)

    points = [(x(n), y(mean(each))) for n, each in enumerate(scores)]
    band = [(x(n), y(max(each))) for n, each in enumerate(scores)]
    band += [(x(n), y(min(each))) for n, each in reversed(list(enumerate(scores)))]
    last = words.number(mean(scores[-1]), language(), decimals=1)
    return {
        "key": key,
        "label": label,
        "hint": hint,
        "line": _path(points),
        "band": _path(band),
        "points": [{"x": f"{px}", "y": f"{py}"} for px, py in points],
        "last": {"text": last, "x": f"{points[-1][0] + 6}", "y": f"{points[-1][1] + 4}"},
        "grid": [{"y": f"{y(score)}", "text": str(score), "at": f"{y(score) + 4}"} for score in (1, 2, 3, 4)],
        "ends": [
            {"x": f"{x(0)}", "text": _short(meetings[0]), "anchor": "start"},
            *(
                [{"x": f"{x(len(scores) - 1)}", "text": _short(meetings[-1]), "anchor": "end"}]
                if len(scores) > 1
                else []
            ),
        ],
        "alternative": _("%(principle)s: from %(first)s to %(last)s, on a scale from 1 to 4.")
        % {
            "principle": label,
            "first": words.number(mean(scores[0]), language(), decimals=1),
            "last": last,
        },
    }


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{px},{py}" for px, py in points)


def _short(group: Sequence[Pulse]) -> str:
    year, half = half_year(group[0])
    return f"{year}/{half}"


def _table(meetings: Sequence[Sequence[Pulse]]) -> dict[str, Any] | None:
    if not meetings:
        return None
    columns: list[dict[str, Any]] = [
        {"key": "when", "label": _("Half year")},
        {"key": "n", "label": _("Organisations"), "numeric": True},
    ]
    columns += [{"key": key, "label": label, "numeric": True} for key, label, _hint in shape.PRINCIPLES]
    rows = [
        {
            "cells": [
                _half(group),
                {"value": len({pulse.organisation_id for pulse in group})},
                *(
                    {"value": mean(getattr(pulse, key) for pulse in group), "decimals": 1}
                    for key, _label, _hint in shape.PRINCIPLES
                ),
            ]
        }
        for group in meetings
    ]
    return {"id": "pulse-table", "caption": _("Mean of the organisations"), "columns": columns, "rows": rows}

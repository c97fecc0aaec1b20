"""Figures of a sheet: those of the hotspot page while it is written, those frozen with it afterwards."""

from __future__ import annotations

import hashlib
import json
import math
import types
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from vicus.analysis import Expected
from vicus.incidents.errors import IncidentError
from vicus.incidents.figures import PlaceFigures
from vicus.incidents.months import month_after
from vicus.incidents.questions import Quality
from vicus.incidents.store import Store
from vicus.incidents.versions import Version
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, rules
from vicus.web.hotspots.figures import Answer, Question
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.rules import Used
from vicus.web.sara.models import SaraSheet
from vicus.web.zone.models import Zone

NAMES = {"Quality": Quality, "Version": Version, "Store": Store, "Expected": Expected}


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures of a hotspot in the month of a sheet, what they rest on, and a key that names them."""

    figures: PlaceFigures
    used: Used
    key: str
    frozen: bool


def of_sheet(zone: Zone, hotspots: Sequence[Hotspot], hotspot: Hotspot, sheet: SaraSheet) -> Shown | None:
    """The figures to show; None when the outline or the facts of the month are missing."""
    if sheet.figures is not None and sheet.perimeter is not None:
        return _thawed(sheet)
    store = find_store(zone)
    asked = asking.read({"month": f"{sheet.month:%Y-%m}"}, store, zone) if store is not None else None
    if store is None or asked is None or asked.missing:
        return None
    return _counted(store, zone, hotspots, hotspot, asked.question)


def to_freeze(
    zone: Zone, hotspots: Sequence[Hotspot], hotspot: Hotspot, month: date, at: datetime
) -> Shown | None:
    """The figures as they were known at a moment; None when nothing was known then."""
    store = find_store(zone)
    if store is None:
        return None
    try:
        version = store.version(at)
    except IncidentError:
        return None
    span = figures.span(store, zone, version)
    if (
        span.first_day is None
        or span.last_day is None
        or not span.first_day.replace(day=1) <= month <= span.last_day
    ):
        return None
    return _counted(store, zone, hotspots, hotspot, Question(month, asking.SOURCES_BY_DEFAULT, version))


def answer(shown: Shown, number: int) -> Answer:
    """The same as an answer about one hotspot, for reports."""
    question = Question(shown.figures.month, asking.SOURCES_BY_DEFAULT, shown.figures.version)
    return Answer(question, {number: shown.figures}, {number: shown.used}, shown.key)


def _counted(
    store: Store, zone: Zone, hotspots: Sequence[Hotspot], hotspot: Hotspot, question: Question
) -> Shown | None:
    found = figures.of_zone(store, zone, hotspots, question)
    if hotspot.number not in found.figures:
        return None
    return Shown(found.figures[hotspot.number], found.used[hotspot.number], found.key, frozen=False)


def _thawed(sheet: SaraSheet) -> Shown:
    assert sheet.perimeter is not None
    assert sheet.figures is not None
    text = json.dumps(sheet.figures, sort_keys=True)
    last_day = month_after(sheet.month) - timedelta(days=1)
    in_force = rules.perimeter_for([sheet.perimeter], last_day)
    assert in_force is not None
    return Shown(thaw(sheet.figures), in_force, hashlib.sha256(text.encode()).hexdigest(), frozen=True)


def thaw(plain: dict[str, Any]) -> PlaceFigures:
    """Figures from what `PlaceFigures.as_dict` gave: equal to those that were frozen."""
    found: PlaceFigures = _value(PlaceFigures, plain)
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, localns=NAMES)


def _value(kind: Any, plain: Any) -> Any:
    """A plain value as the type it came from."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        wanted = [each for each in inner if each is not type(None)]
        return None if plain is None else _value(wanted[0], plain)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_value(inner[0], item) for item in plain)
        return tuple(_value(each, item) for each, item in zip(inner, plain, strict=True))
    if origin is np.ndarray:
        return np.asarray(plain, dtype=np.float64)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{f.name: _value(hints[f.name], plain[f.name]) for f in fields(kind) if f.name in plain})
    if kind is float:
        return math.nan if plain is None else float(plain)
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if kind is date:
        return date.fromisoformat(plain)
    return plain

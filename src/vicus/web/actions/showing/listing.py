"""The actions as a table: columns as data, sorted by links, the same on the page and in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vicus.pictures import words
from vicus.web.actions.doses import Dose, dose
from vicus.web.actions.models import Action
from vicus.web.hotspots.showing.sorting import heading


@dataclass(frozen=True, slots=True)
class Line:
    """An action with its dose up to today."""

    action: Action
    dose: Dose


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in addresses, its heading, what is sorted and stored, and the words shown for it."""

    key: str
    label: Promise
    value: Callable[[Line], Any]
    shown: Callable[[Line, str], Any] | None = None
    numeric: bool = False
    only_in_files: bool = False


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 1)


def _day(name: str) -> Callable[[Line, str], Any]:
    def shown(line: Line, language: str) -> Any:
        day: date = getattr(line.action, name)
        return words.day(day, language, style="medium")

    return shown


def _amount(value: float | None, missing: Any) -> dict[str, Any]:
    return {"value": value, "decimals": 1, "missing": missing}


ORDER = {state: place for place, state in enumerate(Action.State)}
COLUMNS = (
    Column("action", gettext_lazy("Action"), lambda line: line.action.title),
    Column("hotspot", gettext_lazy("Hotspot"), lambda line: line.action.hotspot.number,
           lambda line, _language: line.action.hotspot.title),
    Column("lead", gettext_lazy("Lead organisation"), lambda line: line.action.lead),
    Column("kind", gettext_lazy("Kind of action"), lambda line: line.action.get_kind_display()),
    Column("state", gettext_lazy("State"), lambda line: ORDER[Action.State(line.action.state)],
           lambda line, _language: line.action.get_state_display()),
    Column("start", gettext_lazy("Start"), lambda line: line.action.starts_on, _day("starts_on")),
    Column("end", gettext_lazy("End"), lambda line: line.action.ends_on, _day("ends_on")),
    Column("planned", gettext_lazy("Planned so far, hours"), lambda line: _hours(line.dose.planned_minutes),
           lambda line, _language: _amount(_hours(line.dose.planned_minutes), _("none planned")), numeric=True),
    Column("delivered", gettext_lazy("Delivered, hours"), lambda line: _hours(line.dose.delivered_minutes),
           lambda line, _language: _amount(_hours(line.dose.delivered_minutes), ""), numeric=True),
    Column("capacity", gettext_lazy("Capacity, hours of work"), lambda line: line.action.capacity_hours,
           numeric=True, only_in_files=True),
    Column("blocker", gettext_lazy("Blocked by"), lambda line: line.action.get_blocker_display(),
           only_in_files=True),
    Column("lesson", gettext_lazy("Lesson"), lambda line: line.action.lesson, only_in_files=True),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS if not column.only_in_files}


def lines(actions: Sequence[Action], today: date, sort: tuple[str, bool]) -> list[Line]:
    """The actions in the order that was asked for; what is not known stands last, either way."""
    found = [Line(action, dose(action, list(action.visits.all()), today)) for action in actions]
    key, descending = sort
    if key not in BY_KEY:
        return found
    value = BY_KEY[key].value
    known = [line for line in found if value(line) is not None]
    known.sort(key=lambda line: _plain(value(line)), reverse=descending)
    return known + [line for line in found if value(line) is None]


def _plain(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def table(
    found: Sequence[Line],
    sort: tuple[str, bool],
    wanted: Mapping[str, str],
    slug: str,
    language: str,
    *,
    exports: bool,
) -> dict[str, Any]:
    """The table under the board; its addresses carry the choice, and so do its files."""
    key, descending = sort
    board = reverse("actions:board", args=[slug])

    def sorted_by(towards: str) -> str:
        return f"{board}{address(wanted, sort=towards)}#list"

    return {
        "id": "list",
        "caption": _("Actions"),
        "columns": [heading(each, sort, sorted_by) for each in BY_KEY.values()],
        "rows": [
            {
                "cells": [
                    each.shown(line, language) if each.shown else each.value(line) for each in BY_KEY.values()
                ],
                "url": reverse("actions:action", args=[slug, line.action.pk]),
            }
            for line in found
        ],
        "note": ngettext("%(n)s action", "%(n)s actions", len(found))
        % {"n": words.number(len(found), language)},
        "downloads": [
            {
                "label": kind.upper(),
                "url": reverse("actions:file", args=[slug, kind])
                + address(wanted, sort=f"-{key}" if descending else key),
            }
            for kind in ("csv", "xlsx")
        ]
        if exports
        else [],
        "state": "" if found else "empty",
        "message": {"title": _("No action answers this choice")},
    }


def address(wanted: Mapping[str, str], **more: str) -> str:
    """The part of an address after the question mark: what was chosen, and more."""
    said = {name: value for name, value in {**wanted, **more}.items() if value}
    return f"?{urlencode(said)}" if said else ""


def stored(column: Column, line: Line, language: str) -> Any:
    """What a file keeps: numbers and dates as they are, states and hotspots in words."""
    value = column.value(line)
    if isinstance(value, date) or column.numeric:
        return value
    told = column.shown(line, language) if column.shown else value
    return str(told) if told else None

"""What pages, letters and lists say of the clock, of meetings and of commitments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from vicus.pictures import words
from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.governance import clock
from vicus.web.governance.clock import Cell, Rule, Standing, State
from vicus.web.governance.queries import Face, body_for
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings.models import Body, Commitment, Level, Meeting
from vicus.web.meetings.queries import Reader
from vicus.web.zone.models import in_language

STATES: Mapping[State, Promise] = {
    "done": pgettext_lazy("clock", "done"),
    "planned": pgettext_lazy("clock", "planned"),
    "due": pgettext_lazy("clock", "due"),
    "overdue": pgettext_lazy("clock", "overdue"),
}
TONES: Mapping[State, str] = {"done": "good", "planned": "phase", "due": "quiet", "overdue": "bad"}

TABS: tuple[tuple[str, Promise, frozenset[Permission]], ...] = (
    ("commune", gettext_lazy("My commune"), frozenset({Permission.READ_VALIDATED_SHEETS})),
    ("clock", gettext_lazy("Clock"), frozenset({Permission.WRITE_MEETINGS, Permission.READ_FIGURES})),
    ("rules", gettext_lazy("How often"), frozenset({Permission.WRITE_MEETINGS, Permission.READ_FIGURES})),
    ("mine", gettext_lazy("Calendar and letter"), frozenset({Permission.READ_MEETINGS})),
)


def frame(who: Reader, current: str) -> dict[str, Any]:
    """Zone, path and tabs of the pages of this app."""
    slug = who.zone.slug
    titles = {name: title for name, title, _permissions in TABS}
    home = "" if who.is_partner else reverse("hotspots:zone", args=[slug])
    return {
        "zone": who.zone,
        "crumbs": [{"label": who.zone.name, "url": home}, {"label": titles[current], "url": ""}],
        "tabs": [
            {"label": title, "url": reverse(f"governance:{name}", args=[slug]), "current": name == current}
            for name, title, permissions in TABS
            if permissions & who.role.permissions
        ],
    }


def address(name: str, *args: Any, query: str = "") -> str:
    """The address of a page; empty where the site has no such page."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""


def level_name(level: int) -> str:
    """ "4 operational"."""
    return f"{level} {Level(level).label}"


def often(rule: Rule) -> str:
    """ "once a month", "once a year", "once every 5 months"."""
    named = {1: _("once a month"), 3: _("once a quarter"), 6: _("once in half a year"), 12: _("once a year")}
    return named.get(rule.every_months) or _("once every %(n)s months") % {
        "n": words.number(rule.every_months, language())
    }


def held_for(rule: Rule) -> str:
    """For what a level meets."""
    return {"zone": _("for the zone"), "commune": _("for each commune"), "hotspot": _("for each hotspot")}[
        rule.scope
    ]


def driver(rule: Rule) -> str:
    """Who drives a level: the role of an account, or words of the zone."""
    return str(ROLES[rule.driver].name) if rule.driver in ROLES else in_language(dict(rule.driver_words))


def when(standing: Standing) -> str:
    """The date that goes with the state: "12 November 2026", "by 31 December 2026", "since 31 October 2026"."""
    day = words.day(standing.day, language())
    if standing.state == "due":
        return _("by %(day)s") % {"day": day}
    return _("since %(day)s") % {"day": day} if standing.state == "overdue" else day


def why(standing: Standing) -> str:
    """What the state rests on: the last meeting, one planned too late, one that nobody noted."""
    said = []
    if standing.state == "done":
        said.append(standing.last.name if standing.last else "")
    elif standing.last is not None:
        said.append(_("last one on %(day)s") % {"day": _day(standing.last.day)})
    else:
        said.append(_("none held yet"))
    if standing.unnoted is not None and standing.state in ("due", "overdue"):
        said.append(_("that of %(day)s was not noted as held") % {"day": _day(standing.unnoted.day)})
    if standing.next is not None and standing.state != "planned":
        said.append(_("next one on %(day)s") % {"day": _day(standing.next.day)})
    return "; ".join(part for part in said if part)


def duty(cell: Cell, place: str) -> str:
    """ "Municipal, Jette"."""
    name = words.capital(str(Level(cell.rule.level).label))
    return f"{name}, {place}" if place else name


def sentence(shown: Face) -> str:
    """How many are overdue, and which when they are few; how the others stand."""
    found = [cell for cell in shown.cells if cell.standing.state == "overdue"]
    if not shown.cells:
        return _("No level is kept for the places that you see.")
    if not found:
        return _("Nothing is overdue on the clock.")
    text = ngettext(
        "%(n)s meeting of %(all)s is overdue", "%(n)s meetings of %(all)s are overdue", len(found)
    ) % {"n": words.number(len(found), language()), "all": words.number(len(shown.cells), language())}
    levels = dict.fromkeys(cell.rule.level for cell in found)
    counted = [
        f"{Level(level).label} ({words.number(sum(c.rule.level == level for c in found), language())})"
        for level in levels
    ]
    return f"{text}: {words.listed(counted, language())}."


def grid(who: Reader, shown: Face, bodies: Sequence[Body]) -> list[dict[str, Any]]:
    """A row for each level with a cell for each commune; what is held for the zone spans them all."""
    rules = list(dict.fromkeys(cell.rule for cell in shown.cells))
    return [
        {
            "level": level_name(rule.level),
            "often": f"{often(rule)}, {held_for(rule)}",
            "driver": driver(rule),
            "whole": rule.scope == "zone",
            "cells": _row(who, shown, rule, bodies),
        }
        for rule in rules
    ]


def _row(who: Reader, shown: Face, rule: Rule, bodies: Sequence[Body]) -> list[dict[str, Any]]:
    if rule.scope == "zone":
        return [{"place": _("the zone"), **_one(who, cell, bodies)} for cell in shown.of(rule.level, None)]
    row = []
    for commune, area in shown.communes.items():
        found = shown.of(rule.level, commune)
        if rule.scope == "commune":
            row.append({"place": area.name, **_one(who, found[0], bodies)})
        else:
            row.append({"place": area.name, **_several(who, shown, found, bodies)})
    return row


def _one(who: Reader, cell: Cell, bodies: Sequence[Body]) -> dict[str, Any]:
    standing = cell.standing
    return {
        "state": STATES[standing.state],
        "tone": TONES[standing.state],
        "when": when(standing),
        "why": why(standing),
        "url": _meeting_url(who, standing),
        "prepare": prepare_url(who, cell, bodies),
    }


def _several(who: Reader, shown: Face, found: Sequence[Cell], bodies: Sequence[Body]) -> dict[str, Any]:
    state = clock.worst(found)
    if state is None:
        return {"none": _("no hotspot")}
    of_state = sum(cell.standing.state == state for cell in found)
    return {
        "state": STATES[state],
        "tone": TONES[state],
        "when": _("%(n)s of %(all)s hotspots") % {
            "n": words.number(of_state, language()), "all": words.number(len(found), language()),
        },
        "hotspots": [{"place": shown.place(cell), **_one(who, cell, bodies)} for cell in found],
    }  # fmt: skip


def _meeting_url(who: Reader, standing: Standing) -> str:
    met = {"done": standing.last, "planned": standing.next}.get(standing.state)
    return address("meetings:meeting", who.zone.slug, met.pk) if met else ""


def prepare_url(who: Reader, cell: Cell, bodies: Sequence[Body]) -> str:
    """Where the missing meeting is prepared, for those who may; empty when none is missing."""
    missing = cell.standing.state in ("due", "overdue") and cell.standing.next is None
    if not missing or Permission.WRITE_MEETINGS not in who.role.permissions:
        return ""
    if who.areas is not None and cell.rule.scope == "zone":
        return ""
    body = body_for(cell, list(bodies))
    return address("meetings:plan", who.zone.slug, query=f"?body={body.pk}") if body else ""


def table(shown: Face) -> dict[str, Any]:
    """The same as the grid, a line for each meeting that the rules ask for."""
    labels = [_("Level"), _("Place"), _("State"), _("Date"), _("Why")]
    rows = [
        [
            level_name(cell.rule.level), shown.place(cell) or _("the zone"), str(STATES[cell.standing.state]),
            when(cell.standing), why(cell.standing),
        ]
        for cell in shown.cells
    ]  # fmt: skip
    return {
        "id": "clock-table",
        "caption": _("Every level at every place"),
        "columns": [
            {"key": f"c{i}", "label": label, "numeric": False, "wide": i == 4}
            for i, label in enumerate(labels)
        ],
        "rows": [{"cells": [{"value": value} for value in row]} for row in rows],
        "whole": True,
    }


def meetings(who: Reader, found: Iterable[Meeting]) -> list[dict[str, Any]]:
    """Meetings as a list of what comes: what, when, where."""
    clock_of = ZoneInfo(who.zone.timezone)
    return [
        {
            "title": meeting.body.name,
            "url": address("meetings:meeting", who.zone.slug, meeting.pk),
            "when": _("%(day)s at %(time)s") % {
                "day": _day(meeting.starts_at.astimezone(clock_of).date()),
                "time": f"{meeting.starts_at.astimezone(clock_of):%H:%M}",
            },
            "place": meeting.place,
        }
        for meeting in found
    ]  # fmt: skip


def commitments(who: Reader, found: Iterable[Commitment], day: date) -> list[dict[str, Any]]:
    """Commitments as a list: what, whose, for which place, by when."""
    return [
        {
            "title": commitment.title,
            "url": address("commitments:commitment", who.zone.slug, commitment.pk),
            "owner": commitment.owner.name,
            "place": place_of(commitment),
            "when": (_("overdue since %(day)s") if commitment.late(day) else _("by %(day)s"))
            % {"day": _day(commitment.due_on)},
            "late": commitment.late(day),
        }
        for commitment in found
    ]


def place_of(commitment: Commitment) -> str:
    """The hotspot or the commune of a commitment; empty for the zone."""
    if commitment.hotspot is not None:
        return commitment.hotspot.title
    return commitment.commune.name if commitment.commune is not None else ""


def _day(day: date) -> str:
    return words.day(day, language())

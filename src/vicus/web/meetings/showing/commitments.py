"""Commitments as tables, sentences and a history; the same columns on the page and in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vicus.pictures import words
from vicus.web.hotspots.showing.sorting import heading
from vicus.web.meetings import commitment_rules as rules
from vicus.web.meetings.models import Commitment, Level

FEWEST = 10
"""No share of fewer settled commitments than this (R22)."""
MOST_ROWS = 200

STANDINGS: dict[str, Promise] = {
    "open": gettext_lazy("Open"),
    "soon": gettext_lazy("Due soon"),
    "late": gettext_lazy("Late"),
    "kept": gettext_lazy("Kept"),
    "partly": gettext_lazy("Kept in part"),
    "dropped": gettext_lazy("Dropped"),
    "all": gettext_lazy("All"),
}
"""The choices of the tracker; `open` holds those due soon and the late ones too."""

WORDS: dict[str, Promise] = {
    "open": gettext_lazy("open"),
    "soon": gettext_lazy("due soon"),
    "late": gettext_lazy("late"),
    "kept": gettext_lazy("kept"),
    "partly": gettext_lazy("kept in part"),
    "dropped": gettext_lazy("dropped"),
}
TONES = {"open": "info", "soon": "warn", "late": "bad", "kept": "good", "partly": "warn", "dropped": "bad"}
ORDER = {
    standing: place for place, standing in enumerate(("late", "soon", "open", "kept", "partly", "dropped"))
}


@dataclass(frozen=True, slots=True)
class Line:
    """A commitment and where it stands today."""

    commitment: Commitment
    standing: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in addresses, its heading, what is sorted and stored, and what is shown for it."""

    key: str
    label: Promise
    value: Callable[[Line], Any]
    shown: Callable[[Line, str], Any] | None = None
    numeric: bool = False
    wide: bool = False
    only_in_files: bool = False


def _day(value: date | None, language: str) -> str | None:
    return words.day(value, language, style="medium") if value else None


def _due(line: Line, language: str) -> dict[str, Any]:
    first = line.commitment.first_due_on
    minor = _("first %(day)s") % {"day": _day(first, language)} if first else ""
    return {"value": _day(line.commitment.due_on, language), "minor": minor}


def _state(line: Line, language: str) -> dict[str, Any]:
    one = line.commitment
    minor = _day(one.settled_on, language) or ""
    if one.settled_on and one.settled_on > one.due_on:
        minor = _("%(day)s, after its day") % {"day": minor}
    badge = format_html('<span class="state {}">{}</span>', TONES[line.standing], WORDS[line.standing])
    return {"value": badge, "minor": minor}


def place(commitment: Commitment) -> str:
    """The hotspot or the commune it is for; empty for the zone as a whole."""
    if commitment.hotspot is not None:
        return str(commitment.hotspot.title)
    return commitment.commune.name if commitment.commune is not None else ""


def why(commitment: Commitment) -> str:
    """The reason, or what shows that it is kept."""
    return commitment.reason or commitment.evidence


COLUMNS = (
    Column("commitment", gettext_lazy("Commitment"), lambda line: line.commitment.title),
    Column("owner", gettext_lazy("Organisation"), lambda line: line.commitment.owner.name),
    Column("due", gettext_lazy("Due on"), lambda line: line.commitment.due_on, _due),
    Column("state", gettext_lazy("State"), lambda line: ORDER[line.standing], _state),
    Column("level", gettext_lazy("Level"), lambda line: line.commitment.level,
           lambda line, _language: line.commitment.get_level_display()),
    Column("place", gettext_lazy("Place"), lambda line: place(line.commitment) or None,
           lambda line, _language: {"value": place(line.commitment) or None, "missing": _("whole zone")}),
    Column("why", gettext_lazy("Reason or evidence"), lambda line: why(line.commitment) or None,
           lambda line, _language: {"value": why(line.commitment) or None, "missing": "–"}, wide=True),
    Column("made", gettext_lazy("Promised on"), lambda line: line.commitment.made_on, only_in_files=True),
    Column("first_due", gettext_lazy("First due on"), lambda line: line.commitment.first_due_on,
           only_in_files=True),
    Column("settled", gettext_lazy("Settled on"), lambda line: line.commitment.settled_on, only_in_files=True),
    Column("public", gettext_lazy("Residents may read it"),
           lambda line: _("yes") if line.commitment.public else _("no"), only_in_files=True),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS if not column.only_in_files}


def lines(found: Sequence[Commitment], day: date) -> list[Line]:
    """Where each stands on a day."""
    return [Line(commitment, rules.standing(commitment, day)) for commitment in found]


def chosen(found: Sequence[Line], standing: str) -> list[Line]:
    """Those of one choice of the tracker."""
    if standing == "all":
        return list(found)
    if standing == "open":
        return [line for line in found if line.commitment.state == Commitment.State.OPEN]
    return [line for line in found if line.standing == standing]


def ordered(found: Sequence[Line], sort: tuple[str, bool]) -> list[Line]:
    """In the order asked for: what is not known stands last. By itself: open by due day, settled by the newest day."""
    key, descending = sort
    if key not in BY_KEY:
        still = [line for line in found if line.commitment.settled_on is None]
        settled = [line for line in found if line.commitment.settled_on is not None]
        settled.sort(key=lambda line: (line.commitment.settled_on, line.commitment.pk), reverse=True)
        return still + settled
    value = BY_KEY[key].value
    known = [line for line in found if value(line) is not None]
    known.sort(key=lambda line: _plain(value(line)), reverse=descending)
    return known + [line for line in found if value(line) is None]


def _plain(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def address(wanted: Mapping[str, str], **more: str) -> str:
    """The part of an address after the question mark: what was chosen, and more."""
    said = {name: value for name, value in {**wanted, **more}.items() if value}
    return f"?{urlencode(said)}" if said else ""


def table(
    found: Sequence[Line],
    sort: tuple[str, bool],
    wanted: Mapping[str, str],
    slug: str,
    language: str,
    *,
    exports: bool,
    own: bool = False,
) -> dict[str, Any]:
    """The tracker; its headings carry the choice, and so do its files. `own`: all of the reader's organisation."""
    columns = [each for each in BY_KEY.values() if not (own and each.key == "owner")]
    key, descending = sort
    here = reverse("commitments:list", args=[slug])
    note = ngettext("%(n)s commitment", "%(n)s commitments", len(found)) % {
        "n": words.number(len(found), language)
    }
    if len(found) > MOST_ROWS:
        note = _("The first %(most)s of %(n)s; the file has them all.") % {
            "most": words.number(MOST_ROWS, language), "n": words.number(len(found), language)
        }  # fmt: skip
    return {
        "id": "list",
        "whole": True,
        "caption": STANDINGS[wanted["state"] or "open"],
        "columns": [
            heading(each, sort, lambda towards: f"{here}{address(wanted, sort=towards)}#list")
            | {"wide": each.wide}
            for each in columns
        ],
        "rows": [
            {
                "cells": [each.shown(line, language) if each.shown else each.value(line) for each in columns],
                "url": reverse("commitments:commitment", args=[slug, line.commitment.pk]),
            }
            for line in found[:MOST_ROWS]
        ],
        "note": note,
        "downloads": [
            {
                "label": kind.upper(),
                "url": reverse("commitments:file", args=[slug, kind])
                + address(wanted, sort=f"-{key}" if descending else key),
            }
            for kind in ("csv", "xlsx")
        ]
        if exports
        else [],
        "state": "" if found else "empty",
        "message": {"title": _("No commitment answers this choice")},
    }


def stored(column: Column, line: Line, language: str) -> Any:
    """What a file keeps: days as they are, states, levels and places in words."""
    if column.key == "state":
        return str(WORDS[line.standing])
    if column.key == "level":
        return str(line.commitment.get_level_display())
    return column.value(line)


# --- kept, late, dropped ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """Counts of the commitments of an organisation or a level."""

    name: str
    query: Mapping[str, str]
    made: int = 0
    open: int = 0
    late: int = 0
    kept: int = 0
    kept_late: int = 0
    partly: int = 0
    dropped: int = 0
    order: int = 0

    @property
    def settled(self) -> int:
        return self.kept + self.partly + self.dropped

    @property
    def share(self) -> float | None:
        """Kept of those settled; None on a base that is too small."""
        return None if self.settled < FEWEST else self.kept / self.settled

    def count(self, line: Line) -> None:
        self.made += 1
        if line.commitment.state == Commitment.State.OPEN:
            self.open += 1
            self.late += line.standing == "late"
        elif line.standing == "kept":
            self.kept += 1
            self.kept_late += line.commitment.late(line.commitment.settled_on)
        elif line.standing == "partly":
            self.partly += 1
        else:
            self.dropped += 1


def tallies(found: Sequence[Line], by: str) -> list[Tally]:
    """Counts by organisation ("owner") or level ("level")."""
    kept: dict[int, Tally] = {}
    for line in found:
        one = line.commitment
        if by == "owner":
            key, name, query = one.owner_id, one.owner.name, {"owner": one.owner.code}
        else:
            key, name, query = one.level, str(Level(one.level).label), {"level": str(one.level)}
        tally = kept.setdefault(key, Tally(words.capital(name), query, order=key if by == "level" else 0))
        tally.count(line)
    return sorted(kept.values(), key=lambda tally: (tally.order, tally.name.casefold()))


@dataclass(frozen=True, slots=True)
class Count:
    """A column of counts."""

    key: str
    label: Promise
    value: Callable[[Tally], Any]
    numeric: bool = True


COUNTS = (
    Count("name", gettext_lazy("Organisation"), lambda tally: tally.name.casefold(), numeric=False),
    Count("made", gettext_lazy("Made"), lambda tally: tally.made),
    Count("open", gettext_lazy("Open"), lambda tally: tally.open),
    Count("late", gettext_lazy("Of these late"), lambda tally: tally.late),
    Count("kept", gettext_lazy("Kept"), lambda tally: tally.kept),
    Count("kept_late", gettext_lazy("Of these after the day"), lambda tally: tally.kept_late),
    Count("partly", gettext_lazy("In part"), lambda tally: tally.partly),
    Count("dropped", gettext_lazy("Dropped"), lambda tally: tally.dropped),
    Count("share", gettext_lazy("Kept of those settled"), lambda tally: tally.share),
)
COUNT_KEYS = {column.key: column for column in COUNTS}
TALLIES: dict[str, Promise] = {"owner": gettext_lazy("By organisation"), "level": gettext_lazy("By level")}


def summary(
    found: Sequence[Line],
    by: str,
    sort: tuple[str, bool],
    wanted: Mapping[str, str],
    slug: str,
    language: str,
) -> dict[str, Any]:
    """Kept, late and dropped, counts first; sorted by `order_owner` and `order_level` in the address."""
    here = reverse("commitments:list", args=[slug])
    rows = tallies(found, by)
    key, descending = sort
    if key in COUNT_KEYS:
        value = COUNT_KEYS[key].value
        known = [tally for tally in rows if value(tally) is not None]
        known.sort(key=value, reverse=descending)
        rows = known + [tally for tally in rows if value(tally) is None]

    def column(count: Count) -> dict[str, Any]:
        made = heading(
            count, sort, lambda towards: f"{here}{address(wanted, **{f'order_{by}': towards})}#by-{by}"
        )
        return made | ({"label": _("Level")} if by == "level" and count.key == "name" else {})

    def share(tally: Tally) -> dict[str, Any]:
        said = tally.share
        return {
            "value": words.percent(said, language) if said is not None else None,
            "missing": _("fewer than %(n)s settled") % {"n": FEWEST},
        }

    return {
        "id": f"by-{by}",
        "whole": True,
        "caption": TALLIES[by],
        "columns": [column(count) for count in COUNTS],
        "rows": [
            {
                "cells": [
                    tally.name, tally.made, tally.open, tally.late, tally.kept, tally.kept_late, tally.partly,
                    tally.dropped, share(tally),
                ],
                "url": f"{here}{address({**wanted, 'state': 'all'}, **tally.query)}#list",
            }
            for tally in rows
        ],
        "state": "" if rows else "empty",
        "message": {"title": _("Nothing to count yet")},
    }  # fmt: skip


def sentence(found: Sequence[Line], language: str) -> str:
    """How many are open, how many of these late or due within a week."""
    still = chosen(found, "open")
    if not found:
        return _("Nothing was promised yet.")
    text = ngettext("%(n)s commitment is open.", "%(n)s commitments are open.", len(still)) % {
        "n": words.number(len(still), language)
    }
    late, soon = len(chosen(found, "late")), len(chosen(found, "soon"))
    if late:
        text += " " + ngettext("%(n)s is late.", "%(n)s are late.", late) % {
            "n": words.number(late, language)
        }
    if soon:
        text += " " + ngettext("%(n)s is due within a week.", "%(n)s are due within a week.", soon) % {
            "n": words.number(soon, language)
        }
    return text


# --- one commitment --------------------------------------------------------------------------------------------------


def due(commitment: Commitment, day: date, language: str) -> str:
    """By when, and how that stands today, in a sentence."""
    said = {"day": words.day(commitment.due_on, language)}
    if commitment.state != Commitment.State.OPEN:
        assert commitment.settled_on is not None
        return _("Promised for %(day)s, settled on %(settled)s.") % {
            **said, "settled": words.day(commitment.settled_on, language)
        }  # fmt: skip
    days = (commitment.due_on - day).days
    if days < 0:
        text = ngettext(
            "Promised for %(day)s: %(n)s day late.", "Promised for %(day)s: %(n)s days late.", -days
        )
        return text % {**said, "n": words.number(-days, language)}
    if days == 0:
        return _("Promised for today, %(day)s.") % said
    text = ngettext("Promised for %(day)s: in %(n)s day.", "Promised for %(day)s: in %(n)s days.", days)
    return text % {**said, "n": words.number(days, language)}


def facts(commitment: Commitment, language: str) -> list[tuple[str, str]]:
    """What belongs to it, name by name."""
    first = _day(commitment.first_due_on, language)
    rows: list[tuple[str, str | None]] = [
        (_("Organisation"), commitment.owner.name),
        (_("Level"), str(commitment.get_level_display())),
        (_("Place"), place(commitment) or _("whole zone")),
        (_("Promised on"), _day(commitment.made_on, language)),
        (_("Due on"), _day(commitment.due_on, language)),
        (_("First due on"), first),
        (_("Settled on"), _day(commitment.settled_on, language)),
        (_("Residents may read it"), _("yes") if commitment.public else _("no")),
    ]
    return [(name, value) for name, value in rows if value]


def history(commitment: Commitment, language: str) -> list[dict[str, str]]:
    """What happened to it, newest first."""
    return [
        {
            "what": words.capital(str(rules.HAPPENED.get(step.code, step.code))),
            "when": words.day(timezone.localtime(step.at).date(), language, style="medium"),
            "by": step.by,
            "comment": step.comment,
        }
        for step in reversed(commitment.steps.all())
    ]

"""The kinds of report as one table: what each needs, who reads it, and the function that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.documents.content import Document
from vicus.web.accounts.rules import Permission
from vicus.web.reports import writing
from vicus.web.reports.periods import Span
from vicus.web.reports.writing import Asked, Written

Needs = Literal["hotspot", "commune", "zone", "meeting", "partner", "evaluation"]
EVERY_FORMAT = ("pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Kind:
    """A kind of report.

    `needs` says what it is about, `span` the period it tells; `sections` may be left out, by their key. Who holds one
    of `reads` opens it for the places they see; drawing asks for the permission to draw reports besides.
    """

    code: str
    title: Promise
    about: Promise
    needs: Needs
    span: Span
    sections: tuple[tuple[str, Promise], ...]
    reads: frozenset[Permission]
    write: Callable[[Asked], Written]
    formats: tuple[str, ...] = EVERY_FORMAT
    rhythms: tuple[str, ...] = ()


POLICE = frozenset({Permission.DRAW_REPORTS})
MEETINGS = frozenset({Permission.READ_MEETINGS})

PROMISES, DECISIONS = ("promises", _("promises")), ("decisions", _("decisions asked"))
ORDERS, SITUATION = ("orders", _("orders and perimeters that end")), ("situation", _("situation"))
AGENDA = ("agenda", _("agenda"))

# fmt: off
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (
    Kind("month", _("Monthly report"), _("The month of a hotspot: figures, map, when and what."), "hotspot", "month",
         (("evolution", _("evolution by month")), ("around", _("around the perimeter")), ("categories", _("what happens")),
          ("hours", _("when it happens")), ("map", _("map")), ("numbers", _("numbers behind the pictures"))),
         POLICE, writing.month, rhythms=("month",)),
    Kind("mayor", _("The mayor's page"), _("One page: situation, decisions asked, promises due, orders that end."),
         "commune", "month", (SITUATION, DECISIONS, PROMISES, ORDERS), MEETINGS, writing.mayor, rhythms=("month",)),
    Kind("pack", _("Meeting pack"), _("For those who meet: figures, open promises, decisions asked, orders that end."),
         "meeting", "meeting", (AGENDA, SITUATION, PROMISES, DECISIONS, ORDERS), MEETINGS, writing.pack,
         rhythms=("before",)),
    Kind("partner-pack", _("Pack for a partner"), _("What a meeting shares with one organisation, and its own promises."),
         "partner", "meeting", (AGENDA, PROMISES), MEETINGS, writing.partner_pack, rhythms=("before",)),
    Kind("coordination", _("Quarterly coordination"),
         _("Ranking with uncertainty, requests, means, displacement, what is overdue."), "zone", "quarter",
         (("ranking", _("ranking")), ("requests", _("requests")), ("conflicts", _("means")),
          ("displacement", _("around the perimeters")), ("duties", _("what is overdue")), PROMISES),
         POLICE, writing.coordination, rhythms=("quarter",)),
    Kind("yearly", _("Yearly evaluation"), _("A hotspot or the plan over a year, with what was decided."), "evaluation",
         "year", (), POLICE, writing.yearly, rhythms=("year",)),
)}
# fmt: on


def document(kind: Kind, asked: Asked, left_out: list[str]) -> tuple[Document, dict[str, Any]]:
    """The document without the sections that were left out, and what it rests on. Raises `NothingToTell`."""
    written = kind.write(asked)
    known = {key for key, _title in kind.sections}
    return written.document.without(known & set(left_out)), {**written.rests_on, "left_out": sorted(left_out)}

"""Which problems and kinds of action cards are about, and who writes them: as data."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.knowledge.models import Card

NEAR = 3
"""Cards shown beside what somebody writes: few, so that they are read."""

PROBLEM_TYPES: dict[str, Promise] = {
    "burglary": _("burglary"),
    "robbery": _("robbery"),
    "theft": _("theft of bicycles, from shops, by pickpockets"),
    "vehicles": _("theft of and from vehicles"),
    "violence": _("violence in public"),
    "night": _("trouble of the night"),
    "drugs": _("drug dealing in public"),
    "disorder": _("nuisance and disorder"),
    "vandalism": _("damage and dumping"),
    "organised": _("organised crime settled in a place"),
    "fear": _("fear and mistrust"),
}
"""Types of problems, by the code that problems and cards carry."""

ACTION_KINDS: dict[str, Promise] = {
    "enforcement": _("enforcement"),
    "administrative": _("administrative measure"),
    "prevention": _("prevention"),
    "environment": _("environment"),
    "communication": _("communication"),
    "social": _("social measure"),
}
"""Kinds of actions, by the codes of `actions.Action.Kind`, which lies above."""

EMMIE = ("effect", "mechanism", "moderators", "implementation", "economics")
"""What is asked of every card (Johnson, Tilley & Bowers 2015, Journal of Experimental Criminology 11, 459-473)."""

TEXTS = ("title", "done", *EMMIE, "source")
"""What is read for persons before it is kept (R17)."""

GRADE_ORDER = {grade: place for place, grade in enumerate(Card.Grade.values)}
TONES = {
    Card.Grade.STRONG: "good",
    Card.Grade.FAIR: "info",
    Card.Grade.WEAK: "warn",
    Card.Grade.PRACTICE: "quiet",
}


def may_change(card: Card) -> bool:
    """Cards that come with the product are the same for everybody; a zone writes its own."""
    return card.zone_id is not None


def names(codes: list[str], table: dict[str, Promise]) -> list[Any]:
    """The words of codes; those that are no longer in the table are left out."""
    return [table[code] for code in codes if code in table]

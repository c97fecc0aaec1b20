"""Cards as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.web.accounts.rules import Permission
from vicus.web.knowledge import queries, rules
from vicus.web.knowledge.models import Card
from vicus.web.zone.models import Zone


def crumbs(zone: Zone, *more: str) -> list[dict[str, str]]:
    """The way to a page of cards."""
    way = [
        {"label": zone.name, "url": reverse("hotspots:zone", args=[zone.slug])},
        {"label": _("Knowledge"), "url": reverse("knowledge:list", args=[zone.slug])},
        *({"label": label, "url": ""} for label in more),
    ]
    way[-1]["url"] = ""
    return way


def tabs(zone: Zone, current: str) -> list[dict[str, Any]]:
    """The two pages of what is known."""
    pages = (("list", _("Cards")), ("networks", _("Networks")))
    return [
        {"label": label, "url": reverse(f"knowledge:{name}", args=[zone.slug]), "current": name == current}
        for name, label in pages
    ]


def filters(wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The choices in front of the list, with what is chosen."""
    tables: tuple[tuple[str, str, Iterable[tuple[str, Any]]], ...] = (
        ("problem", _("Problem type"), rules.PROBLEM_TYPES.items()),
        ("kind", _("Kind"), Card.Kind.choices),
        ("grade", _("Grade"), Card.Grade.choices),
        ("language", _("Language"), settings.LANGUAGES),
    )
    return [
        {
            "name": name,
            "label": label,
            "choices": [
                {"value": value, "label": words, "selected": value == wanted[name]} for value, words in table
            ],
        }
        for name, label, table in tables
    ]


def line(zone: Zone, card: Card) -> dict[str, Any]:
    """A card in a list."""
    return {
        "title": card.title,
        "url": reverse("knowledge:card", args=[zone.slug, card.pk]),
        "code": card.code,
        "language": card.language,
        "first": card.effect or card.done,
        "grade": short_grade(card),
        "tone": rules.TONES[Card.Grade(card.grade)],
        "kind": card.get_kind_display(),
        "problems": [str(word) for word in rules.names(card.problem_types, rules.PROBLEM_TYPES)],
        "own": card.zone_id is not None,
    }


def short_grade(card: Card) -> str:
    """The first word of a grade: "strong"."""
    return str(card.get_grade_display()).split(":")[0].strip()


def beside(zone: Zone, user: Any, *, problem_type: str = "", action_kind: str = "") -> list[dict[str, Any]]:
    """A few cards beside what somebody writes; none for whoever may not read cards."""
    if not user.permits(Permission.READ_KNOWLEDGE, zone.slug):
        return []
    found = queries.near(zone, problem_type=problem_type, action_kind=action_kind)
    return [line(zone, card) for card in found]


def near_url(zone: Zone, user: Any) -> str:
    """Where cards on something else are asked for; empty for whoever may not read them."""
    readable = user.permits(Permission.READ_KNOWLEDGE, zone.slug)
    return reverse("knowledge:near", args=[zone.slug]) if readable else ""


def of_codes(zone: Zone, user: Any, codes: Iterable[str]) -> list[dict[str, Any]]:
    """The cards with these codes, for whoever may read cards."""
    if not user.permits(Permission.READ_KNOWLEDGE, zone.slug):
        return []
    return [line(zone, card) for card in queries.by_code(zone, codes)]


def origin_card_url(zone: Zone, user: Any, origin: str) -> str:
    """The page of the card that was made of something; empty when none was, or for whoever may not read it."""
    if not near_url(zone, user):
        return ""
    card = queries.cards(zone).filter(origin=origin).first()
    return reverse("knowledge:card", args=[zone.slug, card.pk]) if card else ""


def whole(zone: Zone, card: Card, *, writes: bool) -> dict[str, Any]:
    """Everything on the page of a card."""
    return {
        "zone": zone,
        "card": card,
        "crumbs": crumbs(zone, card.title),
        "line": line(zone, card),
        "parts": [
            (Card._meta.get_field(name).verbose_name, getattr(card, name))  # type: ignore[union-attr]
            for name in rules.EMMIE
        ],
        "actions": rules.names(card.action_kinds, rules.ACTION_KINDS),
        "versions": [
            (
                other.get_language_display(),
                other.language,
                reverse("knowledge:card", args=[zone.slug, other.pk]),
            )
            for other in queries.versions(card)
        ],
        "writes": writes and rules.may_change(card),
        "origin_url": origin_url(zone, card),
    }


def origin_url(zone: Zone, card: Card) -> str:
    """The page of the action a lesson came from."""
    kind, _colon, pk = card.origin.partition(":")
    return reverse("actions:action", args=[zone.slug, int(pk)]) if kind == "actions.action" else ""

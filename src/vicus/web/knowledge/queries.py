"""Reading cards and networks. Every question takes the reader; what somebody may not see does not exist (404)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language

from vicus.web.accounts.rules import Permission
from vicus.web.knowledge.models import Card
from vicus.web.knowledge.rules import GRADE_ORDER, NEAR
from vicus.web.zone.models import Organisation, Zone
from vicus.web.zone.queries import zone_for

FILTERS = ("problem", "kind", "grade", "language")


def reader(user: Any, slug: str) -> Zone:
    """The zone of somebody who may read cards; 404 for everybody else."""
    return zone_for(user, slug, Permission.READ_KNOWLEDGE)


def writes(user: Any, zone: Zone) -> bool:
    """May this reader write cards of the zone?"""
    return bool(user.permits(Permission.WRITE_KNOWLEDGE, zone.slug))


def cards(zone: Zone) -> QuerySet[Card]:
    """The cards a member of the zone reads: those shipped and those of the zone that were not taken out."""
    return Card.objects.filter(Q(zone=None) | Q(zone=zone), ended_on=None)


def card(zone: Zone, pk: int) -> Card:
    """One of them, also when it was taken out: its address stays good."""
    found = Card.objects.filter(Q(zone=None) | Q(zone=zone), pk=pk).first()
    if found is None:
        raise Http404
    return found


def versions(card: Card) -> QuerySet[Card]:
    """The same card in other languages."""
    same = Card.objects.filter(zone=card.zone_id, code=card.code, ended_on=None)
    return same.exclude(pk=card.pk).order_by("language")


def listed(zone: Zone, wanted: dict[str, str]) -> list[Card]:
    """The cards that answer a choice, the best founded first; without a language each once, in the reader's."""
    found = cards(zone)
    if wanted.get("kind"):
        found = found.filter(kind=wanted["kind"])
    if wanted.get("grade"):
        found = found.filter(grade=wanted["grade"])
    if wanted.get("language"):
        found = found.filter(language=wanted["language"])
    kept: Iterable[Card] = found
    if wanted.get("problem"):
        kept = [card for card in found if wanted["problem"] in card.problem_types]
    return _by_grade(once(kept, (get_language() or "")[:2]))


def once(found: Iterable[Card], language: str) -> list[Card]:
    """Each card in one language: the reader's where it is written in it."""
    chosen: dict[tuple[int | None, str], Card] = {}
    for card in found:
        name = (card.zone_id, card.code)
        if name not in chosen or card.language == language:
            chosen[name] = card
    return list(chosen.values())


def near(zone: Zone, *, problem_type: str = "", action_kind: str = "", most: int = NEAR) -> list[Card]:
    """A few cards on a type of problem or a kind of action: what the zone learned itself, then the best founded."""
    if not problem_type and not action_kind:
        return []
    found = [
        card
        for card in cards(zone)
        if (not problem_type or problem_type in card.problem_types)
        and (not action_kind or action_kind in card.action_kinds)
    ]
    ranked = _by_grade(once(found, (get_language() or "")[:2]))
    own = [card for card in ranked if card.zone_id is not None][:1]
    return [*own, *(card for card in ranked if card not in own)][:most]


def by_code(zone: Zone, codes: Iterable[str]) -> list[Card]:
    """The cards with these codes, each in one language, also those that were taken out since."""
    found = Card.objects.filter(Q(zone=None) | Q(zone=zone), code__in=list(codes))
    return _by_grade(once(found, (get_language() or "")[:2]))


def networks(zone: Zone) -> list[Organisation]:
    """The organisations the zone works with, and what they are good at."""
    found = Organisation.objects.filter(zone=zone, ended_on=None).prefetch_related("areas")
    return sorted(found, key=lambda one: one.name.casefold())


def _by_grade(found: list[Card]) -> list[Card]:
    return sorted(found, key=lambda card: (GRADE_ORDER[card.grade], card.title.casefold()))

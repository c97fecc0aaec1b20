"""What is found by searching: one row per kind of text. Where it stands, how it is read, and who may read it.

Who may find a text is asked of the app it belongs to, inside the question to the database, each time somebody searches:
a sheet that is validated, a hotspot that gets another manager, a card that is taken out need no new index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.actions.models import Action
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.models import Hotspot
from vicus.web.knowledge import queries as knowledge
from vicus.web.knowledge.models import Card
from vicus.web.meetings import queries as meetings
from vicus.web.meetings import shape
from vicus.web.meetings.models import Answer, Commitment, Decision, Meeting
from vicus.web.sara import rules as sara
from vicus.web.sara.models import Observation, Passage, Problem, ProblemNote, Promise, Review
from vicus.web.zone.models import Organisation, Zone

Rows = QuerySet[Any]

KINDS: dict[str, Lazy] = {
    "card": _("cards"),
    "network": _("networks"),
    "problem": _("problems"),
    "sheet": _("SARA sheets"),
    "action": _("actions"),
    "meeting": _("meetings"),
    "decision": _("decisions"),
    "commitment": _("commitments"),
}
"""Kinds of results by which a reader chooses."""


@dataclass
class Searcher:
    """Who searches, in which zone and language; what each source asks of them is worked out once."""

    user: Any
    zone: Zone
    language: str

    @cached_property
    def knows(self) -> bool:
        """May they read cards?"""
        return bool(self.user.permits(Permission.READ_KNOWLEDGE, self.zone.slug))

    @cached_property
    def reader(self) -> meetings.Reader | None:
        """They as a reader of meetings; None for roles without meetings."""
        try:
            return meetings.reader(self.user, self.zone.slug)
        except Http404:
            return None

    @cached_property
    def seen(self) -> list[tuple[Hotspot, Any, sara.Access]]:
        """The hotspots they see, with how they see them and what they may read of their sheets."""
        try:
            zone, sight = places.zone_and_sight(self.user, self.zone.slug)
        except Http404:
            return []
        role = ROLES[self.user.role_in(zone.slug)]
        found = Hotspot.objects.filter(zone=zone)
        return [
            (hotspot, sight, sara.access(role, sight, hotspot, self.user.pk))
            for hotspot in found
            if sight.covers(hotspot)
        ]

    @property
    def drafts(self) -> list[int]:
        """Hotspots of which they read what is not validated yet."""
        return [hotspot.pk for hotspot, _sight, access in self.seen if access.reads_drafts]

    @property
    def sheets(self) -> list[int]:
        """Hotspots of which they read sheets once these are validated."""
        return [hotspot.pk for hotspot, _sight, access in self.seen if access.reads]

    @property
    def detailed(self) -> list[int]:
        """Hotspots of which they see more than counts."""
        return [hotspot.pk for hotspot, sight, _access in self.seen if sight.detail]


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is indexed of a row; without words nothing is."""

    title: str
    parts: Iterable[Any]
    zone: Zone | None
    hotspot: Hotspot | None = None
    day: date | None = None
    language: str = ""

    @property
    def body(self) -> str:
        """All its parts, one after the other."""
        return "\n".join(part.strip() for part in map(str, self.parts) if part and part.strip())


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of text: its table, what is read of a row, which rows somebody may read, and where a row is shown."""

    name: str
    kind: str
    model: type[Model]
    read: Callable[[Any], Text]
    may: Callable[[Searcher], Rows | None]
    url: Callable[[str, Any], str]
    related: tuple[str, ...] = ()


def _card(card: Card) -> Text:
    emmie = (card.effect, card.mechanism, card.moderators, card.implementation, card.economics)
    return Text(
        title=card.title, parts=(card.done, *emmie, card.source), zone=card.zone,
        day=card.written_at.date() if card.zone_id else None, language=card.language,
    )  # fmt: skip


def _network(one: Organisation) -> Text:
    names = " · ".join(dict.fromkeys(name for name in one.names.values() if name))
    return Text(title=names, parts=(one.strengths,), zone=one.zone)


def _problem(problem: Problem) -> Text:
    why = (value for value in problem.answers.values() if isinstance(value, str))
    texts = (problem.pattern, problem.hypothesis, problem.disproof, problem.tried, problem.outcome, *why)
    return Text(
        title=problem.title, parts=texts, zone=problem.hotspot.zone, hotspot=problem.hotspot,
        day=problem.written_at.date(),
    )  # fmt: skip


def _of_sheet(*names: str, title: str = "") -> Callable[[Any], Text]:
    def read(row: Any) -> Text:
        hotspot = row.sheet.hotspot
        return Text(
            title=getattr(row, title) if title else "", parts=[getattr(row, name) for name in names],
            zone=hotspot.zone, hotspot=hotspot, day=row.sheet.month,
        )  # fmt: skip

    return read


def _action(action: Action) -> Text:
    texts = (
        action.problem,
        action.objective,
        action.mechanism,
        action.note,
        action.lesson,
        action.lead,
        action.partners,
    )
    return Text(
        title=action.title,
        parts=texts,
        zone=action.hotspot.zone,
        hotspot=action.hotspot,
        day=action.starts_on,
    )


def _minutes(*, inside: bool) -> Callable[[Meeting], Text]:
    keys = [
        passage.key for section in shape.SECTIONS if section.inside == inside for passage in section.passages
    ]

    def read(meeting: Meeting) -> Text:
        return Text(
            title=_of_body(meeting), parts=[meeting.words.get(key, "") for key in keys], zone=meeting.zone,
            hotspot=meeting.body.hotspot, day=timezone.localdate(meeting.starts_at), language=meeting.language,
        )  # fmt: skip

    return read


def _at(meeting: Meeting, *parts: str, hotspot: Hotspot | None = None) -> Text:
    return Text(
        title=_of_body(meeting), parts=parts, zone=meeting.zone, hotspot=hotspot or meeting.body.hotspot,
        day=timezone.localdate(meeting.starts_at), language=meeting.language,
    )  # fmt: skip


def _of_body(meeting: Meeting) -> str:
    return meeting.body.names.get(meeting.language) or meeting.body.name


def _commitment(one: Commitment) -> Text:
    return Text(
        title=one.title, parts=(one.detail, one.reason, one.evidence), zone=one.zone, hotspot=one.hotspot,
        day=one.made_on, language=one.meeting.language if one.meeting else "",
    )  # fmt: skip


def _validated_or_own(model: type[Model]) -> Callable[[Searcher], Rows]:
    def may(who: Searcher) -> Rows:
        validated = Q(sheet__hotspot__in=who.sheets, sheet__state__in=sara.READABLE_BY_ALL)
        return model._default_manager.filter(Q(sheet__hotspot__in=who.drafts) | validated)

    return may


def _cards(who: Searcher) -> Rows | None:
    # What is shipped stands in three languages: once is enough.
    return knowledge.cards(who.zone).exclude(~Q(language=who.language), zone=None) if who.knows else None


def _networks(who: Searcher) -> Rows | None:
    return Organisation.objects.filter(zone=who.zone, ended_on=None) if who.knows else None


def _problems(who: Searcher) -> Rows:
    return Problem.objects.filter(hotspot__in=who.drafts)


def _actions(who: Searcher) -> Rows:
    return Action.objects.filter(hotspot__in=who.detailed)


def _meetings(who: Searcher) -> Rows | None:
    return meetings.meetings(who.reader) if who.reader else None


def _inside(who: Searcher) -> Rows | None:
    """What a partner does not read of the meetings it attends."""
    return None if who.reader is None or who.reader.is_partner else _meetings(who)


def _rows_of_meetings(model: type[Model], *, partners: bool) -> Callable[[Searcher], Rows | None]:
    def may(who: Searcher) -> Rows | None:
        found = _meetings(who) if partners else _inside(who)
        return (
            None
            if found is None
            else model._default_manager.filter(meeting__in=found.order_by().values("pk"))
        )

    return may


def _commitments(who: Searcher) -> Rows | None:
    return meetings.commitments(who.reader) if who.reader else None


def _sheet_url(slug: str, row: Any) -> str:
    sheet = row.sheet
    return reverse("sara:sheet", args=[slug, sheet.hotspot.number, f"{sheet.month:%Y-%m}"])


def _page(name: str, of: str = "pk") -> Callable[[str, Any], str]:
    return lambda slug, row: reverse(name, args=[slug, getattr(row, of)])


def _problem_url(slug: str, row: Problem) -> str:
    return reverse("sara:problem", args=[slug, row.hotspot.number, row.number])


def _network_url(slug: str, row: Organisation) -> str:
    return reverse("knowledge:networks", args=[slug]) + f"#{row.code}"


def _sheet(name: str, model: type[Model], read: Callable[[Any], Text]) -> Source:
    return Source(
        name=f"sara.{name}", kind="sheet", model=model, read=read, may=_validated_or_own(model), url=_sheet_url,
        related=("sheet__hotspot__zone",),
    )  # fmt: skip


_MEETING = ("zone", "body__hotspot")
_OF_MEETING = ("meeting__zone", "meeting__body__hotspot")

SOURCES = (
    Source(name="knowledge.card", kind="card", model=Card, read=_card, may=_cards, url=_page("knowledge:card"),
           related=("zone",)),
    Source(name="zone.organisation", kind="network", model=Organisation, read=_network, may=_networks,
           url=_network_url, related=("zone",)),
    Source(name="sara.problem", kind="problem", model=Problem, read=_problem, may=_problems, url=_problem_url,
           related=("hotspot__zone",)),
    _sheet("passage", Passage, _of_sheet("text")),
    _sheet("observation", Observation, _of_sheet("text")),
    _sheet("note", ProblemNote, _of_sheet("changed", "update")),
    _sheet("promise", Promise, _of_sheet("objective", "mechanism", "expected", "lead", title="title")),
    _sheet("review", Review, _of_sheet("why", "dose", "outcome", "moved", "side_effects")),
    Source(name="actions.action", kind="action", model=Action, read=_action, may=_actions,
           url=_page("actions:action"), related=("hotspot__zone",)),
    Source(name="meetings.agenda", kind="meeting", model=Meeting, read=_minutes(inside=False), may=_meetings,
           url=_page("meetings:meeting"), related=_MEETING),
    Source(name="meetings.minutes", kind="meeting", model=Meeting, read=_minutes(inside=True), may=_inside,
           url=_page("meetings:meeting"), related=_MEETING),
    Source(name="meetings.answer", kind="meeting", model=Answer,
           read=lambda row: _at(row.meeting, row.said, row.did, row.could_not),
           may=_rows_of_meetings(Answer, partners=False), url=_page("meetings:meeting", "meeting_id"),
           related=_OF_MEETING),
    Source(name="meetings.decision", kind="decision", model=Decision,
           read=lambda row: _at(row.meeting, row.text, hotspot=row.hotspot),
           may=_rows_of_meetings(Decision, partners=True), url=_page("meetings:meeting", "meeting_id"),
           related=(*_OF_MEETING, "hotspot")),
    Source(name="meetings.commitment", kind="commitment", model=Commitment, read=_commitment, may=_commitments,
           url=_page("commitments:commitment"), related=("zone", "hotspot", "meeting")),
)  # fmt: skip

BY_NAME = {source.name: source for source in SOURCES}

"""A meeting that a reader has opened: what they may see of it and do with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404

from vicus.web.meetings import queries, rules, shape
from vicus.web.meetings.models import Meeting, Passage
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.shape import Section
from vicus.web.sara.shape import Kind
from vicus.web.zone.models import Organisation, Zone


@dataclass(frozen=True)
class Opened:
    """One meeting and its reader."""

    who: Reader
    meeting: Meeting

    @property
    def zone(self) -> Zone:
        return self.who.zone

    @cached_property
    def may_write(self) -> bool:
        """Is it the reader's to write, now or when it is opened again?"""
        return rules.writes(self.who, self.meeting)

    @property
    def writes(self) -> bool:
        """May the reader write on it now?"""
        return self.may_write and self.meeting.state in rules.OPEN

    @property
    def sections(self) -> Iterator[Section]:
        """The sections of its levels that this reader sees."""
        return (
            section
            for section in shape.sections(rules.levels(self.meeting))
            if not (section.inside and self.who.is_partner)
        )

    @cached_property
    def passages(self) -> dict[str, Passage]:
        """Who wrote which part last; parts that nobody wrote yet are empty."""
        found = {passage.key: passage for passage in self.meeting.passages.select_related("written_by")}
        keys = (*shape.PASSAGES, *shape.GROUPS)
        kept = {key: found.get(key) or Passage(meeting=self.meeting, key=key) for key in keys}
        for passage in kept.values():
            passage.meeting = self.meeting
        return kept

    def rows(self, kind: Kind) -> Sequence[Any]:
        """The rows of a kind; of a partner only what concerns its organisation, and decisions once they are taken."""
        found = kind.model._default_manager.filter(meeting=self.meeting)
        names = {field.key for field in kind.fields if field.kind == "choice"}
        found = found.select_related(*names) if names else found
        if self.who.is_partner:
            match kind:
                case shape.SHARED:
                    found = found.filter(organisation=self.who.organisation)
                case shape.COMMITMENT:
                    found = found.filter(owner=self.who.organisation)
                case shape.DECISION:
                    pass
                case _:
                    found = found.none()
        return list(found)

    def row(self, kind: Kind, pk: int) -> Any:
        """One of them, or 404."""
        for thing in self.rows(kind):
            if thing.pk == pk:
                return thing
        raise Http404

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Organisations that can be asked: those that have not ended."""
        return list(Organisation.objects.filter(zone=self.zone, ended_on=None))

    def options(self, kind: Kind, thing: Any = None) -> dict[str, list[tuple[str, str]]]:
        """What the choices of a form offer."""
        found: dict[str, list[tuple[str, str]]] = {}
        for field in kind.fields:
            if field.key in ("organisation", "owner"):
                offered = self._offered(kind, thing)
                found[field.key] = [(str(o.pk), o.name) for o in sorted(offered, key=lambda o: o.name)]
            elif field.key == "hotspot":
                here = list(self.meeting.hotspots.all()) or self.who.seen()
                found[field.key] = [(str(place.pk), place.title) for place in here]
        return found

    def _offered(self, kind: Kind, thing: Any) -> list[Organisation]:
        asked = {presence.organisation_id for presence in self.rows(shape.PRESENCE)}
        kept = getattr(thing, "organisation", None) if thing is not None and thing.pk else None
        if kind is shape.COMMITMENT:
            return self.organisations
        if kind is shape.PRESENCE:
            free = [each for each in self.organisations if each.pk not in asked]
        else:
            free = [each for each in self.organisations if each.pk in asked]
        if kind is shape.PULSE:
            spoke = {pulse.organisation_id for pulse in self.rows(shape.PULSE)}
            free = [each for each in free if each.pk not in spoke]
        return [*free, *([kept] if kept is not None and kept not in free else [])]


def opened(user: Any, slug: str, pk: int) -> Opened:
    """A meeting the reader takes part in, or 404."""
    who = queries.reader(user, slug)
    return Opened(who, queries.meeting(who, pk))

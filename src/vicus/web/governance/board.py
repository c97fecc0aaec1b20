"""The coordination board (level 4): what was decided for hotspots, and noting it in the meeting that decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.audit import models as audit
from vicus.web.audit.services import record
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import queries as meetings
from vicus.web.meetings.models import Decision, Level, Meeting
from vicus.web.meetings.queries import Reader
from vicus.web.perimeters.models import Proposal
from vicus.web.phases import queries as phases
from vicus.web.phases.models import Move
from vicus.web.zone.models import Zone

DAYS = 92
"""Decisions stand on the board for a quarter."""


@dataclass(frozen=True)
class Decided:
    """Something that was decided for a hotspot: where it stands in the system, what, when, and where it was noted."""

    about: str
    hotspot: Hotspot | None
    title: str
    day: date
    url: str
    noted: Decision | None = None


def decided(who: Reader) -> list[Decided]:
    """Moves and perimeters decided in the last quarter for the hotspots a reader sees, the latest first."""
    since = today(who.zone) - timedelta(days=DAYS)
    seen = {hotspot.pk for hotspot in who.seen()}
    noted = {
        decision.about: decision
        for decision in Decision.objects.filter(meeting__zone=who.zone)
        .exclude(about="").select_related("meeting__body")
    }  # fmt: skip
    moves = Move.objects.filter(
        hotspot__zone=who.zone, decided_on__gte=since, state__in=(Move.State.GRANTED, Move.State.REFUSED)
    ).select_related("hotspot__zone")
    proposals = Proposal.objects.filter(
        zone=who.zone,
        decided_on__gte=since,
        state__in=(Proposal.State.ACCEPTED, Proposal.State.REFUSED),
    ).select_related("zone", "hotspot__zone")
    found = [_of_move(move) for move in moves] + [_of_proposal(proposal) for proposal in proposals]
    shown = [
        Decided(one.about, one.hotspot, one.title, one.day, one.url, noted.get(one.about))
        for one in found
        if (one.hotspot.pk in seen if one.hotspot is not None else who.areas is None)
    ]
    return sorted(shown, key=lambda one: (one.day, one.about), reverse=True)


def coming(who: Reader) -> Meeting | None:
    """The meeting of the fourth level in which decisions are noted: that of today, else the next, else the last held.

    Only what the reader takes part in; minutes that are closed take nothing any more.
    """
    found = meetings.meetings(who).filter(state__in=(Meeting.State.PLANNED, Meeting.State.HELD))
    level = [meeting for meeting in found if meetings.counts_for(meeting, Level.OPERATIONAL)]
    begun = timezone.now() - timedelta(days=1)
    ahead = [meeting for meeting in level if meeting.starts_at >= begun]
    if ahead:
        return min(ahead, key=lambda meeting: meeting.starts_at)
    return max(level, key=lambda meeting: meeting.starts_at, default=None)


@transaction.atomic
def note(*, meeting: Meeting, about: str, actor: Any) -> Decision:
    """Note a decision on a hotspot in a meeting, in the language of its minutes; once, whoever asks again.

    Raises
    ------
    ValidationError
        The minutes are closed, the meeting was cancelled, or nothing of that name was decided in the zone.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",)).select_related("zone", "body").get(pk=meeting.pk)
    )
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.HELD):
        raise ValidationError(_("The minutes of this meeting are closed; choose the next one."))
    there = Decision.objects.filter(meeting__zone=meeting.zone, about=about).first()
    if there is not None:
        return there
    with translation.override(meeting.language):
        found = _find(meeting.zone, about)
        text = ""
        if found is not None:
            day = words.day(found.day, language())
            text = _("%(what)s, on %(day)s.") % {"what": found.title, "day": day}
    if found is None:
        raise ValidationError(_("Nothing was decided there that could be noted."))
    decision = Decision(meeting=meeting, hotspot=found.hotspot, text=text, about=about)
    decision.full_clean(exclude=["meeting", "hotspot"])
    decision.save()
    record(
        actor=actor, action=audit.Action.COLLECTION, object_type="meetings.decision", object_id=decision.pk,
        zone=meeting.zone, details={"event": "decision noted", "meeting": meeting.pk, "about": about},
    )  # fmt: skip
    return decision


def _find(zone: Zone, about: str) -> Decided | None:
    """What was decided, by the name under which a decision carries it: "phases.move:12"."""
    kind, _colon, key = about.partition(":")
    find = FIND.get(kind)
    return find(zone, int(key)) if find is not None and key.isdecimal() else None


def _move(zone: Zone, pk: int) -> Decided | None:
    found = Move.objects.filter(
        pk=pk, hotspot__zone=zone, state__in=(Move.State.GRANTED, Move.State.REFUSED)
    ).first()
    return _of_move(found) if found is not None else None


def _proposal(zone: Zone, pk: int) -> Decided | None:
    states = (Proposal.State.ACCEPTED, Proposal.State.REFUSED)
    found = Proposal.objects.filter(pk=pk, zone=zone, state__in=states).first()
    return _of_proposal(found) if found is not None else None


FIND: dict[str, Callable[[Zone, int], Decided | None]] = {
    "phases.move": _move,
    "perimeters.proposal": _proposal,
}


def _of_move(move: Move) -> Decided:
    said = (
        _("%(hotspot)s: %(what)s, granted")
        if move.state == Move.State.GRANTED
        else _("%(hotspot)s: %(what)s, refused")
    )
    return Decided(
        f"phases.move:{move.pk}",
        move.hotspot,
        said % {"hotspot": move.hotspot.title, "what": phases.title(move)},
        move.decided_on or move.drawn_up_on,
        reverse("phases:hotspot", args=[move.hotspot.zone.slug, move.hotspot.number]),
    )


def _of_proposal(proposal: Proposal) -> Decided:
    accepted = proposal.state == Proposal.State.ACCEPTED
    said = _("%(what)s: perimeter accepted") if accepted else _("%(what)s: perimeter refused")
    return Decided(
        f"perimeters.proposal:{proposal.pk}",
        proposal.hotspot,
        said % {"what": proposal.title},
        proposal.decided_on or proposal.drawn_on,
        reverse("perimeters:proposal", args=[proposal.zone.slug, proposal.pk]),
    )

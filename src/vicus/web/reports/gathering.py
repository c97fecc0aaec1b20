"""What short reports say, gathered from the rest of the system, in the language that is active."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.documents.briefs import Line, Place
from vicus.incidents.ranking import rank
from vicus.pictures import sentences, words
from vicus.web.accounts.rules import ROLES
from vicus.web.actions.models import Action
from vicus.web.actions.weeks import planned_hours
from vicus.web.governance import queries as clock
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings.models import Commitment, Level, Meeting
from vicus.web.meetings.queries import Reader
from vicus.web.perimeters import queries as perimeters
from vicus.web.phases import queries as phases
from vicus.web.zone.models import Area, Organisation, Zone

DUE_WITHIN = timedelta(days=31)
MANDATES = (Action.Blocker.MANDATE, Action.Blocker.BUDGET, Action.Blocker.LEGAL)
"""What blocks an action that only who holds the mandate or the purse can lift."""

DIFFERING = ("above", "below", "not enough data", "within")
"""What a reader in a hurry sees first."""


def everything(zone: Zone) -> Reader:
    """Who reads for a report of the zone: all of it. What a reader may open is asked when the file is."""
    return Reader(None, zone, ROLES["direction"], None, None, places.hotspots(zone))


def ranked(zone: Zone, answer: Answer, seen: Collection[Hotspot]) -> tuple[Place, ...]:
    """The hotspots, ranked among all of the zone, the furthest above what was expected first (rights R15)."""
    areas = places.area_names(zone)
    by_number = {hotspot.number: hotspot for hotspot in seen}
    found = []
    for one in rank(list(answer.figures.values())):
        hotspot = by_number.get(int(str(one.place)))
        if hotspot is None:
            continue
        figures, judged = one.figures, one.figures.state != "not enough data"
        phase = next((p for p in hotspot.phases.all() if p.ended_on is None), None)
        found.append(
            Place(
                number=hotspot.number,
                name=hotspot.name,
                area=_area(hotspot, areas),
                n=figures.this_month.n,
                low=figures.expected.low if judged else None,
                high=figures.expected.high if judged else None,
                state=figures.state,
                phase=phase.get_kind_display() if phase else "",
                ratio=one.ratio,
                ratio_low=one.low,
                ratio_high=one.high,
                rank_low=one.rank_low,
                rank_high=one.rank_high,
            )
        )
    return tuple(found)


def differing_first(found: Sequence[Place]) -> tuple[Place, ...]:
    """Places outside their expected range before those within it, each group as it was ranked."""
    return tuple(sorted(found, key=lambda place: DIFFERING.index(place.state)))


def promises(found: Iterable[Commitment], day: date) -> tuple[Line, ...]:
    """Open promises, those past their day first."""
    lines = [
        Line(
            what=one.title,
            place=one.hotspot.title if one.hotspot else one.commune.name if one.commune else "",
            who=str(one.owner),
            day=one.due_on,
            late=one.late(day),
        )
        for one in found
        if one.state == Commitment.State.OPEN
    ]
    return tuple(sorted(lines, key=lambda line: line.day or day))


def due(zone: Zone, commune: Area, day: date) -> tuple[Line, ...]:
    """Promises of a commune that are due within a month, or late."""
    return promises(_of_commune(zone, commune).filter(due_on__lte=day + DUE_WITHIN), day)


def late(zone: Zone, day: date) -> tuple[Line, ...]:
    """Promises of the whole zone that are past their day."""
    found = Commitment.objects.filter(zone=zone, state=Commitment.State.OPEN, due_on__lt=day)
    return promises(found.select_related("owner", "hotspot__zone", "commune"), day)


def orders(zone: Zone, seen: Collection[int], day: date) -> tuple[Line, ...]:
    """Orders that end and perimeters to review, of these hotspots (rights R30)."""
    found: list[Any] = [*perimeters.alerts(zone, day), *perimeters.reviews_due(zone, day)]
    return ending((one for one in found if one.hotspot.pk in seen), day)


def ending(found: Iterable[Any], day: date) -> tuple[Line, ...]:
    """The same from what `perimeters.queries` gave; a title that names the place needs it no second time."""
    return tuple(
        Line(
            one.title,
            "" if one.hotspot.title in one.title else one.hotspot.title,
            day=one.date,
            late=one.date < day,
            why=one.why,
        )
        for one in found
    )


def requests(zone: Zone, seen: Collection[int], day: date) -> tuple[Line, ...]:
    """Moves to another phase and perimeters that wait for the zone direction; `seen` holds keys of hotspots."""
    moves = [
        Line(one.title, one.hotspot.title, day=one.since, why=one.why)
        for one in phases.waiting(zone)
        if one.hotspot.pk in seen
    ]
    proposals = [
        Line(one.title, one.hotspot.title if one.hotspot else "", day=one.date, why=one.why)
        for one in perimeters.waiting_proposals(zone, day)
        if one.hotspot is None or one.hotspot.pk in seen
    ]
    return (*moves, *proposals)


def decisions(zone: Zone, commune: Area, seen: Collection[int], day: date) -> tuple[Line, ...]:
    """What is asked of a mayor: orders to renew, mandates and means, own promises past their day; then what is known."""
    asked = [
        Line(
            _("Renew the order, or let it end"),
            one.hotspot.title,
            day=one.date,
            late=one.date < day,
            why=one.why,
        )
        for one in perimeters.alerts(zone, day)
        if one.hotspot.pk in seen
    ]
    asked += [
        Line(
            _("Lift what blocks the action: %(action)s") % {"action": action.title},
            action.hotspot.title,
            who=action.lead,
            why=_("Blocked by: %(what)s.") % {"what": action.get_blocker_display()},
        )
        for action in _blocked(seen, MANDATES)
    ]
    own = _of_commune(zone, commune).filter(due_on__lt=day, owner__kind=Organisation.Kind.COMMUNE)
    asked += [
        Line(
            _("Keep, postpone or drop the promise: %(promise)s") % {"promise": one.title},
            one.hotspot.title if one.hotspot else commune.name,
            who=str(one.owner),
            day=one.due_on,
            late=True,
        )
        for one in own
    ]
    return (*asked, *requests(zone, seen, day))


def conflicts(zone: Zone, day: date) -> tuple[Line, ...]:
    """Where means are short: actions that lack people or partners, and services planned in two places at one hour."""
    every = {hotspot.pk for hotspot in places.hotspots(zone)}
    short = [
        Line(action.title, action.hotspot.title, who=action.lead, day=action.moved_on,
             why=_("Blocked by: %(what)s.") % {"what": action.get_blocker_display()})
        for action in _blocked(every, tuple(set(Action.Blocker) - set(MANDATES)))
    ]  # fmt: skip
    running = Action.objects.filter(
        hotspot__zone=zone,
        state__in=[Action.State.PLANNED, Action.State.RUNNING],
        starts_on__lte=day,
        ends_on__gte=day,
    ).exclude(from_hour=None)
    for one, other in combinations(
        running.select_related("hotspot__zone").order_by("hotspot__number", "pk"), 2
    ):
        if one.hotspot_id == other.hotspot_id or one.lead != other.lead:
            continue
        hours = int((planned_hours([one]) & planned_hours([other])).sum())
        if hours:
            told = ngettext("%(n)s hour of the week is planned in both places.",
                            "%(n)s hours of the week are planned in both places.", hours)  # fmt: skip
            where = f"{one.hotspot.title}; {other.hotspot.title}"
            why = told % {"n": words.number(hours, language())}
            short.append(Line(f"{one.title}; {other.title}", where, who=one.lead, why=why))
    return tuple(short)


def displacement(answer: Answer, seen: Collection[Hotspot]) -> tuple[Line, ...]:
    """Perimeters around which the month lay above what was expected: the first place to look for displacement."""
    found = []
    for hotspot in seen:
        figures = answer.figures.get(hotspot.number)
        if figures is None or figures.buffer is None or figures.buffer.state != "above":
            continue
        ring = figures.buffer
        why = _("%(n)s facts within %(width)s m; expected %(span)s") % {
            "n": words.number(ring.this_month.n, language()),
            "width": words.number(ring.width_m, language()),
            "span": sentences.expected_span(ring.expected, language()),
        }
        found.append(Line(_("More facts than expected around the perimeter"), hotspot.title, why=why))
    return tuple(found)


def duties(zone: Zone) -> tuple[Line, ...]:
    """Meetings that should have been held, by level and place."""
    shown = clock.face(everything(zone))
    return tuple(
        Line(
            what=_("Meeting on level %(level)s, %(name)s") % {"level": cell.rule.level, "name": Level(cell.rule.level).label},
            place=shown.place(cell),
            who=str(ROLES[cell.rule.driver].name) if cell.rule.driver in ROLES else "",
            day=cell.standing.due_on,
            late=True,
        )
        for cell in shown.cells
        if cell.standing.state == "overdue"
    )  # fmt: skip


def agenda(meeting: Meeting) -> tuple[Line, ...]:
    """The agenda as it was written, a line each."""
    text = str(meeting.words.get("agenda", ""))
    return tuple(Line(line.strip()) for line in text.splitlines() if line.strip())


def shared(meeting: Meeting, organisation: Organisation) -> tuple[Line, ...]:
    """What was shared with an organisation for a meeting, and on what basis; nothing that others were told."""
    found = meeting.shared.filter(organisation=organisation)
    return tuple(Line(one.what, who=one.purpose, why=one.get_basis_display()) for one in found)


def own_promises(organisation: Organisation, day: date) -> tuple[Line, ...]:
    """The open promises of one organisation."""
    found = Commitment.objects.filter(owner=organisation, state=Commitment.State.OPEN)
    return promises(found.select_related("owner", "hotspot__zone", "commune"), day)


def of_meeting(meeting: Meeting, hotspots: Sequence[Hotspot]) -> list[Hotspot]:
    """The hotspots a meeting is about: those it names, those of its communes; without either, every one."""
    named = {hotspot.pk for hotspot in meeting.hotspots.all()}
    if meeting.body.hotspot_id:
        named.add(meeting.body.hotspot_id)
    communes = {area.pk for area in meeting.communes.all()}
    if meeting.body.commune_id:
        communes.add(meeting.body.commune_id)
    if named:
        return [hotspot for hotspot in hotspots if hotspot.pk in named]
    return [hotspot for hotspot in hotspots if not communes or hotspot.commune_id in communes]


def _of_commune(zone: Zone, commune: Area) -> Any:
    mine = Q(commune=commune) | Q(hotspot__commune=commune)
    found = Commitment.objects.filter(mine, zone=zone, state=Commitment.State.OPEN)
    return found.select_related("owner", "hotspot__zone", "commune")


def _blocked(seen: Collection[int], blockers: Sequence[str]) -> Any:
    found = Action.objects.filter(hotspot__in=seen, state=Action.State.BLOCKED, blocker__in=blockers)
    return found.select_related("hotspot__zone").order_by("hotspot__number", "pk")


def _area(hotspot: Hotspot, areas: dict[int, Area]) -> str:
    area = areas.get(hotspot.sector_id or 0) or areas.get(hotspot.commune_id or 0)
    return area.name if area else ""

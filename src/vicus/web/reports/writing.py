"""How each kind of report is written: from what stands in the zone to a document, in the language that is active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from vicus import documents
from vicus.documents import briefing
from vicus.documents.briefs import Brief, Code, Line, Part, Place
from vicus.documents.content import Document
from vicus.incidents.store import Store
from vicus.pictures import words
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, keeping, reports
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import pack as meeting_pack
from vicus.web.meetings.models import Meeting
from vicus.web.plans import papers
from vicus.web.plans.models import Evaluation
from vicus.web.reports import gathering
from vicus.web.reports.periods import last_month
from vicus.web.zone.models import Area, Zone


class NothingToTell(Exception):
    """The report cannot be drawn: the sentence says why, in the language that is active."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One report that is asked: of which zone and place, over which period, in which language."""

    zone: Zone
    place: str
    period: str
    language: str


@dataclass(frozen=True)
class Written:
    """The document, and the versions it rests on."""

    document: Document
    rests_on: dict[str, Any]


def month(asked: Asked) -> Written:
    """The monthly report of a hotspot."""
    store, answer = _answer(asked.zone, _day(asked.period))
    number = int(asked.place)
    hotspot = next((one for one in places.hotspots(asked.zone) if one.number == number), None)
    if hotspot is None or number not in answer.figures:
        raise NothingToTell(_("This hotspot has no perimeter to count in."))
    report = reports.month_report(store, asked.zone, hotspot, answer)
    return Written(
        documents.content(report, asked.language),
        {**_versions(answer), "perimeters": {str(number): answer.used[number].perimeter.version}},
    )


def mayor(asked: Asked) -> Written:
    """The page of a commune."""
    zone, day = asked.zone, today(asked.zone)
    commune = Area.objects.get(zone=zone, kind=Area.Kind.COMMUNE, code=asked.place)
    here = [one for one in places.hotspots(zone) if one.commune_id == commune.pk and _active(one)]
    keys = {one.pk for one in here}
    lines: dict[Part, tuple[Line, ...]] = {
        "decisions": gathering.decisions(zone, commune, keys, day),
        "promises": gathering.due(zone, commune, day),
        "orders": gathering.orders(zone, keys, day),
    }
    return _brief(asked, "mayor", commune.names, _month_words(asked), here, lines, _day(asked.period))


def coordination(asked: Asked) -> Written:
    """The quarter of the whole zone."""
    zone, day, last = asked.zone, today(asked.zone), last_month(asked.period)
    here = [one for one in places.hotspots(zone) if _active(one)]
    keys = {one.pk for one in here}
    answer = _answer_or_none(zone, last)
    lines: dict[Part, tuple[Line, ...]] = {
        "requests": gathering.requests(zone, keys, day),
        "conflicts": gathering.conflicts(zone, day),
        "displacement": gathering.displacement(answer[1], here) if answer else (),
        "duties": gathering.duties(zone),
        "promises": gathering.late(zone, day),
    }
    year, quarter = asked.period.split("-Q")
    period = _("quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
    return _brief(asked, "coordination", zone.names or zone.slug, period, here, lines, last)


def pack(asked: Asked) -> Written:
    """What those who meet need, of the places of their meeting."""
    meeting = _meeting(asked)
    day = meeting_pack.day_of(meeting)
    who = gathering.everything(asked.zone)
    here = [one for one in gathering.of_meeting(meeting, who.hotspots) if _active(one)]
    keys = {one.pk for one in here}
    lines: dict[Part, tuple[Line, ...]] = {
        "agenda": gathering.agenda(meeting),
        "promises": gathering.promises(meeting_pack.carried(who, meeting), day),
        "decisions": gathering.requests(asked.zone, keys, day),
        "orders": gathering.ending(
            (one for one in meeting_pack.orders(who, meeting) if one.hotspot.pk in keys), day
        ),
    }
    return _brief(asked, "pack", meeting.body.names, _when(meeting, asked), here, lines, _month_before(day))


def partner_pack(asked: Asked) -> Written:
    """What a meeting shares with one organisation, and nothing else."""
    meeting = _meeting(asked)
    code = asked.place.partition("/")[2]
    organisation = asked.zone.organisations.get(code=code)
    day = meeting_pack.day_of(meeting)
    lines: dict[Part, tuple[Line, ...]] = {
        "agenda": gathering.agenda(meeting),
        "shared": gathering.shared(meeting, organisation),
        "promises": gathering.own_promises(organisation, day),
    }
    title = f"{meeting.body.name} – {organisation}"
    return _brief(asked, "partner-pack", title, _when(meeting, asked), [], lines, None)


def yearly(asked: Asked) -> Written:
    """The evaluation of a year, as it stands or as it was decided."""
    found = Evaluation.objects.filter(zone=asked.zone, pk=int(asked.place)).first()
    if found is None:
        raise NothingToTell(_("This evaluation is no longer there."))
    made = papers.yearly(found, asked.language)
    return Written(made, {"known_at": made.known_at.isoformat(), "software": keeping.software()})


def _brief(
    asked: Asked,
    code: Code,
    title: Any,
    period: str,
    here: list[Hotspot],
    lines: dict[Part, tuple[Line, ...]],
    counted: date | None,
) -> Written:
    zone = asked.zone
    found = _answer_or_none(zone, counted) if counted is not None and here else None
    told: tuple[Place, ...] = gathering.ranked(zone, found[1], here) if found else ()
    if code != "coordination":
        told = gathering.differing_first(told)
    note = ""
    if here and found is None:
        note = _("There are no facts of this month yet; figures are left out.")
    version = found[1].question.version.number if found else None
    brief = Brief(
        code=code,
        zone=zone.names or zone.slug,
        title=title,
        period=period,
        known_at=timezone.now().replace(microsecond=0),
        software=keeping.software(),
        places=told,
        lines=lines,
        month=counted if found else None,
        version=version,
        note=note,
        timezone=zone.timezone,
        caution=reports.SCHEMATIC if zone.is_demo else "",
    )
    rests_on = _versions(found[1]) if found else {"software": keeping.software()}
    return Written(briefing.content(brief, asked.language), rests_on)


def _answer(zone: Zone, month_asked: date) -> tuple[Store, Answer]:
    """The figures of a month; `NothingToTell` without them."""
    store = find_store(zone)
    asked = asking.read({"month": f"{month_asked:%Y-%m}"}, store, zone) if store is not None else None
    if store is None or asked is None or asked.missing:
        raise NothingToTell(
            _("There are no facts of %(month)s yet.")
            % {"month": words.month_name(month_asked, language(), year=True)}
        )
    return store, figures.of_zone(store, zone, places.hotspots(zone), asked.question)


def _answer_or_none(zone: Zone, month_asked: date) -> tuple[Store, Answer] | None:
    try:
        return _answer(zone, month_asked)
    except NothingToTell:
        return None


def _versions(answer: Answer) -> dict[str, Any]:
    version = answer.question.version
    return {
        "data_version": version.number,
        "known_at": version.known_at.isoformat(),
        "month": f"{answer.question.month:%Y-%m}",
        "sources": answer.question.sources,
        "perimeters": {str(number): used.perimeter.version for number, used in sorted(answer.used.items())},
        "software": keeping.software(),
    }


def _meeting(asked: Asked) -> Meeting:
    number = asked.place.partition("/")[0]
    found = (
        Meeting.objects.filter(zone=asked.zone, pk=int(number))
        .select_related("body__commune", "zone")
        .first()
    )
    if found is None:
        raise NothingToTell(_("This meeting is no longer there."))
    return found


def _when(meeting: Meeting, asked: Asked) -> str:
    return words.day(meeting.starts_at, asked.language, timezone=asked.zone.timezone)


def _month_words(asked: Asked) -> str:
    return words.capital(words.month_name(_day(asked.period), asked.language, year=True))


def _month_before(day: date) -> date:
    return day.replace(month=day.month - 1, day=1) if day.month > 1 else date(day.year - 1, 12, 1)


def _day(period: str) -> date:
    try:
        return date.fromisoformat(f"{period}-01")
    except ValueError:
        raise Http404 from None


def _active(hotspot: Hotspot) -> bool:
    return hotspot.status == Hotspot.Status.ACTIVE

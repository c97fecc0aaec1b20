"""Governance of the demonstration zone: organisations, bodies, two years of meetings and promises, from meetings.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import override

from vicus.web.accounts.models import User
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.queries import hotspots
from vicus.web.meetings.models import (
    Answer,
    Body,
    Commitment,
    Decision,
    Meeting,
    Presence,
    Pulse,
    Shared,
    Step,
)  # fmt: skip
from vicus.web.zone.models import Area, Organisation, Zone
from vicus.web.zone.services import assign_role

SEED = 5
LANGUAGES = {"BSA": "nl", "KK": "fr", "GAN": "nl", "JET": "fr", "MSJ": "fr"}
"""Language of the minutes of each commune."""
FIRST, LAST = date(2024, 11, 1), date(2026, 10, 1)
SETTLED_BEFORE = date(2026, 9, 15)
"""What was due before this day is settled, but for a few that are overdue."""
ORGANISATION_OF = {"partner": "prevention", "mayor": "commune-msj"}

MISSED = {
    "municipal-gan": {(2026, 3), (2026, 9), (2026, 10)},
    "municipal-kk": {(2025, 8), (2026, 10)},
    "municipal-bsa": {(2025, 7), (2026, 8)},
    "partners-bsa": {(2026, 5), (2026, 10)},
    "partners-gan": {(2025, 10)},
    "coordination": {(2025, 9)},
    **{f"hotspot-{number}": {(2026, month) for month in range(1, 13)} for number in (5, 10, 14, 19)},
}
"""Meetings that were not held, so that the clock has something to say."""

COMING = {
    "municipal-msj": (date(2026, 11, 26), date(2026, 12, 17), date(2027, 1, 14)),
    "municipal-jet": (date(2026, 12, 10), date(2027, 1, 14)),
    "municipal-kk": (date(2026, 12, 11),),
    "municipal-bsa": (date(2026, 12, 8),),
    "partners-msj": (date(2027, 1, 21),),
    "coordination": (date(2026, 12, 15),),
    "council": (date(2027, 1, 28),),
    "hotspot-14": (date(2026, 12, 3),),
    "hotspot-12": (date(2027, 2, 4),),
}
"""Meetings that are planned."""

ASKED = {
    "municipal": ("police-zone", "commune", "prevention"),
    "partners": (
        "police-zone", "commune", "prevention", "public-transport", "social-housing", "schools", "youth-houses", "traders",
    ),
    "neighbourhood": ("police-zone", "commune", "prevention", "residents"),
    "coordination": ("police-zone", "federal-police", "prosecutor"),
    "council": ("police-zone", "commune-msj", "commune-jet", "commune-kk", "commune-gan", "commune-bsa", "prosecutor", "region"),
}  # fmt: skip
STEPS = {"kept": "keep", "partly": "keep_partly", "dropped": "drop"}
HOURS = {"municipal": 10, "partners": 14, "neighbourhood": 19, "coordination": 9, "council": 14}
PLACES = {
    "municipal": "hall",
    "partners": "hall",
    "neighbourhood": "school",
    "coordination": "zone",
    "council": "zone",
}


@dataclass
class _Book:
    """What is collected before it is kept all at once."""

    zone: Zone
    written: dict[str, Any]
    organisations: dict[str, Organisation]
    rng: Random
    patterns: Iterator[int] = field(default_factory=count)
    decisions: list[Decision] = field(default_factory=list)
    presences: list[Presence] = field(default_factory=list)
    promises: list[Commitment] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    pulses: list[Pulse] = field(default_factory=list)


def plan() -> dict[str, Any]:
    """Organisations, bodies and words, as written in meetings.toml."""
    return tomllib.loads(files("vicus.demo").joinpath("meetings.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load(zone: Zone, *, actor: str) -> None:
    """Everything, in the order in which it came about; the accounts of partners get their organisation."""
    written = plan()
    communes = {area.code: area for area in zone.areas.filter(kind=Area.Kind.COMMUNE, in_zone=True)}
    organisations = _organisations(zone, written, communes)
    places = hotspots(zone)
    bodies = _bodies(zone, written, communes, places)
    book = _Book(zone, written, organisations, Random(SEED))  # noqa: S311
    for body in bodies.values():
        for day in _days(body):
            _hold(book, body, day, _kind(body), places)
        for day in COMING.get(body.code, ()):
            _plan(book, body, day, _kind(body), places)
    _keep(book)
    record(
        actor=actor, action=Action.COLLECTION, object_type="meetings.meeting", object_id=zone.slug, zone=zone,
        details={"event": "meetings brought in", "meetings": zone.meetings.count(), "commitments": len(book.promises)},
    )  # fmt: skip
    for role, code in ORGANISATION_OF.items():
        user = User.objects.get(username=f"demo-{role}")
        areas = user.memberships.get(zone=zone).areas.all()
        assign_role(
            actor=actor, zone=zone, user=user, role=role, areas=areas, organisation=organisations[code]
        )


def _organisations(
    zone: Zone, written: Mapping[str, Any], communes: Mapping[str, Area]
) -> dict[str, Organisation]:
    found = {}
    for entry in written["organisation"]:
        spoken = entry["language"]
        names = {code: f"{name} {written['label'][code]}" for code, name in entry["names"].items()}
        made = Organisation.objects.create(
            zone=zone, code=entry["code"], names=names, kind=entry["kind"], language=spoken,
            contact=entry["contact"][spoken], mailbox=f"{entry['code']}@example.org",
            strengths=entry.get("strengths", {}).get(spoken, ""), ended_on=entry.get("ended_on"),
        )  # fmt: skip
        made.areas.set(communes[code] for code in entry.get("areas", ()))
        found[made.code] = made
    return found


def _bodies(
    zone: Zone, written: Mapping[str, Any], communes: Mapping[str, Area], places: Sequence[Hotspot]
) -> dict[str, Body]:
    """Five levels; the municipal meeting of Jette was there already and counts for the partners too."""

    def made(code: str, kind: str, levels: list[int], names: Mapping[str, str], **of: Any) -> Body:
        spoken = LANGUAGES.get(of["commune"].code, "nl") if of.get("commune") else "nl"
        pattern = written["body"][kind]
        return Body(
            zone=zone, code=code, levels=levels, chair=pattern["chair"][spoken],
            names={lang: text.format(place=names.get(lang, "")).strip() for lang, text in pattern["names"].items()},
            **of,
        )  # fmt: skip

    found = [
        made("coordination", "coordination", [4], {}),
        made("council", "council", [5], {}),
    ]
    for code, commune in communes.items():
        also = [2, 3] if code == "JET" else [3]
        found.append(made(f"municipal-{code.lower()}", "municipal", also, commune.names, commune=commune))
        if code != "JET":
            found.append(made(f"partners-{code.lower()}", "partners", [2], commune.names, commune=commune))
    for place in places:
        titles = {}
        for language in zone.languages:
            with override(language):
                titles[language] = place.title
        found.append(
            made(
                f"hotspot-{place.number}", "neighbourhood", [1], titles, hotspot=place, commune=place.commune
            )
        )
    return {body.code: body for body in Body.objects.bulk_create(found)}


def _kind(body: Body) -> str:
    return "neighbourhood" if body.hotspot_id else body.code.split("-")[0]


def _days(body: Body) -> Iterator[date]:
    """Days on which a body met between the first and the last month, without those that were missed."""
    kind = _kind(body)
    months = {
        "municipal": range(1, 13),
        "partners": (5, 10),
        "coordination": (3, 6, 9, 12),
        "council": (1,),
    }.get(kind) or (2 + (body.hotspot.number if body.hotspot else 0) % 8,)
    month = FIRST
    while month <= LAST:
        if month.month in months and (month.year, month.month) not in MISSED.get(body.code, set()):
            # The second week, a weekday that differs from body to body.
            yield month + timedelta(days=(7 - month.weekday()) % 7 + 7 + len(body.code) % 4)
        month = (month + timedelta(days=32)).replace(day=1)


def _plan(book: _Book, body: Body, day: date, kind: str, places: Sequence[Hotspot]) -> Meeting:
    """A meeting with its agenda and the organisations asked to it."""
    spoken = LANGUAGES.get(body.commune.code, "nl") if body.commune else "nl"
    words = book.written["words"][kind][spoken]
    at = datetime.combine(day, time(HOURS[kind]), ZoneInfo(book.zone.timezone))
    meeting = Meeting.objects.create(
        zone=book.zone, body=body, levels=body.levels, starts_at=at, minutes=90, chair=body.chair, language=spoken,
        place=book.written["place"][spoken][PLACES[kind]], words={"agenda": words["agenda"]},
    )  # fmt: skip
    if body.commune:
        meeting.communes.add(body.commune)
    here = [place for place in places if body.commune_id and place.commune_id == body.commune_id]
    if body.hotspot:
        meeting.hotspots.add(body.hotspot)
    elif kind in ("municipal", "partners"):
        meeting.hotspots.set(here)
    for code in ASKED[kind]:
        owner = book.organisations[_owner(code, body.commune)]
        book.presences.append(Presence(meeting=meeting, organisation=owner, roles=owner.contact))
    return meeting


def _hold(book: _Book, body: Body, day: date, kind: str, places: Sequence[Hotspot]) -> None:
    """The same, held and minuted."""
    before = len(book.presences)
    meeting = _plan(book, body, day, kind, places)
    asked = book.presences[before:]
    for presence in asked:
        roll = book.rng.random()
        presence.state = Presence.State.PRESENT if roll < 0.85 else Presence.State.EXCUSED
    spoken, turn = meeting.language, next(book.patterns)
    meeting.words |= book.written["words"][kind][spoken]
    if kind == "neighbourhood":
        _neighbourhood(book, meeting)
    elif kind in ("municipal", "partners"):
        meeting.words |= {"nature": "assessment", "reliability": "reliable"}
    last = meeting.starts_at.date() >= LAST
    meeting.state = Meeting.State.HELD if last and turn % 3 == 0 else Meeting.State.MINUTED
    meeting.revision = 1
    meeting.save()
    patterns = book.written["decision"]
    here = [place for place in places if body.commune_id and place.commune_id == body.commune_id]
    about = body.hotspot or (here[turn % len(here)] if here and turn % 2 else None)
    text = patterns[turn % len(patterns)][spoken]
    book.decisions.append(Decision(meeting=meeting, hotspot=about, text=text))
    promised = {"municipal": turn % 5 != 0, "partners": True, "neighbourhood": turn % 4 != 0}.get(kind, False)
    if promised:
        _promise(book, meeting, about, turn)
    if kind == "partners":
        _promise(book, meeting, None, turn + 3)
        _partners(book, meeting, asked)


def _neighbourhood(book: _Book, meeting: Meeting) -> None:
    rng = book.rng
    topics = ["light", "litter", "traffic", "noise", "presence", "dealing", "youth"]
    meeting.words |= {
        "channels": ["letters", "posters", "schools"],
        "invited_in": ["fr", "nl"],
        "invited": 10 * rng.randint(30, 90),
        "residents": rng.randint(14, 60),
        "shopkeepers": rng.randint(2, 9),
        "youngsters": rng.choice([0, 6, 8, 11]),
        "services": rng.randint(3, 6),
        "topics": sorted(rng.sample(topics, 3)),
        "priority_1": {"nl": "Licht aan de doorgang", "fr": "La lumière au passage"}[meeting.language],
        "priority_2": {"nl": "Netheid van het plein", "fr": "La propreté de la place"}[meeting.language],
        "priority_3": {"nl": "Veilig naar school", "fr": "Aller à l'école en sécurité"}[meeting.language],
        "sentiment_before": str(rng.randint(2, 3)),
        "sentiment_after": str(rng.randint(3, 4)),
        **{f"summary_{language}": book.written["summary"][language] for language in ("nl", "fr")},
    }
    for entry in book.written["answer"]:
        said = {key: entry[key][meeting.language] for key in ("said", "did", "could_not") if key in entry}
        book.answers.append(Answer(meeting=meeting, **said))


def _partners(book: _Book, meeting: Meeting, asked: Sequence[Presence]) -> None:
    """How the partnership goes, slowly better, and what was shared with whom."""
    step = (meeting.starts_at.year - 2024) // 2
    for presence in asked:
        if presence.state != Presence.State.PRESENT:
            continue
        scores = [min(4, max(1, book.rng.choice([2, 2, 3, 3]) + step)) for _each in range(6)]
        names = ("need", "clarity", "commitment", "trust", "arrangements", "learning")
        book.pulses.append(
            Pulse(
                meeting=meeting,
                organisation=presence.organisation,
                **dict(zip(names, scores, strict=True)),
            )
        )
        if presence.organisation.kind not in ("police", "commune"):
            said = book.written["shared"][meeting.language]
            told = Shared(
                meeting=meeting, organisation=presence.organisation, basis=Shared.Basis.PLACES, at=meeting.starts_at, **said
            )  # fmt: skip
            book.shared.append(told)


def _promise(book: _Book, meeting: Meeting, hotspot: Hotspot | None, turn: int) -> None:
    """One promise with what became of it."""
    patterns, spoken, rng = book.written["promise"], meeting.language, book.rng
    pattern = patterns[turn % len(patterns)]
    commune = meeting.body.commune
    made = meeting.starts_at.date()
    due = made + timedelta(days=rng.choice([30, 45, 60, 90]))
    promise = Commitment(
        zone=book.zone, meeting=meeting, level=meeting.body.levels[0], commune=commune, hotspot=hotspot,
        owner=book.organisations[_owner(pattern["owner"], commune)], title=pattern[spoken],
        made_on=made, due_on=due, created_at=meeting.starts_at,
    )  # fmt: skip
    if meeting.body.levels == [1]:
        promise.public = True
        promise.public_words = {language: pattern[language] for language in ("nl", "fr")}
    roll, reasons = rng.random(), book.written["reason"][spoken]
    if due < SETTLED_BEFORE and roll < 0.96:
        state, days, reason = (
            ("kept", -rng.randint(1, 20), "") if roll < 0.6
            else ("kept", rng.randint(5, 40), reasons["late"]) if roll < 0.78
            else ("partly", rng.randint(0, 15), reasons["partly"]) if roll < 0.88
            else ("dropped", 0, reasons["dropped"])
        )  # fmt: skip
        promise.state, promise.reason = state, reason
        promise.settled_on = max(made, due + timedelta(days=days))
        if state == "kept":
            promise.evidence = book.written["evidence"][spoken]
    book.promises.append(promise)


def _owner(code: str, commune: Area | None) -> str:
    """The organisation of a pattern: the commune of the meeting, or the one that is named."""
    return f"commune-{commune.code.lower()}" if code == "commune" and commune else code


def _keep(book: _Book) -> None:
    Presence.objects.bulk_create(book.presences)
    Decision.objects.bulk_create(book.decisions)
    Shared.objects.bulk_create(book.shared)
    Answer.objects.bulk_create(book.answers)
    Pulse.objects.bulk_create(book.pulses)
    kept = Commitment.objects.bulk_create(book.promises)
    steps = [Step(commitment=made, code="make", at=made.created_at, by=made.owner.code) for made in kept]
    for made in kept:
        if made.settled_on is not None:
            at = datetime.combine(made.settled_on, time(12), ZoneInfo(book.zone.timezone))
            steps.append(
                Step(
                    commitment=made,
                    code=STEPS[made.state],
                    at=at,
                    by=made.owner.code,
                    comment=made.reason or made.evidence,
                )
            )
    Step.objects.bulk_create(steps)

"""Reports of the demonstration: what schedules draw and for whom, a saved choice, and a few that were drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vicus.web.meetings.models import Meeting, Presence
from vicus.web.reports import services
from vicus.web.reports.kinds import KINDS
from vicus.web.zone.models import Zone

FROM = date(2026, 11, 1)
MONTH, QUARTER = "2026-10", "2026-Q3"

SCHEDULES = (
    (
        "mayor",
        "month",
        5,
        ["fr", "nl"],
        ["pdf"],
        "Cabinets des bourgmestres / Kabinetten van de burgemeesters",
    ),
    ("month", "month", 5, ["nl"], ["pdf", "xlsx"], "Hotspotbeheerders"),
    (
        "coordination",
        "quarter",
        8,
        ["nl", "fr"],
        ["pdf", "docx"],
        "Coördinatieplatform / Plateforme de coordination",
    ),
    ("pack", "before", 7, ["fr"], ["pdf"], "Présidences des réunions"),
)
"""Kind, rhythm, day, languages, formats, for whom in the languages of the zone."""


def load(zone: Zone, *, actor: str) -> None:
    """Schedules first, then reports on demand; what is drawn stands in the archive as for anybody."""
    for code, rhythm, day, languages, formats, audience in SCHEDULES:
        services.keep_schedule(
            zone=zone, kind=KINDS[code], actor=actor, starts_on=FROM, rhythm=rhythm, day=day, languages=languages,
            formats=formats, audience=audience, places=[], left_out=[],
        )  # fmt: skip
    services.save_selection(
        zone=zone, name="Maandrapport hotspots 11-13", kind=KINDS["month"], period="", actor=actor,
        places=["11", "12", "13"], languages=["nl"], formats=["pdf"], left_out=["numbers"],
    )  # fmt: skip
    for code, place, period, language, formats in _asked(zone):
        services.draw(
            zone=zone,
            kind=KINDS[code],
            place=place,
            period=period,
            language=language,
            formats=formats,
            actor=actor,
        )


def _asked(zone: Zone) -> Iterator[tuple[str, str, str, str, list[str]]]:
    yield "month", "12", MONTH, "nl", ["pdf"]
    yield "mayor", "MSJ", MONTH, "fr", ["pdf"]
    yield "mayor", "MSJ", MONTH, "nl", ["pdf", "docx"]
    yield "coordination", "", QUARTER, "nl", ["pdf"]
    held = Meeting.objects.filter(zone=zone, body__commune__code="MSJ", state=Meeting.State.MINUTED)
    for code, level in (("pack", "municipal-msj"), ("partner-pack", "partners-msj")):
        meeting = held.filter(body__code=level).order_by("-starts_at").first()
        if meeting is None:
            continue
        if code == "pack":
            yield code, str(meeting.pk), "", "fr", ["pdf"]
            continue
        came = meeting.presences.filter(
            state=Presence.State.PRESENT, organisation__kind__in=["prevention", "youth", "housing"]
        )
        for presence in came.select_related("organisation")[:2]:
            yield code, f"{meeting.pk}/{presence.organisation.code}", "", "fr", ["pdf"]

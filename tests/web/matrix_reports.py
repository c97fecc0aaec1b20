"""Addresses of reports. Whoever draws reports builds them; the mayor's office and partners open what is theirs."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.documents.content import Document, Section, Sentence
from vicus.web.accounts.models import User
from vicus.web.meetings.models import Body, Meeting, Presence
from vicus.web.reports import archive
from vicus.web.reports.models import Drawn, Order, Schedule, Selection, Template
from vicus.web.zone.models import Area, Membership, Organisation, Zone

READ = POLICE | {"mayor"}
"""A partner without an organisation reads no meetings, so no reports."""
PLAN = frozenset({"analyst", "division_head", "direction"})
WHOLE = POLICE - {"division_head"}
"""A division head without a commune sees the pages, and no place."""


def document(title: str) -> Document:
    """A report of one sentence."""
    return Document(
        language="en", locale="en_GB", kicker="Report", title=title, subtitle="", subject=title, author="Zone", keywords=(),
        produced_by="Vicus", known_at=datetime(2026, 11, 1, tzinfo=UTC), running=(title, title), footer="Zone",
        figure="Figure", table="Table", sections=(Section("", (Sentence(title),), sheet="Summary"),),
    )  # fmt: skip


def kept(zone: Zone, pk: int, kind: str, place: str) -> None:
    """A report in the archive, with its files."""
    told = document(f"{kind} {place}")
    made = archive.render(told, "pdf")
    Drawn.objects.bulk_create([
        Drawn(
            pk=pk, zone=zone, kind=kind, place=place, title=told.title, period="2026-10", language="en", format="pdf",
            number=1, inputs={"software": "1"}, content_sha256=archive.keep_content(zone, told),
            sha256=archive.keep_file(zone, made, "pdf"), size=len(made), drawn_by="a test",
        )
    ])  # fmt: skip


def drawn(zone: Zone) -> None:
    """One of a hotspot, one of the zone, one of a meeting and its pack for a partner, who has an organisation."""
    places(zone)
    commune = Area.objects.filter(zone=zone, kind=Area.Kind.COMMUNE).first()
    body = Body.objects.create(zone=zone, code="reports", names={"en": "Platform"}, levels=[2])
    meeting = Meeting.objects.create(
        pk=71, zone=zone, body=body, levels=[2], starts_at=datetime(2026, 10, 5, 12, tzinfo=UTC), language="fr",
        state=Meeting.State.HELD,
    )  # fmt: skip
    for code in ("school", "youth"):
        organisation = Organisation.objects.create(zone=zone, code=code, names={"en": code}, kind=code)
        Presence.objects.create(meeting=meeting, organisation=organisation, state=Presence.State.PRESENT)
    Membership.objects.filter(zone=zone, user__username="partner").update(
        organisation=zone.organisations.get(code="youth")
    )
    mayor = Membership.objects.get(zone=zone, user__username="mayor")
    if commune is not None:
        mayor.areas.add(commune)
    kept(zone, 81, "month", "1")
    kept(zone, 82, "coordination", "")
    kept(zone, 83, "pack", "71")
    kept(zone, 84, "partner-pack", "71/youth")
    kept(zone, 85, "partner-pack", "71/school")
    kept(zone, 86, "mayor", commune.code if commune else "")


def planned(zone: Zone) -> None:
    """A schedule, a saved choice, an order of the analyst, a template."""
    drawn(zone)
    wanted: dict[str, Any] = {"zone": zone, "kind": "coordination", "languages": ["nl"], "formats": ["pdf"]}
    when = {"rhythm": "quarter", "day": 5, "starts_on": date(2026, 1, 1)}
    Schedule.objects.create(pk=91, audience="Direction", made_by="a test", **when, **wanted)
    Selection.objects.create(pk=92, name="Quarter", saved_by="a test", places=[""], **wanted)
    Order.objects.create(pk=93, asked_by=User.objects.get(username="analyst"), total=1, places=[""], **wanted)
    sha256 = archive.keep_file(zone, b"PK", "template")
    Template.objects.create(pk=94, zone=zone, name="Letter", sha256=sha256, uploaded_by="a test")


def of(pk: int) -> dict[str, Any]:
    """The address of one thing."""
    return WEST | {"pk": pk}


SCHEDULE = {"audience": "Direction", "rhythm": "quarter", "day": "5", "languages": ["nl"], "formats": ["pdf"]}
post = partial(Row, method="post")
ROWS = (
    Row("reports:list", READ, WEST),
    Row("reports:list", READ | {"partner"}, WEST, prepare=drawn),
    Row("reports:drawn", WHOLE, of(81), prepare=drawn),
    Row("reports:drawn", WHOLE, of(82), prepare=drawn),
    Row("reports:drawn", WHOLE, of(83), prepare=drawn, exceptions={"hotspot_manager": 404}),
    Row("reports:drawn", {"analyst", "direction", "partner"}, of(84), prepare=drawn),
    Row("reports:drawn", {"analyst", "direction"}, of(85), prepare=drawn),
    Row("reports:drawn", (), of(99), prepare=drawn),
    # The door asks what for.
    Row("reports:file", WHOLE, of(81), ok=403, prepare=drawn),
    Row("reports:file", {"analyst", "direction", "partner"}, of(84), ok=403, prepare=drawn),
    Row("reports:file", {"analyst", "direction"}, of(85), ok=403, prepare=drawn),
    Row("reports:kinds", POLICE, WEST),
    Row("reports:build", POLICE, WEST | {"kind": "mayor"}),
    Row("reports:build", (), WEST | {"kind": "unheard-of"}),
    post("reports:build", POLICE, WEST | {"kind": "month"}, ok=422),
    Row("reports:order", {"analyst"}, of(93), prepare=planned),
    post("reports:remove_saved", WHOLE, of(92), ok=302, prepare=planned),
    Row("reports:schedules", PLAN, WEST),
    Row("reports:schedule_new", PLAN, WEST | {"kind": "coordination"},
        exceptions={"division_head": 404}),
    post("reports:schedule_new", PLAN, WEST | {"kind": "mayor"}, ok=422),
    post("reports:schedule_new", PLAN - {"division_head"}, WEST | {"kind": "coordination"}, data=SCHEDULE, ok=302),
    Row("reports:schedule", PLAN - {"division_head"}, of(91), prepare=planned),
    post("reports:schedule_stop", PLAN - {"division_head"}, of(91), ok=302, prepare=planned),
    Row("reports:templates", PLAN, WEST),
    post("reports:templates", PLAN, WEST, ok=422),
    Row("reports:template_test", (), of(99), prepare=planned),
    post("reports:template_remove", PLAN, of(94), ok=302, prepare=planned),
)  # fmt: skip

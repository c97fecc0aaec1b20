"""Fills an empty data folder with a zone to walk through: `python furnished_zone.py`, with VICUS_HOME set.

Territory, outlines and facts come from the demonstration's generator, made small: six hotspots and forty months that end
with the last full month, three exports, some perimeters renewed, phases, accounts. In the last month one hotspot has far
more than expected, one far fewer; one has hardly ever a fact. A second zone has a stranger.
Writes the accounts into sources/people.json.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SLUG, ELSEWHERE = "west", "east"
PASSWORD = "correct-horse-battery"
ACTOR = "tests"
MONTHS = 40
SHARE = 0.4
"""Share of the demonstration's facts, so that the zone is furnished in a few seconds."""
HOTSPOTS = {2: 0.02, 4: SHARE, 9: SHARE, 11: SHARE, 12: SHARE, 16: SHARE}
"""Number and share; the first has hardly ever a fact."""
MANAGED = (11, 12)
ROLES = (
    "hotspot_manager", "analyst", "division_head", "direction", "mayor", "partner", "auditor", "administrator",
)  # fmt: skip
TWICE = ("hotspot_manager", "analyst", "auditor")
"""Roles with a second account: a code of the second factor counts once, and these sign in again."""


@dataclass(frozen=True)
class Person:
    """An account and what its owner knows and holds."""

    username: str
    role: str
    password: str
    secret: str


@dataclass(frozen=True)
class Town:
    """A running installation with the furnished zone."""

    url: str
    people: dict[str, Person]

    def address(self, path: str = "") -> str:
        """An address of the site; of the furnished zone where the path does not begin with a slash."""
        return self.url + (path if path.startswith("/") else f"/{SLUG}/{path}")

    def code_now(self, username: str) -> str:
        """What the authenticator of this account shows at this moment. It counts once."""
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

        return str(format_hotp_value(hotp_value(self.people[username].secret, int(time.time()) // 30)))


TODAY = datetime.now(ZoneInfo("Europe/Brussels")).date()
"""The day in the zone when the run began."""


def last_month(today: date) -> date:
    """The first day of the last full month."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def furnish(home: Path) -> list[Person]:
    """Everything, through the services that people use."""
    import numpy as np
    import pandas as pd

    from vicus.demo import registrations, territory

    month = last_month(TODAY)
    registrations.BACKGROUND_MONTHLY = 90.0
    registrations.truths = lambda: [
        {"kind": kind, "hotspot": number, "from": month, "factor": factor}
        for kind, number, factor in (("increase", 4, 4.0), ("decrease", 12, 0.05))
    ]
    random = np.random.default_rng(11)
    plan = territory.plan()
    areas = territory.areas(plan)
    outlines = territory.hotspots(plan, areas, random)
    outlines = outlines[outlines["number"].isin(list(HOTSPOTS))].reset_index(drop=True)
    outlines["monthly"] *= outlines["number"].map(HOTSPOTS)
    months = pd.period_range(end=pd.Period(month, "M"), periods=MONTHS, freq="M")
    incidents = registrations.draw(areas, outlines, months, random)
    zone = _zone(plan, areas, home)
    _facts(zone, incidents, month, home)
    _hotspots(zone, outlines, month, home)
    people = _people(zone)
    _promises(zone)
    return people


def _zone(plan: dict[str, Any], areas: Any, home: Path) -> Any:
    from vicus.demo import territory
    from vicus.web.facts.services import import_nomenclature
    from vicus.web.zone.services import create_zone, import_territory
    from vicus.web.zone.territory.streets import import_streets

    zone = create_zone(
        actor=ACTOR,
        slug=SLUG,
        names={"nl": "Zone West", "fr": "Zone Ouest", "en": "West Zone"},
        languages=["fr", "nl"],
        crs=plan["zone"]["crs"],
        timezone=plan["zone"]["timezone"],
    )
    names = {"nl": "name_nl", "fr": "name_fr"}
    for above, kind in zip(("", *territory.LEVELS), territory.LEVELS, strict=False):
        columns: dict[str, Any] = {"kind": kind, "code": "code", "names": names, "population": "population"}
        if above:
            columns |= {"parent": "parent", "parent_kind": above}
        path = home / f"{kind}.geojson"
        path.write_text(territory.to_geojson(areas[areas["kind"] == kind]), encoding="utf-8")
        import_territory(zone=zone, path=path, actor=ACTOR, columns=columns)
    path = home / "street.geojson"
    path.write_text(territory.to_geojson(territory.streets(areas)), encoding="utf-8")
    import_streets(zone=zone, path=path, actor=ACTOR)
    nomenclature = home / "nomenclature.csv"
    nomenclature.write_bytes(files("vicus.demo").joinpath("nomenclature.csv").read_bytes())
    import_nomenclature(zone=zone, path=nomenclature, actor=ACTOR)
    return zone


def _facts(zone: Any, incidents: Any, month: date, home: Path) -> None:
    """Three exports: what was known one month and half a month ago, and what is known since."""
    import numpy as np

    from vicus.demo import registrations
    from vicus.incidents.mapping import Mapping
    from vicus.web.facts.services import import_file, save_mapping

    text = files("vicus.demo").joinpath("mapping.toml").read_text(encoding="utf-8")
    mapping = Mapping.parse(text)
    save_mapping(zone=zone, name=mapping.name, mapping=mapping, actor=ACTOR)
    since = None
    following = (month + timedelta(days=31)).replace(day=1)
    for day in (month - timedelta(days=5), month + timedelta(days=15), following):
        rows = registrations.export(incidents, day, since)
        if day == following:
            # What of the month would be exported later is in this export too, so that the month is whole.
            rows = registrations.export(incidents, day + timedelta(days=40), since)
            rows = rows[rows["reported"] < np.datetime64("now")]
        path = home / f"incidents-{day}.parquet"
        rows.to_parquet(path, index=False)
        known_at = min(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), datetime.now(UTC))
        import_file(zone=zone, path=path, mapping=mapping, actor=ACTOR, known_at=known_at)
        since = day


def _hotspots(zone: Any, outlines: Any, month: date, home: Path) -> None:
    from vicus.demo import territory
    from vicus.web.hotspots.models import Hotspot
    from vicus.web.hotspots.services import Decision, import_perimeters, pass_to_phase

    narrower = outlines.set_geometry(outlines.geometry.buffer(-8, join_style="mitre"))
    renewed = outlines[outlines["number"].isin([4, 11, 12])]
    decided = {month - timedelta(days=900): narrower, month - timedelta(days=180): renewed}
    for place, (day, table) in enumerate(decided.items()):
        path = home / f"hotspots-{place}.geojson"
        path.write_text(territory.to_geojson(table.drop(columns="monthly")), encoding="utf-8")
        decision = Decision(
            decided_by="zonal council",
            reference=f"decision {place + 1}",
            legal_basis="Zonal Security Plan",
            purpose="Recurring harm on a small part of the sector.",
            exit_criteria="Twelve months within the expected range.",
            valid_from=day,
        )
        import_perimeters(zone=zone, path=path, actor=ACTOR, decision=decision)
    for number, phases in {
        9: (("clear", 700),),
        11: (("clear", 400), ("hold", 120)),
        12: (("clear", 300),),
    }.items():
        for kind, days in phases:
            pass_to_phase(
                hotspot=Hotspot.objects.get(zone=zone, number=number),
                kind=kind,
                started_on=month - timedelta(days=days),
                decided_by="zonal council",
                actor=ACTOR,
            )


def _people(zone: Any) -> list[Person]:
    from vicus.web.hotspots.models import Hotspot
    from vicus.web.hotspots.services import assign
    from vicus.web.zone.services import create_zone

    names = {"nl": "Zone Oost", "fr": "Zone Est", "en": "East Zone"}
    elsewhere = create_zone(actor=ACTOR, slug=ELSEWHERE, names=names)
    people = [_person(zone, role.replace("_", "-"), role) for role in ROLES]
    people += [_person(zone, f"{role.replace('_', '-')}-2", role) for role in TWICE]
    people += [_person(zone, "keyboard", "hotspot_manager"), _person(elsewhere, "stranger", "analyst")]
    manager = zone.memberships.get(user__username="hotspot-manager").user
    for hotspot in Hotspot.objects.filter(zone=zone, number__in=MANAGED):
        assign(hotspot=hotspot, manager=manager, deputy=None, actor=ACTOR)
    return people


def _promises(zone: Any) -> None:
    """Two organisations, one of them the partner's; promises of both that are open, late, kept and dropped."""
    from vicus.web.hotspots.models import Hotspot
    from vicus.web.meetings import promises
    from vicus.web.zone.models import Organisation

    kinds = {
        "housing": ("Sociale huisvesting", "Logement social"),
        "transport": ("Openbaar vervoer", "Transports publics"),
    }
    owners = {
        code: Organisation.objects.create(
            zone=zone,
            code=code,
            kind=code,
            names={"nl": nl, "fr": fr},
            language="nl",
            mailbox=f"{code}@example.org",
        )
        for code, (nl, fr) in kinds.items()
    }
    zone.memberships.filter(role="partner").update(organisation=owners["housing"])
    for code, title, days, steps in (
        ("housing", "Lampen in de inkomhal vervangen", 5, ()),
        ("housing", "Kelders afsluiten", -12, ()),
        ("housing", "Fietsenstalling opruimen", -40, ("keep",)),
        ("transport", "Camera boven de trap richten", 20, ()),
        ("transport", "Halte elke week reinigen", -30, ("drop",)),
    ):
        made = promises.make(
            actor=ACTOR, zone=zone, meeting=None, owner=owners[code], title=title, level=2,
            made_on=TODAY - timedelta(days=60), due_on=TODAY + timedelta(days=days),
            hotspot=Hotspot.objects.get(zone=zone, number=MANAGED[0]),
        )  # fmt: skip
        for step in steps:
            promises.take(
                commitment=made, code=step, actor=ACTOR, on=TODAY - timedelta(days=35),
                evidence="Gezien op het terrein.", reason="Geen budget dit jaar.",
            )  # fmt: skip


def _person(zone: Any, username: str, role: str) -> Person:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from vicus.web.accounts.services import create_user
    from vicus.web.zone.services import assign_role

    user, password = create_user(
        actor=ACTOR,
        username=username,
        name=username.replace("-", " ").title(),
        password=PASSWORD,
        zone=zone,
    )
    areas = zone.areas.filter(kind="commune", code="MSJ") if role in ("division_head", "mayor") else ()
    assign_role(actor=ACTOR, zone=zone, user=user, role=role, areas=areas)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return Person(username, role, password, secret)


if __name__ == "__main__":
    from vicus.cli.installation import migrate, start

    start()
    migrate()
    source = Path(os.environ["VICUS_HOME"]) / "sources"
    source.mkdir()
    people = [asdict(person) for person in furnish(source)]
    (source / "people.json").write_text(json.dumps(people), encoding="utf-8")

"""Puts the demonstration zone into an installation, through the same services that people use."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from vicus.demo import acting, knowing, meeting, phasing, planning, publishing, redrawing, reporting
from vicus.demo.sheets import write_sheets
from vicus.demo.territory import LEVELS
from vicus.demo.world import Demonstration, generate
from vicus.incidents.mapping import Mapping
from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.accounts.services import create_user
from vicus.web.facts.services import import_file, import_nomenclature, save_mapping
from vicus.web.hotspots import warming
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import Decision, assign, import_perimeters, pass_to_phase
from vicus.web.zone.models import Zone
from vicus.web.zone.services import assign_role, create_zone, import_territory
from vicus.web.zone.territory.streets import import_streets

ACTOR = "demonstration"

LANGUAGES = {
    "hotspot_manager": "nl",
    "analyst": "fr",
    "division_head": "fr",
    "direction": "nl",
    "mayor": "fr",
}
"""Language of the demonstration accounts; the others speak English."""

COMMUNE_OF = {"division_head": "MSJ", "mayor": "MSJ"}
MANAGED = range(11, 14)
"""Hotspots of the account hotspot_manager."""

IN_ORDINARY_WORK = {4: date(2021, 1, 1)}
"""Hotspots whose phase is older than the moves that `phasing` tells."""


def load(folder: Path, tell: Callable[[str, float], None]) -> Zone:
    """Generate the zone, write its files into `folder`, and import them. `tell` hears each step and the share done."""
    tell("Generating six years of incidents", 0.0)
    world = generate()
    world.write(folder)
    tell("Territory", 0.15)
    zone = _zone(world, folder)
    mapping = Mapping.parse(files("vicus.demo").joinpath("mapping.toml").read_text(encoding="utf-8"))
    save_mapping(zone=zone, name=mapping.name, mapping=mapping, actor=ACTOR)
    exports = sorted(folder.glob("incidents-*.parquet"))
    for done, path in enumerate(exports):
        day = date.fromisoformat(path.stem.removeprefix("incidents-"))
        tell(f"Export of {day}", 0.2 + 0.7 * done / len(exports))
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        import_file(zone=zone, path=path, mapping=mapping, actor=ACTOR, known_at=noon)
    tell("Hotspots", 0.92)
    _hotspots(zone, folder)
    tell("Accounts", 0.96)
    _accounts(zone)
    accounts = {user.username: user for user in User.objects.filter(is_demo=True)}
    tell("Phases", 0.965)
    phasing.load(
        zone,
        asks=accounts["demo-analyst"],
        decides=accounts["demo-direction"],
        decided_by=decision_words(zone.languages)["decided_by"],
    )
    tell("Sheets", 0.97)
    write_sheets(zone, accounts["demo-hotspot-manager"], accounts["demo-division-head"])
    tell("Figures", 0.97)
    warming.zone(zone)
    tell("Actions", 0.98)
    acting.load(zone, actor=ACTOR, until=date.fromisoformat(exports[-1].stem.removeprefix("incidents-")))
    tell("Perimeters", 0.99)
    redrawing.load(zone, analyst=accounts["demo-analyst"], direction=accounts["demo-direction"])
    tell("Meetings", 0.995)
    meeting.load(zone, actor=ACTOR)
    publishing.load(zone, actor=ACTOR)
    tell("Plan", 0.998)
    planning.load(
        zone,
        writes=accounts["demo-analyst"],
        decides=accounts["demo-direction"],
        decided_by=decision_words(zone.languages)["decided_by"],
    )
    tell("Knowledge", 0.999)
    knowing.load(zone, actor=ACTOR)
    tell("Reports", 0.9995)
    reporting.load(zone, actor=ACTOR)
    tell("Ready", 1.0)
    return zone


def _zone(world: Demonstration, folder: Path) -> Zone:
    plan = world.plan["zone"]
    zone = create_zone(
        actor=ACTOR,
        slug=plan["slug"],
        names=plan["names"],
        languages=plan["languages"],
        crs=plan["crs"],
        timezone=plan["timezone"],
        is_demo=True,
    )
    names = {language: f"name_{language}" for language in plan["languages"]}
    for above, kind in zip(("", *LEVELS), LEVELS, strict=False):
        columns: dict[str, Any] = {"kind": kind, "code": "code", "names": names, "population": "population"}
        if above:
            columns |= {"parent": "parent", "parent_kind": above}
        import_territory(zone=zone, path=folder / f"{kind}.geojson", actor=ACTOR, columns=columns)
    import_streets(zone=zone, path=folder / "street.geojson", actor=ACTOR)
    with files("vicus.demo").joinpath("nomenclature.csv").open("rb") as source:
        (folder / "nomenclature.csv").write_bytes(source.read())
    import_nomenclature(zone=zone, path=folder / "nomenclature.csv", actor=ACTOR)
    return zone


def decision_words(languages: Sequence[str]) -> dict[str, str]:
    """What stands in a decision, in every language of the zone, as a bilingual authority writes it."""
    texts = tomllib.loads(files("vicus.demo").joinpath("decisions.toml").read_text(encoding="utf-8"))
    return {name: " / ".join(text[language] for language in languages) for name, text in texts.items()}


def _hotspots(zone: Zone, folder: Path) -> None:
    for path in sorted(folder.glob("hotspots-*.geojson")):
        day = date.fromisoformat(path.stem.removeprefix("hotspots-"))
        words: dict[str, Any] = {
            name: text.format(day=day) for name, text in decision_words(zone.languages).items()
        }
        decision = Decision(**words, valid_from=day)
        import_perimeters(zone=zone, path=path, actor=ACTOR, decision=decision)
    for hotspot in Hotspot.objects.filter(zone=zone, number__in=IN_ORDINARY_WORK):
        pass_to_phase(
            hotspot=hotspot,
            kind="ordinary",
            started_on=IN_ORDINARY_WORK[hotspot.number],
            decided_by=decision_words(zone.languages)["decided_by"],
            actor=ACTOR,
        )


def _accounts(zone: Zone) -> None:
    """One account a role; they are opened from the role switch, without a password, on this machine only."""
    for code, role in ROLES.items():
        language = LANGUAGES.get(code, "en")
        user, _password = create_user(
            actor=ACTOR, username=f"demo-{code.replace('_', '-')}", name=f"Demo {role.name}", language=language,
            is_demo=True, zone=zone,
        )  # fmt: skip
        areas = zone.areas.filter(kind="commune", code=COMMUNE_OF[code]) if code in COMMUNE_OF else ()
        assign_role(actor=ACTOR, zone=zone, user=user, role=code, areas=areas)
    manager = User.objects.get(username="demo-hotspot-manager")
    for hotspot in Hotspot.objects.filter(zone=zone, number__in=MANAGED):
        assign(hotspot=hotspot, manager=manager, deputy=None, actor=ACTOR)

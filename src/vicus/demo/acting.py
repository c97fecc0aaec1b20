"""Actions of the demonstration zone with their visits, designs and one assessment; generated from actions.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from vicus.web.actions import assessing, designing, services
from vicus.web.actions.models import Action, Visit
from vicus.web.hotspots.queries import hotspots
from vicus.web.zone.models import Zone

SEED = 2027
SHAPE = (
    "title", "kind", "lead", "partners", "problem", "objective", "mechanism", "legal_basis", "proportionality",
    "capacity_hours", "visits_a_week", "minutes", "days", "from_hour", "to_hour",
)  # fmt: skip
ASSESSED = 12
"""The hotspot whose finished action carries an assessment."""


def written() -> dict[str, Any]:
    """The actions and the words of the assessment, as written in actions.toml."""
    return tomllib.loads(files("vicus.demo").joinpath("actions.toml").read_text(encoding="utf-8"))


def both(words: Any, languages: Sequence[str]) -> Any:
    """A text in the languages of the zone it was written in, as a bilingual authority does; the rest as it is."""
    if not isinstance(words, Mapping):
        return words
    return " / ".join(words[language] for language in languages if language in words)


@transaction.atomic
def load(zone: Zone, *, actor: str, until: date) -> None:
    """Plan the actions in the order in which they began, each with what was known that day; visits up to `until`."""
    rng = np.random.default_rng(SEED)
    told, places = written(), hotspots(zone)
    by_number = {hotspot.number: hotspot for hotspot in places}
    for entry in sorted(told["action"], key=lambda entry: entry["start"]):
        action = services.plan(
            hotspot=by_number[entry["hotspot"]],
            actor=actor,
            starts_on=entry["start"],
            ends_on=entry["end"],
            note=both(told["assessment"]["label"], zone.languages),
            **{name: both(entry[name], zone.languages) for name in SHAPE if name in entry},
        )
        known = min(entry["start"], until)
        designing.prepare(
            action=action, hotspots=places, on=known, actor=actor, months_after=entry["months_after"]
        )
        if "blocker" in entry:
            services.take(
                action=action, code="block", on=known, hotspots=places, actor=actor, blocker=entry["blocker"]
            )
        if entry["start"] > until or "blocker" in entry:
            continue
        action = services.take(action=action, code="start", on=entry["start"], hotspots=places, actor=actor)
        for visit in _visits(action, entry, until, rng):
            services.log_visit(action=action, actor=actor, source=Visit.Source.FILE, **visit)
        if entry.get("close"):
            services.take(action=action, code="finish", on=entry["end"], hotspots=places, actor=actor)
    words = {name: both(text, zone.languages) for name, text in told["assessment"].items()}
    _assess(zone, places, until, actor, words)


def _visits(
    action: Action, entry: dict[str, Any], until: date, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    """Visits on the planned days, some left out, a fortnight without any around the New Year."""
    clock = ZoneInfo(action.hotspot.zone.timezone)
    days, wanted = entry["days"] or list(range(7)), entry["visits_a_week"]
    start, end = entry.get("from_hour", 9), entry.get("to_hour", 18)
    hours = [hour % 24 for hour in range(start, end if end > start else end + 24)]
    units = [Visit.Unit(entry["unit"])] if "unit" in entry else [Visit.Unit.NEIGHBOURHOOD, Visit.Unit.BICYCLE]
    monday = entry["start"] - timedelta(days=entry["start"].weekday())
    while monday <= min(entry["end"], until):
        for day in sorted(rng.choice(days, wanted, replace=wanted > len(days))):
            on = monday + timedelta(days=int(day))
            here = rng.random() < entry["delivered"] and not (on.month, on.day) >= (12, 21)
            hour, minute = int(rng.choice(hours)), int(rng.integers(60))
            minutes = max(5, int(rng.normal(entry["minutes"], entry["minutes"] / 6)))
            unit, key = units[int(rng.integers(len(units)))], UUID(bytes=rng.bytes(16), version=4)
            # A window past midnight belongs to the evening before.
            at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=clock)
            at += timedelta(days=1) if end <= start and hour < end else timedelta()
            if here and entry["start"] <= on <= min(entry["end"], until):
                yield {"key": key, "unit": unit, "minutes": minutes, "started_at": at}
        monday += timedelta(days=7)


def _assess(zone: Zone, places: list[Any], until: date, actor: str, words: Mapping[str, str]) -> None:
    """One assessment as a hotspot manager would make it."""
    begun = Action.objects.filter(hotspot__zone=zone, design__frozen_on__isnull=False)
    for judged in assessing.of_zone(zone, places, list(begun.select_related("hotspot__zone", "design"))):
        if judged.found.action.hotspot.number == ASSESSED:
            assessing.assess(
                judged=judged,
                made_on=until,
                rivals={
                    "season": {"answer": "no", "why": words["season"]},
                    "recording": {
                        "answer": "possible",
                        "why": words["recording"],
                    },
                    "actions": {"answer": "no", "why": ""},
                    "works": {"answer": "no", "why": ""},
                },
                complaints=2,
                perception="",
                confidence="medium",
                decision="continue",
                why=words["why"],
                decided_by=words["decided_by"],
                actor=actor,
            )

"""The Zonal Security Plan of the demonstration zone and its yearly evaluations, generated from plans.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from django.db import transaction

from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot
from vicus.web.plans import evaluating, rules, services
from vicus.web.plans.models import Plan
from vicus.web.zone.models import Zone


def written() -> dict[str, Any]:
    """Plan, words and evaluations, as written in plans.toml."""
    return tomllib.loads(files("vicus.demo").joinpath("plans.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load(zone: Zone, *, writes: User, decides: User, decided_by: str) -> None:
    """The plan with all that stands in it, then the evaluations in the order of their days."""
    told = written()
    places = {hotspot.number: hotspot for hotspot in zone.hotspots.all()}
    plan = _plan(zone, told, places, writes, decides)
    for entry in sorted(told["evaluation"], key=lambda entry: entry["on"]):
        on = entry["on"]
        thing: dict[str, Any] = {"plan": plan} if entry.get("plan") else {"hotspot": places[entry["hotspot"]]}
        found = evaluating.begin(zone=zone, year=entry["year"], actor=writes, on=on, **thing)
        words = {
            key: {
                "text": _both(told["words"][key], zone.languages),
                "nature": told["words"][key]["nature"],
                "reliability": told["words"][key]["reliability"],
            }
            for key in rules.TEXTS
        }
        evaluating.write(evaluation=found, words=words, revision=0, actor=writes)
        evaluating.take(evaluation=found, code="ask", actor=writes, on=on)
        if entry.get("state") == "asked":
            continue
        reason = _both(told["reason"][entry["decision"]], zone.languages)
        evaluating.take(
            evaluation=found, code="decide", actor=decides, on=on, decision=entry["decision"], reason=reason,
            decided_by=decided_by,
        )  # fmt: skip


def _plan(
    zone: Zone, told: Mapping[str, Any], places: Mapping[int, Hotspot], writes: User, decides: User
) -> Plan:
    head = told["plan"]
    fields = {name: head[name] for name in ("titles", "from_year", "to_year")}
    plan = services.write_plan(zone=zone, plan=None, fields=fields, revision=0, actor=writes)
    owners = {organisation.code: organisation for organisation in zone.organisations.all()}

    def part(kind: str, under: Any, fields: Mapping[str, Any]) -> Any:
        return services.write_part(kind=kind, under=under, fields=fields, revision=0, actor=writes)

    for one in told["priority"]:
        priority = part("priority", plan, {"titles": one["titles"], "words": one["words"]})
        for aim in one["objective"]:
            objective = part(
                "objective", priority,
                {"titles": aim["titles"], "owner": owners.get(aim["owner"]), "role": _both(aim["role"], zone.languages)},
            )  # fmt: skip
            for number in aim.get("hotspots", ()):
                services.link(objective=objective, hotspot=places[number], actor=writes)
            for entry in aim["indicator"]:
                told_once = {name: _both(entry.get(name, {}), zone.languages) for name in ("unit", "source")}
                part("indicator", objective, {**entry, **told_once})
    reference = _both(head["reference"], zone.languages)
    return services.take(plan=plan, code="adopt", actor=decides, on=head["on"], reference=reference)


def _both(words: Mapping[str, str], languages: Sequence[str]) -> str:
    """A text in the languages of the zone it was written in, as a bilingual authority does."""
    return " / ".join(words[language] for language in languages if language in words)

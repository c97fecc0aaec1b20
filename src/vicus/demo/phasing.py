"""Phases of the demonstration zone: moves asked and decided through the years, generated from phases.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from django.db import transaction

from vicus.web.accounts.models import User
from vicus.web.hotspots.queries import hotspots
from vicus.web.phases import computed, queries, rules, services
from vicus.web.phases.computed import Basis
from vicus.web.phases.models import Move
from vicus.web.phases.services import Answer
from vicus.web.zone.models import Zone


def plan() -> dict[str, Any]:
    """The moves and their words, as written in phases.toml."""
    return tomllib.loads(files("vicus.demo").joinpath("phases.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load(zone: Zone, *, asks: User, decides: User, decided_by: str) -> None:
    """Every move in the order of its day. What waits carries the figures that the store gives now."""
    written = plan()
    label = _both(written["label"], zone.languages)
    by_number = {hotspot.number: hotspot for hotspot in hotspots(zone)}
    for entry in written["move"]:
        hotspot, on = by_number[entry["hotspot"]], entry["on"]
        known = {**written["evidence"], **entry.get("evidence", {})}
        move = services.draw_up(hotspot=hotspot, target=entry["to"], actor=asks, on=on)
        answers = {code: _answer(known[code], zone.languages, label) for code in entry["done"]}
        move = services.write(move=move, answers=answers, revision=0, actor=asks)
        state = entry.get("state", "granted")
        if state == "draft":
            continue
        figures = _figures(zone, move) if state == "asked" else {}
        services.take(move=move, code="ask", actor=asks, on=on, figures=figures)
        said: dict[str, Any] = {
            name: _both(entry[name], zone.languages) for name in ("comment", "exception") if name in entry
        }
        if state == "granted":
            services.take(move=move, code="grant", actor=decides, on=on, decided_by=decided_by, **said)
        elif state == "refused":
            services.take(move=move, code="refuse", actor=decides, on=on, **said)


def _figures(zone: Zone, move: Move) -> dict[str, Any]:
    """What is worked out beside the gate now."""
    places = hotspots(zone)
    answered = computed.answer(zone, places)
    here = next(hotspot for hotspot in places if hotspot.pk == move.hotspot_id)
    found = answered[1].figures.get(here.number) if answered else None
    gate = rules.gate_of(move.source, move.target)
    return computed.work_out(gate, Basis(here, found, queries.stable_months(zone)))


def _answer(words: Mapping[str, str], languages: Sequence[str], label: str) -> Answer:
    evidence = f"{_both(words, languages)} {label}"
    return Answer(done=True, evidence=evidence, nature=words["nature"], reliability="confirmed")


def _both(words: Mapping[str, str], languages: Sequence[str]) -> str:
    """A text in the languages of the zone it was written in, as a bilingual authority does."""
    return " / ".join(words[language] for language in languages if language in words)

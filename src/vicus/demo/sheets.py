"""SARA sheets of the demonstration: past months written, submitted and validated through the services that people use.

Invented and labelled; the words follow how each month really compared, so that a sheet does not contradict its figures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

from vicus.incidents.months import month_after, months_before
from vicus.pictures import sentences
from vicus.web.accounts.models import User
from vicus.web.hotspots import queries as places
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import frozen, queries, services, shape
from vicus.web.sara.models import Observation, Problem, ProblemNote, Promise, Review, SaraSheet
from vicus.web.zone.models import Zone

MONTHS = 4
LANGUAGE_OF = {11: "nl", 12: "fr", 13: "nl"}
LAST_STEP = {11: "", 12: "submit", 13: "return"}
"""How far the newest sheet of each hotspot has come; the months before are validated, the oldest archived."""


def write_sheets(zone: Zone, manager: User, head: User) -> None:
    """Sheets of the last months for the hotspots that the demonstration's manager looks after."""
    words = tomllib.loads(files("vicus.demo").joinpath("sheets.toml").read_text(encoding="utf-8"))
    hotspots = places.hotspots(zone)
    last = queries.month_to_write(zone)
    for hotspot in hotspots:
        if hotspot.number not in LANGUAGE_OF:
            continue
        language = LANGUAGE_OF[hotspot.number]
        said = words[language]
        month = months_before(last, MONTHS - 1)
        problem = _problem(hotspot, said, manager, _moment(month, 4))
        while month <= last:
            newest = month == last
            sheet = _written(zone, hotspots, hotspot, problem, month, said, language, manager, brief=newest)
            _passed(sheet, LAST_STEP[hotspot.number] if newest else "validate", said, manager, head)
            if month == months_before(last, MONTHS - 1):
                services.step(sheet=sheet, name="archive", actor=head, at=_moment(month, 25))
            month = month_after(month)


def _problem(hotspot: Hotspot, said: dict[str, Any], manager: User, at: datetime) -> Problem:
    answers = {
        "community": True, "community_why": said["community"], "harm": True, "expectation": True, "events": True,
        "recurring": True, "similarity": True, "similarity_why": said["similarity"], "place": said["place"],
    }  # fmt: skip
    values = {
        **answers, "title": said["problem"], "pattern": f"{said['pattern']} {said['label']}", "status": "open",
        "problem_type": said["type"], **{key: said[key] for key in ("hypothesis", "disproof", "tried")},
    }  # fmt: skip
    found: Problem = services.keep(
        kind=shape.PROBLEM, thing=Problem(hotspot=hotspot), values=values, actor=manager, at=at
    )
    return found


def _written(
    zone: Zone,
    hotspots: Sequence[Hotspot],
    hotspot: Hotspot,
    problem: Problem,
    month: date,
    said: dict[str, Any],
    language: str,
    manager: User,
    *,
    brief: bool,
) -> SaraSheet:
    """A sheet with its texts and entries; the one still being written has but its observations."""
    at = _moment(month, 11)
    sheet = services.open_sheet(hotspot=hotspot, month=month, actor=manager, at=at)
    turn = month.month % len(said["promises"])
    for promise in queries.open_promises(hotspot, month):
        _keep(shape.REVIEW, Review(sheet=sheet, promise=promise), _review(said, month), manager, at)
    seen = said["observations"][turn]
    last_day = month_after(month) - timedelta(days=1)
    _keep(
        shape.OBSERVATION,
        Observation(sheet=sheet),
        {"about": "situation", "tension_kind": "", **seen, "seen_on": last_day - timedelta(days=9)},
        manager,
        at,
    )
    if brief and LAST_STEP[hotspot.number] == "":
        return sheet
    shown = frozen.to_freeze(zone, hotspots, hotspot, month, at)
    assert shown is not None
    state = shown.figures.state if shown.figures.state in said else "within"
    told = said["from_figures"].format(sentence=sentences.sentence(shown.figures, language))
    texts = {
        "situation": f"{said[state]} {told} {said['label']}",
        "change": f"{said['change']} {said['label']}",
        "remarks": f"{said['remarks']} {said['label']}",
    }
    for key, text in texts.items():
        services.write(sheet=sheet, key=key, text=text, revision=0, actor=manager, at=at)
    note = {"problem": problem.pk, "changed": said["note"], "standing": "supported", "update": ""}
    _keep(shape.NOTE, ProblemNote(sheet=sheet), note, manager, at)
    due = month_after(month_after(month)) - timedelta(days=1)
    proposed = {**said["promises"][turn], "due": due, "lead": said["lead"], "problem": problem.pk}
    _keep(shape.PROMISE, Promise(sheet=sheet), proposed, manager, at)
    return sheet


def _review(said: dict[str, Any], month: date) -> dict[str, Any]:
    """What became of a promise: done in one month, partly in the next."""
    done = month.month % 2 == 0
    return {
        "kept": "done" if done else "partly", "why": said["done"] if done else said["partly"],
        "decision": "close" if done else "continue", "confidence": "middle",
    }  # fmt: skip


def _passed(sheet: SaraSheet, upto: str, said: dict[str, Any], manager: User, head: User) -> None:
    """The steps of a sheet in their order, each on its day."""
    if not upto:
        return
    services.step(sheet=sheet, name="submit", actor=manager, at=_moment(sheet.month, 12))
    if upto == "validate":
        services.step(sheet=sheet, name="validate", actor=head, at=_moment(sheet.month, 16))
    elif upto == "return":
        services.step(
            sheet=sheet, name="return", actor=head, comment=said["returned"], at=_moment(sheet.month, 14)
        )


def _keep(kind: shape.Kind, thing: Any, values: dict[str, Any], manager: User, at: datetime) -> None:
    services.keep(kind=kind, thing=thing, values=values, actor=manager, at=at)


def _moment(month: date, day: int) -> datetime:
    """A morning in the month after, when the exports of the month are in."""
    after = month_after(month)
    return datetime(after.year, after.month, day, 10, tzinfo=UTC)

"""Parts of pages about actions: cards, tables and lists as the components of the site want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.actions import rules
from vicus.web.actions.assessing import Judged
from vicus.web.actions.doses import Dose, dose
from vicus.web.actions.models import Action, Assessment, Design, Visit
from vicus.web.actions.queries import Reader
from vicus.web.actions.showing import drawn, sentences
from vicus.web.hotspots.models import Hotspot

State = Action.State
COLUMNS = (State.PLANNED, State.RUNNING, State.BLOCKED, State.DONE)
SOON = timedelta(days=14)
MOST_VISITS = 25


def due(action: Action, today: date, language: str) -> tuple[str, bool]:
    """What is due of an action, and whether it is late: its start, or its end."""
    if action.state in (State.DONE, State.DROPPED):
        closed = words.day(action.closed_on, language, style="medium") if action.closed_on else ""
        return (_("closed on %(day)s") % {"day": closed} if closed else ""), False
    if action.begun_on is None:
        day, late = action.starts_on, action.starts_on < today
        text = _("starts on %(day)s") % {"day": words.day(day, language, style="medium")}
    else:
        day, late = action.ends_on, action.ends_on < today
        text = _("ends on %(day)s") % {"day": words.day(day, language, style="medium")}
    return f"{text}, {_('overdue')}" if late else text, late


def is_due(action: Action, wanted: str, today: date) -> bool:
    """Does an action fall under a choice of the filter?"""
    if action.state in (State.DONE, State.DROPPED):
        return False
    day = action.starts_on if action.begun_on is None else action.ends_on
    return day < today if wanted == "overdue" else today <= day <= today + SOON


def card(action: Action, today: date, language: str) -> dict[str, Any]:
    """An action on the board."""
    when, late = due(action, today, language)
    found = dose(action, list(action.visits.all()), today)
    told = ""
    if found.planned_minutes:
        told = _("%(delivered)s of %(planned)s") % {
            "delivered": sentences.minutes(found.delivered_minutes, language),
            "planned": sentences.minutes(found.planned_minutes, language),
        }
    return {
        "action": action,
        "url": reverse("actions:action", args=[action.hotspot.zone.slug, action.pk]),
        "due": when,
        "late": late,
        "dose": told,
        "behind": found.behind and action.state == State.RUNNING,
        "share": min(1.0, found.delivered_minutes / found.planned_minutes) if found.planned_minutes else None,
    }


def board(found: Sequence[Action], today: date, language: str) -> list[dict[str, Any]]:
    """The columns of the board with their cards; what was given up stands with what is done."""
    columns = []
    for state in COLUMNS:
        states = {state, State.DROPPED} if state == State.DONE else {state}
        cards = [card(action, today, language) for action in found if action.state in states]
        if state == State.DONE:
            cards.sort(key=lambda c: c["action"].closed_on or today, reverse=True)
        columns.append({"state": state, "label": state.label, "tone": rules.TONES[state], "cards": cards})
    return columns


def facts(action: Action, language: str) -> list[tuple[str, Any]]:
    """The plan of an action as names and values; empty ones are left out."""
    items: list[tuple[str, Any]] = [
        (_("Kind of action"), action.get_kind_display()),
        (_("Lead organisation"), action.lead),
        (_("Partners"), action.partners),
        (_("Planned"), _("%(start)s to %(end)s") % {
            "start": words.day(action.starts_on, language, style="medium"),
            "end": words.day(action.ends_on, language, style="medium"),
        }),
        (_("Begun on"), words.day(action.begun_on, language, style="medium") if action.begun_on else ""),
        (_("Planned dose"), sentences.planned(action, language)),
        (_("Phase"), action.get_phase_display()),
        (_("Place"), action.place),
        (_("Legal basis"), action.legal_basis),
        (_("Proportionality"), action.proportionality),
        (_("Capacity"), _("%(n)s hours of work") % {"n": words.number(action.capacity_hours, language)}
         if action.capacity_hours is not None else ""),
        (_("Cost"), f"€ {words.number(action.cost, language)}" if action.cost is not None else ""),
        *((entry["name"], _indicator(entry)) for entry in action.indicators),
    ]  # fmt: skip
    return [(name, value) for name, value in items if value]


def _indicator(entry: Mapping[str, str]) -> str:
    return _("%(baseline)s → %(target)s (source: %(source)s)") % {
        "baseline": entry["baseline"] or "?",
        "target": entry["target"] or "?",
        "source": entry["source"],
    }


def steps(who: Reader, action: Action) -> list[dict[str, Any]]:
    """What may happen to an action now, for this reader; what needs words leads to a page that asks."""
    return [
        {
            "label": step.verb,
            "url": reverse("actions:step", args=[who.zone.slug, action.pk, step.code]),
            "asks": bool({"blocker", "note"} & set(step.needs)),
            "primary": step.code in ("start", "resume"),
            "danger": step.code == "drop",
        }
        for step in rules.open_steps(action)
        if who.may(step.by, action.hotspot)
    ]


def dose_figure(action: Action, found: Dose, language: str) -> dict[str, Any]:
    """Planned and delivered side by side, week by week."""
    shown: dict[str, Any] = {
        "id": "dose",
        "level": 2,
        "finding": sentences.dose(action, found, language),
        "measured": _("Minutes on the ground a week. Dose is never part of a ranking."),
    }
    if found.weeks:
        shown["picture"] = drawn.dose_bars(found.weeks, language)
        shown["table"] = {
            "id": "dose-table",
            "caption": _("Planned and delivered a week"),
            "columns": [
                {"key": "week", "label": _("Week from")},
                {"key": "planned", "label": _("Planned, minutes"), "numeric": True},
                {"key": "delivered", "label": _("Delivered, minutes"), "numeric": True},
                {"key": "visits", "label": _("Visits"), "numeric": True},
                {"key": "window", "label": _("In the planned windows"), "numeric": True},
            ],
            "rows": [
                {
                    "cells": [
                        words.day(week.monday, language, style="medium"),
                        {
                            "value": round(week.planned) if action.has_dose else None,
                            "missing": _("none planned"),
                        },
                        week.delivered,
                        week.visits,
                        week.in_window,
                    ]
                }
                for week in reversed(found.weeks)
            ],
        }
    return shown


def visits_table(action: Action, visits: Sequence[Visit], language: str) -> dict[str, Any]:
    """The last visits."""
    clock = ZoneInfo(action.hotspot.zone.timezone)

    def row(visit: Visit) -> dict[str, Any]:
        at = visit.started_at.astimezone(clock)
        return {
            "cells": [
                f"{words.day(at.date(), language, style='medium')}, {at:%H:%M}",
                visit.minutes,
                visit.get_unit_display(),
                visit.get_kind_display(),
                {"value": visit.observation or None, "missing": "–"},
            ]
        }

    note = ""
    if len(visits) > MOST_VISITS:
        note = _("The last %(n)s of %(all)s visits") % {
            "n": MOST_VISITS,
            "all": words.number(len(visits), language),
        }
    return {
        "id": "visits",
        "caption": _("Visits"),
        "columns": [
            {"key": "start", "label": _("Start")},
            {"key": "minutes", "label": _("Minutes"), "numeric": True},
            {"key": "unit", "label": _("Unit")},
            {"key": "kind", "label": _("Kind of visit")},
            {"key": "seen", "label": _("What was seen of the place")},
        ],
        "rows": [row(visit) for visit in visits[:MOST_VISITS]],
        "note": note,
        "state": "" if visits else "empty",
        "message": {"title": _("No visit noted yet")},
    }


def trends(design: Design, hotspots: Sequence[Hotspot], language: str) -> list[dict[str, Any]]:
    """The months before of the place and of each comparison area, side by side on one scale."""
    if not design.usable:
        return []
    figures, titles = design.figures, {h.number: h.title for h in hotspots}
    here = design.action.hotspot.number
    history = {int(number): values for number, values in figures["history"].items()}
    months = [date.fromisoformat(month) for month in figures["months"]]
    top = max((max(values) for values in history.values()), default=1)
    why = {entry["number"]: sentences.control(entry, language) for entry in figures["controls"]}
    return [
        {
            "title": titles.get(number, str(number)),
            "here": number == here,
            "why": _("where the action is") if number == here else why[number],
            "picture": drawn.trend(
                history[number],
                top,
                drawn.trend_label(titles.get(number, str(number)), history[number], months, language),
                strong=number == here,
            ),
        }
        for number in (here, *figures["numbers"])
    ]


def design_items(
    design: Design, names: Mapping[str, str], hotspots: Sequence[Hotspot], language: str
) -> list[tuple[str, Any]]:
    """What was fixed: windows, surroundings, versions."""
    if not design.usable:
        return []
    f, titles = design.figures, {h.number: h.title for h in hotspots}

    def months(start: str, end: str) -> str:
        last = date.fromisoformat(end) - timedelta(days=1)
        return _("%(start)s to %(end)s") % {
            "start": words.day(date.fromisoformat(start), language),
            "end": words.day(last, language),
        }

    return [
        (_("Before"), months(f["before_from"], f["before_to"])),
        (_("After"), months(f["after_from"], f["after_to"])),
        (_("Facts counted"), words.listed([names.get(c, c) for c in design.categories], language)
         if design.categories else _("all categories, reported facts")),
        (_("Surroundings"), _("%s m") % words.number(f["buffer_m"], language)),
        (_("Months compared for likeness"), months(f["history_from"], f["history_to"])),
        (_("Left out"), _left_out(f["left_out"], titles, language)),
        (_("Data version"), str(f["data_version"])),
    ]  # fmt: skip


def _left_out(found: Mapping[str, str], titles: Mapping[int, str], language: str) -> str:
    """Hotspots that are no comparison, by the reason why."""
    groups: dict[str, list[str]] = {}
    for number, why in found.items():
        groups.setdefault(why, []).append(titles.get(int(number), number))
    told = [
        f"{words.listed(names, language)} ({sentences.LEFT_OUT.get(why, why)})"
        for why, names in groups.items()
    ]
    return "; ".join(told) or _("nothing")


def results_table(judged: Sequence[Judged], language: str) -> dict[str, Any]:
    """Every evaluation of the zone, corrected together."""

    def row(one: Judged) -> dict[str, Any]:
        found, action = one.found, one.found.action
        cells: list[Any] = [
            {"value": action.title, "minor": action.hotspot.title},
            _("%(done)s of %(planned)s months") % {"done": found.months[1], "planned": found.planned_months}
            if not found.why
            else {"value": None, "missing": str(sentences.WHY_NOT.get(found.why, ""))},
        ]
        for where in ("inside", "around", "together"):
            effect = found.effects.get(where)
            if effect is None:
                cells.append({"value": None, "missing": _("not enough data")})
                continue
            cells.append(
                {
                    "value": sentences.amount(effect.change, language),
                    "minor": _("from %(low)s to %(high)s") % {
                        "low": sentences.amount(effect.low, language),
                        "high": sentences.amount(effect.high, language),
                    },
                }
            )  # fmt: skip
        cells.append(
            {
                "value": str(sentences.VERDICTS[one.verdict("inside")]),
                "minor": "" if found.complete else _("so far"),
            }
            if found.effects
            else {"value": None, "missing": _("not enough data")}
        )
        return {"cells": cells, "url": reverse("actions:action", args=[action.hotspot.zone.slug, action.pk])}

    return {
        "id": "evaluations",
        "caption": _("Facts a month against the comparison areas"),
        "columns": [
            {"key": "action", "label": _("Action")},
            {"key": "months", "label": _("Counted")},
            {"key": "inside", "label": _("In the perimeter")},
            {"key": "around", "label": _("Around it")},
            {"key": "together", "label": _("Both together")},
            {"key": "verdict", "label": _("In the perimeter, corrected")},
        ],
        "rows": [row(one) for one in judged],
        "state": "" if judged else "empty",
        "message": {
            "title": _("No evaluation has begun"),
            "text": _("A design is fixed when an action starts."),
        },
    }


def result_trends(one: Judged, hotspots: Sequence[Hotspot], language: str) -> list[dict[str, Any]]:
    """Place and comparison areas before and after, the start marked."""
    found = one.found
    if found.series is None or not found.effects:
        return []
    titles = {h.number: h.title for h in hotspots}
    here, months = found.action.hotspot.number, found.series.months
    start = date.fromisoformat(found.action.design.figures["before_to"])
    cut = next((i for i, month in enumerate(months) if month >= start), None)
    level = found.action.design.figures["level"]
    others = [
        round(sum(v) / level) for v in zip(*(found.series.inside[n] for n in found.numbers), strict=True)
    ]
    rows = [
        (titles.get(here, ""), found.series.inside[here], True),
        (_("Comparison areas, at the level of this place"), others, False),
        (_("In the ring around it"), found.series.around[here], False),
    ]
    top = max(max(values) for _name, values, _strong in rows)
    return [
        {
            "title": name,
            "here": strong,
            "why": "",
            "picture": drawn.trend(
                values, top, drawn.trend_label(name, values, months, language), cut=cut, strong=strong
            ),
        }
        for name, values, strong in rows
    ]


def side_effects(assessment: Assessment | None) -> list[dict[str, Any]]:
    """Side effects beside the result; what nobody recorded is said to be so, never zero (R31)."""
    got = assessment
    return [
        {"label": _("Complaints"), "value": got.complaints if got else None},
        {"label": _("Identity checks"), "value": got.identity_checks if got else None},
        {"label": _("What residents perceive"), "value": (got.perception or None) if got else None},
    ]


def past_assessments(action: Action, language: str) -> list[dict[str, Any]]:
    """Assessments as they were made, newest first."""
    return [
        {
            "day": words.day(entry.made_on, language),
            "decision": entry.get_decision_display(),
            "confidence": entry.get_confidence_display(),
            "by": entry.decided_by,
            "why": entry.why,
            "measures": side_effects(entry),
            "rivals": [
                (label, rules.ANSWERS[entry.rivals[code]["answer"]], entry.rivals[code]["why"])
                for code, label in rules.RIVALS.items()
                if code in entry.rivals
            ],
        }
        for entry in action.assessments.all()
    ]

"""Parts of pages about phases: sentences, the strip, tables and checklists as the components want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.pictures import words
from vicus.web.hotspots.models import Hotspot, Phase
from vicus.web.hotspots.queries import active
from vicus.web.phases import queries, rules
from vicus.web.phases.models import Item, Move
from vicus.web.phases.queries import Reader
from vicus.web.phases.rules import Gate

FEWEST_DAYS = 730
"""The strip covers two years at least, so that a young phase does not look like an age."""


def told(kind: str) -> str:
    """A phase in words; none is said too."""
    return str(Phase.Kind(kind).label) if kind else _("no phase decided")


def leads(kind: str, language: str) -> str:
    """The lead agencies of a phase: "police zone, with federal police and federal judicial police"."""
    first, *others = [str(name) for name in rules.LEADS[kind]]
    if not others:
        return first
    return _("%(first)s, with %(others)s") % {"first": first, "others": words.listed(others, language)}


def sentence(hotspot: Hotspot, language: str) -> str:
    """Where the hotspot stands, since when and who leads."""
    phase = queries.present(hotspot)
    if phase is None:
        return _("No phase was decided for this hotspot yet.")
    return _("%(phase)s since %(day)s, led by %(leads)s.") % {
        "phase": words.capital(told(phase.kind)),
        "day": words.day(phase.started_on, language),
        "leads": leads(phase.kind, language),
    }


def strip(hotspot: Hotspot, today: date, language: str) -> dict[str, Any] | None:
    """The phases through time, as the component of the site wants them; ordinary work is the ground."""
    found = sorted(hotspot.phases.all(), key=lambda p: p.started_on)
    if not found:
        return None
    start = min(found[0].started_on, today - timedelta(days=FEWEST_DAYS))
    spans = [
        {
            "phase": phase.kind,
            "start": phase.started_on,
            "end": phase.ended_on,
            "label": f"{words.capital(told(phase.kind))}, {period(phase, language)}",
        }
        for phase in found
    ]
    drawn = [span for span in spans if span["phase"] != Phase.Kind.ORDINARY]
    return {
        "id": "strip",
        "start": start,
        "end": max(today, found[-1].started_on),
        "start_label": words.month_name(start, language, year=True),
        "end_label": words.month_name(today, language, year=True),
        "alternative": "; ".join(str(span["label"]) for span in spans),
        "spans": drawn,
    }


def period(phase: Phase, language: str) -> str:
    """From when until when; the last day of a phase is the one before the next begins."""
    start = words.day(phase.started_on, language, style="medium")
    if phase.ended_on is None:
        return _("since %(day)s") % {"day": start}
    end = words.day(phase.ended_on - timedelta(days=1), language, style="medium")
    return _("%(start)s to %(end)s") % {"start": start, "end": end}


def worked_out(code: str, values: Mapping[str, Any], language: str) -> str:
    """What the system worked out beside an item, in a sentence; empty when nothing was."""
    if not values:
        return ""
    if code == "stable":
        return _stable(values, language)
    if code == "above":
        return _above(values, language)
    if code == "presence":
        return _presence(values, language)
    return ""


def _stable(values: Mapping[str, Any], language: str) -> str:
    n = values["months"]
    text = ngettext(
        "%(n)s month in a row up to %(month)s was not above its expected range in this phase.",
        "%(n)s months in a row up to %(month)s were not above their expected range in this phase.",
        n,
    )
    return text % {
        "n": words.number(n, language),
        "month": words.month_name(date.fromisoformat(values["until"]), language, year=True),
    }


def _wanted(values: Mapping[str, Any], language: str) -> str:
    months = values.get("wanted")
    return _("The zone asks for %(n)s.") % {"n": words.number(months, language)} if months else ""


def _above(values: Mapping[str, Any], language: str) -> str:
    states = {
        "above": _("above the expected range"),
        "within": _("within the expected range"),
        "below": _("below the expected range"),
    }
    return _(
        "%(n)s reported facts in %(month)s, %(state)s; %(above)s of the last %(of)s months were above theirs."
    ) % {
        "n": words.number(values["n"], language),
        "month": words.month_name(date.fromisoformat(values["month"]), language, year=True),
        "state": states.get(values["state"], values["state"]),
        "above": words.number(values["above"], language),
        "of": words.number(values["of"], language),
    }


def _presence(values: Mapping[str, Any], language: str) -> str:
    n = values["actions"]
    if not n:
        return _("No action with a planned dose is planned or running here.")
    text = ngettext(
        "%(n)s action with a planned dose is planned or running here: %(minutes)s minutes a week.",
        "%(n)s actions with a planned dose are planned or running here: %(minutes)s minutes a week.",
        n,
    )
    return text % {
        "n": words.number(n, language),
        "minutes": words.number(values["minutes_a_week"], language),
    }


def checklist(
    gate: Gate, move: Move | None, figures: Mapping[str, Any], language: str
) -> list[dict[str, Any]]:
    """The items of a gate: what is said, and what the system knows beside it."""
    kept: dict[str, Item] = {item.code: item for item in move.items.all()} if move else {}
    lines = []
    for asked in gate.items:
        item = kept.get(asked.code)
        values = figures.get(asked.computed, {})
        known = worked_out(asked.computed, values, language)
        if asked.code == "stable":
            known = f"{known} {_wanted(values, language)}".strip()
        chips = [item.get_nature_display(), item.get_reliability_display()] if item and item.evidence else []
        lines.append(
            {
                "code": asked.code,
                "title": asked.title,
                "hint": asked.hint,
                "done": bool(item and item.done),
                "evidence": item.evidence if item else "",
                "sure": ", ".join(str(chip) for chip in chips),
                "computed": known,
            }
        )
    return lines


def readiness(move: Move | None, source: str, figures: Mapping[str, Any], language: str) -> str:
    """How far the gate is: the checklist of an open move, or what figures say of the next gate."""
    if move is not None:
        items = list(move.items.all())
        return _("%(done)s of %(all)s items done") % {
            "done": words.number(sum(item.done for item in items), language),
            "all": words.number(len(items), language),
        }
    stable = figures.get("stable")
    if stable and source == Phase.Kind.HOLD:
        text = ngettext(
            "%(n)s stable month, %(wanted)s asked", "%(n)s stable months, %(wanted)s asked", stable["months"]
        )
        return text % {
            "n": words.number(stable["months"], language),
            "wanted": words.number(stable["wanted"], language),
        }
    return ""


def history(hotspot: Hotspot, language: str) -> dict[str, Any]:
    """The phases of a hotspot, newest first."""
    found = sorted(hotspot.phases.all(), key=lambda p: p.started_on, reverse=True)
    return {
        "id": "phases",
        "caption": _("Phases until now"),
        "columns": [
            {"key": "phase", "label": _("Phase")},
            {"key": "from", "label": _("From")},
            {"key": "to", "label": _("Until")},
            {"key": "leads", "label": _("Lead agencies")},
            {"key": "decided", "label": _("Decided by"), "wide": True},
        ],
        "rows": [
            {
                "cells": [
                    words.capital(told(phase.kind)),
                    words.day(phase.started_on, language, style="medium"),
                    {
                        "value": words.day(phase.ended_on - timedelta(days=1), language, style="medium")
                        if phase.ended_on
                        else None,
                        "missing": _("still going on"),
                    },
                    leads(phase.kind, language),
                    {"value": _(phase.decided_by), "minor": phase.decision_reference},
                ]
            }
            for phase in found
        ],
        "state": "" if found else "empty",
        "message": {"title": _("No phase was decided yet")},
    }


def steps(move: Move, language: str) -> list[dict[str, str]]:
    """What happened to a move, in order."""
    verbs = {"draw_up": _("drawn up"), "ask": _("asked"), "withdraw": _("withdrawn"), "grant": _("granted"),
             "refuse": _("refused")}  # fmt: skip
    return [
        {
            "what": words.capital(verbs.get(step.code, step.code)),
            "when": words.day(step.taken_on, language, style="medium"),
            "by": step.by,
            "comment": step.comment,
        }
        for step in move.steps.all()
    ]


def past(moves: Sequence[Move], language: str) -> list[dict[str, Any]]:
    """Moves that were decided or withdrawn, newest first, each with its checklist."""
    return [
        {
            "title": queries.title(move),
            "state": move.get_state_display(),
            "tone": rules.TONES[Move.State(move.state)],
            "steps": steps(move, language),
            "exception": move.exception,
            "items": checklist(rules.gate_of(move.source, move.target), move, move.figures, language),
        }
        for move in sorted(moves, key=lambda m: (m.decided_on or m.drawn_up_on, m.pk), reverse=True)
        if move.state not in rules.OPEN
    ]


def table(
    who: Reader, moves: Mapping[int, Move], figures: Mapping[int, Mapping[str, Any]], language: str
) -> dict[str, Any]:
    """Every hotspot the reader sees: its phase, who leads, how far the next gate is, what waits."""

    def row(hotspot: Hotspot) -> dict[str, Any]:
        phase, move = queries.present(hotspot), moves.get(hotspot.pk)
        kind = phase.kind if phase else ""
        since = words.day(phase.started_on, language, style="medium") if phase else ""
        ready = readiness(move, kind, figures.get(hotspot.pk, {}), language)
        return {
            "cells": [
                hotspot.title,
                {"value": words.capital(told(kind)) if kind else None, "missing": _("no phase decided")},
                {"value": since or None, "missing": "–"},
                {"value": ready or None, "missing": "–"},
                {
                    "value": queries.title(move) if move else None,
                    "minor": _state(move, language) if move else "",
                    "missing": _("nothing"),
                },
            ],
            "url": reverse("phases:hotspot", args=[who.zone.slug, hotspot.number]),
        }

    seen = active(who.seen())
    return {
        "id": "phases",
        "whole": True,
        "caption": _("Phases of the hotspots"),
        "caption_hidden": True,
        "columns": [
            {"key": "hotspot", "label": _("Hotspot")},
            {"key": "phase", "label": _("Phase")},
            {"key": "since", "label": _("Since")},
            {"key": "gate", "label": _("Next gate")},
            {"key": "waits", "label": _("What waits")},
        ],
        "rows": [row(hotspot) for hotspot in seen],
        "state": "" if seen else "empty",
        "message": {
            "title": _("No hotspots yet"),
            "text": _("They come with their outlines: vicus hotspots import."),
        },
    }


def _state(move: Move, language: str) -> str:
    if move.state == Move.State.ASKED and move.asked_on:
        return _("asked on %(day)s") % {"day": words.day(move.asked_on, language, style="medium")}
    return str(move.get_state_display())

"""The design of an evaluation: windows, comparison areas, what could be seen; fixed when the action begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.analysis import choose_controls, detectable_change
from vicus.analysis.change.overdispersion import Dispersion
from vicus.incidents.errors import IncidentError
from vicus.incidents.months import (
    first_full_month,
    first_whole_month,
    month_after,
    months_before,
    months_between,
)
from vicus.incidents.store import Store
from vicus.incidents.versions import Version
from vicus.web.actions import evaluation, rules
from vicus.web.actions.counting import Monthly, monthly
from vicus.web.actions.models import Action, Design
from vicus.web.audit.models import Action as Act
from vicus.web.audit.services import record
from vicus.web.audit.texts import set_aside
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, keeping
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import perimeter_for

CONTROLS = 5
"""Comparison areas taken by default."""

HISTORY = 36
FEWEST_MONTHS = 12
"""Months of history the design rests on, at most and at least."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hotspot that may serve for comparison, or the reason why it may not."""

    hotspot: Hotspot
    why_not: str = ""


def perimeters_on(hotspots: Sequence[Hotspot], day: date) -> dict[int, Perimeter]:
    """The outline of each hotspot that figures of that day rest on."""
    used = {hotspot.number: perimeter_for(list(hotspot.perimeters.all()), day) for hotspot in hotspots}
    return {number: found.perimeter for number, found in used.items() if found is not None}


def candidates(action: Action, design: Design, hotspots: Sequence[Hotspot], start: date) -> list[Candidate]:
    """Every other hotspot: those too near, without an outline or with an action of their own say so."""
    outlines = perimeters_on(hotspots, start)
    here = outlines.get(action.hotspot.number)
    busy = _busy(action, months_before(start, design.months_before), _after(start, design.months_after))
    found = []
    for hotspot in hotspots:
        if hotspot.pk == action.hotspot_id:
            continue
        outline, why = outlines.get(hotspot.number), ""
        if outline is None or here is None:
            why = "no outline"
        elif hotspot.pk in busy:
            why = "an action of its own"
        elif outline.shape.distance(here.shape) < outline.buffer_m + here.buffer_m:
            why = "too near"
        found.append(Candidate(hotspot, why))
    return found


def _busy(action: Action, since: date, until: date) -> set[int]:
    """Hotspots in which something else is done in those months."""
    others = Action.objects.filter(hotspot__zone=action.hotspot.zone).exclude(hotspot=action.hotspot_id)
    others = others.exclude(state=Action.State.DROPPED)
    return set(others.filter(starts_on__lt=until, ends_on__gte=since).values_list("hotspot", flat=True))


def _after(start: date, months: int) -> date:
    """First day after the window that begins with the first whole month from `start` on."""
    day = first_whole_month(start)
    for _month in range(months):
        day = month_after(day)
    return day


def work_out(action: Action, design: Design, hotspots: Sequence[Hotspot], *, on: date) -> dict[str, Any]:
    """What the design rests on, as known on a day: plain values, or `why` it cannot be worked out.

    Facts of the months before, the comparison areas and how alike they were, how much months vary, and the
    smallest change that could be seen.
    """
    zone, number = action.hotspot.zone, action.hotspot.number
    start = max(on, action.starts_on) if action.begun_on is None else action.begun_on
    known = _data(zone, on)
    if known is None:
        return {"why": "no facts"}
    store, version = known
    outlines = perimeters_on(hotspots, start)
    if number not in outlines:
        return {"why": "no outline"}
    span = figures.span(store, zone, version)
    if span.first_day is None or span.last_day is None:
        return {"why": "no facts"}
    end = min(start.replace(day=1), month_after(asking.last_month(span)))
    since = max(months_before(end, HISTORY), first_full_month(span.first_day))
    if len(months_between(since, end)) < FEWEST_MONTHS:
        return {"why": "short history"}
    counted = monthly(store, zone, outlines, since, end, version=version, categories=list(design.categories))
    pool = [c.hotspot.number for c in candidates(action, design, hotspots, start) if not c.why_not]
    taken = [n for n in design.chosen if n in outlines and n != number] or pool
    if not taken:
        return {"why": "no comparison"}
    chosen = choose_controls(
        [number], taken, pd.DataFrame(counted.inside).T, n=min(len(taken), len(design.chosen) or CONTROLS)
    )
    found = _figures(counted, number, chosen.pairs, design)
    before = months_before(start.replace(day=1), design.months_before)
    return {
        **found,
        "before_from": before.isoformat(),
        "before_to": start.replace(day=1).isoformat(),
        "after_from": first_whole_month(start).isoformat(),
        "after_to": _after(start, design.months_after).isoformat(),
        "buffer_m": outlines[number].buffer_m,
        "perimeters": {str(n): outlines[n].version for n in (number, *found["numbers"])},
        "history_from": since.isoformat(),
        "history_to": end.isoformat(),
        "data_version": version.number,
        "known_at": version.known_at.isoformat(),
        "software": keeping.software(),
        "left_out": {
            str(c.hotspot.number): c.why_not
            for c in candidates(action, design, hotspots, start)
            if c.why_not and c.hotspot.number not in found["numbers"]
        },
    }


def _figures(counted: Monthly, number: int, pairs: pd.DataFrame, design: Design) -> dict[str, Any]:
    numbers = [int(n) for n in pairs["control"]]
    here = counted.inside[number]
    level, vary = _alike(counted.inside, number, numbers)
    level_around, vary_around = _alike(counted.around, number, numbers)
    baseline = sum(here) / len(here)
    seen: dict[str, Any] = {"enough_data": False, "percent": None, "events": None}
    if baseline > 0 and level > 0:
        # Comparison areas that count more than the place weigh on the answer less.
        change = detectable_change(
            baseline, design.months_before, design.months_after, control_baseline=baseline / level,
            dispersion=vary if vary is not None and vary.enough_data else 1.0,
        )  # fmt: skip
        if change.enough_data:
            seen = {"enough_data": True, "percent": change.percent, "events": change.events}
    return {
        "numbers": numbers,
        "controls": [
            {
                "number": int(row["control"]),
                "distance": float(row["distance"]),
                "level": _number(row["level"]),
                "correlation": _number(row["correlation"]),
            }
            for row in pairs.to_dict("records")
        ],
        "months": [month.isoformat() for month in counted.months],
        "history": {str(n): counted.inside[n] for n in (number, *numbers)},
        "baseline": baseline,
        "level": level,
        "level_around": level_around,
        "spread": _kept(vary),
        "spread_around": _kept(vary_around),
        "detectable": seen,
    }


def _alike(
    counts: dict[int, list[int]], number: int, numbers: Sequence[int]
) -> tuple[float, Dispersion | None]:
    """Facts of the comparison areas together over those of the place, and how much both drift apart; 0 and None
    where one of them has no facts.
    """
    others = [sum(month) for month in zip(*(counts[n] for n in numbers), strict=True)]
    here = sum(counts[number])
    if not here or not sum(others):
        return 0.0, None
    level = sum(others) / here
    return level, evaluation.spread(counts[number], others, level)


def _kept(vary: Dispersion | None) -> list[float] | None:
    return [vary.phi, vary.freedom] if vary is not None and vary.enough_data else None


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _data(zone: Any, on: date) -> tuple[Store, Version] | None:
    """The facts as known on that day; None while there are none."""
    store = find_store(zone)
    if store is None:
        return None
    try:
        version = store.version(on)
    except IncidentError:
        return None
    return (store, version) if version.rows else None


# --- writing ----------------------------------------------------------------------------------------------


@transaction.atomic
def prepare(*, action: Action, hotspots: Sequence[Hotspot], on: date, actor: Any, **changes: Any) -> Design:
    """Make or change the design of an action that has not begun, and work it out with what is known that day."""
    if not rules.plan_may_change(action):
        raise ValidationError(_("The design was fixed when the action began."))
    design = Design.objects.filter(action=action).first() or Design(action=action)
    for name, value in changes.items():
        setattr(design, name, value)
    if design.chosen and not design.reason.strip():
        raise ValidationError(_("Say why these comparison areas and not those that were most alike."))
    if not design.chosen:
        design.reason = ""
    design.action = action
    design.figures = work_out(action, design, hotspots, on=on)
    design.full_clean()
    design.save()
    if changes:
        _record(design, actor, "design changed")
        set_aside(
            actor=actor, object_type="actions.design", object_id=action.pk, zone=action.hotspot.zone,
            texts=changes.values(),
        )  # fmt: skip
    return design


@transaction.atomic
def freeze(*, action: Action, hotspots: Sequence[Hotspot], on: date, actor: Any) -> Design:
    """Fix the design on the day the action begins, with what is known that day."""
    design = Design.objects.filter(action=action).first() or Design(action=action)
    design.figures = work_out(action, design, hotspots, on=on)
    design.frozen_on = on
    design.save()
    _record(design, actor, "design fixed")
    return design


def _record(design: Design, actor: Any, event: str) -> None:
    found = design.figures
    record(
        actor=actor,
        action=Act.CHANGE,
        object_type="actions.design",
        object_id=design.action_id,
        zone=design.action.hotspot.zone,
        reason=design.reason,
        details={
            "event": event,
            "comparison_areas": found.get("numbers", []),
            "chosen_by_hand": bool(design.chosen),
            "data_version": found.get("data_version"),
            "why": found.get("why", ""),
        },
    )

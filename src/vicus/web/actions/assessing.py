"""What became of an action: its facts after against before and against the comparison areas fixed beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.incidents.months import month_after
from vicus.incidents.store import Store
from vicus.incidents.versions import Version
from vicus.web.actions import evaluation, rules, services
from vicus.web.actions.counting import Monthly, monthly
from vicus.web.actions.evaluation import Compared, Effect, Verdict, Where
from vicus.web.actions.models import Action, Assessment
from vicus.web.audit.models import Action as Act
from vicus.web.audit.services import record
from vicus.web.audit.texts import set_aside
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, keeping
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Found:
    """The result of one evaluation so far; `why` says why there is none."""

    action: Action
    months: tuple[int, int] = (0, 0)
    planned_months: int = 0
    effects: Mapping[Where, Effect] = field(default_factory=dict)
    discovered: tuple[int, int] = (0, 0)
    series: Monthly | None = None
    numbers: tuple[int, ...] = ()
    busy_since: tuple[int, ...] = ()
    version: int = 0
    why: str = ""

    @property
    def complete(self) -> bool:
        """Has the whole window after been counted?"""
        return bool(self.planned_months) and self.months[1] >= self.planned_months


@dataclass(frozen=True, slots=True)
class Judged:
    """A result corrected together with all others of the zone."""

    found: Found
    adjusted: Mapping[Where, float]
    tests: int

    def verdict(self, where: Where) -> Verdict:
        """What may be said of the change there."""
        return evaluation.verdict(self.found.effects[where], self.adjusted[where])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, kept with an assessment."""
        return {
            "months": list(self.found.months),
            "planned_months": self.found.planned_months,
            "complete": self.found.complete,
            "why": self.found.why,
            "tests": self.tests,
            "data_version": self.found.version,
            "software": keeping.software(),
            "discovered": list(self.found.discovered),
            "effects": {
                where: {**asdict(effect), "adjusted": self.adjusted[where], "verdict": self.verdict(where)}
                for where, effect in self.found.effects.items()
            },
        }


def of_zone(zone: Zone, hotspots: Sequence[Hotspot], actions: Sequence[Action]) -> list[Judged]:
    """Every evaluation of the zone that has begun, all their tests corrected together.

    `actions` come with their design. What happens inside a perimeter and what happens around it are one test
    each; both together is their sum, and is told with its range only.
    """
    store = find_store(zone)
    version = store.version() if store is not None else None
    found = [_found(zone, hotspots, action, store, version) for action in actions if _frozen(action)]
    tests = {
        f"{one.action.pk} {where}": effect.p
        for one in found
        for where, effect in one.effects.items()
        if where != "together"
    }
    adjusted = evaluation.together(tests)
    return [
        Judged(
            one,
            {
                where: adjusted.get(f"{one.action.pk} {where}", effect.p)
                for where, effect in one.effects.items()
            },
            len(tests),
        )
        for one in found
    ]


def _frozen(action: Action) -> bool:
    design = getattr(action, "design", None)
    return design is not None and design.frozen_on is not None


def _found(
    zone: Zone, hotspots: Sequence[Hotspot], action: Action, store: Store | None, version: Version | None
) -> Found:
    design = action.design
    if not design.usable or store is None or version is None:
        return Found(action, why=design.figures.get("why") or "no facts")
    fixed = design.figures
    before, start = date.fromisoformat(fixed["before_from"]), date.fromisoformat(fixed["before_to"])
    after = design.starts
    last = month_after(asking.last_month(figures.span(store, zone, version)))
    end = min(date.fromisoformat(fixed["after_to"]), last)
    planned = design.months_after
    if end <= after:
        return Found(action, (design.months_before, 0), planned, why="too early", version=version.number)
    outlines = _outlines(hotspots, fixed["perimeters"])
    every = {h.number: _any_outline(h, outlines) for h in hotspots}
    counted = monthly(
        store, zone, {n: p for n, p in every.items() if p is not None}, before, end,
        version=version, categories=list(design.categories),
    )  # fmt: skip
    windows = counted.within(before, start), counted.within(after, end)
    months = (len(windows[0].months), len(windows[1].months))
    numbers, here = tuple(fixed["numbers"]), action.hotspot.number
    inside = _compared([w.inside for w in windows], here, numbers, fixed["level"])
    around = _compared([w.around for w in windows], here, numbers, fixed["level_around"])
    if inside is None:
        return Found(action, months, planned, why="no facts", version=version.number)
    return Found(
        action=action,
        months=months,
        planned_months=planned,
        effects=evaluation.effects(
            inside, around, months, inside_spread=_spread(fixed["spread"]), around_spread=_spread(fixed["spread_around"])
        ),
        discovered=(sum(windows[0].discovered[here]), sum(windows[1].discovered[here])),
        series=counted,
        numbers=numbers,
        busy_since=_busy_since(action, numbers, design.frozen_on, end),
        version=version.number,
    )  # fmt: skip


def _compared(
    counts: Sequence[Mapping[int, list[int]]], here: int, numbers: Sequence[int], level: float
) -> Compared | None:
    """Sums of both windows; None where there is no level to compare at."""
    if not level:
        return None
    before, after = ((sum(c[here]), sum(sum(c[n]) for n in numbers)) for c in counts)
    return Compared(before, after, level)


def _spread(kept: list[float] | None) -> Any:
    return evaluation.remembered(*(kept or (None, None)))


def _outlines(hotspots: Sequence[Hotspot], versions: Mapping[str, int]) -> dict[int, Perimeter]:
    """The outlines that the design fixed."""
    return {
        hotspot.number: perimeter
        for hotspot in hotspots
        for perimeter in hotspot.perimeters.all()
        if versions.get(str(hotspot.number)) == perimeter.version
    }


def _any_outline(hotspot: Hotspot, fixed: Mapping[int, Perimeter]) -> Perimeter | None:
    """The outline fixed, or the last one: ground of other hotspots is not surroundings."""
    return fixed.get(hotspot.number) or max(hotspot.perimeters.all(), key=lambda p: p.version, default=None)


def _busy_since(action: Action, numbers: Sequence[int], frozen: date | None, end: date) -> tuple[int, ...]:
    """Comparison areas in which an action was begun after the design was fixed: a rival explanation."""
    if frozen is None:
        return ()
    others = Action.objects.filter(hotspot__zone=action.hotspot.zone_id, hotspot__number__in=numbers)
    found = others.filter(begun_on__gte=frozen, begun_on__lt=end).values_list("hotspot__number", flat=True)
    return tuple(sorted(set(found)))


@transaction.atomic
def assess(
    *, judged: Judged, made_on: date, rivals: Mapping[str, Mapping[str, str]], actor: Any, **told: Any
) -> Assessment:
    """Keep an assessment as it is made: the result of the day, rival explanations, side effects, the decision.

    Deciding to stop or to close ends an action that is running.
    """
    action = judged.found.action
    unanswered = [name for name in rules.RIVALS if rivals.get(name, {}).get("answer") not in rules.ANSWERS]
    if unanswered:
        raise ValidationError(_("Answer every other explanation, also with no."))
    assessment = Assessment(
        action=action, made_on=made_on, result=judged.as_dict(), rivals=dict(rivals), **told
    )
    assessment.full_clean()
    assessment.save()
    record(
        actor=actor,
        action=Act.CHANGE,
        object_type="actions.assessment",
        object_id=action.pk,
        zone=action.hotspot.zone,
        details={
            "event": "action judged",
            "decision": assessment.decision,
            "months": list(judged.found.months),
            "data_version": judged.found.version,
        },
    )
    said = [*told.values(), *(rival.get("why", "") for rival in rivals.values())]
    set_aside(
        actor=actor,
        object_type="actions.assessment",
        object_id=action.pk,
        zone=action.hotspot.zone,
        texts=said,
    )
    if assessment.decision in rules.CLOSING and action.state == Action.State.RUNNING:
        services.take(action=action, code="finish", on=made_on, hotspots=(), actor=actor)
    return assessment

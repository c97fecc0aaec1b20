"""What a yearly evaluation says, worked out from what is in the system: plain values, as they are kept once decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation

from vicus.documents.report import Names
from vicus.documents.years import (
    Done,
    Figures,
    Fitted,
    Met,
    Outline,
    Placed,
    Promised,
    Sheets,
    Side,
    Span,
    Valued,
)
from vicus.web.actions import doses
from vicus.web.actions.models import Action, Assessment
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.queries import hotspots as every_hotspot
from vicus.web.hotspots.services import today
from vicus.web.meetings.models import Commitment, Level
from vicus.web.perimeters.models import Fit
from vicus.web.perimeters.rules import RULE_WORDS
from vicus.web.plans import counting, indicators
from vicus.web.plans.counting import Counted
from vicus.web.plans.indicators import SETTLED, Basis
from vicus.web.plans.models import Evaluation, Indicator, Objective, Plan
from vicus.web.sara.models import SaraSheet
from vicus.web.zone.models import Zone


def in_each(text: Any) -> dict[str, str]:
    """Words of the site as a reader of each language sees them."""
    told = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = str(translation.gettext(text) if isinstance(text, str) else text)
    return told


def names(given: Mapping[str, str]) -> Names:
    """Names that somebody gave, without the empty ones."""
    return {language: name for language, name in given.items() if name}


def work_out(
    evaluation: Evaluation, *, known: date | None = None
) -> tuple[Figures, Counted | None, Perimeter | None]:
    """The figures of an evaluation, the facts they rest on (as known on a day, or now) and the version of the perimeter."""
    zone = evaluation.zone
    places = every_hotspot(zone)
    counted = counting.of_year(zone, places, evaluation.year, known=known)
    day = min(date(evaluation.year, 12, 31), today(zone))
    basis = Basis(zone, places, [], evaluation.year, today(zone))
    until = known or today(zone)
    hotspot = next((one for one in places if one.pk == evaluation.hotspot_id), None)
    mine = [hotspot] if hotspot else places
    ran = _ran(mine, evaluation.year, day)
    last = counted.last if counted else day.replace(day=1)
    figures: Figures = {
        "year": evaluation.year,
        "first": date(evaluation.year, 1, 1).isoformat(),
        "last": last.isoformat(),
        "facts": None,
        "months": [],
        "phases": [],
        "outline": None,
        "fit": None,
        "actions": [_done(action, evaluation.year, day, until) for action in ran],
        "promised": _promised(zone, basis, hotspot),
        "sheets": _sheets(mine, evaluation.year, last),
        "side": _side([one for action in ran for one in _judged(action, evaluation.year, until)]),
        "meetings": _meetings(basis, hotspot),
        "indicators": [],
        "places": [],
        "names": {"zone": names(zone.names), "subject": _subject(evaluation), "commune": ""},
    }
    perimeter = None
    if hotspot is not None:
        perimeter = _of_hotspot(figures, hotspot, counted, evaluation.year, day)
    elif evaluation.plan is not None:
        figures["indicators"] = values(evaluation.plan, places, evaluation.year, known=known)
        figures["places"] = _places(evaluation.plan, places, counted, evaluation.year, day)
    return figures, counted, perimeter


def _subject(evaluation: Evaluation) -> Names:
    if evaluation.hotspot:
        return names(evaluation.hotspot.names)
    assert evaluation.plan is not None
    return names(evaluation.plan.titles)


def _of_hotspot(
    figures: Figures, hotspot: Hotspot, counted: Counted | None, year: int, day: date
) -> Perimeter | None:
    """What is told of one hotspot; the version of the perimeter it rests on."""
    figures["names"] = {
        **figures["names"],
        "commune": names(hotspot.commune.names) if hotspot.commune else "",
    }
    figures["phases"] = [
        Span(kind=p.kind, start=p.started_on.isoformat(), end=p.ended_on.isoformat() if p.ended_on else None)
        for p in hotspot.phases.all()
        if p.started_on <= day and (p.ended_on is None or p.ended_on > date(year, 1, 1))
    ]
    figures["fit"] = _fitted(hotspot, year)
    if counted is None or hotspot.number not in counted.answer.figures:
        return None
    found = counted.answer.figures[hotspot.number]
    figures["facts"] = counting.of_place(found, year)
    figures["months"] = counting.months(found, year)
    perimeter = counted.answer.used[hotspot.number].perimeter
    figures["outline"] = Outline(
        version=perimeter.version,
        valid_from=perimeter.valid_from.isoformat(),
        review_due=perimeter.review_due.isoformat(),
        decided_by=in_each(perimeter.decided_by),
        decision=perimeter.decision_reference,
    )
    return perimeter


def _fitted(hotspot: Hotspot, year: int) -> Fitted | None:
    fit = Fit.objects.filter(hotspot=hotspot, month__year=year).defer("best").order_by("-month").first()
    if fit is None:
        return None
    return Fitted(
        month=fit.month.isoformat(),
        fits=fit.fits,
        reasons=[in_each(RULE_WORDS[code]) for code in fit.reasons],
    )


def _ran(mine: Sequence[Hotspot], year: int, day: date) -> list[Action]:
    """Actions that ran in the year."""
    found = (
        Action.objects.filter(
            hotspot__in=[h.pk for h in mine],
            begun_on__isnull=False,
            begun_on__lte=day,
            ends_on__year__gte=year,
        )
        .select_related("hotspot__zone")
        .prefetch_related("visits", "assessments")
        .order_by("hotspot__number", "begun_on", "pk")
    )
    return [action for action in found if action.closed_on is None or action.closed_on.year >= year]


def _judged(action: Action, year: int, until: date) -> list[Assessment]:
    """What was found of an action since the year began, and by that day; the latest first."""
    return [one for one in action.assessments.all() if one.made_on.year >= year and one.made_on <= until]


def _done(action: Action, year: int, day: date, until: date) -> Done:
    """An action with the minutes of the year and what its last assessment found."""
    dose = doses.dose(action, list(action.visits.all()), day)
    weeks = [week for week in dose.weeks if week.monday.year == year]
    judged = next(iter(_judged(action, year, until)), None)
    effect = (judged.result.get("effects") or {}).get("inside") if judged else None
    return Done(
        title=action.title,
        kind=in_each(Action.Kind(action.kind).label),
        state=in_each(Action.State(action.state).label),
        planned=sum(week.planned for week in weeks) if action.has_dose else None,
        delivered=sum(week.delivered for week in weeks),
        verdict=effect["verdict"] if effect else "",
        change=effect["change"] if effect else None,
        low=effect["low"] if effect else None,
        high=effect["high"] if effect else None,
    )


def _promised(zone: Zone, basis: Basis, hotspot: Hotspot | None) -> Promised:
    due = Commitment.objects.filter(zone=zone, due_on__range=(basis.first, basis.last))
    if hotspot is not None:
        due = due.filter(hotspot=hotspot)
    told = list(due.values_list("state", "settled_on", "due_on"))
    kept = [
        (settled, on) for state, settled, on in told if state == Commitment.State.KEPT and settled is not None
    ]
    counts = {state: sum(one == state for one, _s, _d in told) for state in Commitment.State.values}
    return Promised(
        due=len(told),
        kept=sum(settled <= on for settled, on in kept),
        late=sum(settled > on for settled, on in kept),
        partly=counts["partly"],
        dropped=counts["dropped"],
        open=counts["open"],
    )


def _sheets(mine: Sequence[Hotspot], year: int, last: date) -> Sheets:
    active = [h.pk for h in mine if h.status == Hotspot.Status.ACTIVE] or [h.pk for h in mine]
    validated = SaraSheet.objects.filter(
        hotspot__in=active, month__range=(date(year, 1, 1), last), state__in=SETTLED
    ).count()
    return Sheets(asked=last.month * len(active), validated=validated)


def _side(found: Sequence[Assessment]) -> Side:
    """Side effects that assessments recorded; None where none did (rights R31)."""

    def summed(given: Sequence[int | None]) -> int | None:
        known = [n for n in given if n is not None]
        return sum(known) if known else None

    return Side(
        assessments=len(found),
        complaints=summed([one.complaints for one in found]),
        identity_checks=summed([one.identity_checks for one in found]),
        perception="; ".join(one.perception for one in found if one.perception),
    )


def _meetings(basis: Basis, hotspot: Hotspot | None) -> list[Met]:
    """Meetings held in the year, by level; one may count for several."""
    found = indicators.held(basis.zone, *basis.moments()).select_related("body")
    if hotspot is not None:
        found = found.filter(hotspots=hotspot) | found.filter(body__hotspot=hotspot)
    levels = [level for meeting in found.distinct() for level in meeting.levels or meeting.body.levels]
    return [
        Met(level=in_each(Level(level).label), n=levels.count(level))
        for level in sorted(set(levels), reverse=True)
    ]


def values(plan: Plan, places: Sequence[Hotspot], year: int, *, known: date | None = None) -> list[Valued]:
    """The indicators of a plan in a year, in the order of its priorities."""
    found = []
    for priority in plan.priorities.all():
        for objective in priority.objectives.all():
            basis = basis_of(objective, places, plan.zone, year, known=known)
            found += [valued(indicator, basis) for indicator in objective.indicators.all()]
    return found


def basis_of(
    objective: Objective, places: Sequence[Hotspot], zone: Zone, year: int, *, known: date | None = None
) -> Basis:
    """What the indicators of an objective look at: the hotspots that hang on it, also by a problem or an action."""
    linked = {link.place.pk for link in objective.links.all()}
    mine = [place for place in places if place.pk in linked]
    return Basis(zone, places, mine, year, today(zone), known)


def valued(indicator: Indicator, basis: Basis) -> Valued:
    """An indicator with its value in a year."""
    found = indicators.value_of(indicator, basis)
    work = indicators.WORKS.get(indicator.code)
    return Valued(
        priority=names(indicator.objective.priority.titles),
        objective=names(indicator.objective.titles),
        title=names(indicator.titles),
        unit=work.unit if work else indicator.unit,
        aim=indicator.aim,  # type: ignore[typeddict-item]  # a choice of the model
        baseline=indicator.baseline,
        target=indicator.target,
        value=found.value,
        low=found.low,
        high=found.high,
        part=found.part,
        whole=found.whole,
        source="" if work else indicator.source,
    )


def _places(
    plan: Plan, places: Sequence[Hotspot], counted: Counted | None, year: int, day: date
) -> list[Placed]:
    """The hotspots that hang on the plan, or all of the zone while none does."""
    linked = {
        link.place.pk for p in plan.priorities.all() for o in p.objectives.all() for link in o.links.all()
    }
    decided = dict(
        Evaluation.objects.filter(zone=plan.zone, year=year, state=Evaluation.State.DECIDED, hotspot__isnull=False)
        .values_list("hotspot_id", "decision")
    )  # fmt: skip
    figures = counted.answer.figures if counted else {}
    found = []
    for hotspot in places:
        if linked and hotspot.pk not in linked:
            continue
        now = [
            p
            for p in hotspot.phases.all()
            if p.started_on <= day and (p.ended_on is None or p.ended_on > day)
        ]
        found.append(
            Placed(
                number=hotspot.number,
                name=names(hotspot.names),
                facts=counting.of_place(figures[hotspot.number], year) if hotspot.number in figures else None,
                phase=now[-1].kind if now else "",
                decision=decided.get(hotspot.pk, ""),
            )
        )
    return found

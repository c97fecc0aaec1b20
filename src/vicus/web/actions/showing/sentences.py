"""What pages say of actions: the dose, what could be seen, what was found. Plain sentences with their range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vicus.pictures import words
from vicus.web.actions.assessing import Found, Judged
from vicus.web.actions.doses import Dose
from vicus.web.actions.evaluation import Effect, Where
from vicus.web.actions.models import Action, Design

WHY_NOT: dict[str, Promise] = {
    "no facts": gettext_lazy("There are no facts to count yet."),
    "no outline": gettext_lazy("This hotspot had no perimeter on that day."),
    "short history": gettext_lazy("Fewer than twelve months of facts are known before the start."),
    "no comparison": gettext_lazy("No other hotspot can serve for comparison."),
    "too early": gettext_lazy("No whole month after the start has been counted yet."),
}
LEFT_OUT: dict[str, Promise] = {
    "no outline": gettext_lazy("no perimeter on that day"),
    "too near": gettext_lazy("too near: what moves next door would spoil the comparison"),
    "an action of its own": gettext_lazy("an action of its own in those months"),
}


def minutes(value: float, language: str) -> str:
    """A dose: minutes under three hours, else hours."""
    if value < 180:
        return _("%(n)s min") % {"n": words.number(round(value), language)}
    return _("%(n)s h") % {"n": words.number(value / 60, language)}


def planned(action: Action, language: str) -> str:
    """The planned dose in words: "5 visits of 30 minutes a week, Friday and Saturday from 18:00 to 24:00"."""
    if not action.has_dose:
        return _("no visits planned")
    text = ngettext(
        "%(n)s visit of %(minutes)s minutes a week",
        "%(n)s visits of %(minutes)s minutes a week",
        action.visits_a_week or 0,
    ) % {"n": action.visits_a_week, "minutes": action.minutes}
    if action.days:
        names = words.weekdays(language)
        text += ", " + words.listed([names[day] for day in sorted(action.days)], language)
    if action.from_hour is not None and action.to_hour is not None:
        text += " " + _("from %(start)s to %(end)s") % {
            "start": words.hour(action.from_hour, language),
            "end": words.hour(action.to_hour, language),
        }
    return text


def dose(action: Action, found: Dose, language: str) -> str:
    """Planned and delivered side by side, and the longest gap."""
    if action.begun_on is None:
        return _("Planned: %(dose)s. Visits are noted once the action has begun.") % {
            "dose": planned(action, language)
        }
    if found.planned_minutes is None:
        return ngettext(
            "%(n)s visit was noted, %(delivered)s; none were planned.",
            "%(n)s visits were noted, %(delivered)s; none were planned.",
            found.visits,
        ) % {"n": found.visits, "delivered": minutes(found.delivered_minutes, language)}
    text = _("%(delivered)s delivered of %(planned)s planned, in %(visits)s visits of %(wanted)s.") % {
        "delivered": minutes(found.delivered_minutes, language),
        "planned": minutes(found.planned_minutes, language),
        "visits": words.number(found.visits, language),
        "wanted": words.number(round(found.planned_visits or 0), language),
    }
    if found.gaps:
        gap = found.gaps[0]
        text += " " + _("Longest gap: %(days)s days without a visit, from %(since)s.") % {
            "days": words.number(gap.days, language),
            "since": words.day(gap.since, language),
        }
    if found.outside_window and (action.days or action.from_hour is not None):
        text += " " + ngettext(
            "%(n)s visit began outside the planned windows.",
            "%(n)s visits began outside the planned windows.",
            found.outside_window,
        ) % {"n": words.number(found.outside_window, language)}
    return text


def detectable(design: Design, language: str) -> str:
    """The smallest change that could be seen, before anything is done."""
    found = design.figures
    if not design.usable:
        return str(WHY_NOT.get(found.get("why", "no facts"), WHY_NOT["no facts"]))
    base = words.number(found["baseline"], language, decimals=0 if found["baseline"] >= 10 else 1)
    months = ngettext("%(n)s month", "%(n)s months", design.months_after) % {"n": design.months_after}
    seen = found["detectable"]
    if not seen["enough_data"]:
        return _(
            "With %(facts)s facts a month, not even an end to all of them would show in %(months)s. Choose a longer "
            "window, or judge this action by its output."
        ) % {"facts": base, "months": months}
    return _(
        "With %(facts)s facts a month, %(months)s would only show a drop of more than %(percent)s %%; a smaller one "
        "would mostly be taken for chance."
    ) % {
        "facts": base,
        "months": months,
        "percent": words.number(seen["percent"], language),
    }  # fmt: skip


def control(entry: dict[str, Any], language: str) -> str:
    """Why an area is compared with: how alike its months were."""
    told = _("differs %(times)s times as much as chance alone would make it") % {
        "times": words.number(entry["distance"], language, decimals=1)
    }
    level = entry.get("level")
    if level is not None:
        told += "; " + _("%(percent)s %% of the facts here") % {
            "percent": words.number(100 * level, language)
        }
    return told


def amount(value: float, language: str) -> str:
    """A change in facts a month: "12 fewer", "3.5 more", "as many"."""
    size = words.number(abs(value), language, decimals=0 if abs(value) >= 10 else 1)
    if size in ("0", "0.0", "0,0"):
        return _("as many")
    return (_("%(n)s fewer") if value < 0 else _("%(n)s more")) % {"n": size}


WHERE: dict[Where, Promise] = {
    "inside": gettext_lazy("In the perimeter"),
    "around": gettext_lazy("In the ring around it"),
    "together": gettext_lazy("Both together"),
}
VERDICTS: dict[str, Promise] = {
    "fewer": gettext_lazy("fewer"),
    "more": gettext_lazy("more"),
    "no clear change": gettext_lazy("no clear change"),
}


def effect(where: Where, found: Effect, verdict: str, language: str) -> str:
    """One change with its range."""
    values = {
        "where": WHERE[where],
        "amount": amount(found.change, language),
        "low": amount(found.low, language),
        "high": amount(found.high, language),
    }
    if verdict == "no clear change":
        return _("%(where)s: no clear change (from %(low)s to %(high)s facts a month).") % values
    return (
        _(
            "%(where)s: %(amount)s facts a month than the comparison areas let expect (from %(low)s to %(high)s)."
        )
        % values
    )


def result(judged: Judged, language: str) -> str:
    """What was found, in a sentence or three."""
    found = judged.found
    if found.why:
        return str(WHY_NOT.get(found.why, WHY_NOT["no facts"]))
    said = []
    if not found.complete:
        said.append(
            _("So far, %(done)s of %(planned)s months; to be judged when the window is full.")
            % {"done": found.months[1], "planned": found.planned_months}
        )
    said += [
        effect(where, found.effects[where], judged.verdict(where), language)
        for where in ("inside", "around")
        if where in found.effects
    ]
    moved = movement(judged)
    if moved:
        said.append(moved)
    return " ".join(said)


def movement(judged: Judged) -> str:
    """Did the problem move next door, or did the benefit spread there? Said only where both changed clearly."""
    if "around" not in judged.found.effects:
        return ""
    here, there = judged.verdict("inside"), judged.verdict("around")
    if here == "fewer" and there == "more":
        return _("It looks as if the problem moved next door.")
    if here == "fewer" and there == "fewer":
        return _("It looks as if the benefit spread around.")
    return ""


def discovered(found: Found, language: str) -> str:
    """Facts discovered by police activity, told apart: they follow the attention, not the problem (R14)."""
    before, after = found.discovered
    return _(
        "Facts discovered by police activity are not in this result: %(before)s in the %(months_before)s months before, "
        "%(after)s in the %(months_after)s months after."
    ) % {
        "before": words.number(before, language),
        "after": words.number(after, language),
        "months_before": found.months[0],
        "months_after": found.months[1],
    }


def corrected(judged: Sequence[Judged]) -> str:
    """That all results are looked at together."""
    tests = judged[0].tests if judged else 0
    return ngettext(
        "%(n)s test, corrected: of what is said to have changed, at most one in twenty is expected to be chance.",
        "%(n)s tests, corrected together: of what is said to have changed, at most one in twenty is expected to be "
        "chance.",
        tests,
    ) % {"n": tests}

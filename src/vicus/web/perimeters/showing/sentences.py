"""What figures of an outline, a comparison and a fit say, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.pictures import words
from vicus.web.perimeters import rules
from vicus.web.perimeters.models import Fit


def surface(area_m2: float, language: str) -> str:
    """A surface in hectares, one decimal: hotspots are small."""
    return _("%s ha") % words.number(area_m2 / 10_000, language, decimals=1)


def period(figures: Mapping[str, Any], language: str) -> str:
    """The months counted, and from which version of the data."""
    if not figures.get("start"):
        return _("No facts were imported yet.")
    start = date.fromisoformat(figures["start"])
    last = date.fromisoformat(figures["end"]) - timedelta(days=1)
    return _("Facts reported by the public, %(start)s to %(end)s; version %(version)s of the data.") % {
        "start": words.month_name(start, language, year=True),
        "end": words.month_name(last, language, year=True),
        "version": figures["data_version"],
    }


def measures(figures: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """The figures of an outline, as the component of the site wants them."""
    unknown = _("not known")
    share, pai = figures.get("share"), figures.get("pai")
    return [
        {"label": _("Facts in twelve months"), "value": figures.get("n"), "missing": unknown},
        {
            "label": _("Share of the zone"),
            "value": _percent(share, language) if share is not None else None,
            "missing": unknown,
        },
        {
            "label": _("Times as dense as the zone (PAI)"),
            "value": words.number(pai, language, decimals=1) if pai is not None else None,
            "missing": unknown,
        },
        {"label": _("Surface"), "value": surface(figures["area_m2"], language)},
        {
            "label": _("Facts in the %s m around it") % words.number(figures["buffer_m"], language),
            "value": figures.get("around"),
            "missing": unknown,
        },
        {"label": _("Inhabitants"), "value": figures.get("inhabitants"), "missing": unknown},
    ]


def overlap(figures: Mapping[str, Any], language: str) -> str:
    """A warning where the outline takes ground of other hotspots; empty otherwise."""
    numbers = figures.get("overlaps") or []
    if not numbers:
        return ""
    return ngettext(
        "It shares ground with hotspot %(numbers)s: those facts count in both.",
        "It shares ground with hotspots %(numbers)s: those facts count in each.",
        len(numbers),
    ) % {"numbers": words.listed([str(n) for n in numbers], language)}


def compared(evidence: Mapping[str, Any], language: str) -> str:
    """What a new outline takes in and leaves out; empty without an old one."""
    both = evidence.get("compared")
    if not both:
        return ""
    if max(both["entering_m2"], both["leaving_m2"]) < 1.0:
        return _("The outline is the same as the one in force.")
    areas = {
        "gained": surface(both["entering_m2"], language),
        "lost": surface(both["leaving_m2"], language),
    }
    if both.get("entering") is None or both.get("leaving") is None:
        return _("%(gained)s enter, %(lost)s leave.") % areas
    return _("%(entering)s facts enter with %(gained)s, %(leaving)s leave with %(lost)s.") % {
        **areas,
        "entering": words.number(both["entering"], language),
        "leaving": words.number(both["leaving"], language),
    }


def fit(found: Fit | None, language: str) -> str:
    """Whether a perimeter still holds its problem, and why not."""
    if found is None:
        return _("Not worked out yet.")
    figures = found.figures
    if not rules.judged(figures):
        return _("Not enough data: %(n)s facts in and around it in twelve months.") % {
            "n": words.number(figures["n_near"], language)
        }
    told = _("%(n)s of the %(near)s facts in and around it lie inside (%(share)s).") % {
        "n": words.number(figures["n"], language),
        "near": words.number(figures["n_near"], language),
        "share": words.percent(figures["inside_share"], language),
    }
    if found.fits:
        return _("It fits. %(told)s") % {"told": told}
    why = words.listed([str(rules.RULE_WORDS[code]) for code in found.reasons], language)
    return _("It no longer fits: %(why)s. %(told)s") % {"why": why, "told": told}


def fit_measures(found: Fit, language: str) -> list[dict[str, Any]]:
    """The figures of a fit, as the component of the site wants them."""
    figures, unknown = found.figures, _("not enough data")
    drift, gain, share = figures["drift_m"], figures["best_gain"], figures["inside_share"]
    return [
        {
            "label": _("Inside, of the facts in and around it"),
            "value": words.percent(share, language) if share is not None else None,
            "missing": unknown,
        },
        {
            "label": _("Times as dense as the zone (PAI)"),
            "value": words.number(figures["pai"], language, decimals=1)
            if figures["pai"] is not None
            else None,
            "missing": _("not known"),
        },
        {
            "label": _("Drift of the centre in a year"),
            "value": f"{words.number(drift, language)} m" if drift is not None else None,
            "missing": unknown,
            "range": "" if figures["drift_is_real"] or drift is None else _("no more than chance brings"),
        },
        {
            "label": _("Best outline nearby, same surface"),
            "value": gained(gain, language) if gain is not None else None,
            "missing": unknown,
            "range": "" if figures["best_is_better"] or gain is None else _("no more than chance brings"),
        },
    ]


def gained(gain: float, language: str) -> str:
    """How many more or fewer facts, as a share."""
    if gain >= 0:
        return _("%s more facts") % words.percent(gain, language)
    return _("%s fewer facts") % words.percent(-gain, language)


def _percent(fraction: float, language: str) -> str:
    """A small share keeps a decimal: 0.4 % is not 0 %."""
    if fraction >= 0.1:
        return words.percent(fraction, language)
    return f"{words.number(100 * fraction, language, decimals=1)} %"

"""Parts of pages about the plan and its evaluations: sentences, indicators, tables as the components want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.documents import yearly, yearly_tables
from vicus.documents.content import Document, Note, Section, Sentence, Table
from vicus.documents.voice import NONE, Voice
from vicus.documents.years import Valued, YearReport
from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.plans import indicators, queries, rules, years
from vicus.web.plans.forms import LinkForm
from vicus.web.plans.models import Evaluation, Indicator, Objective, Plan
from vicus.web.plans.queries import Reader
from vicus.web.zone.models import in_language

TONES = {"reached": "good", "within range": "warn", "not reached": "bad", "": "quiet"}


def year_asked(told: str, plan: Plan, day: date) -> int:
    """The year in the address, when it is one of the plan that has begun; else the last full year, or the first."""
    if told.isdigit() and plan.from_year <= int(told) <= min(plan.to_year, day.year):
        return int(told)
    return max(plan.from_year, min(plan.to_year, day.year - 1))


def plan(
    who: Reader, found: Plan, year: int, spoken: str, *, links: Mapping[str, Sequence[tuple[int, str]]] | None
) -> dict[str, Any]:
    """Priorities with objectives, indicators and links; the sentence over them."""
    voice = Voice(spoken, who.zone.timezone)
    told: list[Valued] = []

    def objective(one: Objective) -> dict[str, Any]:
        basis = years.basis_of(one, who.hotspots, who.zone, year)
        lines = [(indicator, years.valued(indicator, basis)) for indicator in one.indicators.all()]
        told.extend(value for _indicator, value in lines)
        hidden = one.links.count() - len(shown := queries.shown_links(who, one))
        return {
            "objective": one,
            "answers": one.answers,
            "indicators": [_indicator_line(indicator, value, voice) for indicator, value in lines],
            "links": shown,
            "hidden": hidden,
            "form": LinkForm(links, auto_id=f"link-{one.pk}-%s") if links is not None else None,
        }

    priorities = [
        {
            "priority": one,
            "why": in_language(one.words),
            "objectives": [objective(o) for o in one.objectives.all()],
        }
        for one in found.priorities.all()
    ]
    period = _("%(first)s to %(last)s") % {"first": found.from_year, "last": found.to_year}
    sentence = yearly_tables.reached(told, voice) if told else _("The plan has no indicators yet.")
    evaluated = found.evaluations.filter(year=year).first() if who.whole else None
    return {
        "period": period,
        "year": year,
        "priorities": priorities,
        "sentence": f"{year}: {sentence}" if told else sentence,
        "evaluated": evaluated,
    }


def _indicator_line(indicator: Indicator, value: Valued, voice: Voice) -> dict[str, Any]:
    state = yearly_tables.state(value)
    work = indicators.WORKS.get(indicator.code)

    def amount(number: float | None) -> str:
        return yearly_tables.amount(number, value, voice) if number is not None else "–"

    return {
        "indicator": indicator,
        "title": indicator.title,
        "value": yearly_tables.value(value, voice),
        "known": value["value"] is not None,
        "baseline": amount(indicator.baseline),
        "target": amount(indicator.target),
        "unit": "" if value["unit"] == "%" else value["unit"],
        "aim": indicator.get_aim_display(),
        "state": yearly_tables.state_words(value, voice),
        "tone": TONES[state],
        "method": str(work.title)
        if work
        else _("typed by hand, from: %(source)s") % {"source": indicator.source},
    }


def evaluations(who: Reader, found: Sequence[Evaluation], spoken: str) -> dict[str, Any]:
    """The list of evaluations."""
    return {
        "id": "evaluations",
        "caption": _("Yearly evaluations"),
        "caption_hidden": True,
        "whole": True,
        "columns": [
            {"key": "subject", "label": _("Hotspot or plan")},
            {"key": "year", "label": _("Year")},
            {"key": "state", "label": _("State")},
            {"key": "decision", "label": _("Decided"), "wide": True},
        ],
        "rows": [
            {
                "cells": [
                    one.subject,
                    str(one.year),
                    words.capital(str(one.get_state_display())),
                    {
                        "value": words.capital(str(one.get_decision_display())) if one.decision else None,
                        "minor": words.day(one.decided_on, spoken, style="medium") if one.decided_on else "",
                        "missing": "–",
                    },
                ],
                "url": reverse("plans:evaluation", args=[who.zone.slug, one.pk]),
            }
            for one in found
        ],
        "state": "" if found else "empty",
        "message": {
            "title": _("No yearly evaluation yet"),
            "text": _("Begin one of a hotspot: its figures are worked out, you write what they mean.")
            if rules.WRITE in who.role.permissions
            else _("Evaluations of your communes stand here once the zone direction has decided them."),
        },
    }


def evaluation(report: YearReport, found: Evaluation, spoken: str) -> dict[str, Any]:
    """The sections of the document as parts of the page: what is read on paper and on the screen is the same."""
    document: Document = yearly.content(report, spoken)
    lead, *rest = document.sections
    return {
        "lead": next(block.text for block in lead.blocks if isinstance(block, Sentence)),
        "sections": [
            {"id": f"part-{place}", "heading": section.heading, "blocks": _blocks(section, f"part-{place}")}
            for place, section in enumerate([Section("", lead.blocks[1:]), *rest])
            if section.blocks and not (found.state == Evaluation.State.DRAFT and _is_written(section, spoken))
        ],
        "steps_taken": [
            {
                "what": words.capital(str(_verbs().get(step.code, step.code))),
                "when": words.day(step.taken_on, spoken, style="medium"),
                "by": step.by,
                "comment": step.comment,
            }
            for step in found.steps.all()
        ],
    }


def _is_written(section: Section, spoken: str) -> bool:
    """The words stand in the form while they are written."""
    return section.heading == words.translator(spoken, "documents").gettext("Looking back and ahead")


def _verbs() -> dict[str, str]:
    return {"begin": _("begun"), "ask": _("asked"), "return": _("sent back"), "decide": _("decided")}


def _blocks(section: Section, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for place, block in enumerate(section.blocks):
        if isinstance(block, Sentence):
            found.append({"kind": "sentence", "text": block.text, "method": block.role == "method"})
        elif isinstance(block, Note):
            found.append(
                {
                    "kind": "note",
                    "title": block.label,
                    "text": block.text,
                    "tone": "warn" if block.kind == "warning" else "info",
                }
            )
        elif isinstance(block, Table):
            found.append({"kind": "table", "table": _table(block, f"{name}-table-{place}")})
    return found


def _table(table: Table, name: str) -> dict[str, Any]:
    """A table of the document as the table of the site."""
    return {
        "id": name,
        "whole": True,
        # Two columns stay a table on a phone; of more, running text takes a line of its own.
        "stacked": len(table.columns) > 2 and table.abreast == 1,
        "caption": table.caption,
        "columns": [
            {
                "key": f"c{place}",
                "label": column.heading,
                "numeric": column.kind not in ("text", "day", "month"),
                "wide": place > 0 and column.kind == "text" and column.share >= 7,
            }
            for place, column in enumerate(table.columns)
        ],
        "rows": [
            {"cells": [{"value": None if cell is NONE else cell.text, "missing": "–"} for cell in row.cells]}
            for row in table.rows
        ],
        "note": table.source,
    }


def after(who: Reader, found: Evaluation) -> dict[str, str] | None:
    """What a decision leads to: shrinking to the page where an outline is proposed."""
    if found.decision != Evaluation.Decision.SHRINK or found.hotspot is None or not who.sight.detail:
        return None
    proposes = Permission.PROPOSE_PERIMETERS in who.role.permissions
    return {
        "label": _("Propose the smaller perimeter") if proposes else _("The perimeter and its proposals"),
        "url": reverse(
            "perimeters:redraw" if proposes else "perimeters:hotspot",
            args=[who.zone.slug, found.hotspot.number],
        ),
    }

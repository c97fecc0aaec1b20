"""A yearly evaluation as a document: worked out while it is written, as frozen once it is decided."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone

from vicus.documents import Export
from vicus.documents.content import Document
from vicus.documents.yearly import content
from vicus.documents.years import Decided, Figures, Told, YearReport
from vicus.web.hotspots import keeping
from vicus.web.hotspots.reports import SCHEMATIC
from vicus.web.plans import rules, years
from vicus.web.plans.models import Evaluation


def yearly(evaluation: Evaluation, language: str, *, export: Export | None = None) -> Document:
    """The evaluation as a document in a language. A decided one gives the same document every time."""
    return content(report(evaluation, export=export), language)


def report(evaluation: Evaluation, *, export: Export | None = None) -> YearReport:
    """Everything an evaluation says, in every language."""
    if evaluation.state == Evaluation.State.DECIDED:
        assert evaluation.known_at is not None
        figures, version = cast(Figures, evaluation.figures), evaluation.data_version
        known_at, software = evaluation.known_at, evaluation.software
    else:
        figures, counted, _perimeter = years.work_out(evaluation)
        version = counted.version.number if counted else None
        known_at = counted.version.known_at if counted else timezone.now()
        software = keeping.software()
    return YearReport(
        number=evaluation.hotspot.number if evaluation.hotspot else None,
        figures=figures,
        words=tuple(_told(key, evaluation.words[key]) for key in rules.TEXTS if key in evaluation.words),
        decided=_decided(evaluation),
        version=version,
        known_at=known_at,
        software=software,
        timezone=evaluation.zone.timezone,
        caution=SCHEMATIC if evaluation.zone.is_demo else "",
        export=export,
    )


def _told(key: str, told: dict[str, Any]) -> Told:
    return Told(key=key, **told)  # type: ignore[arg-type]  # keys and values are checked when they are written


def _decided(evaluation: Evaluation) -> Decided | None:
    if evaluation.state != Evaluation.State.DECIDED or evaluation.decided_on is None:
        return None
    return Decided(
        kind=evaluation.decision,  # type: ignore[arg-type]  # a choice of the model
        reason=evaluation.reason,
        by=years.in_each(evaluation.decided_by),
        on=evaluation.decided_on,
        reference=evaluation.reference,
    )

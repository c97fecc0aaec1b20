"""The yearly evaluation on paper, in Word and Excel: in three languages, and no more than the figures bear."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

import openpyxl
import pikepdf
import pytest

from vicus.documents import FORMATS, yearly, yearly_tables
from vicus.documents.content import Document, Note, Table
from vicus.documents.voice import Voice
from vicus.documents.years import Decided, Facts, Figures, Told, Valued, YearReport

FACTS: Facts = {
    "after": 180, "before": 240, "discovered": 22, "months": 12, "ratio": 0.75, "low": 0.6, "high": 0.93, "phi": 1.3,
    "above": 1, "below": 3, "judged": 12,
}  # fmt: skip
VALUED: Valued = {
    "priority": {"nl": "Straatgeweld", "fr": "Violence", "en": "Violence"},
    "objective": {"nl": "Minder", "fr": "Moins", "en": "Fewer"},
    "title": {"nl": "Gemelde feiten", "fr": "Faits signalés", "en": "Reported facts"},
    "unit": "", "aim": "less", "baseline": 240.0, "target": 190.0, "value": 180.0, "low": 150.0, "high": 212.0,
    "part": None, "whole": None, "source": "",
}  # fmt: skip


def figures(**changes: Any) -> Figures:
    found: dict[str, Any] = {
        "year": 2025, "first": "2025-01-01", "last": "2025-12-01", "facts": FACTS,
        "months": [
            {"month": f"2025-{n:02d}-01", "n": 15, "low": 9.0, "high": 24.0} for n in range(1, 13)
        ],
        "phases": [{"kind": "hold", "start": "2024-05-01", "end": None}],
        "outline": {"version": 3, "valid_from": "2024-01-01", "review_due": "2025-12-31",
                    "decided_by": {"nl": "directie van de zone", "fr": "direction de la zone", "en": "zone direction"},
                    "decision": ""},
        "fit": {"month": "2025-12-01", "fits": False,
                "reasons": [{"nl": "te ruim", "fr": "trop large", "en": "too wide"}]},
        "actions": [{"title": "Avondaanwezigheid", "kind": {"nl": "handhaving", "fr": "répression", "en": "enforcement"},
                     "state": {"nl": "gedaan", "fr": "terminée", "en": "done"}, "planned": 3000.0, "delivered": 2400,
                     "verdict": "fewer", "change": -4.2, "low": -7.0, "high": -1.4}],
        "promised": {"due": 6, "kept": 3, "late": 1, "partly": 1, "dropped": 0, "open": 1},
        "sheets": {"asked": 12, "validated": 10},
        "side": {"assessments": 1, "complaints": None, "identity_checks": 14, "perception": ""},
        "meetings": [{"level": {"nl": "partners", "fr": "partenaires", "en": "partners"}, "n": 2}],
        "indicators": [], "places": [],
        "names": {"zone": {"nl": "Zone West", "fr": "Zone Ouest", "en": "West Zone"},
                  "subject": {"nl": "Kanaal", "fr": "Canal", "en": "Canal"}, "commune": ""},
    }  # fmt: skip
    return cast(Figures, {**found, **changes})


def report(**changes: Any) -> YearReport:
    made = YearReport(
        number=11,
        figures=figures(),
        words=(Told("worked", "Kort en zichtbaar.", "assessment", "probable"),),
        decided=Decided("shrink", "De helft bleef rustig.", "zone direction", date(2026, 2, 3), "4/2026"),
        version=14,
        known_at=datetime(2026, 1, 10, 11, tzinfo=UTC),
        software="1.0+abc",
    )
    return replace(made, **changes)


def of_plan(**changes: Any) -> YearReport:
    places = [{"number": 11, "name": "Kanaal", "facts": FACTS, "phase": "hold", "decision": "shrink"}]
    told = figures(
        facts=None, months=[], phases=[], outline=None, fit=None, indicators=[VALUED], places=places
    )
    return report(number=None, figures=told, **changes)


@cache
def document(kind: str, language: str) -> Document:
    return yearly.content({"hotspot": report, "plan": of_plan}[kind](), language)


def everything(found: Document) -> str:
    return "\n".join(found.texts())


@pytest.mark.parametrize("kind", ["hotspot", "plan"])
def test_the_pdf_is_accessible_and_the_same_every_time(kind: str, language: str) -> None:
    made = FORMATS["pdf"](document(kind, language))
    again = FORMATS["pdf"](yearly.content({"hotspot": report, "plan": of_plan}[kind](), language))
    assert made == again
    with pikepdf.open(io.BytesIO(made)) as file, file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert str(file.Root.Lang)[:2] == language
        assert len(file.pages) <= 4


@pytest.mark.parametrize("kind", ["hotspot", "plan"])
def test_word_and_excel_hold_the_same_tables(kind: str, language: str) -> None:
    found = document(kind, language)
    assert FORMATS["docx"](found).startswith(b"PK")
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](found)))
    cells = {
        str(cell.value)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }
    captions = [block.caption for block in found.blocks() if isinstance(block, Table)]
    assert len(captions) >= 4
    assert set(captions) <= cells


def test_the_decision_stands_on_top_and_a_draft_says_so() -> None:
    blocks = document("hotspot", "en").sections[0].blocks
    assert any(isinstance(b, Note) and b.label == "Decided: shrink the perimeter." for b in blocks)
    draft = yearly.content(report(decided=None), "en").sections[0].blocks
    assert any(isinstance(b, Note) and b.label == "Draft." and b.kind == "warning" for b in draft)


def test_r31_side_effects_nobody_recorded_are_not_zero(language: str) -> None:
    table = yearly_tables.side(report().figures["side"], Voice(language, "Europe/Brussels"))
    complaints, checks, perceived = [row.cells[1] for row in table.rows]
    assert complaints.value is None
    assert perceived.value is None
    assert complaints.text == perceived.text != "0"
    assert checks.value == 14


def test_the_sentence_says_no_more_than_the_interval_bears() -> None:
    voice = Voice("en", "Europe/Brussels")
    said = [
        yearly_tables.change_sentence({**FACTS, "low": low, "high": high}, voice)
        for low, high in ((0.6, 0.93), (0.8, 1.1), (1.05, 1.6))
    ]
    assert [one.rsplit(":")[-1].strip() for one in said] == ["fewer.", "no clear change.", "more."]
    few = yearly_tables.change_sentence({**FACTS, "ratio": None, "low": None, "high": None}, voice)
    assert few.endswith("too few to compare.")
    assert "not in the data" in yearly_tables.change_sentence({**FACTS, "before": None}, voice)


def test_a_target_within_the_range_is_neither_reached_nor_missed() -> None:
    def state(**changes: Any) -> str:
        return yearly_tables.state(cast(Valued, {**VALUED, **changes}))

    assert state() == "reached"
    assert state(value=200.0) == "within range"
    assert state(value=230.0, low=215.0, high=250.0) == "not reached"
    assert state(value=80.0, low=70.0, high=90.0, target=60.0, aim="more") == "reached"
    assert state(value=None) == ""


def test_r22_no_percentage_on_a_small_base() -> None:
    few = cast(
        Valued, {**VALUED, "unit": "%", "value": None, "low": None, "high": None, "part": 3, "whole": 4}
    )
    assert yearly_tables.value(few, Voice("en", "Europe/Brussels")) == "3 of 4: not enough data"


def test_nothing_is_said_in_another_language() -> None:
    assert "Not enough" not in everything(
        yearly.content(report(figures=figures(facts=None, months=[])), "nl")
    )
    assert "facts" not in everything(document("plan", "fr"))

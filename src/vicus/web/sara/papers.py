"""The sheet on paper: its words between the summary and the evidence of the monthly report, on the figures it froze."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from vicus import documents
from vicus.documents import Export
from vicus.documents.content import Block, Cell, Column, Document, Section, Sentence, Table, row
from vicus.pictures import words
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import reports
from vicus.web.sara import frozen, shape, showing
from vicus.web.sara.queries import Open


def document(opened: Open, language: str, export: Export | None = None) -> Document:
    """What the paper says; the reader's language is active. Needs frozen figures, and the facts they came from."""
    shown = opened.shown
    assert shown is not None
    store = find_store(opened.zone)
    assert store is not None  # figures were frozen from it
    report = reports.month_report(
        store, opened.zone, opened.hotspot, frozen.answer(shown, opened.hotspot.number), export=export
    )
    drawn = documents.content(report, language)
    first, *evidence = drawn.sections
    month = words.month_name(opened.sheet.month, language, year=True)
    return replace(
        drawn,
        kicker=_("SARA sheet – %(month)s – %(state)s")
        % {"month": month, "state": opened.sheet.get_state_display()},
        sections=(first, *_written(opened), *evidence),
    )


def _written(opened: Open) -> Iterator[Section]:
    """The sections of the sheet that hold words, in its own order."""
    for section in shape.SECTIONS:
        blocks: list[Block] = []
        for each in section.passages:
            text = opened.passages[each.key].text.strip()
            blocks += [Sentence(part.strip()) for part in text.split("\n\n") if part.strip()]
        if section.entries == "review":
            blocks += _promises(opened)
        elif section.entries:
            blocks += _entries(opened, shape.KINDS[section.entries])
        if blocks:
            yield Section(str(section.title), tuple(blocks), sheet=str(section.title)[:31])
    yield Section(_("How the sheet went"), (_steps(opened),), sheet=_("How the sheet went")[:31])


def _entries(opened: Open, kind: shape.Kind) -> list[Block]:
    """A table of entries: what it is, and what is said of it."""
    found = [showing.entry(opened, kind, thing) for thing in opened.entries(kind.key)]
    if not found:
        return []
    return [_table(str(kind.fields[0].label), [(entry["head"], _told(entry)) for entry in found])]


def _promises(opened: Open) -> list[Block]:
    lines = [
        (
            promise.title,
            _told(showing.entry(opened, shape.REVIEW, review), head=True)
            if review
            else _("nothing said yet"),
        )
        for promise, review in opened.promises
    ]
    return [_table(_("Promise"), lines)] if lines else []


def _told(entry: dict[str, Any], *, head: bool = False) -> str:
    parts = [entry["head"]] if head else []
    parts += entry["chips"]
    said = ", ".join(str(part) for part in parts if part)
    more = " ".join(showing.labelled(label, _sentence(text)) for label, text in entry["lines"])
    return ". ".join(part for part in (words.capital(said), more) if part)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _table(name: str, lines: list[tuple[str, str]]) -> Table:
    columns = (Column(name, share=5), Column(_("What is said of it"), share=8))
    return Table(name, columns, tuple(row([Cell(head), Cell(told)]) for head, told in lines))


def _steps(opened: Open) -> Table:
    columns = (Column(_("Step"), share=5), Column(_("When"), share=3), Column(_("Comment"), share=5))
    rows = tuple(
        row([Cell(step["what"]), Cell(step["when"]), Cell(step["comment"])])
        for step in reversed(showing.steps(opened, paper=True))
    )
    return Table(_("Steps"), columns, rows)

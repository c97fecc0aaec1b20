"""An invented report, to try a template out with: every kind of block, no figures of any place."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from vicus.documents.content import Cell, Column, Document, Note, Section, Sentence, Table, row
from vicus.pictures import words


def document(language: str) -> Document:
    """The report, in a language that is active."""
    name = _("Example")
    table = Table(
        _("An example of a table"),
        (Column(_("Hotspot"), share=3), Column(_("Facts"), "count", share=1)),
        tuple(
            row([Cell(f"{name} {n}"), Cell(words.number(n * 1000, language), n * 1000)]) for n in (1, 2, 3)
        ),
    )
    blocks = (
        Sentence(_("This sentence leads the report."), "lead"),
        Note(_("Note."), _("Nothing here is about a real place.")),
        Sentence(_("Running text stands like this.")),
        table,
        Sentence(_("How it was counted stands like this."), "method"),
    )
    return Document(
        language=language, locale=words.locale(language), kicker=_("Test of the template"), title=name, subtitle=name,
        subject=name, author=name, keywords=(), produced_by="Vicus", known_at=datetime(2026, 1, 1, tzinfo=UTC),
        running=(name, f"{name} – 1"), footer=name, figure=_("Figure"), table=_("Table"),
        sections=(Section("", blocks[:2]), Section(_("A heading"), blocks[2:])),
    )  # fmt: skip

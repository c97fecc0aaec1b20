"""PDF: the content typeset by Typst, tagged for screen readers (PDF/UA-1) and fit for an archive (PDF/A-2a)."""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst

from vicus.documents.content import Block, Document, Note, Picture, Sentence, Table
from vicus.pictures.tokens import FONTS, tokens

TEMPLATE = Path(__file__).parent / "document.typ"
STANDARDS = ["ua-1", "a-2a"]

MANY_COLUMNS = 7
MANY_ROWS = 16

# A compiler keeps what it has read and laid out between reports; it serves one thread at a time.
_one_at_a_time = threading.Lock()


def pdf(document: Document) -> bytes:
    """The document as PDF: the same bytes for the same document."""
    inputs = {"document": json.dumps(_document(document), ensure_ascii=False), "tokens": _tokens()}
    with _one_at_a_time:
        result = _compiler().compile(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=int(document.known_at.timestamp()),
        )
    assert isinstance(result, bytes)
    return result


def pages(made: bytes) -> int:
    """How many pages a file of `pdf` has."""
    counts = re.findall(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)|/Count (\d+)[^>]*?/Type\s*/Pages\b", made)
    return max(int(one or other) for one, other in counts)


@cache
def _compiler() -> Any:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(input=TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


@cache
def _tokens() -> str:
    look = tokens()
    return json.dumps(
        {
            "colour": dict(look.colours("light")),
            "type": {
                "sans": look.type["sans"],
                "serif": look.type["serif"],
                "print": dict(look.type["print"]),
            },
            "paper": dict(look.paper),
            "many_rows": MANY_ROWS,
        }
    )


def _document(document: Document) -> dict[str, Any]:
    lang, _, region = document.locale.partition("_")
    known = document.known_at
    return {
        "lang": lang,
        "region": region,
        "kicker": document.kicker,
        "title": document.title,
        "subtitle": document.subtitle,
        "subject": document.subject,
        "author": document.author,
        "keywords": document.keywords,
        "date": {
            "year": known.year,
            "month": known.month,
            "day": known.day,
            "hour": known.hour,
            "minute": known.minute,
            "second": known.second,
        },
        "running": document.running,
        "footer": document.footer,
        "figure": document.figure,
        "table": document.table,
        "compact": document.compact,
        "sections": [
            {
                "heading": section.heading,
                "new_page": section.new_page,
                "lang": section.locale.partition("_")[0],
                "region": section.locale.partition("_")[2],
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Sentence(text, role):
            return {"type": "sentence", "text": text, "role": role}
        case Note(label, text, kind):
            return {"type": "note", "label": label, "text": text, "kind": kind}
        case Picture():
            return {
                "type": "picture",
                "caption": block.caption,
                "subtitle": block.subtitle,
                "alternative": block.alternative,
                "svg": block.svg,
            }
        case Table():
            return _table(block)


def _table(table: Table) -> dict[str, Any]:
    crowded = len(table.columns) > MANY_COLUMNS
    return {
        "type": "table",
        "caption": table.caption,
        "source": table.source,
        "abreast": table.abreast,
        "dense": crowded or len(table.rows) > MANY_ROWS,
        "pad": 1.0 if crowded else 1.8,
        "columns": [
            {"heading": column.heading, "kind": column.kind, "share": column.share}
            for column in table.columns
        ],
        "rows": [{"strong": row.strong, "cells": [cell.text for cell in row.cells]} for row in table.rows],
    }

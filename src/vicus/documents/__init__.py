"""Reports as files: accessible PDF, Word, Excel, from one content in three languages. No Django."""

from __future__ import annotations

from vicus.documents.drawing import FORMATS, Drawn, docx, draw_many, pdf, xlsx
from vicus.documents.month import content
from vicus.documents.report import Export, MonthReport, PerimeterVersion
from vicus.documents.voice import Voice

__all__ = [
    "FORMATS",
    "Drawn",
    "Export",
    "MonthReport",
    "PerimeterVersion",
    "Voice",
    "content",
    "docx",
    "draw_many",
    "pdf",
    "xlsx",
]

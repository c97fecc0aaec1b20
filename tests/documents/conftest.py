"""Each file is drawn once for all the tests that look at it."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

from vicus.documents import FORMATS, content
from vicus.documents.content import Document

sys.path.insert(0, str(Path(__file__).parent))

import reports


@cache
def document_of(name: str, language: str) -> Document:
    return content(getattr(reports, name)(), language)


@cache
def file_of(name: str, language: str, kind: str) -> bytes:
    return FORMATS[kind](document_of(name, language))


@pytest.fixture(params=["nl", "fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)

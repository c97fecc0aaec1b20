"""Every public name is documented in full, has its place in the reference, and is drawn or named in the gallery."""

import inspect
import re
from pathlib import Path

import pytest

from vicus import analysis

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
FUNCTIONS = [name for name in analysis.__all__ if inspect.isfunction(getattr(analysis, name))]
SECTIONS = ("Parameters", "Returns", "Raises", "References", "Examples")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_gives_refuses_and_rests_on(name):
    text = inspect.getdoc(getattr(analysis, name)) or ""
    headings = re.findall(r"^(\w+)\n-{3,}$", text, re.MULTILINE)
    assert [section for section in SECTIONS if section not in headings] == []
    assert ">>> " in text.split("Examples\n", 1)[1]
    for parameter in inspect.signature(getattr(analysis, name)).parameters:
        assert re.search(rf"^(\w+, )*{parameter}(, \w+)*( :|$)", text, re.MULTILINE), parameter


@pytest.mark.parametrize("name", [name for name in analysis.__all__ if name != "AnalysisError"])
def test_a_public_name_has_its_place_in_the_reference(name):
    page = (DOCS / "analysis.md").read_text(encoding="utf-8").splitlines()
    assert page.count(f"::: vicus.analysis.{name}") == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_in_the_gallery(name):
    assert re.search(rf"\b{name}\b", (DOCS / "gallery.py").read_text(encoding="utf-8"))

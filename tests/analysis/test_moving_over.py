"""What the pages for those who come from other packages promise is there."""

import re
from pathlib import Path

import pytest

from vicus import analysis

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "how-to").glob("coming-from-*.md"))


def test_there_is_a_page_for_each_peer():
    assert {page.stem.removeprefix("coming-from-") for page in PAGES} == {
        "aoristic", "crimepy", "esda", "nearrepeat", "pointpats", "ptools", "sfhotspot", "sppt",
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_call_that_a_page_names_exists(page):
    named = set(re.findall(r"analysis\.(\w+)", page.read_text(encoding="utf-8"))) - {"md"}
    assert named
    assert sorted(name for name in named if not callable(getattr(analysis, name, None))) == []

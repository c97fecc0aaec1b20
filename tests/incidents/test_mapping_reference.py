"""The reference page says what the code does."""

from pathlib import Path

from vicus.incidents import mapping
from vicus.incidents.reasons import REASONS, REFUSED_ALWAYS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "mapping.md"


def test_the_reference_shows_the_generic_mapping_as_it_is_shipped() -> None:
    assert mapping.shipped_text("generic").rstrip() in PAGE.read_text(encoding="utf-8")


def test_the_reference_lists_every_shipped_mapping_and_every_reason() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in mapping.shipped():
        assert f"| `{name}` |" in page
    for code, sentence in REASONS.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{code}` |"))
        assert sentence in line
        assert line.endswith("| refused |") == (code in REFUSED_ALWAYS)

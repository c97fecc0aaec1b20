"""R21: under a geocoding rate of 85 % a sheet is not validated, and its page says so."""

import pytest

from vicus.pictures.sentences import LOCATED_ENOUGH
from vicus.web.sara import rules
from vicus.web.sara.rules import Standing

VALIDATE = rules.BY_NAME["validate"]


@pytest.mark.parametrize(
    ("rate", "allowed"), [(0.97, True), (0.85, True), (0.8499, False), (0.0, False), (None, False)]
)
def test_validation_asks_for_enough_facts_with_a_place(rate: float | None, allowed: bool) -> None:
    wanting = rules.missing(VALIDATE, Standing(has_figures=True, complete=True, geocoding_rate=rate))
    assert (not wanting) == allowed


def test_the_limit_is_the_one_that_pages_warn_under() -> None:
    assert LOCATED_ENOUGH == 0.85


def test_no_other_transition_leads_to_a_validated_sheet() -> None:
    ways = [t for t in rules.TRANSITIONS if t.after == rules.State.VALIDATED]
    assert [t.name for t in ways] == ["validate"]
    assert "located" in VALIDATE.needs

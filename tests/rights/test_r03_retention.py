"""R03: every record type has a retention limit or a review date."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from vicus.web.audit.processing import YEAR, Processing, Regime, declared
from vicus.web.site import retention


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_every_model_has_a_limit_or_is_reviewed(model: type[models.Model]) -> None:
    processing = declared(model)
    assert processing is not None
    limit = processing.retention or processing.review
    assert limit is not None
    assert timedelta(0) < limit <= 10 * YEAR
    if processing.retention:
        assert str(processing.begins).strip(), "a limit needs a moment it runs from"


@pytest.mark.parametrize(
    "limits", [{}, {"retention": YEAR, "review": YEAR, "begins": "x"}, {"retention": YEAR}]
)
def test_a_declaration_without_a_clear_limit_is_refused(limits: dict[str, timedelta]) -> None:
    with pytest.raises(ValueError, match=r"limit"):
        Processing(purpose="x", regime=Regime.GDPR, data="x", recipients="x", **limits)  # type: ignore[arg-type]


def test_what_has_a_limit_is_removed_by_a_rule_or_goes_with_something_that_is() -> None:
    limited = {
        model._meta.label
        for model in apps.get_models()
        if (said := declared(model)) and said.retention is not None
    }
    by_field = {model._meta.label for model, since in retention.by_field() if model._meta.get_field(since)}
    assert limited == set(retention.RULES) | set(retention.WITH) | by_field
    assert set(retention.WITH.values()) <= set(retention.RULES)

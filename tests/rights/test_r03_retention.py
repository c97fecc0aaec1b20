"""R03: every record type has a retention limit or a review date."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from vicus.web.audit.processing import YEAR, Processing, Regime, declared


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

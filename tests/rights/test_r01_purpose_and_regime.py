"""R01: every stored record type declares one purpose and one regime."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models

from vicus.web.audit.processing import ELSEWHERE, YEAR, Processing, Regime, declared, register


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_every_model_declares_its_purpose_and_regime(model: type[models.Model]) -> None:
    processing = declared(model)
    assert processing is not None, f"{model._meta.label} says neither what it is for nor under which law"
    assert str(processing.purpose).strip()
    assert isinstance(processing.regime, Regime)
    assert str(processing.data).strip()
    assert str(processing.recipients).strip()


def test_a_declaration_is_not_inherited() -> None:
    class Parent:
        processing = Processing(purpose="x", regime=Regime.GDPR, data="x", recipients="x", review=YEAR)

    class Child(Parent):
        _meta = SimpleNamespace(label="nowhere.Child")

    assert declared(Child) is None  # type: ignore[arg-type]


def test_the_register_names_every_record_type() -> None:
    assert set(register()) == {model._meta.label for model in apps.get_models()} | set(ELSEWHERE)

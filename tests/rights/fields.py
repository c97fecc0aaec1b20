"""The words of every field of every model, for rules about what may not be stored."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("vicus.")]


def words(name: str) -> frozenset[str]:
    """`date_of_birth` -> date, of, birth."""
    return frozenset(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))


def fields() -> Iterator[tuple[str, frozenset[str]]]:
    """Label of each field of Vicus's own models, and the words in its name and its model's name."""
    for model in own_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                yield f"{model._meta.label}.{field.name}", words(field.name)

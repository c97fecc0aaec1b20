"""R12: no score, rank, list or alert concerns a person, household or single dwelling."""

from django.db import models
from fields import own_models, words

SCORE = frozenset(
    {"score", "rank", "ranking", "risk", "threat", "alert", "watchlist", "rating", "priority", "grade"}
)
SOMEBODY = frozenset(
    {"address", "street", "house", "dwelling", "household", "door", "person", "user", "resident"}
)


def both(model: type[models.Model]) -> tuple[frozenset[str], frozenset[str]]:
    said = frozenset().union(
        *(words(field.name) for field in model._meta.get_fields()), words(model.__name__)
    )
    return said & SCORE, said & SOMEBODY


def test_no_model_has_a_score_and_a_person_or_an_address() -> None:
    found = {model._meta.label: both(model) for model in own_models()}
    assert not {label: said for label, said in found.items() if all(said)}


def test_the_test_itself_would_notice() -> None:
    assert words("risk_score") & SCORE
    assert words("homeAddress") & SOMEBODY

"""R17: no field for ethnicity, religion, health, nationality."""

from fields import fields, words

SPECIAL = frozenset(
    {
        "ethnicity", "ethnic", "race", "racial", "origin_country", "religion", "religious", "belief", "faith",
        "philosophy", "health", "medical", "disability", "disease", "diagnosis", "nationality", "citizenship",
        "migrant", "migration", "foreigner", "political", "opinion", "union", "sexual", "orientation", "genetic",
    }
)  # fmt: skip


def test_no_field_of_any_model_is_for_a_special_category() -> None:
    assert not [label for label, said in fields() if said & SPECIAL]


def test_the_test_itself_would_notice() -> None:
    assert words("residentNationality") & SPECIAL

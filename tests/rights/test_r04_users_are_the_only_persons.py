"""R04: no model describes a natural person who is a subject of policing. Users are the only persons stored."""

from fields import fields, own_models, words

PERSON = frozenset(
    {
        "person", "suspect", "victim", "offender", "witness", "complainant", "perpetrator", "resident", "citizen",
        "juvenile", "minor", "pupil", "child", "household", "subject", "nominal", "alias", "gang",
    }
)  # fmt: skip
IDENTIFIES = frozenset(
    {
        "surname", "firstname", "lastname", "birth", "birthdate", "birthday", "dob", "gender", "sex", "nrn", "niss",
        "insz", "rijksregister", "passport", "plate", "phone", "mobile", "gsm", "face", "photo", "fingerprint",
        "biometric", "dna", "email",
    }
)  # fmt: skip
# About the user, who is a colleague and not a subject of policing.
OF_USERS = {"accounts.User.email"}


def test_no_model_is_about_a_person() -> None:
    assert not [model._meta.label for model in own_models() if words(model.__name__) & PERSON]


def test_no_field_is_about_a_person() -> None:
    assert not [label for label, said in fields() if said & PERSON]


def test_only_users_have_fields_that_identify() -> None:
    assert {label for label, said in fields() if said & IDENTIFIES} == OF_USERS

"""What every stored record is for, under which law, and for how long (rights R01 and R03).

Each model says so itself, in a class attribute `processing`; models of libraries are declared here by
their label. The processing register is drawn from these declarations, and a test fails when one is missing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


class Regime(Enum):
    """The body of law a record stands under."""

    LAW_ENFORCEMENT = "law enforcement"  # Directive (EU) 2016/680
    GDPR = "gdpr"  # Regulation (EU) 2016/679
    NO_PERSONAL_DATA = "no personal data"


@dataclass(frozen=True, kw_only=True)
class Processing:
    """One purpose, one regime, and a limit: either records go after `retention`, or they are reviewed.

    `since` names the field the limit runs from, where records simply go one by one; the others have a rule of their
    own in `vicus.web.site.retention`.
    """

    purpose: Words
    regime: Regime
    data: Words
    recipients: Words
    retention: timedelta | None = None
    review: timedelta | None = None
    begins: Words = ""
    since: str = ""

    def __post_init__(self) -> None:
        if (self.retention is None) == (self.review is None):
            raise ValueError("Declare a retention limit or a review interval, one of the two.")
        if self.retention is not None and not self.begins:
            raise ValueError("Say from which moment the retention limit runs.")


_of_libraries: dict[str, Processing] = {}
# What is kept outside the database, by a label of its own > its name.
ELSEWHERE: dict[str, Words] = {}


def declare(label: str, processing: Processing, *, elsewhere: Words = "") -> None:
    """Declare a model that a library brings, by its label (`sessions.Session`), or what is kept outside the database."""
    _of_libraries[label] = processing
    if elsewhere:
        ELSEWHERE[label] = elsewhere


def declared(model: type[models.Model]) -> Processing | None:
    """The declaration of a model, its own and not one inherited from another record type."""
    own = vars(model).get("processing")
    return own if isinstance(own, Processing) else _of_libraries.get(model._meta.label)


def register() -> dict[str, Processing | None]:
    """Every stored record type of the installation with its declaration; None where it is missing."""
    models = {model._meta.label: declared(model) for model in apps.get_models()}
    return models | {label: _of_libraries[label] for label in ELSEWHERE}


PROVE_ACCESS = Processing(
    purpose=_("Prove who opened, changed or passed on what, when and why."),
    regime=Regime.LAW_ENFORCEMENT,
    data=_("Name and role of the user, time, kind of act, object, reason, recipient."),
    recipients=_("Auditor or data protection officer of the zone; supervisory authority on request."),
    # The chain is never shortened: whether it may be is a decision of the data protection officer.
    review=YEAR,
)

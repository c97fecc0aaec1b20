"""What this app tells the audit app below it: names of roles, and what libraries keep about users (rights R01, R03)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES
from vicus.web.audit import words
from vicus.web.audit.processing import DAY, YEAR, Processing, Regime, declare

_SIGN_IN = Processing(
    purpose=_("Check that whoever signs in is who they say."),
    regime=Regime.GDPR,
    data=_("Encrypted secrets and public keys of second factors, time of last use."),
    recipients=_("Nobody; administrators can only remove them."),
    retention=YEAR,
    begins=_("the day the account is deactivated"),
)

_SESSION = Processing(
    purpose=_("Keep a user signed in."),
    regime=Regime.GDPR,
    data=_("Account, how it signed in, reasons given at the door in the last quarter of an hour."),
    recipients=_("Nobody."),
    retention=timedelta(hours=12),
    begins=_("the last sign-in"),
)

_UNUSED_MAIL = Processing(
    purpose=_("None here: the sign-in library brings the table, Vicus leaves it empty."),
    regime=Regime.GDPR,
    data=_("None."),
    recipients=_("Nobody."),
    retention=DAY,
    begins=_("the moment a row appears"),
)

_TECHNICAL = Processing(
    purpose=_("Names of record types and permissions, kept by the framework."),
    regime=Regime.NO_PERSONAL_DATA,
    data=_("Names."),
    recipients=_("Nobody."),
    review=YEAR,
)

_TASKS = Processing(
    purpose=_("Run long work in the background and tell how it went."),
    regime=Regime.NO_PERSONAL_DATA,
    data=_("Name of the task, identifiers it was given, outcome."),
    recipients=_("Nobody."),
    retention=30 * DAY,
    begins=_("the day the task ends"),
    since="finished_at",
)

declare("mfa.Authenticator", _SIGN_IN)
declare("sessions.Session", _SESSION)
declare("account.EmailAddress", _UNUSED_MAIL)
declare("account.EmailConfirmation", _UNUSED_MAIL)
declare("auth.Permission", _TECHNICAL)
declare("auth.Group", _TECHNICAL)
declare("contenttypes.ContentType", _TECHNICAL)
declare("django_tasks_database.DBTaskResult", _TASKS)

words.ROLES.update({role.code: role.name for role in ROLES.values()})

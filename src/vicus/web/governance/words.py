"""The codes of the clock, of calendars and letters in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "governance.rule": _("rule of the clock"),
    "governance.feed": _("calendar of a user"),
    "governance.weekly": _("weekly letter"),
    "governance.letters": _("letters"),
    "meetings.decision": _("decision of a meeting"),
}

EVENTS: dict[str, str | Promise] = {
    "rule of the clock set": _("rule of the clock set"),
    "calendar made": _("calendar made"),
    "calendar revoked": _("calendar revoked"),
    "weekly letter asked for": _("weekly letter asked for"),
    "weekly letter stopped": _("weekly letter stopped"),
    "decision noted": _("decision noted in a meeting"),
    "commitments sent": _("commitments of a meeting sent to their owners"),
    "letter sent": _("letter sent"),
    "letters queued again": _("letters queued again"),
}

"""The codes of meetings, bodies and organisations in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "meetings.meeting": _("meeting"),
    "meetings.body": _("body that meets"),
    "meetings.minutes": _("minutes of a meeting"),
    "meetings.shared": _("information shared for a meeting"),
    "zone.organisation": _("organisation"),
}

EVENTS: dict[str, str | Promise] = {
    "meeting planned": _("meeting planned"),
    "meeting changed": _("meeting changed"),
    "meeting passed on": _("state of a meeting changed"),
    "meetings brought in": _("meetings brought in"),
    "presence noted": _("presence of an organisation noted"),
    "presence removed": _("presence of an organisation removed"),
    "decision noted": _("decision noted"),
    "decision removed": _("decision removed"),
    "answer noted": _("answer to residents noted"),
    "answer removed": _("answer to residents removed"),
    "pulse noted": _("pulse of the partnership noted"),
    "pulse removed": _("pulse of the partnership removed"),
    "text written": _("text written"),
    "text chosen": _("text chosen"),
    "text let go": _("text let go"),
    "organisation added": _("organisation added"),
    "organisation changed": _("organisation changed"),
    "organisation ended": _("organisation ended"),
    "organisation opened again": _("organisation opened again"),
    "organisation removed": _("organisation removed"),
    "body added": _("body that meets added"),
    "body changed": _("body that meets changed"),
}

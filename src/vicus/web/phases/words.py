"""The codes of moves between phases in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "phases.move": _("move to another phase"),
    "phases.setting": _("setting of phases"),
}

EVENTS: dict[str, str | Promise] = {
    "move drawn up": _("move to another phase drawn up"),
    "checklist written": _("checklist of a gate written"),
    "move passed on": _("state of a move changed"),
    "stable months set": _("number of stable months set"),
    "warning of personal data set aside": _("warning of personal data set aside"),
}

"""The codes of bulletins in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "bulletins.bulletin": _("bulletin"),
    "bulletins.setting": _("setting of bulletins"),
    "public.feedback": _("feedback of residents"),
}

EVENTS: dict[str, str | Promise] = {
    "bulletin begun": _("bulletin begun"),
    "bulletin written": _("bulletin written"),
    "bulletin passed on": _("state of a bulletin changed"),
    "bulletin removed": _("draft of a bulletin removed"),
    "least published count set": _("least published count set"),
    "feedback read": _("feedback read"),
    "feedback removed": _("feedback removed"),
}

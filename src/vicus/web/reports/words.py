"""The codes of reports in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "reports.drawn": _("report"),
    "reports.schedule": _("schedule of reports"),
    "reports.selection": _("saved report"),
    "reports.template": _("Word template"),
    "reports.order": _("reports asked for"),
}

EVENTS: dict[str, str | Promise] = {
    "report drawn": _("report drawn"),
    "reports asked": _("reports asked for"),
    "schedule made": _("schedule of reports made"),
    "schedule changed": _("schedule of reports changed"),
    "schedule stopped": _("schedule of reports stopped"),
    "selection saved": _("choice of reports saved"),
    "selection removed": _("saved choice of reports removed"),
    "template uploaded": _("Word template uploaded"),
    "template removed": _("Word template removed"),
}

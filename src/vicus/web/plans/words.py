"""The codes of plans and evaluations in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "plans.plan": _("Zonal Security Plan"),
    "plans.priority": _("priority of the plan"),
    "plans.objective": _("objective of the plan"),
    "plans.indicator": _("indicator of the plan"),
    "plans.evaluation": _("yearly evaluation"),
}

EVENTS: dict[str, str | Promise] = {
    "plan written": _("plan written"),
    "plan passed on": _("state of a plan changed"),
    "priority written": _("priority written"),
    "priority taken out": _("priority taken out"),
    "objective written": _("objective written"),
    "objective taken out": _("objective taken out"),
    "indicator written": _("indicator written"),
    "indicator taken out": _("indicator taken out"),
    "link added": _("hotspot, problem or action hung on an objective"),
    "link taken off": _("hotspot, problem or action taken off an objective"),
    "evaluation begun": _("yearly evaluation begun"),
    "evaluation written": _("yearly evaluation written"),
    "evaluation passed on": _("state of a yearly evaluation changed"),
    "hotspot closed": _("hotspot closed"),
}

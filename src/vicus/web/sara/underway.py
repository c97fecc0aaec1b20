"""Actions that ran in the month of a sheet, with the dose planned and delivered by its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.incidents.months import month_after
from vicus.web.actions import doses
from vicus.web.actions.models import Action
from vicus.web.actions.showing import sentences
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.sara.queries import Open


def table(opened: Open) -> dict[str, Any] | None:
    """The actions, each with its dose; None when there are none, or when the reader may not open them."""
    first, after = opened.sheet.month, month_after(opened.sheet.month)
    ran = Action.objects.filter(hotspot=opened.hotspot, begun_on__lt=after).filter(
        Q(closed_on=None) | Q(closed_on__gte=first)
    )
    found = (
        list(ran.select_related("hotspot__zone").prefetch_related("visits")) if opened.sight.detail else []
    )
    if not found:
        return None
    last = min(after - timedelta(days=1), today(opened.zone))
    clock = ZoneInfo(opened.zone.timezone)

    def told(action: Action) -> str:
        visits = [v for v in action.visits.all() if v.started_at.astimezone(clock).date() <= last]
        return sentences.dose(action, doses.dose(action, visits, last), language())

    return {
        "id": "under-way",
        "caption": _("Actions under way"),
        "columns": [
            {"key": "action", "label": _("Action")},
            {"key": "state", "label": _("State")},
            {"key": "dose", "label": _("Dose up to the end of the month")},
        ],
        "rows": [
            {
                "cells": [action.title, action.get_state_display(), told(action)],
                "url": reverse("actions:action", args=[opened.zone.slug, action.pk]),
            }
            for action in found
        ],
        "whole": True,
    }

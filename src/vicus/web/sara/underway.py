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
from vicus.web.actions import rules as action_rules
from vicus.web.actions.models import Action
from vicus.web.actions.showing import sentences
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.sara.models import Promise
from vicus.web.sara.queries import Open


def dose(opened: Open, action: Action) -> str:
    """The dose of an action, planned and delivered up to the end of the month of the sheet."""
    last = min(month_after(opened.sheet.month) - timedelta(days=1), today(opened.zone))
    clock = ZoneInfo(opened.zone.timezone)
    visits = [v for v in action.visits.all() if v.started_at.astimezone(clock).date() <= last]
    return sentences.dose(action, doses.dose(action, visits, last), language())


def of_promise(opened: Open, promise: Promise) -> dict[str, Any] | None:
    """What became of a promise as an action: its state and dose, or where it can become one; None for neither."""
    if not opened.sight.detail:
        return None
    action = promise.action
    args = [opened.zone.slug, opened.hotspot.number, f"{opened.sheet.month:%Y-%m}", promise.pk]
    change = reverse("sara:promise_action", args=args) if opened.access.writer else ""
    if action is None:
        return {"change_url": change} if change else None
    return {
        "title": action.title,
        "url": reverse("actions:action", args=[opened.zone.slug, action.pk]),
        "state": action.get_state_display(),
        "tone": action_rules.TONES[Action.State(action.state)],
        "blocker": action.get_blocker_display(),
        "dose": dose(opened, action),
        "change_url": change,
    }


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
                "cells": [action.title, action.get_state_display(), dose(opened, action)],
                "url": reverse("actions:action", args=[opened.zone.slug, action.pk]),
            }
            for action in found
        ],
        "whole": True,
    }

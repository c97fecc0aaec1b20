"""Planned presence in a hotspot, as the gate from Clear to Hold looks at it."""

from __future__ import annotations

from typing import Any

from vicus.web.actions.models import Action
from vicus.web.hotspots.services import today
from vicus.web.phases.computed import Basis

COUNTED = (Action.State.PLANNED, Action.State.RUNNING)


def planned(basis: Basis) -> dict[str, Any]:
    """Actions with a planned dose that are planned or running and not past their end, and their minutes a week."""
    doses = Action.objects.filter(
        hotspot=basis.hotspot,
        state__in=COUNTED,
        ends_on__gte=today(basis.hotspot.zone),
        visits_a_week__isnull=False,
    ).values_list("visits_a_week", "minutes")
    minutes_a_week = sum((visits or 0) * (minutes or 0) for visits, minutes in doses)
    return {"actions": len(doses), "minutes_a_week": minutes_a_week}

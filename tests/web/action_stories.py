"""Makes actions for tests: on hotspots of the small zone of `hotspot_places`, with its three years of facts."""

import uuid
from datetime import date
from typing import Any

from vicus.web.actions import designing, services
from vicus.web.actions.models import Action, Visit
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.queries import hotspots
from vicus.web.zone.models import Zone

START, END = date(2025, 7, 1), date(2025, 12, 31)
PLAN: dict[str, Any] = {
    "title": "Evening presence", "kind": "enforcement", "lead": "Police zone", "objective": "A quarter fewer by June",
    "mechanism": "Being seen", "visits_a_week": 3, "minutes": 30,
}  # fmt: skip


def plan(zone: Zone, number: int = 1, **fields: Any) -> Action:
    """A planned action on a hotspot."""
    given = {"starts_on": START, "ends_on": END, **PLAN, **fields}
    return services.plan(hotspot=Hotspot.objects.get(zone=zone, number=number), actor="a test", **given)


def begin(zone: Zone, number: int = 1, *, on: date = START, months_after: int = 3, **fields: Any) -> Action:
    """An action that began on a day, its design fixed that day."""
    action, places = plan(zone, number, **{"starts_on": on, **fields}), hotspots(zone)
    designing.prepare(action=action, hotspots=places, on=on, actor="a test", months_after=months_after)
    services.take(action=action, code="start", on=on, hotspots=places, actor="a test")
    return Action.objects.select_related("hotspot__zone", "design").get(pk=action.pk)


def visit(action: Action, *, key: uuid.UUID | None = None, **told: Any) -> Visit:
    """A visit, as a file would bring it."""
    given = {"unit": Visit.Unit.BICYCLE, "minutes": 20, "source": Visit.Source.FILE, **told}
    return services.log_visit(action=action, key=key or uuid.uuid4(), actor="a test", **given)[0]

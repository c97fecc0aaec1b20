"""Proposals of perimeters in the demonstration zone: one waiting, one accepted in the past, one order that ends soon.

The fit of all perimeters is worked out too: it finds the displacement that truths.toml planted around hotspot 16.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from shapely.affinity import translate

from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.queries import hotspots
from vicus.web.hotspots.services import today
from vicus.web.perimeters import fitting, measuring, services
from vicus.web.perimeters.models import Fit, Proposal
from vicus.web.perimeters.queries import in_force
from vicus.web.zone.models import Zone

MONTHS = 6
"""So many months of fits, so that a page has a history."""
WAITING, ACCEPTED, ORDERED = 16, 5, 8


def load(zone: Zone, *, analyst: User, direction: User) -> None:
    """Work out the fits, then draw, propose and decide through the services that people use."""
    texts: dict[str, Any] = tomllib.loads(
        files("vicus.demo").joinpath("proposals.toml").read_text(encoding="utf-8")
    )
    day = today(zone)
    fitting.work_out(zone, months=MONTHS)
    accepted = _draw(zone, ACCEPTED, _shifted, texts["accepted"], analyst, day - timedelta(days=100))
    _decide(accepted, direction, day - timedelta(days=90), texts["accepted"]["comment"])
    order = {
        "designation": "municipal",
        "ends_on": day + timedelta(days=25),
        "order_reference": texts["order"]["order"],
    }
    ordered = _draw(zone, ORDERED, _same, texts["order"], analyst, day - timedelta(days=70), **order)
    _decide(ordered, direction, day - timedelta(days=65), texts["order"]["comment"])
    waiting = _draw(zone, WAITING, _best, texts["waiting"], analyst, day - timedelta(days=4))
    services.take(proposal=waiting, code="propose", actor=analyst, on=day - timedelta(days=4))
    # The outline that was accepted is judged too.
    fitting.work_out(zone)


def _draw(
    zone: Zone, number: int, change: Any, texts: dict[str, str], analyst: User, day: date, **fields: Any
) -> Proposal:
    places = hotspots(zone)
    hotspot = next(place for place in places if place.number == number)
    current = in_force(hotspot, day)
    assert current is not None
    shape = change(hotspot, current.shape)
    measured = measuring.measure(
        zone, shape, buffer_m=current.buffer_m, hotspots=places, without=hotspot, on=day
    )
    evidence = measured.as_dict() | {"compared": measuring.compared(zone, current.shape, shape)}
    return services.draw(
        zone=zone,
        hotspot=hotspot,
        geometry=shape,
        evidence=evidence,
        actor=analyst,
        on=day,
        reason=texts["reason"],
        legal_basis=texts["legal_basis"],
        exit_criteria=current.exit_criteria,
        buffer_m=current.buffer_m,
        **fields,
    )


def _decide(proposal: Proposal, direction: User, day: date, comment: str) -> None:
    services.take(proposal=proposal, code="propose", actor="demonstration", on=day - timedelta(days=5))
    services.take(proposal=proposal, code="accept", actor=direction, on=day, comment=comment)


def _same(hotspot: Hotspot, shape: Any) -> Any:
    return shape


def _shifted(hotspot: Hotspot, shape: Any) -> Any:
    """A little further, as when a stop moves down the street."""
    return shape.union(translate(shape, 30, -20)).simplify(5)


def _best(hotspot: Hotspot, shape: Any) -> Any:
    """With the cells of the best outline nearby."""
    fit = Fit.objects.filter(hotspot=hotspot).order_by("-month").first()
    best = fit.best_shape if fit is not None else None
    return shape if best is None else shape.union(best)

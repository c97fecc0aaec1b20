"""Perimeters that Vicus proposes from the facts: where they cluster beyond chance, and how much that captures."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.analysis import make_grid, propose_perimeters
from vicus.incidents import questions
from vicus.incidents.errors import IncidentError
from vicus.incidents.months import month_after, months_before
from vicus.incidents.selection import Selection
from vicus.incidents.store import Store
from vicus.pictures import words
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures, keeping
from vicus.web.hotspots.outlines import PROPOSAL
from vicus.web.zone.models import Zone
from vicus.web.zone.queries import outline

CELL_METRES = 150.0
YEARS = 3
LARGEST_KM2 = 0.5
BLOCK_METRES = 1000.0
FEWEST_IN_BLOCK = 10
"""Without territory, the ground looked at is the squares of a kilometre with at least so many facts."""
FOUND = ("rank", "n", "area_km2", "density", "harm", "gi_max", "p_adjusted_min", "cells")


class ProposalError(IncidentError):
    """Nothing can be proposed, and why."""


@dataclass(frozen=True)
class Proposal:
    """Proposed outlines in the zone's coordinates, and what they rest on (`about`, plain values)."""

    table: gpd.GeoDataFrame
    about: dict[str, Any]

    def sentence(self, language: str) -> str:
        """How much the proposals capture: share of the facts in share of the surface."""
        if not len(self.table):
            return _("No perimeter is proposed: %(why)s.") % {"why": self.about["why"]}
        chosen = ngettext(
            "%(n)s perimeter holds %(events)s of the facts that chose it on %(area)s of the surface (PAI %(pai)s).",
            "%(n)s perimeters hold %(events)s of the facts that chose them on %(area)s of the surface (PAI %(pai)s).",
            len(self.table),
        ) % {"n": words.number(len(self.table), language), **_capture(self.about, language)}
        held = self.about.get("held_out")
        if held is None:
            return chosen
        return f"{chosen} " + _(
            "Chosen on the years before, such perimeters held %(events)s of the facts of the last year on %(area)s of the"
            " surface (PAI %(pai)s)."
        ) % _capture(held, language)

    def geojson(self) -> str:
        """The file that `import_perimeters` takes as it is: longitude and latitude, figures with each outline."""
        moved = self.table.to_crs(4326)
        features = [
            {
                "type": "Feature",
                "properties": {name: _plain(row[name]) for name in FOUND},
                "geometry": shapely.geometry.mapping(shapely.set_precision(shape, 1e-8, mode="pointwise")),
            }
            for (_index, row), shape in zip(self.table.iterrows(), moved.geometry, strict=True)
        ]
        document = {"type": "FeatureCollection", PROPOSAL: self.about, "features": features}
        return json.dumps(document, ensure_ascii=False, indent=1)


@transaction.atomic
def propose(
    *,
    zone: Zone,
    actor: Any,
    count: int,
    years: int = YEARS,
    until: date | None = None,
    cell_size: float = CELL_METRES,
    largest: float | None = LARGEST_KM2,
    q: float = 0.05,
    sources: str = "reported",
    as_known_at: date | None = None,
) -> Proposal:
    """Outlines of the places where facts cluster, ranked by density, and by harm where the zone has weights.

    `until` is any day of the last month counted (default: the last whole month of the data); `largest` is in
    km². Without territory the ground looked at is where facts were registered.
    """
    store = find_store(zone)
    if store is None or not store.version().rows:
        raise ProposalError(
            _("No facts were imported yet, so nothing can be proposed."), todo=_("Import facts first.")
        )
    version = store.version(as_known_at)
    span = figures.span(store, zone, version)
    last = until.replace(day=1) if until is not None else asking.last_month(span)
    selection = Selection(
        start=months_before(last, years * 12 - 1),
        end=month_after(last),
        sources=figures.SOURCES[sources],
        version=version.number,
    )
    ground = outline(zone)
    automatic = (
        [] if ground is not None else [f"no territory: squares of 1 km with {FEWEST_IN_BLOCK} facts or more"]
    )
    grid = make_grid(gpd.GeoSeries([ground or _where_facts_lie(store, selection)], crs=zone.crs), cell_size)
    grid, weighted = _counted(grid, store, selection, zone)
    chosen: dict[str, Any] = {"count": count, "q": q, "largest": largest}
    found = propose_perimeters(grid, **chosen, harm="harm" if weighted is not None else None)
    about = {
        "zone": zone.slug,
        "from": selection.start,
        "until": selection.end,
        "sources": list(selection.sources),
        "data_version": version.number,
        "known_at": version.known_at,
        "software": keeping.software(),
        "harm_weights_cover": weighted,
        **{name: _plain(value) for name, value in found.attrs.items() if name != "automatic"},
        "automatic": automatic + list(found.attrs["automatic"]),
        "held_out": _held_out(grid, store, selection, zone, chosen) if years >= 2 else None,
    }
    about = json.loads(json.dumps(about, default=str))
    record(
        actor=actor,
        action=Action.COMBINATION,
        object_type="hotspots.proposal",
        object_id=f"{len(found)} perimeters",
        zone=zone,
        details={
            name: about[name] for name in ("from", "until", "data_version", "cell_size", "q", "largest")
        },
    )
    return Proposal(found, about)


def _held_out(
    grid: gpd.GeoDataFrame, store: Store, selection: Selection, zone: Zone, chosen: dict[str, Any]
) -> dict[str, Any] | None:
    """What outlines chosen on the earlier years hold of the last year, which did not choose them; None when too short."""
    assert selection.end is not None
    turn = months_before(selection.end, 12)
    bare = grid[["geometry"]]
    before, _weighted = _counted(bare, store, replace(selection, end=turn), zone)
    after, _weighted = _counted(bare, store, replace(selection, start=turn), zone)
    if not before["n"].sum() or not after["n"].sum():
        return None
    found = propose_perimeters(before, **chosen)
    if not len(found):
        return None
    inside = after.geometry.centroid.within(found.geometry.union_all())
    share = float(after.loc[inside, "n"].sum() / after["n"].sum())
    surface = float(after.loc[inside].area.sum() / after.area.sum())
    return {"from": turn, "share_events": share, "share_area": surface, "pai": share / surface}


def _counted(
    grid: gpd.GeoDataFrame, store: Store, selection: Selection, zone: Zone
) -> tuple[gpd.GeoDataFrame, float | None]:
    """Facts in each cell; and harm, with the share of facts that have a weight, when the zone has weights at all."""
    counted = questions.count(store, selection, areas=grid[["geometry"]], by=("area", "category"))
    by_cell = counted.groupby("area", observed=True)["n"].sum()
    grid = grid.assign(n=by_cell.reindex(grid.index).fillna(0).astype("int64"))
    weights = dict(zone.categories.exclude(harm_weight=None).values_list("code", "harm_weight"))
    if not weights or not len(counted):
        return grid, None
    weight = counted["category"].astype(str).map(weights)
    harm = (counted["n"] * weight.fillna(0.0)).groupby(counted["area"], observed=True).sum()
    grid = grid.assign(harm=harm.reindex(grid.index).fillna(0.0).astype(float))
    return grid, float(counted.loc[weight.notna(), "n"].sum() / counted["n"].sum())


def _where_facts_lie(store: Store, selection: Selection) -> Any:
    """Squares of a kilometre with enough facts: the ground to look at where the territory is not known."""
    squares = questions.blocks(store, selection, side=BLOCK_METRES)
    full = squares[squares["n"] >= FEWEST_IN_BLOCK]
    if not len(full):
        raise ProposalError(
            _("Fewer than %(n)s facts have a place on the same square kilometre, so nothing can be proposed.")
            % {"n": FEWEST_IN_BLOCK}
        )
    west, south = (full[side].to_numpy() * BLOCK_METRES for side in ("east", "north"))
    return shapely.union_all(shapely.box(west, south, west + BLOCK_METRES, south + BLOCK_METRES))


def _capture(figures: dict[str, Any], language: str) -> dict[str, str]:
    """Shares and index as the sentence prints them."""
    return {
        "events": words.percent(figures["share_events"], language),
        "area": _percent(figures["share_area"], language),
        "pai": words.number(figures["pai"], language, decimals=1),
    }


def _percent(fraction: float, language: str) -> str:
    """A small share keeps a decimal: 0.4 % is not 0 %."""
    return (
        words.percent(fraction, language)
        if fraction >= 0.1
        else f"{words.number(100 * fraction, language, decimals=1)} %"
    )


def _plain(value: Any) -> Any:
    """Values as JSON knows them; what is missing stays missing."""
    if value is None or (not isinstance(value, list | tuple | dict | str) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value

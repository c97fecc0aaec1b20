"""Adding hotspots, versions of perimeters and phases. Nothing is ever edited; every act is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.hotspots import outlines, rules
from vicus.web.hotspots.models import Hotspot, Perimeter, Phase
from vicus.web.hotspots.outlines import Outline, Refusal
from vicus.web.hotspots.tasks import warm_later
from vicus.web.hotspots.territory import Territory
from vicus.web.zone.models import Zone

SAME_PLACE = 0.5
"""A proposal that shares more than this of the smaller of both grounds is a new version of that hotspot."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided a perimeter, on what ground and for how long; the same for all outlines of a file."""

    decided_by: str
    reference: str = ""
    legal_basis: str = ""
    purpose: str = ""
    exit_criteria: str = ""
    designation: str = Perimeter.Designation.ZONAL
    valid_from: date | None = None
    review_due: date | None = None
    order_reference: str = ""
    ends_on: date | None = None
    buffer_m: int = 150
    controls: tuple[Any, ...] = ()


@dataclass(slots=True)
class Imported:
    """What an import of outlines did, hotspot numbers in each list."""

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    repaired: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "repaired": self.repaired,
            "refused": [refusal.as_dict() for refusal in self.refused],
        }


@transaction.atomic
def import_perimeters(
    *,
    zone: Zone,
    path: Path,
    actor: Any,
    decision: Decision | None = None,
    source_crs: str = "",
    layer: str = "",
) -> Imported:
    """Hotspots and their outlines from a GeoJSON, GeoPackage or Shapefile, in any coordinate system.

    The same outline again adds nothing. A changed outline becomes a new version that closes the one before
    it. Outlines that cannot be taken are refused one by one, the others are taken. The file that
    `vicus hotspots propose` writes is taken as it is: its figures become the entry criteria.
    """
    path = Path(path)
    found = outlines.read(path, crs=zone.crs, languages=zone.languages, source_crs=source_crs, layer=layer)
    decision = _complete(decision, zone, proposal=bool(found.proposal))
    territory = Territory.of(zone)
    # Two imports at once would both find the next number free.
    Zone.objects.select_for_update().get(pk=zone.pk)
    hotspots = {h.number: h for h in Hotspot.objects.filter(zone=zone).prefetch_related("perimeters")}
    result = Imported(refused=list(found.refused))
    for outline in found.taken:
        code = "" if territory.meets(outline.geometry) else "outside the zone"
        hotspot = hotspots.get(outline.number) if outline.number else _at(outline, hotspots, decision)
        code = code or (_conflict(outline, hotspot, decision) if hotspot else "")
        if code:
            result.refused.append(Refusal(outline.row, outline.number, code))
            continue
        if hotspot is None:
            hotspot = _hotspot(zone, outline, outline.number or max(hotspots, default=0) + 1, territory)
            hotspots[hotspot.number] = hotspot
            result.added.append(hotspot.number)
        elif _unchanged(outline, hotspot, decision):
            result.unchanged.append(hotspot.number)
            continue
        else:
            result.changed.append(hotspot.number)
        _version(hotspot, outline, decision, origin=path.name, proposal=dict(found.proposal))
        if outline.repaired:
            result.repaired.append(hotspot.number)
    result.refused.sort(key=lambda refusal: refusal.row)
    if result.added or result.changed:
        record(
            actor=actor,
            action=Action.COLLECTION,
            object_type="hotspots.perimeters",
            object_id=path.name,
            zone=zone,
            details={
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "designation": decision.designation,
                "decided_by": decision.decided_by,
                "valid_from": decision.valid_from,
                **{name: value for name, value in result.as_dict().items() if name != "refused"},
                "refused": len(result.refused),
            },
        )
        warm_later(zone=zone)
    return result


@transaction.atomic
def change_perimeter(
    *,
    hotspot: Hotspot,
    geometry: BaseGeometry,
    decision: Decision,
    actor: Any,
    origin: str = "",
    figures: Mapping[str, Any] | None = None,
) -> Perimeter:
    """A new version of an outline (in the zone's coordinates), which closes the one before it.

    `figures` are those the decision rests on; they stand with the version.
    """
    decision = _complete(decision, hotspot.zone, proposal=False)
    outline = Outline(row=1, number=hotspot.number, names={}, geometry=geometry, figures=figures or {})
    if not geometry.is_valid or geometry.geom_type not in ("Polygon", "MultiPolygon"):
        raise ValidationError(outlines.REASONS["broken outline"])
    if geometry.area < outlines.SMALLEST_M2:
        raise ValidationError(outlines.REASONS["too small"])
    code = _conflict(outline, hotspot, decision)
    if code:
        raise ValidationError(outlines.REASONS[code])
    perimeter = _version(hotspot, outline, decision, origin=origin, proposal={})
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="hotspots.perimeter",
        object_id=f"{hotspot.number} v{perimeter.version}",
        zone=hotspot.zone,
        details={"valid_from": perimeter.valid_from, "decided_by": perimeter.decided_by},
    )
    return perimeter


@transaction.atomic
def add_hotspot(
    *,
    zone: Zone,
    names: Mapping[str, str],
    geometry: BaseGeometry,
    decision: Decision,
    actor: Any,
    origin: str = "",
    figures: Mapping[str, Any] | None = None,
) -> Hotspot:
    """A new hotspot with the next number and its first outline (in the zone's coordinates).

    Without a name it takes that of the sector that holds most of the outline.
    """
    Zone.objects.select_for_update().get(pk=zone.pk)
    last = Hotspot.objects.filter(zone=zone).order_by("-number").values_list("number", flat=True).first() or 0
    outline = Outline(row=1, number=last + 1, names=names, geometry=geometry)
    hotspot = _hotspot(zone, outline, last + 1, Territory.of(zone))
    change_perimeter(
        hotspot=hotspot, geometry=geometry, decision=decision, actor=actor, origin=origin, figures=figures
    )
    return hotspot


@transaction.atomic
def assign(*, hotspot: Hotspot, manager: Any | None, deputy: Any | None, actor: Any) -> None:
    """Give a hotspot its manager and deputy."""
    for user in (manager, deputy):
        if user is not None and not user.role_in(hotspot.zone.slug):
            raise ValidationError(_("A hotspot manager is a member of the zone."))
    if manager is not None and manager == deputy:
        raise ValidationError(_("The deputy is somebody else than the manager."))
    before = (hotspot.manager, hotspot.deputy)
    if before == (manager, deputy):
        return
    hotspot.manager, hotspot.deputy = manager, deputy
    hotspot.save(update_fields=["manager", "deputy"])
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="hotspots.hotspot",
        object_id=hotspot.number,
        zone=hotspot.zone,
        details={
            "event": "manager assigned",
            "manager": _account(manager),
            "deputy": _account(deputy),
            "before": [_account(user) for user in before],
        },
    )


def _account(user: Any | None) -> str:
    return "" if user is None else str(user.username)


@transaction.atomic
def pass_to_phase(
    *,
    hotspot: Hotspot,
    kind: str,
    started_on: date,
    decided_by: str,
    actor: Any,
    decision_reference: str = "",
    evidence: str = "",
) -> Phase:
    """Close the phase a hotspot is in and open the next; the table in `rules` says which may follow."""
    current = hotspot.phases.select_for_update().filter(ended_on=None).first()
    if kind not in rules.next_phases(current.kind if current else ""):
        raise ValidationError(_("This phase cannot follow the one the hotspot is in."))
    if current is not None:
        if started_on <= current.started_on:
            raise ValidationError(_("The new phase starts after the one the hotspot is in."))
        current.ended_on = started_on
        current.save(update_fields=["ended_on"])
    phase = Phase(
        hotspot=hotspot,
        kind=kind,
        started_on=started_on,
        decided_by=decided_by,
        decision_reference=decision_reference,
        evidence=evidence,
    )
    phase.full_clean()
    phase.save()
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="hotspots.phase",
        object_id=hotspot.number,
        zone=hotspot.zone,
        details={"phase": kind, "from": started_on, "decided_by": decided_by},
    )
    return phase


@transaction.atomic
def close(*, hotspot: Hotspot, on: date, decided_by: str, actor: Any, reference: str = "") -> None:
    """Close a hotspot: its outlines and its phase end that day. What it was is kept."""
    found = Hotspot.objects.select_for_update(of=("self",)).get(pk=hotspot.pk)
    if found.status == Hotspot.Status.CLOSED:
        return
    for perimeter in found.perimeters.filter(valid_to=None):
        # One that was to begin later never did.
        Perimeter.objects.filter(pk=perimeter.pk).update(valid_to=max(on, perimeter.valid_from))
    for phase in found.phases.filter(ended_on=None):
        if phase.started_on < on:
            phase.ended_on = on
            phase.save(update_fields=["ended_on"])
    found.status = hotspot.status = Hotspot.Status.CLOSED
    found.save(update_fields=["status"])
    getattr(hotspot, "_prefetched_objects_cache", {}).clear()
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="hotspots.hotspot",
        object_id=hotspot.number,
        zone=hotspot.zone,
        details={"event": "hotspot closed", "on": on, "decided_by": decided_by, "decision": reference},
    )


def today(zone: Zone) -> date:
    """The local day in the zone."""
    return timezone.now().astimezone(ZoneInfo(zone.timezone)).date()


def _complete(decision: Decision | None, zone: Zone, *, proposal: bool) -> Decision:
    """The decision with its dates filled in, and checked."""
    given = decision or Decision(decided_by=rules.DIRECTION)
    valid_from = given.valid_from or today(zone)
    latest = rules.latest_review(valid_from)
    review_due = given.review_due or latest
    if not given.decided_by.strip():
        raise ValidationError(_("Say which role or body decided."))
    if given.designation not in Perimeter.Designation.values:
        raise ValidationError(_("The designation is zonal, municipal, regional or federal."))
    if not valid_from <= review_due <= latest:
        raise ValidationError(_("A perimeter is reviewed within twelve months after it comes into force."))
    if given.order_reference and given.ends_on is None:
        raise ValidationError(_("An order carries the date on which it ends."))
    if given.ends_on is not None and given.ends_on < valid_from:
        raise ValidationError(_("An order does not end before it starts."))
    fields = {name: getattr(given, name) for name in Decision.__slots__}
    return Decision(**{**fields, "valid_from": valid_from, "review_due": review_due})


def _at(outline: Outline, hotspots: dict[int, Hotspot], decision: Decision) -> Hotspot | None:
    """The hotspot an outline without number belongs to: the one with this very outline, or, for a proposal, the
    one it shares most of its ground with.
    """
    for hotspot in hotspots.values():
        if _unchanged(outline, hotspot, decision):
            return hotspot
    if not outline.figures:
        return None
    shared: dict[int, float] = {}
    for hotspot in hotspots.values():
        current = _open_version(hotspot, decision.designation)
        if current is not None:
            both = current.shape.intersection(outline.geometry).area
            shared[hotspot.number] = both / min(current.area_m2, outline.geometry.area)
    best = max(shared, key=lambda number: shared[number], default=None)
    return hotspots[best] if best is not None and shared[best] > SAME_PLACE else None


def _open_version(hotspot: Hotspot, designation: str) -> Perimeter | None:
    """The version that has no end yet, in the list of that authority."""
    versions = hotspot.perimeters.all()
    return next((p for p in versions if p.valid_to is None and p.designation == designation), None)


def _unchanged(outline: Outline, hotspot: Hotspot, decision: Decision) -> bool:
    current = _open_version(hotspot, decision.designation)
    return current is not None and outlines.same(current.shape, outline.geometry)


def _conflict(outline: Outline, hotspot: Hotspot, decision: Decision) -> str:
    """Why this outline cannot follow the versions there are; empty when it can."""
    if _unchanged(outline, hotspot, decision):
        return ""
    assert decision.valid_from is not None
    current = _open_version(hotspot, decision.designation)
    if current is not None and decision.valid_from < current.valid_from:
        return "earlier than the version in force"
    closed = [
        p.valid_to for p in hotspot.perimeters.all() if p.valid_to and p.designation == decision.designation
    ]
    if current is None and any(end > decision.valid_from for end in closed):
        return "history"
    return ""


def _hotspot(zone: Zone, outline: Outline, number: int, territory: Territory) -> Hotspot:
    """A new hotspot, in the sector the file names or else the one that holds most of its outline."""
    sector = territory.sector_named(outline.sector) or territory.sector_of(outline.geometry)
    names = dict(outline.names) or (dict(sector.names) if sector is not None else {})
    hotspot = Hotspot(
        zone=zone,
        number=number,
        names=names,
        sector=sector,
        commune=territory.commune_of(outline.geometry, sector),
    )
    hotspot.full_clean(exclude=["manager", "deputy"])
    hotspot.save()
    return hotspot


def _version(
    hotspot: Hotspot, outline: Outline, decision: Decision, *, origin: str, proposal: dict[str, Any]
) -> Perimeter:
    """Close the open version of that designation, if any, and add the next one."""
    assert decision.valid_from is not None
    assert decision.review_due is not None
    current = _open_version(hotspot, decision.designation)
    if current is not None:
        Perimeter.objects.filter(pk=current.pk).update(valid_to=decision.valid_from)
    last = hotspot.perimeters.order_by("-version").values_list("version", flat=True).first() or 0
    criteria: dict[str, Any] = dict(outline.figures)
    if proposal:
        criteria["proposal"] = proposal
    perimeter = Perimeter(
        hotspot=hotspot,
        version=last + 1,
        designation=decision.designation,
        valid_from=decision.valid_from,
        review_due=decision.review_due,
        ends_on=decision.ends_on,
        order_reference=decision.order_reference,
        decided_by=decision.decided_by,
        decision_reference=decision.reference,
        legal_basis=decision.legal_basis,
        purpose=decision.purpose,
        exit_criteria=decision.exit_criteria,
        entry_criteria=criteria,
        buffer_m=decision.buffer_m,
        controls=list(decision.controls),
        origin=origin,
    )
    perimeter.shape = shapely.normalize(outline.geometry)
    perimeter.full_clean(validate_constraints=False)
    perimeter.save()
    # The prefetched list no longer holds.
    getattr(hotspot, "_prefetched_objects_cache", {}).pop("perimeters", None)
    return perimeter

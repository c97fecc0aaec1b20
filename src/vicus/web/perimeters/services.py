"""Writing proposals of perimeters. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from vicus.web.accounts.models import User
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import DIRECTION
from vicus.web.hotspots.services import Decision, add_hotspot, change_perimeter
from vicus.web.perimeters import rules
from vicus.web.perimeters.models import Proposal
from vicus.web.perimeters.queries import replaced
from vicus.web.zone.models import Zone

State = Proposal.State


@transaction.atomic
def draw(
    *,
    zone: Zone,
    hotspot: Hotspot | None,
    geometry: BaseGeometry,
    evidence: Mapping[str, Any],
    actor: Any,
    on: date,
    **fields: Any,
) -> Proposal:
    """Keep an outline (in the zone's coordinates) as a draft, with the figures it rests on."""
    proposal = Proposal(
        zone=zone,
        hotspot=hotspot,
        author=actor if isinstance(actor, User) else None,
        evidence=dict(evidence),
        **fields,
    )
    proposal.shape = geometry
    proposal.replaces = replaced(proposal, on)
    _check(proposal)
    proposal.save()
    _record(proposal, actor, "perimeter drawn")
    return proposal


@transaction.atomic
def change(
    *,
    proposal: Proposal,
    geometry: BaseGeometry,
    evidence: Mapping[str, Any],
    actor: Any,
    on: date,
    **fields: Any,
) -> Proposal:
    """Change a draft, from then on over the version in force; what was proposed stays as it is, for somebody
    else decides on it.
    """
    proposal = _locked(proposal)
    if proposal.state != State.DRAFT:
        raise ValidationError(_("Only a draft can be changed. Withdraw it and draw another."))
    for name, value in fields.items():
        setattr(proposal, name, value)
    proposal.shape, proposal.evidence = geometry, dict(evidence)
    proposal.replaces = replaced(proposal, on)
    _check(proposal)
    proposal.save()
    _record(proposal, actor, "draft changed")
    return proposal


@transaction.atomic
def take(
    *, proposal: Proposal, code: str, actor: Any, on: date, comment: str = "", decision_reference: str = ""
) -> Proposal:
    """Take one step of the table in `rules`. Accepting makes the new version of the perimeter that day."""
    # Two people at once: the second finds the state the first left.
    proposal = _locked(proposal)
    step = rules.BY_CODE[code]
    if proposal.state not in step.sources:
        raise ValidationError(
            _("Meanwhile the state of this proposal is: %(state)s.") % {"state": proposal.get_state_display()}
        )
    if step.comment and not comment.strip():
        raise ValidationError(_("Say why in a few words."))
    if code == "propose":
        _check(proposal)
        proposal.proposed_on = on
    if step.comment:
        proposal.comment, proposal.decision_reference = comment.strip(), decision_reference.strip()
        proposal.decided_on = on
    if code == "accept":
        proposal.perimeter = _new_version(proposal, actor, on)
        proposal.hotspot = proposal.perimeter.hotspot
    proposal.state = step.target
    proposal.save()
    _record(proposal, actor, "proposal moved", step=code)
    return proposal


def tell_asked(*, zone: Zone, hotspot: Hotspot | None, shape: BaseGeometry, actor: Any) -> None:
    """Record that the figures of a drawn outline were asked: whoever subtracts two outlines leaves both in the trail."""
    west, south, east, north = (round(value) for value in shape.bounds)
    record(
        actor=actor,
        action=Action.CONSULTATION,
        object_type="perimeters.outline",
        object_id=hotspot.number if hotspot else "-",
        zone=zone,
        details={
            "event": "figures of a drawn outline asked",
            "outline": sha256(shapely.to_wkb(shapely.normalize(shape))).hexdigest(),
            "area_m2": round(shape.area),
            "within": [west, south, east, north],
        },
    )


def _new_version(proposal: Proposal, actor: Any, on: date) -> Perimeter:
    decision = Decision(
        decided_by=DIRECTION,
        reference=proposal.decision_reference,
        legal_basis=proposal.legal_basis,
        purpose=proposal.reason,
        exit_criteria=proposal.exit_criteria,
        designation=proposal.designation,
        valid_from=on,
        review_due=proposal.review_due,
        order_reference=proposal.order_reference,
        ends_on=proposal.ends_on,
        buffer_m=proposal.buffer_m,
        controls=tuple(proposal.controls),
    )
    given: dict[str, Any] = {
        "geometry": proposal.shape, "decision": decision, "actor": actor, "origin": rules.ORIGIN,
        "figures": proposal.evidence,
    }  # fmt: skip
    if proposal.hotspot is None:
        names = dict.fromkeys(proposal.zone.languages, proposal.name) if proposal.name else {}
        hotspot = add_hotspot(zone=proposal.zone, names=names, **given)
        return hotspot.perimeters.get()
    # Two proposals for one hotspot accepted at once: the second finds the version the first made.
    proposal.hotspot = Hotspot.objects.select_for_update(of=("self",)).get(pk=proposal.hotspot.pk)
    now = replaced(proposal, on)
    if (now.pk if now else None) != proposal.replaces_id:
        raise ValidationError(
            _("Another version is in force than the one this was drawn over: refuse it and draw it anew.")
            if now
            else _("The version this was drawn over is no longer in force: refuse it and draw it anew.")
        )
    return change_perimeter(hotspot=proposal.hotspot, **given)


def _check(proposal: Proposal) -> None:
    if proposal.order_reference and proposal.ends_on is None:
        raise ValidationError({"ends_on": _("An order carries the date on which it ends.")})
    proposal.full_clean(exclude=["author", "hotspot", "zone", "replaces", "perimeter"])


def _locked(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("zone", "hotspot", "replaces")
        .get(pk=proposal.pk)
    )


def _record(proposal: Proposal, actor: Any, event: str, **details: Any) -> None:
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="perimeters.proposal",
        object_id=proposal.pk,
        zone=proposal.zone,
        details={
            "event": event,
            "hotspot": proposal.hotspot.number if proposal.hotspot else None,
            "state": str(proposal.state),
            **details,
        },
    )

"""Writing zones, memberships and territory. Each act leaves a record in the audit trail."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.zone.models import Area, Membership, Organisation, Zone
from vicus.web.zone.territory.importing import TerritoryReport, import_territory

__all__ = [
    "TerritoryReport",
    "assign_role",
    "create_zone",
    "end_membership",
    "import_territory",
    "keep_facts",
]


@transaction.atomic
def create_zone(
    *,
    actor: Any,
    slug: str,
    names: Mapping[str, str],
    languages: Iterable[str] = ("fr", "nl"),
    crs: int = 31370,
    timezone: str = "Europe/Brussels",
    is_demo: bool = False,
) -> Zone:
    """A new zone, without territory or members."""
    zone = Zone(
        slug=slug, names=dict(names), languages=list(languages), crs=crs, timezone=timezone, is_demo=is_demo
    )
    zone.full_clean()
    zone.save()
    record(
        actor=actor, action=Action.COLLECTION, object_type="zone.zone", object_id=zone.slug, zone=zone,
        details={"event": "zone created", "crs": crs},
    )  # fmt: skip
    return zone


@transaction.atomic
def keep_facts(*, actor: Any, zone: Zone, years: int | None) -> None:
    """How many years the facts of the zone are kept; None for no limit."""
    before, zone.facts_kept_years = zone.facts_kept_years, years
    zone.full_clean()
    zone.save(update_fields=["facts_kept_years"])
    record(
        actor=actor, action=Action.CHANGE, object_type="zone.zone", object_id=zone.slug, zone=zone,
        details={"event": "retention limit set", "years": years, "before": before},
    )  # fmt: skip


@transaction.atomic
def assign_role(
    *,
    actor: Any,
    zone: Zone,
    user: User,
    role: str,
    areas: Iterable[Area] = (),
    organisation: Organisation | None = None,
) -> Membership:
    """Give a user a role in the zone, or another one, for all of it or for some areas; a partner, an organisation."""
    if role not in ROLES:
        raise ValueError(f"There is no role {role}.")
    if user.is_demo and not zone.is_demo:
        raise ValueError("A demonstration account belongs to demonstration zones only.")
    if organisation is not None and organisation.zone_id != zone.pk:
        raise ValueError("An organisation of another zone.")
    before = Membership.objects.filter(user=user, zone=zone).first()
    given = {"role": role, "organisation": organisation}
    membership, _ = Membership.objects.update_or_create(user=user, zone=zone, defaults=given)
    wanted = {area.pk for area in areas}
    same = before and (before.role, before.organisation_id) == (role, membership.organisation_id)
    if same and set(membership.areas.values_list("pk", flat=True)) == wanted:
        return membership
    membership.areas.set(wanted)
    vars(user).pop("role_by_zone", None)
    record(
        actor=actor, action=Action.CHANGE, object_type="zone.membership", object_id=user.username, zone=zone,
        details={
            "event": "role given",
            "role": role,
            "before": before.role if before else "",
            "areas": sorted(membership.areas.values_list("code", flat=True)),
            **({"organisation": organisation.code} if organisation is not None else {}),
        },
    )  # fmt: skip
    return membership


@transaction.atomic
def end_membership(*, actor: Any, zone: Zone, user: User) -> None:
    """The user no longer belongs to the zone."""
    membership = Membership.objects.filter(user=user, zone=zone).first()
    if membership is None:
        return
    role = membership.role
    membership.delete()
    vars(user).pop("role_by_zone", None)
    record(
        actor=actor, action=Action.CHANGE, object_type="zone.membership", object_id=user.username, zone=zone,
        details={"event": "membership ended", "before": role},
    )  # fmt: skip

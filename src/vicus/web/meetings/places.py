"""Writing what meetings rest on: organisations and bodies of the zone. Keyword-only, atomic, recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.meetings.models import Body
from vicus.web.zone.models import Area, Organisation, Zone


@transaction.atomic
def keep_organisation(
    *, actor: Any, zone: Zone, organisation: Organisation | None, code: str, values: Mapping[str, Any],
    areas: Iterable[Area] = (),
) -> Organisation:  # fmt: skip
    """An organisation, new or changed."""
    kept = organisation or Organisation(zone=zone, code=_free(Organisation, zone, code))
    for name, value in values.items():
        setattr(kept, name, value)
    kept.full_clean()
    kept.save()
    kept.areas.set(areas)
    event = "organisation changed" if organisation else "organisation added"
    _tell(actor, Action.CHANGE if organisation else Action.COLLECTION, kept, event)
    return kept


@transaction.atomic
def end_organisation(*, actor: Any, organisation: Organisation, on: date | None) -> Organisation:
    """It ended on a day, or it did not after all. What it promised stays; it takes no new promises."""
    organisation.ended_on = on
    organisation.save(update_fields=["ended_on"])
    event = "organisation ended" if on else "organisation opened again"
    _tell(actor, Action.CHANGE, organisation, event)
    return organisation


@transaction.atomic
def delete_organisation(*, actor: Any, organisation: Organisation) -> None:
    """Only what was added by mistake. One that promised something, or was asked to a meeting, is ended instead."""
    bound = [
        name
        for name, there in (
            (_("commitments"), organisation.commitments.exists()),
            (_("meetings"), organisation.presences.exists()),
            (_("accounts"), organisation.memberships.exists()),
            (_("information shared"), organisation.shared.exists() or organisation.pulses.exists()),
        )
        if there
    ]
    if bound:
        raise ValidationError(
            _("%(name)s stays on record, because it has %(what)s. Say on which day it ended instead.")
            % {"name": organisation.name, "what": ", ".join(bound)}
        )
    _tell(actor, Action.ERASURE, organisation, "organisation removed")
    try:
        organisation.delete()
    except ProtectedError:
        raise ValidationError(
            _("%(name)s stays on record, because other pages speak of it. Say on which day it ended instead.")
            % {"name": organisation.name}
        ) from None


@transaction.atomic
def keep_body(*, actor: Any, zone: Zone, body: Body | None, code: str, values: Mapping[str, Any]) -> Body:
    """A body, new or changed."""
    kept = body or Body(zone=zone, code=_free(Body, zone, code))
    for name, value in values.items():
        setattr(kept, name, value)
    kept.full_clean()
    kept.save()
    record(
        actor=actor, action=Action.CHANGE if body else Action.COLLECTION, object_type="meetings.body",
        object_id=kept.code, zone=zone,
        details={"event": "body changed" if body else "body added", "levels": kept.levels},
    )  # fmt: skip
    return kept


def _free(model: type[Organisation] | type[Body], zone: Zone, code: str) -> str:
    """The short name, with a number behind it when it is taken."""
    taken = set(model.objects.filter(zone=zone).values_list("code", flat=True))
    found, number = code, 1
    while found in taken:
        number += 1
        found = f"{code[:55]}-{number}"
    return found


def _tell(actor: Any, action: Action, organisation: Organisation, event: str) -> None:
    record(
        actor=actor, action=action, object_type="zone.organisation", object_id=organisation.code,
        zone=organisation.zone, details={"event": event},
    )  # fmt: skip

"""Reading the audit trail, for auditors only."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from vicus.web.audit import door
from vicus.web.audit.models import Record
from vicus.web.audit.rules import EXPORT, READ, zones_audited_by

EXPORTED = "audit.trail"
MEMBERSHIP, ACCOUNT = "zone.membership", "accounts.user"


def trail(user: Any, *, permission: str = READ, **filters: Any) -> QuerySet[Record]:
    """Records of the zones this user audits, newest first.

    Signing in belongs to no zone: it is shown to the auditors of the zones the account belongs or once
    belonged to (whoever ends a membership must not end its traces), and what no account did (an unknown
    user name, a command) to every auditor of the installation.
    """
    zones = zones_audited_by(user, permission)
    roles = Record.objects.filter(zone__in=zones, object_type=MEMBERSHIP)
    # Under the same user name there may have been another account before this one.
    own = roles.filter(object_id=OuterRef("username"), at__gte=OuterRef("created_at"))
    belong = Q(memberships__zone__slug__in=zones) | Q(Exists(own))
    users = get_user_model()._default_manager.filter(belong).distinct()
    members = {str(key) for key in users.values_list("pk", flat=True)}
    others = {str(key) for key in get_user_model()._default_manager.values_list("pk", flat=True)} - members
    # An account that is gone still has its traces: they carry its name.
    gone = Q(object_type=ACCOUNT, object_id__in=roles.values("object_id")) & ~Q(actor_id__in=others)
    found = Record.objects.filter(Q(zone__in=zones) | Q(zone="") & (Q(actor_id__in={"", *members}) | gone))
    if filters.get("zone"):
        found = found.filter(zone=filters["zone"])
    if filters.get("action"):
        found = found.filter(action=filters["action"])
    if filters.get("actor"):
        found = found.filter(actor__icontains=filters["actor"])
    if filters.get("object_type"):
        found = found.filter(object_type=filters["object_type"])
    if filters.get("since"):
        found = found.filter(at__gte=_midnight(filters["since"]))
    if filters.get("until"):
        found = found.filter(at__lt=_midnight(filters["until"] + timedelta(days=1)))
    return found


@door.restricted(EXPORTED)
def trail_to_export(user: Any, *, grant: door.Grant, **filters: Any) -> QuerySet[Record]:
    """The same records, oldest first, to leave the house."""
    return trail(user, permission=EXPORT, **filters).order_by("number")


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

"""Who reads the audit trail. The accounts app above supplies the answer; this app imports nobody."""

from typing import Any

from django.http import Http404

READ = "read_audit"
EXPORT = "export_audit"


def zones_permitting(user: Any, permission: str) -> tuple[str, ...]:
    """Slugs of the zones in which this user's role carries the permission."""
    zones: tuple[str, ...] = user.zones_permitting(permission)
    return zones


def zones_audited_by(user: Any, permission: str = READ) -> tuple[str, ...]:
    """Slugs of the zones whose audit trail this user may read. For everybody else there is no such page."""
    zones = zones_permitting(user, permission)
    if not zones:
        raise Http404
    return zones

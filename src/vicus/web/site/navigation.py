"""Which pages the reader can go to from here: one table, filtered by what the role may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import Permission
from vicus.web.decisions import waiting
from vicus.web.meetings.queries import takes_part


@dataclass(frozen=True)
class Page:
    name: str
    title: Promise
    permissions: frozenset[Permission]  # any of these opens the page
    of_zone: bool = True
    home_of: frozenset[Permission] = frozenset()  # any of these begins here after signing in
    count: Callable[[Any, str], int] | None = None


PAGES = (
    Page("hotspots:zone", _("Zone"), frozenset({Permission.READ_FIGURES, Permission.READ_COUNTS})),
    Page(
        "decisions:waiting",
        _("What waits"),
        frozenset({Permission.READ_FIGURES}),
        home_of=frozenset({Permission.VALIDATE_SHEETS, Permission.DECIDE_PERIMETERS}),
        count=waiting.count,
    ),
    Page(
        "governance:commune",
        _("My commune"),
        frozenset({Permission.READ_VALIDATED_SHEETS}),
        home_of=frozenset({Permission.READ_VALIDATED_SHEETS}),
    ),
    Page("governance:clock", _("Clock"), frozenset({Permission.WRITE_MEETINGS, Permission.READ_FIGURES})),
    Page(
        "sara:list",
        _("Sheets"),
        frozenset({Permission.READ_SHEETS, Permission.READ_VALIDATED_SHEETS, Permission.WRITE_SHEETS}),
    ),
    Page("actions:board", _("Actions"), frozenset({Permission.READ_FIGURES})),
    Page("meetings:list", _("Meetings"), frozenset({Permission.READ_MEETINGS})),
    Page("commitments:list", _("Commitments"), frozenset({Permission.READ_MEETINGS})),
    Page("plans:plan", _("Plan"), frozenset({Permission.READ_FIGURES})),
    Page("plans:evaluations", _("Yearly evaluations"), frozenset({Permission.READ_VALIDATED_SHEETS})),
    Page("reports:list", _("Reports"), frozenset({Permission.READ_MEETINGS})),
    Page("perimeters:list", _("Perimeters"), frozenset({Permission.READ_FIGURES})),
    Page("phases:list", _("Phases"), frozenset({Permission.READ_FIGURES})),
    Page("bulletins:list", _("Bulletins"), frozenset({Permission.WRITE_BULLETINS})),
    Page("knowledge:list", _("Knowledge"), frozenset({Permission.READ_KNOWLEDGE})),
    # The others find it beside the clock.
    Page("governance:mine", _("Calendar and letter"), frozenset({Permission.KEEP_COMMITMENTS})),
    Page("facts:imports", _("Imports"), frozenset({Permission.IMPORT_FACTS})),
    Page("zone:territory", _("Territory"), frozenset({Permission.READ_TERRITORY})),
    Page("users:list", _("Users"), frozenset({Permission.MANAGE_USERS}), of_zone=False),
    Page("letters:list", _("Letters"), frozenset({Permission.MANAGE_USERS}), of_zone=False),
    Page("audit:trail", _("Audit trail"), frozenset({Permission.READ_AUDIT}), of_zone=False),
    Page("register", _("Register of processing"), frozenset({Permission.READ_AUDIT}), of_zone=False),
)


def zone_slug(request: HttpRequest) -> str:
    """The zone of this address, or the reader's only or first one."""
    match = request.resolver_match
    slugs = sorted(getattr(request.user, "role_by_zone", {}))
    asked = match.kwargs.get("zone", "") if match else ""
    return asked if asked in slugs else (slugs[0] if slugs else "")


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Title, address and whether it is the current page, for each page this reader may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    slug = zone_slug(request)
    if not takes_part(user, slug):
        return []
    found = []
    for page in PAGES:
        if page.of_zone:
            allowed = any(user.permits(permission, slug) for permission in page.permissions)
        else:
            allowed = any(user.zones_permitting(permission) for permission in page.permissions)
        if not allowed:
            continue
        try:
            address = reverse(page.name, args=[slug] if page.of_zone else [])
        except NoReverseMatch:
            continue
        current = bool(request.resolver_match and request.resolver_match.view_name == page.name)
        found.append(
            {
                "title": page.title,
                "url": address,
                "current": current,
                "count": page.count(user, slug) if page.count else 0,
                "home": any(user.permits(permission, slug) for permission in page.home_of),
            }
        )
    return found

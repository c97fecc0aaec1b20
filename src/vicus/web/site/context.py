"""What every page knows about the installation and its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from vicus import __version__
from vicus.web.audit.door import starting
from vicus.web.search.rules import may_search
from vicus.web.site.navigation import entries, zone_slug


def installation(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "software_version": __version__,
        "navigation": entries(request),
        "starting": starting(request),
        "search_url": _search_url(request),
    }


def _search_url(request: HttpRequest) -> str:
    """Where the question in the masthead goes; empty for whoever finds nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    slug = zone_slug(request)
    return reverse("search:page", args=[slug]) if slug and may_search(user, slug) else ""

"""What every page knows about the installation and its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from vicus import __version__
from vicus.web.audit.door import starting
from vicus.web.site.navigation import entries


def installation(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "software_version": __version__,
        "navigation": entries(request),
        "starting": starting(request),
    }

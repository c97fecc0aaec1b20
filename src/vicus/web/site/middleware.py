"""Headers that every answer carries, beside those Django and django-csp set; and the clock of the reader's zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control

from vicus.web.site.navigation import zone_slug
from vicus.web.zone.models import Zone

Respond = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)


def headers(respond: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Pages are for the reader alone; static files set their own caching before this point.
        if "Cache-Control" not in response.headers and "Last-Modified" not in response.headers:
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware


class ZoneClock:
    """Times and days as the zone of the page has them, or the reader's only or first zone."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.respond(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        slug = zone_slug(request) if request.user.is_authenticated else ""
        name = Zone.objects.filter(slug=slug).values_list("timezone", flat=True).first() if slug else None
        if name:
            timezone.activate(ZoneInfo(name))

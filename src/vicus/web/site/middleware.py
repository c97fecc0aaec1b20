"""Headers that every answer carries, beside those Django and django-csp set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

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

"""Headers of every public page. Nothing is set on the reader's machine."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

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
        if "Cache-Control" not in response.headers and "Last-Modified" not in response.headers:
            response.headers["Cache-Control"] = "no-cache"
        return response

    return middleware

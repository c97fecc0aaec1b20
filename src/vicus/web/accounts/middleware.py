"""Every request: the reader's language, and the second factor of those who must have one."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from vicus.web.accounts import sessions

Respond = Callable[[HttpRequest], HttpResponseBase]

ALWAYS_OPEN = frozenset({"account_login", "account_logout", "health", "language", "styleguide:appearance"})

OWN_PASSWORD = frozenset({"account_change_password", "account_reauthenticate"})

# Where a second factor is set up. Closed again once the account has one: whoever then holds
# a session without it has to show it first.
ENROLMENT = frozenset(
    {
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    }
)

SHOW_IT = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})


def _demonstration(request: HttpRequest, name: str) -> HttpResponseBase | None:
    """A demonstration account has neither password nor second factor: it comes through its door or not at all."""
    if not sessions.came_through_the_demo_door(request):
        logout(request)
        return redirect_to_login(request.get_full_path())
    if name in OWN_PASSWORD or name.startswith("mfa_"):
        messages.info(
            request, _("The accounts of the demonstration have no password and no second factor to set up.")
        )
        return redirect("home")
    return None


def preferred_language(respond: Respond) -> Respond:
    """The language an account has chosen goes before the one the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = getattr(request.user, "language", "")
        if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        return respond(request)

    return middleware


class SecondFactor:
    """Send users to their own password and second factor before anything else opens."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.respond(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if not request.user.is_authenticated or name in ALWAYS_OPEN:
            return None
        if sessions.is_over(request):
            logout(request)
            return redirect_to_login(request.get_full_path())
        if request.user.is_demo:
            return _demonstration(request, name)
        if request.user.needs_second_factor and not sessions.has_second_factor(request):
            if is_mfa_enabled(request.user):
                return None if name in SHOW_IT else redirect("mfa_reauthenticate")
            if not request.user.must_change_password:
                return None if name in ENROLMENT else redirect("mfa_activate_totp")
        if request.user.must_change_password and name not in OWN_PASSWORD:
            return redirect("account_change_password")
        return None

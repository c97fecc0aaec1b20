"""What a session has proven about its user."""

import ipaddress
import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ENROLLED_HERE

__all__ = [
    "DEMO_ENTRY",
    "ENROLLED_HERE",
    "came_through_the_demo_door",
    "enter_demo",
    "has_second_factor",
    "is_over",
    "is_this_machine",
    "note_signing_in",
]

DEMO_ENTRY = "vicus_demo_entry"
SIGNED_IN_AT = "vicus_signed_in_at"


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this very session used a second factor, or is where it was set up.

    That the account has one is not enough: a session opened with the password alone, before the
    second factor existed, must not gain by it.
    """
    if came_through_the_demo_door(request):
        return True
    records = get_authentication_records(request, request.user)
    used = any(record.get("method") == "mfa" for record in records)
    return used or request.session.get(ENROLLED_HERE) == request.user.pk


def note_signing_in(request: HttpRequest) -> None:
    request.session[SIGNED_IN_AT] = time.time()


def is_over(request: HttpRequest) -> bool:
    """Whether the session is as old as it may get. Django counts from the last change of a session, not its start."""
    began = request.session.get(SIGNED_IN_AT, 0)
    return bool(time.time() - began > settings.SESSION_COOKIE_AGE)


def came_through_the_demo_door(request: HttpRequest) -> bool:
    """Only while the demonstration runs, and only for a demonstration account."""
    user = request.user
    return bool(
        settings.DEMO
        and user.is_authenticated
        and user.is_demo
        and request.session.get(DEMO_ENTRY) == user.pk
        and is_this_machine(request)
    )


def is_this_machine(request: HttpRequest) -> bool:
    """A request from this machine that no proxy has passed on."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def enter_demo(request: HttpRequest, user: User) -> None:
    """Sign in as a demonstration account; whoever was signed in leaves first."""
    logout(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[DEMO_ENTRY] = user.pk

"""Signing in, failing to, and second factors: written to the audit trail as they happen."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from vicus.web.accounts import sessions
from vicus.web.accounts.models import User
from vicus.web.audit.models import Action
from vicus.web.audit.services import record


def _tell(
    request: HttpRequest | None, user: User | None, event: str, action: Action = Action.ACCESS, **details: Any
) -> None:
    if request is not None:
        details["address"] = get_adapter().get_client_ip(request)
    record(
        actor=user or "unknown account", action=action, object_type="accounts.user",
        object_id=user.username if user else "unknown", details={"event": event, **details},
    )  # fmt: skip


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    sessions.note_signing_in(request)
    _tell(request, user, "signed in")


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _tell(request, user, "signed out")


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """The name typed is kept only when it is an account: people type passwords into that field."""
    user = User.objects.filter(username=str(credentials.get("username", "")).lower()[:60]).first()
    _tell(request, user, "sign-in failed")


@receiver(authentication_failed)
def second_factor_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _tell(request, user, "second factor failed")


@receiver(authenticator_used)
def second_factor_shown(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _tell(request, user, "second factor shown", type=authenticator.type)


@receiver(authenticator_added)
def second_factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type != "recovery_codes":
        request.session[sessions.ENROLLED_HERE] = user.pk
    _tell(request, user, "second factor added", Action.CHANGE, type=authenticator.type)


@receiver(authenticator_removed)
def second_factor_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _tell(request, user, "second factor removed", Action.CHANGE, type=authenticator.type)


@receiver(authenticator_reset)
def recovery_codes_made_anew(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _tell(request, user, "recovery codes made anew", Action.CHANGE)


@receiver(password_changed)
def own_password_chosen(request: HttpRequest, user: User, **kwargs: Any) -> None:
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    _tell(request, user, "password changed", Action.CHANGE)

"""Writing accounts: made, changed, closed. Each act leaves a record in the audit trail."""

import secrets
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from vicus.web.accounts.models import User
from vicus.web.audit.models import Action
from vicus.web.audit.services import record

# Without characters that are mistaken for one another when read from paper.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A first password to hand over: four groups of five, about 100 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def _told(actor: Any, action: Action, user: User, zone: Any = None, **details: Any) -> None:
    record(
        actor=actor, action=action, object_type="accounts.user", object_id=user.username, zone=zone,
        details=details,
    )  # fmt: skip


@transaction.atomic
def create_user(
    *,
    actor: Any,
    username: str,
    name: str,
    email: str = "",
    language: str = "",
    password: str | None = None,
    is_demo: bool = False,
    zone: Any = None,
) -> tuple[User, str]:
    """A new account and its first password, which has to be changed at the first sign-in.

    With a password given (by someone who sets up their own account) it stays.
    """
    first = password or new_password()
    user = User.objects.create_user(
        username, password=first, name=name, email=email, language=language, is_demo=is_demo,
        must_change_password=password is None and not is_demo,
    )  # fmt: skip
    _told(actor, Action.COLLECTION, user, zone, event="account created")
    return user, first


@transaction.atomic
def change_user(*, actor: Any, user: User, zone: Any = None, **fields: str) -> None:
    """Change name, e-mail address or language."""
    changed = sorted(name for name, value in fields.items() if getattr(user, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(user, name, fields[name])
    user.full_clean()
    user.save(update_fields=changed)
    _told(actor, Action.CHANGE, user, zone, event="account changed", fields=changed)


def choose_language(*, user: User, language: str) -> None:
    change_user(actor=user, user=user, language=language)


@transaction.atomic
def deactivate(*, actor: Any, user: User, zone: Any = None) -> None:
    """Close an account. Its open sessions end with it."""
    if not user.is_active:
        return
    user.is_active, user.deactivated_at = False, timezone.now()
    _end_sessions(user, "is_active", "deactivated_at")
    _told(actor, Action.CHANGE, user, zone, event="account deactivated")


@transaction.atomic
def reactivate(*, actor: Any, user: User, zone: Any = None) -> str:
    """Open an account again, with a new first password."""
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])
    _told(actor, Action.CHANGE, user, zone, event="account reactivated")
    return reset_password(actor=actor, user=user, zone=zone)


@transaction.atomic
def reset_password(*, actor: Any, user: User, zone: Any = None) -> str:
    """A new first password; open sessions end."""
    password = new_password()
    user.set_password(password)
    user.must_change_password = True
    _end_sessions(user, "password", "must_change_password")
    _told(actor, Action.CHANGE, user, zone, event="password reset")
    return password


@transaction.atomic
def reset_second_factor(*, actor: Any, user: User, zone: Any = None) -> None:
    """Forget the second factor of someone who lost it; they set up a new one at the next sign-in."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    _told(actor, Action.CHANGE, user, zone, event="second factor reset", removed=removed)


def remove_closed(before: datetime) -> int:
    """Remove accounts that were closed before this moment, with what belongs to them. The audit trail keeps their names."""
    closed = User.objects.filter(is_active=False, deactivated_at__lt=before)
    for user in closed:
        with transaction.atomic():
            for zone in user.role_by_zone or ("",):
                _told("system", Action.ERASURE, user, zone, event="retention applied")
            user.delete()
    return len(closed)


def _end_sessions(user: User, *fields: str) -> None:
    user.session_generation += 1
    user.save(update_fields=["session_generation", *fields])

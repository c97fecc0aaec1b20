"""How django-allauth behaves here: nobody signs up, and secrets of second factors are encrypted."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from vicus.web.accounts.rules import ENROLLED_HERE


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Behind a socket without the proxy's header there is none; all such callers share one limit."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "unknown"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever gave the password a moment ago sets up the first second factor without giving it again."""
        asked: bool = super().is_reauthentication_required(app=app, **kwargs)
        return asked and not _sets_up_the_first(context.request)


def _sets_up_the_first(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    recently = bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    here = request.session.get(ENROLLED_HERE) == request.user.pk
    return recently and (here or not is_mfa_enabled(request.user))


def _keys() -> MultiFernet:
    """Keys derived from the secret key, the current one first, so that the key can be rotated."""
    secrets = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    derive = [HKDF(SHA256(), 32, salt=None, info=b"vicus second factors").derive(s.encode()) for s in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derive])


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """A copy of the database alone does not let anybody make codes."""

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last second factor of someone who must have one stays."""
        others = authenticator.user.authenticator_set.exclude(pk=authenticator.pk)
        return not authenticator.user.needs_second_factor or others.exclude(type="recovery_codes").exists()

"""Zones, one user per role, and clients that have signed in with their second factor."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.test import Client
from passwords import PASSWORD

from vicus.web.accounts import sessions
from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.zone.models import Area, Membership, Zone

MakeUser = Callable[..., User]
SignIn = Callable[[User], Client]


@pytest.fixture
def zone(db: None) -> Zone:
    """The zone most tests play in: west, in Lambert 72."""
    return Zone.objects.create(
        slug="west",
        names={"nl": "Zone West", "fr": "Zone Ouest", "en": "West Zone"},
        languages=["fr", "nl"],
        crs=31370,
    )


@pytest.fixture
def other_zone(db: None) -> Zone:
    """A zone the users of `zone` do not belong to."""
    return Zone.objects.create(
        slug="east", names={"nl": "Zone Oost", "fr": "Zone Est"}, languages=["fr", "nl"], crs=31370
    )


@pytest.fixture
def make_area(zone: Zone) -> Callable[..., Area]:
    """make_area("commune", "C1", box=(0, 0, 1000, 1000), parent=None, zone=zone)"""
    home = zone

    def make(
        kind: str,
        code: str,
        *,
        box: tuple[float, float, float, float] = (0, 0, 1000, 1000),
        parent: Area | None = None,
        zone: Zone | None = None,
        **fields: Any,
    ) -> Area:
        names = fields.pop("names", {"nl": f"{code} nl", "fr": f"{code} fr"})
        area = Area(zone=zone or home, kind=kind, code=code, names=names, parent=parent, **fields)
        area.shape = shapely.box(*box)
        area.save()
        return area

    return make


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """make_user("analyst", zone, username="ann"): an account with this role, without second factor yet."""

    def make(role: str | None, *zones: Zone, username: str | None = None, **fields: Any) -> User:
        username = username or f"{role or 'stranger'}-{'-'.join(zone.slug for zone in zones) or 'nowhere'}"
        user = User.objects.create_user(username, password=PASSWORD, name=username.title(), **fields)
        for zone in zones:
            Membership.objects.create(user=user, zone=zone, role=role)
        return user

    return make


@pytest.fixture
def users(zone: Zone, make_user: MakeUser) -> dict[str, User]:
    """One user per role of `zone`, by role code."""
    return {role: make_user(role, zone, username=role) for role in ROLES}


@pytest.fixture
def sign_in() -> SignIn:
    """sign_in(user): a client signed in as the user, the second factor shown."""

    def sign_in(user: User) -> Client:
        client = Client()
        if not Authenticator.objects.filter(user=user, type="totp").exists():
            TOTP.activate(user, generate_totp_secret())
        client.force_login(user)
        session = client.session
        session[sessions.ENROLLED_HERE] = user.pk
        session.save()
        return client

    return sign_in


@pytest.fixture
def code_now() -> Callable[[User], str]:
    """code_now(user): what the user's authenticator shows at this moment."""

    def code_now(user: User) -> str:
        secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

    return code_now


@pytest.fixture
def client_for(users: dict[str, User], sign_in: SignIn) -> Callable[[str], Client]:
    """client_for("analyst"): a client signed in with this role in `zone`."""
    return lambda role: sign_in(users[role])


@pytest.fixture
def analyst(client_for: Callable[[str], Client]) -> Client:
    return client_for("analyst")


@pytest.fixture
def hotspot_manager(client_for: Callable[[str], Client]) -> Client:
    return client_for("hotspot_manager")


@pytest.fixture
def auditor(client_for: Callable[[str], Client]) -> Client:
    return client_for("auditor")


@pytest.fixture
def administrator(client_for: Callable[[str], Client]) -> Client:
    return client_for("administrator")

"""Signing in: password, then second factor; who has none yet is sent to set one up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from passwords import PASSWORD

from vicus.web.accounts import services
from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.zone.models import Zone

TERRITORY = "/west/territory/"

pytestmark = pytest.mark.django_db
# Where the library acts when the transaction has ended.
real_transactions = pytest.mark.django_db(transaction=True)


def give_password(client: Client, username: str, password: str = PASSWORD) -> HttpResponse:
    return client.post("/accounts/login/", {"login": username, "password": password})  # type: ignore[return-value]


def events() -> list[str]:
    return [entry.details.get("event", "") for entry in Record.objects.order_by("number")]


def set_up_totp(client: Client) -> HttpResponse:
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    return client.post("/accounts/2fa/totp/activate/", {"code": code})  # type: ignore[return-value]


@real_transactions
def test_a_police_role_sets_up_a_second_factor_before_anything_opens(
    client: Client, users: dict[str, User]
) -> None:
    give_password(client, "analyst")
    assert client.get(TERRITORY)["Location"] == "/accounts/2fa/totp/activate/"
    set_up_totp(client)
    assert client.get(TERRITORY).status_code == 200
    assert "second factor added" in events()


def test_a_role_outside_the_police_needs_no_second_factor(client: Client, users: dict[str, User]) -> None:
    give_password(client, "partner")
    assert client.get("/").status_code == 200


def test_with_a_second_factor_the_password_alone_signs_nobody_in(
    client: Client, analyst: Client, users: dict[str, User], code_now: Callable[[User], str]
) -> None:
    response = give_password(client, "analyst")
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get(TERRITORY)["Location"].startswith("/accounts/login/")
    client.post("/accounts/2fa/authenticate/", {"code": code_now(users["analyst"])})
    assert client.get(TERRITORY).status_code == 200


def test_a_wrong_code_signs_nobody_in_and_is_recorded(
    client: Client, analyst: Client, users: dict[str, User], code_now: Callable[[User], str]
) -> None:
    wrong = f"{(int(code_now(users['analyst'])) + 1) % 1000000:06d}"
    give_password(client, "analyst")
    assert client.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert client.get(TERRITORY).status_code == 302
    assert "second factor failed" in events()


@real_transactions
def test_a_session_from_before_the_second_factor_gains_nothing_by_it(users: dict[str, User]) -> None:
    """Somebody who stole the password waits at the enrolment page until the owner has enrolled."""
    thief, owner = Client(), Client()
    give_password(thief, "analyst")
    give_password(owner, "analyst")
    set_up_totp(owner)
    assert owner.get(TERRITORY).status_code == 200
    for address in (
        TERRITORY,
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
    ):
        assert thief.get(address)["Location"] == "/accounts/2fa/reauthenticate/"


@real_transactions
def test_the_last_second_factor_of_a_police_role_cannot_be_removed(
    client: Client, users: dict[str, User]
) -> None:
    give_password(client, "analyst")
    set_up_totp(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=users["analyst"], type="totp").exists()


def test_secrets_of_second_factors_are_not_readable_in_the_database(
    analyst: Client, users: dict[str, User]
) -> None:
    secret = decrypt(Authenticator.objects.get(user=users["analyst"], type="totp").data["secret"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert secret not in str(cursor.fetchall())


def test_five_wrong_passwords_close_the_account_for_a_while(client: Client, users: dict[str, User]) -> None:
    for _ in range(5):
        give_password(client, "partner", "wrong")
    give_password(client, "partner")
    assert client.get("/").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        give_password(client, "partner")
        assert client.get("/").status_code == 200


def test_signing_in_failing_and_leaving_are_recorded_without_the_password(
    client: Client, users: dict[str, User]
) -> None:
    give_password(client, "partner", "wrong-password")
    give_password(client, "no-such-user-but-a-secret", "x")
    give_password(client, "partner")
    client.post("/accounts/logout/")
    assert events() == ["sign-in failed", "sign-in failed", "signed in", "signed out"]
    everything = " ".join(map(str, Record.objects.values_list()))
    assert "wrong-password" not in everything
    assert "secret" not in everything


def test_a_first_password_has_to_be_changed_before_anything_opens(client: Client, zone: Zone) -> None:
    user, first = services.create_user(actor="a test", username="new", name="New")
    give_password(client, "new", first)
    assert client.get("/")["Location"] == "/accounts/password/change/"
    chosen = "a quiet street at night"
    form = {"oldpassword": first, "password1": chosen, "password2": chosen}
    client.post("/accounts/password/change/", form)
    assert client.get("/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345"])
def test_weak_passwords_are_refused(client: Client, users: dict[str, User], password: str) -> None:
    give_password(client, "partner")
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post("/accounts/password/change/", form).status_code == 200
    assert users["partner"].check_password(PASSWORD)


def test_resetting_the_second_factor_ends_open_sessions(analyst: Client, users: dict[str, User]) -> None:
    services.reset_second_factor(actor="a test", user=users["analyst"])
    assert analyst.get(TERRITORY)["Location"].startswith("/accounts/login/")
    assert not Authenticator.objects.filter(user=users["analyst"]).exists()


def test_nobody_can_sign_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code in (302, 404)
    assert client.post("/accounts/signup/", {"username": "x", "password1": PASSWORD}).status_code in (
        302,
        404,
    )
    assert not User.objects.exists()


def test_the_language_an_account_chooses_follows_it_and_is_recorded(
    client: Client, users: dict[str, User]
) -> None:
    give_password(client, "partner")
    client.post("/language/", {"language": "nl", "next": "/"})
    users["partner"].refresh_from_db()
    assert users["partner"].language == "nl"
    assert "account changed" in events()
    elsewhere = Client()
    give_password(elsewhere, "partner")
    assert elsewhere.get("/").headers["Content-Language"] == "nl"


def test_passwords_are_hashed_with_scrypt(settings: object) -> None:
    from vicus.web.site import settings as shipped

    assert shipped.PASSWORD_HASHERS[0].endswith("ScryptPasswordHasher")

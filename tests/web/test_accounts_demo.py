"""The door of the demonstration: open on this machine while the demonstration runs, and never otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.zone.models import Zone
from vicus.web.zone.services import assign_role

ENTER = "/demo/enter/"


@pytest.fixture
def demo_user(zone: Zone, make_user: Callable[..., User]) -> User:
    return make_user("analyst", zone, username="demo-analyst", is_demo=True)


def test_a_demo_account_opens_without_password_and_second_factor(
    client: Client, demo_user: User, settings: Any
) -> None:
    settings.DEMO = True
    assert client.post(ENTER, {"username": "demo-analyst"}).status_code == 302
    assert client.get("/west/territory/").status_code == 200


@pytest.mark.parametrize(
    ("language", "role"), [("nl", "Demo: analist"), ("fr", "Démo : analyste"), ("en", "Demo: analyst")]
)
def test_demo_accounts_are_called_by_their_role_in_the_language_of_the_reader(
    client: Client, demo_user: User, settings: Any, language: str, role: str
) -> None:
    settings.DEMO = True
    client.cookies["vicus_language"] = language
    assert role in client.get("/accounts/login/").text


def test_without_the_demonstration_there_is_no_such_door(
    client: Client, demo_user: User, settings: Any
) -> None:
    settings.DEMO = False
    assert client.post(ENTER, {"username": "demo-analyst"}).status_code == 404


def test_a_session_from_the_demonstration_ends_with_it(
    client: Client, demo_user: User, settings: Any
) -> None:
    settings.DEMO = True
    client.post(ENTER, {"username": "demo-analyst"})
    settings.DEMO = False
    assert client.get("/west/territory/").status_code == 302


def test_ordinary_accounts_cannot_be_entered(client: Client, users: dict[str, User], settings: Any) -> None:
    settings.DEMO = True
    assert client.post(ENTER, {"username": "analyst"}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"REMOTE_ADDR": "10.0.0.5"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.5"},
        {"HTTP_FORWARDED": "x"},
    ],
)
def test_nobody_enters_from_another_machine(demo_user: User, settings: Any, headers: dict[str, str]) -> None:
    settings.DEMO = True
    assert Client(**headers).post(ENTER, {"username": "demo-analyst"}).status_code == 404  # type: ignore[arg-type]


def test_a_demo_account_gets_no_role_in_a_real_zone(zone: Zone, demo_user: User) -> None:
    with pytest.raises(ValueError, match="demonstration"):
        assign_role(actor="a test", zone=zone, user=demo_user, role="analyst")


@pytest.mark.parametrize(
    "address",
    ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/recovery-codes/",
     "/accounts/password/change/", "/accounts/reauthenticate/"],
)  # fmt: skip
def test_a_demo_account_is_never_asked_for_what_it_does_not_have(
    client: Client, demo_user: User, settings: Any, address: str
) -> None:
    settings.DEMO = True
    client.post(ENTER, {"username": "demo-analyst"})
    assert "/accounts/2fa/" not in client.get("/west/territory/").content.decode()
    assert client.get(address)["Location"] == "/"
    assert "no password and no second factor" in client.get("/west/territory/").content.decode()


def test_a_session_left_over_from_the_demonstration_is_signed_out_and_not_sent_to_set_up_a_factor(
    client: Client, demo_user: User, settings: Any
) -> None:
    settings.DEMO = True
    client.post(ENTER, {"username": "demo-analyst"})
    settings.DEMO = False
    assert client.get("/west/territory/")["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_other_accounts_still_find_their_second_factor_in_the_menu(analyst: Client) -> None:
    assert "/accounts/2fa/" in analyst.get("/west/territory/").content.decode()

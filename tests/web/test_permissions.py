"""Every address of the site, opened by everybody: each gets exactly what the table says."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from matrix import Row, every_row
from undoing import undone

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.zone.models import Zone


def addresses(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every address, with its namespaces."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name, so nothing can be said about it"
            yield ":".join([*namespaces, pattern.name])
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from addresses(pattern, (*namespaces, *inner))


def ask(rows: Iterable[Row], client: Client, zone: Zone) -> dict[str, int]:
    """The code that each row is answered with. What a request changed is undone, so that all find the same."""
    by_need = defaultdict(list)
    for row in rows:
        by_need[row.prepare].append(row)
    found = {}
    for prepare, needing in by_need.items():
        with undone():
            if prepare:
                prepare(zone)
            for row in needing:
                address = reverse(row.name, kwargs=dict(row.kwargs)) + (f"?{row.query}" if row.query else "")
                with undone():
                    found[str(row)] = int(getattr(client, row.method)(address, dict(row.data)).status_code)
    return found


def test_every_address_has_a_row_in_the_table() -> None:
    missing = set(addresses(get_resolver())) - {row.name for row in every_row()}
    assert not missing


def test_every_row_is_for_an_address_that_exists() -> None:
    gone = {row.name for row in every_row()} - set(addresses(get_resolver()))
    assert not gone


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(
    role: str, zone: Zone, other_zone: Zone, client_for: Callable[[str], Client]
) -> None:
    client = client_for(role)
    found = ask(every_row(), client, zone)
    assert found == {str(row): row.expected(role) for row in every_row()}


@pytest.mark.parametrize("role", ROLES)
def test_the_same_role_in_another_zone_gets_what_the_table_says(
    role: str,
    zone: Zone,
    other_zone: Zone,
    users: dict[str, User],
    make_user: Callable[..., User],
    sign_in: Callable[[User], Client],
) -> None:
    client = sign_in(make_user(role, other_zone))
    rows = [row for row in every_row() if role in row.open_to and row.expected(role) == row.ok]
    found = ask(rows, client, zone)
    assert found == {str(row): row.stranger for row in rows}


def test_nobody_signed_in_gets_what_the_table_says(zone: Zone, users: dict[str, User]) -> None:
    found = ask(every_row(), Client(), zone)
    assert found == {str(row): row.logged_out for row in every_row()}


@pytest.mark.parametrize("role", [role.code for role in ROLES.values() if role.second_factor])
def test_a_role_that_needs_a_second_factor_opens_nothing_before_it_is_set_up(
    role: str, zone: Zone, users: dict[str, User]
) -> None:
    client = Client()
    client.force_login(users[role])
    rows = [row for row in every_row() if role in row.open_to]
    found = ask(rows, client, zone)
    assert found == {str(row): row.before_second_factor for row in rows}


def test_a_user_without_any_zone_finds_no_page(
    zone: Zone, make_user: Callable[..., User], sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(make_user(None))
    for name in ("users:list", "audit:trail"):
        assert client.get(reverse(name)).status_code == 404
    assert client.get(reverse("zone:territory", args=[zone.slug])).status_code == 404


def test_a_closed_account_is_signed_out_at_once(zone: Zone, client_for: Callable[[str], Client]) -> None:
    from vicus.web.accounts.services import deactivate

    client = client_for("analyst")
    address = reverse("zone:territory", args=[zone.slug])
    assert client.get(address).status_code == 200
    deactivate(actor="a test", user=User.objects.get(username="analyst"))
    assert client.get(address).status_code == 302

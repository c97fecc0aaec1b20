"""The administrator's pages: accounts and roles of the own zone, and nothing else."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES, WORDS, Permission
from vicus.web.audit.models import Record
from vicus.web.zone.models import Area, Membership, Zone


def new_user(client: Client, **changes: Any) -> Any:
    form = {"username": "lea", "name": "Léa Peeters", "language": "fr", "role": "analyst", **changes}
    return client.post("/users/new/", form)


def test_a_new_account_gets_a_role_and_a_password_shown_once(administrator: Client) -> None:
    page = new_user(administrator).content.decode()
    password = re.search(r"<code>([a-z0-9]{5}(?:-[a-z0-9]{5}){3})</code>", page)
    assert password
    user = User.objects.get(username="lea")
    assert user.check_password(password[1])
    assert user.must_change_password
    assert user.role_in("west") == "analyst"
    assert password[1] not in " ".join(map(str, Record.objects.values_list()))


def test_a_taken_user_name_is_refused(administrator: Client) -> None:
    response = new_user(administrator, username="ANALYST")
    assert response.status_code == 422
    assert "taken" in response.content.decode()


def test_a_role_bound_to_areas_needs_one(administrator: Client, make_area: Callable[..., Area]) -> None:
    jette = make_area("commune", "21010")
    assert new_user(administrator, role="mayor").status_code == 422
    assert new_user(administrator, role="mayor", areas=[jette.pk]).status_code == 200
    assert list(Membership.objects.get(user__username="lea").areas.all()) == [jette]


def test_changing_a_role_is_recorded_with_what_it_was(administrator: Client) -> None:
    form = {"name": "Partner", "language": "nl", "role": "planner"}
    assert administrator.post("/users/partner/", form).status_code == 302
    entry = Record.objects.get(object_type="zone.membership")
    assert entry.action == "change"
    assert (entry.details["before"], entry.details["role"]) == ("partner", "planner")
    assert entry.zone == "west"


def test_administrators_cannot_change_their_own_role_or_close_themselves(
    administrator: Client, users: dict[str, User]
) -> None:
    form = {"name": "Me", "language": "nl", "role": "analyst"}
    administrator.post("/users/administrator/", form)
    assert Membership.objects.get(user=users["administrator"]).role == "administrator"
    assert administrator.post("/users/administrator/act/", {"act": "deactivate"}).status_code == 403


@pytest.mark.parametrize("act", ["deactivate", "reset_second_factor", "reset_password"])
def test_each_act_on_an_account_is_recorded(administrator: Client, act: str) -> None:
    assert administrator.post("/users/analyst/act/", {"act": act}).status_code in (200, 302)
    entry = Record.objects.latest("number")
    assert (entry.action, entry.object_id, entry.zone) == ("change", "analyst", "west")


def test_an_act_that_is_not_offered_is_refused(administrator: Client) -> None:
    assert administrator.post("/users/analyst/act/", {"act": "reactivate"}).status_code == 403
    assert administrator.post("/users/analyst/act/", {"act": "delete"}).status_code == 403


def test_an_account_shared_with_another_zone_is_not_this_administrators(
    administrator: Client, users: dict[str, User], other_zone: Zone
) -> None:
    Membership.objects.create(user=users["analyst"], zone=other_zone, role="analyst")
    assert administrator.post("/users/analyst/act/", {"act": "deactivate"}).status_code == 403
    form = {"name": "Renamed", "language": "nl", "role": "planner"}
    assert administrator.post("/users/analyst/", form).status_code == 302
    shared = User.objects.get(username="analyst")
    assert (shared.name, shared.role_in("west"), shared.role_in("east")) == ("Analyst", "planner", "analyst")
    assert administrator.post("/users/analyst/act/", {"act": "end_membership"}).status_code == 302
    assert User.objects.get(username="analyst").role_by_zone == {"east": "analyst"}


def test_the_page_shows_accounts_of_the_own_zone_only(
    administrator: Client, other_zone: Zone, make_user: Callable[..., User]
) -> None:
    make_user("analyst", other_zone, username="stranger")
    page = administrator.get("/users/").content.decode()
    assert "hotspot_manager" in page
    assert "stranger" not in page


def test_every_permission_has_words_and_a_role_and_every_role_is_on_the_page(administrator: Client) -> None:
    assert set(WORDS) == set(Permission)
    assert set(Permission) == set().union(*(role.permissions for role in ROLES.values()))
    page = administrator.get("/users/roles/").content.decode()
    for role in ROLES.values():
        assert str(role.description).replace("'", "&#x27;") in page


def test_the_page_of_roles_says_what_decides_who_sees_hotspots_and_where(
    administrator: Client, client_for: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One table decides and is shown: what is taken from it is gone from the page and from the site."""

    def row(role: str) -> str:
        page = administrator.get("/users/roles/").content.decode()
        return page[page.index(str(ROLES[role].description).replace("'", "&#x27;")) :].split("</tr>")[0]

    counts, own_areas = str(WORDS[Permission.READ_COUNTS]), "only the areas named on the account"
    assert counts in row("mayor")
    assert own_areas in row("mayor")
    assert counts in row("planner")
    assert own_areas not in row("planner")
    assert own_areas in row("division_head")
    assert "incident points: own hotspots only" in row("hotspot_manager")
    assert "sees no hotspots" in row("auditor")
    for role in ROLES:
        assert (client_for(role).get("/west/").status_code == 200) is ("sees no hotspots" not in row(role))
    monkeypatch.setitem(ROLES, "planner", replace(ROLES["planner"], permissions=frozenset()))
    assert "sees no hotspots" in row("planner")
    assert client_for("planner").get("/west/").status_code == 404


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_guards_the_installation_sees_nothing_operational(role: str) -> None:
    operational = {
        Permission.READ_FIGURES,
        Permission.READ_COUNTS,
        Permission.OPEN_INCIDENT_POINTS,
        Permission.EXPORT_FACTS,
        Permission.DRAW_REPORTS,
        Permission.IMPORT_FACTS,
    }
    assert not ROLES[role].permissions & operational


def test_the_mayors_office_never_opens_incident_points() -> None:
    assert Permission.OPEN_INCIDENT_POINTS not in ROLES["mayor"].permissions
    assert Permission.EXPORT_FACTS not in ROLES["mayor"].permissions

"""The pages of the clock: who sees what, the rules of a zone, what waits for whom, calendars."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import hotspot_places
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from governance_bodies import body, commune, furnish, meeting, organisation, promise
from icalendar import Calendar

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.audit.models import Record
from vicus.web.governance import queries, services
from vicus.web.governance.models import Feed, Rule
from vicus.web.hotspots.services import today
from vicus.web.meetings.models import Meeting
from vicus.web.zone.models import Membership, Zone

ClientFor = Callable[[str], Client]


@pytest.fixture
def made(zone: Zone, users: dict[str, User]) -> dict[str, Any]:
    """Two communes with four hotspots, bodies of all levels, meetings and commitments."""
    hotspot_places.areas(zone)
    hotspot_places.hotspots(zone)
    return furnish(zone)


def states(user: User, zone: Zone) -> dict[tuple[int, str], str]:
    shown = queries.face(queries.reader(user, zone.slug))
    return {
        (cell.rule.level, shown.place(cell)): cell.standing.state
        for cell in shown.cells
        if cell.rule.level > 1
    }


def test_the_direction_sees_every_level_of_every_commune(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    found = states(users["direction"], zone)
    assert set(found) == {
        (5, ""),
        (4, ""),
        *((level, f"Commune {c}") for level in (3, 2) for c in ("C1", "C2")),
    }
    assert found[3, "Commune C1"] == "overdue"
    # One meeting of partners counts for two levels.
    assert found[3, "Commune C2"] == found[2, "Commune C2"] == "done"
    assert found[4, ""] in ("planned", "due")


def test_the_mayors_office_sees_its_commune_only_and_nothing_of_the_zone(
    zone: Zone, users: dict[str, User], made: dict[str, Any], client_for: ClientFor
) -> None:
    assert set(states(users["mayor"], zone)) == {(3, "Commune C1"), (2, "Commune C1")}
    page = client_for("mayor").get(reverse("governance:clock", args=["west"])).content.decode()
    assert "Commune C1" in page
    assert "Commune C2" not in page


def test_the_page_says_each_state_in_words_with_its_date_and_where_to_prepare_the_missing_meeting(
    zone: Zone, made: dict[str, Any], client_for: ClientFor
) -> None:
    page = client_for("division_head").get(reverse("governance:clock", args=["west"])).content.decode()
    assert "overdue</span>" in page
    assert f"?body={made['municipal'].pk}" in page
    # What a place does not have is said, not left white.
    assert "none held yet" in page
    # An analyst reads, and prepares nothing.
    assert (
        "?body=" not in client_for("analyst").get(reverse("governance:clock", args=["west"])).content.decode()
    )


def test_what_is_overdue_is_found_at_home_by_whoever_drives_it(
    zone: Zone, made: dict[str, Any], client_for: ClientFor
) -> None:
    mayor = client_for("mayor")
    assert mayor.get("/").headers["Location"] == "/west/governance/commune/"
    page = mayor.get("/west/governance/commune/").content.decode()
    assert "Municipal, Commune C1" in page
    assert "Lamps of the square" in page
    waits = client_for("direction").get("/west/decisions/").content.decode()
    assert "Municipal, Commune C1" not in waits
    # Late commitments are for those who write the meetings.
    assert "Lamps of the square" in waits
    Rule.objects.create(zone=zone, level=3, every_months=1, scope="commune", driver="direction")
    # A rule that is set through its service changes what waits at once.
    assert "Municipal, Commune C1" in client_for("direction").get("/west/decisions/").content.decode()


def test_a_zone_changes_a_rule_and_the_trail_keeps_what_it_was(zone: Zone, client_for: ClientFor) -> None:
    direction = client_for("direction")
    address = reverse("governance:rules", args=["west"])
    form = direction.get(address).context["form"]
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert direction.post(address, data).status_code == 302
    assert not Rule.objects.exists()
    data |= {"2-kept": "", "4-every_months": "2", "4-driver": "", "4-words-fr": "coordination zonale"}
    assert direction.post(address, data).status_code == 302
    found = {rule.level: rule for rule in queries.rules(zone)}
    assert (found[2].kept, found[4].every_months, found[4].driver_words) == (
        False, 2, {"fr": "coordination zonale"},
    )  # fmt: skip
    assert set(Rule.objects.values_list("level", flat=True)) == {2, 4}
    assert Record.objects.filter(object_type="governance.rule").count() == 2
    refused = direction.post(address, data | {"3-driver": ""})
    assert refused.status_code == 422
    assert "who drives this level" in refused.content.decode()


def test_a_zone_with_six_communes_and_four_levels(zone: Zone, users: dict[str, User], make_area: Any) -> None:
    for number in range(6):
        make_area("commune", f"K{number}", names={"en": f"Commune {number}"})
    rule = {"scope": "zone", "every_months": 12, "driver": "direction", "driver_words": {}, "grace_months": 0}
    services.set_rule(zone=zone, level=5, values=rule | {"kept": False}, actor="a test")
    found = states(users["direction"], zone)
    assert {level for level, _place in found} == {4, 3, 2}
    assert len({place for _level, place in found if place}) == 6


def feed_of(user: User, zone: Zone) -> str:
    return reverse("calendar", args=[services.make_feed(user=user, zone=zone)])


def events(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.content)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_calendar_holds_what_the_role_sees_at_that_moment_with_identities_that_stay(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    mayor, direction = (feed_of(users[role], zone) for role in ("mayor", "direction"))
    anybody = Client()
    answer = anybody.get(mayor)
    assert answer.headers["Cache-Control"] == "no-store, private"
    mine = events(answer)
    assert f"commitment-{made['late'].pk}@west.vicus" in mine
    assert not any(uid.startswith(("review", "order")) for uid in mine)
    coordination = Meeting.objects.get(body=made["coordination"], state="planned")
    assert f"meeting-{coordination.pk}@west.vicus" not in mine
    uid = f"meeting-{coordination.pk}@west.vicus"
    before = events(anybody.get(direction))[uid]
    assert before["DTSTART"].dt == coordination.starts_at
    assert before["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert b"BEGIN:VTIMEZONE" in anybody.get(direction).content
    Meeting.objects.filter(pk=coordination.pk).update(
        state="cancelled", why="Nobody can come.", changed_at=timezone.now() + timedelta(hours=1)
    )
    after = events(anybody.get(direction))[uid]
    assert after["STATUS"] == "CANCELLED"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    # The role changes, and with it the calendar.
    Membership.objects.filter(user=users["direction"]).update(role="administrator")
    assert anybody.get(direction).status_code == 404


def test_a_partner_reads_only_its_own_meetings_and_commitments(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    own = Membership.objects.get(user=users["partner"]).organisation
    kept = promise(zone, own, today(zone) + timedelta(days=5))
    asked = meeting(made["partners"], today(zone) + timedelta(days=2), "planned")
    asked.presences.create(organisation=own)
    found = events(Client().get(feed_of(users["partner"], zone)))
    assert set(found) == {f"commitment-{kept.pk}@west.vicus", f"meeting-{asked.pk}@west.vicus"}


def said(answer: Any) -> str:
    """A page without the token that each form carries anew, and without the address that was asked for."""
    return re.sub(r'value="\w{64}"|/calendar/[\w-]+', "", answer.content.decode())


def test_wrong_revoked_and_ended_addresses_are_answered_alike(
    zone: Zone, users: dict[str, User], made: dict[str, Any], client_for: ClientFor
) -> None:
    user, anybody = users["analyst"], Client()
    address = feed_of(user, zone)
    assert anybody.get(address).status_code == 200
    assert Feed.objects.get().last_read is not None
    client = client_for("analyst")
    pk = Feed.objects.get().pk
    assert client.post(reverse("governance:revoke_feed", args=["west", pk])).status_code == 302
    revoked, wrong = anybody.get(address), anybody.get(reverse("calendar", args=["a" * 43]))
    assert revoked.status_code == wrong.status_code == 404
    assert said(revoked) == said(wrong)
    other = feed_of(user, zone)
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=timezone.now())
    assert said(anybody.get(other)) == said(wrong)
    # The address itself is nowhere in the database.
    token = other.removeprefix("/calendar/").removesuffix(".ics")
    assert not Feed.objects.filter(digest=token).exists()
    assert token not in "".join(Record.objects.values_list("details_text", flat=True))


def test_addresses_cannot_be_guessed_at_will(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    from vicus.web.governance.views import feed

    monkeypatch.setattr(feed, "MOST_AN_HOUR", 3)
    anybody = Client()
    codes = [anybody.get(f"/calendar/{'x' * n}.ics").status_code for n in range(1, 6)]
    assert codes == [404, 404, 404, 429, 429]


def test_a_new_calendar_shows_its_address_once(
    zone: Zone, made: dict[str, Any], client_for: ClientFor
) -> None:
    client = client_for("mayor")
    page = client.post(reverse("governance:make_feed", args=["west"]))
    address = page.context["address"]
    assert address.startswith("http://testserver/calendar/")
    assert address in page.content.decode()
    assert address not in client.get(reverse("governance:mine", args=["west"])).content.decode()
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("night", [(2026, 3, 29, 0, 30), (2026, 10, 25, 0, 30)])
def test_a_meeting_in_the_night_of_summer_time_lasts_as_long_as_it_was_planned(
    zone: Zone, users: dict[str, User], made: dict[str, Any], night: tuple[int, ...]
) -> None:
    from datetime import UTC, datetime

    import time_machine

    starts = datetime(*night, tzinfo=UTC)  # type: ignore[misc, arg-type]
    one = Meeting.objects.create(
        zone=zone, body=made["coordination"], starts_at=starts, minutes=90, language="fr"
    )
    with time_machine.travel(starts - timedelta(days=3), tick=False):
        event = events(Client().get(feed_of(users["direction"], zone)))[f"meeting-{one.pk}@west.vicus"]
    assert event["DTEND"].dt - starts == timedelta(minutes=90)


def test_every_role_that_reads_meetings_and_no_other_has_a_calendar(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    codes = {role: Client().get(feed_of(users[role], zone)).status_code for role in ROLES}
    allowed = {role for role, code in codes.items() if code == 200}
    assert allowed == {"hotspot_manager", "analyst", "division_head", "direction", "mayor", "partner"}


def test_a_body_that_ended_prepares_no_meeting(
    zone: Zone, users: dict[str, User], made: dict[str, Any]
) -> None:
    gone = body(zone, "gone", [2], commune=commune(zone), ended_on=today(zone) - timedelta(days=1))
    assert gone not in queries.bodies(zone)
    assert organisation(zone, "other").zone == zone

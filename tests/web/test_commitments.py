"""Commitments: made, kept, postponed, dropped exactly as the one table says; who reads and writes which."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import commitment_stories as stories
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.services import today
from vicus.web.meetings import commitment_rules as rules
from vicus.web.meetings import promises, queries
from vicus.web.meetings.models import Commitment
from vicus.web.meetings.showing import commitments as showing
from vicus.web.zone.models import Membership, Zone

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "commitments.md"
State = Commitment.State
NEEDED = {"reason": "Rain.", "evidence": "Seen on the spot."}


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Zone:
    stories.places(zone)
    return zone


def brought_to(zone: Zone, state: str) -> Commitment:
    """A commitment in a state, whichever way it came there."""
    made = stories.promise(zone)
    settled = None if state == State.OPEN else today(zone)
    Commitment.objects.filter(pk=made.pk).update(state=state, settled_on=settled, reason="Rain.")
    return Commitment.objects.get(pk=made.pk)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", rules.STEPS, ids=lambda step: step.code)
def test_a_step_is_taken_from_its_states_and_no_others(town: Zone, state: str, step: rules.Step) -> None:
    commitment = brought_to(town, state)
    given = {"due_on": commitment.due_on + timedelta(days=7)} if "due_on" in step.needs else {}

    def take() -> Commitment:
        return promises.take(
            commitment=commitment, code=step.code, actor="a test", on=today(town), **NEEDED, **given
        )

    if state in step.sources:
        assert take().state == step.target
        assert Record.objects.filter(
            object_type="meetings.commitment", details_text__contains=step.code
        ).exists()
    else:
        with pytest.raises(ValidationError):
            take()
        assert Commitment.objects.get(pk=commitment.pk).state == state


@pytest.mark.parametrize("step", rules.STEPS, ids=lambda step: step.code)
def test_a_step_is_not_taken_without_what_it_needs(town: Zone, step: rules.Step) -> None:
    commitment = brought_to(town, step.sources[0])
    for lacking in step.needs:
        given = {name: "Because." for name in step.needs if name not in (lacking, "due_on")}
        if "due_on" in step.needs and lacking != "due_on":
            given["due_on"] = commitment.due_on + timedelta(days=1)
        with pytest.raises(ValidationError) as raised:
            promises.take(commitment=commitment, code=step.code, actor="a test", on=today(town), **given)
        assert lacking in raised.value.message_dict


def test_every_state_but_open_can_be_reached_and_left() -> None:
    assert {step.target for step in rules.STEPS} == set(State)
    assert {state for step in rules.STEPS for state in step.sources} == set(State)


def test_the_diagram_in_the_docs_is_the_table() -> None:
    assert rules.diagram() in DOCS.read_text(encoding="utf-8")


def test_the_first_due_day_stays_when_it_is_postponed_twice(town: Zone) -> None:
    commitment = stories.promise(town)
    first = commitment.due_on
    for days in (7, 14):
        commitment = stories.settle(commitment, "postpone", today(town), due_on=first + timedelta(days=days))
    assert (commitment.first_due_on, commitment.due_on) == (first, first + timedelta(days=14))
    with pytest.raises(ValidationError):
        stories.settle(commitment, "postpone", today(town), due_on=first)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"owner": None}, "owner"),
        ({"ended": True}, "owner"),
        ({"due": -31}, "due_on"),
        ({"public": True, "public_words": {"nl": "Lampen"}}, "public"),
        ({"title": "  "}, "title"),
        ({"level": 6}, "level"),
    ],
)
def test_a_commitment_that_lacks_something_is_refused_with_words(town: Zone, given: dict, field: str) -> None:
    owner = stories.organisation(town, "housing")
    if given.pop("ended", False):
        owner.ended_on = today(town) - timedelta(days=60)
    if "due" in given:
        given["due_on"] = today(town) + timedelta(days=given.pop("due"))
    fields = {
        "actor": "a test", "zone": town, "meeting": None, "owner": owner, "title": "Light", "level": 3,
        "made_on": today(town) - timedelta(days=30), "due_on": today(town), **given,
    }  # fmt: skip
    with pytest.raises(ValidationError) as raised:
        promises.make(**fields)
    assert field in raised.value.message_dict
    assert not Commitment.objects.exists()


def test_residents_read_both_languages_or_nothing(town: Zone) -> None:
    both = {"nl": "Lampen tegen mei", "fr": "Des lampes pour mai"}
    assert stories.promise(town, public=True, public_words=both).public_words == both


def test_a_text_that_may_name_somebody_waits_for_who_vouches(town: Zone) -> None:
    with pytest.raises(Suspected):
        stories.promise(town, title="Bel 0470 12 34 56")
    commitment = stories.promise(town)
    with pytest.raises(Suspected):
        stories.settle(commitment, "keep", today(town), evidence="Wagen 1-ABC-123 is weg", reason="")


def test_two_tabs_do_not_write_over_each_other(town: Zone, hotspot_manager: Client) -> None:
    commitment = stories.promise(town)
    url = reverse("commitments:correct", args=["west", commitment.pk])
    first = hotspot_manager.post(url, {"title": "Light all halls", "revision": "0"})
    assert first.status_code == 302
    second = hotspot_manager.post(url, {"title": "Light some halls", "revision": "0"})
    assert second.status_code == 422
    told = second.content.decode()
    assert "Light all halls" in told
    assert "Light some halls" in told
    assert Commitment.objects.get().title == "Light all halls"
    assert hotspot_manager.post(url, {"title": "Light some halls", "revision": "1"}).status_code == 302
    with pytest.raises(Met):
        promises.take(
            commitment=commitment, code="keep", actor="a test", on=today(town), evidence="Seen.", revision=0
        )


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("hotspot_manager", {"housing": 4, "transport": 4, "town": 4}),
        ("direction", {"housing": 4, "transport": 4, "town": 4}),
        ("analyst", {"housing": 0, "transport": 0, "town": 0}),
        ("partner", {"housing": 4}),
    ],
)
def test_who_may_take_steps_of_whose(
    town: Zone, users: dict[str, User], role: str, steps: dict[str, int]
) -> None:
    stories.promised(town)
    who = queries.reader(users[role], "west")
    found = {one.owner.code: len(rules.open_steps(who, one)) for one in queries.commitments(who)}
    assert found == steps


def test_the_office_of_the_mayor_acts_for_the_commune_and_a_partner_for_itself(
    town: Zone, users: dict[str, User]
) -> None:
    made = stories.promised(town)
    mayor, partner = (queries.reader(users[role], "west") for role in ("mayor", "partner"))
    assert rules.owns(mayor, made["town"].owner)
    assert not rules.owns(mayor, made["housing"].owner)
    assert rules.owns(partner, made["housing"].owner)
    assert not rules.owns(partner, made["transport"].owner)


def test_a_partner_reaches_nothing_of_another_organisation(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    made = stories.promised(town)
    partner = client_for("partner")
    told = partner.get(reverse("commitments:list", args=["west"])).content.decode()
    assert stories.TITLES["housing"] in told
    assert stories.TITLES["transport"] not in told
    assert "Transport" not in told
    for name, extra in (("commitment", []), ("correct", []), ("step", ["keep"])):
        url = reverse(f"commitments:{name}", args=["west", made["transport"].pk, *extra])
        assert partner.get(url).status_code == 404
        assert partner.post(url, {"evidence": "x", "revision": 0}).status_code in (404, 405)
    keep = reverse("commitments:step", args=["west", made["housing"].pk, "keep"])
    assert partner.post(keep, {"evidence": "Lamps hang.", "revision": 0}).status_code == 302
    assert Commitment.objects.get(pk=made["housing"].pk).state == State.KEPT
    assert Commitment.objects.get(pk=made["transport"].pk).state == State.OPEN
    # Only the zone opens it again.
    assert partner.get(keep.replace("/keep/", "/reopen/")).status_code == 403


def test_the_tracker_counts_and_gives_no_share_of_fewer_than_ten(town: Zone) -> None:
    day = today(town)
    for n in range(9):
        stories.settle(stories.promise(town), "keep" if n < 6 else "drop", day)
    late = stories.promise(town, due_on=day - timedelta(days=1))
    [tally] = showing.tallies(showing.lines(list(Commitment.objects.select_related("owner")), day), "owner")
    assert (tally.made, tally.open, tally.late, tally.kept, tally.dropped, tally.share) == (
        10,
        1,
        1,
        6,
        3,
        None,
    )
    stories.settle(late, "keep", day)
    [tally] = showing.tallies(showing.lines(list(Commitment.objects.select_related("owner")), day), "owner")
    assert (tally.kept, tally.kept_late, tally.share) == (7, 1, 0.7)


def test_the_file_says_who_took_it_and_the_trail_too(town: Zone, hotspot_manager: Client) -> None:
    stories.promised(town)
    url = reverse("commitments:file", args=["west", "csv"])
    given = {"door_reason": "Municipal meeting", "door_recipient": "Own service"}
    assert hotspot_manager.post(url, given).status_code == 302
    answer = hotspot_manager.get(url)
    told = answer.content.decode("utf-8-sig")
    assert stories.TITLES["transport"] in told
    assert "Municipal meeting" in told
    assert Record.objects.filter(action="disclosure", object_type="meetings.commitments").count() == 1


def test_a_commitment_is_noted_outside_a_meeting_by_the_manager_of_the_place(
    town: Zone, hotspot_manager: Client
) -> None:
    from vicus.web.hotspots.models import Hotspot

    url = reverse("commitments:make", args=["west"])
    first, second = (Hotspot.objects.get(number=number).pk for number in (1, 2))
    given = {
        "title": "Light", "owner": stories.organisation(town, "housing").pk, "level": 2, "public": "",
        "due_on": (today(town) + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    assert hotspot_manager.post(url, {**given, "hotspot": second}).status_code == 422
    assert hotspot_manager.post(url, {**given, "hotspot": first, "public": "on"}).status_code == 422
    assert hotspot_manager.post(url, {**given, "hotspot": first}).status_code == 302
    made = Commitment.objects.get()
    assert (made.meeting, made.commune.code, made.steps.get().code) == (None, "C1", "make")


def test_a_partner_without_an_organisation_sees_nothing(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    stories.promised(town)
    Membership.objects.filter(role="partner").update(organisation=None)
    assert client_for("partner").get(reverse("commitments:list", args=["west"])).status_code == 404

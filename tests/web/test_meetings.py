"""Meetings: their states, what is written in them, and what a partner finds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from matrix_hotspots import places as make_places

from vicus.web.accounts.models import User
from vicus.web.audit.models import Action, Record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings import pack, places, queries, rules, services, shape
from vicus.web.meetings.models import Body, Commitment, Decision, Meeting, Presence, Shared
from vicus.web.meetings.services import When
from vicus.web.zone.models import Organisation, Zone
from vicus.web.zone.services import assign_role

ROOT = Path(__file__).parents[2]
State = Meeting.State


@dataclass
class Town:
    """A body of each level, a tram company, and who acts."""

    zone: Zone
    tram: Organisation
    housing: Organisation
    bodies: dict[int, Body]
    direction: User

    def meeting(self, level: int = 4, *, hours: float = -2, **more: object) -> Meeting:
        """A planned meeting, a few hours ago unless said otherwise."""
        begins = timezone.now() + timedelta(hours=hours)
        when = When(starts_at=begins, language="fr", **more)  # type: ignore[arg-type]
        return services.plan(actor=self.direction, body=self.bodies[level], when=when)

    def asks(self, meeting: Meeting, organisation: Organisation, state: str = "present") -> Presence:
        """Ask an organisation."""
        values = {"organisation": organisation.pk, "roles": "", "state": state}
        kept: Presence = services.keep(
            meeting=meeting, kind=shape.PRESENCE, thing=Presence(), values=values, actor=self.direction
        )
        return kept

    def writes(self, meeting: Meeting, text: str, revision: int = 0, **more: str) -> str:
        """What became of a text."""
        return services.write(
            meeting=meeting, key="minutes", text=text, revision=revision, actor=self.direction, **more
        ).outcome


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Town:
    def organisation(code: str) -> Organisation:
        return Organisation.objects.create(zone=zone, code=code, names={"fr": code.title()}, kind="other")

    bodies = {
        level: Body.objects.create(
            zone=zone, code=f"body-{level}", names={"fr": f"Organe {level}"}, levels=[level]
        )
        for level in range(1, 6)
    }
    tram = organisation("tram")
    assign_role(actor="a test", zone=zone, user=users["partner"], role="partner", organisation=tram)
    return Town(zone, tram, organisation("housing"), bodies, users["direction"])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", rules.STEPS, ids=lambda step: step.code)
def test_a_step_is_taken_from_the_states_of_the_table_only(
    town: Town, state: State, step: rules.Step
) -> None:
    meeting = town.meeting()
    Meeting.objects.filter(pk=meeting.pk).update(state=state, words={"minutes": "Calme."})
    meeting.refresh_from_db()
    if state in step.sources:
        assert (
            services.step(meeting=meeting, code=step.code, actor=town.direction, why="Trop tôt.").state
            == step.target
        )
    else:
        with pytest.raises(ValidationError):
            services.step(meeting=meeting, code=step.code, actor=town.direction, why="Trop tôt.")


def test_minutes_are_closed_when_they_are_written_and_each_presence_is_known(town: Town) -> None:
    meeting = services.step(meeting=town.meeting(), code="hold", actor=town.direction)
    presence = town.asks(meeting, town.tram, "asked")
    with pytest.raises(ValidationError) as refused:
        services.step(meeting=meeting, code="minute", actor=town.direction)
    assert len(refused.value.messages) == 2
    assert town.writes(meeting, "Calme.") == "saved"
    values = {"organisation": town.tram.pk, "roles": "", "state": "excused"}
    services.keep(meeting=meeting, kind=shape.PRESENCE, thing=presence, values=values, actor=town.direction)
    assert services.step(meeting=meeting, code="minute", actor=town.direction).state == State.MINUTED


def test_a_meeting_that_has_not_begun_is_not_held(town: Town) -> None:
    with pytest.raises(ValidationError):
        services.step(meeting=town.meeting(hours=2), code="hold", actor=town.direction)


def test_two_texts_that_meet_are_both_kept(town: Town) -> None:
    meeting = town.meeting()
    assert town.writes(meeting, "Première version.", page="a") == "saved"
    # The same page goes on writing although its answer was lost; another page started from nothing.
    assert town.writes(meeting, "Première version, suite.", page="a") == "saved"
    assert town.writes(meeting, "Autre version.", page="b") == "met"
    passage = meeting.passages.get(key="minutes")
    meeting.refresh_from_db()
    assert meeting.words["minutes"] == "Première version, suite."
    aside = passage.asides.get()
    assert aside.text == "Autre version."
    services.settle(meeting=meeting, aside=aside, choice="join", actor=town.direction)
    meeting.refresh_from_db()
    assert meeting.words["minutes"] == "Première version, suite.\n\nAutre version."


def test_a_text_written_after_the_minutes_were_closed_stands_beside_them(town: Town) -> None:
    meeting = town.meeting()
    town.writes(meeting, "Calme.")
    Meeting.objects.filter(pk=meeting.pk).update(state=State.MINUTED)
    assert town.writes(meeting, "Encore une phrase.", revision=1) == "closed"
    meeting.refresh_from_db()
    assert meeting.words["minutes"] == "Calme."
    assert meeting.passages.get(key="minutes").asides.get().text == "Encore une phrase."


def test_minutes_that_name_somebody_are_not_saved_without_a_word(town: Town) -> None:
    meeting = town.meeting()
    assert town.writes(meeting, "Appelez le 0470 12 34 56.") == "suspected"
    with pytest.raises(Suspected):
        services.keep(
            meeting=meeting, kind=shape.DECISION, thing=Decision(), actor=town.direction,
            values={"text": "Plaque 1-ABC-234 à surveiller.", "hotspot": None},
        )  # fmt: skip
    meeting.refresh_from_db()
    assert "minutes" not in meeting.words
    assert not meeting.decisions.exists()


def test_fields_that_somebody_else_changed_meanwhile_are_not_overwritten(town: Town) -> None:
    meeting = town.meeting(1)
    counted = {"residents": 20, "shopkeepers": None, "youngsters": None, "services": None}
    keep = {"meeting": meeting, "kind": shape.ATTENDANCE, "actor": town.direction}
    services.keep_group(values=counted, revision=0, **keep)  # type: ignore[arg-type]
    with pytest.raises(Met):
        services.keep_group(values=counted | {"residents": 25}, revision=0, **keep)  # type: ignore[arg-type]
    meeting.refresh_from_db()
    assert meeting.words["residents"] == 20


def test_what_is_shared_is_a_disclosure_with_its_basis_and_recipient(town: Town) -> None:
    meeting = town.meeting(2)
    values = {
        "organisation": town.tram.pk,
        "what": "Chiffres du mois.",
        "basis": "places",
        "purpose": "préparer",
    }
    share = {"meeting": meeting, "kind": shape.SHARED, "actor": town.direction, "values": values}
    with pytest.raises(ValidationError):
        services.keep(thing=Shared(), **share)  # type: ignore[arg-type]
    town.asks(meeting, town.tram)
    services.keep(thing=Shared(), **share)  # type: ignore[arg-type]
    entry = Record.objects.get(object_type="meetings.shared")
    assert (entry.action, entry.recipient) == (Action.DISCLOSURE, "Tram")
    assert "préparer" in entry.reason
    with pytest.raises(ValidationError):
        services.remove(meeting=meeting, kind=shape.SHARED, thing=meeting.shared.get(), actor=town.direction)


def test_overlapping_meetings_are_named_and_others_are_not(town: Town) -> None:
    first = town.meeting(4, hours=1)
    second = town.meeting(4, hours=2)
    later = town.meeting(4, hours=6)
    who = queries.reader(town.direction, town.zone.slug)
    assert pack.overlapping(who, second) == [first]
    assert pack.overlapping(who, later) == []
    services.step(meeting=first, code="cancel", actor=town.direction, why="Trop tôt.")
    assert pack.overlapping(who, second) == []


def test_the_hour_of_a_meeting_is_that_of_the_zone_when_clocks_change(
    town: Town, client_for: Callable[[str], Client]
) -> None:
    client = client_for("direction")
    data = {
        "body": town.bodies[4].pk, "day": "2026-10-25", "hour": "10:00", "minutes": "60", "language": "fr",
        "place": "", "chair": "",
    }  # fmt: skip
    assert client.post(reverse("meetings:plan", args=[town.zone.slug]), data).status_code == 302
    assert Meeting.objects.get().starts_at == datetime(2026, 10, 25, 9, tzinfo=UTC)


def test_open_promises_are_carried_to_the_next_meeting_and_settled_ones_are_not(town: Town) -> None:
    before = town.meeting(4, hours=-24 * 40)
    day = before.starts_at.date()

    def promise(title: str, **more: object) -> Commitment:
        return Commitment.objects.create(
            zone=town.zone, meeting=before, level=4, owner=town.tram, title=title, made_on=day,
            due_on=day + timedelta(days=10), **more,
        )  # fmt: skip

    still = promise("Réparer la lampe")
    promise("Nettoyer le passage", state="kept", settled_on=day + timedelta(days=5))
    who = queries.reader(town.direction, town.zone.slug)
    assert pack.carried(who, town.meeting(4)) == [still]


def test_a_commitment_of_a_meeting_needs_an_owner_that_has_not_ended(
    town: Town, client_for: Callable[[str], Client]
) -> None:
    meeting = town.meeting()
    client = client_for("direction")
    address = reverse("meetings:add_row", args=[town.zone.slug, meeting.pk, "commitment"])
    data = {"title": "Réparer la lampe", "owner": "", "due_on": "2030-01-01", "detail": "", "hotspot": ""}
    assert client.post(address, data).status_code == 422
    places.end_organisation(actor="a test", organisation=town.housing, on=date(2020, 1, 1))
    assert client.post(address, data | {"owner": str(town.housing.pk)}).status_code == 422
    assert client.post(address, data | {"owner": str(town.tram.pk)}).status_code == 302
    assert meeting.commitments.get().level == 4


def test_an_organisation_with_promises_is_ended_and_not_deleted(
    town: Town, client_for: Callable[[str], Client]
) -> None:
    town.asks(town.meeting(), town.tram)
    client = client_for("direction")
    answer = client.post(reverse("meetings:delete_organisation", args=[town.zone.slug, town.tram.pk]))
    assert answer.status_code == 422
    assert Organisation.objects.filter(pk=town.tram.pk).exists()
    assert (
        client.post(
            reverse("meetings:delete_organisation", args=[town.zone.slug, town.housing.pk])
        ).status_code
        == 302
    )
    ended = reverse("meetings:end_organisation", args=[town.zone.slug, town.tram.pk])
    assert client.post(ended, {"ended_on": "2026-01-31"}).status_code == 302
    town.tram.refresh_from_db()
    assert town.tram.ended_on == date(2026, 1, 31)


def test_a_partner_reads_its_part_of_a_meeting_and_nothing_else(
    town: Town, client_for: Callable[[str], Client]
) -> None:
    meeting = town.meeting(2)
    town.asks(meeting, town.tram)
    town.asks(meeting, town.housing)
    town.writes(meeting, "Ce que seuls les services lisent.")
    for organisation, what in (
        (town.tram, "Chiffres pour le tram."),
        (town.housing, "Chiffres pour les logements."),
    ):
        values = {"organisation": organisation.pk, "what": what, "basis": "places", "purpose": "préparer"}
        services.keep(meeting=meeting, kind=shape.SHARED, thing=Shared(), values=values, actor=town.direction)
    Decision.objects.create(meeting=meeting, text="Deux passages par semaine.")
    services.step(meeting=meeting, code="hold", actor=town.direction)
    client = client_for("partner")
    text = client.get(reverse("meetings:meeting", args=[town.zone.slug, meeting.pk])).content.decode()
    assert "Deux passages par semaine." in text
    assert "Chiffres pour le tram." in text
    assert "Chiffres pour les logements." not in text
    assert "Ce que seuls les services lisent." not in text
    assert "Housing" not in text


@pytest.mark.parametrize(("state", "found"), [("present", 200), ("excused", 404), ("absent", 404)])
def test_a_partner_that_did_not_come_does_not_find_the_meeting(
    town: Town, client_for: Callable[[str], Client], state: str, found: int
) -> None:
    meeting = town.meeting(2)
    town.asks(meeting, town.tram, state)
    services.step(meeting=meeting, code="hold", actor=town.direction)
    address = reverse("meetings:meeting", args=[town.zone.slug, meeting.pk])
    assert client_for("partner").get(address).status_code == found


def test_a_partner_writes_nothing_anywhere(town: Town, client_for: Callable[[str], Client]) -> None:
    meeting = town.meeting(2)
    town.asks(meeting, town.tram)
    client = client_for("partner")
    before = Meeting.objects.values_list("words", "state", "revision").get(pk=meeting.pk)
    one = {"zone": town.zone.slug, "pk": meeting.pk}
    tried = (
        ("change", {}), ("write", {"key": "minutes"}), ("write", {"key": "agenda"}), ("group", {"kind": "seen"}),
        ("add_row", {"kind": "decision"}), ("add_row", {"kind": "shared"}), ("step", {"code": "hold"}),
    )  # fmt: skip
    for name, more in tried:
        address = reverse(f"meetings:{name}", kwargs=one | more)
        assert client.post(address, {"text": "Autre chose."}).status_code == 403, address
    assert Meeting.objects.values_list("words", "state", "revision").get(pk=meeting.pk) == before


def test_a_hotspot_manager_writes_meetings_of_own_hotspots_only(town: Town, users: dict[str, User]) -> None:
    make_places(town.zone)
    own, other = Hotspot.objects.filter(zone=town.zone, number__in=(1, 2))
    Hotspot.objects.filter(pk=own.pk).update(manager=users["hotspot_manager"])
    who = queries.reader(users["hotspot_manager"], town.zone.slug)
    mine = town.meeting(1, hotspots=[own])
    assert rules.writes(who, mine)
    assert not rules.writes(who, town.meeting(1, hotspots=[own, other]))
    assert not rules.writes(who, town.meeting(3, hotspots=[own]))
    assert list(queries.meetings(who).filter(pk=mine.pk)) == [mine]


def test_nobody_plans_a_meeting_that_counts_for_a_level_they_do_not_write(
    town: Town, users: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    make_places(town.zone)
    commune = town.zone.areas.filter(kind="commune").first()
    assert commune is not None
    Body.objects.filter(pk=town.bodies[3].pk).update(commune=commune)
    assign_role(actor="a test", zone=town.zone, user=users["mayor"], role="mayor", areas=[commune])
    client = sign_in(users["mayor"])
    data = {
        "body": town.bodies[3].pk,
        "day": "2026-10-20",
        "hour": "10:00",
        "minutes": "60",
        "language": "fr",
    }
    address = reverse("meetings:plan", args=[town.zone.slug])
    assert client.post(address, data | {"levels": ["3", "4"]}).status_code == 422
    assert client.post(address, data | {"body": town.bodies[4].pk}).status_code == 422
    assert client.post(address, data | {"levels": ["3"]}).status_code == 302
    assert Meeting.objects.get().levels == [3]


def test_the_diagram_in_the_docs_is_the_table() -> None:
    assert rules.diagram() in (ROOT / "docs" / "how-to" / "meetings.md").read_text(encoding="utf-8")


def test_every_section_of_the_form_belongs_to_a_level_and_a_time() -> None:
    for level in range(1, 6):
        found = shape.sections([level])
        assert {section.time for section in found} >= {"before", "during"}
        assert "minutes" in {section.key for section in found}
    assert shape.sections([1])[0].key == "carried"
    both = {section.key for section in shape.sections([2, 3])}
    assert both == {s.key for s in shape.sections([2])} | {s.key for s in shape.sections([3])}

"""Each role searches for words that stand only in what it may not read, in its own zone and in another."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from matrix_sara import manned

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.actions import services as actions
from vicus.web.hotspots.models import Hotspot
from vicus.web.knowledge import services as knowledge
from vicus.web.meetings.models import Answer, Body, Commitment, Decision, Meeting, Presence
from vicus.web.sara.models import Observation, Passage, Problem, Promise, SaraSheet
from vicus.web.search import queries
from vicus.web.search.models import Document
from vicus.web.zone.models import Area, Membership, Organisation, Zone

pytestmark = pytest.mark.django_db

# A word that stands in one text only -> what it is in, and the roles that find it. Hotspot 1 is of the manager, in
# commune C1 with 2; hotspot 4 is in C2. Division head and mayor's office have C1; the partner is "Transport".
ALL = frozenset({"hotspot_manager", "analyst", "division_head", "direction"})
HEADS = frozenset({"division_head", "direction"})
IN_C1 = ALL | {"mayor"}
MAY = {
    "cardword": IN_C1,
    "networkword": IN_C1,
    "problemone": HEADS | {"hotspot_manager"},
    "problemtwo": HEADS,
    "problemfour": {"direction"},
    "draftone": HEADS | {"hotspot_manager"},
    "validone": HEADS | {"hotspot_manager", "mayor"},
    "validfour": {"direction"},
    "seenone": HEADS | {"hotspot_manager", "mayor"},
    "promisedone": HEADS | {"hotspot_manager"},
    "actionone": ALL,
    "actionfour": ALL - {"division_head"},
    "agendaours": IN_C1 | {"partner"},
    "minutesours": IN_C1,
    "answerours": IN_C1,
    "decisionours": IN_C1 | {"partner"},
    "agendatheirs": frozenset({"analyst", "direction"}),
    "decisiontheirs": frozenset({"analyst", "direction"}),
    "committransport": IN_C1 | {"partner"},
    "commithousing": IN_C1,
    "commitfour": ALL - {"division_head"},
    "elsewhere": frozenset(),
}


def furnish(zone: Zone, east: Zone) -> None:
    manned(zone)
    spots = {hotspot.number: hotspot for hotspot in Hotspot.objects.filter(zone=zone)}
    card = {
        "kind": "lesson", "language": "en", "title": "A card", "problem_types": ["fear"], "action_kinds": [],
        "grade": "practice", "source": "An action.",
    }  # fmt: skip
    knowledge.write(zone=zone, values=card | {"done": "cardword"}, actor="a test")
    knowledge.write(zone=east, values=card | {"done": "elsewhere"}, actor="a test")
    knowledge.take_out(
        card=knowledge.write(zone=zone, values=card | {"done": "elsewhere"}, actor="a test"), actor="a test"
    )
    ours, housing = (
        Organisation.objects.create(
            zone=zone, code=code, names={"en": name}, kind="transport", strengths=words
        )
        for code, name, words in (("transport", "Transport", "networkword"), ("housing", "Housing", ""))
    )
    Membership.objects.filter(zone=zone, role="partner").update(organisation=ours)
    for number, word in ((1, "problemone"), (2, "problemtwo"), (4, "problemfour")):
        Problem.objects.create(hotspot=spots[number], number=1, title="A problem", pattern=word)
    for number, month, state, word in (
        (1, 9, "draft", "draftone"),
        (1, 8, "validated", "validone"),
        (4, 8, "validated", "validfour"),
    ):
        sheet = SaraSheet(hotspot=spots[number], month=date(2025, month, 1), state=state)
        if state == "validated":
            sheet.figures, sheet.data_version, sheet.software = {}, 1, "a test"
            sheet.known_at, sheet.perimeter = (
                datetime(2025, 9, 1, tzinfo=UTC),
                spots[number].perimeters.first(),
            )
        sheet.save()
        Passage.objects.create(sheet=sheet, key="situation", text=word)
        if word == "validone":
            Observation.objects.create(
                sheet=sheet, source="officer", nature="fact", reliability="confirmed", text="seenone",
                seen_on=date(2025, 8, 3),
            )  # fmt: skip
        if word == "draftone":
            Promise.objects.create(
                sheet=sheet,
                title="promisedone",
                objective="x",
                mechanism="x",
                expected="x",
                due=date(2025, 12, 1),
            )
    for number, word in ((1, "actionone"), (4, "actionfour")):
        actions.plan(
            hotspot=spots[number], actor="a test", title=word, kind="prevention", lead="Zone", objective="x",
            mechanism="y", starts_on=date(2025, 1, 1), ends_on=date(2025, 2, 1),
        )  # fmt: skip
    communes = {area.code: area for area in Area.objects.filter(zone=zone, kind="commune")}
    for name, code in (("ours", "C1"), ("theirs", "C2")):
        body = Body.objects.create(
            zone=zone, code=name, names={"en": "A body"}, levels=[2], commune=communes[code]
        )
        meeting = Meeting.objects.create(
            zone=zone, body=body, starts_at=datetime(2025, 9, 1, 9, tzinfo=UTC), language="en",
            words={"agenda": f"agenda{name}", "minutes": f"minutes{name}"},
        )  # fmt: skip
        Decision.objects.create(meeting=meeting, text=f"decision{name}")
        if name == "ours":
            Presence.objects.create(meeting=meeting, organisation=ours, state="present")
            Answer.objects.create(meeting=meeting, said="answerours", did="done")
            for owner, word in ((ours, "committransport"), (housing, "commithousing")):
                Commitment.objects.create(
                    zone=zone, meeting=meeting, level=2, commune=communes["C1"], owner=owner, title=word,
                    made_on=date(2025, 9, 1), due_on=date(2025, 12, 1),
                )  # fmt: skip
    Commitment.objects.create(
        zone=zone, level=2, hotspot=spots[4], commune=communes["C2"], owner=housing, title="commitfour",
        made_on=date(2025, 9, 1), due_on=date(2025, 12, 1),
    )  # fmt: skip


@pytest.fixture
def furnished(zone: Zone, other_zone: Zone, users: dict[str, User]) -> Zone:
    furnish(zone, other_zone)
    return zone


def test_every_word_is_in_the_index_so_that_not_finding_it_says_something(furnished: Zone) -> None:
    texts = "\n".join(f"{title}\n{text}" for title, text in Document.objects.values_list("title", "text"))
    assert all(word in texts for word in MAY)


def test_each_role_finds_what_it_may_read_and_nothing_else(furnished: Zone, users: dict[str, User]) -> None:
    found = {
        role: {word for word in MAY if queries.find(users[role], furnished, word, "en").total}
        for role in ROLES
    }
    assert found == {role: {word for word, roles in MAY.items() if role in roles} for role in ROLES}


def test_counts_and_beginnings_tell_no_more_than_results(furnished: Zone, users: dict[str, User]) -> None:
    for role in ROLES:
        found = queries.find(users[role], furnished, "commit", "en", kind="commitment")
        assert found.counts.get("commitment", 0) == len(found.hits)
        assert len(found.hits) == sum(
            role in roles for word, roles in MAY.items() if word.startswith("commit")
        )


def test_the_same_role_in_another_zone_finds_nothing_here(
    furnished: Zone, other_zone: Zone, make_user: object
) -> None:
    for role in ROLES:
        stranger = make_user(role, other_zone)  # type: ignore[operator]
        assert not any(queries.find(stranger, furnished, word, "en").total for word in MAY)


def test_a_partner_sees_no_word_of_others_on_the_page(furnished: Zone, client_for: object) -> None:
    client: Client = client_for("partner")  # type: ignore[operator]
    address = reverse("search:page", args=[furnished.slug])
    page = client.get(address, {"q": "committransport"}).content.decode()
    assert "<mark>committransport</mark>" in page
    for word in ("commithousing", "minutesours", "cardword"):
        assert f"<mark>{word}" not in client.get(address, {"q": word}).content.decode()

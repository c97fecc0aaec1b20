"""An organisation keeps its promises from a link, without an account, and reaches nothing else by it."""

from collections.abc import Callable
from datetime import timedelta

import commitment_stories as stories
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vicus.web.accounts.addresses import digest
from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.meetings import links
from vicus.web.meetings.models import Commitment, CommitmentLink
from vicus.web.zone.models import Zone


@pytest.fixture
def made(zone: Zone, users: dict[str, User]) -> dict[str, Commitment]:
    return stories.promised(zone)


@pytest.fixture
def token(zone: Zone, made: dict[str, Commitment]) -> str:
    return links.make(organisation=stories.organisation(zone, "housing"), actor="a test")[1]


def address(token: str) -> str:
    return reverse("promise", args=[token])


def test_the_link_shows_the_open_commitments_of_its_organisation_and_nothing_else(
    client: Client, token: str
) -> None:
    answer = client.get(address(token), {"lang": "nl"})
    told = answer.content.decode()
    assert stories.TITLES["housing"] in told
    assert stories.TITLES["transport"] not in told
    assert 'lang="nl"' in told
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not client.cookies.get("vicus_session")
    # No address of the site inside leads further than this page and its own files.
    assert "/west/" not in told


def test_one_click_and_a_line_keep_it_and_the_trail_names_the_link(
    client: Client, token: str, made: dict[str, Commitment]
) -> None:
    enforced = Client(enforce_csrf_checks=True)
    pk = made["housing"].pk
    empty = enforced.post(address(token), {"commitment": pk, "evidence": " "}, HTTP_ORIGIN="null")
    assert empty.status_code == 422
    done = enforced.post(address(token), {"commitment": pk, "evidence": "Lamps hang."}, HTTP_ORIGIN="null")
    assert done.status_code == 302
    kept = Commitment.objects.get(pk=pk)
    assert (kept.state, kept.evidence) == ("kept", "Lamps hang.")
    assert kept.steps.last().by == "housing (link)"
    client.get(address(token))
    used = Record.objects.filter(actor="housing (link)").values_list("object_type", flat=True)
    assert set(used) == {"meetings.commitment", "meetings.link"}
    assert CommitmentLink.objects.get().last_used is not None


def test_a_line_that_may_name_somebody_is_kept_on_the_page_and_not_in_the_zone(
    client: Client, token: str, made: dict[str, Commitment]
) -> None:
    pk = made["housing"].pk
    answer = client.post(address(token), {"commitment": pk, "evidence": "Bel 0470 12 34 56"})
    assert answer.status_code == 422
    assert "Bel 0470 12 34 56" in answer.content.decode()
    assert Commitment.objects.get(pk=pk).state == "open"


def test_the_link_does_not_reach_the_commitment_of_another(
    client: Client, token: str, made: dict[str, Commitment]
) -> None:
    for given in (str(made["transport"].pk), "999999", "x", ""):
        answer = client.post(address(token), {"commitment": given, "evidence": "Mine."})
        assert answer.status_code == 404
    assert not Commitment.objects.filter(state="kept").exists()


def test_wrong_ended_and_withdrawn_links_get_one_and_the_same_answer(
    client: Client, zone: Zone, token: str
) -> None:
    owner = stories.organisation(zone, "housing")
    ended, withdrawn = (links.make(organisation=owner, actor="a test") for _ in range(2))
    CommitmentLink.objects.filter(pk=ended[0].pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    links.revoke(link=withdrawn[0], actor="a test")
    answers = [client.get(address(each)) for each in ("no-such-link", ended[1], withdrawn[1])]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert client.get(address(token)).status_code == 200
    owner.ended_on = timezone.localdate()
    owner.save()
    assert client.get(address(token)).status_code == 404


def test_guessing_is_slowed_down(client: Client, token: str) -> None:
    codes = [client.get(address(f"guess-{n}")).status_code for n in range(links.MOST_WRONG + 1)]
    assert codes == [404] * links.MOST_WRONG + [429]
    uses = [client.get(address(token)).status_code for _ in range(links.MOST_USES + 1)]
    assert uses[-1] == 429
    assert uses[0] == 200


def test_a_link_is_shown_once_and_only_its_fingerprint_is_kept(
    zone: Zone, made: dict[str, Commitment], client_for: Callable[[str], Client]
) -> None:
    manager = client_for("hotspot_manager")
    owner = stories.organisation(zone, "transport")
    answer = manager.post(reverse("commitments:make_link", args=["west", owner.pk]))
    secret = answer.content.decode().split("/promise/")[1].split("/")[0]
    link = CommitmentLink.objects.get()
    assert link.digest == digest(secret)
    assert secret not in manager.get(reverse("commitments:links", args=["west"])).content.decode()
    assert not Record.objects.filter(details_text__contains=secret).exists()
    assert Client().get(address(secret)).status_code == 200
    manager.post(reverse("commitments:revoke_link", args=["west", link.pk]))
    assert Client().get(address(secret)).status_code == 404


def test_who_sees_a_part_of_the_zone_makes_no_link(
    zone: Zone, made: dict[str, Commitment], client_for: Callable[[str], Client]
) -> None:
    owner = stories.organisation(zone, "transport")
    answer = client_for("mayor").post(reverse("commitments:make_link", args=["west", owner.pk]))
    assert answer.status_code == 403
    assert not CommitmentLink.objects.exists()

"""Letters leave through a real SMTP server on this machine: down, up, refusing, killed in between; none is lost."""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

import commitment_stories as stories
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.governance import post, post_commitments
from vicus.web.governance.models import Letter
from vicus.web.hotspots.services import today
from vicus.web.meetings.models import Body, CommitmentLink, Meeting
from vicus.web.zone.models import Zone

State = Letter.State


class Postbox:
    """An SMTP server that keeps what it is given, or answers `says` to every recipient."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.to: list[list[str]] = []
        self.says = ""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.controller: Controller | None = None

    def up(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def down(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.says:
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(message_from_bytes(envelope.content))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    box = Postbox()
    server = {
        "host": "127.0.0.1",
        "port": box.port,
        "username": "",
        "password": "",
        "use_ssl": False,
        "use_tls": False,
    }
    monkeypatch.setattr(settings, "SMTP", server)
    monkeypatch.setattr(settings, "MAIL_FROM", "vicus@zone.example")
    monkeypatch.setattr(settings, "ADDRESS", "https://vicus.zone.example")
    yield box
    box.down()


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Zone:
    stories.places(zone)
    stories.organisation(zone, "housing", mailbox="housing@town.example", language="fr")
    return zone


def write(zone: Zone, key: str = "a", body: str = "Bonjour", **given: Any) -> None:
    owner = stories.organisation(zone, "housing")
    fields = {"kind": "soon", "language": "fr", "subject": "Objet é", "organisation": owner, **given}
    post.queue(key=key, zone=zone, body=body, **fields)


def later(minutes: float) -> Any:
    return timezone.now() + timedelta(minutes=minutes)


def test_a_letter_leaves_once_with_a_link_that_works(town: Zone, postbox: Postbox, client: Client) -> None:
    stories.promise(town)
    postbox.up()
    write(town, body="Ici : {link}")
    write(town, body="Une autre fois")
    assert post.deliver() == {"letters sent": 1}
    assert post.deliver(later(60)) == {}
    [mail] = postbox.got
    assert postbox.to == [["housing@town.example"]]
    assert mail["From"] == "vicus@zone.example"
    text = mail.get_payload(decode=True).decode()
    token = re.search(r"https://vicus.zone.example/promise/([\w-]+)/", text)
    assert token
    assert stories.TITLES["housing"] in client.get(reverse("promise", args=[token[1]])).content.decode()
    assert token[1] not in Letter.objects.get().body
    told = Record.objects.get(object_type="governance.letters")
    assert (told.action, told.recipient) == ("disclosure", "Housing")


def test_while_the_server_is_down_letters_wait_and_then_leave(
    town: Zone, postbox: Postbox, client_for: Callable[[str], Client]
) -> None:
    write(town, "a", body="Texte secret {link}")
    write(town, "b")
    assert post.deliver() == {"letters not sent": 1}
    first = Letter.objects.get(key="a")
    assert (first.state, first.tries, first.claimed_at) == (State.QUEUED, 1, None)
    assert "Refused" in first.last_error
    # The address that did not leave opens nothing.
    assert not CommitmentLink.objects.filter(revoked_on=None).exists()
    page = client_for("administrator").get(reverse("letters:list")).content.decode()
    assert "Refused" in page
    assert "Texte secret" not in page
    assert "Objet" not in page
    postbox.up()
    assert post.deliver() == {"letters sent": 1}, "the second was never tried; the first waits five minutes"
    assert post.deliver(later(6)) == {"letters sent": 1}
    assert not Letter.objects.exclude(state=State.SENT).exists()
    assert len(postbox.got) == 2


def test_waits_grow_and_after_two_weeks_somebody_is_asked(town: Zone, postbox: Postbox) -> None:
    write(town)
    now, waits = timezone.now(), []
    while Letter.objects.get().state == State.QUEUED:
        post.deliver(now)
        due = Letter.objects.get().due_at
        waits.append(due - now)
        now = due
    assert waits[:-1] == list(post.WAITS)
    assert waits[:-1] == sorted(waits[:-1])
    assert timedelta(days=10) < sum(post.WAITS, timedelta()) < timedelta(days=20)
    postbox.up()
    assert post.again(zones=["west"], actor="a test") == 1
    assert post.deliver() == {"letters sent": 1}


def test_what_is_refused_for_good_waits_as_failed_and_keeps_the_others_not(
    town: Zone, postbox: Postbox, client_for: Callable[[str], Client]
) -> None:
    postbox.up()
    postbox.says = "550 5.1.1 <housing@town.example> unknown here"
    write(town)
    write(town, "b", organisation=stories.organisation(town, "transport"))
    assert post.deliver() == {"letters not sent": 2}
    said = dict(Letter.objects.values_list("key", "last_error"))
    assert said == {"a": "550 5.1.1 unknown here", "b": "no address"}
    assert set(Letter.objects.values_list("state", flat=True)) == {State.FAILED}
    postbox.says = ""
    administrator = client_for("administrator")
    assert "unknown here" in administrator.get(reverse("letters:list")).content.decode()
    administrator.post(reverse("letters:again"))
    assert post.deliver() == {"letters sent": 1, "letters not sent": 1}


@pytest.mark.parametrize(
    ("killed", "copies"),
    [("get_connection", 1), ("_note_sent", 2)],
    ids=["before handing over", "just after"],
)
def test_a_letter_whose_sender_was_killed_leaves_later_under_the_same_number(
    town: Zone, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, killed: str, copies: int
) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    postbox.up()
    write(town)
    with monkeypatch.context() as dying:
        dying.setattr(post, killed, die)
        with pytest.raises(SystemExit):
            post.deliver()
    assert post.deliver() == {}, "somebody may be sending it"
    assert post.deliver(later(16)) == {"letters sent": 1}
    assert post.deliver(later(60)) == {}
    assert len(postbox.got) == copies
    assert len({mail["Message-ID"] for mail in postbox.got}) == 1


def test_without_a_server_and_in_a_demonstration_nothing_leaves(
    town: Zone, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, client_for: Callable[[str], Client]
) -> None:
    write(town)
    Zone.objects.filter(pk=town.pk).update(is_demo=True)
    postbox.up()
    assert post.deliver() == {}
    Zone.objects.filter(pk=town.pk).update(is_demo=False)
    with monkeypatch.context() as without:
        without.setattr(settings, "SMTP", None)
        assert post.deliver() == {}
        assert "VICUS_SMTP" in client_for("administrator").get(reverse("letters:list")).content.decode()
    assert post.deliver() == {"letters sent": 1}


def test_a_commitment_is_reminded_once_before_its_day_and_weekly_after_it(
    town: Zone, postbox: Postbox
) -> None:
    day = today(town)
    stories.promise(town, due_on=day + timedelta(days=7))
    stories.promise(town, "transport", due_on=day)
    for days in range(8):
        post_commitments.remind(town, day + timedelta(days=days))
    assert list(Letter.objects.values_list("kind", flat=True)) == ["soon"], "transport has no mailbox"
    for days in range(8, 22):
        post_commitments.remind(town, day + timedelta(days=days))
    assert Letter.objects.filter(kind="late").count() in (2, 3)
    assert set(Letter.objects.values_list("language", flat=True)) == {"fr"}


def test_the_commitments_of_a_meeting_go_to_their_owners_once(
    town: Zone, postbox: Postbox, client_for: Callable[[str], Client]
) -> None:
    body = Body.objects.create(zone=town, code="west", names={"fr": "Plateforme"}, levels=[4])
    meeting = Meeting.objects.create(
        zone=town, body=body, starts_at=timezone.now(), language="fr", state="minuted"
    )
    stories.promise(town, meeting=meeting)
    stories.promise(town, "transport", meeting=meeting)
    url = reverse("letters:meeting", args=["west", meeting.pk])
    direction = client_for("direction")
    page = reverse("meetings:meeting", args=["west", meeting.pk])
    assert url in direction.get(page).content.decode()
    assert url not in client_for("analyst").get(page).content.decode()
    for _ in range(2):
        assert direction.post(url).status_code == 302
    letter = Letter.objects.get()
    assert letter.organisation.code == "housing"
    assert stories.TITLES["housing"] in letter.body
    assert stories.TITLES["transport"] not in letter.body
    stories.promise(town, meeting=meeting, title="And the stairs")
    direction.post(url)
    assert Letter.objects.count() == 2
    Meeting.objects.filter(pk=meeting.pk).update(state="planned")
    assert direction.post(url).status_code == 403


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", None),
        ("smtp://mail.example", {"host": "mail.example", "port": 587, "use_tls": True, "use_ssl": False}),
        ("smtps://u%40x:p@mail.example", {"port": 465, "username": "u@x", "use_tls": False, "use_ssl": True}),
        ("smtp://127.0.0.1:25", {"port": 25, "use_tls": False, "use_ssl": False}),
    ],
)
def test_the_server_is_one_address(url: str, found: dict | None) -> None:
    from vicus.web.site.settings import mail_server

    read = mail_server(url)
    assert (read is None) == (found is None)
    assert found is None or found.items() <= read.items()

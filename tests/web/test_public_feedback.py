"""The form residents send: no account, no address kept, hard for programs, easy for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches, set_urlconf

from vicus.web.public import limits, views
from vicus.web.public.models import Feedback, Snapshot

pytestmark = pytest.mark.django_db(databases=["default", "public"])

CONTENT = {
    "title": "Canal, été 2026",
    "period": "juillet à septembre 2026",
    "texts": {"said": "Les lampes sont cassées.", "done": "Deux lampes réparées.", "not_possible": ""},
    "table": {"k": 5, "columns": ["2026"], "totals": False, "rows": [{"name": "Vol", "cells": [None]}]},
    "meetings": [{"day": "2026-12-01", "time": "19:00", "place": "École"}],
    "promises": [
        {"words": "Une lampe", "owner": "Commune", "due_on": "2026-09-01", "state": "open", "reason": "", "late": False}
    ],
    "heard": [],
}  # fmt: skip
NOON = "2026-11-10 12:00:00"


@pytest.fixture
def bulletin() -> Snapshot:
    names = {"fr": "Ouest", "nl": "West"}
    return Snapshot.objects.create(
        slug="canal-2026-3",
        zone="west",
        place={"zone": names, "commune": names, "place": {"fr": "Canal", "nl": "Kanaal"}},
        content={"fr": CONTENT, "nl": CONTENT | {"title": "Kanaal, zomer 2026"}},
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 9, 30),
        published_on=date(2026, 10, 15),
        renewed_on=date(2026, 10, 15),
    )


@pytest.fixture
def resident(monkeypatch: pytest.MonkeyPatch, vicus_home: Path) -> Iterator[Client]:
    """A reader of the public pages, without anything of the site around them."""
    monkeypatch.setenv("VICUS_PUBLIC", str(vicus_home / "public"))
    from vicus.web.public import settings as public

    for name in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "CONTENT_SECURITY_POLICY"):
        monkeypatch.setattr(settings, name, getattr(public, name))
    monkeypatch.setattr(views, "LIMITS", limits.Limits())
    clear_url_caches()
    set_urlconf(None)
    with time_machine.travel(NOON, tick=False) as clock:
        client = Client()
        client.clock = clock  # type: ignore[attr-defined]
        yield client
    clear_url_caches()


def opened(client: Client) -> str:
    return str(client.get("/fr/canal-2026-3/").context["form"]["opened"].value())


def send(client: Client, text: str, *, after: int = 30, **more: str) -> Any:
    form = {"opened": opened(client), "text": text, **more}
    client.clock.shift(after)  # type: ignore[attr-defined]
    return client.post("/fr/canal-2026-3/feedback/", form)


def test_what_is_sent_is_kept_with_its_day_and_nothing_else(resident: Client, bulletin: Snapshot) -> None:
    answer = send(resident, "La lampe du parc est encore cassée.")
    assert answer.status_code == 302
    assert "Merci" in resident.get(answer["Location"]).content.decode()
    kept = Feedback.objects.get()
    assert {field.name for field in Feedback._meta.get_fields()} == {
        "id", "bulletin", "language", "text", "received_on", "topics", "seen_on",
    }  # fmt: skip
    assert (kept.bulletin, kept.language, kept.received_on) == ("canal-2026-3", "fr", date(2026, 11, 10))
    assert not resident.cookies


@pytest.mark.parametrize(
    ("text", "more", "after", "status"),
    [
        ("Trop vite pour être lu.", {}, 1, 422),
        ("Ouvert la veille.", {}, 13 * 3600, 422),
        ("Ouvert par personne.", {"opened": "canal-2026-3:forged"}, 30, 422),
        ("ok", {}, 30, 422),
        ("x" * 1501, {}, 30, 422),
        ("http://a.be http://b.be", {}, 30, 422),
        ("Appelez-moi au 0470 12 34 56", {}, 30, 422),
        # A program that fills in everything is thanked, and nothing is kept.
        ("Un texte.", {"website": "http://a.be"}, 30, 302),
    ],
)
def test_what_is_not_kept(
    resident: Client, bulletin: Snapshot, text: str, more: dict[str, str], after: int, status: int
) -> None:
    answer = send(resident, text, after=after, **more)
    assert answer.status_code == status
    assert not Feedback.objects.exists()
    if status == 422:
        assert text in answer.content.decode(), "the words are kept on the page"


def test_a_phone_number_is_warned_about_and_can_be_sent_all_the_same(
    resident: Client, bulletin: Snapshot
) -> None:
    text = "Le bureau est au 02 123 45 67."
    warned = send(resident, text)
    form = warned.context["form"]
    answer = resident.post(
        "/fr/canal-2026-3/feedback/",
        {"text": text, "opened": form["opened"].value(), "vouched": form["vouched"].value()},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert Feedback.objects.get().text == text


def test_one_address_is_slowed_down_and_another_is_not(resident: Client, bulletin: Snapshot) -> None:
    codes = [send(resident, f"Remarque {n}").status_code for n in range(limits.PER_ADDRESS + 1)]
    assert codes == [302] * limits.PER_ADDRESS + [429]
    resident.defaults["REMOTE_ADDR"] = "10.0.0.9"
    assert send(resident, "D'ailleurs").status_code == 302


def test_the_limits_keep_no_address_and_forget_within_the_hour() -> None:
    kept = limits.Limits()
    assert all(kept.allow("192.0.2.7", now=7200) for _ in range(limits.PER_ADDRESS))
    assert not kept.allow("192.0.2.7", now=7300)
    first = set(kept._counts)
    assert "192.0.2.7" not in repr(vars(kept))
    assert kept.allow("192.0.2.7", now=10800)
    assert not first & set(kept._counts), "the same address has another mark in the next hour"


def test_everybody_together_is_limited_too() -> None:
    kept = limits.Limits()
    allowed = [kept.allow(f"198.51.{n // 250}.{n % 250}", now=0) for n in range(limits.OVERALL + 1)]
    assert allowed == [True] * limits.OVERALL + [False]


def test_a_bulletin_is_read_in_both_languages(resident: Client, bulletin: Snapshot) -> None:
    french, dutch = (resident.get(f"/{code}/canal-2026-3/").content.decode() for code in ("fr", "nl"))
    assert "Canal, été 2026" in french
    assert 'hreflang="nl" href="/nl/canal-2026-3/"' in french
    assert "Kanaal, zomer 2026" in dutch
    assert "non affiché" in french
    assert "en retard" in french, "a promise past its day is late, whoever forgot to say so"
    assert resident.get("/en/canal-2026-3/").status_code == 404


def test_a_bulletin_that_was_withdrawn_says_so_and_takes_no_words(
    resident: Client, bulletin: Snapshot
) -> None:
    form = opened(resident)
    Snapshot.objects.update(withdrawn_on=date(2026, 11, 1))
    assert "canal" not in resident.get("/fr/").content.decode()
    answer = resident.get("/fr/canal-2026-3/")
    assert answer.status_code == 410
    assert "Deux lampes" not in answer.content.decode()
    resident.clock.shift(30)  # type: ignore[attr-defined]
    resident.post("/fr/canal-2026-3/feedback/", {"opened": form, "text": "Pourquoi ?"})
    assert not Feedback.objects.exists()

"""Searching: words by their stems, accents, phrases, beginnings; the index follows what is written."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from matrix_sara import manned

from vicus.web.accounts.models import User
from vicus.web.actions import services as actions
from vicus.web.hotspots.models import Hotspot
from vicus.web.knowledge import services as knowledge
from vicus.web.sara.models import Problem
from vicus.web.search import asking, index, queries, stems
from vicus.web.search.models import Document
from vicus.web.zone.models import Zone

pytestmark = pytest.mark.django_db
CARD = {
    "kind": "lesson", "language": "nl", "title": "Fietsendiefstal aan het station", "problem_types": ["theft"],
    "action_kinds": ["environment"], "done": "De rekken werden verplaatst en de sloten gecontroleerd.",
    "grade": "practice", "source": "Een actie van de zone.",
}  # fmt: skip


def titles(user: User, zone: Zone, words: str, language: str = "nl", **more: object) -> list[str]:
    return [str(hit.title) for hit in queries.find(user, zone, words, language, **more).hits]  # type: ignore[arg-type]


@pytest.fixture
def analyst(users: dict[str, User]) -> User:
    return users["analyst"]


def test_endings_and_accents_do_not_matter(zone: Zone, analyst: User) -> None:
    knowledge.write(zone=zone, values=CARD, actor="a test")
    french = CARD | {
        "language": "fr", "title": "Sécurité des écoles", "done": "Les réunions ont été élargies aux parents.",
    }  # fmt: skip
    knowledge.write(zone=zone, values=french, actor="a test")
    for words in ("rek verplaatsen", "REKKEN", "slot controle", "sloten"):
        found = titles(analyst, zone, words)
        assert any("station" in title for title in found) == (words != "slot controle"), words
    for words in ("securite ecole", "réunion élargie", "reunions parent", "Sécur"):
        assert any(
            "écoles" in title or "École" in title for title in map(plain, titles(analyst, zone, words))
        ), words


def plain(marked: str) -> str:
    return marked.replace("<mark>", "").replace("</mark>", "")


def test_a_question_in_one_language_is_answered_by_a_text_in_another(zone: Zone, analyst: User) -> None:
    knowledge.write(zone=zone, values=CARD | {"done": "Camera Kanaal"}, actor="a test")
    assert titles(analyst, zone, "cameras kanaal", "fr")


def test_a_phrase_stands_together_and_the_last_word_may_be_unfinished(zone: Zone, analyst: User) -> None:
    knowledge.write(zone=zone, values=CARD, actor="a test")
    assert titles(analyst, zone, '"sloten gecontroleerd"')
    assert not titles(analyst, zone, '"gecontroleerd sloten"')
    assert titles(analyst, zone, "fietsendief")
    assert not titles(analyst, zone, "fietsendief rekken")


def test_shipped_cards_are_found_once_in_the_language_of_the_reader(zone: Zone, analyst: User) -> None:
    for language, title in (("nl", "Betere straatverlichting"), ("fr", "Un meilleur éclairage public")):
        found = queries.find(analyst, zone, "New York", language, kind="card")
        assert [plain(str(hit.title)) for hit in found.hits] == [title]


def test_a_title_counts_more_than_the_text(zone: Zone, analyst: User) -> None:
    knowledge.write(zone=zone, values=CARD | {"title": "Iets", "done": "Zeemeermin"}, actor="a test")
    knowledge.write(zone=zone, values=CARD | {"title": "Zeemeermin", "done": "Iets"}, actor="a test")
    assert titles(analyst, zone, "zeemeermin")[0] == "<mark>Zeemeermin</mark>"


def test_the_index_follows_what_is_saved_changed_and_deleted(zone: Zone, users: dict[str, User]) -> None:
    manned(zone)
    user = users["direction"]
    hotspot = Hotspot.objects.get(zone=zone, number=1)
    problem = Problem.objects.create(hotspot=hotspot, number=1, title="Brommers", pattern="Lawaai.")
    assert titles(user, zone, "brommer") == ["<mark>Brommers</mark>"]
    problem.title = "Skateboards"
    problem.save()
    assert titles(user, zone, "brommers") == []
    assert titles(user, zone, "skateboard")
    problem.delete()
    assert titles(user, zone, "skateboard") == []
    assert not Document.objects.filter(source="sara.problem").exists()


def test_what_passed_the_signals_is_caught_up_with_and_a_rebuild_gives_the_same(
    zone: Zone, users: dict[str, User]
) -> None:
    manned(zone)
    hotspot = Hotspot.objects.get(zone=zone, number=1)
    Problem.objects.bulk_create([Problem(hotspot=hotspot, number=7, title="Zeemeermin", pattern="x")])
    assert not titles(users["direction"], zone, "zeemeermin")
    assert index.catch_up() == 1
    assert index.catch_up() == 0
    before = list(Document.objects.values_list("source", "object_id", "stems"))
    assert index.rebuild() == len(before)
    assert list(Document.objects.values_list("source", "object_id", "stems")) == before
    assert titles(users["direction"], zone, "zeemeermin")


def test_what_is_found_is_marked_and_safe_to_print(zone: Zone, analyst: User) -> None:
    nasty = CARD | {
        "title": "<b>Vet</b>",
        "done": "Lang " * 60 + "<script>alert(1)</script> zeemeermin & meer",
    }
    knowledge.write(zone=zone, values=nasty, actor="a test")
    hit = queries.find(analyst, zone, "zeemeermin vet", "nl").hits[0]
    assert hit.title == "&lt;b&gt;<mark>Vet</mark>&lt;/b&gt;"
    assert "<mark>zeemeermin</mark> &amp; meer" in hit.snippet
    assert "<script>" not in hit.snippet


@pytest.mark.parametrize(
    "asked",
    ['"', "'", "a:b*", "NEAR(", "-x", "AND OR NOT", "(", "%", "\\", "é", "d'", "*", '""', "~!@#$^&|<->:*"],
)
def test_whatever_is_typed_gets_an_answer(asked: str, zone: Zone, analyst: User) -> None:
    queries.find(analyst, zone, asked, "nl")
    queries.find(analyst, zone, f"straat {asked} licht", "fr")


def test_terms_are_stems_of_every_language_and_small_words_are_left_out() -> None:
    plural, begins = asking.terms("de diefstallen van fiets")
    assert ("diefstal",) in plural.rows
    assert begins.begins
    assert len(asking.terms("de van het")) == 3
    assert stems.language_of("Les vols dans la rue sont plus nombreux", "nl") == "fr"
    assert stems.language_of("Kanaal 12", "nl") == "nl"


def test_the_page_divides_by_kind_and_says_when_nothing_is_found(zone: Zone, client_for: object) -> None:
    client: Client = client_for("analyst")  # type: ignore[operator]
    address = reverse("search:page", args=[zone.slug])
    page = client.get(address, {"q": "éclairage"}, headers={"accept-language": "fr"})
    assert "<mark>" in page.content.decode()
    assert page.context["tabs"][1]["count"] >= 1
    assert 'value="éclairage"' in page.content.decode()
    empty = client.get(address, {"q": "zeemeerminnen"}).content.decode()
    assert 'class="empty"' in empty


def test_an_action_of_another_zone_is_not_found(
    zone: Zone, other_zone: Zone, make_user: object, users: dict[str, User]
) -> None:
    manned(zone)
    actions.plan(
        hotspot=Hotspot.objects.get(zone=zone, number=1), actor="a test", title="Zeemeermin", kind="prevention",
        lead="Zone", objective="x", mechanism="y", starts_on=date(2025, 1, 1), ends_on=date(2025, 2, 1),
    )  # fmt: skip
    stranger = make_user("direction", other_zone)  # type: ignore[operator]
    assert titles(users["direction"], zone, "zeemeermin")
    assert titles(stranger, zone, "zeemeermin") == []
    assert titles(stranger, other_zone, "zeemeermin") == []

"""Cards: those that come with the product, those a zone writes, and where they come up again."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from matrix_actions import actions
from matrix_knowledge import learned
from matrix_sara import written

from vicus.web.actions.models import Action
from vicus.web.audit.models import Record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.knowledge import queries, rules, services, shipped
from vicus.web.knowledge.models import Card
from vicus.web.sara.models import Problem
from vicus.web.zone.models import Zone

pytestmark = pytest.mark.django_db
VALUES = {
    "kind": Card.Kind.LESSON, "language": "en", "title": "Lamps on the square", "problem_types": ["fear"],
    "action_kinds": ["environment"], "done": "Eight lamps were mended.", "grade": Card.Grade.PRACTICE,
    "source": "An action of the zone.",
}  # fmt: skip


def test_every_shipped_card_is_whole_in_three_languages_and_carries_its_reference() -> None:
    cards = list(shipped.read())
    assert len(cards) >= 3 * 20
    for card in cards:
        card.clean_fields(exclude=["zone"])
        assert all((card.title, card.done, card.effect, card.mechanism, card.implementation)), card.code
        assert set(card.problem_types) <= set(rules.PROBLEM_TYPES)
        assert card.problem_types
        assert set(card.action_kinds) <= set(rules.ACTION_KINDS)
        assert any(year in card.source for year in map(str, range(1990, 2027))), card.code
    by_code = {card.code: set() for card in cards}
    for card in cards:
        by_code[card.code].add(card.language)
    assert all(languages == set(dict(settings.LANGUAGES)) for languages in by_code.values())


def test_figures_of_a_card_are_the_same_in_every_language() -> None:
    def figures(text: str) -> list[str]:
        return sorted("".join(c if c.isdigit() else " " for c in text).split())

    found: dict[str, list[list[str]]] = {}
    for card in shipped.read():
        found.setdefault(card.code, []).append(figures(f"{card.done} {card.effect}"))
    assert all(each == of[0] for of in found.values() for each in of), found


def test_kinds_of_action_are_those_of_actions() -> None:
    assert list(rules.ACTION_KINDS) == Action.Kind.values
    assert [str(word) for word in rules.ACTION_KINDS.values()] == [str(label) for label in Action.Kind.labels]


def test_shipped_cards_are_there_and_loading_them_again_changes_nothing() -> None:
    assert Card.objects.filter(zone=None).count() == len(list(shipped.read()))
    assert shipped.load() == 0
    Card.objects.filter(zone=None, code="cctv", language="nl").update(effect="Something else.")
    Card.objects.create(code="gone", language="nl", title="Gone", done="x", grade="weak", source="x")
    assert shipped.load() == 3
    assert shipped.load() == 0


def test_a_card_written_changed_taken_out_and_put_back_stands_in_the_trail(zone: Zone) -> None:
    card = services.write(zone=zone, values=VALUES, actor="a test")
    services.change(card=card, values={"done": "Nine lamps were mended."}, revision=1, actor="a test")
    services.take_out(card=card, actor="a test")
    assert card.pk not in queries.cards(zone).values_list("pk", flat=True)
    services.put_back(card=card, actor="a test")
    assert card.pk in queries.cards(zone).values_list("pk", flat=True)
    told = Record.objects.filter(object_type="knowledge.card").order_by("number")
    events = [entry.details["event"] for entry in told]
    assert events == ["card written", "card changed", "card taken out", "card put back"]


def test_two_who_change_a_card_at_once_meet(zone: Zone) -> None:
    card = services.write(zone=zone, values=VALUES, actor="one")
    services.change(card=card, values={"done": "Nine lamps."}, revision=1, actor="two")
    with pytest.raises(Met):
        services.change(card=card, values={"done": "Ten lamps."}, revision=1, actor="one")


def test_a_pattern_never_names_a_person_and_a_lesson_only_when_vouched_for(zone: Zone) -> None:
    named = VALUES | {"done": "Call 0475 12 34 56."}
    with pytest.raises(Suspected) as found:
        services.write(zone=zone, values=named, actor="a test")
    from vicus.incidents.freetext import fingerprint

    said = fingerprint(list(found.value.findings))
    assert services.write(zone=zone, values=named, actor="a test", vouched=said).vouched == said
    with pytest.raises(ValidationError):
        services.write(zone=zone, values=named | {"kind": "pattern"}, actor="a test", vouched=said)


def test_what_comes_with_the_product_is_not_changed(zone: Zone) -> None:
    with pytest.raises(ValidationError):
        services.change(
            card=Card.objects.filter(zone=None)[0], values={"done": "x"}, revision=0, actor="a test"
        )


def test_cards_come_up_by_type_of_problem_in_the_language_of_the_reader(zone: Zone) -> None:
    own = services.write(zone=zone, values=VALUES, actor="a test")
    near = queries.near(zone, problem_type="fear")
    assert len(near) == rules.NEAR
    assert near[0] == own
    assert {card.language for card in near[1:]} == {"en"}
    assert queries.near(zone) == []
    assert all("environment" in card.action_kinds for card in queries.near(zone, action_kind="environment"))


def test_the_list_is_chosen_from_by_its_address(zone: Zone, client_for: Callable[[str], Client]) -> None:
    client = client_for("analyst")
    page = client.get(reverse("knowledge:list", args=[zone.slug]), {"problem": "night", "language": "fr"})
    titles = [card["title"] for card in page.context["cards"]]
    assert "Bars et vie nocturne responsables" in titles
    assert "Caméras dans l’espace public" not in titles


def test_a_card_of_the_form_is_kept_and_one_that_met_another_is_not(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    client = client_for("hotspot_manager")
    page = client.post(reverse("knowledge:add", args=[zone.slug]), VALUES | {"revision": "0"})
    card = Card.objects.get(zone=zone)
    assert page.status_code == 302
    assert card.revision == 1
    address = reverse("knowledge:change", args=[zone.slug, card.pk])
    assert client.post(address, VALUES | {"done": "Nine.", "revision": "1"}).status_code == 302
    met = client.post(address, VALUES | {"done": "Ten.", "revision": "1"})
    assert met.status_code == 409
    assert "Nine." in met.content.decode()
    again = client.post(address, VALUES | {"done": "Ten.", "revision": met.context["revision_now"]})
    assert again.status_code == 302


def test_the_lesson_of_a_closed_action_becomes_one_card_with_one_click(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    learned(zone)
    client, action = client_for("analyst"), Action.objects.get(pk=41)
    page = client.get(reverse("actions:action", args=[zone.slug, 41])).content.decode()
    address = reverse("actions:make_card", args=[zone.slug, 41])
    assert address in page
    for _click in range(2):
        assert client.post(address).status_code == 302
    card = Card.objects.get(zone=zone)
    assert (card.kind, card.done, card.action_kinds) == ("lesson", action.lesson, [action.kind])
    again = client.get(reverse("actions:action", args=[zone.slug, 41])).content.decode()
    assert reverse("knowledge:card", args=[zone.slug, card.pk]) in again
    assert address not in again
    assert (
        reverse("actions:action", args=[zone.slug, 41])
        in client.get(reverse("knowledge:card", args=[zone.slug, card.pk])).content.decode()
    )


def test_cards_come_up_beside_a_problem_and_what_was_consulted_is_kept(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    written(zone)
    client, problem = client_for("hotspot_manager"), Problem.objects.get()
    change = reverse("sara:change_problem", args=[zone.slug, 1, 1])
    told = {
        "title": "Noise",
        "pattern": "At night.",
        "status": "open",
        "problem_type": "night",
        "revision": problem.revision,
    }
    assert client.post(change, told).status_code == 302
    page = client.get(reverse("sara:problem", args=[zone.slug, 1, 1]))
    assert [card["code"] for card in page.context["near"]] == ["responsible-bars", "third-party-policing"]
    consult = reverse("sara:consult", args=[zone.slug, 1, 1])
    assert client.post(consult, {"card": "responsible-bars"}).status_code == 302
    problem.refresh_from_db()
    assert problem.consulted == ["responsible-bars"]
    assert (
        Record.objects.filter(object_type="sara.problem", details_text__contains="card consulted").count()
        == 1
    )
    assert (
        client.get(reverse("knowledge:near", args=[zone.slug]), {"problem_type": "night"})
        .content.decode()
        .count("<li>")
        == 2
    )


def test_beside_a_plan_stand_cards_on_its_kind_of_action(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    actions(zone)
    change = client_for("hotspot_manager").get(reverse("actions:change", args=[zone.slug, 41]))
    assert len(change.context["near"]) == rules.NEAR
    assert {"enforcement"} <= set(
        Card.objects.get(code=change.context["near"][0]["code"], language="en").action_kinds
    )

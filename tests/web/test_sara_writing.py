"""A hotspot manager writes a month: texts save themselves, two that meet are both kept, entries say how sure they are."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import hotspot_places
import matrix_sara
import pytest
import sheets
from django.conf import settings
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import frozen, services, shape
from vicus.web.sara.models import Aside, Observation, Passage, Problem, Promise, Review, SaraSheet
from vicus.web.zone.models import Zone

SHEET = "/west/sheets/1/2025-10/"
NEXT = "/west/sheets/1/2025-11/"
WRITE = SHEET + "words/situation/"
FROM_SCRIPT = {"HTTP_HX_REQUEST": "true"}
OBSERVATION = {
    "text": "Glass on the pavement.", "source": "shopkeeper", "nature": "fact", "reliability": "reliable",
    "about": "defect", "seen_on": "2025-10-12", "tension_kind": "", "tension": "", "sentiment": "2", "revision": "0",
}  # fmt: skip
PROMISE = {
    "title": "Light at the passage", "objective": "Two lamps by 30 November.", "mechanism": "Seen from the street.",
    "expected": "Half as many thefts.", "due": "2025-11-30", "lead": "Commune", "problem": "", "revision": "0",
}  # fmt: skip
REVIEW = {
    "kept": "done", "why": "", "decision": "close", "confidence": "high", "outcome": "", "dose": "", "moved": "",
    "side_effects": "", "revision": "0",
}  # fmt: skip
PROBLEM = {
    "title": "Thefts from cars", "pattern": "On Friday evenings, at the car park.", "community": "yes",
    "community_why": "Told at two meetings.", "harm": "no", "status": "open", "revision": "0",
}  # fmt: skip


@pytest.fixture
def manager(zone: Zone, users: dict[str, User], client_for: Callable[[str], Client]) -> Client:
    matrix_sara.manned(zone)
    return client_for("hotspot_manager")


@pytest.fixture
def deputy(
    zone: Zone, manager: Client, make_user: Callable[..., User], sign_in: Callable[[User], Client]
) -> Client:
    user = make_user("hotspot_manager", zone, username="deputy")
    Hotspot.objects.filter(zone=zone, number=1).update(deputy=user)
    return sign_in(user)


def send(client: Client, text: str, revision: int, page: str = "one", **more: Any) -> Any:
    return client.post(WRITE, {"text": text, "revision": revision, "page": page, **more}, **FROM_SCRIPT)


def stored() -> str:
    return Passage.objects.get(key="situation").text


# --- texts --------------------------------------------------------------------------------------------------


def test_reading_a_sheet_makes_none(manager: Client) -> None:
    assert manager.get(SHEET).status_code == 200
    assert not SaraSheet.objects.exists()


def test_a_text_is_saved_while_it_is_written_and_the_trail_says_so_once(manager: Client) -> None:
    first = send(manager, "Calm", 0)
    assert 'name="revision" value="1"' in first.content.decode()
    send(manager, "Calm at night.", 1)
    assert stored() == "Calm at night."
    events = [
        r.details.get("event") for r in Record.objects.filter(object_type="sara.sheet").order_by("number")
    ]
    assert events == ["sheet opened", "text written"]


def test_without_scripts_the_button_saves_and_comes_back_to_the_text(manager: Client) -> None:
    answer = manager.post(WRITE, {"text": "Calm.", "revision": "0", "page": "one"})
    assert (answer.status_code, answer["Location"]) == (302, SHEET + "#passage-situation")
    assert stored() == "Calm."
    assert "Calm." in manager.get(SHEET).content.decode()


def test_two_people_who_write_the_same_text_lose_nothing_and_see_both(
    manager: Client, deputy: Client
) -> None:
    send(manager, "Calm at night.", 0, page="one")
    met = send(deputy, "Noise at noon.", 0, page="two")
    assert stored() == "Calm at night."
    assert Aside.objects.get().text == "Noise at noon."
    assert met["HX-Retarget"] == "#passage-situation"
    for page in (met, manager.get(SHEET), deputy.get(SHEET)):
        shown = page.content.decode()
        assert "Calm at night." in shown
        assert "Noise at noon." in shown


def test_the_same_without_scripts_is_told_with_both_texts(manager: Client, deputy: Client) -> None:
    manager.post(WRITE, {"text": "Calm at night.", "revision": "0", "page": "one"})
    answer = deputy.post(WRITE, {"text": "Noise at noon.", "revision": "0", "page": "two"})
    assert answer.status_code == 409
    assert "Calm at night." in answer.content.decode()
    assert "Noise at noon." in answer.content.decode()


def test_two_tabs_of_one_person_meet_too(manager: Client) -> None:
    send(manager, "From the first tab.", 0, page="one")
    send(manager, "From the second tab.", 0, page="two")
    send(manager, "From a third tab.", 0, page="three")
    assert stored() == "From the first tab."
    assert {aside.text for aside in Aside.objects.all()} == {"From the second tab.", "From a third tab."}


def test_a_page_whose_answer_was_lost_does_not_meet_itself(manager: Client) -> None:
    send(manager, "Calm", 0, page="one")
    send(manager, "Calm at night.", 0, page="one")
    assert stored() == "Calm at night."
    assert not Aside.objects.exists()


def test_a_text_that_gives_way_is_itself_kept(manager: Client, deputy: Client) -> None:
    send(manager, "Calm at night.", 0, page="one")
    send(deputy, "Noise at noon.", 0, page="two")
    aside = Aside.objects.get()
    deputy.post(f"{SHEET}aside/{aside.pk}/", {"choice": "take"})
    assert stored() == "Noise at noon."
    assert Aside.objects.get().text == "Calm at night."
    deputy.post(f"{SHEET}aside/{Aside.objects.get().pk}/", {"choice": "drop"})
    assert not Aside.objects.exists()
    assert stored() == "Noise at noon."


def test_two_texts_can_be_put_under_each_other(manager: Client, deputy: Client) -> None:
    send(manager, "Calm at night.", 0, page="one")
    send(deputy, "Noise at noon.", 0, page="two")
    address = f"{SHEET}aside/{Aside.objects.get().pk}/"
    assert deputy.post(address, {"choice": "burn"}).status_code == 404
    deputy.post(address, {"choice": "join"})
    assert stored() == "Calm at night.\n\nNoise at noon."
    assert not Aside.objects.exists()


def test_a_text_written_after_the_sheet_was_submitted_is_kept_beside_it(zone: Zone, manager: Client) -> None:
    sheets.frozen(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1), "submitted")
    answer = send(manager, "One more thing.", 1, page="late")
    assert stored() == "Calm at night."
    assert Aside.objects.get().text == "One more thing."
    assert "no longer a draft" in answer.content.decode()


def test_a_sheet_with_two_texts_that_met_is_not_submitted(
    manager: Client, deputy: Client, zone: Zone
) -> None:
    hotspot_places.facts(zone)
    send(manager, "Calm at night.", 0, page="one")
    send(deputy, "Noise at noon.", 0, page="two")
    manager.post(SHEET + "words/change/", {"text": "Fewer.", "revision": "0", "page": "one"})
    answer = manager.post(SHEET + "step/submit/")
    assert answer.status_code == 422
    assert "choose what stays" in answer.content.decode()


# --- entries ------------------------------------------------------------------------------------------------


def test_an_observation_is_kept_with_its_source_and_shown(manager: Client) -> None:
    assert manager.post(SHEET + "observation/add/", OBSERVATION).status_code == 302
    kept = Observation.objects.get()
    assert (kept.source, kept.nature, kept.reliability, kept.sentiment) == (
        "shopkeeper",
        "fact",
        "reliable",
        2,
    )
    shown = manager.get(SHEET).content.decode()
    assert "Glass on the pavement." in shown
    assert "shopkeeper" in shown
    assert Record.objects.filter(object_type="sara.observation", action="collection").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"nature": ""}, "nature"), ({"reliability": ""}, "reliability"), ({"source": ""}, "source"), ({"text": ""}, "text"),
     ({"tension_kind": "evidenced"}, "tension"), ({"tension": "4"}, "tension_kind"), ({"tension": "7"}, "tension"),
     ({"sentiment": "6"}, "sentiment"), ({"seen_on": "2999-01-01"}, "seen_on")],
)  # fmt: skip
def test_an_observation_that_lacks_something_is_not_kept(
    wrong: dict[str, str], field: str, manager: Client
) -> None:
    answer = manager.post(SHEET + "observation/add/", OBSERVATION | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Observation.objects.exists()
    assert "Glass on the pavement." in answer.content.decode() or field == "text"


def test_two_people_who_change_one_observation_see_what_the_other_saved(
    manager: Client, deputy: Client
) -> None:
    manager.post(SHEET + "observation/add/", OBSERVATION)
    address = f"{SHEET}observation/{Observation.objects.get().pk}/"
    manager.post(address, OBSERVATION | {"text": "Glass and cans.", "revision": "1"})
    met = deputy.post(address, OBSERVATION | {"text": "Glass and a needle.", "revision": "1"})
    assert met.status_code == 409
    assert "Glass and cans." in met.content.decode()
    assert "Glass and a needle." in met.content.decode()
    assert Observation.objects.get().text == "Glass and cans."
    assert (
        deputy.post(address, OBSERVATION | {"text": "Glass, cans, a needle.", "revision": "2"}).status_code
        == 302
    )
    assert Observation.objects.get().text == "Glass, cans, a needle."


def test_an_entry_of_a_submitted_sheet_stays_as_it_is(manager: Client, zone: Zone) -> None:
    manager.post(SHEET + "observation/add/", OBSERVATION)
    kept = Observation.objects.get()
    sheets.frozen(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1), "submitted")
    for address in (
        f"{SHEET}observation/{kept.pk}/",
        f"{SHEET}observation/{kept.pk}/remove/",
        SHEET + "promise/add/",
    ):
        assert manager.post(address, OBSERVATION | {"revision": "1"}).status_code == 403
    assert Observation.objects.get().text == kept.text


def test_a_promise_opens_the_next_sheet_until_something_is_said_of_it(manager: Client) -> None:
    manager.post(SHEET + "promise/add/", PROMISE)
    promise = Promise.objects.get()
    assert promise.title not in manager.get(SHEET).content.decode().split('id="figures"')[0]
    opened = manager.get(NEXT).content.decode()
    assert promise.title in opened.split('id="figures"')[0]
    answer = manager.post(f"{NEXT}review/add/?of={promise.pk}", REVIEW | {"kept": "partly"})
    assert answer.status_code == 422, "what was not wholly done says why"
    manager.post(
        f"{NEXT}review/add/?of={promise.pk}",
        REVIEW | {"kept": "partly", "why": "One lamp.", "decision": "continue"},
    )
    assert Review.objects.get().why == "One lamp."
    assert promise.title in manager.get("/west/sheets/1/2025-12/").content.decode().split('id="figures"')[0]
    review = Review.objects.get()
    manager.post(f"{NEXT}review/{review.pk}/", REVIEW | {"revision": "1"})
    assert promise.title not in manager.get("/west/sheets/1/2025-12/").content.decode()


def test_a_sheet_with_a_promise_left_open_is_not_submitted(manager: Client, zone: Zone) -> None:
    hotspot_places.facts(zone)
    manager.post("/west/sheets/1/2025-09/promise/add/", PROMISE | {"due": "2025-10-31"})
    for key in ("situation", "change"):
        manager.post(f"{SHEET}words/{key}/", {"text": "Calm.", "revision": "0", "page": "one"})
    assert manager.post(SHEET + "step/submit/").status_code == 422
    manager.post(f"{SHEET}review/add/?of={Promise.objects.get().pk}", REVIEW)
    assert manager.post(SHEET + "step/submit/").status_code == 302


def test_a_problem_keeps_its_tests_and_lives_across_months(manager: Client) -> None:
    assert manager.post("/west/sheets/1/problems/add/", PROBLEM).status_code == 302
    problem = Problem.objects.get()
    assert problem.answers["community"] is True
    assert problem.answers["harm"] is False
    assert problem.answers["events"] is None
    for month, words in (("2025-09", "More on Sundays."), ("2025-10", "Back to Fridays.")):
        answer = manager.post(
            f"/west/sheets/1/{month}/note/add/",
            {"problem": problem.pk, "changed": words, "standing": "open", "update": "", "revision": "0"},
        )
        assert answer.status_code == 302
    page = manager.get("/west/sheets/1/problems/1/").content.decode()
    for words in ("Told at two meetings.", "More on Sundays.", "Back to Fridays."):
        assert words in page


def test_a_problem_is_closed_with_a_reason(manager: Client) -> None:
    manager.post("/west/sheets/1/problems/add/", PROBLEM)
    change = "/west/sheets/1/problems/1/change/"
    assert manager.post(change, PROBLEM | {"status": "closed", "revision": "1"}).status_code == 422
    closed = PROBLEM | {"status": "closed", "outcome": "The car park has a gate.", "revision": "1"}
    assert manager.post(change, closed).status_code == 302
    assert Problem.objects.get().status == "closed"


def test_a_problem_of_another_hotspot_cannot_be_touched(manager: Client, zone: Zone) -> None:
    stranger = Problem.objects.create(
        hotspot=Hotspot.objects.get(zone=zone, number=2), number=1, title="Elsewhere", pattern="x"
    )
    data = {"problem": stranger.pk, "changed": "x", "standing": "open", "revision": "0"}
    assert manager.post(SHEET + "note/add/", data).status_code == 422


# --- figures ------------------------------------------------------------------------------------------------


def test_frozen_figures_come_back_as_they_were() -> None:
    figures = sheets.figures(date(2025, 10, 1))
    again = frozen.thaw(figures.as_dict())
    assert again == figures
    assert (again.hour_of_week == figures.hour_of_week).all()


def test_figures_of_a_submitted_sheet_do_not_follow_the_data(
    manager: Client, zone: Zone, users: dict[str, User]
) -> None:
    hotspot_places.facts(zone)
    sheet = sheets.draft(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1))
    sheets.write(sheet)
    services.step(sheet=sheet, name="submit", actor=users["hotspot_manager"])
    before = manager.get(SHEET).context["shown"]["measures"][0]["value"]
    shutil.rmtree(Path(settings.STORE_ROOT) / zone.slug)
    context = manager.get(SHEET).context
    assert context["shown"]["frozen"]
    assert context["shown"]["measures"][0]["value"] == before == 24
    assert "frozen" in " ".join(map(str, context["shown"]["series"]["method"]["paragraphs"]))


def test_the_paper_of_a_sheet_asks_what_for_and_is_drawn_from_what_was_frozen(
    manager: Client, zone: Zone, users: dict[str, User]
) -> None:
    hotspot_places.facts(zone)
    sheet = sheets.draft(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1))
    sheets.write(sheet)
    assert manager.get(SHEET + "sheet.pdf").status_code == 404, "a draft has no paper"
    services.step(sheet=sheet, name="submit", actor=users["hotspot_manager"])
    manager.post(SHEET + "sheet.pdf", {"door_reason": "Meeting of the platform", "door_recipient": "Commune"})
    paper = manager.get(SHEET + "sheet.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    told = Record.objects.get(object_type="sara.paper")
    assert (told.action, told.reason, told.recipient) == ("disclosure", "Meeting of the platform", "Commune")


def test_the_mayors_office_reads_a_validated_sheet_without_the_names_of_its_writers(
    manager: Client, zone: Zone, users: dict[str, User], client_for: Callable[[str], Client]
) -> None:
    manager.post(SHEET + "observation/add/", OBSERVATION)
    sheets.frozen(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1), "validated")
    name = str(users["hotspot_manager"])
    assert name in manager.get(SHEET).content.decode().split('id="seen"')[1]
    shown = client_for("mayor").get(SHEET).content.decode()
    assert "Glass on the pavement." in shown
    assert name not in shown


# --- the shape ----------------------------------------------------------------------------------------------


def test_every_field_of_the_table_has_a_place_in_its_record() -> None:
    for kind in shape.KINDS.values():
        names = {field.name for field in kind.model._meta.get_fields()}
        for field in kind.fields:
            assert (field.within or field.key) in names, f"{kind.key}.{field.key}"


def test_the_list_says_what_waits_for_whom(
    zone: Zone, manager: Client, client_for: Callable[[str], Client]
) -> None:
    hotspot_places.facts(zone)
    head = client_for("division_head")
    assert [line["url"] for line in manager.get("/west/sheets/").context["waiting"]] == [SHEET]
    assert head.get("/west/sheets/").context["waiting"] == []
    sheets.frozen(Hotspot.objects.get(zone=zone, number=1), date(2025, 10, 1), "submitted")
    assert manager.get("/west/sheets/").context["waiting"] == []
    assert [line["url"] for line in head.get("/west/sheets/").context["waiting"]] == [SHEET]

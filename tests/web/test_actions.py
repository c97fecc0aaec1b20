"""Actions on the site: planned, begun, judged; what was fixed stays fixed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import action_stories
import hotspot_places
import pytest
import time_machine
from django.test import Client

from vicus.web.accounts.models import User
from vicus.web.actions import assessing, designing, services
from vicus.web.actions.models import Action, Assessment, AssessmentIsFixed, Design, DesignIsFixed
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.queries import hotspots
from vicus.web.zone.models import Zone

FORM = {
    "title": "Evening presence", "kind": "enforcement", "lead": "Police zone", "objective": "A quarter fewer",
    "mechanism": "Being seen", "starts_on": "2025-11-10", "ends_on": "2026-04-30", "visits_a_week": "3", "minutes": "30",
    "days": ["4", "5"], "from_hour": "18", "to_hour": "2",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2025-11-06T09:00:00Z", tick=False):
        yield


@pytest.fixture
def places(zone: Zone, users: dict[str, User]) -> Zone:
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    Hotspot.objects.filter(number__in=(1, 2)).update(manager=users["hotspot_manager"])
    return zone


@pytest.fixture
def manager(places: Zone, hotspot_manager: Client) -> Client:
    return hotspot_manager


def planned(client: Client, places: Zone, **changes: Any) -> Action:
    form = {**FORM, "hotspot": Hotspot.objects.get(zone=places, number=1).pk, **changes}
    answer = client.post("/west/actions/new/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    return Action.objects.select_related("hotspot__zone", "design").latest("pk")


def test_an_action_is_planned_and_stands_on_the_board_with_its_design(manager: Client, places: Zone) -> None:
    action = planned(manager, places)
    assert (action.state, action.days, action.from_hour) == ("planned", [4, 5], 18)
    board = manager.get("/west/actions/")
    assert [len(c["cards"]) for c in board.context["columns"]] == [1, 0, 0, 0]
    page = manager.get(f"/west/actions/{action.pk}/").content.decode()
    assert "3 visits of 30 minutes a week, Friday and Saturday" in page
    assert "months would only show a drop of more than" in page
    assert action.design.figures["numbers"] == [2, 3, 4]
    assert action.design.frozen_on is None


def test_the_board_is_filtered_by_hotspot_lead_and_what_is_due(manager: Client, places: Zone) -> None:
    planned(manager, places)
    planned(manager, places, lead="Commune", starts_on="2025-11-03", title="Late one")
    planned(manager, places, hotspot=Hotspot.objects.get(zone=places, number=2).pk, starts_on="2026-03-01")

    def shown(query: str) -> set[str]:
        columns = manager.get(f"/west/actions/?{query}").context["columns"]
        return {
            card["action"].lead + str(card["action"].hotspot.number) for c in columns for card in c["cards"]
        }

    assert shown("") == {"Police zone1", "Commune1", "Police zone2"}
    assert shown("hotspot=2") == {"Police zone2"}
    assert shown("lead=Commune") == {"Commune1"}
    assert shown("due=overdue") == {"Commune1"}
    assert shown("due=soon") == {"Police zone1"}

    # What ended long ago leaves the board, not the zone.
    Action.objects.filter(lead="Commune").update(state="done", closed_on="2025-07-31")
    assert shown("") == {"Police zone1", "Police zone2"}
    assert shown("ended=all") == {"Police zone1", "Commune1", "Police zone2"}
    Action.objects.filter(lead="Commune").update(closed_on="2025-08-01")
    assert shown("") == {"Police zone1", "Commune1", "Police zone2"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2025-11-01"}, "ends_on"),
        ({"minutes": ""}, "minutes"),
        ({"outcome_name": "facts"}, "outcome_name"),
        ({"mechanism": ""}, "mechanism"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_with_its_field(
    manager: Client, places: Zone, changes: dict[str, str], field: str
) -> None:
    form = {**FORM, "hotspot": Hotspot.objects.get(zone=places, number=1).pk, **changes}
    answer = manager.post("/west/actions/new/", form)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert not Action.objects.exists()


def test_no_action_is_planned_in_the_hotspot_of_another(manager: Client, places: Zone) -> None:
    form = {**FORM, "hotspot": Hotspot.objects.get(zone=places, number=3).pk}
    assert manager.post("/west/actions/new/", form).status_code == 422


def test_the_design_changes_with_a_reason_only_and_is_fixed_at_the_start(
    manager: Client, places: Zone
) -> None:
    action = planned(manager, places, starts_on="2025-11-06")
    address, form = (
        f"/west/actions/{action.pk}/design/",
        {"months_before": "12", "months_after": "6", "chosen": ["3"]},
    )
    assert manager.post(address, form).status_code == 422
    assert manager.post(address, {**form, "reason": "Same kind of street"}).status_code == 302
    assert Record.objects.filter(reason="Same kind of street").count() == 1
    manager.post(f"/west/actions/{action.pk}/step/start/")
    design = Design.objects.get(action=action)
    assert (design.frozen_on, design.figures["numbers"]) == (date(2025, 11, 6), [3])
    assert design.figures["after_from"] == "2025-12-01", "a month begun halfway is in neither window"
    assert design.figures["before_to"] == "2025-11-01"
    assert manager.post(address, {**form, "reason": "Later thoughts"}).status_code == 403
    design.months_after = 1
    with pytest.raises(DesignIsFixed):
        design.save()
    with pytest.raises(DesignIsFixed):
        Design.objects.update(months_after=1)
    assert manager.post(f"/west/actions/{action.pk}/change/", FORM).status_code == 403


def test_the_map_of_a_design_shows_what_is_compared_and_why(manager: Client, places: Zone) -> None:
    action_stories.plan(places, 2, starts_on=date(2025, 11, 8))
    action = planned(manager, places)
    figure = manager.get(f"/west/actions/{action.pk}/design/").context["compared"]
    rows = [[str(cell) for cell in row["cells"]] for row in figure["table"]["rows"]]
    assert [(row[0].split()[0], row[1]) for row in rows] == [
        ("1", "the place of the action"), ("3", "compared with"), ("4", "compared with"), ("2", "left out"),
    ]  # fmt: skip
    assert "an action of its own" in rows[3][2]
    assert "chance" in rows[1][2]
    assert str(figure["picture"]).count("<path") >= 5, "four outlines and the ring"
    assert "eocoding" in figure["measured"], "R21"


def test_the_design_rests_on_what_was_known_that_day(places: Zone) -> None:
    action = action_stories.plan(places, starts_on=date(2025, 7, 1))
    design = designing.prepare(action=action, hotspots=hotspots(places), on=date(2025, 7, 1), actor="a test")
    assert design.figures == {"why": "no facts"}, "the facts were imported in November"


def test_places_with_an_action_of_their_own_are_no_comparison(places: Zone) -> None:
    action_stories.plan(places, 2, starts_on=date(2025, 8, 1))
    action = action_stories.plan(places, 1, starts_on=date(2025, 11, 6), ends_on=date(2026, 5, 1))
    design = designing.prepare(action=action, hotspots=hotspots(places), on=date(2025, 11, 6), actor="a test")
    assert design.figures["numbers"] == [3, 4]
    assert design.figures["left_out"] == {"2": "an action of its own"}


@pytest.fixture
def begun(places: Zone) -> Action:
    """An action begun in July, designed with what was known in November: the facts of the test were imported then."""
    action, places_now = action_stories.plan(places), hotspots(places)
    on = date(2025, 11, 6)
    design = designing.prepare(action=action, hotspots=places_now, on=on, actor="a test", months_after=3)
    Action.objects.filter(pk=action.pk).update(begun_on=action_stories.START, state="running")
    action = Action.objects.select_related("hotspot__zone").get(pk=action.pk)
    design.action = action
    design.figures, design.frozen_on = (
        designing.work_out(action, design, places_now, on=on),
        action_stories.START,
    )
    design.save()
    return Action.objects.select_related("hotspot__zone", "design").get(pk=action.pk)


def test_the_result_compares_whole_months_with_those_before(begun: Action, places: Zone) -> None:
    (judged,) = assessing.of_zone(places, hotspots(places), [begun])
    assert judged.found.months == (12, 3)
    assert judged.found.complete
    inside = judged.found.effects["inside"]
    assert inside.low < inside.change < inside.high
    assert judged.tests == 1, "nothing was registered around this perimeter"


ANSWERS = {f"{name}_answer": "no" for name in ("season", "recording", "actions", "works")}
DECISION = {
    "confidence": "low",
    "decision": "stop",
    "why": "No change to be seen",
    "decided_by": "zone direction",
}


def test_an_assessment_answers_other_explanations_and_ends_an_action_that_stops(
    begun: Action, client_for: Callable[[str], Client]
) -> None:
    client, address = client_for("direction"), f"/west/actions/{begun.pk}/assess/"
    assert client.post(address, DECISION).status_code == 422, "every other explanation is answered"
    assert client.post(address, {**DECISION, **ANSWERS, "works_answer": "likely"}).status_code == 302
    kept = Assessment.objects.get()
    assert kept.rivals["works"] == {"answer": "likely", "why": ""}
    assert kept.result["effects"]["inside"]["verdict"] in ("fewer", "more", "no clear change")
    assert Action.objects.get(pk=begun.pk).state == "done"
    kept.why = "Second thoughts"
    with pytest.raises(AssessmentIsFixed):
        kept.save()


def test_facts_discovered_by_the_police_are_not_in_the_result(begun: Action, places: Zone) -> None:
    """R14: hotspot 1 has one discovered fact a month in the made-up data, and they are counted apart."""
    (judged,) = assessing.of_zone(places, hotspots(places), [begun])
    assert judged.found.discovered == (12, 3)
    reported = judged.found.series
    assert reported is not None
    rows = [row for row in hotspot_places.table().to_pylist() if row["id"].startswith("1-202507-")]
    assert reported.inside[1][12] == sum(row["source"] == "reported" for row in rows)


def test_a_lesson_can_still_be_written_when_the_plan_is_fixed(begun: Action) -> None:
    services.change(action=begun, actor="a test", lesson="Start earlier in the evening")
    assert Action.objects.get(pk=begun.pk).lesson == "Start earlier in the evening"
    with pytest.raises(Exception, match="fixed"):
        services.change(action=begun, actor="a test", objective="Whatever came of it")


def test_a_lesson_leaves_the_state_that_was_taken_meanwhile(begun: Action) -> None:
    opened = Action.objects.get(pk=begun.pk)
    services.take(
        action=begun, code="block", on=begun.starts_on, hotspots=[], actor="a test", blocker="budget",
        note="No money before January",
    )  # fmt: skip
    services.change(action=opened, actor="a test", lesson="Start earlier in the evening")
    kept = Action.objects.get(pk=begun.pk)
    assert (kept.state, kept.lesson) == (Action.State.BLOCKED, "Start earlier in the evening")


def test_closing_an_action_asks_for_its_lesson(begun: Action, hotspot_manager: Client) -> None:
    answer = hotspot_manager.post(f"/west/actions/{begun.pk}/step/finish/")
    address = f"/west/actions/{begun.pk}/lesson/"
    assert answer["Location"] == address
    refused = hotspot_manager.post(address, {"lesson": "Ring 0470 12 34 56 first"})
    assert refused.status_code == 422, "R17"
    assert hotspot_manager.post(address, {"lesson": "Start earlier in the evening"}).status_code == 302
    assert (
        "Start earlier in the evening" in hotspot_manager.get(f"/west/actions/{begun.pk}/").content.decode()
    )


def test_the_table_is_sorted_by_its_address_and_its_file_holds_the_same(
    manager: Client, places: Zone
) -> None:
    planned(manager, places, title="Beta", starts_on="2025-12-01")
    planned(manager, places, title="alpha", lead="Commune")
    planned(manager, places, title="Gamma", starts_on="2026-01-01", minutes="", visits_a_week="")

    def shown(query: str) -> list[str]:
        table = manager.get(f"/west/actions/?{query}").context["table"]
        return [str(row["cells"][0]) for row in table["rows"]]

    assert shown("sort=action") == ["alpha", "Beta", "Gamma"]
    assert shown("sort=-start") == ["Gamma", "Beta", "alpha"]
    assert shown("sort=lead&lead=Commune") == ["alpha"]
    assert shown("sort=nonsense") == shown("")
    table = manager.get("/west/actions/?lead=Police+zone&sort=-start").context["table"]
    url = table["downloads"][0]["url"]
    assert url == "/west/actions/list.csv?lead=Police+zone&sort=-start"
    assert manager.get(url).status_code == 403, "no file without a reason"
    given = {"door_reason": "for the monthly meeting", "door_recipient": "the mayor's office"}
    back = manager.post(url, given)
    assert back["Location"] == "/west/actions/?lead=Police+zone"
    file = manager.get(url).content.decode("utf-8-sig")
    assert "for the monthly meeting" in file
    assert file.index("Gamma") < file.index("Beta")
    assert "alpha" not in file, "the file holds what was chosen"
    kept = Record.objects.get(action="disclosure")
    assert (kept.object_type, kept.recipient) == ("actions.list", "the mayor's office")
    assert kept.details["lead"] == "Police zone"


def test_nobody_of_another_zone_finds_an_action(
    begun: Action, other_zone: Zone, make_user: Callable[..., User], sign_in: Callable[[User], Client]
) -> None:
    stranger = sign_in(make_user("direction", other_zone))
    for address in ("", f"{begun.pk}/", "evaluations/"):
        assert stranger.get(f"/west/actions/{address}").status_code == 404
    assert stranger.get(f"/east/actions/{begun.pk}/").status_code == 404
    assert "Evening presence" not in stranger.get("/east/actions/").content.decode()

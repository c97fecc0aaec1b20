"""Every transition of a sheet, tried by every role in every state: the table of `rules` is what happens."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import hotspot_places
import matrix_sara
import pytest
import sheets
from django.core.exceptions import ValidationError
from django.test import Client
from undoing import undone

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import rules, services
from vicus.web.sara.models import SaraSheet, Step
from vicus.web.sara.rules import TRANSITIONS, Transition
from vicus.web.zone.models import Zone

MONTH = date(2025, 10, 1)
STATES = list(SaraSheet.State)
# Who holds which part on hotspot 1, as `matrix_sara.manned` gives it out.
PARTS = {"writer": "hotspot_manager", "validator": "division_head"}


@pytest.fixture
def town(zone: Zone, users: dict[str, User]) -> Zone:
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    matrix_sara.manned(zone)
    return zone


def in_state(zone: Zone, state: str, number: int = 1) -> SaraSheet:
    hotspot = Hotspot.objects.get(zone=zone, number=number)
    if state != "draft":
        return sheets.frozen(hotspot, MONTH, state)
    sheet = sheets.draft(hotspot, MONTH)
    sheets.write(sheet)
    return sheet


def address(transition: Transition, number: int = 1) -> str:
    return f"/west/sheets/{number}/2025-10/step/{transition.name}/"


def test_the_page_and_the_picture_in_the_documentation_are_drawn_from_the_table() -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "sheet_states.py"
    asked = subprocess.run([sys.executable, script, "check"], capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout + asked.stderr


def test_the_table_is_whole() -> None:
    names = [t.name for t in TRANSITIONS]
    assert len(names) == len(set(names))
    assert {need for t in TRANSITIONS for need in t.needs} <= set(rules.CONDITIONS)
    reached, todo = set(), [SaraSheet.State.DRAFT]
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo += [t.after for t in TRANSITIONS if t.before == state]
    assert reached == set(STATES), "every state can be reached from a draft"


def test_a_transition_is_made_by_the_role_that_the_table_names_and_by_no_other(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    clients = {role: client_for(role) for role in ROLES}
    for transition in TRANSITIONS:
        for role, client in clients.items():
            with undone():
                sheet = in_state(town, transition.before)
                answer = client.post(address(transition), {"comment": "Look at the hours again."})
                sheet.refresh_from_db()
                made, named = sheet.state == transition.after, role == PARTS[transition.who]
                assert (made, answer.status_code == 302) == (named, named), (transition.name, role)
                assert named or (answer.status_code in (403, 404) and sheet.state == transition.before)


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda t: t.name)
def test_a_transition_starts_from_its_own_state_only(
    transition: Transition, town: Zone, users: dict[str, User]
) -> None:
    actor = users[PARTS[transition.who]]
    for state in STATES:
        with undone():
            sheet = in_state(town, state)
            if state == transition.before:
                services.step(sheet=sheet, name=transition.name, actor=actor, comment="Because.")
                sheet.refresh_from_db()
                assert sheet.state == transition.after
            else:
                with pytest.raises(ValidationError, match="no longer in the state"):
                    services.step(sheet=sheet, name=transition.name, actor=actor, comment="Because.")


def test_nobody_passes_a_sheet_of_a_hotspot_that_is_not_theirs(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    clients = {who: client_for(role) for who, role in PARTS.items()}
    for transition in TRANSITIONS:
        with undone():
            # Hotspot 4 lies in another commune and has no manager.
            sheet = in_state(town, transition.before, number=4)
            answer = clients[transition.who].post(address(transition, number=4), {"comment": "x y z"})
            sheet.refresh_from_db()
            assert (answer.status_code, sheet.state) == (404, transition.before), transition.name


def test_each_step_is_kept_and_stands_in_the_audit_trail(town: Zone, users: dict[str, User]) -> None:
    for transition in TRANSITIONS:
        with undone():
            actor, sheet = users[PARTS[transition.who]], in_state(town, transition.before)
            services.step(sheet=sheet, name=transition.name, actor=actor, comment="Because.")
            step = Step.objects.get()
            assert (step.before, step.after, step.by) == (transition.before, transition.after, actor)
            entry = Record.objects.filter(object_type="sara.sheet").first()
            assert entry is not None
            assert (entry.object_id, entry.details["event"]) == ("1 2025-10", f"sheet: {transition.name}")


def test_a_sheet_is_returned_with_a_comment_or_not_at_all(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    sheet = in_state(town, "submitted")
    head = client_for("division_head")
    assert head.post(address(rules.BY_NAME["return"]), {"comment": " "}).status_code == 422
    head.post(address(rules.BY_NAME["return"]), {"comment": "Which hours?"})
    page = client_for("hotspot_manager").get("/west/sheets/1/2025-10/").content.decode()
    sheet.refresh_from_db()
    assert sheet.state == "draft"
    assert "Which hours?" in page


def test_submitting_freezes_figures_and_versions_and_a_return_lets_them_go(
    town: Zone, users: dict[str, User]
) -> None:
    sheet = in_state(town, "draft")
    services.step(sheet=sheet, name="submit", actor=users["hotspot_manager"])
    sheet.refresh_from_db()
    assert sheet.figures is not None
    assert sheet.figures["this_month"]["n"] == 24
    assert sheet.perimeter == Hotspot.objects.get(number=1).perimeters.get()
    assert sheet.software
    assert sheet.geocoding_rate == sheet.figures["quality"]["geocoding_rate"]
    version = sheet.data_version
    assert version is not None
    services.step(sheet=sheet, name="return", actor=users["division_head"], comment="Again.")
    sheet.refresh_from_db()
    assert (sheet.figures, sheet.data_version, sheet.perimeter, sheet.software) == (None, None, None, "")


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        ({}, "not all written"),
        ({"situation": "Calm."}, "not all written"),
        ({"situation": " ", "change": "x"}, "not all"),
    ],
)
def test_an_unwritten_sheet_is_not_submitted(
    texts: dict[str, str], missing: str, town: Zone, users: dict[str, User]
) -> None:
    sheet = sheets.draft(Hotspot.objects.get(zone=town, number=1), MONTH)
    if texts:
        sheets.write(sheet, **texts)
    with pytest.raises(ValidationError, match=missing):
        services.step(sheet=sheet, name="submit", actor=users["hotspot_manager"])


def test_a_month_that_the_data_do_not_cover_is_not_submitted(town: Zone, users: dict[str, User]) -> None:
    sheet = sheets.draft(Hotspot.objects.get(zone=town, number=1), date(2025, 11, 1))
    sheets.write(sheet)
    with pytest.raises(ValidationError, match="no figures to freeze"):
        services.step(sheet=sheet, name="submit", actor=users["hotspot_manager"])


@pytest.mark.parametrize(("rate", "state"), [(0.86, "validated"), (0.84, "submitted"), (None, "submitted")])
def test_a_sheet_on_badly_located_facts_is_not_validated(
    rate: float | None, state: str, town: Zone, client_for: Callable[[str], Client]
) -> None:
    sheet = sheets.frozen(Hotspot.objects.get(zone=town, number=1), MONTH, "submitted", rate=rate)
    head = client_for("division_head")
    page = head.get("/west/sheets/1/2025-10/").content.decode()
    head.post(address(rules.BY_NAME["validate"]))
    sheet.refresh_from_db()
    assert sheet.state == state
    assert ("Too few facts have a place (under 85%)" in page) == (state == "submitted")

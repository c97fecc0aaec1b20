"""Imports on the site: a file is received, checked, imported or refused, and nothing is lost on the way."""

from __future__ import annotations

import html
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vicus.web.audit.models import Action, Record
from vicus.web.audit.services import verify
from vicus.web.facts import receiving, rules, services
from vicus.web.facts.models import Category, Import, SavedMapping
from vicus.web.zone.models import Zone

MAPPING = """
name = "ours"
[columns]
id = "id"
category = "kind"
occurred_from = "date"
[dates]
formats = ["%Y-%m-%d %H:%M"]
timezone = "Europe/Brussels"
[[location]]
x = "x"
y = "y"
crs = "EPSG:31370"
"""

ROWS = """id,kind,date,x,y
A1,BIKE,2026-01-03 10:00,147000,171000
A2,SHOP,2026-01-04 11:00,147100,171100
A3,SHOP,not a date,147100,171100
A4,BIKE,2026-01-05 12:00,,
"""


def upload(text: str = ROWS, name: str = "facts.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


@pytest.fixture
def mapping(zone: Zone) -> SavedMapping:
    return SavedMapping.objects.create(zone=zone, name="ours", text=MAPPING)


@pytest.fixture
def send(analyst: Client, zone: Zone, mapping: SavedMapping) -> Any:
    """send("text"): the file is sent, and the import it became is given back."""

    def send(text: str = ROWS, **fields: Any) -> Import:
        data = {"file": upload(text, fields.pop("name", "facts.csv")), "mapping": "ours", **fields}
        response = analyst.post(reverse("facts:receive", args=[zone.slug]), data)
        assert response.status_code == 302, response.content.decode()
        return Import.objects.latest("pk")

    return send


def take(client: Client, received: Import, step: str, capture: Any) -> Import:
    with capture(execute=True):
        client.post(reverse("facts:step", args=[received.zone.slug, received.pk]), {"step": step})
    received.refresh_from_db()
    return received


def page(client: Client, received: Import) -> str:
    return client.get(reverse("facts:import", args=[received.zone.slug, received.pk])).content.decode()


def test_a_file_is_shown_with_its_first_rows_before_anything_is_imported(
    analyst: Client, send: Any, zone: Zone
) -> None:
    received = send()
    assert received.state == Import.State.RECEIVED
    text = page(analyst, received)
    assert "A2" in text
    assert "First rows of the file" in text
    assert services.open_store(zone).version().rows == 0


def test_checking_says_what_would_be_refused_and_changes_nothing(
    analyst: Client, send: Any, zone: Zone, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    assert received.state == Import.State.CHECKED
    assert received.report["rejected"] == {"bad_date": 1}
    assert received.report["warnings"]["no_location"] == 1
    assert services.open_store(zone).version().rows == 0
    assert "The date cannot be read" in page(analyst, received)


def test_checking_says_how_many_facts_are_new_corrected_and_known_already(
    analyst: Client, send: Any, zone: Zone, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    assert "3 facts would be new, 0 would be corrected, 0 are known already." in page(analyst, received)
    take(analyst, received, "import", django_capture_on_commit_callbacks)
    more = ROWS.replace("A2,SHOP", "A2,BIKE") + "A9,BIKE,2026-01-09 12:00,147000,171000\n"
    received = take(analyst, send(more), "check", django_capture_on_commit_callbacks)
    assert "1 facts would be new, 1 would be corrected, 2 are known already." in page(analyst, received)
    assert services.open_store(zone).version().rows == 3
    # The list of files names only what was really added.
    listed = analyst.get(reverse("facts:imports", args=[zone.slug])).context["table"]["rows"]
    assert [row["cells"][3]["value"] for row in listed] == [None, 3]


def test_checking_warns_when_nobody_says_who_noticed_the_facts(
    analyst: Client, send: Any, zone: Zone, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    assert "3 of 3 rows do not say whether the public reported" in page(analyst, received)
    SavedMapping.objects.update(text=MAPPING + '[source]\ndefault = "reported"\n')
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    assert "do not say whether the public reported" not in page(analyst, received)


def test_the_first_rows_do_not_show_a_column_that_looks_like_persons_though_the_mapping_vouches_for_it(
    analyst: Client, send: Any
) -> None:
    SavedMapping.objects.update(text=MAPPING + '[no_persons]\nphone = "switchboard of the shop"\n')
    text = "id,kind,date,x,y,phone\nA1,BIKE,2026-01-03 10:00,147000,171000,02 555 12 12\n"
    shown = page(analyst, send(text))
    assert "147000" in shown
    assert "phone" in shown
    assert "02 555 12 12" not in shown
    assert "not shown" in shown


def test_importing_brings_the_facts_in_and_the_same_file_again_changes_nothing(
    analyst: Client, send: Any, zone: Zone, django_capture_on_commit_callbacks: Any
) -> None:
    for added in (3, 0):
        received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
        received = take(analyst, received, "import", django_capture_on_commit_callbacks)
        assert received.state == Import.State.IMPORTED
        assert received.report["added"] == added
    assert services.open_store(zone).version().rows == 3
    imports = Record.objects.filter(object_type="facts.import", details_text__contains='"added"')
    assert imports.count() == 2
    assert verify().whole


def test_a_file_cannot_be_imported_before_it_was_checked(
    analyst: Client, send: Any, zone: Zone, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "import", django_capture_on_commit_callbacks)
    assert received.state == Import.State.RECEIVED
    assert services.open_store(zone).version().rows == 0


def test_a_changed_mapping_is_checked_anew(
    analyst: Client, send: Any, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    broken = MAPPING.replace('category = "kind"', 'category = "nothing of the kind"')
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(reverse("facts:import", args=[received.zone.slug, received.pk]), {"text": broken})
    received.refresh_from_db()
    assert received.state == Import.State.FAILED
    assert "nothing of the kind" in received.message
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(
            reverse("facts:import", args=[received.zone.slug, received.pk]),
            {"text": MAPPING, "name": "for next time"},
        )
    received.refresh_from_db()
    assert received.state == Import.State.CHECKED
    assert SavedMapping.objects.filter(name="for next time").exists()


def test_a_mapping_that_is_no_toml_is_kept_on_the_page_with_the_reason(analyst: Client, send: Any) -> None:
    received = send()
    response = analyst.post(
        reverse("facts:import", args=[received.zone.slug, received.pk]), {"text": "not toml ["}
    )
    assert response.status_code == 422
    assert "not toml [" in response.content.decode()


def test_a_file_with_persons_is_refused_and_not_kept(
    analyst: Client, zone: Zone, mapping: SavedMapping, vicus_home: Path
) -> None:
    text = "id,kind,date,rijksregisternummer\nA1,BIKE,2026-01-03 10:00,x\n"
    response = analyst.post(reverse("facts:receive", args=[zone.slug]), {"file": upload(text), "mapping": ""})
    assert response.status_code == 422
    assert "rijksregisternummer" in response.content.decode()
    assert not list((vicus_home / "files").rglob("*.csv"))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "rijksregisternummer: de kolomkop noemt het rijksregisternummer"),
        ("fr", "désigne le numéro national"),
    ],
)
def test_a_refused_file_is_told_in_the_language_of_the_reader(
    analyst: Client, zone: Zone, language: str, sentence: str
) -> None:
    text = "id,kind,date,rijksregisternummer\nA1,BIKE,2026-01-03 10:00,x\n"
    analyst.cookies["vicus_language"] = language
    response = analyst.post(reverse("facts:receive", args=[zone.slug]), {"file": upload(text), "mapping": ""})
    told = html.unescape(response.content.decode())
    assert sentence in told
    assert "look like persons" not in told
    # What was written down by one reader is told to the next in his own language.
    analyst.cookies["vicus_language"] = "en"
    assert "the header names the national number" in page(analyst, Import.objects.latest("pk"))


@pytest.mark.parametrize(
    ("language", "reason", "note"),
    [
        ("nl", "De datum kan niet worden gelezen", "Tekencodering utf-8, scheidingsteken ','"),
        ("fr", "La date ne peut pas être lue", "Encodage utf-8, séparateur ','"),
    ],
)
def test_findings_and_notes_are_told_in_the_language_of_the_reader(
    analyst: Client, send: Any, django_capture_on_commit_callbacks: Any, language: str, reason: str, note: str
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    analyst.cookies["vicus_language"] = language
    told = html.unescape(page(analyst, received))
    assert reason in told
    assert note in told
    assert "Read as csv" not in told


def test_work_that_stopped_is_told_in_the_language_of_the_reader(analyst: Client, send: Any) -> None:
    received = send()
    Import.objects.filter(pk=received.pk).update(
        state=Import.State.CHECKING, changed_at=timezone.now() - receiving.STALLED_AFTER * 2
    )
    analyst.cookies["vicus_language"] = "fr"
    assert "Le travail a été interrompu" in page(analyst, received)


def test_persons_found_while_checking_also_take_the_file_away(
    send: Any, analyst: Client, vicus_home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    rows = "".join(f"A{n},BIKE,2026-01-03 10:00,shop\n" for n in range(300))
    text = f"id,kind,date,note\n{rows}B1,BIKE,2026-01-03 10:00,katrien@example.org\n"
    received = take(analyst, send(text), "check", django_capture_on_commit_callbacks)
    assert received.state == Import.State.FAILED
    assert "note: " in received.message
    assert "katrien" not in received.message
    assert not list((vicus_home / "files").rglob("facts.csv"))


def test_an_empty_file_is_refused_in_words(analyst: Client, zone: Zone, mapping: SavedMapping) -> None:
    response = analyst.post(reverse("facts:receive", args=[zone.slug]), {"file": upload(""), "mapping": ""})
    assert response.status_code == 422
    assert "empty" in response.content.decode()


def test_a_discarded_file_is_gone(
    analyst: Client, send: Any, vicus_home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "discard", django_capture_on_commit_callbacks)
    assert received.state == Import.State.DISCARDED
    assert not received.file.exists()


def test_refused_rows_leave_only_with_a_reason_and_carry_who_took_them(
    analyst: Client, send: Any, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    address = reverse("facts:rejects", args=[received.zone.slug, received.pk])
    assert analyst.get(address).status_code == 403
    analyst.post(address, {"door_reason": "mend the export", "door_recipient": "registration service"})
    response: Any = analyst.get(address)
    text = b"".join(response.streaming_content).decode()
    assert "purpose: mend the export" in text
    assert "bad_date" in text
    record = Record.objects.filter(action=Action.DISCLOSURE).latest("number")
    assert record.recipient == "registration service"


def test_work_that_died_is_said_to_have_failed_and_can_be_begun_again(
    analyst: Client, send: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    received = send()
    Import.objects.filter(pk=received.pk).update(
        state=Import.State.CHECKING, changed_at=timezone.now() - receiving.STALLED_AFTER * 2
    )
    assert "cut off" in page(analyst, received)
    assert take(analyst, received, "check", django_capture_on_commit_callbacks).state == Import.State.CHECKED


def test_a_running_import_shows_how_far_it_is(analyst: Client, send: Any) -> None:
    received = send()
    Import.objects.filter(pk=received.pk).update(
        state=Import.State.IMPORTING, rows_done=1200, share_done=0.4, changed_at=timezone.now()
    )
    text = page(analyst, received)
    assert "<progress" in text
    assert "1200 rows" in text


def test_categories_are_read_from_a_file_and_corrected_by_the_next(analyst: Client, zone: Zone) -> None:
    address = reverse("facts:categories", args=[zone.slug])
    for name in ("Fietsdiefstal", "Diefstal van fiets"):
        text = f"code,nl,fr,en,overlapping\nBIKE,{name},Vol de vélo,Bicycle theft,yes\n"
        assert analyst.post(address, {"file": upload(text, "categories.csv")}).status_code == 302
    category = Category.objects.get()
    assert category.names["nl"] == "Diefstal van fiets"
    assert category.overlapping
    assert analyst.post(address, {"file": upload("a,b\n1,2\n")}).status_code == 422


def test_a_harm_weight_without_its_source_is_not_accepted(zone: Zone, tmp_path: Path) -> None:
    file = tmp_path / "categories.csv"
    file.write_text("code,nl,fr,en,harm_weight\nBIKE,a,b,c,20\n")
    with pytest.raises(services.NomenclatureInvalid, match="source"):
        services.import_nomenclature(zone=zone, path=file, actor="test")


def test_versions_are_listed_with_the_file_they_came_from(
    analyst: Client, send: Any, zone: Zone, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    take(analyst, received, "import", django_capture_on_commit_callbacks)
    text = analyst.get(reverse("facts:versions", args=[zone.slug])).content.decode()
    assert "facts.csv" in text


def test_every_state_can_be_left_or_is_an_end() -> None:
    ends = {Import.State.IMPORTED, Import.State.DISCARDED}
    left = {state for step in rules.STEPS.values() for state in step.sources}
    assert set(Import.State) - left == ends


def test_an_erasure_takes_received_files_and_kept_figures_with_it_and_is_recorded_twice(
    analyst: Client, send: Any, zone: Zone, vicus_home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    received = take(analyst, send(), "check", django_capture_on_commit_callbacks)
    received = take(analyst, received, "import", django_capture_on_commit_callbacks)
    assert not received.file.exists()
    kept = vicus_home / "cache" / "figures" / "one"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("figures")
    version = services.erase(zone=zone, before=date(2026, 1, 5), actor="test", reason="retention")
    assert version.removed == 2
    assert not kept.exists()
    assert not received.rejects.exists()
    events = [r.details["event"] for r in Record.objects.filter(action=Action.ERASURE).order_by("number")]
    assert events == ["erasure begun", "erasure done"]

"""Reports: kept with versions, drawn again as they were, drawn by schedules once, each reader what is theirs."""

import gzip
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document as Word
from matrix_hotspots import places
from matrix_reports import drawn as many_drawn

from vicus.web.audit.models import Record
from vicus.web.meetings.models import Commitment, Meeting, Shared
from vicus.web.reports import archive, gathering, queries, scheduling, services
from vicus.web.reports.kinds import KINDS
from vicus.web.reports.models import Drawn, DrawnIsFixed, Schedule, Template
from vicus.web.reports.periods import last_period, periods
from vicus.web.site.schedule import JOBS
from vicus.web.zone.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def drawn_now(zone: Zone, code: str = "coordination", place: str = "", **more: Any) -> Drawn:
    given = {"period": "2026-Q3", "language": "nl", "formats": ["pdf"], "actor": "a test"} | more
    return services.draw(zone=zone, kind=KINDS[code], place=place, **given)[0]


def promise(zone: Zone, title: str) -> Commitment:
    return Commitment.objects.create(
        zone=zone, level=4, owner=zone.organisations.get_or_create(code="youth", names={"en": "Youth"}, kind="youth")[0],
        title=title, made_on=date(2026, 1, 1), due_on=date(2026, 2, 1),
    )  # fmt: skip


def test_a_report_is_drawn_again_byte_by_byte_when_everything_else_has_changed(zone: Zone) -> None:
    promise(zone, "Mend the lamp")
    drawn = [drawn_now(zone, formats=[format_]) for format_ in ("pdf", "docx", "xlsx")]
    Commitment.objects.all().delete()
    for one in drawn:
        assert archive.again(one) == one.file.read_bytes()
        assert one.size == len(one.file.read_bytes())


def test_what_did_not_change_is_no_new_version_and_what_did_is(zone: Zone) -> None:
    promise(zone, "Mend the lamp")
    first, again = drawn_now(zone), drawn_now(zone)
    assert again == first
    promise(zone, "Cut the hedge")
    second = drawn_now(zone)
    assert (first.number, second.number) == (1, 2)
    assert [one.number for one in queries.versions(first)] == [2, 1]


def test_a_report_in_the_archive_is_not_changed(zone: Zone) -> None:
    drawn = drawn_now(zone)
    drawn.title = "Other"
    with pytest.raises(DrawnIsFixed):
        drawn.save()
    with pytest.raises(DrawnIsFixed):
        drawn.delete()


def test_what_was_tampered_with_is_not_handed_out(zone: Zone, files: Path) -> None:
    drawn = drawn_now(zone)
    kept = next(files.rglob(f"{drawn.content_sha256}.json.gz"))
    kept.write_bytes(gzip.compress(b"{}"))
    with pytest.raises(archive.Gone):
        archive.again(drawn)


def template(*paragraphs: str) -> bytes:
    paper = Word()
    for text in paragraphs:
        paper.add_paragraph(text)
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def schedule(zone: Zone, **more: Any) -> Schedule:
    given: dict[str, Any] = {
        "audience": "Direction", "rhythm": "quarter", "day": 5, "languages": ["nl", "fr"], "formats": ["pdf"], "places": [],
        "left_out": [], "starts_on": date(2026, 1, 1),
    } | more  # fmt: skip
    return services.keep_schedule(
        zone=zone, kind=KINDS[given.pop("kind", "coordination")], actor="a test", **given
    )


def test_a_schedule_draws_once_for_its_period_also_when_the_night_was_missed(zone: Zone) -> None:
    schedule(zone)
    with time_machine.travel(datetime(2026, 10, 4, 3, tzinfo=UTC), tick=False):
        scheduling.run()
    assert {one.period for one in Drawn.objects.all()} == {"2026-Q2"}
    with time_machine.travel(datetime(2026, 10, 9, 3, tzinfo=UTC), tick=False):
        assert scheduling.run() == {"reports.Drawn drawn": 2}
        assert scheduling.run() == {"reports.Drawn drawn": 0}
    assert Drawn.objects.filter(period="2026-Q3").count() == 2
    assert "reports" in [job.name for job in JOBS]


def test_a_night_that_was_cut_off_is_finished_the_next_time(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(zone)
    keep, calls = archive.keep_file, []

    def cut(*args: Any) -> str:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return keep(*args)

    monkeypatch.setattr(archive, "keep_file", cut)
    with time_machine.travel(datetime(2026, 10, 9, 3, tzinfo=UTC), tick=False):
        with pytest.raises(KeyboardInterrupt):
            scheduling.run()
        assert Drawn.objects.count() == 1
        assert scheduling.run() == {"reports.Drawn drawn": 1}
    assert sorted(Drawn.objects.values_list("language", "number")) == [("fr", 1), ("nl", 1)]


def test_one_report_that_fails_keeps_no_other_back_and_the_night_says_so(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(zone)
    render = archive.render

    def failing(document: Any, *rest: Any) -> bytes:
        if document.language == "nl":
            raise ValueError("broken")
        return render(document, *rest)

    monkeypatch.setattr(archive, "render", failing)
    with pytest.raises(scheduling.ReportsFailed):
        scheduling.run()
    assert [one.language for one in Drawn.objects.all()] == ["fr"]


def test_a_schedule_that_was_stopped_draws_no_more(zone: Zone) -> None:
    services.stop_schedule(schedule=schedule(zone), actor="a test")
    assert scheduling.run() == {"reports.Drawn drawn": 0}


def test_the_next_date_at_the_change_of_a_year(zone: Zone) -> None:
    one = schedule(zone, day=28)
    assert scheduling.next_date(one, date(2026, 10, 28)) == date(2027, 1, 28)
    assert [occasion.period for occasion in scheduling.due(one, date(2027, 1, 27))] == ["2026-Q3"]
    assert [occasion.period for occasion in scheduling.due(one, date(2027, 1, 28))] == ["2026-Q4"]
    assert last_period("month", date(2027, 1, 1)) == "2026-12"
    assert periods("quarter", date(2027, 2, 1), 3) == ["2026-Q4", "2026-Q3", "2026-Q2"]


def test_a_partner_reads_what_was_shared_with_it_and_nothing_of_others(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    client = client_for("partner")
    many_drawn(zone)
    meeting = Meeting.objects.get(pk=71)
    for code, told in (("youth", "Hours of the youth house"), ("school", "Ways to the school")):
        Shared.objects.create(
            meeting=meeting,
            organisation=zone.organisations.get(code=code),
            what=told,
            basis="places",
            purpose="Work",
        )
    drawn = drawn_now(zone, "partner-pack", "71/youth", period="")
    told = " ".join(archive.content_of(drawn).texts())
    assert "Hours of the youth house" in told
    assert "Ways to the school" not in told
    page = client.get(reverse("reports:list", args=[zone.slug])).content.decode()
    assert reverse("reports:drawn", args=[zone.slug, drawn.pk]) in page
    for pk in (81, 82, 83, 85, 86):
        assert reverse("reports:drawn", args=[zone.slug, pk]) not in page


def test_a_file_that_leaves_says_who_took_it_and_for_whom_and_stands_in_the_trail(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    client = client_for("analyst")
    drawn = drawn_now(zone, formats=["xlsx"])
    address = reverse("reports:file", args=[zone.slug, drawn.pk])
    assert client.get(address).status_code == 403
    client.post(address, {"door_reason": "Council of Monday", "door_recipient": "Secretariat of the council"})
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content != drawn.file.read_bytes()
    assert Record.objects.filter(object_type="reports.drawn", recipient="Secretariat of the council").exists()


def test_the_builder_draws_in_the_background_keeps_the_choice_and_leaves_sections_out(
    zone: Zone, client_for: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    client = client_for("analyst")
    address = reverse("reports:build", args=[zone.slug, "coordination"])
    chosen = {
        "places": ["zone"], "sections": ["requests", "duties"], "languages": ["nl", "en"], "formats": ["pdf", "docx"],
        "period": "", "name": "Quarter for the council",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, chosen)
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    assert Drawn.objects.count() == 4
    keys = {s.key for s in archive.content_of(Drawn.objects.filter(language="en").first()).sections if s.key}  # type: ignore[arg-type]
    assert keys == {"requests", "duties"}
    listed = client.get(reverse("reports:list", args=[zone.slug])).content.decode()
    assert "Quarter for the council" in listed


def test_a_template_with_a_broken_placeholder_is_refused_with_its_name_and_place(
    zone: Zone, client_for: Callable[[str], Client]
) -> None:
    client = client_for("direction")
    address = reverse("reports:templates", args=[zone.slug])

    def upload(content: bytes, name: str = "letter.docx") -> Any:
        return client.post(address, {"name": "Letter", "file": SimpleUploadedFile(name, content)})

    refused = upload(template("Dear {{ burgomaster }}", "{{ body }}"))
    assert refused.status_code == 422
    assert "burgomaster" in refused.content.decode()
    assert "Dear {{ burgomaster }}" in refused.content.decode()
    assert upload(b"x", "letter.docm").status_code == 422
    assert not Template.objects.exists()
    assert upload(template("Zone letter", "{{ body }}")).status_code == 302
    kept = drawn_now(zone, formats=["docx"])
    assert kept.inputs["template"] == Template.objects.get().sha256
    services.remove_template(template=Template.objects.get(), actor="a test")
    assert archive.again(kept) == kept.file.read_bytes()
    assert "template" not in drawn_now(zone, formats=["docx"]).inputs


def test_the_page_of_a_commune_asks_for_what_its_mayor_can_decide(zone: Zone) -> None:
    places(zone)
    commune = zone.areas.filter(kind="commune").first()
    assert commune is not None
    owner = zone.organisations.create(code="town", names={"en": "Town"}, kind="commune")
    Commitment.objects.create(
        zone=zone, level=3, commune=commune, owner=owner, title="Light the passage", made_on=date(2026, 1, 1),
        due_on=date(2026, 2, 1),
    )  # fmt: skip
    asked = gathering.decisions(zone, commune, set(), date(2026, 11, 1))
    assert [line.late for line in asked if "Light the passage" in str(line.what)] == [True]

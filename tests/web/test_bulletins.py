"""Bulletins: written in two languages, published as snapshots, answered, read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import hotspot_places
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from vicus.documents.content import Document, Row, Table
from vicus.incidents import freetext
from vicus.web.audit.models import Record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.bulletins import content, papers, queries, services
from vicus.web.bulletins.models import Bulletin, Release
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings.models import Body, Commitment, Level, Meeting
from vicus.web.public.models import Feedback, Snapshot
from vicus.web.zone.models import Organisation, Zone

ON = date(2025, 11, 10)
FRENCH = {"title": "Canal, été 2025", "said": "Trop de bruit.", "done": "Deux passages.", "not_possible": ""}
DUTCH = {
    "title": "Kanaal, zomer 2025",
    "said": "Te veel lawaai.",
    "done": "Twee bezoeken.",
    "not_possible": "",
}


@pytest.fixture
def furnished(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    return zone


@pytest.fixture
def draft(furnished: Zone) -> Bulletin:
    place = Hotspot.objects.get(zone=furnished, number=1)
    return services.begin(
        zone=furnished,
        place=place,
        starts_on=date(2025, 7, 1),
        ends_on=date(2025, 9, 30),
        actor="a test",
        on=ON,
    )


def write(bulletin: Bulletin, **more: Any) -> Bulletin:
    given: dict[str, Any] = {
        "texts": {"fr": FRENCH, "nl": DUTCH}, "reasons": {}, "columns": "months", "categories": ["THEFT"],
        "revision": bulletin.revision, "actor": "a test",
    }  # fmt: skip
    return services.write(bulletin=bulletin, **{**given, **more})


def publish(bulletin: Bulletin) -> Snapshot:
    bulletin = services.take(bulletin=bulletin, code="finish", actor="a test", on=ON)
    services.take(bulletin=bulletin, code="publish", actor="a test", on=ON)
    return Snapshot.objects.get(slug=bulletin.slug)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_r25_nothing_is_published_in_one_language(draft: Bulletin, language: str) -> None:
    whole = {"fr": FRENCH, "nl": DUTCH}
    half = write(draft, texts={language: whole[language]})
    assert len(content.missing(half)) == len(content.NEEDED)
    with pytest.raises(ValidationError, match="Both languages"):
        services.take(bulletin=half, code="finish", actor="a test", on=ON)
    # Not by a way around the first step either.
    Bulletin.objects.filter(pk=half.pk).update(state="ready")
    with pytest.raises(ValidationError, match="Both languages"):
        services.take(bulletin=half, code="publish", actor="a test", on=ON)
    assert not Snapshot.objects.exists()
    assert not Release.objects.exists()


def test_r25_what_was_not_possible_is_there_in_both_or_in_none(draft: Bulletin) -> None:
    half = write(draft, texts={"fr": FRENCH | {"not_possible": "Pas de caméra."}, "nl": DUTCH})
    assert content.missing(half) == ["what was not possible and why (Dutch)"]


def test_a_published_bulletin_carries_both_languages_and_no_small_count(draft: Bulletin) -> None:
    snapshot = publish(write(draft))
    assert snapshot.content["fr"]["texts"]["said"] == "Trop de bruit."
    assert snapshot.content["nl"]["title"] == "Kanaal, zomer 2025"
    assert snapshot.content["fr"]["table"]["columns"][0] == "juillet 2025"
    shown = [
        value
        for row in snapshot.content["fr"]["table"]["rows"]
        for value in row["cells"]
        if value is not None
    ]
    assert shown
    assert all(value == 0 or value >= 5 for value in shown)
    assert [cell["value"] for cell in Release.objects.get().cells if cell["value"] is not None] == shown
    told = Record.objects.filter(object_type="bulletins.bulletin", action="disclosure").get()
    assert told.recipient == "everybody"


def test_promises_and_meetings_go_along_and_are_brought_up_to_date(draft: Bulletin, furnished: Zone) -> None:
    commune = Organisation.objects.create(
        zone=furnished, code="c", names={"fr": "Commune", "nl": "Gemeente"}, kind="commune"
    )
    promise = Commitment.objects.create(
        zone=furnished, level=Level.POPULATION, hotspot=draft.hotspot, owner=commune, title="Lamp",
        made_on=date(2025, 7, 5), due_on=date(2025, 12, 1), public=True,
        public_words={"fr": "Une lampe au square", "nl": "Een lamp op het plein"},
    )  # fmt: skip
    Commitment.objects.create(
        zone=furnished, level=Level.POPULATION, hotspot=draft.hotspot, owner=commune, title="Internal",
        made_on=date(2025, 7, 5), due_on=date(2025, 12, 1),
    )  # fmt: skip
    body = Body.objects.create(
        zone=furnished, code="b", names={"fr": "Quartier"}, levels=[1], hotspot=draft.hotspot
    )
    Meeting.objects.create(
        zone=furnished, body=body, levels=[1], starts_at=datetime(2025, 12, 3, 18, tzinfo=UTC), place="École",
        language="fr",
    )  # fmt: skip
    snapshot = publish(write(draft))
    told = snapshot.content["nl"]
    assert [it["words"] for it in told["promises"]] == ["Een lamp op het plein"]
    assert told["promises"][0]["owner"] == "Gemeente"
    assert told["meetings"] == [{"day": "2025-12-03", "time": "19:00", "place": "École"}]
    # Not kept: the reason is asked in both languages before residents read it.
    Commitment.objects.filter(pk=promise.pk).update(
        state="dropped", reason="no budget", settled_on=date(2025, 11, 1)
    )
    bulletin = Bulletin.objects.get(pk=draft.pk)
    with pytest.raises(ValidationError, match="not kept"):
        services.take(bulletin=bulletin, code="renew", actor="a test", on=date(2025, 12, 4))
    why = {str(promise.pk): {"fr": "Pas de budget.", "nl": "Geen budget."}}
    Bulletin.objects.filter(pk=draft.pk).update(reasons=why)
    services.take(bulletin=bulletin, code="renew", actor="a test", on=date(2025, 12, 4))
    renewed = Snapshot.objects.get(slug=draft.slug)
    assert renewed.content["fr"]["promises"][0]["reason"] == "Pas de budget."
    assert renewed.content["fr"]["table"] == snapshot.content["fr"]["table"], "the counts stay those released"
    assert Release.objects.count() == 1


def test_a_withdrawn_bulletin_leaves_its_counts_in_the_ledger(draft: Bulletin) -> None:
    publish(write(draft))
    bulletin = Bulletin.objects.get(pk=draft.pk)
    with pytest.raises(ValidationError, match="Say why"):
        services.take(bulletin=bulletin, code="withdraw", actor="a test", on=ON)
    services.take(bulletin=bulletin, code="withdraw", actor="a test", on=ON, why="A wrong street.")
    assert Snapshot.objects.get().withdrawn_on == ON
    assert Release.objects.count() == 1


def test_two_people_do_not_overwrite_each_other(draft: Bulletin) -> None:
    write(draft)
    with pytest.raises(Met):
        write(draft, texts={"fr": FRENCH, "nl": {}})
    assert Bulletin.objects.get().words("nl") == DUTCH


def test_a_text_with_a_phone_number_waits_for_somebody_to_vouch(draft: Bulletin) -> None:
    texts = {"fr": FRENCH | {"done": "Appelez le 0470 12 34 56."}, "nl": DUTCH}
    with pytest.raises(Suspected) as suspected:
        write(draft, texts=texts)
    write(draft, texts=texts, vouched=freetext.fingerprint(list(suspected.value.findings)))
    assert "0470" in Bulletin.objects.get().words("fr")["done"]


def test_the_preview_is_what_residents_read(client_for: Callable[[str], Client], draft: Bulletin) -> None:
    write(draft)
    page = client_for("direction").get(f"/west/bulletins/{draft.slug}/preview/")
    bodies = {it["code"]: it["body"] for it in page.context["languages"]}
    snapshot = publish(Bulletin.objects.get(pk=draft.pk))
    published = client_for("direction").get(f"/west/bulletins/{draft.slug}/")
    rows = snapshot.content["fr"]["table"]["rows"]
    assert rows
    assert all(row["name"] in bodies["fr"] for row in rows)
    same = {it["code"]: it["body"] for it in published.context["languages"]}

    def without_day(body: str) -> str:
        return body.rsplit('<p class="small muted">', 1)[0]

    assert {code: without_day(body) for code, body in same.items()} == {
        code: without_day(body) for code, body in bodies.items()
    }


def test_what_readers_wrote_counts_once_a_human_read_it(draft: Bulletin, furnished: Zone) -> None:
    publish(write(draft))
    for n in range(7):
        Feedback.objects.create(bulletin=draft.slug, language="fr", text=f"Remarque {n}", received_on=ON)
    bulletin = Bulletin.objects.get()
    assert queries.heard(bulletin, 5) == []
    for n, feedback in enumerate(Feedback.objects.order_by("pk")):
        services.code_feedback(
            feedback=feedback,
            zone=furnished,
            topics=["noise", *(["lighting"] if n < 4 else [])],
            actor="a test",
            on=ON,
        )
    # Four wrote about lighting: fewer than five, so it is not told, nor how many there were in all.
    assert queries.heard(bulletin, 5) == [{"topic": "noise", "n": 7}]
    services.remove_feedback(feedback=Feedback.objects.all()[0], zone=furnished, actor="a test")
    assert Feedback.objects.count() == 6
    assert Record.objects.filter(object_type="public.feedback", action="erasure").exists()


def test_the_paper_says_what_the_page_says_in_both_languages(
    client_for: Callable[[str], Client], draft: Bulletin
) -> None:
    client = client_for("direction")
    assert client.get(f"/west/bulletins/{draft.slug}/pdf/").status_code == 404
    snapshot = publish(write(draft))
    assert client.get(f"/west/bulletins/{draft.slug}/pdf/").content.startswith(b"%PDF")
    told = papers.document(Bulletin.objects.get(), snapshot, ON)
    assert [section.locale for section in told.sections].count("nl_BE") == len(told.sections) / 2
    assert told.title == "Canal, été 2025 – Kanaal, zomer 2025"
    cells = [cell.value for row in _counts(told) for cell in row.cells[1:]]
    assert cells == [value for row in snapshot.content["fr"]["table"]["rows"] for value in row["cells"]]


def _counts(told: Document) -> Sequence[Row]:
    """The rows of the first table of counts."""
    tables = [block for section in told.sections for block in section.blocks if isinstance(block, Table)]
    return next(table.rows for table in tables if table.columns[1].kind == "count")

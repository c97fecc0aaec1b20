"""The pages of the zone and of a hotspot: what they say, who may open them, and what they never show."""

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import hotspot_places
import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.facts.services import open_store
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import Decision, change_perimeter
from vicus.web.zone.models import Area, Membership, Zone

ZONE = "/west/"
HOTSPOT = "/west/hotspots/1/"
REASON = {"door_reason": "Preparing the monthly meeting", "door_recipient": "Own service"}

ClientFor = Callable[[str], Client]


@pytest.fixture
def furnished(zone: Zone) -> Zone:
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    return zone


@pytest.fixture
def of_commune(furnished: Zone, users: dict[str, User]) -> None:
    """The division head and the mayor's office belong to the second commune, with hotspot 4 only."""
    commune = Area.objects.get(zone=furnished, kind="commune", code="C2")
    for role in ("division_head", "mayor"):
        Membership.objects.get(user=users[role], zone=furnished).areas.add(commune)


def text(client: Client, url: str, **extra: Any) -> str:
    response = client.get(url, **extra)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_zone_page_says_what_the_month_means(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, ZONE)
    assert "1 hotspot above what was expected (no. 1), 1 below (no. 3)" in page
    assert "<svg" in page


def test_the_ranking_shows_ranges_ties_and_what_cannot_be_said(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, ZONE)
    ranking = page[page.index('id="ranking"') : page.index('id="other-choice"')]
    assert ranking.index("Canal") < ranking.index("Gare") < ranking.index("Parvis") < ranking.index("Marché")
    assert "more than expected" in ranking
    assert "fewer than expected" in ranking
    assert "Listed by the count divided by what was expected." in ranking


def test_the_series_is_headed_by_the_month_asked(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, HOTSPOT + "?month=2025-08")
    series = page[page.index('id="series"') :]
    assert "months up to August 2025, " in series[: series.index("</h2>")]


def test_the_page_says_what_the_other_choice_of_sources_would_change(
    furnished: Zone, analyst: Client
) -> None:
    """Rights R14."""
    assert "Counting facts discovered by police activity too," in text(analyst, ZONE)
    assert "Counting only what the public reports," in text(analyst, ZONE + "?sources=all")


def test_the_table_sorts_by_links(furnished: Zone, analyst: Client) -> None:
    def names(url: str) -> list[str]:
        page = text(analyst, url)
        table = page[page.index('id="figures"') :]
        return sorted(hotspot_places.NAMES.values(), key=table.index)

    assert names(ZONE + "?sort=-n")[0] == "Canal"
    assert names(ZONE + "?sort=number") == ["Canal", "Gare", "Parvis", "Marché"]
    assert 'aria-sort="descending"' in text(analyst, ZONE + "?sort=-n")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?month=2025-13", "There are no data for “2025-13”: they run from January 2023 to October 2025."),
        ("?month=never", "There are no data for “never”"),
        ("?month=1999-01", "There are no data for January 1999"),
        (
            "?sources=x",
            "There is no choice of facts called “x”. This page counts those reported by the public",
        ),
        ("?known=tomorrow", "There is no state of the data as known on “tomorrow”."),
        ("?known=2999-01-01", "There is no state of the data as known on 1 January 2999."),
        (
            "?known=1990-01-01",
            "as known on 1 January 1990. This page shows the newest, known on 5 November 2025.",
        ),
    ],
)
def test_an_address_that_names_nothing_there_is_shows_the_default_and_says_so(
    furnished: Zone, analyst: Client, query: str, said: str
) -> None:
    page = text(analyst, ZONE + query)
    assert "Hotspots, October 2025" in page
    assert said in page
    assert said in text(analyst, HOTSPOT + query)
    # A file, or facts one by one, of another month than the address names would be taken for that month.
    for url in ("/west/ranking.csv", HOTSPOT + "figures.csv", HOTSPOT + "report.pdf", HOTSPOT + "facts/"):
        assert analyst.get(url + query).status_code == 404, url


def test_an_address_with_a_version_of_the_perimeter_that_is_not_there_says_which_one_is_shown(
    furnished: Zone, analyst: Client
) -> None:
    page = text(analyst, HOTSPOT + "?perimeter=9")
    assert "The perimeter has no version “9”. This page rests on version 1, from 1 January 2025" in page
    assert analyst.get(HOTSPOT + "figures.csv?perimeter=9").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?sort=x", "?month=2025-03&known=2025-11-20&sources=all", "?perimeter=1"]
)
def test_an_address_that_is_followed_carries_no_such_notice(
    furnished: Zone, analyst: Client, query: str
) -> None:
    for url in (ZONE, HOTSPOT):
        assert "Not what the address asks for" not in text(analyst, url + query)


def test_windows_are_named_by_the_months_there_are_data_of(furnished: Zone, analyst: Client) -> None:
    def told(month: str) -> tuple[str, str, str]:
        query = f"?month={month}"
        file = taken(analyst, f"/west/ranking.csv{query}").content.decode()
        return text(analyst, ZONE + query), text(analyst, HOTSPOT + query), file

    # The data begin in January 2023.
    for month, there, absent in (
        ("2023-01", (), ("3 months", "12 months", "2 months")),
        ("2023-02", ("2 months",), ("3 months", "12 months")),
        ("2023-05", ("3 months", "5 months"), ("12 months",)),
        ("2024-03", ("3 months", "12 months"), ()),
    ):
        for page in told(month):
            page = re.sub(r"(?s)<svg.*?</svg>|<script.*?</script>", "", page)
            labels = set(re.findall(r"(?<=[>,])\s*(\d+ months?)\s*(?=[<,])", page))
            assert labels >= set(there), month
            assert not labels & set(absent), month


def test_an_earlier_month_is_reached_by_its_address(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, ZONE + "?month=2025-03")
    assert "Hotspots, March 2025" in page
    assert "month=2025-02" in page
    assert "month=2025-04" in page


def test_links_keep_month_and_sources(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, ZONE + "?month=2025-03&sources=all")
    assert "/west/hotspots/1/?month=2025-03&amp;sources=all" in page


def test_reviews_that_are_due_wait_beside_the_page(furnished: Zone, analyst: Client) -> None:
    with time_machine.travel("2025-12-20"):
        assert "Review 4 perimeters: 1, 2, 3 and 4" in text(analyst, ZONE)
    with time_machine.travel("2025-11-10"):
        assert "No review is due" in text(analyst, ZONE)


def test_many_reviews_of_one_day_lead_to_those_hotspots_alone(furnished: Zone, analyst: Client) -> None:
    hotspot_places.hotspot_5(furnished)
    with time_machine.travel("2025-12-20"):
        page = text(analyst, ZONE)
        assert 'href="/west/hotspots/?review=2025-12-31"' in page
        due = text(analyst, "/west/hotspots/?review=2025-12-31")
        assert "4 perimeters are to be reviewed by 31 December 2025." in due
        assert "Canal" in due
        assert "Hotspot 5" not in due
        assert "Hotspot 5" in text(analyst, "/west/hotspots/?review=2025-12-30")


def test_a_hotspot_manager_finds_the_own_hotspots_marked(
    furnished: Zone, users: dict[str, User], hotspot_manager: Client, analyst: Client
) -> None:
    Hotspot.objects.filter(number=2).update(manager=users["hotspot_manager"])
    Hotspot.objects.filter(number=3).update(deputy=users["hotspot_manager"])
    page = text(hotspot_manager, ZONE)
    ranking, rest = page.split('id="other-choice"')
    assert ranking[ranking.index('id="ranking"') :].count("your hotspot") == 2
    assert rest[rest.index('id="figures"') :].count("your hotspot") == 2
    assert '"Gare (your hotspot)"' in page[page.index('id="map-layers"') :].split("</script>")[0]
    assert text(hotspot_manager, "/west/hotspots/").count("your hotspot") == 2
    assert "your hotspot" not in text(analyst, ZONE) + text(analyst, "/west/hotspots/")


def test_a_hotspot_without_a_name_is_called_hotspot_once(furnished: Zone, analyst: Client) -> None:
    Hotspot.objects.filter(number=1).update(names={})
    page = text(analyst, HOTSPOT)
    assert "<h1>Hotspot 1</h1>" in re.sub(r"<h1[^>]*>\s*", "<h1>", page).replace("\n", "")
    assert "Hotspot Hotspot" not in page


def test_folds_hold_sentences_and_values_of_what_they_stand_under(furnished: Zone, analyst: Client) -> None:
    zone, hotspot = text(analyst, ZONE), text(analyst, HOTSPOT)
    for page in (zone, hotspot):
        assert "[&#x27;" not in page
        assert "<dt>paragraphs</dt>" not in page
    # How much the months of one hotspot vary says nothing of the zone.
    assert "Spread compared with chance alone" not in zone
    assert "Spread compared with chance alone" in hotspot


@pytest.mark.parametrize(("language", "said"), [("nl", "geen einddatum"), ("fr", "sans date de fin")])
def test_a_perimeter_that_goes_on_is_not_open_as_a_door_is(
    furnished: Zone, analyst: Client, users: dict[str, User], language: str, said: str
) -> None:
    User.objects.filter(pk=users["analyst"].pk).update(language=language)
    page = text(analyst, HOTSPOT)
    assert said in page[page.index('id="versions"') :].split("</table>")[0]


def test_a_version_that_was_replaced_is_due_for_no_review(furnished: Zone, analyst: Client) -> None:
    change_perimeter(
        hotspot=Hotspot.objects.get(number=1),
        geometry=hotspot_places.outline(hotspot_places.PLACES[0], size=200),
        decision=Decision(decided_by="zone direction", valid_from=date(2025, 9, 1)),
        actor="tests",
    )
    with time_machine.travel("2025-11-10"):
        page = text(analyst, HOTSPOT)
    versions = page[page.index('id="versions"') :].split("</table>")[0]
    assert "31 Dec 2025" not in versions
    assert "replaced" in versions


def test_a_month_that_the_data_do_not_reach_the_end_of_is_unfinished_not_provisional(
    furnished: Zone, analyst: Client
) -> None:
    store = open_store(furnished)
    row = {
        **hotspot_places.table().to_pylist()[0],
        "id": "early",
        "occurred_on": date(2025, 11, 2),
        "year": 2025,
    }
    row |= {
        name: datetime(2025, 11, 2, 10, tzinfo=UTC)
        for name in ("occurred_from", "occurred_to", "reported_at")
    }
    store.merge(
        hotspot_places.pa.Table.from_pylist([row], schema=hotspot_places.SCHEMA),
        origin="early.csv",
        known_at=datetime(2025, 11, 6, tzinfo=UTC),
    )
    for url in (ZONE, HOTSPOT):
        assert "This month is provisional" not in text(analyst, url + "?month=2025-11")


def test_before_anything_is_imported_the_page_says_what_to_do(zone: Zone, analyst: Client) -> None:
    page = text(analyst, ZONE)
    assert "First steps" in page
    assert "/west/territory/" in page
    assert "/west/imports/" in page


def test_the_hotspot_page_leads_with_a_sentence_and_carries_every_figure(
    furnished: Zone, analyst: Client
) -> None:
    page = text(analyst, HOTSPOT)
    assert "24 facts in October, more than the expected" in page
    for part in ("series", "hours", "place-map", "categories", "surroundings", "quality", "versions"):
        assert f'id="{part}"' in page, part
    assert "Theft" in page
    assert page.index("24 facts in October") < page.index('id="series-chart"')


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "24 feiten in oktober, meer"), ("fr", "24 faits en octobre, plus")],
)
def test_the_page_speaks_the_reader_s_language(
    furnished: Zone, analyst: Client, users: dict[str, User], language: str, words: str
) -> None:
    User.objects.filter(pk=users["analyst"].pk).update(language=language)
    page = text(analyst, HOTSPOT)
    assert f'<html lang="{language}"' in page
    assert words in page


def test_the_hotspot_page_needs_no_more_than_thirty_questions_to_the_database(
    furnished: Zone, analyst: Client
) -> None:
    for url in (ZONE, HOTSPOT, "/west/hotspots/"):
        text(analyst, url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(analyst, url)
        assert len(asked) <= 30, (url, [q["sql"][:90] for q in asked.captured_queries])


def test_nothing_on_the_pages_is_inline_or_from_elsewhere(furnished: Zone, analyst: Client) -> None:
    for url in (ZONE, HOTSPOT):
        page = text(analyst, url)
        assert " style=" not in page.replace("<svg", "\n<svg") or 'style="' not in page
        assert "onclick" not in page
        assert "http://" not in page.replace("http://www.w3.org/", "")
        for script in page.split("<script")[1:]:
            head = script.split(">", 1)[0]
            assert "src=" in head or "application/json" in head


def test_the_data_of_the_map_stay_small(furnished: Zone, analyst: Client) -> None:
    for url in (ZONE, HOTSPOT):
        page = text(analyst, url)
        layers = page.split('id="map-layers"', 1)[1].split("</script>", 1)[0]
        assert len(layers) < 300_000


def test_no_incident_point_reaches_a_page_without_the_door(furnished: Zone, analyst: Client) -> None:
    for url in (ZONE, HOTSPOT):
        page = text(analyst, url)
        assert '"kind": "point"' not in page
        assert "1-202510-0" not in page


def test_a_version_of_the_perimeter_can_be_chosen_for_all_months(furnished: Zone, analyst: Client) -> None:
    page = text(analyst, HOTSPOT + "?perimeter=1")
    assert "chosen by the reader for all months" in page
    assert "perimeter=1" in page[page.index('id="versions"') :]


def test_an_order_of_phases_stands_on_the_page(furnished: Zone, analyst: Client) -> None:
    from datetime import date

    from vicus.web.hotspots.services import pass_to_phase

    pass_to_phase(
        hotspot=Hotspot.objects.get(number=1), kind="clear", started_on=date(2025, 9, 1),
        decided_by="zone direction", actor="tests",
    )  # fmt: skip
    assert "Clear, since 1 September 2025" in text(analyst, HOTSPOT)


def test_the_categories_end_with_their_total_and_say_whether_they_add_up(
    furnished: Zone, analyst: Client
) -> None:
    page = text(analyst, HOTSPOT)
    total = re.sub(r"<[^>]+>", " ", page[page.index('id="categories-table"') :].partition("<tfoot>")[2])
    assert total.split()[:2] == ["Total", "24"]
    assert "the rows add up to the total" in page
    code = furnished.categories.values_list("code", flat=True)
    furnished.categories.filter(code__in=list(code)).update(overlapping=True)
    page = text(analyst, HOTSPOT)
    assert "Do not add the rows up: facts under" in page


@pytest.mark.parametrize(
    ("role", "sheets"),
    [
        ("hotspot_manager", "/west/sheets/1/2025-10/"),
        ("direction", "/west/sheets/1/2025-10/"),
        ("mayor", "/west/sheets/?month=2025-10"),
        ("analyst", None),
    ],
)
def test_the_work_on_a_hotspot_is_one_step_away_for_those_who_may_open_it(
    furnished: Zone, users: dict[str, User], client_for: ClientFor, role: str, sheets: str | None
) -> None:
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    office = Membership.objects.get(user=users["mayor"], zone=furnished)
    office.areas.add(Area.objects.get(zone=furnished, kind="commune", code="C1"))
    reader = client_for(role)
    page = text(reader, HOTSPOT)
    work = page.partition('<nav aria-label="Work on this hotspot">')[2].partition("</nav>")[0]
    addresses = [html.unescape(address) for address in re.findall(r'href="([^"]+)"', work)]
    assert [address for address in addresses if "/sheets/" in address] == ([sheets] if sheets else [])
    assert all(reader.get(address).status_code == 200 for address in addresses)


# --- who sees what ----------------------------------------------------------------------------------------


def test_the_mayor_s_office_sees_its_own_commune_without_cells_files_or_points(
    of_commune: None, client_for: ClientFor
) -> None:
    mayor = client_for("mayor")
    page = text(mayor, ZONE)
    assert "Marché" in page
    assert "Canal" not in page
    assert "ranking.csv" not in page
    assert mayor.get(HOTSPOT).status_code == 404
    own = text(mayor, "/west/hotspots/4/")
    for hidden in ('id="place-map"', 'id="hours"', 'id="versions"', "report.pdf", "/facts/", "figures.csv"):
        assert hidden not in own, hidden
    for url in ("report.pdf", "figures.csv", "facts/", "facts.csv"):
        assert mayor.get(f"/west/hotspots/4/{url}").status_code == 404
    assert mayor.get("/west/ranking.csv").status_code == 404


def test_a_division_head_sees_the_hotspots_of_own_communes_only(
    of_commune: None, client_for: ClientFor
) -> None:
    head = client_for("division_head")
    assert "Canal" not in text(head, ZONE)
    assert head.get(HOTSPOT).status_code == 404
    assert head.get("/west/hotspots/4/").status_code == 200


def test_a_planner_sees_counts_and_nothing_finer(furnished: Zone, client_for: ClientFor) -> None:
    planner = client_for("planner")
    page = text(planner, HOTSPOT)
    assert "24 facts in October" in page
    assert 'id="place-map"' not in page
    assert planner.get("/west/hotspots/1/facts/").status_code == 404


@pytest.mark.parametrize("role", ["partner", "youth_coordinator", "auditor", "administrator"])
def test_other_roles_do_not_know_that_hotspots_exist(
    furnished: Zone, client_for: ClientFor, role: str
) -> None:
    client = client_for(role)
    for url in (
        ZONE,
        "/west/hotspots/",
        HOTSPOT,
        HOTSPOT + "facts/",
        HOTSPOT + "report.pdf",
        "/west/ranking.csv",
    ):
        assert client.get(url).status_code == 404, url


def taken(client: Client, url: str) -> Any:
    """The file behind a door: the reader says why and is sent back to a page, which starts the download."""
    answer = client.post(url, REASON)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    start = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert start
    return client.get(html.unescape(start[1]))


# --- the door ---------------------------------------------------------------------------------------------


def test_a_download_asks_why_and_the_file_says_who_when_and_what_for(
    furnished: Zone, analyst: Client
) -> None:
    """Rights R07 and R08."""
    url = "/west/ranking.csv?month=2025-10"
    assert analyst.get(url).status_code == 403
    assert Record.objects.filter(action="disclosure").count() == 0
    file = taken(analyst, url)
    assert file["Content-Disposition"] == 'attachment; filename="west-2025-10-ranking.csv"'
    content = file.content.decode("utf-8-sig")
    assert "# Taken by: Analyst" in content
    assert "# Purpose: Preparing the monthly meeting" in content
    assert "# Recipient: Own service" in content
    assert "1,Canal," in content
    entry = Record.objects.get(action="disclosure")
    assert (entry.object_type, entry.object_id) == ("hotspots.ranking", "2025-10")


def test_after_a_download_the_reader_is_back_on_the_page_and_the_next_file_asks_anew(
    furnished: Zone, analyst: Client
) -> None:
    url = "/west/hotspots/1/figures.csv?month=2025-09"
    answer = analyst.post(url, REASON)
    assert answer["Location"] == "/west/hotspots/1/?month=2025-09"
    page = text(analyst, answer["Location"])
    assert f'<meta http-equiv="refresh" content="0; url={url}">' in page
    assert "The download starts now: Figures of hotspot 1 Canal, September 2025." in page
    assert 'http-equiv="refresh"' not in text(analyst, answer["Location"])
    assert analyst.get(url).status_code == 200
    assert analyst.get(url).status_code == 403
    assert Record.objects.filter(action="disclosure").count() == 1


@pytest.mark.parametrize(
    ("language", "apart", "comma"), [("nl", ";", ","), ("fr", ";", ","), ("en", ",", ".")]
)
def test_a_table_opens_in_the_spreadsheet_of_the_reader_s_language(
    furnished: Zone, analyst: Client, users: dict[str, User], language: str, apart: str, comma: str
) -> None:
    User.objects.filter(pk=users["analyst"].pk).update(language=language)
    content = taken(analyst, "/west/hotspots/1/figures.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = [line for line in content.decode("utf-8-sig").splitlines() if not line.startswith("#")]
    month, n, low, mean, high = lines[-1].split(apart)[:5]
    assert (month, n) == ("2025-10", "24")
    assert low.isdigit()
    assert high.isdigit()
    assert re.fullmatch(rf"\d+{re.escape(comma)}\d", mean)
    ranking = taken(analyst, "/west/ranking.csv").content.decode("utf-8-sig")
    first = next(line for line in ranking.splitlines() if line.startswith("1"))
    assert re.search(rf"{apart}\d{re.escape(comma)}\d{{1,2}}{apart}", first)


def test_a_spreadsheet_carries_the_same_and_runs_nothing(furnished: Zone, analyst: Client) -> None:
    Hotspot.objects.filter(number=1).update(names={"fr": "=1+1"})
    file = taken(analyst, "/west/hotspots/1/figures.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert book.sheetnames == ["Months", "Categories", "About"]
    months = list(book["Months"].iter_rows(values_only=True))
    assert months[-1][:2] == ("2025-10", 24)
    # Every number of a column shows the same decimals, as on the page.
    counted, expected = zip(*((row[1], row[3]) for row in book["Months"].iter_rows(min_row=2)), strict=True)
    assert {cell.number_format for cell in counted} == {"0"}
    assert {cell.number_format for cell in expected if cell.value is not None} == {"0.0"}
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Purpose"] == "Preparing the monthly meeting"
    ranking = taken(analyst, "/west/ranking.csv").content.decode("utf-8-sig")
    assert "'=1+1" in ranking


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_the_monthly_report_comes_through_the_door(
    furnished: Zone, analyst: Client, kind: str, start: bytes
) -> None:
    file = taken(analyst, f"/west/hotspots/1/report.{kind}")
    assert file.status_code == 200
    assert file.content.startswith(start)
    assert Record.objects.get(action="disclosure").object_type == "hotspots.report"
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(file.content))
        cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
        assert REASON["door_recipient"] in cells
        assert REASON["door_reason"] in cells


def test_facts_one_by_one_open_with_a_reason_only(furnished: Zone, analyst: Client) -> None:
    url = "/west/hotspots/1/facts/"
    assert analyst.get(url).status_code == 403
    page = analyst.post(url, {"door_reason": "A pattern around the market"}, follow=True).content.decode()
    assert "24 facts with a place in the perimeter, October 2025." in page
    assert "A pattern around the market" in page
    assert '"kind": "point"' in page
    entry = Record.objects.get(action="consultation", object_type="facts.points")
    assert entry.object_id == "hotspot 1 2025-10"


def test_facts_are_counted_in_pages_and_leave_the_house_as_a_disclosure(
    furnished: Zone, analyst: Client
) -> None:
    content = taken(analyst, "/west/hotspots/1/facts.csv").content.decode("utf-8-sig")
    rows = [line for line in content.splitlines() if not line.startswith("#")]
    assert len(rows) == 1 + 24
    assert Record.objects.filter(action="disclosure", object_type="facts.points").count() == 1


def test_a_hotspot_manager_opens_the_facts_of_own_hotspots_only(
    furnished: Zone, users: dict[str, User], hotspot_manager: Client
) -> None:
    assert hotspot_manager.get("/west/hotspots/1/facts/").status_code == 404
    Hotspot.objects.filter(number=1).update(manager=users["hotspot_manager"])
    assert hotspot_manager.get("/west/hotspots/1/facts/").status_code == 403
    assert hotspot_manager.get("/west/hotspots/2/facts/").status_code == 404

"""An analyst imports a file: sent, previewed, checked, imported, its refused rows taken away with a reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from furnished_zone import TODAY, Town, last_month
from playwright.sync_api import FilePayload, Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]
MIDDLE_OF_THE_ZONE = (146_000, 172_000)
FUTURE = f"{TODAY.year + 2}-01-01"


def export(language: str) -> FilePayload:
    """Ten facts of the last month, one without a date, which counts in totals only, and one of the future, refused."""
    month = last_month(TODAY)
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(["id", "category", "from", "to", "reported", "x", "y", "quality", "source", "sector"])
    days = [*(date(month.year, month.month, day).isoformat() for day in range(1, 11)), "", FUTURE]
    x, y = MIDDLE_OF_THE_ZONE
    for number, day in enumerate(days):
        at = f"{day} 10:00:00" if day else ""
        table.writerow([f"{language}-{number}", "BIKE", at, at, at, x + number, y, "exact", "reported", ""])
    return {"name": f"export-{language}.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_an_analyst_imports_a_file_and_takes_its_refused_rows_away(
    town: Town, visit: Visit, assert_accessible: Check, language: str
) -> None:
    page = visit("analyst", language=language)
    page.goto(town.address("imports/"))
    page.locator(".actions a.primary").click()
    page.locator("main form button.primary").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("input[type=file]").set_input_files(export(language))
    page.locator("select[name=mapping]").select_option("demonstration")
    page.locator("main form button.primary").click()

    expect(page.locator("#preview tbody tr")).to_have_count(8)
    assert "[columns]" in page.locator("textarea[name=text]").input_value()
    assert_accessible(page)
    page.locator("button[name=step][value=check]").click()
    # The work goes on in the background; the page follows it by itself.
    expect(page.locator("button[name=step][value=import]")).to_be_visible()
    expect(page.locator("#findings-rejected tbody tr")).to_have_count(1)
    expect(page.locator("#findings-rejected")).to_contain_text("in_future")
    expect(page.locator("#findings-warnings")).to_contain_text("no_date")
    assert "11" in page.locator(".sentence").inner_text()
    assert_accessible(page)
    page.locator("button[name=step][value=import]").click()
    expect(page.locator(".actions a.primary")).to_be_visible()
    assert "11" in page.locator(".sentence").inner_text()
    assert_accessible(page)

    page.locator("a[href$='rejects.csv']").click()
    page.locator("textarea[name=door_reason]").fill("Correct the rows at their source")
    page.locator("input[name=door_recipient]").fill("Registration desk")
    assert_accessible(page)
    with page.expect_download() as download:
        page.locator("main form button.primary").click()
    taken = download.value.path().read_text(encoding="utf-8")
    assert "# purpose: Correct the rows at their source" in taken
    assert FUTURE in taken
    page.goto(town.address("imports/versions/"))
    expect(page.locator("#versions tbody tr", has_text=f"export-{language}.csv")).to_be_visible()
    page.goto(town.address("imports/"))
    page.get_by_role("link", name=f"export-{language}.csv").click()
    expect(page.locator("h1")).to_have_text(f"export-{language}.csv")
    for provoked in ("403 (Forbidden)", "422 (Unprocessable"):
        page.watch.expect(provoked)  # type: ignore[attr-defined]


def test_a_file_with_persons_in_it_is_refused_and_says_which_column(
    town: Town, visit: Visit, assert_accessible: Check
) -> None:
    page = visit("analyst", language="nl")
    page.goto(town.address("imports/new/"))
    persons = b"datum;categorie;rijksregisternummer\n2026-01-02;BIKE;85.07.30-033.28\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "export.csv", "mimeType": "text/csv", "buffer": persons}
    )
    page.locator("main form button.primary").click()
    expect(page.locator(".error-summary")).to_contain_text("rijksregisternummer")
    assert_accessible(page)
    page.watch.expect("422 (Unprocessable")  # type: ignore[attr-defined]

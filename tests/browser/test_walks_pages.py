"""Every page of the furnished zone: accessible in each language, on a phone, in the dark, without scripts, on paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings
from furnished_zone import MONTHS, TODAY, Town, last_month
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]

MAIN = {"zone": ("analyst", ""), "hotspot": ("hotspot-manager", "hotspots/11/")}
PAGES = MAIN | {
    "hotspot of hardly any facts": ("analyst", "hotspots/2/"),
    "hotspot with too short a history": ("analyst", "hotspots/11/?month={early}"),
    "hotspot as the mayor's office sees it": ("mayor", "hotspots/11/"),
    "hotspots": ("division-head", "hotspots/"),
    "phases": ("division-head", "phases/"),
    "reports": ("analyst", "reports/"),
    "reports to build": ("analyst", "reports/build/"),
    "builder of a report": ("analyst", "reports/build/month/"),
    "schedules of reports": ("direction", "reports/schedules/"),
    "template of reports": ("direction", "reports/templates/"),
    "phases of a hotspot": ("hotspot-manager", "phases/11/"),
    "perimeters": ("division-head", "perimeters/"),
    "perimeter": ("hotspot-manager", "perimeters/11/"),
    "perimeter drawn anew": ("analyst", "perimeters/11/draw/"),
    "new hotspot": ("analyst", "perimeters/new/"),
    "plan": ("analyst", "plan/"),
    "new plan": ("analyst", "plan/new/"),
    "yearly evaluations": ("division-head", "plan/evaluations/"),
    "actions": ("hotspot-manager", "actions/"),
    "week of visits": ("hotspot-manager", "actions/week/"),
    "meetings": ("mayor", "meetings/"),
    "new meeting": ("direction", "meetings/plan/"),
    "organisations": ("direction", "meetings/organisations/"),
    "new organisation": ("direction", "meetings/organisations/add/"),
    "bodies that meet": ("direction", "meetings/bodies/"),
    "pulse of the partnership": ("analyst", "meetings/pulse/"),
    "commitments": ("direction", "commitments/?state=all"),
    "commitments of a partner": ("partner", "commitments/"),
    "a commitment": ("partner", "commitments/1/"),
    "a commitment kept": ("partner", "commitments/1/step/keep/"),
    "a commitment noted": ("hotspot-manager", "commitments/new/"),
    "links of organisations": ("direction", "commitments/links/"),
    "letters": ("administrator", "/letters/"),
    "bulletins": ("mayor", "bulletins/"),
    "new bulletin": ("direction", "bulletins/new/"),
    "feedback of residents": ("mayor", "bulletins/feedback/"),
    "cards": ("analyst", "knowledge/"),
    "new card": ("hotspot-manager", "knowledge/new/"),
    "networks": ("mayor", "knowledge/networks/"),
    "results of a search": ("direction", "search/?q=light"),
    "nothing found": ("partner", "search/?q=unheard"),
    "imports": ("analyst", "imports/"),
    "new import": ("analyst", "imports/new/"),
    "versions": ("analyst", "imports/versions/"),
    "categories": ("analyst", "imports/categories/"),
    "territory": ("analyst", "territory/"),
    "import of territory": ("administrator", "territory/import/"),
    "what waits": ("direction", "decisions/"),
    "clock": ("direction", "governance/"),
    "rules of the clock": ("direction", "governance/rules/"),
    "my commune": ("mayor", "governance/commune/"),
    "calendar and letter": ("partner", "governance/mine/"),
    "coordination board": ("direction", "decisions/board/"),
    "which hotspots differ": ("direction", "decisions/differences/"),
    "around the hotspots": ("direction", "decisions/around/"),
    "two compared": ("direction", "decisions/compare/?one=11&other=12"),
    "audit trail": ("auditor", "/audit/"),
    "chain": ("auditor", "/audit/chain/"),
    "users": ("administrator", "/users/"),
    "new user": ("administrator", "/users/new/"),
    "user": ("administrator", "/users/division-head/?zone=west"),
    "roles": ("administrator", "/users/roles/"),
    "second factor": ("partner", "/accounts/2fa/"),
    "start of a partner": ("partner", "/"),
}
LANGUAGES = ("nl", "fr", "en")


def speak(page: Page, town: Town, language: str) -> None:
    """The pages come in this language from here on."""
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": town.url}])


def open_page(page: Page, town: Town, path: str) -> None:
    """The page with its charts and maps awake."""
    month = last_month(TODAY) - timedelta(days=30 * (MONTHS - 6))
    answer = page.goto(town.address(path.format(early=f"{month:%Y-%m}")))
    assert answer is not None
    assert answer.ok
    for kind in ("[data-chart]", "[data-map]"):
        for element in page.locator(kind).all():
            element.evaluate("e => e.scrollIntoView()")
            expect(element).to_have_attribute("data-ready", "")


def beyond_the_edge(page: Page) -> list[str]:
    """What makes the page wider than the screen; empty when nothing does."""
    found: list[str] = page.evaluate(
        """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [
            `${document.scrollingElement.scrollWidth} of ${innerWidth}`,
            ...[...document.body.querySelectorAll("*")]
                .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                .slice(0, 8).map((e) => e.outerHTML.slice(0, 120))]"""
    )
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits_a_phone_in_each_language(
    town: Town, visit: Visit, assert_accessible: Check, name: str
) -> None:
    username, path = PAGES[name]
    page = visit(username)
    for language in LANGUAGES:
        speak(page, town, language)
        page.set_viewport_size({"width": 1280, "height": 900})
        open_page(page, town, path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert beyond_the_edge(page) == [], language
        assert_accessible(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(100)
        assert beyond_the_edge(page) == [], language


@pytest.mark.parametrize("name", MAIN)
def test_the_main_pages_are_accessible_in_the_dark_and_on_a_phone(
    town: Town, visit: Visit, assert_accessible: Check, name: str
) -> None:
    username, path = MAIN[name]
    page = visit(username, scheme="dark", width=390)
    for language in LANGUAGES:
        speak(page, town, language)
        open_page(page, town, path)
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        assert_accessible(page)
        assert beyond_the_edge(page) == [], language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAIN)
def test_the_main_pages_read_without_scripts(town: Town, visit: Visit, name: str, language: str) -> None:
    username, path = MAIN[name]
    page = visit(username, language=language, scripts=False)
    page.goto(town.address(path))
    assert page.locator(".sentence").inner_text().strip()
    for picture in page.locator(".picture").all():
        assert picture.locator("svg").first.is_visible()
    assert page.locator(".map-picture svg").first.is_visible()
    assert page.locator("main table tbody tr:visible").count() > 1
    fold = page.locator("details[data-table-fold]").first
    fold.locator("summary").click()
    assert fold.locator("tbody tr").first.is_visible()
    # Choosing a month needs a button where no script listens.
    page.locator("#month").select_option(index=2)
    page.locator("form.picker:has(#month) button[type=submit]").click()
    assert "month=" in page.url
    assert page.locator(".sentence").inner_text().strip()


NAMES_ON_NUMBERS = """() => {
    const box = (e) => e.getBoundingClientRect();
    const signs = [...document.querySelectorAll(".map .marker")].map(box);
    const names = [...document.querySelectorAll(".map .label:not([hidden])")];
    const hidden = names.filter((name) => signs.some((sign) => box(name).left < sign.right && box(name).right > sign.left
        && box(name).top < sign.bottom && box(name).bottom > sign.top));
    return [names.length, hidden.map((name) => name.textContent)];
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_names_on_the_map_and_its_numbers_leave_each_other_readable(
    town: Town, visit: Visit, width: int
) -> None:
    page = visit("hotspot-manager", language="nl", width=width)
    open_page(page, town, "")
    shown, covered = page.evaluate(NAMES_ON_NUMBERS)
    assert shown
    assert covered == []
    assert page.locator(".map .marker [data-own]").count() > 0


def test_the_drawn_map_stays_where_the_screen_cannot_draw_a_moving_one(town: Town, visit: Visit) -> None:
    page = visit("analyst", language="nl")
    page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return kind.startsWith("webgl") ? null : get.call(this, kind, ...more);
        };"""
    )
    page.goto(town.address(""))
    page.locator("[data-map]").evaluate("e => e.scrollIntoView()")
    expect(page.locator(".map-error")).to_be_visible()
    expect(page.locator(".map-picture svg")).to_be_visible()
    assert page.locator(".map.ready").count() == 0
    page.watch.expect("The map stays as it was drawn")  # type: ignore[attr-defined]


def shown_and_drawn(leaf: pikepdf.Page) -> tuple[int, int]:
    """How many pieces of text and how many outlines a page of paper carries, those inside its forms too."""
    text = lines = 0
    waiting = [leaf.obj]
    while waiting:
        part = waiting.pop()
        for instruction in pikepdf.parse_content_stream(part):
            operator = str(instruction.operator)
            text += operator in ("Tj", "TJ")
            lines += operator in ("f", "f*", "S", "s", "B", "b")
        resources = part.get("/Resources", {})
        waiting += [
            form for form in resources.get("/XObject", {}).values() if form.get("/Subtype") == "/Form"
        ]
    return text, lines


@pytest.mark.parametrize("name", MAIN)
def test_the_main_pages_print(town: Town, visit: Visit, name: str) -> None:
    username, path = MAIN[name]
    page = visit(username, language="nl")
    open_page(page, town, path)
    with pikepdf.open(io.BytesIO(page.pdf(format="A4", print_background=True))) as paper:
        assert 1 <= len(paper.pages) <= 12
        leaves = [shown_and_drawn(leaf) for leaf in paper.pages]
    assert all(text > 5 for text, _lines in leaves), leaves
    # The map and the series are drawings, on whichever page they stand.
    assert sum(lines for _text, lines in leaves) > 30, leaves

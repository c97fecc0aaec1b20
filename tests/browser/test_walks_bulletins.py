"""The bulletin of a neighbourhood: written in two languages, published, answered by a resident, read by the zone."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from furnished_zone import Town
from playwright.sync_api import Browser, Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]

TEXTS = {
    "title-fr": "Le quartier a parlé",
    "title-nl": "De wijk heeft gesproken",
    "said-fr": "Les lampes du square sont cassées.",
    "said-nl": "De lampen op het plein zijn stuk.",
    "done-fr": "Quatre lampes sont réparées.",
}
FEEDBACK = "La lampe près du banc clignote encore."


@pytest.fixture(scope="module")
def public(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The public side beside the site, in a process that has the public folder and nothing else."""
    folder = next(tmp_path_factory.getbasetemp().glob("town*/home/public"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VICUS_", "DJANGO_"))}
    words = [sys.executable, "-m", "vicus", "serve", "--public", "--port", str(port)]
    server = subprocess.Popen(words, env={**clean, "VICUS_PUBLIC": str(folder)}, cwd=folder)
    try:
        for _patience in range(300):
            assert server.poll() is None
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def resident(browser: Browser) -> Iterator[Page]:
    """Somebody with a phone and without scripts; nothing is left on it."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


def test_published_in_two_languages_answered_by_a_resident_and_read(
    town: Town, public: str, visit: Visit, resident: Page, assert_accessible: Check
) -> None:
    page = visit("mayor")
    page.goto(town.address("bulletins/new/"))
    assert_accessible(page)
    commune = page.locator("select[name=place] option", has_text="Molenbeek").first.get_attribute("value")
    page.locator("select[name=place]").select_option(commune)
    page.get_by_role("button", name="Begin the bulletin").click()
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    expect(page.locator(".saving")).to_contain_text("Saved")
    for why in page.locator("textarea[name^=why]").all():  # promises that were dropped before
        why.fill("Budget.")
    page.locator("select[name=columns]").select_option("months")
    page.get_by_role("button", name="Keep the bulletin").click()
    assert_accessible(page)

    # One language is not enough, and the page says what is missing.
    page.get_by_role("button", name="It is ready to publish").click()
    expect(page.locator("main")).to_contain_text("what was done (Dutch)")
    page.watch.expect("422")  # type: ignore[attr-defined]
    page.locator("[name=done-nl]").fill("Vier lampen zijn hersteld.")
    page.get_by_role("button", name="Keep the bulletin").click()
    page.get_by_role("link", name="See it as residents will").click()
    expect(page.locator("article[lang=nl]")).to_contain_text("Vier lampen zijn hersteld.")
    expect(page.locator("article[lang=fr] table")).to_be_visible()
    assert_accessible(page)
    page.go_back()
    page.get_by_role("button", name="It is ready to publish").click()
    page.get_by_role("button", name="Publish in both languages").click()
    expect(page.locator(".state").first).to_have_text("published")
    assert_accessible(page)

    resident.goto(public)
    resident.get_by_role("link", name="Lire en français").click()
    resident.get_by_role("link", name=TEXTS["title-fr"]).click()
    expect(resident.locator("main")).to_contain_text("Quatre lampes sont réparées.")
    resident.get_by_role("link", name="Nederlands").click()
    expect(resident.locator("main")).to_contain_text("Vier lampen zijn hersteld.")
    resident.get_by_role("link", name="Français").click()
    resident.locator("textarea").fill(FEEDBACK)
    resident.wait_for_timeout(3500)
    resident.locator("button.primary").click()
    expect(resident).to_have_url(re.compile(r"/thanks/(#\w+)?$"))

    page.goto(town.address("bulletins/feedback/"))
    entry = page.locator("article", has_text=FEEDBACK)
    entry.get_by_label("lighting").check()
    assert_accessible(page)
    entry.get_by_role("button", name="It is read").click()
    expect(page.locator("article", has_text=FEEDBACK)).to_contain_text("lighting")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_public_pages_are_accessible_in_both_languages(
    browser: Browser, public: str, assert_accessible: Check, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    # What checks the page is a script of the test; the pages themselves allow none.
    for path in ("/", "/fr/", "/nl/", "/fr/nowhere/"):
        page.goto(public + path)
        assert_accessible(page)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        link = page.locator(".bulletins a").first
        if link.count():
            link.click()
            assert_accessible(page)
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert context.cookies() == []
    context.close()

"""A partner keeps a promise from a link on a phone, without an account; the manager of the hotspot sees it kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from furnished_zone import Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]
TITLES = {"nl": "Kelders afsluiten", "fr": "Lampen in de inkomhal vervangen"}
OTHERS = "Camera boven de trap richten"
LINE = "Nieuwe sloten, elke deur nagekeken."


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("fr", "dark")])
def test_a_partner_keeps_a_promise_from_a_link_and_the_manager_sees_it(
    town: Town, visit: Visit, assert_accessible: Check, language: str, scheme: str
) -> None:
    direction = visit("direction", language=language)
    direction.goto(town.address("commitments/"))
    direction.locator("a[href$='/commitments/links/']").click()
    row = direction.locator("li", has_text=said_name(language))
    row.locator("form[action$='/make/'] button").click()
    address = direction.locator("[data-link]").inner_text()
    assert_accessible(direction)

    phone = visit(width=390, scheme=scheme)
    phone.goto(address)
    assert "/login/" not in phone.url
    phone.locator(f".promise-bar a[lang={language}]").click()
    expect(phone.locator("html")).to_have_attribute("lang", language)
    expect(phone.get_by_text(OTHERS)).to_have_count(0)
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    promise = phone.locator("article", has_text=TITLES[language])
    promise.locator("button.primary").click()
    # Without a line it is not kept; what is missing stands at the field.
    expect(promise.locator("[role=alert]")).to_have_text(
        said(language, "Say in a line what shows that it is kept.")
    )
    assert_accessible(phone)
    promise.locator("textarea").fill(LINE)
    promise.locator("button.primary").click()
    expect(phone.locator(".notice.good")).to_be_visible()
    expect(phone.locator("article", has_text=TITLES[language])).to_have_count(0)
    assert_accessible(phone)
    phone.watch.expect("422")  # type: ignore[attr-defined]

    manager = visit("hotspot-manager", language=language)
    manager.goto(town.address("commitments/?state=kept"))
    manager.get_by_role("link", name=TITLES[language]).click()
    expect(manager.locator(".page-title .state")).to_have_text(said(language, "kept"))
    expect(manager.locator("#evidence")).to_contain_text(LINE)
    expect(manager.locator("#history li").first).to_contain_text("housing (link)")
    assert_accessible(manager)

    direction.goto(town.address("commitments/links/"))
    direction.locator("li", has_text=said_name(language)).locator(
        "form[action$='/revoke/'] button"
    ).first.click()
    expect(direction.locator(".toast, .toasts").first).to_be_visible()
    gone = phone.goto(address)
    assert gone is not None
    assert gone.status == 404
    assert_accessible(phone)
    phone.watch.expect("404")  # type: ignore[attr-defined]


def said_name(language: str) -> str:
    """The name of the housing company, as the furnished zone has it."""
    return {"nl": "Sociale huisvesting", "fr": "Logement social"}[language]

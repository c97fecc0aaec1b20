"""A municipal meeting: prepared by the mayor's office, held and written on a phone by the division head, minuted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext, override
from furnished_zone import TODAY, Town
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Visit = Callable[..., Page]
STATE = ".page-title .state"


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def write(page: Page, key: str, text: str) -> None:
    """Type a text and wait until it is saved by itself."""
    with page.expect_response(lambda answer: f"/words/{key}/" in answer.url and answer.ok):
        page.locator(f"#text-{key}").fill(text)


def note(page: Page, section: str) -> None:
    """Open the form of a section."""
    page.locator(f"#{section} details.add > summary").click()


def keep(page: Page, section: str) -> None:
    """Send the form of a section."""
    page.locator(f"#{section} details.add button.primary").click()


def test_a_municipal_meeting_is_prepared_held_and_minuted(
    town: Town, visit: Visit, assert_accessible: Check
) -> None:
    direction = visit("direction", language="fr")
    direction.goto(town.address("meetings/bodies/add/"))
    direction.locator("#id_name_nl").fill("Veiligheidsoverleg")
    direction.locator("#id_name_fr").fill("Concertation sécurité")
    direction.locator("#id_levels input[value='3']").check()
    direction.locator("#id_commune").select_option(label="Molenbeek-Saint-Jean")
    direction.locator("#id_chair").fill("bourgmestre")
    assert_accessible(direction)
    direction.locator("form.form button.primary").click()
    expect(direction.locator("#bodies")).to_contain_text("Concertation sécurité")
    assert_accessible(direction)

    mayor = visit("mayor", language="fr")
    mayor.goto(town.address("meetings/"))
    assert_accessible(mayor)
    mayor.locator(".page-head a.button.primary").click()
    mayor.locator("#id_body").select_option(label="Concertation sécurité")
    mayor.locator("#id_day").fill((TODAY - timedelta(days=1)).isoformat())
    mayor.locator("#id_hour").fill("10:00")
    mayor.locator("#id_place").fill("Maison communale")
    mayor.locator("#id_language").select_option("fr")
    assert_accessible(mayor)
    mayor.locator("form.form button.primary").click()
    expect(mayor.locator(STATE)).to_have_text(said("fr", "planned"))
    address = mayor.url
    write(mayor, "asked", "Un éclairage au passage.")
    note(mayor, "organisations")
    mayor.locator("#new-presence-organisation").select_option(label="Logement social")
    mayor.locator("#new-presence-roles").fill("service technique")
    assert_accessible(mayor)
    keep(mayor, "organisations")
    expect(mayor.locator("#organisations .entries")).to_contain_text("Logement social")

    head = visit("division-head", language="nl", width=390)
    head.goto(address)
    assert_accessible(head)
    assert head.evaluate("document.documentElement.scrollWidth") <= 390
    expect(head.locator("#text-asked")).to_have_value("Un éclairage au passage.")
    head.locator("#next button.primary").click()
    expect(head.locator(STATE)).to_have_text(said("nl", "held"))
    write(head, "minutes", "De cijfers werden overlopen.")
    # The mayor's office still has the page of before: its text meets this one, and both are kept.
    mayor.locator("#text-minutes").fill("On a parlé d'éclairage.")
    expect(mayor.locator("#passage-minutes .met")).to_contain_text("On a parlé d'éclairage.")
    mayor.locator("#passage-minutes button[value=join]").click()
    expect(mayor.locator("#text-minutes")).to_have_value(
        "De cijfers werden overlopen.\n\nOn a parlé d'éclairage."
    )

    head.goto(address)
    note(head, "decisions")
    head.locator("#new-decision-text").fill("De lamp gaat voor.")
    keep(head, "decisions")
    expect(head.locator("#decisions .entries")).to_contain_text("De lamp gaat voor.")
    note(head, "commitments")
    head.locator("#new-commitment-title").fill("De lamp herstellen")
    head.locator("#new-commitment-owner").select_option(label="Sociale huisvesting")
    head.locator("#new-commitment-due_on").fill((TODAY + timedelta(days=30)).isoformat())
    keep(head, "commitments")
    expect(head.locator("#commitments .entries")).to_contain_text("De lamp herstellen")
    # Nobody said yet whether the organisation came.
    expect(head.locator("#next .why-not")).to_contain_text(
        said("nl", "Say of each organisation whether it came.")
    )
    head.locator("#organisations .entry-foot a").click()
    head.locator("input[name=state][value=present]").check()
    assert_accessible(head)
    head.locator("form.entry-form button.primary").click()
    head.locator("#next button.primary").click()
    expect(head.locator(STATE)).to_have_text(said("nl", "minuted"))
    expect(head.locator("#text-minutes")).to_have_count(0)
    assert_accessible(head)
    assert head.evaluate("document.documentElement.scrollWidth") <= 390
    for page in (direction, mayor, head):
        assert page.watch.complaints == []  # type: ignore[attr-defined]

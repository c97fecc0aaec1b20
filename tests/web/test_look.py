"""The look is one: style sheets come from the tokens, nothing is inline, nothing is fetched from elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.forms import CharField, Form
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

import vicus.web
from vicus.pictures.drawing import svg as draw_svg
from vicus.pictures.rhythm import hour_of_week
from vicus.pictures.sheet import density_scale
from vicus.pictures.tokens import SCHEMES, contrast, tokens
from vicus.web.site import marks, styles
from vicus.web.site.templatetags import look

WEB = Path(vicus.web.__file__).parent
REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(WEB.glob("*/templates/**/*.html"))
OWN_FILES = sorted((WEB / "site" / "static" / "site").iterdir())
LANGUAGES = ("nl", "fr", "en")


def rendered(source: str, **context: Any) -> str:
    return Template("{% load look %}" + source).render(Context(context)).strip()


# --- files ------------------------------------------------------------------------------------------------


def test_the_style_sheet_is_what_the_tokens_say() -> None:
    assert styles.SHEET.read_text(encoding="utf-8") == styles.sheet(tokens()), (
        "Run: python -m vicus.web.site.styles"
    )


def test_vendored_files_are_those_of_their_manifest() -> None:
    run = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / "vendor", "--check"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_every_vendored_package_carries_its_licence() -> None:
    manifest = json.loads((look.VENDOR / "manifest.json").read_text(encoding="utf-8"))
    for package in manifest["packages"]:
        names = {entry["file"] for entry in package["files"]}
        assert any(name.startswith("LICENSE") for name in names), package["name"]
        assert package["licence"], package["name"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle\s*=", text), "style attributes are forbidden by the content policy"
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), (
        "event attributes are forbidden by the content policy"
    )
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "application/json" in tag, tag


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN_FILES], ids=lambda path: path.name)
def test_a_file_of_the_site_names_no_other_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    addresses = re.findall(r"(?:https?:)?//[a-z][\w-]*\.[\w.-]+", text)
    assert [address for address in addresses if "www.w3.org" not in address] == []


def test_colours_in_style_sheets_are_tokens() -> None:
    allowed = {"#fff", "salmon"}
    for name in ("look.css", "components.css"):
        text = (WEB / "site" / "static" / "site" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text)) <= allowed, name


def test_every_custom_property_that_is_used_exists() -> None:
    known = {name for name, _value in styles.properties(tokens())}
    for path in [*TEMPLATES, *OWN_FILES, WEB / "site" / "marks.py"]:
        used = set(re.findall(r"var\(--([\w-]+)\)", path.read_text(encoding="utf-8")))
        assert used <= known, path.name


# --- pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_style_guide_opens_in_every_language(client: Client, db: None, language: str) -> None:
    client.cookies["vicus_language"] = language
    response = client.get(reverse("styleguide:guide"))
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.text


def test_every_component_is_on_the_style_guide(client: Client, db: None) -> None:
    pages = [reverse(f"styleguide:{name}") for name in ("guide", "page", "reason")]
    shown = {used.name for address in pages for used in client.get(address).templates}
    components = {
        f"site/components/{path.name}" for path in (WEB / "site/templates/site/components").glob("*.html")
    }
    assert components - shown == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chosen_scheme_is_kept(client: Client, db: None, scheme: str) -> None:
    response = client.post(reverse("styleguide:appearance"), {"scheme": scheme, "next": "/styleguide/page/"})
    assert response.headers["Location"] == "/styleguide/page/"
    assert f'data-scheme="{scheme}"' in client.get("/styleguide/").text


def test_an_unknown_scheme_changes_nothing(client: Client, db: None) -> None:
    client.post(reverse("styleguide:appearance"), {"scheme": "sepia"})
    assert look.SCHEME_COOKIE not in client.cookies


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client: Client, db: None, elsewhere: str) -> None:
    response = client.post(reverse("styleguide:appearance"), {"scheme": "dark", "next": elsewhere})
    assert response.headers["Location"] == reverse("styleguide:guide")


def test_the_page_for_failures_needs_neither_request_nor_database() -> None:
    assert "500" in render_to_string("site/broken.html")


@pytest.mark.parametrize("status", [400, 403, 404])
def test_pages_for_mistakes_say_what_happened(db: None, status: int) -> None:
    page = render_to_string(
        "site/error.html", {"status": status, "error_title": "What happened", "error_sentence": "What to do"}
    )
    assert "What happened" in page
    assert "What to do" in page


# --- tags and filters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "written"), [("nl", "1.204,5"), ("fr", "1\u202f204,5"), ("en", "1,204.5")]
)
def test_numbers_follow_the_language(language: str, written: str) -> None:
    with override(language):
        assert rendered("{{ n|number }}", n=1204.5) == written


def test_what_a_block_gave_is_remembered_and_not_escaped_twice() -> None:
    text = rendered("{% remember as t %}{{ name }}{% endremember %}{{ t }}", name="Rue & <b>")
    assert text == "Rue &amp; &lt;b&gt;"


def test_a_missing_value_is_said_in_words_and_never_as_zero() -> None:
    columns = [{"label": "a"}, {"label": "b", "numeric": True}]
    assert "not recorded" in look.cell(None, columns, 1)
    assert ">0<" in look.cell(0, columns, 1)


def test_what_a_table_shows_is_escaped() -> None:
    shown = look.cell({"value": "<i>", "url": '"><script>', "minor": "<u>"}, [{"label": "a"}], 0)
    assert "<i>" not in shown
    assert "<script>" not in shown
    assert "<u>" not in shown


def test_pictures_take_the_colours_of_the_page() -> None:
    svg = '<svg aria-label="x"><title>x</title><g id="a"><path fill="#14505c" clip-path="url(#a)"/></g></svg>'
    drawn = look.themed(svg, "one")
    assert 'fill="var(--accent)"' in drawn
    assert "<title>" not in drawn
    assert 'id="one-a"' in drawn
    assert "url(#one-a)" in drawn


def test_a_picture_wider_than_the_screen_says_that_it_goes_on() -> None:
    for language, told in (("nl", "loopt verder"), ("fr", "continue"), ("en", "goes on")):
        with override(language):
            shown = render_to_string(
                "site/components/chart.html", {"chart": {"id": "x", "svg": "<svg></svg>"}}
            )
        picture, hint = shown.index("chart-picture"), shown.index("chart-more")
        assert picture < hint < shown.index(told)
    style = (WEB / "site/static/site/components.css").read_text(encoding="utf-8")
    assert ".chart-picture:not(.replaced) + .chart-more { display: block; }" in style


def test_more_facts_are_further_from_the_paper_in_either_scheme() -> None:
    week = np.arange(168.0).reshape(7, 24)
    drawn = look.themed(draw_svg(hour_of_week(week, "en", captions=False)), "week")
    shown = re.findall(r'fill="(var\(--density-\d\))"', drawn)
    assert len(shown) > 150  # every cell with facts takes a colour of the page's own scheme
    for scheme in SCHEMES:
        ground = tokens().colours(scheme)["paper"]
        distances = [contrast(colour, ground) for colour in density_scale(scheme)]
        assert distances == sorted(distances)


def test_a_colour_that_is_two_tokens_is_the_same_in_the_dark() -> None:
    here = tokens()
    dark: dict[str, set[str]] = {}
    for light, night in (
        (here.colours("light"), here.colours("dark")),
        (here.data("light"), here.data("dark")),
    ):
        for name, colour in light.items():
            dark.setdefault(colour.upper(), set()).add(night[name].upper())
    assert {colour: nights for colour, nights in dark.items() if len(nights) > 1} == {}


def test_a_mark_is_where_its_count_is() -> None:
    def place(svg: str) -> float:
        return float(re.search(r'cx="([\d.]+)"', svg)[1])  # type: ignore[index]

    inside, above = marks.range_mark(18, 11, 24, 40), marks.range_mark(40, 11, 24, 40)
    assert place(inside) < place(above)
    assert "var(--ink)" in inside
    assert "var(--data-above)" in above
    assert "var(--data-below)" in marks.range_mark(2, 11, 24, 40)


def test_places_share_a_scale() -> None:
    assert marks.scale_of([{"n": 3, "high": None}, {"n": 41, "high": 33.0}]) == 41
    assert marks.scale_of([]) == 1


def test_a_short_history_draws_no_line() -> None:
    assert marks.sparkline([{"n": 3, "low": None, "high": None}], "within") == ""
    two = [{"n": 3, "low": None, "high": None}, {"n": 5, "low": 1.0, "high": 6.0}]
    assert "3" in marks.sparkline(two, "within")


def test_a_message_can_offer_to_be_taken_back() -> None:
    class Message:
        extra_tags = "undo:/west/undo/3/"

    class Elsewhere:
        extra_tags = "undo:https://example.org/"

    assert look.undo_address(Message()) == "/west/undo/3/"
    assert look.undo_address(Elsewhere()) == ""


def test_label_hint_error_and_control_are_tied_together() -> None:
    class Sample(Form):
        name = CharField(help_text="In two languages.")

    html = render_to_string("site/components/form.html", {"form": Sample({"name": ""})}, HttpRequest())
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    for identifier in described[1].split():
        assert f'id="{identifier}"' in html
    assert 'aria-invalid="true"' in html
    assert 'href="#id_name"' in html


def test_vendored_addresses_carry_their_version() -> None:
    address = rendered("{% vendor 'htmx' 'htmx.min.js' %}")
    assert re.search(r"/htmx-2\.\d+\.\d+/htmx\.min\.js$", address)
    assert (look.VENDOR / look.vendored()["htmx"] / "htmx.min.js").is_file()

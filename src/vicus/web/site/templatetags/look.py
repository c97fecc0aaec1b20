"""Tags and filters of the look: ``{% load look %}`` at the top of a template."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vicus.pictures import sentences, words
from vicus.pictures.sheet import density_scale
from vicus.pictures.tokens import tokens
from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES, Role
from vicus.web.site import marks
from vicus.web.site.navigation import zone_slug
from vicus.web.zone.models import Zone

register = template.Library()

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
SCHEME_COOKIE = "vicus_scheme"
SCHEMES = ("auto", "light", "dark")
TONES = {"success": "good", "warning": "warn", "error": "bad", "debug": "info"}

register.simple_tag(marks.range_mark)
register.simple_tag(marks.sparkline)
register.simple_tag(marks.deviation_sign)
register.simple_tag(marks.phase_strip)
register.simple_tag(marks.key_mark)
register.simple_tag(marks.scale_of)


# --- the page ---------------------------------------------------------------------------------------------


class RememberNode(Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        # What the nodes gave is already escaped where it had to be.
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308
        return mark_safe("")


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """``{% remember as name %}…{% endremember %}``: keep what a block gave, to use it twice or not at all."""
    parts = token.split_contents()
    if len(parts) != 3 or parts[1] != "as":
        raise template.TemplateSyntaxError("Write {% remember as name %}.")
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, parts[2])


@cache
def vendored() -> dict[str, str]:
    """Folder of each vendored package by name, from the manifest that scripts/vendor wrote."""
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    return {package["name"]: package["folder"] for package in manifest["packages"]}


@register.simple_tag
def vendor(name: str, file: str) -> str:
    """Address of a vendored file, without its version in the template."""
    return static(f"vendor/{vendored()[name]}/{file}")


@register.simple_tag
def script_settings() -> dict[str, Any]:
    """What the scripts must know: addresses of libraries, and which token each colour of a picture is."""
    return {
        "language": language(),
        "vega": vendor("vega", "vega.min.js"),
        "vegaLite": vendor("vega-lite", "vega-lite.min.js"),
        "vegaEmbed": vendor("vega-embed", "vega-embed.min.js"),
        "vegaInterpreter": vendor("vega-interpreter", "vega-interpreter.js"),
        "maplibre": vendor("maplibre-gl", "maplibre-gl.mjs"),
        "maplibreWorker": vendor("maplibre-gl", "maplibre-gl-worker.mjs"),
        "colours": colour_names(),
    }


@register.simple_tag(takes_context=True)
def scheme(context: Context) -> str:
    """Light, dark, or auto: what the reader chose, from a cookie."""
    request = context.get("request")
    chosen = request.COOKIES.get(SCHEME_COOKIE, "auto") if request else "auto"
    return chosen if chosen in SCHEMES else "auto"


@register.simple_tag(takes_context=True)
def address_here(context: Context) -> str:
    """Where to come back to after a switch."""
    request = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag(takes_context=True)
def zone_here(context: Context) -> Zone | None:
    """The zone of this page, or the reader's only or first one."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return None
    slug = zone_slug(request)
    return Zone.objects.filter(slug=slug).first() if slug else None


@register.simple_tag(takes_context=True)
def role_here(context: Context) -> Role | None:
    """The reader's role in the zone of this page."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or not isinstance(user, User):
        return None
    return ROLES.get(user.role_in(zone_slug(request)))


@register.simple_tag
def demo_accounts() -> list[User]:
    """The accounts that the demonstration offers; none outside it."""
    if not settings.DEMO:
        return []
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"))


# --- words and numbers ------------------------------------------------------------------------------------


def language() -> str:
    """The reader's language as the words of pictures know it."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


@register.filter
def number(value: Any, decimals: int = 0) -> Any:
    """A number as the reader's language writes it; anything else stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, float) and not decimals and not value.is_integer():
        decimals = 1
    return words.number(value, language(), decimals=decimals)


@register.filter
def day(value: date | None) -> str:
    """A day written out: 1 October 2026, 1er octobre 2026."""
    return "" if value is None else words.day(value, language())


@register.filter
def month(value: date | None) -> str:
    """A month as it stands in a sentence: October 2026."""
    return "" if value is None else words.month_name(value, language(), year=True)


@register.simple_tag
def today() -> date:
    return timezone.localdate()


@register.filter
def unlocalised(value: float) -> str:
    """A number for an attribute, which has no language."""
    return f"{value:g}"


@register.filter
def times(value: float, factor: float) -> str:
    return f"{value * factor:g}"


@register.filter
def tone(value: str | None) -> str:
    """Good, warn, bad or info, also from the names Django gives its messages."""
    value = value or "info"
    return TONES.get(value, value)


@register.filter
def undo_address(message: Any) -> str:
    """Where a message can be taken back: ``messages.success(request, text, extra_tags=f"undo:{url}")``."""
    tags = (getattr(message, "extra_tags", "") or "").split()
    return next((tag.removeprefix("undo:") for tag in tags if tag.startswith("undo:/")), "")


@register.filter
def deviation_words(state: str) -> str:
    """The words of `PlaceFigures.state`."""
    return sentences.state_words(state, language())


# --- tables and forms -------------------------------------------------------------------------------------


@register.simple_tag
def cell(
    value: Any, columns: Sequence[Mapping[str, Any]], place: int, url: str = "", stacked: bool = False
) -> SafeString:
    """One cell of a data table; the first of a row names it, numbers stand to the right.

    Where rows are stacked on a phone, each cell carries the heading of its column.
    """
    column: Mapping[str, Any] = columns[place] if place < len(columns) else {}
    given: Mapping[str, Any] = value if isinstance(value, Mapping) else {"value": value}
    shown, link = given.get("value"), given.get("url") or (url if place == 0 else "")
    look = ["number" if column.get("numeric") else "", "wide" if stacked and column.get("wide") else ""]
    label = str(column.get("label", "")) if stacked else ""
    if shown is None:
        missing: str | Promise = given.get("missing") or _("not recorded")
        return _cell(place, ["missing", *look], format_html("{}", missing), label)
    body = format_html("{}", number(shown, given.get("decimals", 0)))
    if link:
        body = format_html('<a href="{}">{}</a>', link, body)
    if given.get("minor"):
        body = format_html('{}<span class="minor">{}</span>', body, given["minor"])
    return _cell(place, look, body, label)


def _cell(place: int, look: Sequence[str], body: SafeString, label: str) -> SafeString:
    names = " ".join(filter(None, look))
    attributes = format_html(' class="{}"', names) if names else ""
    if place == 0:
        return format_html('<th scope="row"{}>{}</th>', attributes, body)
    if label:
        attributes = format_html('{} data-label="{}"', attributes, label)
    return format_html("<td{}>{}</td>", attributes, body)


@register.filter
def stacks(table: Mapping[str, Any]) -> bool:
    """Does each row of a table become an entry on a phone? Numbers are compared along their columns and scroll."""
    columns = table.get("columns", ())
    numeric = sum(bool(column.get("numeric")) for column in columns)
    return bool(table.get("stacked", 2 * numeric <= len(columns)))


@register.filter
def is_tick(field: BoundField) -> bool:
    """A single box to tick: its label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


# --- pictures ---------------------------------------------------------------------------------------------


@cache
def colour_names() -> dict[str, str]:
    """Light colour in capitals > custom property, for pictures drawn in the light scheme."""
    here = tokens()
    names: dict[str, str] = {}
    for prefix, colours in (("", here.colours("light")), ("data-", here.data("light"))):
        for name, colour in colours.items():
            names.setdefault(colour.upper(), prefix + name)
    for step, colour in enumerate(density_scale("light"), 1):
        names.setdefault(colour, f"density-{step}")
    return names


@register.filter
def themed(svg: str, name: str = "picture") -> SafeString:
    """A picture drawn in the light scheme, in the colours of whatever scheme the page is shown in.

    Its title is dropped, since browsers show it under the pointer and its label says the same; its inner names
    are put under `name`, since several pictures share a page and a hidden one lends out no patterns.
    """
    if not svg:
        return mark_safe("")
    names = colour_names()
    svg = re.sub(r"<title>.*?</title>", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(
        r"#[0-9a-fA-F]{6}\b",
        lambda hit: f"var(--{names[hit[0].upper()]})" if hit[0].upper() in names else hit[0],
        svg,
    )
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    return mark_safe(svg)  # noqa: S308 - drawn by vicus.pictures, never by a reader


@register.simple_tag
def swatch(name: str, prefix: str = "") -> SafeString:
    """A patch of one colour of the look."""
    return format_html(
        '<svg viewBox="0 0 100 36" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect x=".5" y=".5" width="99" height="35" fill="var(--{}{})" stroke="var(--line)"/></svg>',
        prefix,
        name,
    )

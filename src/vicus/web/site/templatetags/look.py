"""Tags and filters of the look: ``{% load look %}`` at the top of a template."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


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
    words = token.split_contents()
    if len(words) != 3 or words[1] != "as":
        raise template.TemplateSyntaxError("Write {% remember as name %}.")
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, words[2])


@cache
def vendored() -> dict[str, str]:
    """Folder of each vendored package by name, from the manifest that scripts/vendor wrote."""
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    return {package["name"]: package["folder"] for package in manifest["packages"]}


@register.simple_tag
def vendor(name: str, file: str) -> str:
    """Address of a vendored file, without its version in the template."""
    return static(f"vendor/{vendored()[name]}/{file}")

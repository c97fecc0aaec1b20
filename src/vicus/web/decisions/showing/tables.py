"""Tables as pages and files both want them: the same columns, the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.web.hotspots.views.sheets import KINDS, Sheet
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; of numbers, with the decimals to be read."""

    label: str
    numeric: bool = False
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of plain values; None is "not enough data". `urls` lead from each row to its page."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    urls: Sequence[str] = field(default_factory=tuple)
    note: str = ""

    def shown(self, name: str, downloads: Sequence[dict[str, str]] = (), missing: str = "") -> dict[str, Any]:
        """As the table component of the site wants it."""
        missing = missing or _("not enough data")
        return {
            "id": name,
            "caption": self.title,
            "columns": [
                # Sentences take a line of their own on a phone.
                {"key": f"c{i}", "label": c.label, "numeric": c.numeric, "wide": i > 0 and not c.numeric}
                for i, c in enumerate(self.columns)
            ],
            "rows": [
                {
                    "cells": [
                        {"value": value, "missing": missing, "decimals": column.decimals}
                        for value, column in zip(row, self.columns, strict=True)
                    ],
                    "url": self.urls[i] if i < len(self.urls) else "",
                }
                for i, row in enumerate(self.rows)
            ],
            "note": self.note,
            "whole": True,
            "downloads": list(downloads),
        }

    def sheet(self) -> Sheet:
        """As a file wants it: numbers with the decimals that say something."""
        return Sheet(
            self.title,
            [column.label for column in self.columns],
            [
                [_rounded(value, column.decimals) for value, column in zip(row, self.columns, strict=True)]
                for row in self.rows
            ],
        )


def links(zone: Zone, name: str, query: str = "") -> list[dict[str, str]]:
    """The table as a file, through the door that asks for a reason."""
    return [
        {"label": kind.upper(), "url": reverse("decisions:file", args=[zone.slug, name, kind]) + query}
        for kind in KINDS
    ]


def _rounded(value: Any, decimals: int) -> Any:
    if not isinstance(value, float):
        return value
    return round(value, decimals) if decimals else round(value)

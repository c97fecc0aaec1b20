"""Headings that sort a table by links: pressed once they sort, pressed again they turn the order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Sortable(Protocol):
    """A column of a table that is sorted by its address."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> Any: ...
    @property
    def numeric(self) -> bool: ...


def heading(column: Sortable, sort: tuple[str, bool], address: Callable[[str], str]) -> dict[str, Any]:
    """A column as the table wants it; `sort` is the key now sorted by and whether it descends, numbers do so first.

    `address` gives the address of the same table sorted otherwise ("key", or "-key" to descend).
    """
    key, descending = sort
    now = column.key == key
    turned = not descending if now else column.numeric
    return {
        "key": column.key,
        "label": column.label,
        "numeric": column.numeric,
        "sort_url": address(f"-{column.key}" if turned else column.key),
        "sorted": ("descending" if descending else "ascending") if now else "",
    }

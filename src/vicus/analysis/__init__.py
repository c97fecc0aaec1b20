"""The science of places: arrays and tables in, results out. Usable alone, from a notebook.

Functions load on first use, so that `from vicus import analysis` is immediate.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vicus.analysis.change import Expected, expected_range
    from vicus.analysis.errors import AnalysisError
    from vicus.analysis.places import count_points, make_grid
    from vicus.analysis.rhythm import aoristic

_HOME = {
    "places": ("count_points", "make_grid"),
    "rhythm": ("aoristic",),
    "change": ("Expected", "expected_range"),
    "errors": ("AnalysisError",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AnalysisError",
    "Expected",
    "aoristic",
    "count_points",
    "expected_range",
    "make_grid",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return importlib.import_module(f"vicus.analysis.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'vicus.analysis' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"vicus.analysis.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_MODULE_OF})

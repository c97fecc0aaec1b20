"""The science of places: arrays and tables in, results out. Usable alone, from a notebook.

Functions load on first use, so that `from vicus import analysis` is immediate.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vicus.analysis.change import (
        Controls,
        DetectableChange,
        DifferenceInDifferences,
        Dispersion,
        DisplacementQuotient,
        Expected,
        Funnel,
        HarmDifference,
        PeriodChange,
        SmallSample,
        WeightedDisplacementDifference,
        choose_controls,
        cumulative_wdd,
        detectable_change,
        difference_in_differences,
        dispersion,
        e_test,
        empirical_bayes,
        expected_range,
        funnel,
        harm_wdd,
        poisson_fit,
        poisson_z,
        scan_window,
        small_sample_test,
        wdd,
        wdq,
        week_on_week,
        year_to_date,
    )
    from vicus.analysis.concentration import Capture, Lorenz, capture_rate, gini, lorenz, pai
    from vicus.analysis.errors import AnalysisError
    from vicus.analysis.patterns import (
        Centre,
        GearyC,
        GeneralG,
        Interaction,
        NearestNeighbours,
        QuadratTest,
        Ripley,
        centre,
        count_change,
        density_bands,
        geary,
        general_g,
        jacquez,
        mantel,
        nearest_neighbours,
        quadrat_test,
        ripley,
    )
    from vicus.analysis.places import (
        JoinCounts,
        Moran,
        count_points,
        getis_ord,
        join_counts,
        kernel_density,
        local_moran,
        make_grid,
        moran,
        select_bandwidth,
    )
    from vicus.analysis.proposals import propose_perimeters
    from vicus.analysis.publication import suppress
    from vicus.analysis.repeats import (
        Knox,
        LocalKnox,
        knox,
        local_knox,
        near_repeat,
        near_repeat_chains,
    )
    from vicus.analysis.rhythm import aoristic
    from vicus.analysis.severity import harm
    from vicus.analysis.week import WeekRhythm, week_rhythm

_HOME = {
    "severity": ("harm",),
    "places": (
        "JoinCounts",
        "Moran",
        "count_points",
        "getis_ord",
        "join_counts",
        "kernel_density",
        "local_moran",
        "make_grid",
        "moran",
        "select_bandwidth",
    ),
    "patterns": (
        "Centre",
        "GearyC",
        "GeneralG",
        "Interaction",
        "NearestNeighbours",
        "QuadratTest",
        "Ripley",
        "centre",
        "count_change",
        "density_bands",
        "geary",
        "general_g",
        "jacquez",
        "mantel",
        "nearest_neighbours",
        "quadrat_test",
        "ripley",
    ),
    "concentration": ("Capture", "Lorenz", "capture_rate", "gini", "lorenz", "pai"),
    "repeats": ("Knox", "LocalKnox", "knox", "local_knox", "near_repeat", "near_repeat_chains"),
    "rhythm": ("aoristic",),
    "week": ("WeekRhythm", "week_rhythm"),
    "change": (
        "Controls",
        "DetectableChange",
        "DifferenceInDifferences",
        "Dispersion",
        "DisplacementQuotient",
        "Expected",
        "Funnel",
        "HarmDifference",
        "PeriodChange",
        "SmallSample",
        "WeightedDisplacementDifference",
        "choose_controls",
        "cumulative_wdd",
        "detectable_change",
        "difference_in_differences",
        "dispersion",
        "e_test",
        "empirical_bayes",
        "expected_range",
        "funnel",
        "harm_wdd",
        "poisson_fit",
        "poisson_z",
        "scan_window",
        "small_sample_test",
        "wdd",
        "wdq",
        "week_on_week",
        "year_to_date",
    ),
    "proposals": ("propose_perimeters",),
    "publication": ("suppress",),
    "errors": ("AnalysisError",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AnalysisError",
    "Capture",
    "Centre",
    "Controls",
    "DetectableChange",
    "DifferenceInDifferences",
    "Dispersion",
    "DisplacementQuotient",
    "Expected",
    "Funnel",
    "GearyC",
    "GeneralG",
    "HarmDifference",
    "Interaction",
    "JoinCounts",
    "Knox",
    "LocalKnox",
    "Lorenz",
    "Moran",
    "NearestNeighbours",
    "PeriodChange",
    "QuadratTest",
    "Ripley",
    "SmallSample",
    "WeekRhythm",
    "WeightedDisplacementDifference",
    "aoristic",
    "capture_rate",
    "centre",
    "choose_controls",
    "count_change",
    "count_points",
    "cumulative_wdd",
    "density_bands",
    "detectable_change",
    "difference_in_differences",
    "dispersion",
    "e_test",
    "empirical_bayes",
    "expected_range",
    "funnel",
    "geary",
    "general_g",
    "getis_ord",
    "gini",
    "harm",
    "harm_wdd",
    "jacquez",
    "join_counts",
    "kernel_density",
    "knox",
    "local_knox",
    "local_moran",
    "lorenz",
    "make_grid",
    "mantel",
    "moran",
    "near_repeat",
    "near_repeat_chains",
    "nearest_neighbours",
    "pai",
    "poisson_fit",
    "poisson_z",
    "propose_perimeters",
    "quadrat_test",
    "ripley",
    "scan_window",
    "select_bandwidth",
    "small_sample_test",
    "suppress",
    "wdd",
    "wdq",
    "week_on_week",
    "week_rhythm",
    "year_to_date",
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

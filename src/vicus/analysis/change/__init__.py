"""Did it change, and is that more than chance."""

from vicus.analysis.change.comparison import Funnel, e_test, funnel, poisson_z
from vicus.analysis.change.displacement import WeightedDisplacementDifference, wdd
from vicus.analysis.change.expectation import Expected, expected_range

__all__ = [
    "Expected",
    "Funnel",
    "WeightedDisplacementDifference",
    "e_test",
    "expected_range",
    "funnel",
    "poisson_z",
    "wdd",
]

"""Did it change, and is that more than chance."""

from vicus.analysis.change.accumulation import DisplacementQuotient, cumulative_wdd, wdq
from vicus.analysis.change.calendar import PeriodChange, week_on_week, year_to_date
from vicus.analysis.change.comparison import Funnel, e_test, funnel, poisson_z
from vicus.analysis.change.controls import Controls, choose_controls
from vicus.analysis.change.detection import DetectableChange, detectable_change
from vicus.analysis.change.displacement import HarmDifference, WeightedDisplacementDifference, harm_wdd, wdd
from vicus.analysis.change.exact import SmallSample, poisson_fit, small_sample_test
from vicus.analysis.change.expectation import Expected, expected_range
from vicus.analysis.change.overdispersion import Dispersion, dispersion
from vicus.analysis.change.panel import DifferenceInDifferences, difference_in_differences
from vicus.analysis.change.rates import empirical_bayes
from vicus.analysis.change.scanning import scan_window
from vicus.analysis.change.series import InterruptedSeries, interrupted_series
from vicus.analysis.change.synthetic import SyntheticControl, synthetic_control

__all__ = [
    "Controls",
    "DetectableChange",
    "DifferenceInDifferences",
    "Dispersion",
    "DisplacementQuotient",
    "Expected",
    "Funnel",
    "HarmDifference",
    "InterruptedSeries",
    "PeriodChange",
    "SmallSample",
    "SyntheticControl",
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
    "interrupted_series",
    "poisson_fit",
    "poisson_z",
    "scan_window",
    "small_sample_test",
    "synthetic_control",
    "wdd",
    "wdq",
    "week_on_week",
    "year_to_date",
]

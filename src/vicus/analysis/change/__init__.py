"""Did it change, and is that more than chance."""

from vicus.analysis.change.expectation import Expected, expected_range

__all__ = ["Expected", "expected_range"]

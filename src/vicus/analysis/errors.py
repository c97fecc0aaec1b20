"""Errors of the analysis library: each says what is wrong, with which numbers, and what to do about it."""

from __future__ import annotations


class AnalysisError(ValueError):
    """The question cannot be asked this way. All errors of `vicus.analysis` are of this kind."""


class NotProjected(AnalysisError):
    """Coordinates are longitude and latitude, or in a unit other than metres."""


class DifferentCRS(AnalysisError):
    """Two layers are in different coordinate reference systems."""


class NoAreas(AnalysisError):
    """There is no area to work with: an empty layer, or geometry that has no surface."""


class NotPoints(AnalysisError):
    """Points are asked for and something else is given."""


class InvalidGeometry(AnalysisError):
    """An outline crosses itself, or has coordinates that are not finite."""


class GridTooLarge(AnalysisError):
    """The grid would hold more cells than allowed; the message names a cell size that fits."""


class NotAGrid(AnalysisError):
    """A regular grid is needed and the areas are none."""


class ColumnMissing(AnalysisError):
    """A column named in the call is not in the table."""


class ColumnTaken(AnalysisError):
    """A result column would overwrite another column of the table."""


class MissingValues(AnalysisError):
    """Values are missing or not finite where every one counts."""


class NotCounts(AnalysisError):
    """Counts are negative, fractional or not numbers."""


class LengthMismatch(AnalysisError):
    """Arrays that belong together differ in length."""


class BadParameter(AnalysisError):
    """A parameter is outside the values it may take; the message lists them."""


class BadNeighbours(AnalysisError):
    """The neighbours are unknown, of the wrong size, or cannot be found for this kind of geometry."""


class MissingTimes(AnalysisError):
    """An event has no start."""


class SwappedTimes(AnalysisError):
    """An interval ends before it starts."""


class MixedTimes(AnalysisError):
    """Some times have a time zone and others have none."""


class UnknownTimeZone(AnalysisError):
    """The name of the time zone is not in the IANA database."""


class NothingToCount(AnalysisError):
    """All counts are zero, or there are none: shares of nothing do not exist."""

"""Do like values lie together over the whole area: Geary's C and the general G, beside Moran's I."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vicus.analysis.checks import column_of, finite, metric
from vicus.analysis.errors import BadParameter, NoAreas, NotCounts
from vicus.analysis.places.neighbours import neighbours_of
from vicus.analysis.results import Result
from vicus.analysis.simulation import RandomState

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GearyC(Result):
    """Global likeness of neighbours, from `geary`.

    Attributes
    ----------
    c : float
        Geary's C: below 1 like values lie together, above 1 they keep apart. NaN when all values are equal.
    expected : float
        1.
    z : float
        Standard score among the shuffles.
    p : float
        Two-sided p-value from the shuffles.
    permutations : int
    """

    c: float
    expected: float
    z: float
    p: float
    permutations: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if np.isnan(self.z):
            return "Not enough data: all values are equal, or no area has neighbours."
        word = "no clear pattern in space"
        if self.p < 0.05:
            word = "like values lie together" if self.z < 0 else "like values keep apart"
        return f"Geary's C is {self.c:.3f} (expected 1, z {self.z:.2f}, p {self.p:.3g}): {word}."


@dataclass(frozen=True, slots=True)
class GeneralG(Result):
    """Do high values lie beside high values, or low beside low, from `general_g`.

    Attributes
    ----------
    g : float
        The statistic, 0 to 1. NaN when there is nothing to compare.
    expected : float
        Its expectation when values are placed at random.
    z : float
        Standard score among the shuffles: above 0 high values gather, below 0 low values do.
    p : float
        Two-sided p-value from the shuffles.
    permutations : int
    """

    g: float
    expected: float
    z: float
    p: float
    permutations: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if np.isnan(self.z):
            return "Not enough data: all values are equal, or no area has neighbours."
        word = "neither high nor low values gather"
        if self.p < 0.05:
            word = "high values gather" if self.z > 0 else "low values gather"
        return f"General G is {self.g:.4f} (expected {self.expected:.4f}, z {self.z:.2f}, p {self.p:.3g}): {word}."


def geary(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    neighbours: Any = "queen",
    permutations: int = 999,
    random_state: RandomState = None,
) -> GearyC:
    r"""Geary's C: how much do neighbours differ, against any two areas?

    Parameters
    ----------
    areas : GeoDataFrame, n rows
        Areas in a projected CRS in metres.
    column : str
        Column of values.
    neighbours : "queen", "rook", float, or libpysal weights or graph, default "queen"
        As in `getis_ord`; weights are used as they are.
    permutations : int, default 999
        Shuffles of the values over the areas.
    random_state : int or numpy Generator, optional
        Seed of the shuffles.

    Returns
    -------
    GearyC

    Raises
    ------
    MissingValues, ColumnMissing, BadNeighbours, NotProjected
        As in `getis_ord`.
    NoAreas, BadParameter
        Fewer than four areas; fewer than 19 shuffles.

    Notes
    -----
    .. math:: C = \frac{(n - 1) \sum_{ij} w_{ij} (x_i - x_j)^2}{2 S_0 \sum_i (x_i - \bar x)^2}

    It weighs differences between single neighbours where Moran's I weighs agreement with the mean, and so reacts to local
    contrasts. It says nothing about where; `local_moran` and `getis_ord` do.

    References
    ----------
    Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated Statistician 5(3), 115-146.
    :doi:`10.2307/2986645`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import geary, make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 600, 600)], crs=3812), 100)
    >>> print(geary(grid.assign(n=grid["row"]), "n", random_state=1).summary())
    Geary's C is 0.121 (expected 1, z -9.25, p 0.002): like values lie together.
    """
    values, matrix = _ready(areas, column, neighbours, permutations)
    away = values - values.mean()
    total, s0 = float(away @ away), float(matrix.sum())
    if total <= 1e-12 * float(values @ values) or s0 == 0:
        return GearyC(np.nan, 1.0, np.nan, np.nan, permutations)
    # sum w (xi - xj)^2 = sum_i (row + column sum) xi^2 - 2 x'Wx, which needs one product a shuffle.
    load = np.asarray(matrix.sum(axis=1)).ravel() + np.asarray(matrix.sum(axis=0)).ravel()
    factor = (len(values) - 1) / (2.0 * s0 * total)

    def c(x: Floats) -> Floats:
        return np.asarray(factor * (load @ (x * x) - 2.0 * np.einsum("ik,ik->k", x, matrix @ x)))

    found = float(c(away[:, None])[0])
    z, p = _against_shuffles(found, c, away, permutations, random_state)
    return GearyC(found, 1.0, z, p, permutations)


def general_g(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    neighbours: Any = "queen",
    permutations: int = 999,
    random_state: RandomState = None,
) -> GeneralG:
    r"""General G: do high values gather, or low ones?

    Parameters
    ----------
    areas : GeoDataFrame, n rows
        Areas in a projected CRS in metres.
    column : str
        Column of values, 0 and more.
    neighbours : "queen", "rook", float, or libpysal weights or graph, default "queen"
        As in `getis_ord`.
    permutations : int, default 999
        Shuffles of the values over the areas.
    random_state : int or numpy Generator, optional
        Seed of the shuffles.

    Returns
    -------
    GeneralG

    Raises
    ------
    MissingValues, ColumnMissing, BadNeighbours, NotProjected
        As in `getis_ord`.
    NotCounts
        Negative values: products of them mean nothing here.
    NoAreas, BadParameter
        Fewer than four areas; fewer than 19 shuffles.

    Notes
    -----
    .. math:: G = \frac{\sum_{ij} w_{ij} x_i x_j}{\sum_{i \ne j} x_i x_j}, \quad E[G] = \frac{S_0}{n (n - 1)}

    References
    ----------
    Getis, A., & Ord, J. K. (1992). The analysis of spatial association by use of distance statistics. Geographical
    Analysis 24(3), 189-206. :doi:`10.1111/j.1538-4632.1992.tb00261.x`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import general_g, make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 600, 600)], crs=3812), 100)
    >>> peak = np.exp(-(grid["row"] ** 2 + grid["col"] ** 2) / 8.0)
    >>> general_g(grid.assign(n=peak), "n", random_state=1).p
    0.002
    """
    values, matrix = _ready(areas, column, neighbours, permutations)
    if values.min() < 0:
        raise NotCounts(
            f"{column} holds negative values; the general G is for counts, rates and amounts. Take moran."
        )
    n, s0 = len(values), float(matrix.sum())
    whole = float(values.sum() ** 2 - values @ values)
    expected = s0 / (n * (n - 1))
    if whole <= 0 or s0 == 0 or np.ptp(values) == 0:
        return GeneralG(np.nan, expected, np.nan, np.nan, permutations)

    def g(x: Floats) -> Floats:
        return np.asarray(np.einsum("ik,ik->k", x, matrix @ x) / whole)

    found = float(g(values[:, None])[0])
    z, p = _against_shuffles(found, g, values, permutations, random_state)
    return GeneralG(found, expected, z, p, permutations)


def _ready(areas: Any, column: str, neighbours: Any, permutations: int) -> tuple[Floats, Any]:
    geometry = metric(areas, "areas")
    values = finite(column_of(areas, column, "areas"), column)
    if len(values) < 4:
        raise NoAreas(f"At least 4 areas are needed; there are {len(values)}.")
    if permutations < 19:
        raise BadParameter(f"permutations must be at least 19, for p-values of 0.1; it is {permutations}.")
    return values, neighbours_of(geometry, neighbours).to_matrix()


def _against_shuffles(
    found: float,
    statistic: Any,
    values: Floats,
    permutations: int,
    random_state: RandomState,
    at_once: int = 50,
) -> tuple[float, float]:
    """Standard score and two-sided p of a statistic among shuffles of its values."""
    random = np.random.default_rng(random_state)
    drawn = []
    for start in range(0, permutations, at_once):
        several = np.repeat(values[:, None], min(at_once, permutations - start), axis=1)
        drawn.append(statistic(random.permuted(several, axis=0)))
    simulated = np.concatenate(drawn)
    slack = 1e-12 * max(1.0, abs(found))
    above = 1 + int(np.count_nonzero(simulated >= found - slack))
    below = 1 + int(np.count_nonzero(simulated <= found + slack))
    spread = float(simulated.std())
    z = (found - float(simulated.mean())) / spread if spread > 0 else np.nan
    return float(z), min(1.0, 2.0 * min(above, below) / (permutations + 1))

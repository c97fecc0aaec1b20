"""Where an area is like its neighbours or unlike them: local Moran; and joins between yes and no."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from vicus.analysis.checks import column_of, finite, metric, one_of, one_of_range
from vicus.analysis.errors import NoAreas, NotCounts
from vicus.analysis.places.neighbours import neighbours_of
from vicus.analysis.places.shuffles import conditional_p
from vicus.analysis.probability import adjust_p
from vicus.analysis.results import Result
from vicus.analysis.simulation import RandomState, monte_carlo_p, whole

if TYPE_CHECKING:
    import geopandas as gpd

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]


def local_moran(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    neighbours: Any = "queen",
    adjust: str | None = None,
    permutations: int = 999,
    random_state: RandomState = None,
    significance: float = 0.05,
    threads: int | None = None,
) -> gpd.GeoDataFrame:
    r"""Local Moran's I of every area: is it like its neighbours, or does it stand out from them?

    Parameters
    ----------
    areas : GeoDataFrame, n rows
        Areas, in a projected CRS in metres; points are taken too when `neighbours` is a distance or weights.
    column : str
        Column of values; rates rather than counts where areas differ in size.
    neighbours : "queen", "rook", float, or libpysal weights or graph, default "queen"
        As in `getis_ord`. The weights of each area are divided by their sum.
    adjust : {None, "fdr", "bonferroni"}, default None
        Correction for testing n areas at once, as in `getis_ord`.
    permutations : int, default 999
        Shuffles for the p-value.
    random_state : int or numpy Generator, optional
        Seed of the shuffles.
    significance : float, default 0.05
        Highest adjusted p for an area to be called by its quadrant.
    threads : int, optional
        Threads for weights that are not equal; as many as there are processors when left out.

    Returns
    -------
    GeoDataFrame
        A copy of `areas` with `moran` (local I), `lag` (weighted mean of the neighbours), `p` (two-sided),
        `p_adjusted` and `quadrant`: "high-high" and "low-low" for areas like their neighbours, "high-low" (high
        among low) and "low-high" for those that stand out, "none" where `p_adjusted` is above `significance`.
        Without neighbours, or when all values are equal, there is no `moran` and no `p` (NaN). `attrs` gain
        `neighbours`, `adjust`, `significance`, `permutations`, `enough_data`, `why`.

    Raises
    ------
    MissingValues, ColumnMissing, BadNeighbours, NotProjected, BadParameter, NoAreas
        As in `getis_ord`.

    Notes
    -----
    With deviations :math:`z_i = x_i - \bar x` and weights of each row adding up to 1,

    .. math:: I_i = \frac{(n - 1)\, z_i}{\sum_k z_k^2} \sum_j w_{ij} z_j

    The value of the area is kept and its neighbours are drawn from all others without replacement; p is twice the
    smaller of the two shares :math:`(1 + \#\{\ge\}) / (1 + permutations)` and the same with :math:`\le`. Other
    programs give one tail, half of this. To find where there is much, use `getis_ord`; this finds places that
    stand out as well.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.
    :doi:`10.1111/j.1538-4632.1995.tb00338.x`

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import box
    >>> from vicus.analysis import local_moran, make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3812), 100)
    >>> grid["n"] = np.where((grid["row"] < 3) & (grid["col"] < 3), 9, 1)
    >>> found = local_moran(grid, "n", adjust="fdr", random_state=1)
    >>> found["quadrant"].value_counts().to_dict()
    {'none': 92, 'high-high': 8}
    """
    one_of(adjust, "adjust", (None, "fdr", "bonferroni"))
    limit = one_of_range(significance, "significance", 0.0, 1.0)
    simulations = whole(permutations, "permutations", 1)
    geometry = metric(areas, "areas")
    values = finite(column_of(areas, column, "areas"), column)
    if not len(values):
        raise NoAreas("areas holds no area.")
    near = neighbours_of(geometry, neighbours)
    total = near.sums(np.ones(near.n))
    away = values - values.mean()
    second = float(np.sum(away**2))
    linked = total > 0
    why = ""
    if second <= 1e-12 * float(np.sum(values**2)):
        why = "all values are equal"
    elif not linked.any():
        why = "no area has neighbours"
    moran, lag, p = np.full(near.n, np.nan), np.full(near.n, np.nan), np.full(near.n, np.nan)
    lag[linked] = near.sums(values)[linked] / total[linked]
    if why:
        log.info("local_moran: no scores, %s", why)
    else:
        lag_away = near.sums(away)[linked] / total[linked]
        moran[linked] = (near.n - 1) * away[linked] * lag_away / second
        p[linked] = conditional_p(values, near, simulations, random_state, threads)[linked]
    adjusted = adjust_p(p, adjust)
    own = np.where(away > 0, "high", "low")
    around = np.where(lag > values.mean(), "high", "low")
    quadrant = np.where(adjusted <= limit, np.char.add(np.char.add(own, "-"), around), "none")
    result = areas.copy()
    result["moran"], result["lag"], result["p"], result["p_adjusted"] = moran, lag, p, adjusted
    result["quadrant"] = pd.array(quadrant, dtype="str")
    result.attrs.update(
        neighbours=neighbours if isinstance(neighbours, (str, int, float)) else type(neighbours).__name__,
        adjust=adjust,
        significance=limit,
        permutations=simulations,
        enough_data=not why,
        why=why,
    )
    return result


@dataclass(frozen=True, slots=True)
class JoinCounts(Result):
    """Joins between neighbours of which each is black (yes) or white (no), from `join_counts`.

    Attributes
    ----------
    bb, bw, ww : float
        Pairs of neighbours that are both black, one of each, both white.
    chi2 : float
        Chi-squared of the table of joins (with continuity correction); NaN when there is one colour only.
    p : float
        Its p-value: a rough guide, as joins that share an area are not independent.
    expected_bb, expected_bw, expected_ww : float
        Joins to expect when the colours are dealt out at random.
    p_bb, p_bw : float
        Chance of as many joins or more, from shuffles; NaN without.
    permutations : int
        Shuffles.
    """

    bb: float
    bw: float
    ww: float
    chi2: float
    p: float
    expected_bb: float
    expected_bw: float
    expected_ww: float
    p_bb: float
    p_bw: float
    permutations: int

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if np.isnan(self.chi2):
            return "Not enough data: all areas have one value, or none has neighbours."
        word = "more" if self.bb > self.expected_bb else "fewer"
        chance = f"p {self.p_bb:.3g}" if self.permutations else f"chi-squared {self.chi2:.2f}, p {self.p:.3g}"
        return (
            f"{self.bb:g} pairs of neighbours both have it, {word} than the {self.expected_bb:.1f} expected by"
            f" chance ({chance})."
        )


def join_counts(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    neighbours: Any = "queen",
    permutations: int = 0,
    random_state: RandomState = None,
) -> JoinCounts:
    r"""Do areas that have something lie next to each other more often than chance brings?

    Parameters
    ----------
    areas : GeoDataFrame, n rows
        Areas, in a projected CRS in metres; points are taken too when `neighbours` is a distance or weights.
    column : str
        Column of true and false, or 1 (black) and 0 (white).
    neighbours : "queen", "rook", float, or libpysal weights or graph, default "queen"
        As in `getis_ord`. Every weight above 0 is one join.
    permutations : int, default 0
        Shuffles for `p_bb` and `p_bw`.
    random_state : int or numpy Generator, optional
        Seed of the shuffles.

    Returns
    -------
    JoinCounts

    Raises
    ------
    NotCounts
        The column holds anything but true and false, 1 and 0.
    MissingValues, ColumnMissing, BadNeighbours, NotProjected, BadParameter, NoAreas
        As in `getis_ord`.

    Notes
    -----
    Of J joins, with b of n areas black, :math:`E(BB) = J\,\frac{b (b - 1)}{n (n - 1)}` and
    :math:`E(BW) = 2 J\,\frac{b (n - b)}{n (n - 1)}`. The chi-squared is that of the table of neighbours by colour,
    each join counted once (half in each direction), with Yates' correction. It treats joins as independent, which
    they are not; the shuffles do not.

    References
    ----------
    Cliff, A. D., & Ord, J. K. (1981). Spatial processes: models and applications. London: Pion, chapter 1.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import join_counts, make_grid
    >>> grid = make_grid(gpd.GeoSeries([box(0, 0, 400, 400)], crs=3812), 100)
    >>> found = join_counts(grid.assign(b=grid["row"] > 1), "b", neighbours="rook", permutations=999, random_state=1)
    >>> found.bb, found.bw, found.ww
    (10.0, 4.0, 10.0)
    >>> print(found.summary())
    10 pairs of neighbours both have it, more than the 5.6 expected by chance (p 0.007).
    """
    simulations = whole(permutations, "permutations")
    geometry = metric(areas, "areas")
    black = finite(column_of(areas, column, "areas"), column)
    n = len(black)
    if not n:
        raise NoAreas("areas holds no area.")
    if not np.isin(black, (0.0, 1.0)).all():
        other = black[~np.isin(black, (0.0, 1.0))][0]
        raise NotCounts(f"{column} must hold true and false, or 1 and 0; it holds {other:g}.")
    matrix = (neighbours_of(geometry, neighbours).to_matrix() > 0).astype(float)
    joins = float(matrix.sum()) / 2.0
    degree = (np.asarray(matrix.sum(axis=0)).ravel() + np.asarray(matrix.sum(axis=1)).ravel()) / 2.0
    bb, bw = _joins(matrix, degree, black[:, None])
    ww = joins - bb - bw
    b = float(black.sum())
    pairs = max(n * (n - 1.0), 1.0)
    expected_bb, expected_bw = joins * b * (b - 1) / pairs, 2 * joins * b * (n - b) / pairs
    chi2 = _chi2(float(bb[0]), float(bw[0]), float(ww[0]))
    p_bb = p_bw = np.nan
    if simulations:
        rng = np.random.default_rng(random_state)
        as_many = np.zeros(2)
        for size in np.diff(np.linspace(0, simulations, simulations // 256 + 2).astype(int)):
            dealt = rng.permuted(np.repeat(black[:, None], size, axis=1), axis=0)
            more_bb, more_bw = _joins(matrix, degree, dealt)
            as_many += np.count_nonzero(more_bb >= bb), np.count_nonzero(more_bw >= bw)
        p_bb, p_bw = monte_carlo_p(as_many, simulations).tolist()
    return JoinCounts(
        float(bb[0]), float(bw[0]), float(ww[0]), chi2, float(chdtrc(1, chi2)), expected_bb, expected_bw,
        joins - expected_bb - expected_bw, p_bb, p_bw, simulations,
    )  # fmt: skip


def _joins(matrix: Any, degree: Floats, black: Floats) -> tuple[Floats, Floats]:
    """Joins of black with black, and of black with white, for each column of colours."""
    both = (black * (matrix @ black)).sum(axis=0) / 2.0
    return both, degree @ black - 2.0 * both


def _chi2(bb: float, bw: float, ww: float) -> float:
    """Chi-squared of [[ww, bw / 2], [bw / 2, bb]] with continuity correction."""
    black, white = bb + bw / 2.0, ww + bw / 2.0
    joins = black + white
    if not (black and white):
        return np.nan
    gap = abs(bb * ww - bw**2 / 4.0) / joins  # of every cell from its expectation
    expected = np.array([black**2, black * white, black * white, white**2]) / joins
    return float(np.sum((gap - min(0.5, gap)) ** 2 / expected))

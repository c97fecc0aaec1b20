"""Where two periods differ: counts before and after in every area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vicus.analysis.checks import one_of, positive
from vicus.analysis.inputs import Points
from vicus.analysis.probability import adjust_p

if TYPE_CHECKING:
    import geopandas as gpd


def count_change(
    before: Points,
    after: Points,
    areas: gpd.GeoDataFrame,
    *,
    exposure: tuple[float, float] = (1.0, 1.0),
    adjust: str | None = "fdr",
) -> gpd.GeoDataFrame:
    r"""In which areas did counts change between two periods, by more than chance?

    Parameters
    ----------
    before, after : GeoDataFrame or GeoSeries of Point, or selections of a store
        Events of the two periods, in a projected CRS in metres.
    areas : GeoDataFrame, n rows
        Areas, or cells of `make_grid`.
    exposure : (float, float), default (1, 1)
        Length of the two periods, in any one unit.
    adjust : "fdr", "bonferroni" or None, default "fdr"
        Correction for testing n areas at once.

    Returns
    -------
    GeoDataFrame
        A copy of `areas` with `before`, `after`, `change` (after less before, both per unit of exposure times the exposure
        of the second), `p` (two-sided, exact), `p_adjusted`. No percentages: most cells have too few events for one.

    Raises
    ------
    NotProjected, NotPoints, DifferentCRS, NoAreas, InvalidGeometry, ColumnTaken
        As in `count_points`.
    BadParameter
        Exposures that are not above 0; an unknown correction.

    Notes
    -----
    Given the sum of both counts, the second is binomial with share :math:`e_2 / (e_1 + e_2)` when nothing changed; p doubles the
    smaller tail. A change over the whole area shows in every cell: divide it out with `exposure`, or take `wdd`.

    References
    ----------
    Przyborowski, J., & Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson series. Biometrika
    31(3/4), 313-323. :doi:`10.2307/2332612`

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from vicus.analysis import count_change
    >>> areas = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)], crs=3812)
    >>> before = gpd.GeoSeries(gpd.points_from_xy([50] * 20 + [150] * 20, [50] * 40), crs=3812)
    >>> after = gpd.GeoSeries(gpd.points_from_xy([50] * 4 + [150] * 21, [50] * 25), crs=3812)
    >>> count_change(before, after, areas)[["before", "after", "change", "p_adjusted"]].round(3)
       before  after  change  p_adjusted
    0      20      4   -16.0       0.003
    1      20     21     1.0       1.000
    """
    from scipy.stats import binom

    from vicus.analysis.places import count_points

    if adjust is not None:
        one_of(adjust, "adjust", ("fdr", "bonferroni"))
    first, second = (positive(length, "exposure") for length in exposure)
    old, new = (count_points(points, areas)["n"].to_numpy() for points in (before, after))
    both = old + new
    share = second / (first + second)
    tails = np.minimum(binom.cdf(new, both, share), binom.sf(new - 1, both, share))
    result = areas.copy()
    result["before"], result["after"] = old, new
    result["change"] = new - old * (second / first)
    result["p"] = np.minimum(1.0, 2.0 * tails)
    result["p_adjusted"] = adjust_p(result["p"].to_numpy(), adjust)
    return result

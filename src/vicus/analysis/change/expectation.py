"""What was to be expected of the next period, given the periods before it."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from vicus.analysis.checks import counts_array, one_of_range
from vicus.analysis.errors import BadParameter
from vicus.analysis.quantiles import count_quantile
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]

MINIMUM_HISTORY = 12
"""Periods below which no range is given."""

# Candidate models, averaged by how well each foretold the history one period ahead.
DISCOUNTS = np.array([1.0, 0.98, 0.95, 0.9, 0.8, 0.65])
DISPERSIONS = np.array([1.0, 1.2, 1.5, 2.0, 3.0, 4.5, 7.0, 12.0, 25.0])
SEASON_SPREADS = np.array([0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7])


@dataclass(frozen=True, slots=True)
class Expected(Result):
    """What a period was expected to count, from `expected_range`.

    Attributes
    ----------
    mean : float
        Expected count. NaN when `enough_data` is False, as are `low`, `high` and `dispersion`.
    low, high : float
        Smallest and largest count that is still as expected (whole numbers, both inside the range).
    dispersion : float
        Variance of a count divided by its mean, 1 for Poisson counts.
    coverage : float
        Share of periods that fall in the range when nothing has changed.
    season : int or None
        Periods in a cycle when season was used, else None.
    n_history : int
        Periods the range rests on.
    enough_data : bool
        False when the history is too short to say anything.
    why : str
        Why there is no answer, or what was left out of it; empty when there is nothing to say.
    season_factor : float
        Level of this time of the cycle against the average, 1 without season.
    memory : float
        How many periods the present level rests on: `n_history` when the level is steady, fewer when it moves.
    """

    mean: float
    low: float
    high: float
    dispersion: float
    coverage: float
    season: int | None
    n_history: int
    enough_data: bool
    why: str
    season_factor: float = 1.0
    memory: float = math.nan

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        note = f" ({self.why})" if self.why else ""
        return (
            f"Expected {self.mean:.1f}, between {self.low:.0f} and {self.high:.0f} in"
            f" {self.coverage:.0%} of periods when nothing has changed{note}."
        )


def expected_range(history: ArrayLike, *, coverage: float = 0.95, season: int | None = 12) -> Expected:
    r"""Range in which the next count falls when nothing has changed.

    Parameters
    ----------
    history : array_like of int, shape (n,)
        Counts of equal periods, oldest first, without gaps: a period without events is a 0. The period to
        judge is the one after the last and is not among them.
    coverage : float, default 0.95
        Share of periods that should fall in the range, between 0.5 and 1.
    season : int or None, default 12
        Periods in a cycle: 12 for months, 52 for weeks, 7 for days; None when there is none. A season is used
        when the history holds two full cycles; `Expected.why` says so when it does not.

    Returns
    -------
    Expected
        `enough_data` is False, and the numbers NaN, for fewer than 12 periods.

    Raises
    ------
    NotCounts
        Negative, fractional or non-numeric values.
    MissingValues
        Missing values: count a period without events as 0, and leave out periods before records began.
    BadParameter
        `coverage` or `season` out of their bounds.

    Notes
    -----
    Counts are negative binomial, with mean :math:`\lambda_t s_t` and variance :math:`\phi` times the mean.
    The season :math:`s` is the ratio of each part of the cycle to a level that runs through the means of the
    full cycles, shrunk towards 1 by as much as chance explains [1]_. The level :math:`\lambda` is gamma
    distributed with shape a and rate b, discounted by :math:`\omega` each period and then updated [2]_:

    .. math:: a_t = \omega a_{t-1} + w_t y_t, \quad b_t = \omega b_{t-1} + w_t s_t, \quad w_t = 1/\phi

    so that old periods count less when the level moves. The season is an exposure: the level is
    :math:`\sum \omega y / \sum \omega s`, to which a month of the high season adds in proportion to its :math:`s_t`, and
    the share of chance in each part of the cycle is that of the events expected there, so that parts with few
    events are drawn further towards 1. No trend is drawn beyond the data: a rising series is
    met by a level that follows it and a range that is wider. How fast the level moves, how much counts vary
    beyond chance and how strong the season is are not picked but averaged, each value weighted by how well it
    foretold the history one period ahead. The range runs between quantiles of the negative binomial
    with the resulting mean and variance, which include the uncertainty of level and season; counts being whole,
    it holds at least `coverage` of that distribution.

    In simulated worlds of 24 to 60 months, means from 0.5 to 150, dispersion 1 and 3, with and without season,
    trend and a wandering level, a nominal 95 % range held between 92.3 % and 99.7 % of the next counts (97.1 % on
    average; the excess is that of whole counts and short histories). Below 94 % it falls with two or three years of history
    and a dispersion of 3 (`python -m benchmarks.calibration expected_range`).

    References
    ----------
    .. [1] Noufaily, A. et al. (2013). An improved algorithm for outbreak detection in multiple surveillance
       systems. Statistics in Medicine 32(7), 1206-1222. :doi:`10.1002/sim.5595` (the same question, by
       regression).
    .. [2] Harvey, A. C., & Fernandes, C. (1989). Time series models for count or qualitative observations.
       Journal of Business & Economic Statistics 7(4), 407-417. :doi:`10.1080/07350015.1989.10509750`

    Examples
    --------
    >>> from vicus.analysis import expected_range
    >>> year = [14, 11, 16, 17, 18, 20, 21, 19, 17, 18, 15, 12]
    >>> e = expected_range(year * 3)
    >>> e.enough_data, e.season, e.n_history
    (True, 12, 36)
    >>> print(e.summary())
    Expected 15.8, between 8 and 25 in 95% of periods when nothing has changed.
    >>> print(expected_range([3, 5, 4]).summary())
    Not enough data: 3 periods of history, at least 12 are needed.
    """
    y = counts_array(history, "history")
    coverage = one_of_range(coverage, "coverage", 0.5, 1.0)
    if season is not None and (int(season) != season or season < 1):
        raise BadParameter(f"season must be a whole number of periods in a cycle, or None; it is {season!r}.")
    n = len(y)
    if n < MINIMUM_HISTORY:
        why = f"{n} period{'s' if n != 1 else ''} of history, at least {MINIMUM_HISTORY} are needed"
        nan = math.nan
        return Expected(nan, nan, nan, nan, coverage, None, n, False, why, nan)
    cycle: int | None = int(season) if season is not None and season > 1 else None
    why = ""
    if cycle is not None and n < 2 * cycle:
        why = f"season left out: {n} periods of history, two full cycles are {2 * cycle}"
        cycle = None
        log.info("expected_range: %s", why)
    index, next_index, index_variance, spent = _season(y, cycle)
    ahead = _next(y, index, next_index, index_variance, spent)
    tail = (1.0 - coverage) / 2.0
    return Expected(
        mean=ahead.mean,
        low=float(count_quantile(tail, ahead.mean, ahead.variance)),
        high=float(count_quantile(1.0 - tail, ahead.mean, ahead.variance)),
        dispersion=ahead.dispersion,
        coverage=coverage,
        season=cycle,
        n_history=n,
        enough_data=True,
        why=why,
        season_factor=next_index,
        memory=ahead.memory,
    )


def _season(y: Floats, cycle: int | None) -> tuple[Floats, float, float, float]:
    """Season of each period, of the next, its variance, and the degrees of freedom it took."""
    n = len(y)
    if cycle is None or y.sum() == 0:
        return np.ones(n), 1.0, 0.0, 0.0
    level = _level_through_cycles(y, cycle)
    part = np.arange(n) % cycle
    exposure = np.bincount(part, weights=level, minlength=cycle)
    ratio = np.bincount(part, weights=y, minlength=cycle) / exposure
    ratio = ratio / np.average(ratio, weights=exposure)
    fitted = level * ratio[part]
    freedom = n - cycle - n // cycle + 1
    chi2 = float(np.sum((y - fitted) ** 2 / np.maximum(fitted, 1e-9))) if freedom > 0 else 0.0
    noise = max(1.0, chi2 / freedom) / exposure

    spread = SEASON_SPREADS[:, None] ** 2
    total = spread + noise
    logp = -0.5 * np.sum(np.log(total) + (ratio - 1.0) ** 2 / total, axis=1)
    weight = np.exp(logp - logp.max())
    weight /= weight.sum()
    kept = spread / total
    shrunk = 1.0 + kept * (ratio - 1.0)
    index = weight @ shrunk
    variance = weight @ (spread * (1.0 - kept) + (shrunk - index) ** 2)
    spent = float(np.sum(weight @ kept)) * (cycle - 1) / cycle
    index = np.maximum(index, 0.05)
    upcoming = n % cycle
    return index[part], float(index[upcoming]), float(variance[upcoming]), spent


def _level_through_cycles(y: Floats, cycle: int) -> Floats:
    """Line through the means of the full cycles counted back from the end, so that a trend is no season."""
    cycles = len(y) // cycle
    first = len(y) - cycles * cycle
    means = y[first:].reshape(cycles, cycle).mean(axis=1)
    centres = first + np.arange(cycles) * cycle + (cycle - 1) / 2.0
    t = np.arange(len(y), dtype=float)
    level = np.interp(t, centres, means)
    before, after = t < centres[0], t > centres[-1]
    level[before] += (t[before] - centres[0]) * (means[1] - means[0]) / cycle
    level[after] += (t[after] - centres[-1]) * (means[-1] - means[-2]) / cycle
    # The line may fall below zero at the ends of a steep decline, where only a small positive level makes sense.
    return np.asarray(np.maximum(level, 0.1 * y.mean()))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The next count, averaged over the candidate models."""

    mean: float
    variance: float
    dispersion: float
    memory: float


def _next(y: Floats, season: Floats, next_season: float, season_variance: float, spent: float) -> _Ahead:
    """Run every candidate model through the history and weigh it by how well it foretold each period."""
    n = len(y)
    omega, phi = (grid.ravel() for grid in np.meshgrid(DISCOUNTS, DISPERSIONS, indexing="ij"))
    # Shape and rate are linear in the counts, so the discounted sums are the same for every dispersion.
    sums = _discounted(np.stack([y, season], axis=1)).repeat(len(DISPERSIONS), axis=2)
    shapes = 0.5 * omega ** np.arange(1, n + 2)[:, None] + sums[:, 0] / phi
    rates = sums[:, 1] / phi
    start = 3  # the first periods only set the level
    mean = shapes[start:n] / rates[start:n] * season[start:, None]
    variance = phi * mean + mean**2 / shapes[start:n]
    logp = np.sum(_log_negative_binomial(y[start:, None], mean, variance), axis=0)
    weight = np.exp(logp - logp.max())
    weight /= weight.sum()

    a, b = shapes[n], rates[n]
    level = a / b
    mean = level * next_season
    memory = float(weight @ (b * phi))
    # Fitting the season to these very periods took part of their variation away.
    phi = np.where(phi > 1.0, phi * n / max(n - spent, n / 2.0), phi)
    variance = phi * mean + mean**2 / a + (level**2 + level**2 / a) * season_variance
    expected = float(weight @ mean)
    spread = float(weight @ (variance + (mean - expected) ** 2))
    return _Ahead(expected, spread, float(weight @ phi), memory)


def _discounted(values: Floats) -> Floats:
    """Sums of the values before each period, and at last of all of them, discounted: shape (n + 1, ..., discounts)."""
    sums = np.zeros((len(values) + 1, *values.shape[1:], len(DISCOUNTS)))
    for t, value in enumerate(values):
        np.multiply(sums[t] + value[..., None], DISCOUNTS, out=sums[t + 1])
    return sums


def _log_negative_binomial(y: Floats, mean: Floats, variance: Floats) -> Floats:
    """Log probability of counts under a negative binomial of that mean and variance."""
    size = mean**2 / np.maximum(variance - mean, 1e-9 * mean)
    p = size / (size + mean)
    chance = gammaln(y + size) - gammaln(size) - gammaln(y + 1.0) + size * np.log(p) + y * np.log1p(-p)
    return np.asarray(chance, dtype=np.float64)
